package identity_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"weir/authz"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/identity"
)

// TestClosure_Random: on random people, nested teams, agents and stand-ins in circles, the circle is what the rule says, no
// more and no less, and each tie in it is a true one that leads back to those it was drawn around.
func TestClosure_Random(t *testing.T) {
	eachStore(t, func(t *testing.T, store func() graph.Store) {
		rapid.Check(t, func(r *rapid.T) {
			p, s := draw(r), store()
			p.write(t, s)
			defer p.drop(t, s)
			of := rapid.SliceOfNDistinct(rapid.SampledFrom(p.everybody()), 1, 3, rapid.ID).Draw(r, "of")
			since := rapid.IntRange(-5, 1).Draw(r, "since") // after the moment: a clock went back
			c, err := identity.Closure(t.Context(), s, of, p.moment(since), p.at)
			if err != nil {
				r.Fatal(err)
			}
			if got, want := slices.Sorted(maps.Keys(c)), slices.Sorted(maps.Keys(p.around(of, since))); !slices.Equal(got, want) {
				r.Fatalf("the circle around %v holds %v, want %v", of, got, want)
			}
			for id, tie := range c {
				chain := c.Chain(id)
				if !p.truth(id, tie, of, since) || c[chain[len(chain)-1]].How != identity.Self {
					r.Fatalf("%s: %+v, by %v", id, tie, chain)
				}
			}
			slices.Reverse(of)
			if again, err := identity.Closure(t.Context(), s, of, p.moment(since), p.at); err != nil || !reflect.DeepEqual(again, c) {
				r.Fatalf("drawn again: %v %v, want %v", again, err, c)
			}
		})
	})
}

// TestMerge_Random: a circle around two is the two circles, merged, and ties still lead back.
func TestMerge_Random(t *testing.T) {
	kept := schema(t)
	rapid.Check(t, func(r *rapid.T) {
		p, s := draw(r), graphtest.Memory(kept)
		p.write(t, s)
		of := [][]graph.ID{{rapid.SampledFrom(p.everybody()).Draw(r, "one")}, {rapid.SampledFrom(p.everybody()).Draw(r, "other")}}
		var both [2]identity.Circle
		for i := range of {
			var err error
			if both[i], err = identity.Closure(t.Context(), s, of[i], p.moment(-3), p.at); err != nil {
				r.Fatal(err)
			}
		}
		size := len(both[0])
		got := both[0].Merge(both[1])
		want := p.around(slices.Concat(of...), -3)
		if len(both[0]) != size || !slices.Equal(slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want))) {
			r.Fatalf("%v and %v are %v, want %v", both[0], both[1], got, want)
		}
		for _, id := range slices.Concat(of...) {
			if got[id].How != identity.Self {
				r.Fatalf("%s has the tie %+v", id, got[id])
			}
		}
		for id := range got {
			if chain := got.Chain(id); got[chain[len(chain)-1]].How != identity.Self {
				r.Fatalf("%s leads to %v", id, chain)
			}
		}
	})
}

// TestDeciders_Random: who can decide for teams, by roles and by standing in is what plain lists say.
func TestDeciders_Random(t *testing.T) {
	eachStore(t, func(t *testing.T, store func() graph.Store) {
		rapid.Check(t, func(r *rapid.T) {
			p, s := draw(r), store()
			p.write(t, s)
			defer p.drop(t, s)
			all := p.everybody()
			people, err := identity.People(t.Context(), s, all...)
			if err != nil {
				r.Fatal(err)
			}
			for _, id := range all {
				if want := p.able(id); !slices.Equal(people[id], want) {
					r.Fatalf("for %s decide %v, want %v", id, people[id], want)
				}
			}
			for _, domain := range []string{"dom_a", "dom_b", authz.Everywhere} {
				got, err := identity.Holders(t.Context(), s, "owner", domain)
				if want := p.holders("owner", domain); err != nil || !slices.Equal(got, want) {
					r.Fatalf("owners of %s are %v %v, want %v", domain, got, err, want)
				}
			}
			got, err := identity.Deputies(t.Context(), s, p.at, p.people()...)
			if want := p.deputies(); err != nil || !reflect.DeepEqual(found(got), want) {
				r.Fatalf("deputies are %v %v, want %v", found(got), err, want)
			}
		})
	})
}

func (p *plain) holders(role, domain string) []graph.ID {
	var subjects []graph.ID
	for _, h := range p.held {
		if h.role == role && (h.domain == authz.Everywhere || h.domain == domain) {
			subjects = append(subjects, h.of)
		}
	}
	return p.able(subjects...)
}

// deputies are the ids of the stand-ins that hold at the moment, by person, sorted.
func (p *plain) deputies() map[graph.ID][]graph.ID {
	out := map[graph.ID][]graph.ID{}
	for _, s := range p.standIns {
		if s.held(0) && !p.disabled[s.from] && !p.disabled[s.to] {
			out[s.from] = append(out[s.from], s.id)
		}
	}
	return sorted(out)
}

func found(list map[graph.ID][]identity.StandIn) map[graph.ID][]graph.ID {
	out := map[graph.ID][]graph.ID{}
	for id, all := range list {
		for _, s := range all {
			out[id] = append(out[id], s.ID)
		}
	}
	return sorted(out)
}

func sorted(m map[graph.ID][]graph.ID) map[graph.ID][]graph.ID {
	for _, list := range m {
		slices.SortFunc(list, func(a, b graph.ID) int { return strings.Compare(string(a), string(b)) })
	}
	return m
}
