package layout

import "slices"

// separation is the least free height between two items that follow each
// other in a level.
func (c *chart) separation(upper, lower int) int {
	a, b := c.items[upper].node, c.items[lower].node
	switch {
	case a < 0 && b < 0:
		return c.space.Edge
	case a < 0 || b < 0:
		return (c.space.Edge + c.space.Node) / 2
	case c.nodes[a].Pill:
		return c.space.Pill
	default:
		return c.space.Node
	}
}

const (
	settleRounds = 4
	// settleWork bounds the rounds times the squares of the levels' lengths,
	// which is what a level costs at worst.
	settleWork = 8_000_000
)

// settleAll gives every item its height in the picture. Sweeps move each level
// as near as it can get to its neighbours, which is quick but gets stuck when
// several levels would have to move together. The simplex method then finds
// the heights at which links overcome the least, and last sweeps put what may
// stand in several places in the middle of them.
func (c *chart) settleAll() {
	squares := 1
	for i, lv := range c.levels {
		c.stack(i)
		squares += len(lv.items) * len(lv.items)
	}
	rounds := min(settleRounds, 1+settleWork/squares)
	for range rounds {
		c.sweepHeights(true, false)
		c.sweepHeights(false, true)
	}
	if rounds < settleRounds {
		return // too tangled for finer work to be seen
	}
	c.sweepHeights(true, true)
	c.straighten()
	for range 2 {
		c.sweepHeights(true, true)
	}
}

// sweepHeights settles every level by its neighbours on the given sides, from
// the left if those count, and back if those on the right count.
func (c *chart) sweepHeights(left, right bool) {
	if left {
		for i := range c.levels {
			c.settle(i, left, right)
		}
	}
	if right {
		for i := len(c.levels) - 1; i >= 0; i-- {
			c.settle(i, left, right)
		}
	}
}

// stack puts the items of a level one below the other, around height 0.
func (c *chart) stack(i int) {
	y := 0
	items := c.levels[i].items
	for j, id := range items {
		if j > 0 {
			y += c.separation(items[j-1], id)
		}
		c.items[id].y = y
		y += c.items[id].h
	}
	for _, id := range items {
		c.items[id].y -= y / 2
	}
}

// settle moves the items of a level to where their links on the given sides
// overcome the least.
func (c *chart) settle(i int, left, right bool) {
	items := c.levels[i].items
	goals := make([]goal, len(items))
	for j, id := range items {
		if j > 0 {
			above := items[j-1]
			goals[j].step = c.items[above].h + c.separation(above, id)
		}
		goals[j].pulls, goals[j].now = c.pulls(id, left, right), c.items[id].y
	}
	for j, y := range fit(goals) {
		c.items[items[j]].y = y
	}
}

// pulls lists where the links of an item want it. Without links it wants to
// stay.
func (c *chart) pulls(id int, left, right bool) []pull {
	it := &c.items[id]
	pulls := make([]pull, 0, len(it.left)+len(it.right))
	if left {
		for _, l := range it.left {
			pulls = append(pulls, pull{c.items[l.item].y + l.far - l.own, l.weight, false})
		}
	}
	if right {
		for _, l := range it.right {
			pulls = append(pulls, pull{c.items[l.item].y + l.far - l.own, l.weight, true})
		}
	}
	if len(pulls) == 0 {
		pulls = append(pulls, pull{it.y, 1, false})
	}
	slices.SortFunc(pulls, byHeight)
	return pulls
}
