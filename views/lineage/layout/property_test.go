package layout

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// anyGraph draws graphs with everything that is allowed: cycles, self-loops,
// parallel edges, lonely nodes, pills in any place, contradicting wishes.
func anyGraph() *rapid.Generator[Graph] {
	return rapid.Custom(func(t *rapid.T) Graph {
		var g Graph
		nodes := rapid.IntRange(1, 25).Draw(t, "nodes")
		wishes := rapid.Bool().Draw(t, "wishes")
		for i := range nodes {
			g.Nodes = append(g.Nodes, anyNode(t, name(i), wishes))
		}
		for i := range rapid.IntRange(0, 2*nodes).Draw(t, "edges") {
			from := rapid.IntRange(0, nodes-1).Draw(t, "from")
			to := rapid.IntRange(0, nodes-1).Draw(t, "to")
			if from > to && rapid.IntRange(0, 3).Draw(t, "forward") > 0 {
				from, to = to, from
			}
			g.Edges = append(g.Edges, anyEdge(t, fmt.Sprintf("e%03d", i), g.Nodes[from], g.Nodes[to]))
		}
		return g
	})
}

func anyNode(t *rapid.T, id string, wishes bool) Node {
	n := card(id, rapid.IntRange(1, 5).Draw(t, "ports"))
	n.Width = rapid.SampledFrom([]int{216, 216, 216, 150}).Draw(t, "width")
	if rapid.IntRange(0, 3).Draw(t, "pill") == 0 {
		n = pill(id)
		n.Width = rapid.IntRange(30, 160).Draw(t, "pill width")
	}
	if wishes && rapid.Bool().Draw(t, "wish") {
		n.Layer, n.HasLayer = rapid.IntRange(-3, 3).Draw(t, "layer"), true
	}
	return n
}

func anyEdge(t *rapid.T, id string, from, to Node) Edge {
	port := func(n Node) string {
		if len(n.Ports) == 0 {
			return ""
		}
		return rapid.SampledFrom(n.Ports).Draw(t, "port").ID
	}
	return Edge{ID: id, From: from.ID, FromPort: port(from), To: to.ID, ToPort: port(to)}
}

// grown is the graph after a node was expanded: up to 12 new neighbours on one
// side, which may be joined among each other and to nodes that were there.
func grown(t *rapid.T, g Graph) Graph {
	next := Graph{Nodes: append([]Node(nil), g.Nodes...), Edges: append([]Edge(nil), g.Edges...)}
	of := rapid.IntRange(0, len(g.Nodes)-1).Draw(t, "expanded")
	downstream := rapid.Bool().Draw(t, "downstream")
	add := func(from, to Node) {
		id := fmt.Sprintf("x%03d", len(next.Edges))
		next.Edges = append(next.Edges, anyEdge(t, id, from, to))
	}
	for i := range rapid.IntRange(1, 12).Draw(t, "new") {
		n := anyNode(t, fmt.Sprintf("new%02d", i), false)
		next.Nodes = append(next.Nodes, n)
		if downstream {
			add(g.Nodes[of], n)
		} else {
			add(n, g.Nodes[of])
		}
		if rapid.IntRange(0, 2).Draw(t, "more") == 0 {
			other := next.Nodes[rapid.IntRange(0, len(next.Nodes)-1).Draw(t, "other")]
			add(n, other)
		}
	}
	return next
}

func TestEveryPictureIsSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := anyGraph().Draw(t, "graph")
		p := compute(t, g)
		checkSound(t, g, p)
		if p.MinX != 0 || p.MinY != 0 {
			t.Fatalf("begins at %d,%d", p.MinX, p.MinY)
		}
	})
}

