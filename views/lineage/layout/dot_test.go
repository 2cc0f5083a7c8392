package layout

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	mostCrossings = 1.2 // times those of dot
	mostArea      = 1.5
)

// TestAgainstDot compares crossings and area with Graphviz's dot, on the same
// graphs with the same boxes, ports and distances. Both pictures are measured
// by the same code, on the curves as they are drawn.
func TestAgainstDot(t *testing.T) {
	dot, err := exec.LookPath("dot")
	if err != nil {
		if slices.Contains(strings.Split(os.Getenv("WEIR_TEST_REQUIRE"), ","), "dot") {
			t.Fatalf("dot is required: %v", err)
		}
		t.Skipf("dot (Debian package graphviz) is not installed: %v", err)
	}
	all := fixtures()
	if len(all) < 30 {
		t.Fatalf("only %d fixtures", len(all))
	}
	var ours, theirs int
	var logArea float64
	for _, f := range all {
		p := mustCompute(t, f.graph)
		mine := drawingOf(f.graph, p)
		other := drawWithDot(t, dot, f)
		x, dx := mine.crossings(), other.crossings()
		area := mine.area() / other.area()
		t.Logf("%-14s crossings %4d, dot %4d; area %.2f of dot's", f.name, x, dx, area)
		ours, theirs, logArea = ours+x, theirs+dx, logArea+math.Log(area)
		// Two crossings more are a matter of chance in a picture with few.
		if float64(x) > mostCrossings*float64(dx)+2 {
			t.Errorf("%s: %d crossings, dot has %d", f.name, x, dx)
		}
		if area > mostArea {
			t.Errorf("%s: %.2f times the area of dot's picture", f.name, area)
		}
	}
	t.Logf("%d graphs: %d crossings, dot %d; area %.2f of dot's (geometric mean)",
		len(all), ours, theirs, math.Exp(logArea/float64(len(all))))
	if float64(ours) > mostCrossings*float64(theirs) {
		t.Errorf("%d crossings in all, dot has %d", ours, theirs)
	}
}

// drawing is a finished picture as lines, whoever drew it.
type drawing struct {
	boxes []rect
	lines []polyline
}

type rect struct{ left, top, right, bottom float64 }

type point struct{ x, y float64 }

// polyline is a flattened edge; from and to name its ends with their ports.
type polyline struct {
	from, to string
	points   []point
}

func drawingOf(g Graph, p Picture) drawing {
	edges := make(map[string]Edge)
	for _, e := range g.Edges {
		edges[e.ID] = e
	}
	var d drawing
	for _, b := range p.Boxes {
		d.boxes = append(d.boxes, rect{float64(b.X), float64(b.Y), float64(b.X + b.W), float64(b.Y + b.H)})
	}
	for _, r := range p.Routes {
		e := edges[r.ID]
		d.lines = append(d.lines, polyline{e.From + ":" + e.FromPort, e.To + ":" + e.ToPort, flatten(r)})
	}
	return d
}

func flatten(r Route) []point {
	at := func(p Point) point { return point{float64(p.X), float64(p.Y)} }
	line := []point{at(r.Start)}
	for _, s := range r.Segments {
		if s.Line {
			line = append(line, at(s.To))
			continue
		}
		line = bezier(line, at(s.C1), at(s.C2), at(s.To))
	}
	return line
}

// bezier adds a cubic that begins at the end of the line, in 16 pieces.
func bezier(line []point, c1, c2, to point) []point {
	const pieces = 16
	from := line[len(line)-1]
	for i := 1; i <= pieces; i++ {
		t := float64(i) / pieces
		a, b, c, d := (1-t)*(1-t)*(1-t), 3*(1-t)*(1-t)*t, 3*(1-t)*t*t, t*t*t
		line = append(line, point{
			a*from.x + b*c1.x + c*c2.x + d*to.x,
			a*from.y + b*c1.y + c*c2.y + d*to.y,
		})
	}
	return line
}

// crossings counts where two edges without a common end cross.
func (d drawing) crossings() int {
	n := 0
	for i, a := range d.lines {
		for _, b := range d.lines[i+1:] {
			if a.from == b.from || a.to == b.to || a.from == b.to || a.to == b.from {
				continue
			}
			n += a.meets(b)
		}
	}
	return n
}

func (p polyline) meets(q polyline) int {
	n := 0
	for i := 1; i < len(p.points); i++ {
		for j := 1; j < len(q.points); j++ {
			if crosses(p.points[i-1], p.points[i], q.points[j-1], q.points[j]) {
				n++
			}
		}
	}
	return n
}

