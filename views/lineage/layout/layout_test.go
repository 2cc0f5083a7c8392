package layout

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func cards(ids string) []Node {
	var nodes []Node
	for id := range strings.FieldsSeq(ids) {
		nodes = append(nodes, card(id, 1))
	}
	return nodes
}

// edges reads "a>b c>d"; the ID of an edge is its text.
func edges(list string) []Edge {
	var all []Edge
	for id := range strings.FieldsSeq(list) {
		from, to, _ := strings.Cut(id, ">")
		all = append(all, Edge{ID: id, From: from, To: to})
	}
	return all
}

func layersOf(p Picture) map[string]int {
	layers := make(map[string]int)
	for _, b := range p.Boxes {
		layers[b.ID] = b.Layer
	}
	return layers
}

func backward(p Picture) string {
	var ids []string
	for _, r := range p.Routes {
		if r.Backward {
			ids = append(ids, r.ID)
		}
	}
	return strings.Join(ids, " ")
}

func path(p Picture, id string) string {
	for _, r := range p.Routes {
		if r.ID == id {
			return r.Path()
		}
	}
	return ""
}

func TestNothingToDraw(t *testing.T) {
	p := mustCompute(t, Graph{})
	if len(p.Boxes) != 0 || p.Width != 96 || p.Height != 48 {
		t.Errorf("got %+v", p)
	}
}

func TestOneNode(t *testing.T) {
	p := mustCompute(t, Graph{Nodes: cards("a")})
	want := Box{ID: "a", X: 48, Y: 24, W: 216, H: 48}
	if p.Boxes[0] != want || p.ViewBox() != "0 0 312 96" {
		t.Errorf("got %+v in %s", p.Boxes[0], p.ViewBox())
	}
}

// besideAPill is in > job > root > out, and another card with an edge to a row
// of root, at the given height, that passes the pill.
func besideAPill(row int) Graph {
	root := Node{ID: "root", Width: 216, Height: 130, Ports: []Port{{"head", 24}, {"row", row}}}
	return Graph{
		Nodes: append(cards("in other out"), root, pill("job")),
		Edges: []Edge{
			{ID: "1", From: "in", To: "job"},
			{ID: "2", From: "job", To: "root", ToPort: "head"},
			{ID: "3", From: "root", FromPort: "head", To: "out"},
			{ID: "4", From: "other", To: "root", ToPort: "row"},
		},
	}
}

func TestGeometryOfTheLook(t *testing.T) {
	p := mustCompute(t, besideAPill(104))
	at := p.ByID()
	for id, x := range map[string]int{"in": 48, "other": 48, "job": 48 + 216 + 22, "root": 408, "out": 768} {
		if at[id].X != x {
			t.Errorf("%s is at %d, want %d", id, at[id].X, x)
		}
	}
	for id, want := range map[string]string{
		"1": "M264 48H286", "2": "M386 48H408", "3": "M624 48H768", "4": "M264 128H408",
	} {
		if got := path(p, id); got != want {
			t.Errorf("edge %s is drawn %s, want %s", id, got, want)
		}
	}
}

// An edge that must bend beside a pill runs level for 40 pixels there, with
// the control points of its curves at half the distance.
func TestWaypointBesideAPill(t *testing.T) {
	p := mustCompute(t, besideAPill(84))
	at := p.ByID()
	r := p.Routes[3]
	if r.Start != (Point{264, at["other"].Y + 24}) || r.End() != (Point{408, at["root"].Y + 84}) {
		t.Fatalf("drawn %s", r.Path())
	}
	if r.Start.Y == r.End().Y {
		t.Fatalf("nothing to bend: %s", r.Path())
	}
	if !strings.HasPrefix(r.Path(), fmt.Sprintf("M264 %dC290 ", r.Start.Y)) || r.Segments[0].To.X != 316 {
		t.Errorf("drawn %s", r.Path())
	}
	if s := r.Segments[1]; !s.Line || s.To.X < 356 {
		t.Errorf("drawn %s", r.Path())
	}
}

func TestWishes(t *testing.T) {
	wish := func(id string, layer int) Node {
		n := card(id, 1)
		n.Layer, n.HasLayer = layer, true
		return n
	}
	tests := []struct {
		name, edges, want string
		nodes             []Node
	}{
		{
			"a node stands where it wishes, but for empty layers",
			"up>root root>down", "up-2 mid-1 root0 one1 down2",
			[]Node{wish("up", -3), wish("mid", -1), wish("root", 0), wish("one", 1), wish("down", 2)},
		},
		{
			"upstream gives way to the left",
			"far>near near>root far>root", "far-2 near-1 root0",
			[]Node{wish("far", -1), wish("near", -1), wish("root", 0)},
		},
		{
			"downstream gives way to the right",
			"root>near near>far root>far", "root0 near1 far2",
			[]Node{wish("root", 0), wish("near", 1), wish("far", 1)},
		},
		{
			"direction overrides sides",
			"down>up root>down", "root0 down1 up2",
			[]Node{wish("up", -1), wish("root", 0), wish("down", 1)},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := mustCompute(t, Graph{Nodes: tt.nodes, Edges: edges(tt.edges)})
			checkLayers(t, p, tt.want)
			if b := backward(p); b != "" {
				t.Errorf("backward: %s", b)
			}
		})
	}
}

