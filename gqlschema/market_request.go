package gqlschema

import (
	"context"

	"weir/errs"
	"weir/gqlschema/gen"
	"weir/graph"
	"weir/marketplace"
)

func (q queries) Requests(ctx context.Context, view gen.RequestsOf, of *graph.ID, state *gen.ItemState, first *int, after *string) (*gen.RequestItemConnection, error) {
	list := marketplace.RequestList{View: unword[string](view), ID: or(of, ""), State: unwordOr[marketplace.ItemState](state)}
	w, err := reading("requests", first, after, func(after string, limit int) ([]marketplace.ItemRow, string, error) {
		list.After, list.Limit = after, limit
		return marketPage(q.market.Requests(ctx, list))
	})
	if err != nil {
		return nil, err
	}
	out := &gen.RequestItemConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showItemRow, func(at string, n *gen.RequestItem) *gen.RequestItemEdge {
		return &gen.RequestItemEdge{Cursor: at, Node: n}
	})
	return out, nil
}

func (q queries) Request(ctx context.Context, id graph.ID) (*gen.Request, error) {
	v, err := q.market.Request(ctx, id)
	return found(v, err, showSentRequest)
}

func (q queries) RequestItem(ctx context.Context, id graph.ID) (*gen.RequestItem, error) {
	v, err := q.market.Item(ctx, id)
	return found(v, err, showFullItem)
}

func (q queries) Drafts(ctx context.Context, first *int, after *string) (*gen.RequestConnection, error) {
	w, err := reading("drafts", first, after, func(after string, limit int) ([]marketplace.RequestView, string, error) {
		return marketPage(q.market.Drafts(ctx, after, limit))
	})
	if err != nil {
		return nil, err
	}
	out := &gen.RequestConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showDraft, func(at string, n *gen.Request) *gen.RequestEdge { return &gen.RequestEdge{Cursor: at, Node: n} })
	return out, nil
}

func (q queries) Inbox(ctx context.Context, text *string, sort gen.InboxSort, first *int, after *string) (*gen.InboxRowConnection, error) {
	list := marketplace.InboxList{Text: or(text, ""), Sort: unword[string](sort)}
	isCut := false
	w, err := reading("inbox", first, after, func(after string, limit int) ([]marketplace.InboxRow, string, error) {
		list.After, list.Limit = after, limit
		page, err := q.market.Inbox(ctx, list)
		isCut = page.Cut
		return page.Items, page.Next, err
	})
	if err != nil {
		return nil, err
	}
	out := &gen.InboxRowConnection{PageInfo: w.info, IsCut: isCut}
	out.Edges, out.Nodes = edges(w, showInboxRow, func(at string, n *gen.InboxRow) *gen.InboxRowEdge {
		return &gen.InboxRowEdge{Cursor: at, Node: n}
	})
	return out, nil
}

func showInboxRow(r marketplace.InboxRow) *gen.InboxRow {
	return &gen.InboxRow{
		Item: showItem(r.Item, called(r.Sender, r.SenderName), called(r.Holder, r.HolderName), nil), Since: r.Since, IsPartial: r.Partial,
	}
}

func (q queries) InboxCount(ctx context.Context) (*gen.InboxCount, error) {
	n, more, err := q.market.InboxCount(ctx)
	if err != nil {
		return nil, err
	}
	due, err := q.market.AnswersDue(ctx)
	return &gen.InboxCount{Count: n, IsCapped: more, AnswersDue: due}, err
}

// Replay is a decision beside what holds now.
func (q queries) Replay(ctx context.Context, decision graph.ID) (*gen.Replay, error) {
	v, err := q.market.Replay(ctx, decision)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := &gen.Replay{
		Decision: showDecision(v.Decision), Item: showItem(v.Item, somebody(v.Item.Sender), somebody(v.Item.Holder), nil), IsExact: v.Exact,
		Facts: text(string(v.Bytes)), Then: showFacts(v.Then), Gone: text(v.Gone), Differs: full(v.Differs),
	}
	out.Then.Flow = showFlow(v.ThenFlow)
	if v.Now.Form > 0 {
		out.Now = showFacts(v.Now)
		out.Now.Flow = showFlow(v.NowFlow)
	}
	return out, nil
}

// showFacts shows facts but for what flows in, of which the marketplace has a redacted form.
func showFacts(f marketplace.Facts) *gen.FactsShown {
	out := &gen.FactsShown{
		Title: f.Title, Purpose: text(f.Purpose), Why: text(f.Why), Access: wordOr[gen.AccessKind](f.Access), Environment: text(f.Environment),
		Days: atLeastOne(f.Days), Terms: atLeastOne(f.Terms), Outcome: wordOr[gen.Outcome](f.Outcome), Steps: []string{}, Masking: showMasking(f.Masking),
		Columns: all(f.Columns, func(c marketplace.FactColumn) *gen.FactColumn {
			return &gen.FactColumn{ID: c.ID, Path: c.Path, Outcome: wordOr[gen.Outcome](c.Outcome), Masking: text(c.Masking), Flow: c.Flow}
		}),
		Templates: all(f.Templates, func(t marketplace.FactTemplate) *gen.PolicySource {
			return &gen.PolicySource{Template: ref(t.ID), Version: atLeastOne(t.Version), Name: t.Name, Why: t.Why}
		}),
	}
	for _, s := range f.Steps {
		out.Steps = append(out.Steps, s.Name)
	}
	return out
}
