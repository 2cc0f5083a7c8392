package layout

import (
	"fmt"
	"strings"
)

// picture reads the finished chart out. A picture drawn afresh begins at 0,0;
// one that keeps boxes stays in their frame.
func (c *chart) picture() Picture {
	dx, dy := c.frame()
	for i := range c.levels {
		c.levels[i].x += dx
	}
	for i := range c.items {
		c.items[i].y += dy
	}
	p := Picture{Boxes: make([]Box, 0, len(c.nodes)), Routes: make([]Route, 0, len(c.arcs))}
	for v, n := range c.nodes {
		p.Boxes = append(p.Boxes, Box{
			ID: n.ID, X: c.nodeX(v), Y: c.items[v].y, W: n.Width, H: n.Height,
			Layer: c.layer[v], Pill: n.Pill,
		})
	}
	for _, a := range c.arcs {
		p.Routes = append(p.Routes, c.route(a))
	}
	c.measure(&p)
	return p
}

// frame is the shift from the chart's coordinates to the picture's: that of
// the kept node nearest to the root, or the one that puts the corner at 0,0.
func (c *chart) frame() (dx, dy int) {
	anchor := -1
	distance := func(v int) int {
		moved := abs(c.layer[v] - c.prev[v].Layer)
		return abs(c.layer[v]) + 2*maxLayer*moved
	}
	for v := range c.nodes {
		if c.kept[v] && (anchor < 0 || distance(v) < distance(anchor)) {
			anchor = v
		}
	}
	if anchor >= 0 {
		return c.prev[anchor].X - c.nodeX(anchor), 0
	}
	top := c.items[0].y
	for _, it := range c.items {
		top = min(top, it.y)
	}
	return c.space.MarginX - c.levels[0].x, c.space.MarginY - top
}

// measure sets the borders around all boxes and routes. A curve stays between
// the heights of its ends; a bracket's reach is less than the margin.
func (c *chart) measure(p *Picture) {
	first := p.Boxes[0]
	left, top, right, bottom := first.X, first.Y, first.X+first.W, first.Y+first.H
	for _, b := range p.Boxes {
		left, top = min(left, b.X), min(top, b.Y)
		right, bottom = max(right, b.X+b.W), max(bottom, b.Y+b.H)
	}
	for _, r := range p.Routes {
		for _, s := range r.Segments {
			top, bottom = min(top, s.To.Y), max(bottom, s.To.Y)
		}
	}
	p.MinX, p.MinY = left-c.space.MarginX, top-c.space.MarginY
	p.Width, p.Height = right-left+2*c.space.MarginX, bottom-top+2*c.space.MarginY
}

// AtOrigin is the same picture moved so that it begins at 0,0, for drawing.
// What is handed on as Graph.Prev is the picture as it was computed: it keeps
// the frame.
func (p Picture) AtOrigin() Picture {
	moved := Picture{Width: p.Width, Height: p.Height}
	shift := func(at Point) Point { return Point{at.X - p.MinX, at.Y - p.MinY} }
	for _, b := range p.Boxes {
		b.X, b.Y = b.X-p.MinX, b.Y-p.MinY
		moved.Boxes = append(moved.Boxes, b)
	}
	for _, r := range p.Routes {
		segments := make([]Segment, len(r.Segments))
		for i, s := range r.Segments {
			segments[i] = Segment{C1: shift(s.C1), C2: shift(s.C2), To: shift(s.To), Line: s.Line}
		}
		r.Start, r.Segments = shift(r.Start), segments
		moved.Routes = append(moved.Routes, r)
	}
	return moved
}

// ViewBox is the viewBox of an SVG element that shows the whole picture.
func (p Picture) ViewBox() string {
	return fmt.Sprintf("%d %d %d %d", p.MinX, p.MinY, p.Width, p.Height)
}

// Path is the route as the d attribute of an SVG path, in absolute commands.
func (r Route) Path() string {
	var b strings.Builder
	fmt.Fprintf(&b, "M%d %d", r.Start.X, r.Start.Y)
	for _, s := range r.Segments {
		if s.Line {
			fmt.Fprintf(&b, "H%d", s.To.X)
			continue
		}
		fmt.Fprintf(&b, "C%d %d %d %d %d %d", s.C1.X, s.C1.Y, s.C2.X, s.C2.Y, s.To.X, s.To.Y)
	}
	return b.String()
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