// checkLayers compares with "name-1 name0".
func checkLayers(t *testing.T, p Picture, want string) {
	t.Helper()
	layers := layersOf(p)
	for entry := range strings.FieldsSeq(want) {
		id := strings.TrimRight(entry, "-0123456789")
		layer := 0
		for _, digit := range strings.TrimLeft(entry[len(id):], "-") {
			layer = 10*layer + int(digit-'0')
		}
		if strings.Contains(entry, "-") {
			layer = -layer
		}
		if layers[id] != layer {
			t.Errorf("%s is in layer %d, want %d", id, layers[id], layer)
		}
	}
}

func TestCycleTurnsTheEdgeThatClosesIt(t *testing.T) {
	g := Graph{Nodes: cards("root a b"), Edges: edges("root>a a>b b>root")}
	for i, layer := range []int{0, 1, 2} {
		g.Nodes[i].Layer, g.Nodes[i].HasLayer = layer, true
	}
	p := mustCompute(t, g)
	checkLayers(t, p, "root0 a1 b2")
	if got := backward(p); got != "b>root" {
		t.Errorf("backward: %q", got)
	}
	at := p.ByID()
	for _, r := range p.Routes {
		if r.ID == "b>root" && (r.Start.X != at["b"].X || r.End().X != at["root"].X+216) {
			t.Errorf("drawn %s", r.Path())
		}
	}
}

func TestLoopIsABracketAtTheRight(t *testing.T) {
	p := mustCompute(t, Graph{Nodes: cards("a"), Edges: edges("a>a")})
	if got := path(p, "a>a"); got != "M264 42C288 42 288 54 264 54" {
		t.Errorf("drawn %s", got)
	}
}

func TestParallelEdgesAreSeenApart(t *testing.T) {
	g := Graph{Nodes: cards("a b"), Edges: []Edge{
		{ID: "1", From: "a", To: "b"}, {ID: "2", From: "a", To: "b"}, {ID: "3", From: "a", To: "b"},
	}}
	p := mustCompute(t, g)
	for id, want := range map[string]string{"1": "M264 42H408", "2": "M264 48H408", "3": "M264 54H408"} {
		if got := path(p, id); got != want {
			t.Errorf("%s is drawn %s, want %s", id, got, want)
		}
	}
}

func TestUnconnectedPartsStandApart(t *testing.T) {
	p := mustCompute(t, Graph{Nodes: cards("a b c x y"), Edges: edges("a>b b>c x>y")})
	at := p.ByID()
	if at["x"].Y < at["a"].Y+48+32 || at["x"].Y != at["y"].Y || at["x"].X != at["a"].X {
		t.Errorf("got %+v", at)
	}
}

func TestMistakesInTheGraph(t *testing.T) {
	tests := []struct {
		name string
		g    Graph
		says string
	}{
		{"twice", Graph{Nodes: cards("a a")}, `"a" is listed twice`},
		{"no ID", Graph{Nodes: []Node{{Width: 1, Height: 1}}}, "no ID"},
		{"no size", Graph{Nodes: []Node{{ID: "a", Width: 216}}}, "216 by 0"},
		{"huge", Graph{Nodes: []Node{{ID: "a", Width: 1 << 40, Height: 1}}}, "measures"},
		{"far", Graph{Nodes: []Node{{ID: "a", Width: 1, Height: 1, Layer: 1 << 40, HasLayer: true}}}, "wishes layer"},
		{"port", Graph{Nodes: []Node{{ID: "a", Width: 1, Height: 9, Ports: []Port{{"p", 10}}}}}, `port "p"`},
		{"edge twice", Graph{Nodes: cards("a b"), Edges: edges("a>b a>b")}, `edge "a>b" is listed twice`},
		{"unknown end", Graph{Nodes: cards("a"), Edges: edges("a>b")}, `"a" and "b"`},
		{"kept far", Graph{Nodes: cards("a"), Prev: &Picture{Boxes: []Box{{ID: "a", Layer: 1 << 40}}}}, "was in layer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Compute(tt.g)
			if !errors.Is(err, ErrGraph) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want one that says %s", err, tt.says)
			}
		})
	}
}
