package graph_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/errs"
	"weir/graph"
)

// fake is an engine that records what reaches it and answers with err.
type fake struct {
	graph.Store // what isn't expected here panics
	err         error
	calls       []string
	list        graph.Query
	search      graph.Search
	edges       graph.EdgeQuery
	updateID    string
	tx          fakeTx
}

func (f *fake) called(name string) { f.calls = append(f.calls, name) }

func (f *fake) Nodes(_ context.Context, ids ...graph.ID) (map[graph.ID]graph.Node, error) {
	f.called(fmt.Sprint("nodes ", ids))
	return nil, f.err
}

func (f *fake) Edges(_ context.Context, q graph.EdgeQuery) (graph.EdgePage, error) {
	f.called("edges")
	f.edges = q
	return graph.EdgePage{}, f.err
}

func (f *fake) List(_ context.Context, q graph.Query) (graph.Page, error) {
	f.called("list")
	f.list = q
	return graph.Page{}, f.err
}

func (f *fake) Search(_ context.Context, s graph.Search) (graph.Result, error) {
	f.called("search")
	f.search = s
	return graph.Result{}, f.err
}

func (f *fake) Update(ctx context.Context, id string, fn func(context.Context, graph.Tx) error) error {
	f.called("update")
	f.updateID = id
	if err := fn(ctx, &f.tx); err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	return f.err
}

func (f *fake) Restore(_ context.Context, records iter.Seq2[graph.Record, error]) error {
	for _, err := range records {
		if err != nil {
			return err
		}
	}
	return f.err
}

type fakeTx struct {
	graph.Tx
	links [][]graph.Edge
	locks []string
	err   error
}

func (t *fakeTx) Link(_ context.Context, es ...graph.Edge) error {
	t.links = append(t.links, es)
	return t.err
}

func (t *fakeTx) Lock(_ context.Context, keys ...string) error {
	t.locks = keys
	return t.err
}

func (t *fakeTx) Nodes(context.Context, ...graph.ID) (map[graph.ID]graph.Node, error) {
	return nil, t.err
}

func testSchema() graph.Schema {
	facets := make([]string, graph.MaxFacets+1)
	for i := range facets {
		facets[i] = fmt.Sprint("f", i)
	}
	return graph.Schema{
		Kinds: map[graph.Kind]graph.Spec{
			"Thing": {Prefix: "th", Text: []graph.Text{{Prop: "name", Weight: 1}}, Lists: []graph.List{{Where: []string{"state"}, Sort: "due"}}, Facets: facets},
		},
		Rels: []graph.Rel{"TO", "AT"},
	}
}

func TestCheckedNormalises(t *testing.T) {
	ctx, f := t.Context(), &fake{}
	s := graph.Checked(f, testSchema())
	if _, err := s.Nodes(ctx, "th_b", "th_a", "th_b"); err != nil || !slices.Equal(f.calls, []string{"nodes [th_b th_a]"}) {
		t.Errorf("calls %v, error %v", f.calls, err)
	}
	when := time.Date(2024, 1, 2, 3, 4, 5, 6789, time.FixedZone("", 3600))
	if _, err := s.Edges(ctx, graph.EdgeQuery{Of: []graph.ID{"th_a"}, At: when}); err != nil {
		t.Error(err)
	}
	if q := f.edges; q.Limit != graph.MaxBatch || !slices.Equal(q.Rels, []graph.Rel{"AT", "TO"}) || q.At != time.Date(2024, 1, 2, 2, 4, 5, 6000, time.UTC) {
		t.Errorf("the engine was asked %+v", q)
	}
	where := []graph.Filter{{Prop: "state", Op: graph.Missing}, {Prop: "due", Op: graph.Less, Values: []any{when}}}
	_, err := s.List(ctx, graph.Query{Kind: "Thing", Where: where, Sort: "due", Limit: 1, Visible: &graph.Visible{Audiences: []string{"b", "a", "b"}}})
	if err != nil || !slices.Equal(f.list.Visible.Audiences, []string{"a", "b"}) || f.list.Where[1].Values[0] != graph.Time(when) {
		t.Errorf("the engine was asked %+v, error %v", f.list, err)
	}
	if where[1].Values[0] != when {
		t.Error("the caller's filter was changed")
	}
	if _, err := s.Search(ctx, graph.Search{Text: " a "}); err != nil || f.search.Text != "a" || !slices.Equal(f.search.Kinds, []graph.Kind{"Thing"}) {
		t.Errorf("the engine was asked %+v, error %v", f.search, err)
	}
	if err := s.Update(ctx, "", func(context.Context, graph.Tx) error { return nil }); err != nil || f.updateID == "" {
		t.Errorf("update id %q, error %v", f.updateID, err)
	}
}