// crosses tells whether two pieces cut each other. Ends count on one side
// only, so that a line through a joint is counted once.
func crosses(a, b, c, d point) bool {
	if max(a.x, b.x) < min(c.x, d.x) || max(c.x, d.x) < min(a.x, b.x) ||
		max(a.y, b.y) < min(c.y, d.y) || max(c.y, d.y) < min(a.y, b.y) {
		return false
	}
	side := func(p, q, r point) bool { return (q.x-p.x)*(r.y-p.y)-(q.y-p.y)*(r.x-p.x) > 0 }
	return side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b)
}

func (d drawing) area() float64 {
	all := d.boxes[0]
	for _, b := range d.boxes {
		all = rect{min(all.left, b.left), min(all.top, b.top), max(all.right, b.right), max(all.bottom, b.bottom)}
	}
	for _, l := range d.lines {
		for _, p := range l.points {
			all = rect{min(all.left, p.x), min(all.top, p.y), max(all.right, p.x), max(all.bottom, p.y)}
		}
	}
	return (all.right - all.left) * (all.bottom - all.top)
}

// drawWithDot runs dot and reads its plain output: inches, y upwards.
func drawWithDot(t *testing.T, dot string, f fixture) drawing {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), dot, "-Tplain")
	cmd.Stdin = strings.NewReader(dotSource(f))
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("dot on %s: %v", f.name, err)
	}
	var d drawing
	ends := dotEnds(f.graph)
	for line := range strings.Lines(string(out)) {
		field := strings.Fields(line)
		switch field[0] {
		case "node":
			n := inches(t, field[2:6])
			d.boxes = append(d.boxes, rect{n[0] - n[2]/2, n[1] - n[3]/2, n[0] + n[2]/2, n[1] + n[3]/2})
		case "edge":
			l := readDotEdge(t, field)
			key := field[1] + ">" + field[2]
			l.from, l.to = ends[key][0].from, ends[key][0].to
			ends[key] = ends[key][1:]
			d.lines = append(d.lines, l)
		}
	}
	if len(d.lines) != len(f.graph.Edges) || len(d.boxes) != len(f.graph.Nodes) {
		t.Fatalf("dot on %s: %d boxes and %d edges", f.name, len(d.boxes), len(d.lines))
	}
	return d
}

func readDotEdge(t *testing.T, field []string) polyline {
	t.Helper()
	n, err := strconv.Atoi(field[3])
	if err != nil {
		t.Fatal(err)
	}
	at := inches(t, field[4:4+2*n])
	l := polyline{points: []point{{at[0], at[1]}}}
	for i := 2; i+5 < len(at); i += 6 {
		l.points = bezier(l.points, point{at[i], at[i+1]}, point{at[i+2], at[i+3]}, point{at[i+4], at[i+5]})
	}
	return l
}

// dotEnds lists the named ends of the edges between two nodes, in dot's order:
// that of the source.
func dotEnds(g Graph) map[string][]polyline {
	ends := make(map[string][]polyline)
	for _, e := range g.Edges {
		key := e.From + ">" + e.To
		ends[key] = append(ends[key], polyline{from: e.From + ":" + e.FromPort, to: e.To + ":" + e.ToPort})
	}
	return ends
}

// inches converts to pixels, 72 to the inch.
func inches(t *testing.T, fields []string) []float64 {
	t.Helper()
	var px []float64
	for _, f := range fields {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil {
			t.Fatal(err)
		}
		px = append(px, 72*v)
	}
	return px
}

func dotSource(f fixture) string {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph { rankdir=LR; nodesep=%g; ranksep=%g; edge [arrowhead=none];\n",
		float64(DefaultSpacing.Node)/72, float64(f.ranksep)/72)
	for _, n := range f.graph.Nodes {
		if len(n.Ports) > 1 {
			fmt.Fprintf(&b, "%s [shape=plain, label=<%s>];\n", n.ID, dotTable(n))
			continue
		}
		fmt.Fprintf(&b, "%s [shape=box, label=\"\", fixedsize=true, width=%g, height=%g];\n",
			n.ID, float64(n.Width)/72, float64(n.Height)/72)
	}
	for _, e := range f.graph.Edges {
		from, to := e.From, e.To
		if e.FromPort != "" {
			from += ":" + e.FromPort + ":e"
		}
		if e.ToPort != "" {
			to += ":" + e.ToPort + ":w"
		}
		fmt.Fprintf(&b, "%s -> %s;\n", from, to)
	}
	b.WriteString("}\n")
	return b.String()
}

func dotTable(n Node) string {
	var b strings.Builder
	b.WriteString(`<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">`)
	for i, p := range n.Ports {
		h := 26
		if i == 0 {
			h = 48
		}
		fmt.Fprintf(&b, `<TR><TD PORT="%s" FIXEDSIZE="TRUE" WIDTH="%d" HEIGHT="%d"></TD></TR>`, p.ID, n.Width, h)
	}
	b.WriteString("</TABLE>")
	return b.String()
}

func mustCompute(t testing.TB, g Graph) Picture {
	t.Helper()
	p, err := Compute(g)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
