package gqlschema

import (
	"context"

	"weir/gqlschema/gen"
	"weir/graph"
	"weir/marketplace"
)

func (r *resolver) Request() gen.RequestResolver         { return &requests{r} }
func (r *resolver) RequestItem() gen.RequestItemResolver { return &requestItems{r} }

type (
	requests     struct{ *resolver }
	requestItems struct{ *resolver }
)

// showItem shows an item without what has to be worked out.
func showItem(i marketplace.Item, sender, holder *gen.Somebody, waits []string) *gen.RequestItem {
	return &gen.RequestItem{
		ID: i.ID, Request: i.Request, Target: i.Target, Title: i.Title, Domain: ref(i.Domain), State: word[gen.ItemState](i.State),
		Sender: sender, Holder: holder, Purpose: text(i.Purpose), Access: wordOr[gen.AccessKind](i.Access), Environment: text(i.Environment),
		Days: atLeastOne(i.Days), Extends: ref(i.Extends), Grant: ref(i.Grant), IsStuck: i.Stuck, Sensitive: i.Sensitive, Due: when(i.Due),
		Question: text(i.Question), WaitsFor: full(waits), SentAt: when(i.Sent), DecidedAt: when(i.Decided), Version: int(i.Version),
	}
}

// showFullItem shows an item of which everything is known.
func showFullItem(v marketplace.ItemView) *gen.RequestItem {
	out := showItem(v.Item, called(v.Sender, v.SenderName), called(v.Holder, v.HolderName), nil)
	out.Value = &v
	return out
}

func showItemRow(r marketplace.ItemRow) *gen.RequestItem {
	return showItem(r.Item, called(r.Sender, r.SenderName), called(r.Holder, r.HolderName), r.WaitsFor)
}

func (r requestItems) Detail(ctx context.Context, i *gen.RequestItem) (*gen.ItemDetail, error) {
	if i.Value != nil {
		return showDetail(*i.Value), nil
	}
	v, err := r.market.Item(ctx, i.ID)
	return shownAfter(v, err, showDetail)
}

func showDetail(v marketplace.ItemView) *gen.ItemDetail {
	return &gen.ItemDetail{
		Item: showFullItem(v), Why: text(v.Why), Terms: atLeastOne(v.Terms), HolderKind: wordOr[gen.UserKind](v.HolderKind),
		Columns: all(v.Columns, showOffered), Steps: all(v.Steps, showStep), Decisions: all(v.Decisions, showDecision), Facts: text(v.Facts),
		Changed: text(v.Changed), Gone: text(v.Gone), Verdict: showVerdict(v.Verdict), Flow: showFlow(v.Flow), Opens: showReach(v.Opens),
		Similar: all(v.Similar, showPlainGrant), MayDecide: v.MayDecide, WhyNot: text(v.WhyNot), MayAnswer: v.MayAnswer,
		MayWithdraw: v.MayWithdraw, MayBreakGlass: v.MayBreak,
	}
}

func showDecision(d marketplace.DecisionView) *gen.ItemDecision {
	out := &gen.ItemDecision{
		ID: d.ID, Item: d.Item, Request: d.Request, Step: d.Step, By: called(d.By, d.ByName), For: called(d.For, d.ForName),
		Verdict: word[gen.Verdict](d.Verdict), Reason: text(d.Reason), Columns: []graph.ID{}, Days: atLeastOne(d.Days), Hash: text(d.Hash),
		Void: text(d.Void), At: d.At,
	}
	for _, c := range d.Columns {
		out.Columns = append(out.Columns, graph.ID(c))
	}
	return out
}

// showRequest shows a basket; its items are whole where the marketplace has read them so.
func showRequest(v marketplace.RequestView, item func(marketplace.ItemView) *gen.RequestItem) *gen.Request {
	out := &gen.Request{
		ID: v.ID, Sender: somebody(v.Sender), Holder: somebody(v.Holder), Purpose: text(v.Purpose), Why: text(v.Why),
		Access: wordOr[gen.AccessKind](v.Access), Environment: text(v.Environment), Days: atLeastOne(v.Days), IsDraft: v.Draft,
		TouchedAt: v.At, SentAt: when(v.Sent), Version: int(v.Version), Items: all(v.Items, item),
	}
	return out
}

func showSentRequest(v marketplace.RequestView) *gen.Request {
	if v.Draft {
		return showRequest(v, showDraftItem)
	}
	return showRequest(v, showFullItem)
}

func showDraft(v marketplace.RequestView) *gen.Request { return showRequest(v, showDraftItem) }

func showDraftItem(v marketplace.ItemView) *gen.RequestItem {
	return showItem(v.Item, somebody(v.Sender), somebody(v.Holder), nil)
}

// Details are the items with everything. A draft's are nobody's business yet, so there is nothing to work out.
func (r requests) Details(ctx context.Context, req *gen.Request) ([]*gen.ItemDetail, error) {
	out := []*gen.ItemDetail{}
	for _, i := range req.Items {
		if i.Value != nil {
			out = append(out, showDetail(*i.Value))
		}
	}
	return out, nil
}
