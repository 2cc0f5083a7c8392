package identity

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"weir/authz"
	"weir/graph"
)

// How tells by what somebody is in a circle.
type How string

// The ties, the nearest first.
const (
	Self       How = "self"     // one of those that the circle was drawn around
	Membership How = "member"   // in the team Of, itself or through teams within it
	Owned      How = "account"  // an account or agent of Of
	Ownership  How = "owner"    // owns the account or agent Of
	Deputy     How = "stand-in" // stands in for Of, or did so at some time that counts
)

// hows are the ties by how near they are, for two that lead to somebody at once.
var hows = []How{Self, Membership, Owned, Ownership, Deputy}

// Tie is what puts somebody into a circle: How he has to do with Of, who is in it, too.
type Tie struct {
	How   How
	Of    graph.ID   // empty of Self
	Type  authz.Type // of the account, of Owned and Ownership
	Until time.Time  // when standing in ends or ended, of Deputy
	Over  bool       // standing in has ended before now, of Deputy
}

// Circle are all who must not decide for one another, with the tie that is nearest to those it was drawn around. Ties lead
// back to them: the Of of each is in the circle.
type Circle map[graph.ID]Tie

// Has tells whether somebody is in the circle.
func (c Circle) Has(id graph.ID) bool {
	_, ok := c[id]
	return ok
}

// Merge is a circle of all in c or o. Where both hold somebody the tie in c is kept, unless o was drawn around him.
func (c Circle) Merge(o Circle) Circle {
	out := make(Circle, len(c)+len(o))
	maps.Copy(out, c)
	for id, tie := range o {
		if !c.Has(id) || tie.How == Self {
			out[id] = tie
		}
	}
	return out
}

// Closure is the circle around people, accounts and teams: a team stands for itself and all of its members, nested and
// disabled ones too. With each person it holds his accounts and agents, with each account its owner, and with everybody those
// who stand in for him now or did so at any time since. Team mates and managers are not in it, nor are stand-ins to come.
// It asks for no right. A circle that can't be read whole is an error, never a smaller one.
func Closure(ctx context.Context, r graph.Reader, of []graph.ID, since, now time.Time) (Circle, error) {
	if now.Before(since) {
		since = now // a clock went back: who stands in now counts all the same
	}
	c := Circle{}
	for _, id := range of {
		c[id] = Tie{How: Self}
	}
	members, err := membersOf(ctx, r, of)
	if err != nil {
		return nil, err
	}
	maps.Copy(c, c.fresh(members))
	links := &ties{r: r, since: graph.Time(since), now: now}
	for next := c; len(next) > 0; {
		found, err := links.from(ctx, slices.Sorted(maps.Keys(next)))
		if err != nil {
			return nil, err
		}
		next = c.fresh(found)
		maps.Copy(c, next)
	}
	return c, nil
}

// tied is somebody with a tie that leads to him.
type tied struct {
	id graph.ID
	Tie
}

// fresh are those found who are not in the circle, each with the nearest of his ties.
func (c Circle) fresh(found []tied) Circle {
	slices.SortFunc(found, func(a, b tied) int {
		return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(slices.Index(hows, a.How), slices.Index(hows, b.How)),
			cmp.Compare(a.Of, b.Of), b.Until.Compare(a.Until))
	})
	out := Circle{}
	for _, t := range found {
		if !c.Has(t.id) && !out.Has(t.id) {
			out[t.id] = t.Tie
		}
	}
	return out
}

// membersOf are the members of all teams among ids, with the team that is nearest above each.
func membersOf(ctx context.Context, r graph.Reader, ids []graph.ID) ([]tied, error) {
	teams := ofKind(ids, teamType.Spec.Prefix)
	below, err := readTeams(ctx, r, teams)
	if err != nil {
		return nil, err
	}
	var out []tied
	seen := map[graph.ID]bool{}
	for _, team := range teams {
		seen[team] = true
	}
	type place struct{ id, of graph.ID }
	var level []place
	for _, team := range teams {
		level = append(level, place{team, team})
	}
	for len(level) > 0 {
		var next []place
		for _, p := range level {
			for _, id := range below.members[p.id] {
				if seen[id] {
					continue
				}
				seen[id] = true
				next = append(next, place{id, p.of})
				out = append(out, tied{id, Tie{How: Membership, Of: p.of}})
			}
		}
		level = next
	}
	return out, nil
}
