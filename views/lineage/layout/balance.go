package layout

import "slices"

// balance moves cards that could stand in another layer at the same price to
// the one with the least height in it, which makes the picture lower.
func (c *chart) balance(members []int, spans []span, ranks []int) {
	at := make([][]span, len(members))
	for _, e := range spans {
		at[e.from] = append(at[e.from], e)
		at[e.to] = append(at[e.to], e)
	}
	height := make([]int, slices.Max(ranks)+1)
	for i, v := range members {
		height[ranks[i]] += c.cardHeight(v)
	}
	for i, v := range members {
		h := c.cardHeight(v)
		from, to, even := freedom(i, at[i], ranks, len(height)-1)
		if h == 0 || !even {
			continue
		}
		best := ranks[i]
		height[best] -= h
		for r := from; r <= to; r++ {
			if height[r] < height[best] {
				best = r
			}
		}
		height[best] += h
		ranks[i] = best
	}
}

// cardHeight is 0 for what takes no room in a layer: pills, and the vertex
// that stands for layer 0.
func (c *chart) cardHeight(v int) int {
	if v >= len(c.nodes) || c.nodes[v].Pill {
		return 0
	}
	return c.nodes[v].Height + c.space.Node
}

// freedom returns between which ranks a vertex may move, and whether moving
// costs nothing because as much weight leaves it as comes in.
func freedom(v int, spans []span, ranks []int, last int) (from, to int, even bool) {
	to = last
	weight := 0
	for _, e := range spans {
		if e.to == v {
			weight += e.weight
			from = max(from, ranks[e.from]+e.least)
		} else {
			weight -= e.weight
			to = min(to, ranks[e.to]-e.least)
		}
	}
	return from, to, weight == 0 && len(spans) > 0
}
