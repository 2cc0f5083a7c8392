package layout

import "testing"

// The figures to keep: 200 nodes with 10 ports in 50 ms, 1,000 nodes in 500 ms.
func BenchmarkCompute(b *testing.B) {
	sizes := []struct {
		name                string
		nodes, edges, ports int
	}{
		{"nodes=30", 30, 40, 1},
		{"nodes=200/ports=10", 200, 1000, 10},
		{"nodes=1000", 1000, 1430, 1},
	}
	for _, size := range sizes {
		g := randomCards(1, size.nodes, size.edges, size.ports)
		b.Run(size.name, func(b *testing.B) {
			for b.Loop() {
				mustCompute(b, g)
			}
		})
	}
}

func BenchmarkExpand(b *testing.B) {
	g := randomCards(1, 200, 1000, 10)
	before := mustCompute(b, g)
	r := random(2)
	for range 12 {
		g.Nodes = append(g.Nodes, card(name(len(g.Nodes)), 10))
		g.join(100, len(g.Nodes)-1, r)
	}
	g.Prev = &before
	for b.Loop() {
		mustCompute(b, g)
	}
}
