package layout

// bracketReach is how far the control points of a bracket stand out from its
// ends: the curve itself reaches three quarters of that, less than PillPad.
const bracketReach = 24

// Point is a place in the picture.
type Point struct{ X, Y int }

// Segment is one piece of a route: a cubic curve, or a level line if Line is
// set (C1 and C2 then mean nothing). It starts where the piece before ended.
type Segment struct {
	C1, C2, To Point
	Line       bool
}

// Route is a drawn edge. It starts at the right side of the edge's From and
// ends at the left side of its To. It runs from left to right, straight lines
// apart only in the gaps between layers, and so never behind a card.
//
// With Backward it does not: it closes a cycle, and leads from the left side
// of From to the right side of To; or both ends are in one layer (a self-loop
// is such a case), and it is a bracket at their right.
type Route struct {
	ID       string
	Backward bool
	Start    Point
	Segments []Segment
}

// End is where the route arrives.
func (r Route) End() Point {
	if len(r.Segments) == 0 {
		return r.Start
	}
	return r.Segments[len(r.Segments)-1].To
}

// route draws an arc once its items have their places.
func (c *chart) route(a arc) Route {
	if len(a.chain) == 0 {
		return c.bracket(a)
	}
	r := Route{ID: a.id, Backward: a.backward}
	tailY, headY := a.fromY, a.toY
	if a.backward {
		tailY, headY = headY, tailY
	}
	last := len(a.chain) - 1
	for i, id := range a.chain {
		in, out := c.span(id)
		y := c.items[id].y
		switch i {
		case 0:
			y += tailY
			r.Start = Point{c.nodeX(a.chain[0]) + c.nodes[a.chain[0]].Width, y}
			in = r.Start.X
		case last:
			y += headY
			out = c.nodeX(id)
		}
		if i > 0 {
			c.step(&r, a.chain[i-1], id, in, y)
		}
		if out != r.End().X {
			r.line(out)
		}
	}
	if a.backward {
		return r.turned()
	}
	return r
}

// span is the stretch of an item's level that a route crosses level: the whole
// width of a layer; in a gap the pill, or a short piece at a waypoint.
func (c *chart) span(id int) (in, out int) {
	it := c.items[id]
	lv := c.levels[it.level]
	switch {
	case !lv.isGap():
		return lv.x, lv.x + lv.w
	case it.node >= 0:
		x := c.nodeX(it.node)
		return x, x + c.nodes[it.node].Width
	default:
		half := min(c.space.Straight, lv.w) / 2
		mid := lv.x + lv.w/2
		return mid - half, mid + half
	}
}

// step adds the curve from one item to the next, which it reaches at (x, y).
// Where a pill of the gap is in the way the route passes it on a level line,
// and curves in the free width beside the pills.
func (c *chart) step(r *Route, from, to, x, y int) {
	start := r.End()
	for _, id := range []int{from, to} {
		lv := c.levels[c.items[id].level]
		if !lv.isGap() {
			continue
		}
		for _, other := range lv.items {
			v := c.items[other].node
			if v < 0 || other == id || !c.spans(other, start.Y, y) {
				continue
			}
			left := c.nodeX(v)
			if id == to {
				x = min(x, left)
			} else if right := left + c.nodes[v].Width; right > r.End().X {
				r.line(right)
			}
		}
	}
	r.curve(Point{x, y})
}

// spans tells whether a pill reaches into the heights between y1 and y2.
func (c *chart) spans(id, y1, y2 int) bool {
	it := c.items[id]
	return it.y <= max(y1, y2) && it.y+it.h >= min(y1, y2)
}

func (r *Route) line(x int) {
	end := Point{x, r.End().Y}
	if n := len(r.Segments); n > 0 && r.Segments[n-1].Line {
		r.Segments[n-1].To = end
		return
	}
	r.Segments = append(r.Segments, Segment{To: end, Line: true})
}

// curve adds a cubic with its control points at half the distance; a line if
// it is level.
func (r *Route) curve(to Point) {
	from := r.End()
	if from.Y == to.Y {
		r.line(to.X)
		return
	}
	mid := (from.X + to.X) / 2
	r.Segments = append(r.Segments, Segment{C1: Point{mid, from.Y}, C2: Point{mid, to.Y}, To: to})
}

// turned is the same route drawn from its other end.
func (r Route) turned() Route {
	t := Route{ID: r.ID, Backward: r.Backward, Start: r.End()}
	for i := len(r.Segments) - 1; i >= 0; i-- {
		to := r.Start
		if i > 0 {
			to = r.Segments[i-1].To
		}
		s := r.Segments[i]
		t.Segments = append(t.Segments, Segment{C1: s.C2, C2: s.C1, To: to, Line: s.Line})
	}
	return t
}

// bracket joins two ends in one level by a curve at their right. A loop from a
// point to itself gets ends a little apart.
func (c *chart) bracket(a arc) Route {
	fromX := c.nodeX(a.from) + c.nodes[a.from].Width
	toX := c.nodeX(a.to) + c.nodes[a.to].Width
	fromY, toY := c.items[a.from].y+a.fromY, c.items[a.to].y+a.toY
	if a.from == a.to && fromY == toY {
		room := min(6, a.fromY, c.nodes[a.from].Height-a.fromY)
		fromY, toY = fromY-room, toY+room
	}
	lv := c.levels[c.items[a.from].level]
	out := lv.x + lv.w
	if a.from == a.to {
		out = fromX
	}
	r := Route{ID: a.id, Backward: true, Start: Point{fromX, fromY}}
	if out != fromX {
		r.line(out)
	}
	reach := out + bracketReach
	r.Segments = append(r.Segments, Segment{C1: Point{reach, fromY}, C2: Point{reach, toY}, To: Point{out, toY}})
	if out != toX {
		r.line(toX)
	}
	return r
}