func TestCheckedAnswersEmptyQuestions(t *testing.T) {
	ctx, f := t.Context(), &fake{}
	s := graph.Checked(f, testSchema())
	nobody := &graph.Visible{}
	state := []graph.Filter{{Prop: "state", Op: graph.Missing}}
	_, err1 := s.Nodes(ctx)
	_, err2 := s.Edges(ctx, graph.EdgeQuery{})
	_, err3 := s.List(ctx, graph.Query{Kind: "Thing", Where: state, Sort: "due", Limit: 1, Visible: nobody})
	_, err4 := s.Search(ctx, graph.Search{Visible: nobody})
	_, err5 := s.Search(ctx, graph.Search{Among: []graph.ID{}})
	res, err6 := s.Search(ctx, graph.Search{Text: "?!", Facets: []graph.Facet{{Prop: "kind"}}})
	_, err7 := s.Path(ctx, "th_a", "th_a", graph.Walk{Depth: 1})
	if err := errors.Join(err1, err2, err3, err4, err5, err6, err7); err != nil || len(f.calls) != 0 {
		t.Errorf("calls %v, error %v", f.calls, err)
	}
	if _, ok := res.Facets["kind"]; !ok {
		t.Error("the facet that was asked for is not there")
	}
}

func TestCheckedFacets(t *testing.T) {
	s := graph.Checked(&fake{}, testSchema())
	for n, want := range map[int]bool{graph.MaxFacets: true, graph.MaxFacets + 1: false} {
		var facets []graph.Facet
		for i := range n {
			facets = append(facets, graph.Facet{Prop: fmt.Sprint("f", i)})
		}
		_, err := s.Search(t.Context(), graph.Search{Facets: facets})
		if want && err != nil || !want && !errs.Is(err, errs.TooLarge) {
			t.Errorf("%d facets: error %v", n, err)
		}
	}
}

func TestCheckedNamesTheField(t *testing.T) {
	s := graph.Checked(&fake{}, testSchema())
	_, err := s.Search(t.Context(), graph.Search{Where: []graph.Filter{{Prop: "f1", Values: []any{"x"}}, {Prop: "f1", Values: []any{strings.Repeat("x", graph.MaxSortBytes+1)}}}})
	e, ok := errs.As(err)
	if !ok || e.Kind != errs.TooLarge || len(e.Fields) != 1 || e.Fields[0].Name != "where[1].values" {
		t.Errorf("error %+v", err)
	}
}

func TestCheckedGivesErrorsAKind(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	for _, tc := range []struct {
		err  error
		want errs.Kind
	}{
		{errors.New("foreign"), errs.Internal}, {errs.E(errs.Unavailable, "away"), errs.Unavailable}, {context.Canceled, errs.Internal},
	} {
		_, err := graph.Checked(&fake{err: tc.err}, testSchema()).Nodes(ended, "th_a")
		if e, ok := errs.As(err); !ok || e.Kind != tc.want || !errors.Is(err, tc.err) {
			t.Errorf("error %v, want %v", err, tc.want)
		}
	}
	f := &fake{err: errors.New("foreign")}
	err := graph.Checked(f, testSchema()).Update(ended, "", func(context.Context, graph.Tx) error { cancel(); f.err = context.Canceled; return nil })
	if !errs.Is(err, errs.Timeout) {
		t.Errorf("error %v, want timeout", err)
	}
}

