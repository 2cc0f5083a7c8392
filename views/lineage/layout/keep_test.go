package layout

import "testing"

// expanded lays out a graph, then one with more in it that keeps its boxes.
func expanded(t *testing.T, before, after Graph) (old, now map[string]Box, p Picture) {
	t.Helper()
	first := mustCompute(t, before)
	after.Prev = &first
	p = mustCompute(t, after)
	return first.ByID(), p.ByID(), p
}

func TestNewNodesGoBesideTheOldOnes(t *testing.T) {
	old, now, p := expanded(t,
		Graph{Nodes: cards("a b c"), Edges: edges("a>b a>c")},
		Graph{Nodes: cards("a b c d e"), Edges: edges("a>b a>c a>d b>e")})
	for _, id := range []string{"a", "b", "c"} {
		if now[id] != old[id] {
			t.Errorf("%s moved from %+v to %+v", id, old[id], now[id])
		}
	}
	checkLayers(t, p, "d1 e2")
	if now["e"].Y != now["b"].Y {
		t.Errorf("e is at %d, though b at %d is all it hangs on", now["e"].Y, now["b"].Y)
	}
}

func TestGrowthToTheLeftKeepsTheFrame(t *testing.T) {
	old, now, p := expanded(t,
		Graph{Nodes: cards("a b"), Edges: edges("a>b")},
		Graph{Nodes: cards("a b z"), Edges: edges("a>b z>a")})
	if now["a"] != old["a"] || now["b"] != old["b"] {
		t.Errorf("moved to %+v", now)
	}
	if now["z"].X != 48-360 || p.MinX != -360 || p.ViewBox() != "-360 0 1032 96" {
		t.Errorf("z is at %d in %s", now["z"].X, p.ViewBox())
	}
}

// A new node between two in neighbouring layers needs a layer of its own: what
// is right of it moves one further, and nothing else does.
func TestOneLayerIsOpened(t *testing.T) {
	old, now, p := expanded(t,
		Graph{Nodes: cards("a b c"), Edges: edges("a>b b>c")},
		Graph{Nodes: cards("a b c m"), Edges: edges("a>b b>c a>m m>b")})
	checkLayers(t, p, "a0 m1 b2 c3")
	if got := backward(p); got != "" {
		t.Errorf("backward: %s", got)
	}
	if now["a"] != old["a"] || now["b"].X != old["b"].X+360 || now["c"].X != old["c"].X+360 || now["b"].Y != old["b"].Y {
		t.Errorf("moved from %+v to %+v", old, now)
	}
}

func TestOneLayerIsOpenedUpstream(t *testing.T) {
	before := Graph{Nodes: cards("root up"), Edges: edges("up>root")}
	for i, layer := range []int{0, -1} {
		before.Nodes[i].Layer, before.Nodes[i].HasLayer = layer, true
	}
	after := Graph{Nodes: append(before.Nodes, card("m", 1)), Edges: edges("up>root up>m m>root")}
	old, now, p := expanded(t, before, after)
	checkLayers(t, p, "up-2 m-1 root0")
	if now["root"] != old["root"] || now["up"].X != old["up"].X-360 {
		t.Errorf("moved from %+v to %+v", old, now)
	}
}

// Two more layers would move c by two: the edge that can't be straightened by
// one is turned round instead.
func TestNoMoreThanOneLayerIsOpened(t *testing.T) {
	_, now, p := expanded(t,
		Graph{Nodes: cards("a c"), Edges: edges("a>c")},
		Graph{Nodes: cards("a c m n"), Edges: edges("a>c a>m m>n n>c")})
	if now["c"].Layer > 2 || backward(p) == "" {
		t.Errorf("layers %v, backward %q", layersOf(p), backward(p))
	}
}

func TestGrownBoxPushesDownWhatIsBelow(t *testing.T) {
	before := Graph{Nodes: cards("a b c"), Edges: edges("a>b a>c")}
	after := Graph{Nodes: []Node{card("a", 1), card("b", 6), card("c", 1)}, Edges: before.Edges}
	old, now, _ := expanded(t, before, after)
	upper, lower := "b", "c"
	if old["c"].Y < old["b"].Y {
		t.Fatalf("c is above b: %+v", old)
	}
	if now[upper].Y != old[upper].Y || now["a"] != old["a"] || now[lower].Y != old[lower].Y+5*26 {
		t.Errorf("moved from %+v to %+v", old, now)
	}
}

func TestGoneNodesLeaveTheOthers(t *testing.T) {
	old, now, _ := expanded(t,
		Graph{Nodes: cards("a b c d"), Edges: edges("a>b a>c a>d")},
		Graph{Nodes: cards("a b d"), Edges: edges("a>b a>d")})
	for id, b := range now {
		if b != old[id] {
			t.Errorf("%s moved from %+v to %+v", id, old[id], b)
		}
	}
}

// The edge from a to d passes b and c; it stays where it was though a card and
// other edges come to the same layers.
func TestEdgesKeepTheirWay(t *testing.T) {
	before := Graph{Nodes: cards("a b c d"), Edges: edges("a>b b>c c>d a>d a>c")}
	first := mustCompute(t, before)
	after := Graph{
		Nodes: append(cards("e f"), before.Nodes...),
		Edges: append(edges("a>e e>d e>f b>f b>d"), before.Edges...),
		Prev:  &first,
	}
	second := mustCompute(t, after)
	for _, r := range first.Routes {
		if got := path(second, r.ID); got != r.Path() {
			t.Errorf("%s was %s, now %s", r.ID, r.Path(), got)
		}
	}
}

func TestAtOrigin(t *testing.T) {
	_, _, p := expanded(t,
		Graph{Nodes: cards("a b"), Edges: edges("a>b")},
		Graph{Nodes: cards("a b z"), Edges: edges("a>b z>a")})
	moved := p.AtOrigin()
	if got := moved.ViewBox(); got != "0 0 1032 96" {
		t.Errorf("shows %s", got)
	}
	if x := moved.ByID()["z"].X; x != 48 {
		t.Errorf("z is at %d", x)
	}
	if got := path(moved, "a>b"); got != "M624 48H768" {
		t.Errorf("a>b is drawn %s", got)
	}
	if p.MinX != -360 {
		t.Errorf("the picture itself was moved to %d", p.MinX)
	}
}

func TestUnconnectedNewNodesGoBelow(t *testing.T) {
	old, now, _ := expanded(t,
		Graph{Nodes: cards("a b"), Edges: edges("a>b")},
		Graph{Nodes: cards("a b x y"), Edges: edges("a>b x>y")})
	if now["a"] != old["a"] || now["x"].Y != old["a"].Y+48+32 || now["y"].Layer != now["x"].Layer+1 {
		t.Errorf("got %+v", now)
	}
}

// m is fed by c and feeds a and b, which were left of c: one edge backward is
// better than two.
func TestFewestEdgesRunBackward(t *testing.T) {
	_, now, p := expanded(t,
		Graph{Nodes: cards("a b c"), Edges: edges("a>c b>c")},
		Graph{Nodes: cards("a b c m"), Edges: edges("a>c b>c c>m m>a m>b")})
	if got := backward(p); got != "c>m" || now["m"].X >= now["a"].X {
		t.Errorf("backward %q, boxes %+v", got, now)
	}
}
