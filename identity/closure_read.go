package identity

import (
	"context"
	"slices"
	"time"

	"weir/errs"
	"weir/graph"
)

// oneByOne is for how many people at most accounts and stand-ins are asked for by person. For more, all that there are are
// read in pages once, which takes fewer round trips than a large team has members.
const oneByOne = 32

// ties reads who is tied to whom.
type ties struct {
	r          graph.Reader
	since, now time.Time
	asked      int // people so far, one by one
	all        *everything
}

// everything is who owns and who stands in, of all people.
type everything struct {
	owned    map[graph.ID][]Account
	standIns map[graph.ID][]StandIn
}

// from are all ties that lead from ids to others.
func (t *ties) from(ctx context.Context, ids []graph.ID) ([]tied, error) {
	out, err := t.owners(ctx, ofKind(ids, accountType.Spec.Prefix))
	if err != nil {
		return nil, err
	}
	people := ofKind(ids, userType.Spec.Prefix)
	if t.asked += len(people); t.asked > oneByOne && t.all == nil {
		if t.all, err = readEverything(ctx, t.r, t.since); err != nil {
			return nil, err
		}
	}
	for _, id := range people {
		owned, standIns, err := t.of(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, a := range owned {
			out = append(out, tied{a.ID, Tie{How: Owned, Of: id, Type: a.Type}})
		}
		for _, s := range standIns {
			if s.touched(t.since, t.now) {
				out = append(out, tied{s.To, Tie{How: Deputy, Of: id, Until: s.Until, Over: !s.Holds(t.now)}})
			}
		}
	}
	return out, nil
}

// owners are the ties from accounts to who owns them. One call for each graph.MaxBatch.
func (t *ties) owners(ctx context.Context, accounts []graph.ID) ([]tied, error) {
	nodes, err := nodesOf(ctx, t.r, accounts)
	if err != nil {
		return nil, err
	}
	list, err := accountType.ReadAll(nodes)
	if err != nil {
		return nil, broken(err)
	}
	var out []tied
	for _, a := range list {
		if a.Owner != "" {
			out = append(out, tied{a.Owner, Tie{How: Ownership, Of: a.ID, Type: a.Type}})
		}
	}
	return out, nil
}

// of are the accounts of a person, and the stand-ins from him that have not run out before since.
func (t *ties) of(ctx context.Context, id graph.ID) ([]Account, []StandIn, error) {
	if t.all != nil {
		return t.all.owned[id], t.all.standIns[id], nil
	}
	owned, err := listAll(ctx, t.r, accountType, graph.Query{Sort: "name", Where: []graph.Filter{is("owner", id)}})
	if err != nil {
		return nil, nil, err
	}
	standIns, err := listAll(ctx, t.r, standInType, graph.Query{Sort: "until", Where: append(lasting(t.since), is("from", id))})
	return owned, standIns, err
}

// touched tells whether the period held at any time from since to now. One that was ended before it began never did.
func (s StandIn) touched(since, now time.Time) bool {
	return s.Since.Before(s.Until) && !s.Since.After(now) && s.Until.After(since)
}

func readEverything(ctx context.Context, r graph.Reader, since time.Time) (*everything, error) {
	out := &everything{owned: map[graph.ID][]Account{}, standIns: map[graph.ID][]StandIn{}}
	accounts, err := listAll(ctx, r, accountType, graph.Query{Sort: "name"})
	if err != nil {
		return nil, err
	}
	for _, a := range accounts {
		out.owned[a.Owner] = append(out.owned[a.Owner], a)
	}
	standIns, err := listAll(ctx, r, standInType, graph.Query{Sort: "until", Where: lasting(since)})
	if err != nil {
		return nil, err
	}
	for _, s := range standIns {
		out.standIns[s.From] = append(out.standIns[s.From], s)
	}
	return out, nil
}

func is(prop string, id graph.ID) graph.Filter {
	return graph.Filter{Prop: prop, Values: []any{string(id)}}
}

// lasting keeps the stand-ins that end at a time or later; a zero time keeps all.
func lasting(since time.Time) []graph.Filter {
	if since.IsZero() {
		return nil
	}
	return []graph.Filter{{Prop: "until", Op: graph.More, Values: []any{graph.Time(since)}}}
}

// listAll reads all pages of a list.
func listAll[T any](ctx context.Context, r graph.Reader, t *graph.Type[T], q graph.Query) ([]T, error) {
	q.Kind, q.Limit = t.Kind, graph.MaxPage
	var out []T
	for {
		page, err := r.List(ctx, q)
		if err != nil {
			return nil, err
		}
		items, err := t.ReadAll(page.Nodes)
		if err != nil {
			return nil, broken(err)
		}
		out = append(out, items...)
		if page.Next == "" {
			return out, nil
		}
		q.After = page.Next
	}
}

// nodesOf reads nodes in the order of ids, graph.MaxBatch at once; missing ones are passed over.
func nodesOf(ctx context.Context, r graph.Reader, ids []graph.ID) ([]graph.Node, error) {
	var out []graph.Node
	for part := range slices.Chunk(ids, graph.MaxBatch) {
		nodes, err := r.Nodes(ctx, part...)
		if err != nil {
			return nil, err
		}
		for _, id := range part {
			if n, ok := nodes[id]; ok {
				out = append(out, n)
			}
		}
	}
	return out, nil
}

// ofKind are the ids of one kind, sorted, each once. What can be no id is passed over.
func ofKind(ids []graph.ID, prefix string) []graph.ID {
	var out []graph.ID
	for _, id := range ids {
		if isA(id, prefix) && graph.ValidID(id) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// teamTree is who is in teams, and who all of them are.
type teamTree struct {
	members map[graph.ID][]graph.ID // in a team itself, sorted, each once
	enabled map[graph.ID]bool       // people who are not disabled
}

// readTeams reads teams with all that is within them, in one call for each graph.MaxBatch of them.
func readTeams(ctx context.Context, r graph.Reader, teams []graph.ID) (teamTree, error) {
	out := teamTree{members: map[graph.ID][]graph.ID{}, enabled: map[graph.ID]bool{}}
	for part := range slices.Chunk(teams, graph.MaxBatch) {
		sub, err := r.Traverse(ctx, graph.Walk{From: part, Dir: graph.In, Rels: []graph.Rel{RelMember}, Depth: graph.MaxDepth,
			Max: graph.MaxNodes, Fields: []string{"disabled"}})
		if err != nil {
			return teamTree{}, err
		}
		if sub.Cut {
			return teamTree{}, errs.Ef(errs.TooLarge, "These teams have more than %d members.", graph.MaxNodes)
		}
		for _, e := range sub.Edges {
			out.members[e.To] = append(out.members[e.To], e.From)
		}
		for _, n := range sub.Nodes {
			u, err := enabled(n.Node)
			if err != nil {
				return teamTree{}, err
			}
			out.enabled[n.Node.ID] = u
		}
	}
	for team, list := range out.members {
		slices.Sort(list)
		out.members[team] = slices.Compact(list)
	}
	return out, nil
}

// enabled tells whether a node is a person who is not disabled.
func enabled(n graph.Node) (bool, error) {
	if n.Kind != userType.Kind {
		return false, nil
	}
	u, err := userType.Read(n)
	return err == nil && !u.Disabled, broken(err)
}
