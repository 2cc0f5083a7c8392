package layout

// keepLayers finds the layers of a picture that keeps boxes. Kept nodes stay
// in their layers, new ones go between them. When that leaves edges that can't
// run from left to right, one layer may be opened on either side of the root:
// everything beyond it then moves one layer further out.
func (c *chart) keepLayers() {
	spans := c.edgeSpans()
	base := make([]int, len(c.nodes))
	first, last := 0, 0
	for v := range c.nodes {
		base[v] = c.prev[v].Layer
		first, last = min(first, base[v]), max(last, base[v])
	}
	order := c.newOrder(spans)
	best := c.tryLayers(base, spans, order)
	for _, side := range [][2]int{{1, last}, {first, -1}} {
		opened := base
		for at := side[0]; at <= side[1] && best > 0; at++ {
			trial := c.openAt(base, at)
			if n := c.tryLayers(trial, spans, order); n < best {
				best, opened = n, trial
			}
		}
		base = opened
	}
	c.tryLayers(base, spans, order)
}

// openAt moves all kept nodes from layer at on, away from the root.
func (c *chart) openAt(base []int, at int) []int {
	moved := make([]int, len(base))
	for v, l := range base {
		switch {
		case at > 0 && l >= at:
			l++
		case at < 0 && l <= at:
			l--
		}
		moved[v] = l
	}
	return moved
}

// newOrder lists the new nodes so that each comes after those that feed it,
// but for cycles among them.
func (c *chart) newOrder(spans []span) []int {
	var inner []span
	for _, e := range spans {
		if !c.kept[e.from] && !c.kept[e.to] {
			inner = append(inner, e)
		}
	}
	out := make([][]int, len(c.nodes))
	for _, e := range inner {
		out[e.from] = append(out[e.from], e.to)
	}
	seen := make([]bool, len(c.nodes))
	var reversed []int
	var walk func(v int)
	walk = func(v int) {
		seen[v] = true
		for _, w := range out[v] {
			if !seen[w] {
				walk(w)
			}
		}
		reversed = append(reversed, v)
	}
	for _, v := range c.walkOrder(inner) {
		if !c.kept[v] && !seen[v] {
			walk(v)
		}
	}
	order := make([]int, len(reversed))
	for i, v := range reversed {
		order[len(order)-1-i] = v
	}
	return order
}

// tryLayers gives the kept nodes the layers of base and the new ones the
// layers their neighbours ask for. It returns how many spans then don't run
// from left to right.
func (c *chart) tryLayers(base []int, spans []span, order []int) int {
	at := make([][]span, len(c.nodes))
	for _, e := range spans {
		at[e.from] = append(at[e.from], e)
		at[e.to] = append(at[e.to], e)
	}
	placed := make([]bool, len(c.nodes))
	copy(placed, c.kept)
	copy(c.layer, base)
	for _, v := range order {
		c.placeNew(v, at[v], placed, true)
	}
	for i := len(order) - 1; i >= 0; i-- {
		if v := order[i]; !placed[v] {
			c.placeNew(v, at[v], placed, false)
		}
	}
	for _, v := range order {
		if !placed[v] {
			c.placeNew(v, at[v], placed, true)
		}
		if !placed[v] {
			c.layer[v], placed[v] = c.nodes[v].Layer, true
		}
	}
	wrong := 0
	for _, e := range spans {
		if c.rank(e.from) >= c.rank(e.to) {
			wrong++
		}
	}
	return wrong
}

// placeNew puts a new node right after what feeds it or, looking the other
// way, right before what it feeds. Its wish counts as far as edges allow.
func (c *chart) placeNew(v int, spans []span, placed []bool, afterFeeders bool) {
	var low, high bound
	for _, e := range spans {
		switch {
		case e.to == v && placed[e.from]:
			low.tighten(-c.layer[e.from] - e.least)
		case e.from == v && placed[e.to]:
			high.tighten(c.layer[e.to] - e.least)
		}
	}
	low.at = -low.at
	switch {
	case low.count > 0 && high.count > low.count && high.at < low.at:
		c.layer[v] = high.at // fewer edges run backward this way
	case low.count > 0 && afterFeeders:
		c.layer[v] = low.at
	case high.count > 0 && !afterFeeders:
		c.layer[v] = high.at
	default:
		return
	}
	placed[v] = true
	wish := c.nodes[v].Layer
	if c.nodes[v].HasLayer && (low.count == 0 || wish >= low.at) && (high.count == 0 || wish <= high.at) {
		c.layer[v] = wish
	}
}

// bound is the least of several layers, and how many they were.
type bound struct{ at, count int }

func (b *bound) tighten(layer int) {
	if b.count == 0 || layer < b.at {
		b.at = layer
	}
	b.count++
}
