package marketplace

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// The limits of what is said of a product: bytes, or how many.
const (
	maxTitle     = 200
	maxSummary   = 500
	maxText      = 20_000
	maxTerms     = 100_000
	maxQuestions = 20
	maxPromises  = 20
	maxHours     = 10 * 365 * 24
)

// PromiseKinds are what a service level may be about, in the order of forms.
var PromiseKinds = []string{"freshness", "quality", "availability", "support", "retention"}

// apply puts what is said into a product, checked as far as that goes without the store.
func (e ProductEdit) apply(c *checker, p *Product) error {
	set := func(to, v *string, field string, most int, needed bool) {
		if v != nil {
			*to = c.line(field, *v, most, needed)
		}
	}
	set(&p.Title, e.Title, "title", maxTitle, true)
	set(&p.Summary, e.Summary, "summary", maxSummary, p.State == ProductPublished)
	set(&p.Contact, e.Contact, "contact", maxTitle, false)
	if p.Title == "" && e.Title == nil {
		c.field("title", "is missing.")
	}
	if e.Description != nil {
		p.Description = c.lines("description", *e.Description, maxText, false)
	}
	if e.Purpose != nil {
		p.Purpose = c.lines("purpose", *e.Purpose, maxSummary*4, false)
	}
	if e.Domain != nil {
		p.Domain = *e.Domain
	}
	if e.Owner != nil {
		p.Owner = *e.Owner
	}
	if e.Visibility != nil {
		p.Visibility = *e.Visibility
		if !slices.Contains(authz.Visibilities, p.Visibility) {
			c.field("visibility", "has to be open, domain or closed.")
		}
	}
	if e.Questions != nil {
		p.Questions = c.questions(*e.Questions)
	}
	if e.Promises != nil {
		if err := c.promises(p, *e.Promises); err != nil {
			return err
		}
	}
	return c.err()
}

// questions are the questions that a product answers, each a line; empty ones are left out.
func (c *checker) questions(list []string) []string {
	var out []string
	for i, q := range list {
		if q = c.line(fmt.Sprintf("questions[%d]", i), q, maxSummary, false); q != "" {
			out = append(out, q)
		}
	}
	if len(out) > maxQuestions {
		c.field("questions", fmt.Sprintf("are more than %d.", maxQuestions))
	}
	return out
}

func (c *checker) promises(p *Product, list []Promise) (err error) {
	var out []Promise
	for i, v := range list {
		at := fmt.Sprintf("promises[%d]", i)
		v.Text = c.line(at+".text", v.Text, maxSummary, v.Hours != 0)
		if v.Text == "" && v.Hours == 0 {
			continue
		}
		if !slices.Contains(PromiseKinds, v.Kind) {
			c.field(at+".kind", "has to be one of "+strings.Join(PromiseKinds, ", ")+".")
		}
		if v.Hours < 0 || v.Hours > maxHours {
			c.field(at+".hours", "has to be a number of hours from 0 to ten years.")
		}
		if v.Hours > 0 && v.Kind != "freshness" {
			c.field(at+".hours", "can be said of freshness alone.")
		}
		out = append(out, v)
	}
	if len(out) > maxPromises {
		c.field("promises", fmt.Sprintf("are more than %d.", maxPromises))
	}
	p.Promises, err = pack(out)
	return err
}

// checkPlace checks the domain and the owner of a product, where they are new: the actor may edit products in that domain,
// and the owner is somebody who can decide.
func (s *Service) checkPlace(ctx context.Context, r graph.Reader, was, now Product) error {
	if now.Domain != was.Domain || now.Domain == "" {
		d, ok, err := get(ctx, r, catalog.DomainType, now.Domain)
		if err != nil {
			return err
		}
		if !ok || !s.policy.Sees(ctx, d.Audience) {
			return errs.Bad("domain", "is missing, or is none that there is.")
		}
		if err := s.policy.Require(ctx, authz.Product, string(now.Domain), authz.Edit); err != nil {
			return err
		}
	}
	if now.Owner == was.Owner && now.Owner != "" {
		return nil
	}
	return canAct(ctx, r, now.Owner)
}

// canAct refuses an owner for whom nobody could decide.
func canAct(ctx context.Context, r graph.Reader, owner graph.ID) error {
	if owner == "" {
		return errs.Bad("owner", "is missing.")
	}
	if !graph.ValidID(owner) {
		return errs.Bad("owner", "is nobody who is known here.")
	}
	people, err := identity.People(ctx, r, owner)
	if err != nil {
		return err
	}
	if len(people[owner]) == 0 {
		return errs.Bad("owner", "is nobody who can decide: choose a person who can sign in, or a team with such people in it.")
	}
	return nil
}

func joinLines(list []string) string { return strings.Join(list, "\n") }

// number is a number for an entry of the log; 0 is none.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return decimal(n)
}

// dateOf is a day for an entry of the log; "" is none.
func dateOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
