package template

import (
	"slices"

	"weir/authz"
)

// allowed is what all templates together allow: the shortest time and what is in every list.
type allowed struct {
	purposes     []string
	access       []Access
	environments []string // nil: any
	maxDays      int
	renewable    bool
	renewBefore  int // 0: at any time
	terms        bool
}

func together(rules []rule) allowed {
	a := allowed{purposes: purposeKeys(), access: slices.Clone(Accesses), maxDays: rules[0].Body.MaxDays, renewable: true}
	for i := range rules {
		b := &rules[i].Body
		a.purposes = slices.DeleteFunc(a.purposes, func(p string) bool { return !narrowed(b.Purposes, p) })
		a.access = slices.DeleteFunc(a.access, func(x Access) bool { return !slices.Contains(b.Access, x) })
		a.environments = common(a.environments, b.Environments)
		a.maxDays = min(a.maxDays, b.MaxDays)
		a.renewable = a.renewable && b.Renewable
		a.renewBefore = sooner(a.renewBefore, b.RenewBeforeDays)
		a.terms = a.terms || b.TermsRequired
	}
	if !a.renewable {
		a.renewBefore = 0
	}
	return a
}

// common are the places in both lists, of which an absent one allows all: nil if both are absent, empty if nothing is left.
func common(a, b []string) []string {
	if len(b) == 0 {
		return a
	}
	if a == nil {
		return set(b)
	}
	return slices.DeleteFunc(a, func(e string) bool { return !slices.Contains(b, e) })
}

// admits tells whether whoever will use the data may ask.
func (w *Who) admits(c *Case) bool {
	if !w.kind(c.Beneficiary) {
		return false
	}
	if len(w.Roles)+len(w.Teams) == 0 {
		return true
	}
	return overlap(w.Roles, c.Roles) || slices.Contains(w.Roles, authz.Member) || overlap(w.Teams, c.Teams)
}

func (w *Who) kind(k Kind) bool {
	switch k {
	case Person, Team:
		return w.People
	case Service:
		return w.Services
	case Agent:
		return w.Agents
	default:
		return false
	}
}
