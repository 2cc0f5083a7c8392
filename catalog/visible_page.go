package catalog

import (
	"context"

	"weir/graph"
)

// siftPage is how many items are looked at in one call.
const siftPage = 200

// How many calls one page of sifted makes at most. When they are used up without an item, the page is empty, but its Next
// goes on; it then names what was looked at last. Names are no less to be hidden there, so that of them many more are
// looked at.
const (
	siftRuns  = 10
	siftNames = 1_000
)

// sifted answers a list of a kind that carries no audience, whose items are visible or not by what they belong to. keep
// tells of each item whether it is shown. Only viewers who don't see all are sifted for. The cursor stands behind an item
// that is shown, since it can be read.
func sifted[T any](ctx context.Context, s *Service, typ *graph.Type[T], q graph.Query, calls int, keep func(context.Context, []T) ([]bool, error)) (Page[T], error) {
	if err := checkFirst(q.Limit); err != nil {
		return Page[T]{}, err
	}
	if s.visible(ctx) == nil {
		return page(ctx, s, typ, q)
	}
	var out Page[T]
	var end graph.Query // asks for what ends with the last item that is shown
	next := q.After
	for range calls {
		ask := q
		ask.After, ask.Limit = next, max(q.Limit, siftPage)
		got, err := page(ctx, s, typ, ask)
		if err != nil {
			return Page[T]{}, err
		}
		shown, err := keep(ctx, got.Items)
		if err != nil {
			return Page[T]{}, err
		}
		kept, last := take(got.Items, shown, q.Limit-len(out.Items))
		if len(kept) > 0 {
			out.Items, end = append(out.Items, kept...), ask
			end.Limit = last
		}
		next = got.Next
		if len(out.Items) == q.Limit {
			break
		}
		if next == "" {
			return out, nil
		}
	}
	if len(out.Items) == 0 {
		out.Next = next
		return out, nil
	}
	last, err := page(ctx, s, typ, end)
	out.Next = last.Next
	return out, err
}

// take returns the first items that are shown, at most as many as are needed, and how many there are up to the last of
// them.
func take[T any](items []T, shown []bool, most int) (kept []T, last int) {
	for i, v := range items {
		if shown[i] && len(kept) < most {
			kept, last = append(kept, v), i+1
		}
	}
	return kept, last
}

// page reads one page of a kind as the query says.
func page[T any](ctx context.Context, s *Service, typ *graph.Type[T], q graph.Query) (Page[T], error) {
	got, err := s.store.List(ctx, q)
	if err != nil {
		return Page[T]{}, err
	}
	items, err := typ.ReadAll(got.Nodes)
	return Page[T]{items, got.Next}, unreadable(err)
}