func TestOrderOfInputHasNoMeaning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := anyGraph().Draw(t, "graph")
		want := compute(t, g)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		r.Shuffle(len(g.Nodes), func(i, j int) { g.Nodes[i], g.Nodes[j] = g.Nodes[j], g.Nodes[i] })
		r.Shuffle(len(g.Edges), func(i, j int) { g.Edges[i], g.Edges[j] = g.Edges[j], g.Edges[i] })
		for _, n := range g.Nodes {
			r.Shuffle(len(n.Ports), func(i, j int) { n.Ports[i], n.Ports[j] = n.Ports[j], n.Ports[i] })
		}
		if got := compute(t, g); !reflect.DeepEqual(got, want) {
			t.Fatalf("another picture\n%+v\n%+v", got, want)
		}
	})
}

// TestExpandingMovesNothing is the promise to a reader who looks at a picture:
// what was there stays at its height and moves by one layer at most, however
// often something is expanded.
func TestExpandingMovesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		uniform := rapid.Bool().Draw(t, "uniform")
		g := anyGraph().Draw(t, "graph")
		if uniform {
			makeUniform(g.Nodes)
		}
		before := compute(t, g)
		for range rapid.IntRange(1, 3).Draw(t, "times") {
			g = grown(t, g)
			g.Nodes, g.Edges = renamed(g)
			if uniform {
				makeUniform(g.Nodes)
			}
			g.Prev = &before
			after := compute(t, g)
			checkSound(t, g, after)
			checkStayed(t, before, after, uniform)
			before = after
		}
	})
}

// makeUniform gives all cards and all pills the widths they have on a page. A
// wider one in a column would move what is beyond it by the difference.
func makeUniform(nodes []Node) {
	for i := range nodes {
		nodes[i].Width = 216
		if nodes[i].Pill {
			nodes[i].Width = 100
		}
	}
}

// renamed gives new nodes names that a later expansion doesn't use again.
func renamed(g Graph) ([]Node, []Edge) {
	final := func(id string) string {
		if id[0] == 'n' && id[1] == 'e' {
			return fmt.Sprintf("k%d%s", len(g.Nodes), id)
		}
		return id
	}
	for i := range g.Nodes {
		g.Nodes[i].ID = final(g.Nodes[i].ID)
	}
	for i := range g.Edges {
		g.Edges[i].From, g.Edges[i].To = final(g.Edges[i].From), final(g.Edges[i].To)
	}
	return g.Nodes, g.Edges
}

