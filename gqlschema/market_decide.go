package gqlschema

import (
	"context"

	"weir/errs"
	"weir/gqlschema/gen"
	"weir/graph"
	"weir/marketplace"
)

func (m mutations) WithdrawItem(ctx context.Context, item graph.ID, version *int) (*gen.RequestItem, error) {
	return m.itemAfter(ctx, item, m.market.Withdraw(ctx, item, number64(version)))
}

func (m mutations) AnswerItem(ctx context.Context, item graph.ID, version *int, text string) (*gen.RequestItem, error) {
	return m.itemAfter(ctx, item, m.market.Answer(ctx, item, number64(version), text))
}

func (m mutations) itemAfter(ctx context.Context, item graph.ID, err error) (*gen.RequestItem, error) {
	if err != nil {
		return nil, err
	}
	v, err := m.market.Item(ctx, item)
	return shownAfter(v, err, showFullItem)
}

// decideOf is an input as the command takes it.
func decideOf(in gen.DecideInput) marketplace.Decide {
	return marketplace.Decide{
		Item: in.Item, Version: number64(in.Version), Verdict: unword[marketplace.ItemAction](in.Verdict), Reason: or(in.Reason, ""),
		Columns: in.Columns, Days: or(in.Days, 0), Seen: or(in.Seen, ""),
	}
}

func (m mutations) Decide(ctx context.Context, in gen.DecideInput) (*gen.RequestItem, error) {
	v, err := m.market.Decide(ctx, decideOf(in))
	return shownAfter(v, err, showFullItem)
}

func (m mutations) DecideAll(ctx context.Context, in []*gen.DecideInput) ([]*gen.DecideOutcome, error) {
	decisions := make([]marketplace.Decide, len(in))
	for i, d := range in {
		decisions[i] = decideOf(*d)
	}
	outcomes, err := m.market.DecideAll(ctx, decisions)
	if err != nil {
		return nil, err
	}
	out := make([]*gen.DecideOutcome, len(outcomes))
	for i, o := range outcomes {
		out[i] = &gen.DecideOutcome{Item: o.Item}
		if o.Err != nil {
			out[i].Error = showCommandError(ctx, o.Err)
			continue
		}
		out[i].After = showFullItem(o.View)
	}
	return out, nil
}

// showCommandError shows an error of one command among several as present shows that of a field.
func showCommandError(ctx context.Context, err error) *gen.CommandError {
	shown := present(ctx, err)
	out := &gen.CommandError{Message: shown.Message, Fields: []*gen.FieldProblem{}}
	out.Code, _ = shown.Extensions["code"].(string)
	if e, ok := errs.As(err); ok {
		for _, f := range e.Fields {
			out.Fields = append(out.Fields, &gen.FieldProblem{Name: f.Name, Message: f.Message})
		}
	}
	return out
}
