package layout

import (
	"cmp"
	"slices"
)

// breakCycles turns round the spans that close a cycle in a depth-first walk
// from the sources, upstream first. A wish that takes part in a cycle is
// dropped instead: it can't be met.
func (c *chart) breakCycles(spans []span) []span {
	zero := len(c.nodes)
	closing := closingSpans(zero+1, spans, c.walkOrder(spans))
	var acyclic []span
	for i, e := range spans {
		if !closing[i] {
			acyclic = append(acyclic, e)
			continue
		}
		if e.from == zero || e.to == zero {
			continue
		}
		turned := span{from: e.to, to: e.from, least: c.least(e.to, e.from), weight: e.weight}
		acyclic = append(acyclic, turned)
	}
	return acyclic
}

// walkOrder lists the vertices: sources first, then by wished layer, then by
// index. The vertex of layer 0 comes between upstream and downstream.
func (c *chart) walkOrder(spans []span) []int {
	zero := len(c.nodes)
	incoming := make([]int, zero+1)
	for _, e := range spans {
		incoming[e.to] = 1
	}
	wish := func(v int) int {
		if v < zero && c.nodes[v].HasLayer {
			return 2*c.nodes[v].Layer + 1
		}
		return 0
	}
	order := make([]int, zero+1)
	for v := range order {
		order[v] = v
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(incoming[a], incoming[b]), cmp.Compare(wish(a), wish(b)))
	})
	return order
}

// closingSpans marks the spans that lead back to a vertex the walk is still
// below of. Without them, or with them turned round, the graph has no cycle.
func closingSpans(n int, spans []span, order []int) []bool {
	out := make([][]int, n)
	for i, e := range spans {
		out[e.from] = append(out[e.from], i)
	}
	const open, done = 1, 2
	state := make([]int, n)
	closing := make([]bool, len(spans))
	var walk func(v int)
	walk = func(v int) {
		state[v] = open
		for _, i := range out[v] {
			switch state[spans[i].to] {
			case open:
				closing[i] = true
			case done:
			default:
				walk(spans[i].to)
			}
		}
		state[v] = done
	}
	for _, v := range order {
		if state[v] == 0 {
			walk(v)
		}
	}
	return closing
}

// components numbers the connected parts, in the order of their first vertex.
func components(n int, spans []span) []int {
	near := make([][]int, n)
	for _, e := range spans {
		near[e.from] = append(near[e.from], e.to)
		near[e.to] = append(near[e.to], e.from)
	}
	comp := make([]int, n)
	for v := range comp {
		comp[v] = -1
	}
	next := 0
	for v := range comp {
		if comp[v] >= 0 {
			continue
		}
		comp[v] = next
		for queue := []int{v}; len(queue) > 0; queue = queue[1:] {
			for _, w := range near[queue[0]] {
				if comp[w] < 0 {
					comp[w] = next
					queue = append(queue, w)
				}
			}
		}
		next++
	}
	return comp
}

// pick returns the members of one component and its spans, renumbered to
// positions in members.
func pick(comps []int, id int, spans []span) (members []int, inner []span) {
	place := make(map[int]int)
	for v, comp := range comps {
		if comp == id {
			place[v] = len(members)
			members = append(members, v)
		}
	}
	for _, e := range spans {
		if comps[e.from] == id {
			e.from, e.to = place[e.from], place[e.to]
			inner = append(inner, e)
		}
	}
	return members, inner
}
