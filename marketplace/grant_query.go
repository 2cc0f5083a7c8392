package marketplace

import (
	"context"
	"fmt"
	"slices"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// The views of grants.
const (
	GrantsMine    = "mine"   // what one has, oneself or through teams and accounts, and what one asked for
	GrantsGiven   = "given"  // of what one owns, or what somebody owns for whom one stands in
	GrantsAll     = "all"    // where one may see grants by a role
	GrantsTarget  = "target" // of the product or dataset ID
	GrantsHolder  = "holder" // of the person, team or account ID
	GrantsLive    = "live"   // state: those that have not ended
	GrantsEnded   = "ended"  // state: those that have
	maxGrantSeeks = 400      // lists that one question may be put together of
)

// GrantList asks for grants. What has not ended comes first by its end, the nearest first; what has ended the last first.
type GrantList struct {
	View  string   // one of the above; "" is mine
	ID    graph.ID // of GrantsTarget and GrantsHolder
	State string   // a GrantState, GrantsLive or GrantsEnded; "" is GrantsLive
	After string
	Limit int // 1 to graph.MaxPage
}

// GrantRow is a grant as lists show it. A name is "" for who was erased.
type GrantRow struct {
	Grant
	HolderName, SenderName, OwnerName string
}

// Grants lists grants that the principal in ctx has to do with, or may see by a role; others are not counted.
// Errors: Unauthenticated, Invalid; Forbidden for GrantsAll if he may nowhere.
func (s *Service) Grants(ctx context.Context, in GrantList) (Page[GrantRow], error) {
	if in.Limit < 1 || in.Limit > graph.MaxPage {
		return Page[GrantRow]{}, errs.Badf("limit", "has to be between 1 and %d.", graph.MaxPage)
	}
	v, err := s.viewerOf(ctx, s.store)
	if err != nil {
		return Page[GrantRow]{}, err
	}
	states, err := statesOf(in.State)
	if err != nil {
		return Page[GrantRow]{}, err
	}
	wheres, keep, err := s.wheres(ctx, v, in)
	if err != nil {
		return Page[GrantRow]{}, err
	}
	m := merge{r: s.store, limit: in.Limit, desc: in.State == GrantsEnded || len(states) == 1 && !slices.Contains(live, states[0]), keep: keep,
		question: fmt.Sprintf("grants %s %s %s %s", v.who.ID, in.View, in.ID, in.State)}
	for _, w := range wheres {
		for _, state := range states {
			m.wheres = append(m.wheres, append(slices.Clone(w), where("state", string(state))))
		}
	}
	page, err := m.page(ctx, in.After)
	if err != nil {
		return Page[GrantRow]{}, err
	}
	rows, err := s.grantRows(ctx, page.Items)
	return Page[GrantRow]{Items: rows, Next: page.Next}, err
}

// statesOf are the states that a list is of.
func statesOf(state string) ([]GrantState, error) {
	ended := []GrantState{GrantExpired, Revoked, HandedBack}
	switch state {
	case "", GrantsLive:
		return live, nil
	case GrantsEnded:
		return ended, nil
	}
	if slices.Contains(slices.Concat(live, ended), GrantState(state)) {
		return []GrantState{GrantState(state)}, nil
	}
	return nil, errs.Bad("state", "is no state of a grant.")
}

// wheres are the lists that a view is put together of. keep is nil, or says which of their grants the viewer may see.
func (s *Service) wheres(ctx context.Context, v viewer, in GrantList) (out [][]graph.Filter, keep func(Grant) bool, err error) {
	by := func(prop string, values ...string) {
		for _, value := range values {
			out = append(out, []graph.Filter{where(prop, value)})
		}
	}
	visible := func(g Grant) bool { return s.stake(ctx, v, g).any() }
	switch in.View {
	case "", GrantsMine:
		by("holder", v.having...)
		by("sender", v.who.ID)
	case GrantsGiven:
		by("owner", v.ids...)
	case GrantsAll:
		out, err = s.everywhere(ctx, v, authz.View)
	case GrantsTarget:
		whole, err := s.ownsTarget(ctx, v, in.ID)
		if err != nil || whole {
			by("target", string(in.ID))
			return out, nil, err
		}
		by("holder", v.having...) // not those of the target: what others have would be read, too, however much that is
		by("sender", v.who.ID)
		keep = func(g Grant) bool { return g.Target == in.ID }
	case GrantsHolder:
		by("holder", string(in.ID))
		keep = visible
		if slices.Contains(v.having, string(in.ID)) {
			keep = nil
		}
	default:
		err = errs.Bad("view", "is none that there is.")
	}
	if len(out) > maxGrantSeeks {
		err = errs.E(errs.TooLarge, "There are too many teams and accounts to list all of this at once.")
	}
	return out, keep, err
}

// ownsTarget tells whether the viewer may see all grants of a product or dataset.
func (s *Service) ownsTarget(ctx context.Context, v viewer, id graph.ID) (bool, error) {
	t, err := s.readTarget(ctx, s.store, id)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return slices.Contains(v.ids, string(t.Owner)) || s.policy.Can(ctx, authz.Grant, string(t.Domain), authz.View), nil
}

// everywhere are the lists of what the viewer may do something with by a role. Errors: Forbidden if that is nothing.
func (s *Service) everywhere(ctx context.Context, v viewer, act authz.Action) ([][]graph.Filter, error) {
	why := s.policy.Require(ctx, authz.Grant, authz.Everywhere, act)
	if why == nil {
		return [][]graph.Filter{nil}, nil
	}
	var out [][]graph.Filter
	var seen []string
	for _, h := range v.who.Roles {
		if h.Domain == authz.Everywhere || slices.Contains(seen, h.Domain) || !s.policy.Can(ctx, authz.Grant, h.Domain, act) {
			continue
		}
		seen = append(seen, h.Domain)
		if h.Domain == authz.NoDomain {
			out = append(out, []graph.Filter{{Prop: "domain", Op: graph.Missing}})
			continue
		}
		out = append(out, []graph.Filter{where("domain", h.Domain)})
	}
	if len(out) == 0 {
		return nil, why
	}
	return out, nil
}

// grantRows adds names to grants.
func (s *Service) grantRows(ctx context.Context, grants []Grant) ([]GrantRow, error) {
	var ids []graph.ID
	for _, g := range grants {
		ids = append(ids, g.Holder, g.Sender, g.Owner)
	}
	called, err := names(ctx, s.store, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]GrantRow, len(grants))
	for i, g := range grants {
		out[i] = GrantRow{Grant: g, HolderName: called[g.Holder], SenderName: called[g.Sender], OwnerName: called[g.Owner]}
	}
	return out, nil
}