func TestCheckedTx(t *testing.T) {
	ctx, f := t.Context(), &fake{}
	s := graph.Checked(f, testSchema())
	a := graph.Edge{From: "th_a", To: "th_b", Rel: "TO"}
	b := graph.Edge{From: "th_a", To: "th_b", Rel: "TO", Key: "k"}
	err := s.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, "z", "a", "z"); err != nil {
			return err
		}
		return tx.Link(ctx, a, b, a, a)
	})
	if err != nil || !slices.Equal(f.tx.locks, []string{"a", "z"}) {
		t.Errorf("locks %v, error %v", f.tx.locks, err)
	}
	if len(f.tx.links) != 3 || len(f.tx.links[0]) != 2 {
		t.Errorf("links came as %v", f.tx.links)
	}
	f.tx.err = errs.E(errs.NotFound, "no")
	err = s.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		_ = tx.Link(ctx, a) // ignored on purpose: the transaction must not be committed
		return nil
	})
	if !errs.Is(err, errs.NotFound) {
		t.Errorf("error %v, want not_found", err)
	}
	own := errors.New("fn's own")
	if err := s.Update(ctx, "", func(context.Context, graph.Tx) error { return own }); !errors.Is(err, own) {
		t.Errorf("error %v, want fn's own as it is", err)
	}
}

func TestCheckedRestore(t *testing.T) {
	s := graph.Checked(&fake{}, testSchema())
	node := graph.Node{ID: "th_a", Kind: "Thing", Version: 1}
	other := graph.Node{ID: "xx_a", Kind: "Thing", Version: 1}
	for _, tc := range []struct {
		record graph.Record
		ok     bool
	}{{graph.Record{Node: &node}, true}, {graph.Record{Node: &other}, false}, {graph.Record{}, false},
		{graph.Record{Sequence: &graph.Sequence{Name: "s", Last: 1}}, true}, {graph.Record{Sequence: &graph.Sequence{Name: "s t"}}, false},
		{graph.Record{Edge: &graph.Edge{From: "th_a", To: "th_a", Rel: "NONE"}}, false}} {
		err := s.Restore(t.Context(), func(yield func(graph.Record, error) bool) { yield(tc.record, nil) })
		if tc.ok != (err == nil) || err != nil && !errs.Is(err, errs.Invalid) {
			t.Errorf("%+v: error %v", tc.record, err)
		}
	}
}

func TestSchemaValidate(t *testing.T) {
	for name, s := range map[string]graph.Schema{
		"an underscore in a prefix": {Kinds: map[graph.Kind]graph.Spec{"A": {Prefix: "a_b"}}},
		"no prefix":                 {Kinds: map[graph.Kind]graph.Spec{"A": {}}},
		"one prefix twice":          {Kinds: map[graph.Kind]graph.Spec{"A": {Prefix: "a"}, "B": {Prefix: "a"}}},
		"the facet kind":            {Kinds: map[graph.Kind]graph.Spec{"A": {Prefix: "a", Facets: []string{"kind"}}}},
		"a kind that is no name":    {Kinds: map[graph.Kind]graph.Spec{"A B": {Prefix: "a"}}},
		"a relation that is none":   {Rels: []graph.Rel{"A-B"}},
		"a property that is none":   {Kinds: map[graph.Kind]graph.Spec{"A": {Prefix: "a", Sorts: []string{"a b"}}}},
		"too large":                 {Kinds: map[graph.Kind]graph.Spec{"A": {Prefix: "a", Max: graph.MaxDocument + 1}}},
	} {
		if s.Validate() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
