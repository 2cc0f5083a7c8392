package catalog

import (
	"context"

	"weir/graph"
)

// The bounds of what one page of sifted looks at: when they are reached the page is short, but its Next goes on.
const (
	siftPage  = 200
	siftPages = 10
)

// sifted answers a list of a kind that carries no audience, whose items are visible or not by what they belong to. keep
// tells of each item whether it is shown. Only viewers who don't see all are sifted for.
func sifted[T any](ctx context.Context, s *Service, typ *graph.Type[T], q graph.Query, keep func(context.Context, []T) ([]bool, error)) (Page[T], error) {
	if err := checkFirst(q.Limit); err != nil {
		return Page[T]{}, err
	}
	if s.visible(ctx) == nil {
		return page(ctx, s, typ, q)
	}
	var out Page[T]
	out.Next = q.After
	for range siftPages {
		ask := q
		ask.After, ask.Limit = out.Next, max(q.Limit, siftPage)
		got, err := page(ctx, s, typ, ask)
		if err != nil {
			return Page[T]{}, err
		}
		shown, err := keep(ctx, got.Items)
		if err != nil {
			return Page[T]{}, err
		}
		kept, looked := take(got.Items, shown, q.Limit-len(out.Items))
		if looked < len(got.Items) { // full before the end: the cursor has to stand where it ends
			ask.Limit = looked
			if got, err = page(ctx, s, typ, ask); err != nil {
				return Page[T]{}, err
			}
		}
		out.Items, out.Next = append(out.Items, kept...), got.Next
		if out.Next == "" || len(out.Items) == q.Limit {
			break
		}
	}
	return out, nil
}

// take returns the first items that are shown, at most as many as are needed, and how many were looked at for that.
func take[T any](items []T, shown []bool, most int) (kept []T, looked int) {
	for i, v := range items {
		if shown[i] {
			kept = append(kept, v)
		}
		if len(kept) == most {
			return kept, i + 1
		}
	}
	return kept, len(items)
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
