package marketplace

import (
	"context"
	"fmt"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/marketplace/flow"
	"weir/marketplace/template"
)

// Preview is what would come of asking for one thing, made by the code that decides.
type Preview struct {
	Target  graph.ID
	Title   string
	Outcome template.Outcome
	Problem string // why nothing can be said yet, such as a field that is missing; then the rest is empty
	Steps   []StepView
	Verdict template.Verdict
	Left    []graph.ID     // columns that can't be had and are left out of "all"
	Offered []OfferedField // every column on offer
	Ways    []Way          // what would come of each kind of access, in the order of template.Accesses
	Flow    flow.Snapshot  // as the viewer may see it
	Stuck   bool           // nobody can decide
	// Approvals is how many people have to approve, at least.
	Approvals int
	Terms     Terms // of use that have to be accepted; Number 0: none
	Product   *Product
}

// Preview says for each item of a request what would come of it. It writes nothing and needs no complete request: what is
// missing is said in Problem. Errors: Unauthenticated, Forbidden.
func (s *Service) Preview(ctx context.Context, in Ask) ([]Preview, error) {
	if err := s.policy.Require(ctx, authz.Request, authz.Everywhere, authz.Write); err != nil {
		return nil, err
	}
	if len(in.Items) > MaxItems {
		return nil, errs.Badf("items", "has to hold between 1 and %d products or datasets.", MaxItems)
	}
	if in.Days == 0 && !in.Until.IsZero() {
		in.Days = daysUntil(s.now(), in.Until)
	}
	a, err := s.withAsker(ctx, s.store, in)
	if err != nil {
		return nil, err
	}
	out := make([]Preview, len(in.Items))
	for i := range in.Items {
		if out[i], err = s.preview(ctx, a, i); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// preview says it of one item.
func (s *Service) preview(ctx context.Context, a asking, i int) (Preview, error) {
	in := a.Items[i]
	t, err := s.askTarget(ctx, s.store, in, fmt.Sprintf("items[%d]", i))
	if errs.Is(err, errs.Invalid) {
		return Preview{Target: in.Target, Title: t.Title, Problem: fieldText(err)}, nil
	}
	if err != nil {
		return Preview{}, err
	}
	out := Preview{Target: t.ID, Title: t.Title, Product: t.Product}
	if t.Product != nil {
		if out.Terms, err = currentTerms(ctx, s.store, *t.Product); err != nil {
			return Preview{}, err
		}
	}
	c, all := a.conditions(true, in.Extends != ""), len(in.Columns) == 0
	f, err := flow.Read(ctx, s.store, t.Asked, s.now())
	if err != nil {
		return Preview{}, err
	}
	versions, err := s.templates(ctx, s.store)
	if err != nil {
		return Preview{}, err
	}
	got, err := s.weigh(ctx, s.store, a.who, t, c, all, f, versions)
	if err != nil {
		return Preview{}, err
	}
	if out.Steps, err = s.stepViews(ctx, a.who.seats, got.Steps, a.who.Circle); err != nil {
		return Preview{}, err
	}
	out.Outcome, out.Verdict, out.Left, out.Stuck = got.outcome(), got.Verdict, got.Left, got.Stuck
	out.Approvals = needed(got.Steps)
	out.Flow = s.redacted(ctx, got.Flow, t)
	if out.Ways, err = s.ways(ctx, a.who, got, c, all, f, versions); err != nil || all {
		out.Offered = offered(a.who, t, c, f, got.Columns, versions)
		return out, err
	}
	f, err = s.everything(ctx, t)
	out.Offered = offered(a.who, t, c, f, got.Columns, versions)
	return out, err
}

// fieldText is what an error says of a field, without the field's name.
func fieldText(err error) string {
	if e, ok := errs.As(err); ok && len(e.Fields) > 0 {
		return e.Fields[0].Message
	}
	return err.Error()
}
