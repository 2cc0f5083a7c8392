package layout

import (
	"cmp"
	"slices"
)

// pull is a height that is wished, how much, and by links of which side.
type pull struct {
	y, weight int
	right     bool
}

func byHeight(a, b pull) int { return cmp.Or(cmp.Compare(a.y, b.y), cmp.Compare(a.weight, b.weight)) }

// median is a height that has no more weight above than below; the pulls are
// sorted. Where a whole stretch is as good, it is the middle between two pulls
// of one side, as between two children. Between a pull from the left and one
// from the right it is what is nearest to now, which bends one link, not two.
func median(pulls []pull, now int) int {
	weight := 0
	for _, p := range pulls {
		weight += p.weight
	}
	sum := 0
	for i, p := range pulls {
		sum += 2 * p.weight
		if sum > weight {
			return p.y
		}
		if sum < weight {
			continue
		}
		next := pulls[i+1]
		if p.right == next.right {
			return floorDiv(p.y+next.y, 2)
		}
		return max(p.y, min(now, next.y))
	}
	return now
}

// goal is where the pulls on an item want its upper edge (at least one, sorted
// by height), where it is now, and how far it must be below the one of the item
// above.
type goal struct {
	pulls []pull
	now   int
	step  int
}

// block is a run of items that touch each other, and the pulls on all of them
// as seen from the first. It stands at their median.
type block struct {
	pulls []pull
	now   int
	y     int
	size  int
}

// fit returns heights that keep all steps, with the least weighted sum of
// distances from the pulls: items in each other's way merge to blocks.
func fit(goals []goal) []int {
	var blocks []block
	offset := 0
	for _, g := range goals {
		offset += g.step
		b := block{pulls: make([]pull, len(g.pulls)), now: g.now - offset, size: 1}
		for i, p := range g.pulls {
			b.pulls[i] = pull{p.y - offset, p.weight, p.right}
		}
		b.y = median(b.pulls, b.now)
		for len(blocks) > 0 && blocks[len(blocks)-1].y >= b.y {
			b = blocks[len(blocks)-1].merge(b)
			blocks = blocks[:len(blocks)-1]
		}
		blocks = append(blocks, b)
	}
	ys := make([]int, 0, len(goals))
	offset = 0
	for _, b := range blocks {
		for range b.size {
			offset += goals[len(ys)].step
			ys = append(ys, b.y+offset)
		}
	}
	return ys
}

// merge adds the block below.
func (b block) merge(below block) block {
	few, many := below.pulls, b.pulls
	if len(few) > len(many) {
		few, many = many, few
	}
	for _, p := range few {
		at, _ := slices.BinarySearchFunc(many, p, byHeight)
		many = slices.Insert(many, at, p)
	}
	return block{pulls: many, now: b.now, y: median(many, b.now), size: b.size + below.size}
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
