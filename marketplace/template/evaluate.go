package template

import "slices"

// Evaluate says what the templates among vs that apply to c, or the built-in Default if none does, say of it. The same
// code answers a preview and a decision. It expects bodies as they are kept: after Check and Clean.
func Evaluate(vs []Version, c Case) Verdict {
	rules := applying(vs, &c)
	a := together(rules)
	v := Verdict{
		Outcome: AtOnce, MaxDays: a.maxDays, Renewable: a.renewable, RenewBeforeDays: a.renewBefore, TermsRequired: a.terms,
		Purposes: a.purposes, Access: a.access, Environments: a.environments,
	}
	var waiting []*rule
	for i := range rules {
		r := &rules[i]
		v.Applied = append(v.Applied, r.source)
		v.Refusals = append(v.Refusals, r.refusals(&c, &a)...)
		if r.waits(&c) {
			waiting = append(waiting, r)
		}
	}
	carried := c.carriedClasses()
	v.Masking = masking(rules, &c, carried)
	v.Steps = needed(waiting)
	v.Columns = columns(rules, &c, &v)
	if len(waiting) > 0 {
		v.Outcome = NeedsSteps
	}
	if len(v.Refusals) > 0 {
		v.Outcome = Impossible
	}
	v.DecidedBy = decided(rules, waiting, &c, &v, carried)
	return v
}

// decided says which templates were the strictest, aspect by aspect.
func decided(rules []rule, waiting []*rule, c *Case, v *Verdict, carried []string) map[string][]Source {
	out := map[string][]Source{}
	for i := range rules {
		r := &rules[i]
		b := &r.Body
		add := func(aspect string, decides bool) {
			if decides {
				out[aspect] = append(out[aspect], r.source)
			}
		}
		add("who", b.Who.restricts())
		add("purpose", len(b.Purposes) > 0)
		add("access", restricts(b.Access))
		add("environment", len(b.Environments) > 0)
		add("duration", b.MaxDays == v.MaxDays)
		add("terms", b.TermsRequired)
		add("renewal", b.Renewable == v.Renewable && (!b.Renewable || b.RenewBeforeDays == v.RenewBeforeDays))
		add("pre-approval", len(waiting) == 0 || slices.Contains(waiting, r))
		for class, m := range v.Masking {
			add("masking."+class, m == r.demanded(c, carried, class))
		}
	}
	for _, s := range v.Steps {
		out["steps."+s.Key()] = strictest(s, waiting)
	}
	return out
}

// strictest are the templates that made the step as strict as it is.
func strictest(s NeededStep, waiting []*rule) []Source {
	var out []Source
	for _, r := range waiting {
		for _, own := range r.Body.steps() {
			if own.Key() == s.Key() && strict(own) == strict(s.Step) {
				out = append(out, r.source)
				break
			}
		}
	}
	return out
}

// restricts tells whether a list leaves out a kind of access.
func restricts(list []Access) bool {
	return slices.ContainsFunc(Accesses, func(a Access) bool { return !slices.Contains(list, a) })
}

func (w *Who) restricts() bool {
	return len(w.Roles)+len(w.Teams) > 0 || !w.People || !w.Services || !w.Agents
}
