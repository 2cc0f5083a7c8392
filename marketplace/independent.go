package marketplace

import (
	"context"
	"maps"
	"slices"
	"time"

	"weir/graph"
	"weir/identity"
	"weir/marketplace/template"
)

// mostCompared is how many people are compared with each other at most to find enough who are independent. Where ties are
// few the first ones will do.
const mostCompared = 64

// ties tells who is tied to whom, and reads the circle of each person once.
type ties struct {
	r          graph.Reader
	since, now time.Time
	circles    map[graph.ID]identity.Circle
}

func newTies(r graph.Reader, since, now time.Time) *ties {
	return &ties{r: r, since: since, now: now, circles: map[graph.ID]identity.Circle{}}
}

// tied tells whether one of two people is in the circle of the other: their approvals are worth one.
func (t *ties) tied(ctx context.Context, a, b graph.ID) (bool, error) {
	for _, pair := range [][2]graph.ID{{a, b}, {b, a}} {
		circle, ok := t.circles[pair[0]]
		if !ok {
			var err error
			if circle, err = identity.Closure(ctx, t.r, pair[:1], t.since, t.now); err != nil {
				return false, err
			}
			t.circles[pair[0]] = circle
		}
		if circle.Has(pair[1]) {
			return true, nil
		}
	}
	return false, nil
}

// apart tells whether somebody is tied to none of others.
func (t *ties) apart(ctx context.Context, id graph.ID, others []graph.ID) (bool, error) {
	for _, o := range others {
		if tied, err := t.tied(ctx, o, id); err != nil || tied {
			return false, err
		}
	}
	return true, nil
}

// several tells whether n people can be chosen who are independent of each other: those chosen, and more of people. It compares
// no more than it has to.
func (t *ties) several(ctx context.Context, chosen, people []graph.ID, n int) (bool, error) {
	if len(chosen) >= n {
		return true, nil
	}
	for i, p := range people {
		if len(chosen)+len(people)-i < n {
			return false, nil
		}
		ok, err := t.apart(ctx, p, chosen)
		if err != nil {
			return false, err
		}
		if !ok {
			continue
		}
		if ok, err = t.several(ctx, append(slices.Clone(chosen), p), people[i+1:], n); err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}

// enough sees that a step which takes N approvals has N independent people who can give them, and asks the next ones in line
// along where it hasn't. If there are too few whoever is asked, its last party says that nobody can.
func (s *Service) enough(ctx context.Context, r graph.Reader, a *assessment, step *Step, can map[string]able, who asker) error {
	if step.Mode != string(template.AtLeast) || len(step.Parties) == 0 {
		return nil
	}
	look := newTies(r, who.Since, s.now())
	for {
		people := step.free(can, who.Circle)
		ok, err := look.several(ctx, nil, people[:min(len(people), mostCompared)], step.N)
		if err != nil || ok {
			return err
		}
		if !a.widen(step, can, who.Circle) {
			step.Parties[len(step.Parties)-1].Nobody = true
			return nil
		}
	}
}

// free are all who can decide a step for any of its parties, sorted.
func (s Step) free(can map[string]able, circle identity.Circle) []graph.ID {
	all := map[graph.ID]bool{}
	for _, p := range s.Parties {
		for _, k := range p.Keys {
			for _, id := range can[k].outside(circle) {
				all[id] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// widen asks the next ones in line who can decide along with a party; false if there are none.
func (a *assessment) widen(step *Step, can map[string]able, circle identity.Circle) bool {
	for i := range step.Parties {
		p := &step.Parties[i]
		for _, f := range a.fallbacks(*p) {
			if slices.Contains(p.Keys, f.key) || len(can[f.key].outside(circle)) == 0 {
				continue
			}
			p.Keys = append(slices.Clone(p.Keys), f.key)
			p.Fallback = "Too few independent people can decide; " + f.why + " with them."
			return true
		}
	}
	return false
}

// markTies notes on the approvals of steps that take several which of them count as one.
func (t *ties) markTies(ctx context.Context, steps []Step) error {
	for _, st := range steps {
		if st.Mode != string(template.AtLeast) {
			continue
		}
		for i := range st.Done {
			st.Done[i].With = nil
			for _, earlier := range st.Done[:i] {
				tied, err := t.tied(ctx, earlier.By, st.Done[i].By)
				if err != nil {
					return err
				}
				if tied && earlier.By != st.Done[i].By {
					st.Done[i].With = append(st.Done[i].With, earlier.By)
				}
			}
		}
	}
	return nil
}

// approvers is how many people have approved who are independent of each other.
func (s Step) approvers() int {
	tied := map[[2]graph.ID]bool{}
	by := map[graph.ID]bool{}
	for _, a := range s.Done {
		by[a.By] = true
		for _, other := range a.With {
			tied[[2]graph.ID{a.By, other}], tied[[2]graph.ID{other, a.By}] = true, true
		}
	}
	return independent(slices.Sorted(maps.Keys(by)), tied)
}

// independent is how many of people can be chosen of whom no two are tied.
func independent(people []graph.ID, tied map[[2]graph.ID]bool) int {
	if len(people) == 0 {
		return 0
	}
	first, rest := people[0], people[1:]
	apart := slices.DeleteFunc(slices.Clone(rest), func(id graph.ID) bool { return tied[[2]graph.ID{first, id}] })
	with := 1 + independent(apart, tied)
	if len(apart) == len(rest) {
		return with
	}
	return max(with, independent(rest, tied))
}
