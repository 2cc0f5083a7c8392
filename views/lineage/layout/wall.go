package layout

import (
	"cmp"
	"slices"
)

const (
	keepRounds = 4
	// tightEdge is the least free height beside a waypoint between kept
	// boxes, which are not moved to make room.
	tightEdge = 6
)

// keeper finds places for new items between the kept ones. A kept box or
// waypoint stays at its height, unless boxes have grown and push what is below
// them down.
type keeper struct {
	c     *chart
	walls [][]int // kept items by level, from top to bottom
	free  [][]int // new items by level
	known []bool  // by item: has a height
	oldH  []int   // by item: height in the earlier picture
}

func (c *chart) keepPlaces() {
	k := &keeper{
		c: c, walls: make([][]int, len(c.levels)), free: make([][]int, len(c.levels)),
		known: make([]bool, len(c.items)), oldH: make([]int, len(c.items)),
	}
	k.keepBoxes()
	k.keepWaypoints()
	for id, it := range c.items {
		if k.known[id] {
			k.walls[it.level] = append(k.walls[it.level], id)
		} else {
			k.free[it.level] = append(k.free[it.level], id)
		}
	}
	for i := range k.walls {
		k.pushDown(k.walls[i])
	}
	for range keepRounds {
		for i := range c.levels {
			k.place(i)
		}
		for i := len(c.levels) - 1; i >= 0; i-- {
			k.place(i)
		}
	}
	k.placeRest()
	for i := range c.levels {
		items := c.levels[i].items
		slices.SortStableFunc(items, func(a, b int) int { return cmp.Compare(c.items[a].y, c.items[b].y) })
		c.number(items)
	}
}

// pushDown sorts the kept items of a level. Where one has grown it pushes those
// below it down, as far as to keep the distance that was between them.
func (k *keeper) pushDown(walls []int) {
	slices.SortStableFunc(walls, func(a, b int) int { return cmp.Compare(k.c.items[a].y, k.c.items[b].y) })
	oldEnd := 0
	for i, id := range walls {
		it := &k.c.items[id]
		y := it.y
		if i > 0 {
			above := k.c.items[walls[i-1]]
			distance := min(y-oldEnd, k.apart(walls[i-1], id))
			it.y = max(y, above.y+above.h+max(distance, 0))
		}
		oldEnd = y + k.oldH[id]
	}
}

func (k *keeper) apart(upper, lower int) int {
	if k.c.items[upper].node < 0 || k.c.items[lower].node < 0 {
		return tightEdge
	}
	return k.c.separation(upper, lower)
}

// hole is the free room of a level between two walls.
type hole struct {
	above, below int // walls; -1 for none
	items        []int
	used         int
}

// place finds heights for the new items of a level whose neighbours have one.
func (k *keeper) place(i int) {
	wish := make(map[int]pull)
	var ready []int
	for _, id := range k.free[i] {
		y, weight, ok := k.wished(id)
		if ok {
			wish[id] = pull{y: y, weight: weight}
			ready = append(ready, id)
		}
	}
	// Boxes choose before waypoints: they fit in fewer holes.
	slices.SortStableFunc(ready, func(a, b int) int {
		return cmp.Or(cmp.Compare(k.c.items[b].h, k.c.items[a].h), cmp.Compare(wish[a].y, wish[b].y))
	})
	holes := k.holes(i)
	for _, id := range ready {
		h := k.choose(holes, id, wish[id].y)
		h.items = append(h.items, id)
		h.used += k.c.items[id].h + k.widest(id)
		k.known[id] = true
	}
	for _, h := range holes {
		k.fill(h, wish)
	}
}

// wished is where the neighbours that have a height already want an item.
func (k *keeper) wished(id int) (y, weight int, ok bool) {
	it := &k.c.items[id]
	var pulls []pull
	for side, links := range [][]link{it.left, it.right} {
		for _, l := range links {
			if k.known[l.item] {
				y := k.c.items[l.item].y + l.far - l.own
				pulls = append(pulls, pull{y, l.weight, side == 1})
			}
		}
	}
	if len(pulls) == 0 {
		return it.y, 1, k.known[id]
	}
	slices.SortFunc(pulls, byHeight)
	for _, p := range pulls {
		weight += p.weight
	}
	return median(pulls, it.y), weight, true
}

