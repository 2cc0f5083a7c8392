package sqlite

import (
	"cmp"
	"slices"

	"weir/graph"
)

// edgeMaker makes the edges of an answer, ordered by (From, Rel, To, Key).
type edgeMaker struct {
	*result
	list   []whole
	props  string
	starts []int32 // by the rank of From's id: where its edges begin
	order  []int32 // of list
}

func newEdgeMaker(r *result, list []whole, props string) *edgeMaker {
	return &edgeMaker{r, list, props, make([]int32, len(r.kept)+1), make([]int32, len(list))}
}

// ends are the places of an edge's ends in the answer.
func (m *edgeMaker) ends(w *whole) (from, to int32) {
	if m.w.Dir == graph.In {
		return m.at[w.other], m.at[w.node]
	}
	return m.at[w.node], m.at[w.other]
}

// make orders the edges and fills them in: those of a node are put together first, then each of these short lists is
// ordered.
func (m *edgeMaker) make() error {
	for i := range m.list {
		from, _ := m.ends(&m.list[i])
		m.starts[m.ranks[from]+1]++
	}
	for i := range len(m.starts) - 1 {
		m.starts[i+1] += m.starts[i]
	}
	next := slices.Clone(m.starts)
	for i := range m.list {
		from, _ := m.ends(&m.list[i])
		rank := m.ranks[from]
		m.order[next[rank]] = int32(i)
		next[rank]++
	}
	m.out.Edges = make([]graph.Edge, len(m.list))
	for i := range len(m.starts) - 1 {
		if err := m.fill(int(m.starts[i]), int(m.starts[i+1])); err != nil {
			return err
		}
	}
	return nil
}

// fill fills in the edges of one node.
func (m *edgeMaker) fill(begin, end int) error {
	edges := m.out.Edges[begin:end]
	sorted := true
	for i, row := range m.order[begin:end] {
		if err := m.edge(&edges[i], &m.list[row]); err != nil {
			return err
		}
		sorted = sorted && (i == 0 || compareEdges(&edges[i-1], &edges[i]) < 0)
	}
	if !sorted {
		slices.SortFunc(edges, func(a, b graph.Edge) int { return compareEdges(&a, &b) })
	}
	return nil
}

func compareEdges(a, b *graph.Edge) int {
	if a.Rel == b.Rel && a.To != b.To {
		return cmp.Compare(a.To, b.To)
	}
	return cmp.Or(cmp.Compare(a.Rel, b.Rel), cmp.Compare(a.To, b.To), cmp.Compare(a.Key, b.Key))
}

func (m *edgeMaker) edge(e *graph.Edge, w *whole) error {
	rel, err := m.s.terms.text(m.s, w.rel)
	if err != nil {
		return err
	}
	if e.Key, err = m.s.terms.text(m.s, w.key); err != nil {
		return err
	}
	from, to := m.ends(w)
	e.From, e.Rel, e.To = m.out.Nodes[from].Node.ID, graph.Rel(rel), m.out.Nodes[to].Node.ID
	e.Valid = graph.Span{Since: openMicros(w.since), Until: openMicros(w.until)}
	e.Known.Since = fromMicros(w.known)
	if w.gone != 0 {
		e.Known.Until = fromMicros(w.gone)
	}
	e.Props, err = m.s.decodeText(m.props[w.propsAt:w.propsTo], nil)
	return err
}
