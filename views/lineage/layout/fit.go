package layout

import "cmp"

// pull is a height that is wished, and how much.
type pull struct{ y, weight int }

func byHeight(a, b pull) int { return cmp.Or(cmp.Compare(a.y, b.y), cmp.Compare(a.weight, b.weight)) }

// median is the middle of all heights that have no more weight above than
// below. The pulls are sorted.
func median(pulls []pull) int {
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
		if sum == weight {
			return floorDiv(p.y+pulls[i+1].y, 2)
		}
	}
	return 0
}

// goal is where the pulls on an item want its upper edge (at least one, sorted
// by height), and how far that must be below the one of the item above.
type goal struct {
	pulls []pull
	step  int
}

// block is a run of items that touch each other, and the pulls on all of them
// as seen from the first. It stands at their median.
type block struct {
	pulls []pull
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
		b := block{pulls: make([]pull, len(g.pulls)), size: 1}
		for i, p := range g.pulls {
			b.pulls[i] = pull{p.y - offset, p.weight}
		}
		b.y = median(b.pulls)
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

func (b block) merge(other block) block {
	all := make([]pull, 0, len(b.pulls)+len(other.pulls))
	i, j := 0, 0
	for i < len(b.pulls) || j < len(other.pulls) {
		if j == len(other.pulls) || (i < len(b.pulls) && b.pulls[i].y <= other.pulls[j].y) {
			all = append(all, b.pulls[i])
			i++
		} else {
			all = append(all, other.pulls[j])
			j++
		}
	}
	return block{pulls: all, y: median(all), size: b.size + other.size}
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
