package layout

import (
	"cmp"
	"slices"
)

// wishWeight is the price of a layer between a node and its wish: higher than
// what shorter edges could save, so that only direction overrides a wish.
const wishWeight = 1_000

// least is the smallest difference of layers along an edge. A pill stands at
// the right of the layer it is counted with.
func (c *chart) least(from, to int) int {
	if c.nodes[to].Pill && !c.nodes[from].Pill {
		return 0
	}
	return 1
}

// assignLayers finds the layers of a picture that is drawn afresh.
//
// An additional vertex stands for layer 0. Wishes are spans from and to it.
func (c *chart) assignLayers() {
	n := len(c.nodes)
	spans := c.addWishes(c.breakCycles(c.edgeSpans()))
	comps := components(n+1, spans)
	rootComp := comps[n]
	lowest := 0
	for id := range slices.Max(comps) + 1 {
		members, inner := pick(comps, id, spans)
		ranks := solveRanks(len(members), inner)
		c.balance(members, inner, ranks)
		if id == rootComp {
			zero := ranks[len(ranks)-1] // the additional vertex has the last index
			for i := range ranks {
				ranks[i] -= zero
			}
			lowest = slices.Min(ranks)
		}
		for i, v := range members {
			if v < n {
				c.layer[v] = ranks[i]
			}
		}
	}
	for v := range c.layer {
		if comps[v] != rootComp {
			c.layer[v] += lowest
		}
	}
	c.closeUp()
}

// edgeSpans makes one span of all arcs from one node to another.
func (c *chart) edgeSpans() []span {
	var spans []span
	known := make(map[[2]int]int)
	for _, a := range c.arcs {
		if a.from == a.to {
			continue
		}
		key := [2]int{a.from, a.to}
		at, ok := known[key]
		if !ok {
			at = len(spans)
			known[key] = at
			spans = append(spans, span{from: a.from, to: a.to, least: c.least(a.from, a.to)})
		}
		spans[at].weight++
	}
	slices.SortFunc(spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	return spans
}

// addWishes adds the wished layers as spans from and to layer 0. A wish that
// the edges make impossible is left out: it would close a cycle, and as the
// edges have none it is found as a way back to layer 0.
func (c *chart) addWishes(spans []span) []span {
	zero := len(c.nodes)
	for v, n := range c.nodes {
		switch {
		case !n.HasLayer:
		case n.Layer < 0:
			spans = append(spans, span{from: v, to: zero, least: -n.Layer, weight: wishWeight})
		default:
			spans = append(spans, span{from: zero, to: v, least: n.Layer, weight: wishWeight})
		}
	}
	closing := closingSpans(zero+1, spans, []int{zero})
	var met []span
	for i, e := range spans {
		if !closing[i] {
			met = append(met, e)
		}
	}
	return met
}

// closeUp takes out layers in which nothing stands, keeping layer 0 at 0.
func (c *chart) closeUp() {
	used := slices.Clone(c.layer)
	slices.Sort(used)
	used = slices.Compact(used)
	zero, _ := slices.BinarySearch(used, 0)
	for v, l := range c.layer {
		at, _ := slices.BinarySearch(used, l)
		c.layer[v] = at - zero
	}
}
