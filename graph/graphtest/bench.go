package graphtest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"weir/graph"
)

// Bench measures an engine on a Layered graph of WEIR_BENCH_NODES nodes (10,000 unless said). The graph is loaded once.
func Bench(b *testing.B, open func(b *testing.B, schema graph.Schema) graph.Store) {
	n, err := number("WEIR_BENCH_NODES", 10_000)
	if err != nil {
		b.Fatal(err)
	}
	m := &bench{store: open(b, Schema()), graph: Layered{Nodes: n}}
	begin := time.Now()
	edges, err := m.graph.Load(b.Context(), m.store)
	if err != nil {
		b.Fatal(err)
	}
	took := time.Since(begin)
	b.Logf("loaded %d nodes and %d edges in %v: %.0f nodes/s", n, edges, took.Round(time.Millisecond), float64(n)/took.Seconds())
	m.reads(b)
	m.walks(b)
	m.searches(b)
	m.writes(b)
}

type bench struct {
	store graph.Store
	graph Layered
	event int // the next event to write
}

// each measures a question that has to succeed.
func (m *bench) each(b *testing.B, name string, ask func(ctx context.Context, i int) error) {
	b.Run(name, func(b *testing.B) {
		i := 0
		for b.Loop() {
			if err := ask(b.Context(), i); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
}

// ids are n nodes spread over the graph.
func (m *bench) ids(n, seed int) []graph.ID {
	out := make([]graph.ID, n)
	for i := range out {
		out[i] = m.graph.ID(int(mix(uint64(seed*n+i)) % uint64(m.graph.Nodes)))
	}
	return out
}

func (m *bench) reads(b *testing.B) {
	for _, n := range []int{1, 50, 1000} {
		m.each(b, fmt.Sprint("nodes/", n), func(ctx context.Context, i int) error {
			_, err := m.store.Nodes(ctx, m.ids(n, i)...)
			return err
		})
	}
	m.each(b, "edges/50", func(ctx context.Context, i int) error {
		_, err := m.store.Edges(ctx, graph.EdgeQuery{Of: m.ids(50, i), Dir: graph.Dir(i % 2), Limit: 10})
		return err
	})
	m.each(b, "degrees/200", func(ctx context.Context, i int) error {
		_, err := m.store.Degrees(ctx, m.ids(200, i), nil, time.Time{})
		return err
	})
	for name, v := range map[string]*graph.Visible{"all": nil, "half": {Audiences: []string{"all"}}, "few": {Audiences: []string{"few"}}} {
		m.each(b, "list/"+name, func(ctx context.Context, i int) error {
			q := graph.Query{Kind: Place, Where: []graph.Filter{{Prop: "grp", Values: []any{fmt.Sprint("g", i%10)}}}, Sort: "name", Limit: 50, Visible: v, Desc: i%2 == 1}
			page, err := m.store.List(ctx, q)
			if err != nil || page.Next == "" {
				return err
			}
			q.After = page.Next
			_, err = m.store.List(ctx, q)
			return err
		})
	}
}

func (m *bench) walks(b *testing.B) {
	for _, reached := range []int{1000, 10_000, 100_000} {
		root, ok := m.graph.Root(reached)
		if !ok {
			continue
		}
		w := graph.Walk{From: []graph.ID{root}, Rels: []graph.Rel{Feeds}, Depth: 100, Max: graph.MaxNodes, Fields: []string{"name"}}
		m.walk(b, fmt.Sprint("traverse/", reached), w, reached)
		shown := w
		shown.Max = 200
		m.walk(b, fmt.Sprintf("traverse/%d/max200", reached), shown, 200)
	}
	root, _ := m.graph.Root(1000)
	m.each(b, "path", func(ctx context.Context, i int) error {
		_, err := m.store.Path(ctx, root, m.graph.ID(1+i%999), graph.Walk{Depth: 20, Paths: 3})
		return err
	})
}

func (m *bench) walk(b *testing.B, name string, w graph.Walk, want int) {
	m.each(b, name, func(ctx context.Context, _ int) error {
		sub, err := m.store.Traverse(ctx, w)
		if err == nil && len(sub.Nodes) != want {
			return fmt.Errorf("%d nodes, want %d", len(sub.Nodes), want)
		}
		return err
	})
}

func (m *bench) searches(b *testing.B) {
	facets := []graph.Facet{{Prop: "kind"}, {Prop: "state"}, {Prop: "grp"}}
	for name, s := range map[string]graph.Search{
		"rare": {Text: "source7"}, "common": {Text: "domain3"}, "everywhere": {Text: "table"}, "prefix": {Text: "sour", Prefix: true},
		"rare for few": {Text: "domain3", Visible: &graph.Visible{Audiences: []string{"few"}}}, "browse": {Where: []graph.Filter{{Prop: "state", Values: []any{"old"}}}},
	} {
		s.Facets, s.Limit = facets, 20
		m.each(b, "search/"+name, func(ctx context.Context, _ int) error {
			_, err := m.store.Search(ctx, s)
			return err
		})
	}
}

func (m *bench) writes(b *testing.B) {
	m.each(b, "commit", func(ctx context.Context, i int) error {
		n := graph.Node{ID: m.graph.ID(i % 1000 * 2), Kind: Thing, Props: graph.Props{"rank": time.Now().UnixMicro()}}
		return write(ctx, m.store, []graph.NodeWrite{{Node: n}}, nil)
	})
	m.each(b, "append", func(ctx context.Context, _ int) error {
		m.event++
		return m.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
			id := graph.ID(fmt.Sprintf("pa_%dx%d", time.Now().UnixNano(), m.event))
			_, err := tx.Append(ctx, "bench", graph.NodeWrite{Node: graph.Node{ID: id, Kind: Paper, Props: graph.Props{"body": []byte("entry")}}})
			return err
		})
	})
	m.each(b, "events/256 new", func(ctx context.Context, _ int) error { return m.events(ctx, false) })
	m.each(b, "events/256 known", func(ctx context.Context, _ int) error { return m.events(ctx, true) })
}

// events writes a group of 256 events: new ones, or again those written last.
func (m *bench) events(ctx context.Context, again bool) error {
	if !again {
		m.event += 256
	}
	var ws []graph.NodeWrite
	var es []graph.Edge
	for i := m.event; i < m.event+256; i++ {
		nodes, edges := Event(i)
		ws, es = append(ws, nodes...), append(es, edges...)
	}
	return write(ctx, m.store, ws, es)
}
