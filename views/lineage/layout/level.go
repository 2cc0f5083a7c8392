package layout

import (
	"cmp"
	"slices"
)

// item is what takes a place in a level: a node, or the waypoint of an arc
// that passes through (node is -1, height 0).
type item struct {
	node, arc int
	level     int
	h         int
	y         int // upper edge
	left      []link
	right     []link
	// pos is the place in the level's order. leftSlots and rightSlots count
	// the distinct points at which links attach; leftBase and rightBase count
	// those of the items above.
	pos                   int
	leftSlots, rightSlots int
	leftBase, rightBase   int
}

// link is one step of an arc, seen from one of its ends: own and far are
// where it attaches, from the tops of the items; slots are those heights
// ranked among all on that side of the item.
type link struct {
	item             int
	own, far         int
	ownSlot, farSlot int
	weight           int
}

// level is a column of the picture: the cards of a layer (even rank) or the
// pills of a gap (odd rank), with the waypoints between them.
type level struct {
	rank  int
	items []int // from top to bottom
	x, w  int
}

func (l level) isGap() bool { return l.rank&1 != 0 }

// buildLevels makes the columns, puts every node in one and cuts each arc
// into links between neighbouring columns.
func (c *chart) buildLevels() {
	at := c.makeLevels()
	for v, n := range c.nodes {
		c.addItem(item{node: v, arc: -1, level: at[c.rank(v)], h: n.Height})
		lv := &c.levels[at[c.rank(v)]]
		lv.w = max(lv.w, n.Width)
	}
	c.widenEmpty()
	for i := range c.arcs {
		c.chainArc(i)
	}
	for i := range c.items {
		rankSlots(c.items[i].left, &c.items[i].leftSlots)
		rankSlots(c.items[i].right, &c.items[i].rightSlots)
	}
	c.matchSlots()
}

// widenEmpty gives layers without cards a width, so that nothing moves when a
// card comes to stand there later.
func (c *chart) widenEmpty() {
	for i, lv := range c.levels {
		if !lv.isGap() && lv.w == 0 {
			c.levels[i].w = c.space.Card
		}
	}
}

// makeLevels returns the index of each column by rank. Gaps without pills get
// none: edges cross them in one curve.
func (c *chart) makeLevels() map[int]int {
	pills := make(map[int]bool)
	first, last := c.rank(0), c.rank(0)
	for v := range c.nodes {
		r := c.rank(v)
		first, last = min(first, r), max(last, r)
		pills[r] = pills[r] || c.nodes[v].Pill
	}
	at := make(map[int]int)
	for r := first; r <= last; r++ {
		if r&1 == 0 || pills[r] {
			at[r] = len(c.levels)
			c.levels = append(c.levels, level{rank: r})
		}
	}
	return at
}

func (c *chart) addItem(it item) int {
	id := len(c.items)
	c.items = append(c.items, it)
	lv := &c.levels[it.level]
	lv.items = append(lv.items, id)
	return id
}

// chainArc strings an arc through the columns between its ends. Nodes have the
// item of their own index.
func (c *chart) chainArc(i int) {
	a := &c.arcs[i]
	tail, head, y, headY := a.from, a.to, a.fromY, a.toY
	if c.rank(tail) == c.rank(head) {
		a.backward = true
		return
	}
	if c.rank(tail) > c.rank(head) {
		a.backward = true
		tail, head, y, headY = head, tail, headY, y
	}
	a.chain = []int{tail}
	last := tail
	for lv := c.items[tail].level + 1; lv < c.items[head].level; lv++ {
		way := c.addItem(item{node: -1, arc: i, level: lv})
		c.join(last, way, y, 0)
		a.chain = append(a.chain, way)
		last, y = way, 0
	}
	c.join(last, head, y, headY)
	a.chain = append(a.chain, head)
}

// join links two items. The more waypoints and pills at its ends, the more a
// link wants to be level.
func (c *chart) join(left, right, leftY, rightY int) {
	weight := 1
	l, r := &c.items[left], &c.items[right]
	switch {
	case l.node < 0 && r.node < 0:
		weight = 8
	case !c.isCard(l) || !c.isCard(r):
		weight = 2
	}
	l.right = append(l.right, link{item: right, own: leftY, far: rightY, weight: weight})
	r.left = append(r.left, link{item: left, own: rightY, far: leftY, weight: weight})
}

func (c *chart) isCard(it *item) bool { return it.node >= 0 && !c.nodes[it.node].Pill }

// rankSlots ranks the heights at which the links of one side attach, and sorts
// the links by them.
func rankSlots(links []link, count *int) {
	heights := make([]int, len(links))
	for i, l := range links {
		heights[i] = l.own
	}
	slices.Sort(heights)
	heights = slices.Compact(heights)
	for i := range links {
		links[i].ownSlot, _ = slices.BinarySearch(heights, links[i].own)
	}
	slices.SortStableFunc(links, func(a, b link) int { return cmp.Compare(a.ownSlot, b.ownSlot) })
	*count = len(heights)
}

// matchSlots tells every link the slot at its far end.
func (c *chart) matchSlots() {
	slot := func(links []link, own int) int {
		i := slices.IndexFunc(links, func(l link) bool { return l.own == own })
		return links[i].ownSlot
	}
	for i := range c.items {
		for j := range c.items[i].left {
			l := &c.items[i].left[j]
			l.farSlot = slot(c.items[l.item].right, l.far)
		}
		for j := range c.items[i].right {
			l := &c.items[i].right[j]
			l.farSlot = slot(c.items[l.item].left, l.far)
		}
	}
}
