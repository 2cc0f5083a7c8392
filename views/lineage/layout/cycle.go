package layout

import (
	"cmp"
	"slices"
)

// breakCycles turns round the spans that close a cycle in a depth-first walk
// from the sources, upstream first.
func (c *chart) breakCycles(spans []span) []span {
	closing := closingSpans(len(c.nodes), spans, c.walkOrder(spans))
	acyclic := slices.Clone(spans)
	for i, e := range spans {
		if closing[i] {
			acyclic[i] = span{from: e.to, to: e.from, least: c.least(e.to, e.from), weight: e.weight}
		}
	}
	return acyclic
}

// walkOrder lists the nodes: sources first, then by wished layer, then by
// index.
func (c *chart) walkOrder(spans []span) []int {
	incoming := make([]int, len(c.nodes))
	for _, e := range spans {
		incoming[e.to] = 1
	}
	order := make([]int, len(c.nodes))
	for v := range order {
		order[v] = v
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(incoming[a], incoming[b]), cmp.Compare(c.nodes[a].Layer, c.nodes[b].Layer))
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
