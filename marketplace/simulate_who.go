package marketplace

import (
	"context"
	"slices"

	"weir/authz"
	"weir/graph"
	"weir/identity"
)

// crowd are many holders of grants, read together: what askerOf reads of one, but for his circle.
type crowd struct {
	of    map[graph.ID]asker
	above map[graph.ID][]graph.ID // teams that somebody, or a team, is in itself
	held  map[graph.ID][]authz.Held
}

func newCrowd() *crowd {
	return &crowd{of: map[graph.ID]asker{}, above: map[graph.ID][]graph.ID{}, held: map[graph.ID][]authz.Held{}}
}

// read adds the holders that aren't known yet, in a few calls however many there are.
func (c *crowd) read(ctx context.Context, r graph.Reader, holders []graph.ID) error {
	fresh := missingIn(c.of, holders)
	if len(fresh) == 0 {
		return nil
	}
	who, err := identity.Lookup(ctx, r, fresh...)
	if err != nil {
		return err
	}
	if err := c.climb(ctx, r, fresh); err != nil {
		return err
	}
	for _, id := range fresh {
		a := asker{Sender: id, Holder: id, Kind: kindOf(who[id]), Teams: c.teams(id)}
		for _, of := range append([]graph.ID{id}, a.Teams...) {
			a.Roles = append(a.Roles, c.held[of]...)
		}
		if who[id].Team {
			a.Teams = append(a.Teams, id)
		}
		c.of[id] = a
	}
	return nil
}

// climb reads the teams above ids, level by level, and the roles of all of them.
func (c *crowd) climb(ctx context.Context, r graph.Reader, ids []graph.ID) error {
	roles := map[graph.ID]string{}
	for _, role := range authz.Builtin {
		roles[authz.RoleID(role.Name)] = role.Name
	}
	for len(ids) > 0 {
		var next []graph.ID
		edges, err := allEdges(ctx, r, ids, graph.Out, identity.RelMember, authz.RelHolds)
		if err != nil {
			return err
		}
		for _, id := range ids {
			c.above[id] = nil
		}
		for _, e := range edges {
			if e.Rel == identity.RelMember {
				c.above[e.From] = append(c.above[e.From], e.To)
				next = append(next, e.To)
			} else if role := roles[e.To]; role != "" {
				c.held[e.From] = append(c.held[e.From], authz.Held{Role: role, Domain: e.Key})
			}
		}
		ids = missingIn(c.above, next)
	}
	return nil
}

// teams are all teams above somebody, each once, sorted.
func (c *crowd) teams(id graph.ID) []graph.ID {
	seen := map[graph.ID]bool{}
	for next := c.above[id]; len(next) > 0; {
		team := next[0]
		next = next[1:]
		if !seen[team] {
			seen[team] = true
			next = append(slices.Clone(next), c.above[team]...)
		}
	}
	return sortedIDs(seen)
}

// missingIn are the ids that a map doesn't hold, each once.
func missingIn[T any](known map[graph.ID]T, ids []graph.ID) []graph.ID {
	seen := map[graph.ID]bool{}
	for _, id := range ids {
		if _, ok := known[id]; !ok {
			seen[id] = true
		}
	}
	return sortedIDs(seen)
}

func sortedIDs(set map[graph.ID]bool) []graph.ID {
	out := make([]graph.ID, 0, len(set))
	for id := range set {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// edgesAtOnce is of how many nodes edges are asked for in one call.
const edgesAtOnce = 1_000

// allEdges are all edges of nodes that hold now.
func allEdges(ctx context.Context, r graph.Reader, of []graph.ID, dir graph.Dir, rels ...graph.Rel) ([]graph.Edge, error) {
	var out []graph.Edge
	for part := range slices.Chunk(of, edgesAtOnce) {
		page, err := r.Edges(ctx, graph.EdgeQuery{Of: part, Dir: dir, Rels: rels})
		if err != nil {
			return nil, err
		}
		out = append(out, page.Edges...)
		for _, id := range page.More {
			rest, err := edgesOf(ctx, r, id, dir, rels)
			if err != nil {
				return nil, err
			}
			out = append(slices.DeleteFunc(out, func(e graph.Edge) bool { return near(e, dir) == id }), rest...)
		}
	}
	return out, nil
}

// near is the end of an edge that was asked about.
func near(e graph.Edge, dir graph.Dir) graph.ID {
	if dir == graph.Out {
		return e.From
	}
	return e.To
}

// edgesOf are all edges of one node that has more than fit in one answer.
func edgesOf(ctx context.Context, r graph.Reader, id graph.ID, dir graph.Dir, rels []graph.Rel) ([]graph.Edge, error) {
	var out []graph.Edge
	q := graph.EdgeQuery{Of: []graph.ID{id}, Dir: dir, Rels: rels}
	for {
		page, err := r.Edges(ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Edges...)
		if page.Next == "" {
			return out, nil
		}
		q.After = page.Next
	}
}
