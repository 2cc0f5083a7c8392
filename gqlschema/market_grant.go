package gqlschema

import (
	"context"

	"weir/gqlschema/gen"
	"weir/graph"
	"weir/marketplace"
)

func (r *resolver) Grant() gen.GrantResolver { return &grants{r} }

type grants struct{ *resolver }

func (q queries) Grants(ctx context.Context, view gen.GrantsOf, of *graph.ID, state gen.GrantsIn, first *int, after *string) (*gen.GrantConnection, error) {
	list := marketplace.GrantList{View: unword[string](view), ID: or(of, ""), State: unword[string](state)}
	return grantPage("grants", first, after, func(after string, limit int) ([]marketplace.GrantRow, string, error) {
		list.After, list.Limit = after, limit
		return marketPage(q.market.Grants(ctx, list))
	})
}

func (q queries) DatasetGrants(ctx context.Context, dataset graph.ID, first *int, after *string) (*gen.GrantConnection, error) {
	return grantPage("datasetGrants", first, after, func(after string, limit int) ([]marketplace.GrantRow, string, error) {
		return marketPage(q.market.DatasetGrants(ctx, dataset, after, limit))
	})
}

func grantPage(field string, first *int, after *string, read func(string, int) ([]marketplace.GrantRow, string, error)) (*gen.GrantConnection, error) {
	w, err := reading(field, first, after, read)
	if err != nil {
		return nil, err
	}
	out := &gen.GrantConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showGrant, func(at string, n *gen.Grant) *gen.GrantEdge { return &gen.GrantEdge{Cursor: at, Node: n} })
	return out, nil
}

func (q queries) Grant(ctx context.Context, id graph.ID) (*gen.Grant, error) {
	v, err := q.market.Grant(ctx, id)
	return found(v, err, showFullGrant)
}

func (q queries) Renewal(ctx context.Context, grant graph.ID) (*gen.AskForm, error) {
	a, err := q.market.Renewal(ctx, grant)
	return found(a, err, showAsk)
}

// showGrant shows a grant with the names that are known.
func showGrant(r marketplace.GrantRow) *gen.Grant {
	out := showPlainGrant(r.Grant)
	out.Owner, out.Sender, out.Holder = called(r.Owner, r.OwnerName), called(r.Sender, r.SenderName), called(r.Holder, r.HolderName)
	return out
}

func showPlainGrant(g marketplace.Grant) *gen.Grant {
	return &gen.Grant{
		ID: g.ID, Item: g.Item, Request: g.Request, Target: g.Target, Title: g.Title, Domain: ref(g.Domain), Owner: somebody(g.Owner),
		Sender: somebody(g.Sender), Holder: somebody(g.Holder), Purpose: g.Purpose, Access: word[gen.AccessKind](g.Access),
		Environment: text(g.Environment), State: word[gen.GrantState](g.State), Since: g.Since, Until: g.Until, EndedAt: when(g.Ended),
		Reason: text(g.Reason), IsEmergency: g.Emergency, Version: int(g.Version), CreatedAt: g.Created,
	}
}

func showFullGrant(v marketplace.GrantView) *gen.Grant {
	out := showGrant(v.GrantRow)
	out.Value = &v
	return out
}

func (r grants) Detail(ctx context.Context, g *gen.Grant) (*gen.GrantDetail, error) {
	if g.Value != nil {
		return showGrantDetail(*g.Value), nil
	}
	v, err := r.market.Grant(ctx, g.ID)
	return shownAfter(v, err, showGrantDetail)
}

func showGrantDetail(v marketplace.GrantView) *gen.GrantDetail {
	out := &gen.GrantDetail{
		Why: text(v.Why), EndedBy: called(v.EndedBy, v.EndedByName), Terms: atLeastOne(v.Terms), Parts: all(v.Parts, showGrantPart),
		Masking: showMasking(v.Masking), Decisions: all(v.Decisions, showDecision), Commands: all(v.Commands, showCommand),
		History:   all(v.History, showGrantEvent),
		MayRevoke: v.MayRevoke, MayShorten: v.MayShorten, MayHandBack: v.MayHandBack, MayRenew: v.MayRenew, MayRetry: v.MayRetry,
		Extended: all(v.Extended, func(e marketplace.Extension) *gen.GrantExtension {
			return &gen.GrantExtension{Item: e.Item, Until: e.Until, At: e.At}
		}),
		Tasks: all(v.Tasks, func(t marketplace.Task) *gen.GrantTask {
			return &gen.GrantTask{ID: t.ID, Title: t.Title, Due: when(t.Due)}
		}),
	}
	if v.Renewal != nil {
		out.Renewal = &v.Renewal.ID
	}
	return out
}

func showGrantPart(p marketplace.GrantPart) *gen.GrantPart {
	return &gen.GrantPart{Dataset: ref(p.Dataset), Name: p.Name, Columns: full(p.Columns)}
}

func showCommand(c marketplace.Command) *gen.GrantCommand {
	return &gen.GrantCommand{
		ID: c.ID, Verb: c.Verb, Channel: word[gen.EnforceChannel](c.Channel), State: word[gen.CommandState](c.State), Attempts: c.Attempts,
		NextAt: when(c.Next), Error: text(c.Error), At: c.At, DoneAt: when(c.Done),
	}
}

func showGrantEvent(e marketplace.GrantEvent) *gen.GrantEvent {
	return &gen.GrantEvent{At: e.At, Action: e.Action, By: called(e.By, e.ByName), IsRefused: e.Denied}
}
