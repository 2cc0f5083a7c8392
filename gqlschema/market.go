package gqlschema

import (
	"context"
	"strconv"
	"strings"

	"weir/gqlschema/gen"
	"weir/graph"
	"weir/marketplace"
)

func (r *resolver) Somebody() gen.SomebodyResolver { return somebodies{} }

type somebodies struct{}

// Name is the name of somebody; null of who was erased.
func (somebodies) Name(ctx context.Context, s *gen.Somebody) (*string, error) {
	if s.Known != nil {
		return text(*s.Known), nil
	}
	name, _, err := loadersOf(ctx).names.load(ctx, s.ID)
	return text(name), err
}

// somebody is who has an id, with a name that is looked up once it is asked for; nil for nobody.
func somebody(id graph.ID) *gen.Somebody {
	if id == "" {
		return nil
	}
	return &gen.Somebody{ID: id}
}

// called is who has an id, with the name that is known; nil for nobody.
func called(id graph.ID, name string) *gen.Somebody {
	if id == "" {
		return nil
	}
	return &gen.Somebody{ID: id, Known: &name}
}

// word is a state or the like as the schema spells it: needs-info and "at once" are NEEDS_INFO and AT_ONCE.
func word[E, S ~string](s S) E {
	return E(strings.ToUpper(strings.NewReplacer("-", "_", " ", "_").Replace(string(s))))
}

// wordOr is null for "".
func wordOr[E, S ~string](s S) *E {
	if s == "" {
		return nil
	}
	out := word[E](s)
	return &out
}

// unword is an enum's value as the marketplace spells it.
func unword[S, E ~string](e E) S {
	return S(strings.ToLower(strings.ReplaceAll(string(e), "_", "-")))
}

// unwordOr is "" for null.
func unwordOr[S, E ~string](e *E) S {
	if e == nil {
		return ""
	}
	return unword[S](*e)
}

// words are enums' values as the schema spells them.
func words[E, S ~string](in []S) []E {
	out := make([]E, len(in))
	for i, s := range in {
		out[i] = word[E](s)
	}
	return out
}

func unwords[S, E ~string](in []E) []S {
	var out []S
	for _, e := range in {
		out = append(out, unword[S](e))
	}
	return out
}

// full is never null.
func full[T any](in []T) []T { return append([]T{}, in...) }

// atLeastOne is null for 0.
func atLeastOne(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// number64 is a version that a client may leave out; 0 is any.
func number64(n *int) int64 { return int64(or(n, 0)) }

// reading reads a page of a list that goes on behind a cursor. It may hold less than asked for, or nothing, and go on still.
func reading[T any](field string, first *int, after *string, read func(after string, limit int) ([]T, string, error)) (window[T], error) {
	p, err := pageOf(field, first, after)
	if err != nil {
		return window[T]{}, err
	}
	items, next, err := read(p.after, p.limit())
	if err != nil {
		return window[T]{}, err
	}
	w := windowOf(p, items, next)
	if len(w.items) == 0 && next != "" {
		end := p.cursor(next, 0)
		w.info.EndCursor = &end
	}
	return w, nil
}

// counted reads a page of a list that is counted through; total is how long it is, at least.
func counted[T any](field string, first *int, after *string, read func(offset, limit int) (items []T, total int, err error)) (window[T], error) {
	p, err := pageOf(field, first, after)
	if err != nil {
		return window[T]{}, err
	}
	from, err := p.offset()
	if err != nil {
		return window[T]{}, err
	}
	items, total, err := read(from, p.first)
	if err != nil {
		return window[T]{}, err
	}
	w := window[T]{items: items}
	for i := range items {
		w.cursors = append(w.cursors, p.cursor(strconv.Itoa(from+i+1), 0))
	}
	w.info = infoOf(w.cursors, from+len(items) < total, from > 0)
	return w, nil
}

// marketPage takes a page of the marketplace's apart.
func marketPage[T any](p marketplace.Page[T], err error) ([]T, string, error) {
	return p.Items, p.Next, err
}
