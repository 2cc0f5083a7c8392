package layout

import (
	"cmp"
	"slices"
)

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

const settleRounds = 16

// settleAll gives every item its height in the picture: sweeps move each
// level as near as it can get to the medians of its neighbours, first those of
// one side, in the end those of both.
func (c *chart) settleAll() {
	for i := range c.levels {
		c.stack(i)
	}
	for range settleRounds {
		for i := 1; i < len(c.levels); i++ {
			c.settle(i, true, false)
		}
		for i := len(c.levels) - 2; i >= 0; i-- {
			c.settle(i, false, true)
		}
	}
	for range settleRounds {
		for i := range c.levels {
			c.settle(i, true, true)
		}
		for i := len(c.levels) - 1; i >= 0; i-- {
			c.settle(i, true, true)
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

// settle moves the items of a level towards the medians of their neighbours on
// the given sides.
func (c *chart) settle(i int, left, right bool) {
	items := c.levels[i].items
	goals := make([]goal, len(items))
	for j, id := range items {
		if j > 0 {
			above := items[j-1]
			goals[j].step = c.items[above].h + c.separation(above, id)
		}
		goals[j].y, goals[j].weight = c.wishedHeight(id, left, right)
	}
	for j, y := range fit(goals) {
		c.items[items[j]].y = y
	}
}

// wishedHeight is the weighted median of the heights at which the links of an
// item would be level, and their weight. Without links the item stays.
func (c *chart) wishedHeight(id int, left, right bool) (y, weight int) {
	it := &c.items[id]
	var pulls []pull
	if left {
		pulls = c.pulls(pulls, it.left)
	}
	if right {
		pulls = c.pulls(pulls, it.right)
	}
	if len(pulls) == 0 {
		return it.y, 1
	}
	return medianPull(pulls)
}

type pull struct{ y, weight int }

func (c *chart) pulls(pulls []pull, links []link) []pull {
	for _, l := range links {
		pulls = append(pulls, pull{c.items[l.item].y + l.far - l.own, l.weight})
	}
	return pulls
}

// medianPull is the middle of all heights that have no more weight above than
// below, and the total weight.
func medianPull(pulls []pull) (y, weight int) {
	slices.SortFunc(pulls, func(a, b pull) int {
		return cmp.Or(cmp.Compare(a.y, b.y), cmp.Compare(a.weight, b.weight))
	})
	for _, p := range pulls {
		weight += p.weight
	}
	sum := 0
	for i, p := range pulls {
		sum += 2 * p.weight
		if sum > weight {
			return p.y, weight
		}
		if sum == weight {
			return floorDiv(p.y+pulls[i+1].y, 2), weight
		}
	}
	return pulls[len(pulls)-1].y, weight
}

// goal is the wished upper edge of an item, how much it matters, and how far
// below the upper edge of the item above it must be at least.
type goal struct{ y, weight, step int }

// fit returns heights that keep all steps with the least weighted squares of
// distances to the goals (isotonic regression: neighbours in each other's
// way merge to a block, which goes to the mean of its goals).
func fit(goals []goal) []int {
	type block struct{ sum, weight, size int }
	var blocks []block
	offset := 0
	for _, g := range goals {
		offset += g.step
		b := block{(g.y - offset) * g.weight, g.weight, 1}
		for len(blocks) > 0 {
			above := blocks[len(blocks)-1]
			if above.sum*b.weight < b.sum*above.weight {
				break
			}
			b = block{above.sum + b.sum, above.weight + b.weight, above.size + b.size}
			blocks = blocks[:len(blocks)-1]
		}
		blocks = append(blocks, b)
	}
	ys := make([]int, 0, len(goals))
	offset = 0
	for _, b := range blocks {
		base := floorDiv(2*b.sum+b.weight, 2*b.weight)
		for range b.size {
			offset += goals[len(ys)].step
			ys = append(ys, base+offset)
		}
	}
	return ys
}

// floorDiv rounds down, also below zero: rounding the same way everywhere is
// what keeps the distances between blocks.
func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}
