package graphtest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"weir/graph"
)

func randomCases() []testCase {
	return []testCase{{"equal to the oracle", randomEqual}}
}

// randomEqual builds random graphs (WEIR_TEST_GRAPHS, 500 unless said; WEIR_TEST_SEED to draw others) in the store and
// in the oracle and compares every answer.
func randomEqual(c *check) {
	graphs, err := number("WEIR_TEST_GRAPHS", 500)
	c.ok(err)
	seed, err := number("WEIR_TEST_SEED", 1)
	c.ok(err)
	for i := range graphs {
		h := Random(uint64(seed), i)
		p := &pair{check: c, oracle: Memory(Schema()), history: h, Rand: rand.New(rand.NewPCG(uint64(seed), uint64(i)))}
		p.where = fmt.Sprintf("graph %d of seed %d: ", i, seed)
		for _, step := range h.Steps {
			p.step(step)
		}
		p.compare()
	}
}

// pair is a store beside the oracle with the same history.
type pair struct {
	*check
	*rand.Rand
	oracle  graph.Store
	history History
	where   string
	known   []time.Time // times between the steps
}

func (p *pair) step(s Step) {
	p.Helper()
	p.ok(p.oracle.Update(p.ctx, "", s))
	p.ok(p.store.Update(p.ctx, "", s))
	p.known = append(p.known, between())
}

// equal asks both stores and wants the same answer, which it returns.
func equal[T any](p *pair, what string, ask func(s graph.Store) (T, error)) T {
	p.Helper()
	want, err := ask(p.oracle)
	p.ok(err)
	got, err := ask(p.store)
	if err != nil {
		p.Fatalf("%s%s: %v", p.where, what, err)
	}
	p.same(p.where+what, got, want)
	return got
}

func (p *pair) compare() {
	p.Helper()
	ids := p.history.Nodes
	equal(p, "nodes", func(s graph.Store) (map[graph.ID]graph.Node, error) { return s.Nodes(p.ctx, ids...) })
	p.compareEdges()
	for range 6 {
		p.compareWalk()
	}
	for range 3 {
		p.comparePath()
	}
	p.compareLists()
	for range 3 {
		p.compareSearch()
	}
}

func (p *pair) compareEdges() {
	p.Helper()
	ids := p.history.Nodes
	for _, dir := range []graph.Dir{graph.Out, graph.In} {
		all := equal(p, "all rows", func(s graph.Store) (graph.EdgePage, error) {
			return s.Edges(p.ctx, graph.EdgeQuery{Of: ids, Dir: dir, All: true})
		})
		p.disjoint(all.Edges)
		at, known := p.moment()
		for _, limit := range []int{0, 2} {
			q := graph.EdgeQuery{Of: ids, Dir: dir, Rels: p.rels(), At: at, Known: known, Limit: limit}
			equal(p, fmt.Sprintf("%+v", q), func(s graph.Store) (graph.EdgePage, error) { return s.Edges(p.ctx, q) })
		}
		q := graph.EdgeQuery{Of: ids[:1], Dir: dir, All: true, Limit: 1 + p.IntN(5)}
		equal(p, fmt.Sprintf("pages of %+v", q), func(s graph.Store) ([]graph.Edge, error) { return p.edgePages(s, q) })
		rels, then := p.rels(), p.day()
		equal(p, fmt.Sprint("degrees ", rels, then), func(s graph.Store) (map[graph.ID]graph.Degree, error) {
			return s.Degrees(p.ctx, ids, rels, then)
		})
	}
}

// edgePages reads the edges of a node to the end.
func (p *pair) edgePages(s graph.Store, q graph.EdgeQuery) ([]graph.Edge, error) {
	var out []graph.Edge
	for range 2000 {
		page, err := s.Edges(p.ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Edges...)
		if page.Next == "" {
			return out, nil
		}
		q.After = page.Next
	}
	return nil, fmt.Errorf("the edges never end")
}

// disjoint wants that of one edge no two rows hold at one time as known at one time.
func (p *pair) disjoint(es []graph.Edge) {
	p.Helper()
	rows := map[edgeName][]graph.Edge{}
	for _, e := range es {
		if !e.Known.Until.IsZero() && !e.Known.Since.Before(e.Known.Until) {
			p.Fatalf("%sa row is known for no time: %v", p.where, e.Known)
		}
		for _, other := range rows[nameOf(e)] {
			if overlap(e.Valid, other.Valid) && overlap(e.Known, other.Known) {
				p.Fatalf("%stwo rows overlap: %+v and %+v", p.where, e, other)
			}
		}
		rows[nameOf(e)] = append(rows[nameOf(e)], e)
	}
}

func overlap(a, b graph.Span) bool {
	return (a.Until.IsZero() || b.Since.Before(a.Until)) && (b.Until.IsZero() || a.Since.Before(b.Until))
}

// moment draws a pair of times to look at.
func (p *pair) moment() (at, known time.Time) {
	if p.IntN(2) == 0 {
		known = p.known[p.IntN(len(p.known))]
	}
	return p.day(), known
}

func (p *pair) day() time.Time {
	if n := p.IntN(16); n < 12 {
		return day(n)
	}
	return time.Time{}
}

func (p *pair) rels() []graph.Rel {
	return [][]graph.Rel{nil, {Feeds}, {Holds, Feeds}, {PartOf}}[p.IntN(4)]
}

func (p *pair) some(n int) []graph.ID {
	var out []graph.ID
	for range n {
		out = append(out, p.history.Nodes[p.IntN(min(len(p.history.Nodes), 30))])
	}
	return out
}