func (k *keeper) holes(i int) []*hole {
	holes := []*hole{{above: -1, below: -1}}
	for _, w := range k.walls[i] {
		holes[len(holes)-1].below = w
		holes = append(holes, &hole{above: w, below: -1})
	}
	return holes
}

// widest is the most room an item may need between itself and a neighbour.
func (k *keeper) widest(id int) int { return k.apart(id, id) }

// choose returns the hole nearest to a height in which the item still fits.
// Above and below all walls there is always room.
func (k *keeper) choose(holes []*hole, id, y int) *hole {
	var best *hole
	distance := 0
	for _, h := range holes {
		low, high, ok := k.room(h, id)
		if !ok {
			continue
		}
		d := 0
		if h.above >= 0 {
			d = max(d, low-y)
		}
		if h.below >= 0 {
			d = max(d, y-high)
		}
		if best == nil || d < distance {
			best, distance = h, d
		}
	}
	return best
}

// room returns between which heights an item may stand in a hole, and whether
// it fits beside those that are in it.
func (k *keeper) room(h *hole, id int) (low, high int, ok bool) {
	need := k.c.items[id].h + k.widest(id)
	if h.above >= 0 {
		w := k.c.items[h.above]
		low = w.y + w.h + k.apart(h.above, id)
	}
	if h.below >= 0 {
		high = k.c.items[h.below].y - k.apart(id, h.below) - k.c.items[id].h
	}
	if h.above < 0 || h.below < 0 {
		return low, high, true
	}
	above := k.c.items[h.above]
	free := k.c.items[h.below].y - above.y - above.h - k.widest(id)
	return low, high, h.used+need <= free
}

// between is the distance of two new items: with no wall on one side there is
// no need to be sparing.
func (k *keeper) between(h *hole, upper, lower int) int {
	if h.above < 0 || h.below < 0 {
		return k.c.separation(upper, lower)
	}
	return k.apart(upper, lower)
}

// fill gives the items of a hole their heights, within its borders.
func (k *keeper) fill(h *hole, wish map[int]pull) {
	if len(h.items) == 0 {
		return
	}
	slices.SortStableFunc(h.items, func(a, b int) int {
		ya, yb := wish[a].y+k.c.items[a].h/2, wish[b].y+k.c.items[b].h/2
		return cmp.Or(cmp.Compare(ya, yb), cmp.Compare(a, b))
	})
	goals := make([]goal, len(h.items))
	length := 0
	for i, id := range h.items {
		goals[i].pulls = []pull{wish[id]}
		if i > 0 {
			goals[i].step = k.c.items[h.items[i-1]].h + k.between(h, h.items[i-1], id)
			length += goals[i].step
		}
	}
	first, last := h.items[0], h.items[len(h.items)-1]
	offset := 0
	for i, y := range fit(goals) {
		offset += goals[i].step
		if h.below >= 0 {
			bottom := k.c.items[h.below].y - k.apart(last, h.below) - k.c.items[last].h
			y = min(y, bottom-length+offset)
		}
		if h.above >= 0 {
			w := k.c.items[h.above]
			y = max(y, w.y+w.h+k.apart(h.above, first)+offset)
		}
		k.c.items[h.items[i]].y = y
	}
}

// placeRest stacks what is not connected to anything kept below the picture.
func (k *keeper) placeRest() {
	bottom := 0
	for id, it := range k.c.items {
		if k.known[id] {
			bottom = max(bottom, it.y+it.h+k.c.space.Node)
		}
	}
	for _, free := range k.free {
		y := bottom
		for _, id := range free {
			if k.known[id] {
				continue
			}
			k.c.items[id].y = y
			y += k.c.items[id].h + k.c.space.Node
		}
	}
}
