package layout

import "slices"

// spanTree is a spanning tree of a graph, as the simplex method needs it. It
// hangs from vertex 0: up is the span that leads to the parent, -1 at the top.
//
// The cut value of a tree span is the weight of the spans that lead, as it
// does, from one part of the tree to the other, less that of those that lead
// back. Spans within a part cancel out, so it is the sum of what each vertex
// of the part supplies: the weight of its spans out less that of those in.
type spanTree struct {
	spans  []span
	at     [][]int // tree spans by vertex
	up     []int
	low    []int // first and last number of the subtree, counted in post-order
	last   []int
	order  []int // vertices by number
	supply []int
	flow   []int // sum of supply in the subtree
}

func newSpanTree(n int, spans []span) spanTree {
	t := spanTree{
		spans: spans, at: make([][]int, n), up: make([]int, n), low: make([]int, n),
		last: make([]int, n), order: make([]int, n), supply: make([]int, n), flow: make([]int, n),
	}
	for _, e := range spans {
		t.supply[e.from] += e.weight
		t.supply[e.to] -= e.weight
	}
	t.up[0] = -1
	return t
}

func (t *spanTree) add(i int) {
	e := t.spans[i]
	t.at[e.from] = append(t.at[e.from], i)
	t.at[e.to] = append(t.at[e.to], i)
}

func (t *spanTree) remove(i int) {
	for _, v := range []int{t.spans[i].from, t.spans[i].to} {
		at := slices.Index(t.at[v], i)
		t.at[v] = slices.Delete(t.at[v], at, at+1)
	}
}

// number fills in everything that is known of the subtree of top, whose own up
// and low are right already.
func (t *spanTree) number(top int) { t.walk(top, t.low[top]) }

func (t *spanTree) walk(v, next int) int {
	t.low[v], t.flow[v] = next, t.supply[v]
	for _, i := range t.at[v] {
		if i == t.up[v] {
			continue
		}
		child := t.spans[i].from + t.spans[i].to - v
		t.up[child] = i
		next = t.walk(child, next)
		t.flow[v] += t.flow[child]
	}
	t.last[v], t.order[next] = next, v
	return next + 1
}

// subtree lists the vertices that hang from top, with it.
func (t *spanTree) subtree(top int) []int { return t.order[t.low[top] : t.last[top]+1] }

func (t *spanTree) below(v, top int) bool {
	return t.low[top] <= t.last[v] && t.last[v] <= t.last[top]
}

// worstCut returns the vertex whose span upwards has the most negative cut
// value, or -1.
func (t *spanTree) worstCut() int {
	found, worst := -1, 0
	for v, up := range t.up {
		if up < 0 {
			continue
		}
		cut := t.flow[v]
		if t.spans[up].to == v {
			cut = -cut
		}
		if cut < worst {
			found, worst = v, cut
		}
	}
	return found
}

// swap takes one span out and another in. Nothing changes above the vertex
// where the ways up from both ends of the new one meet.
func (t *spanTree) swap(out, in int) {
	meet, far := t.spans[in].from, t.spans[in].to
	for !t.below(far, meet) {
		e := t.spans[t.up[meet]]
		meet = e.from + e.to - meet
	}
	t.remove(out)
	t.add(in)
	t.number(meet)
}
