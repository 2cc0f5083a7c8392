package layout

import "slices"

// straightenWork bounds the steps of straighten times the vertices it looks at
// in each. Pictures of 60 cards are done long before that; in one so large that
// only few steps are left, building the tree for them isn't worth it.
const (
	straightenWork  = 800_000
	straightenSteps = 100
)

// straighten finds heights with the least weighted sum of what links overcome.
// Items are vertices whose ranks are their heights; each link gets a vertex
// above both of its ends, so that the higher one touches it and the distance
// to the lower one is what the link overcomes.
func (c *chart) straighten() {
	spans, ranks := c.heightSpans()
	comps := components(len(ranks), spans)
	for id := range slices.Max(comps) + 1 {
		members, inner := pick(comps, id, spans)
		steps := straightenWork / len(members)
		if steps < straightenSteps {
			continue
		}
		part := make([]int, len(members))
		for i, v := range members {
			part[i] = ranks[v]
		}
		improveRanks(part, inner, steps)
		for i, v := range members {
			if v < len(c.items) {
				c.items[v].y = part[i]
			}
		}
	}
}

// heightSpans returns the spans between items of a level and those of links,
// and the ranks as they are.
func (c *chart) heightSpans() (spans []span, ranks []int) {
	for _, it := range c.items {
		ranks = append(ranks, it.y)
	}
	for _, lv := range c.levels {
		for j := 1; j < len(lv.items); j++ {
			above, below := lv.items[j-1], lv.items[j]
			least := c.items[above].h + c.separation(above, below)
			spans = append(spans, span{from: above, to: below, least: least})
		}
	}
	for id, it := range c.items {
		for _, l := range it.right {
			slant := l.own - l.far
			v := len(ranks)
			ranks = append(ranks, min(it.y, c.items[l.item].y-slant))
			spans = append(spans,
				span{from: v, to: id, weight: l.weight},
				span{from: v, to: l.item, least: slant, weight: l.weight})
		}
	}
	return spans, ranks
}