func compute(t rapid.TB, g Graph) Picture {
	p, err := Compute(g)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func checkStayed(t rapid.TB, before, after Picture, uniform bool) {
	now := after.ByID()
	for _, b := range before.Boxes {
		a := now[b.ID]
		if a.Y != b.Y {
			t.Fatalf("%s moved from height %d to %d", b.ID, b.Y, a.Y)
		}
		if abs(a.Layer-b.Layer) > 1 {
			t.Fatalf("%s moved from layer %d to %d", b.ID, b.Layer, a.Layer)
		}
		if uniform && abs(a.X-b.X) > 216+144 {
			t.Fatalf("%s moved from %d to %d", b.ID, b.X, a.X)
		}
	}
}

// checkSound checks what holds for every picture.
func checkSound(t rapid.TB, g Graph, p Picture) {
	boxes := p.ByID()
	if len(boxes) != len(g.Nodes) || len(p.Routes) != len(g.Edges) {
		t.Fatalf("%d boxes and %d routes", len(boxes), len(p.Routes))
	}
	for _, n := range g.Nodes {
		if b := boxes[n.ID]; b.W != n.Width || b.H != n.Height || b.Pill != n.Pill {
			t.Fatalf("%+v became %+v", n, b)
		}
	}
	checkApart(t, p)
	edges := make(map[string]Edge)
	for _, e := range g.Edges {
		edges[e.ID] = e
	}
	for _, r := range p.Routes {
		e := edges[r.ID]
		checkRoute(t, p, r, boxes[e.From], boxes[e.To])
	}
	if acyclic(g) && g.Prev == nil {
		for _, r := range p.Routes {
			if r.Backward {
				t.Fatalf("%s runs backward without a cycle", r.ID)
			}
		}
	}
}

func checkApart(t rapid.TB, p Picture) {
	for i, a := range p.Boxes {
		if a.X < p.MinX || a.Y < p.MinY || a.X+a.W > p.MinX+p.Width || a.Y+a.H > p.MinY+p.Height {
			t.Fatalf("%+v is outside %s", a, p.ViewBox())
		}
		for _, b := range p.Boxes[i+1:] {
			if a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H {
				t.Fatalf("%+v overlaps %+v", a, b)
			}
			if a.Pill != b.Pill && a.X < b.X+b.W && b.X < a.X+a.W {
				t.Fatalf("%+v is in the column of %+v", a, b)
			}
		}
	}
}

func checkRoute(t rapid.TB, p Picture, r Route, from, to Box) {
	line := flatten(r)
	left, right := from, to
	end, start := line[len(line)-1], line[0]
	if r.Backward {
		left, right = to, from
		start, end = end, start
	}
	if from.Layer == to.Layer && from.Pill == to.Pill {
		if !r.Backward || start.x != float64(left.X+left.W) || end.x != float64(right.X+right.W) {
			t.Fatalf("%s is no bracket: %s", r.ID, r.Path())
		}
	} else {
		if left.X+left.W > right.X || start.x != float64(left.X+left.W) || end.x != float64(right.X) {
			t.Fatalf("%s leads the wrong way: %s", r.ID, r.Path())
		}
		checkRightward(t, r)
	}
	if start.y < float64(left.Y) || start.y > float64(left.Y+left.H) || end.y < float64(right.Y) || end.y > float64(right.Y+right.H) {
		t.Fatalf("%s misses its boxes: %s", r.ID, r.Path())
	}
	for _, b := range p.Boxes {
		for i := 1; i < len(line); i++ {
			if cuts(line[i-1], line[i], b) {
				t.Fatalf("%s runs behind %+v: %s", r.ID, b, r.Path())
			}
		}
	}
}

func checkRightward(t rapid.TB, r Route) {
	line := flatten(r)
	for i := 1; i < len(line); i++ {
		step := line[i].x - line[i-1].x
		if r.Backward {
			step = -step
		}
		if step < 0 {
			t.Fatalf("%s turns round: %s", r.ID, r.Path())
		}
	}
}

// cuts tells whether a short piece of a line lies within a box, or a level
// one passes through it.
func cuts(a, b point, box Box) bool {
	left, right := float64(box.X), float64(box.X+box.W)
	top, bottom := float64(box.Y), float64(box.Y+box.H)
	if max(a.x, b.x) <= left || min(a.x, b.x) >= right || max(a.y, b.y) <= top || min(a.y, b.y) >= bottom {
		return false
	}
	// Both ends on one side of the box were sorted out. What remains passes a
	// corner at most, unless the box has corners on both sides of the line.
	side := func(x, y float64) bool { return (b.x-a.x)*(y-a.y)-(b.y-a.y)*(x-a.x) > 0 }
	first := side(left, top)
	return side(right, top) != first || side(left, bottom) != first || side(right, bottom) != first
}

func acyclic(g Graph) bool {
	out := make(map[string][]string)
	for _, e := range g.Edges {
		out[e.From] = append(out[e.From], e.To)
	}
	state := make(map[string]int)
	var walk func(id string) bool
	walk = func(id string) bool {
		state[id] = 1
		for _, to := range out[id] {
			if state[to] == 1 || (state[to] == 0 && !walk(to)) {
				return false
			}
		}
		state[id] = 2
		return true
	}
	for _, n := range g.Nodes {
		if state[n.ID] == 0 && !walk(n.ID) {
			return false
		}
	}
	return true
}

// TestTangle draws a graph that is too tangled for the finer steps: what holds
// for every picture holds for it too.
func TestTangle(t *testing.T) {
	const nodes, edges = 100, 800
	r := random(3)
	var g Graph
	for i := range nodes {
		g.Nodes = append(g.Nodes, card(name(i), 1))
	}
	for range edges {
		g.join(r.IntN(nodes), r.IntN(nodes), r)
	}
	p := compute(t, g)
	checkSound(t, g, p)
	g.Prev = &p
	again := compute(t, g)
	checkStayed(t, p, again, true)
}
