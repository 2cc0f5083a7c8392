package template

import "slices"

// ownerDecides is the step of a template that names none: nobody is let in without a decision.
var ownerDecides = []Step{{Name: "Owner", By: ByOwner, Mode: Any}}

// steps are the decisions that the version wants where it doesn't grant at once.
func (b *Body) steps() []Step {
	if len(b.Steps) == 0 {
		return ownerDecides
	}
	return b.Steps
}

// needed unites the steps of all that wait, each merged to the strictest, in the order in which they are asked.
func needed(waiting []*rule) []NeededStep {
	var out []NeededStep
	for _, r := range waiting {
		for _, s := range r.Body.steps() {
			i := slices.IndexFunc(out, func(n NeededStep) bool { return n.Key() == s.Key() })
			if i < 0 {
				out = append(out, NeededStep{Step: s, Because: []Source{r.source}})
				continue
			}
			out[i].Step = merge(out[i].Step, s)
			if last := out[i].Because; last[len(last)-1] != r.source {
				out[i].Because = append(last, r.source)
			}
		}
	}
	slices.SortFunc(out, func(a, b NeededStep) int { return a.compare(b.Step) })
	return out
}

// merge makes one step of two that the same people decide: the stricter mode, the sooner reminder.
func merge(a, b Step) Step {
	if strict(b) > strict(a) {
		a.Mode, a.N = b.Mode, b.N
	}
	a.RemindAfterDays = sooner(a.RemindAfterDays, b.RemindAfterDays)
	a.EscalateAfterDays = sooner(a.EscalateAfterDays, b.EscalateAfterDays)
	return a
}

// strict orders how many have to approve: one, several, all.
func strict(s Step) int {
	switch s.Mode {
	case All:
		return 1 << 20
	case AtLeast:
		return max(s.N, 1)
	default:
		return 0
	}
}

func sooner(a, b int) int {
	if a == 0 || b == 0 {
		return max(a, b)
	}
	return min(a, b)
}
