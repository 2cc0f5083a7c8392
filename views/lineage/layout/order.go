package layout

import (
	"cmp"
	"slices"
)

// orderLevels sorts every level so that few links cross. Parts that are not
// connected are sorted for themselves and stand one above the other, the
// largest first.
func (c *chart) orderLevels() {
	for i := range c.levels {
		c.levels[i].items = c.levels[i].items[:0]
	}
	for _, members := range c.itemParts() {
		s := &sorter{c: c, levels: make([][]int, len(c.levels))}
		s.sortPart(members)
		for i, part := range s.levels {
			c.levels[i].items = append(c.levels[i].items, part...)
		}
	}
	for i := range c.levels {
		c.number(c.levels[i].items)
	}
}

// number writes the order of a level into its items.
func (c *chart) number(items []int) {
	left, right := 0, 0
	for pos, id := range items {
		it := &c.items[id]
		it.pos, it.leftBase, it.rightBase = pos, left, right
		left += it.leftSlots
		right += it.rightSlots
	}
}

// itemParts returns the items of each connected part, the largest part first.
func (c *chart) itemParts() [][]int {
	var spans []span
	for i, it := range c.items {
		for _, l := range it.right {
			spans = append(spans, span{from: i, to: l.item})
		}
	}
	var parts [][]int
	for i, comp := range components(len(c.items), spans) {
		if comp == len(parts) {
			parts = append(parts, nil)
		}
		parts[comp] = append(parts[comp], i)
	}
	slices.SortStableFunc(parts, func(a, b []int) int { return cmp.Compare(len(b), len(a)) })
	return parts
}

// sorter sorts the levels of one connected part.
type sorter struct {
	c      *chart
	levels [][]int
	best   [][]int
	least  int // crossings of best
	tree   []int
	room   []int // that slots hands out
	rounds int
}

const (
	maxRounds = 24 // of sweeps from one start
	patience  = 6  // rounds without a better order before giving up
	// sortWork bounds the rounds times the items of a part: no graph, however
	// tangled, may take seconds.
	sortWork = 200_000
)

// sortPart tries sweeps from two starts, one grown from the left and one from
// the right, and keeps the order with the fewest crossings.
func (s *sorter) sortPart(members []int) {
	s.least = -1
	s.rounds = min(maxRounds, 1+sortWork/len(members))
	for _, fromRight := range []bool{false, true} {
		s.start(members, fromRight)
		s.sweepAll()
		if s.least == 0 {
			break
		}
	}
	s.levels = s.best
}

// start orders the items as a depth-first walk meets them.
func (s *sorter) start(members []int, fromRight bool) {
	for i := range s.levels {
		s.levels[i] = nil
	}
	roots := slices.Clone(members)
	slices.SortStableFunc(roots, func(a, b int) int {
		d := cmp.Compare(s.c.items[a].level, s.c.items[b].level)
		if fromRight {
			return -d
		}
		return d
	})
	seen := make(map[int]bool, len(members))
	var visit func(id int)
	visit = func(id int) {
		if seen[id] {
			return
		}
		seen[id] = true
		it := &s.c.items[id]
		s.levels[it.level] = append(s.levels[it.level], id)
		links := it.right
		if fromRight {
			links = it.left
		}
		for _, l := range links {
			visit(l.item)
		}
	}
	for _, id := range roots {
		visit(id)
	}
	for _, items := range s.levels {
		s.c.number(items)
	}
}

// sweepAll goes through the levels forth and back until rounds bring nothing.
func (s *sorter) sweepAll() {
	s.transposeAll(false)
	s.keepBest()
	stale := 0
	for round := 0; round < s.rounds && stale < patience && s.least > 0; round++ {
		s.sweep(round)
		s.transposeAll(round%4 >= 2)
		stale++
		if s.keepBest() {
			stale = 0
		}
	}
}

func (s *sorter) keepBest() bool {
	n := s.crossings()
	if s.least >= 0 && n >= s.least {
		return false
	}
	s.least = n
	s.best = make([][]int, len(s.levels))
	for i, items := range s.levels {
		s.best[i] = slices.Clone(items)
	}
	return true
}

// sweep sorts each level by the medians of its neighbours in the one before:
// even rounds from left to right, odd ones back. Every other pair of rounds
// turns equal medians round, to leave a local optimum.
func (s *sorter) sweep(round int) {
	flip := round%4 >= 2
	if round%2 == 0 {
		for i := 1; i < len(s.levels); i++ {
			s.sortLevel(i, true, flip)
		}
		return
	}
	for i := len(s.levels) - 2; i >= 0; i-- {
		s.sortLevel(i, false, flip)
	}
}

// sortLevel sorts by median; items without neighbours on that side keep
// their place.
func (s *sorter) sortLevel(i int, byLeft, flip bool) {
	type keyed struct{ id, median int }
	items := s.levels[i]
	var moving []keyed
	var places []int
	s.room = s.room[:0]
	for pos, id := range items {
		slots := s.slots(id, byLeft)
		if len(slots) == 0 {
			continue
		}
		moving = append(moving, keyed{id, medianSlot(slots)})
		places = append(places, pos)
	}
	if flip {
		slices.Reverse(moving)
	}
	slices.SortStableFunc(moving, func(a, b keyed) int { return cmp.Compare(a.median, b.median) })
	for j, pos := range places {
		items[pos] = moving[j].id
	}
	s.c.number(items)
}

// slots lists the slots an item's links of one side lead to, sorted. The list
// holds until room is emptied.
func (s *sorter) slots(id int, left bool) []int {
	it := &s.c.items[id]
	links := it.right
	if left {
		links = it.left
	}
	from := len(s.room)
	for _, l := range links {
		base := s.c.items[l.item].leftBase
		if left {
			base = s.c.items[l.item].rightBase
		}
		s.room = append(s.room, base+l.farSlot)
	}
	slots := s.room[from:len(s.room):len(s.room)]
	slices.Sort(slots)
	return slots
}

// medianSlot is the weighted median of Gansner et al., in 1/64 of a slot: of
// two middle ones it leans to the side where the others are closer together.
func medianSlot(slots []int) int {
	const unit = 64
	n := len(slots)
	mid := n / 2
	switch {
	case n%2 == 1:
		return unit * slots[mid]
	case n == 2:
		return unit * (slots[0] + slots[1]) / 2
	}
	left, right := slots[mid-1]-slots[0], slots[n-1]-slots[mid]
	if left+right == 0 {
		return unit * (slots[mid-1] + slots[mid]) / 2
	}
	return unit * (slots[mid-1]*right + slots[mid]*left) / (left + right)
}
