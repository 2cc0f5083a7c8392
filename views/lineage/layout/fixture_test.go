package layout

import (
	"fmt"
	"math/rand/v2"
)

// fixture is a generated graph. ranksep is the distance that dot is told to
// keep between its ranks, so that both have the same room.
type fixture struct {
	name    string
	graph   Graph
	ranksep int
}

// fixtures are the graphs the pictures are compared on: what lineage looks
// like at several sizes, and some shapes that are hard to draw.
func fixtures() []fixture {
	var all []fixture
	add := func(name string, ranksep int, g Graph) {
		all = append(all, fixture{name, g, ranksep})
	}
	for seed := range uint64(5) {
		for _, n := range []int{12, 30, 60} {
			add(fmt.Sprintf("cards-%d-%d", n, seed), 144, randomCards(seed, n, n*13/10, 1))
		}
		add(fmt.Sprintf("dense-%d", seed), 144, randomCards(seed+100, 18, 40, 1))
		add(fmt.Sprintf("columns-%d", seed), 144, randomCards(seed+200, 14, 34, 6))
		add(fmt.Sprintf("pills-%d", seed), 22, randomPills(seed+300, 14, 16))
		add(fmt.Sprintf("tree-%d", seed), 144, randomTree(seed+400, 40))
		add(fmt.Sprintf("layers-%d", seed), 144, randomLayers(seed+500, 5, 6, 40))
	}
	add("fan", 144, fanGraph(12))
	add("diamonds", 144, diamonds(6))
	return all
}

func random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

// card is a card with n-1 column rows under its head.
func card(id string, ports int) Node {
	n := Node{ID: id, Width: 216, Height: 48 + 26*(ports-1)}
	for i := range ports {
		y := 24
		if i > 0 {
			y = 48 + 26*(i-1) + 13
		}
		n.Ports = append(n.Ports, Port{ID: fmt.Sprintf("p%d", i), Y: y})
	}
	return n
}

func pill(id string) Node { return Node{ID: id, Width: 100, Height: 22, Pill: true} }

func name(i int) string { return fmt.Sprintf("n%04d", i) }

func (g *Graph) join(from, to int, r *rand.Rand) {
	e := Edge{ID: fmt.Sprintf("e%05d", len(g.Edges)), From: g.Nodes[from].ID, To: g.Nodes[to].ID}
	if ports := g.Nodes[from].Ports; len(ports) > 1 {
		e.FromPort = ports[r.IntN(len(ports))].ID
	}
	if ports := g.Nodes[to].Ports; len(ports) > 1 {
		e.ToPort = ports[r.IntN(len(ports))].ID
	}
	g.Edges = append(g.Edges, e)
}

// randomCards is an acyclic graph whose edges join cards that are mostly near
// to each other.
func randomCards(seed uint64, nodes, edges, ports int) Graph {
	r := random(seed)
	var g Graph
	for i := range nodes {
		g.Nodes = append(g.Nodes, card(name(i), ports))
	}
	seen := make(map[[2]int]bool)
	for i := 1; i < nodes; i++ {
		from := max(0, i-1-r.IntN(8))
		seen[[2]int{from, i}] = true
		g.join(from, i, r)
	}
	for tries := 0; len(g.Edges) < edges && tries < 10*edges; tries++ {
		from := r.IntN(nodes - 1)
		to := min(nodes-1, from+1+r.IntN(10))
		if ports == 1 && seen[[2]int{from, to}] {
			continue
		}
		seen[[2]int{from, to}] = true
		g.join(from, to, r)
	}
	return g
}

// randomPills joins cards through pills with one or two inputs.
func randomPills(seed uint64, cards, pills int) Graph {
	r := random(seed)
	var g Graph
	for i := range cards {
		g.Nodes = append(g.Nodes, card(name(i), 1))
	}
	for i := range pills {
		p := len(g.Nodes)
		g.Nodes = append(g.Nodes, pill(fmt.Sprintf("pill%03d", i)))
		to := 1 + i%(cards-1)
		from := max(0, to-1-r.IntN(5))
		g.join(from, p, r)
		if other := max(0, to-1-r.IntN(5)); other != from {
			g.join(other, p, r)
		}
		g.join(p, to, r)
	}
	return g
}

func randomTree(seed uint64, nodes int) Graph {
	r := random(seed)
	var g Graph
	g.Nodes = append(g.Nodes, card(name(0), 1))
	for i := 1; i < nodes; i++ {
		g.Nodes = append(g.Nodes, card(name(i), 1))
		g.join(max(0, i/2-r.IntN(4)), i, r)
	}
	return g
}

// randomLayers joins full layers of cards at random.
func randomLayers(seed uint64, layers, width, edges int) Graph {
	r := random(seed)
	var g Graph
	for i := range layers * width {
		g.Nodes = append(g.Nodes, card(name(i), 1))
	}
	seen := make(map[[2]int]bool)
	for len(g.Edges) < edges {
		from := r.IntN((layers - 1) * width)
		to := (from/width+1)*width + r.IntN(width)
		if !seen[[2]int{from, to}] {
			seen[[2]int{from, to}] = true
			g.join(from, to, r)
		}
	}
	return g
}

// fanGraph is one card with n sources and n targets.
func fanGraph(n int) Graph {
	r := random(1)
	g := Graph{Nodes: []Node{card("root", 1)}}
	for i := range n {
		g.Nodes = append(g.Nodes, card(fmt.Sprintf("in%02d", i), 1), card(fmt.Sprintf("out%02d", i), 1))
		g.join(2*i+1, 0, r)
		g.join(0, 2*i+2, r)
	}
	return g
}

// diamonds is a chain of n cards that split in three and meet again.
func diamonds(n int) Graph {
	r := random(1)
	g := Graph{Nodes: []Node{card(name(0), 1)}}
	for range n {
		top := len(g.Nodes) - 1
		for range 4 {
			g.Nodes = append(g.Nodes, card(name(len(g.Nodes)), 1))
		}
		for i := 1; i <= 3; i++ {
			g.join(top, top+i, r)
			g.join(top+i, top+4, r)
		}
	}
	return g
}
