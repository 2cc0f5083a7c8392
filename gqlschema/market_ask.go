package gqlschema

import (
	"context"

	"weir/gqlschema/gen"
	"weir/graph"
	"weir/marketplace"
)

// askOf is an input as the commands take it.
func askOf(in gen.AskInput) marketplace.Ask {
	out := marketplace.Ask{
		ID: or(in.ID, ""), Version: number64(in.Version), For: or(in.For, ""), Purpose: or(in.Purpose, ""), Why: or(in.Why, ""),
		Access: unwordOr[string](in.Access), Environment: or(in.Environment, ""), Days: or(in.Days, 0), Until: at(in.Until),
	}
	for _, i := range in.Items {
		out.Items = append(out.Items, marketplace.AskItem{Target: i.Target, Columns: i.Columns, Terms: or(i.Terms, 0), Extends: or(i.Extends, "")})
	}
	return out
}

// showAsk shows a request as it is being written.
func showAsk(a marketplace.Ask) *gen.AskForm {
	return &gen.AskForm{
		ID: ref(a.ID), Version: atLeastOne(int(a.Version)), For: ref(a.For), Purpose: text(a.Purpose), Why: text(a.Why),
		Access: wordOr[gen.AccessKind](a.Access), Environment: text(a.Environment), Days: atLeastOne(a.Days),
		Items: all(a.Items, func(i marketplace.AskItem) *gen.AskFormItem {
			return &gen.AskFormItem{Target: i.Target, Columns: full(i.Columns), Terms: atLeastOne(i.Terms), Extends: ref(i.Extends)}
		}),
	}
}

func (q queries) Draft(ctx context.Context, id graph.ID) (*gen.AskForm, error) {
	a, err := q.market.DraftAsk(ctx, id)
	return found(a, err, showAsk)
}

func (q queries) RequestPreview(ctx context.Context, in gen.AskInput) ([]*gen.Preview, error) {
	found, err := q.market.Preview(ctx, askOf(in))
	if err != nil {
		return nil, err
	}
	out := make([]*gen.Preview, len(found))
	for i, p := range found {
		if out[i], err = showPreview(p); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func showPreview(p marketplace.Preview) (*gen.Preview, error) {
	out := &gen.Preview{
		Target: p.Target, Title: text(p.Title), Outcome: wordOr[gen.Outcome](p.Outcome), Problem: text(p.Problem), Steps: all(p.Steps, showStep),
		Verdict: showVerdict(p.Verdict), Left: full(p.Left), Offered: all(p.Offered, showOffered), Ways: all(p.Ways, showWay), IsStuck: p.Stuck,
	}
	if p.Problem == "" {
		out.Flow = showFlow(p.Flow)
	}
	if p.Terms.Number > 0 {
		out.Terms = showTerms(p.Terms)
	}
	if p.Product == nil {
		return out, nil
	}
	var err error
	out.Product, err = showProduct(*p.Product)
	return out, err
}

func (m mutations) SaveDraft(ctx context.Context, in gen.AskInput) (*gen.Request, error) {
	saved, err := m.market.SaveDraft(ctx, askOf(in))
	if err != nil {
		return nil, err
	}
	v, err := m.market.Request(ctx, saved.ID)
	return shownAfter(v, err, showSentRequest)
}

func (m mutations) DiscardDraft(ctx context.Context, id graph.ID) (graph.ID, error) {
	return id, m.market.Discard(ctx, id)
}

func (m mutations) SubmitRequest(ctx context.Context, in gen.AskInput) (*gen.Request, error) {
	v, err := m.market.Submit(ctx, askOf(in))
	return shownAfter(v, err, showSentRequest)
}