func (p *pair) compareWalk() {
	p.Helper()
	at, known := p.moment()
	w := graph.Walk{From: p.some(1 + p.IntN(2)), Dir: graph.Dir(p.IntN(2)), Rels: p.rels(), Depth: 1 + p.IntN(6), At: at, Known: known, Max: 1000}
	if p.IntN(2) == 0 {
		w.Max = 1 + p.IntN(8)
	}
	if p.IntN(3) == 0 {
		w.Fields = [][]string{{}, {"name", "rank"}}[p.IntN(2)]
	}
	if p.IntN(2) == 0 {
		w.Keep = p.keep()
	}
	equal(p, fmt.Sprintf("walk %+v keep %s", w, showKeep(w.Keep)), func(s graph.Store) (graph.Subgraph, error) { return s.Traverse(p.ctx, w) })
}

func (p *pair) keep() *graph.Keep {
	k := &graph.Keep{}
	if p.IntN(2) == 0 {
		k.Kinds = []graph.Kind{[]graph.Kind{Thing, Place}[p.IntN(2)]}
	}
	if p.IntN(2) == 0 {
		k.Where = []graph.Filter{p.filter()}
	}
	if p.IntN(3) == 0 {
		k.Near = p.near()
	}
	k.Visible = p.visible()
	return k
}

func (p *pair) near() []graph.Near {
	return []graph.Near{{Rel: []graph.Rel{Feeds, Holds}[p.IntN(2)], Dir: graph.Dir(p.IntN(2)), To: p.some(3)}}
}

func (p *pair) filter() graph.Filter {
	return []graph.Filter{
		{Prop: "state", Values: []any{"new", "New"}}, {Prop: "state", Op: graph.Missing}, {Prop: "rank", Op: graph.Less, Values: []any{int64(1)}},
		{Prop: "rank", Op: graph.More, Values: []any{int64(0)}}, {Prop: "rank", Values: []any{int64(-1), int64(2)}}, {Prop: "state", Op: graph.More, Values: []any{"new"}},
	}[p.IntN(6)]
}

func (p *pair) comparePath() {
	p.Helper()
	at, known := p.moment()
	ends := p.some(2)
	w := graph.Walk{Dir: graph.Dir(p.IntN(2)), Rels: p.rels(), Depth: 1 + p.IntN(6), At: at, Known: known, Paths: p.IntN(6)}
	equal(p, fmt.Sprintf("path %v %+v", ends, w), func(s graph.Store) ([][]graph.Edge, error) { return s.Path(p.ctx, ends[0], ends[1], w) })
}

func (p *pair) visible() *graph.Visible {
	return []*graph.Visible{nil, {}, {Audiences: []string{"all"}}, {Audiences: []string{"team 1", "few"}, IDs: p.some(3)}, {IDs: p.some(5)}}[p.IntN(5)]
}

func (p *pair) compareLists() {
	p.Helper()
	mine := graph.Filter{Prop: "grp", Values: []any{p.history.Group}}
	for _, q := range []graph.Query{
		{Kind: Thing}, {Kind: Thing, Sort: "name"}, {Kind: Thing, Sort: "rank"}, {Kind: Place, Sort: "name"},
		{Kind: Thing, Sort: "rank", Where: []graph.Filter{{Prop: "rank", Op: graph.More, Values: []any{int64(0)}}}},
		{Kind: Thing, Sort: "name", Where: []graph.Filter{{Prop: "state", Values: []any{"new"}}}},
		{Kind: Thing, Sort: "name", Where: []graph.Filter{{Prop: "state", Op: graph.Missing}}},
	} {
		q.Where = append(q.Where, mine)
		q.Desc, q.Limit, q.Visible = p.IntN(2) == 0, []int{1, 3, 1000}[p.IntN(3)], p.visible()
		if len(p.history.Nodes) > 100 {
			q.Limit = 200
		}
		if p.IntN(4) == 0 {
			q.Near = p.near()
		}
		equal(p, fmt.Sprintf("list %+v %+v", q, q.Visible), func(s graph.Store) ([]graph.Node, error) { return p.listPages(s, q) })
	}
}

// listPages reads a list to its end.
func (p *pair) listPages(s graph.Store, q graph.Query) ([]graph.Node, error) {
	var out []graph.Node
	for range 2000 {
		page, err := s.List(p.ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Nodes...)
		if page.Next == "" {
			return out, nil
		}
		q.After = page.Next
	}
	return nil, fmt.Errorf("the list never ends")
}

func (p *pair) compareSearch() {
	p.Helper()
	s := graph.Search{
		Text:   []string{"", "alpha", "gamma", "al", "9", "epsilon", "ray gamma", "delta alp"}[p.IntN(8)],
		Prefix: p.IntN(2) == 0, Limit: 1000, Visible: p.visible(),
		Where:  []graph.Filter{{Prop: "grp", Values: []any{p.history.Group}}},
		Facets: []graph.Facet{{Prop: "state"}, {Prop: "rank"}, {Prop: "kind"}, {Rel: Feeds, Dir: graph.Dir(p.IntN(2))}},
		Sort:   []string{"", "", "name", "rank"}[p.IntN(4)], Desc: p.IntN(2) == 0,
	}
	if p.IntN(2) == 0 {
		s.Offset, s.Limit = p.IntN(4), p.IntN(5)
	}
	if p.IntN(3) == 0 {
		s.Kinds = []graph.Kind{Thing}
	}
	if p.IntN(3) == 0 {
		s.Where = append(s.Where, graph.Filter{Prop: "rank", Op: graph.Less, Values: []any{int64(2)}})
	}
	if p.IntN(4) == 0 {
		s.Near = p.near()
	}
	if p.IntN(4) == 0 {
		s.Among = p.some(8)
	}
	equal(p, fmt.Sprintf("search %+v %+v", s, s.Visible), func(store graph.Store) (graph.Result, error) { return store.Search(p.ctx, s) })
}
