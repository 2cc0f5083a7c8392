package layout

import "slices"

// crossings counts the pairs of links that cross in the present order.
func (s *sorter) crossings() int {
	total := 0
	for i := 0; i+1 < len(s.levels); i++ {
		total += s.crossingsAfter(i)
	}
	return total
}

// crossingsAfter counts between level i and the next: the inversions among the
// right ends when links are taken by their left ends. Links that share an end
// don't cross.
func (s *sorter) crossingsAfter(i int) int {
	next := s.levels[i+1]
	if len(next) == 0 {
		return 0
	}
	last := &s.c.items[next[len(next)-1]]
	s.tree = slices.Grow(s.tree[:0], last.leftBase+last.leftSlots+1)[:last.leftBase+last.leftSlots+1]
	clear(s.tree)
	total, seen := 0, 0
	for _, id := range s.levels[i] {
		links := s.c.items[id].right
		for len(links) > 0 {
			same := 1 // links that leave at one slot
			for same < len(links) && links[same].ownSlot == links[0].ownSlot {
				same++
			}
			for _, l := range links[:same] {
				total += seen - s.countUpTo(s.c.items[l.item].leftBase+l.farSlot)
			}
			for _, l := range links[:same] {
				s.addAt(s.c.items[l.item].leftBase + l.farSlot)
			}
			seen += same
			links = links[same:]
		}
	}
	return total
}

// addAt and countUpTo keep counts by slot in a binary indexed tree.
func (s *sorter) addAt(slot int) {
	for i := slot + 1; i < len(s.tree); i += i & -i {
		s.tree[i]++
	}
}

func (s *sorter) countUpTo(slot int) int {
	n := 0
	for i := slot + 1; i > 0; i -= i & -i {
		n += s.tree[i]
	}
	return n
}

// transposeAll swaps neighbours in a level as long as that takes crossings
// away. With ties set it also swaps once where nothing changes, which helps
// to leave a local optimum.
func (s *sorter) transposeAll(ties bool) {
	dirty := make([]bool, len(s.levels))
	for i := range dirty {
		dirty[i] = true
	}
	passes := s.rounds/2 + 1 // later ones find next to nothing
	for pass := 0; pass < passes && slices.Contains(dirty, true); pass++ {
		for i := range s.levels {
			if !dirty[i] {
				continue
			}
			dirty[i] = false
			if !s.transpose(i, ties && pass == 0) {
				continue
			}
			for _, j := range []int{i - 1, i, i + 1} {
				if j >= 0 && j < len(dirty) {
					dirty[j] = true
				}
			}
		}
	}
}

// transpose makes one pass over a level and tells whether it gained anything.
func (s *sorter) transpose(i int, ties bool) bool {
	items := s.levels[i]
	left, right := make([][]int, len(items)), make([][]int, len(items))
	s.room = s.room[:0]
	for j, id := range items {
		left[j], right[j] = s.slots(id, true), s.slots(id, false)
	}
	gained := false
	for j := 0; j+1 < len(items); j++ {
		before := inversions(left[j], left[j+1]) + inversions(right[j], right[j+1])
		if before == 0 && !ties {
			continue
		}
		after := inversions(left[j+1], left[j]) + inversions(right[j+1], right[j])
		if after > before || (after == before && !ties) {
			continue
		}
		items[j], items[j+1] = items[j+1], items[j]
		left[j], left[j+1] = left[j+1], left[j]
		right[j], right[j+1] = right[j+1], right[j]
		gained = gained || after < before
	}
	s.c.number(items)
	return gained
}

// inversions counts the pairs of an upper and a lower end that stand the wrong
// way round. Both lists are sorted.
func inversions(upper, lower []int) int {
	total, below := 0, 0
	for _, u := range upper {
		for below < len(lower) && lower[below] < u {
			below++
		}
		total += below
	}
	return total
}
