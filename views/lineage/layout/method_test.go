package layout

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// anySpans draws a connected acyclic graph of n vertices.
func anySpans(t *rapid.T, n int) []span {
	var spans []span
	add := func(from, to int) {
		spans = append(spans, span{
			from: from, to: to,
			least:  rapid.IntRange(0, 2).Draw(t, "least"),
			weight: rapid.IntRange(0, 3).Draw(t, "weight"),
		})
	}
	for v := 1; v < n; v++ {
		add(rapid.IntRange(0, v-1).Draw(t, "from"), v)
	}
	for range rapid.IntRange(0, n).Draw(t, "more") {
		from := rapid.IntRange(0, n-2).Draw(t, "from")
		add(from, rapid.IntRange(from+1, n-1).Draw(t, "to"))
	}
	return spans
}

// price is the weighted length of all spans, or false if one is too short.
func price(spans []span, rank []int) (total int, ok bool) {
	for _, e := range spans {
		length := rank[e.to] - rank[e.from]
		if length < e.least {
			return 0, false
		}
		total += e.weight * length
	}
	return total, true
}

// cheapest tries all ranks up to most.
func cheapest(spans []span, rank []int, v, most int) int {
	if v == len(rank) {
		if p, ok := price(spans, rank); ok {
			return p
		}
		return 1 << 30
	}
	best := 1 << 30
	for r := range most + 1 {
		rank[v] = r
		best = min(best, cheapest(spans, rank, v+1, most))
	}
	return best
}

func TestRanksAreTheCheapest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 5).Draw(t, "vertices")
		spans := anySpans(t, n)
		rank := solveRanks(n, spans)
		got, ok := price(spans, rank)
		if !ok || slices.Min(rank) != 0 {
			t.Fatalf("ranks %v break %v", rank, spans)
		}
		if want := cheapest(spans, make([]int, n), 0, 2*(n-1)); got != want {
			t.Fatalf("ranks %v cost %d, the cheapest %d", rank, got, want)
		}
	})
}

func TestCrossingsAreCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := anyGraph().Draw(t, "graph")
		c, err := newChart(g)
		if err != nil {
			t.Fatal(err)
		}
		c.assignLayers()
		c.buildLevels()
		s := &sorter{c: c, levels: make([][]int, len(c.levels)), rounds: maxRounds}
		for i := range c.levels {
			s.levels[i] = rapid.Permutation(c.levels[i].items).Draw(t, "order")
			c.number(s.levels[i])
		}
		if got, want := s.crossings(), countPairs(c); got != want {
			t.Fatalf("%d crossings, want %d", got, want)
		}
		before := s.crossings()
		s.transposeAll(false)
		if after := s.crossings(); after > before || after != countPairs(c) {
			t.Fatalf("%d crossings after swaps, before %d, really %d", after, before, countPairs(c))
		}
	})
}

// countPairs looks at all pairs of links between the same levels.
func countPairs(c *chart) int {
	type ends struct{ level, left, right int }
	var all []ends
	for _, it := range c.items {
		for _, l := range it.right {
			all = append(all, ends{it.level, it.rightBase + l.ownSlot, c.items[l.item].leftBase + l.farSlot})
		}
	}
	n := 0
	for i, a := range all {
		for _, b := range all[i+1:] {
			if a.level == b.level && (a.left-b.left)*(a.right-b.right) < 0 {
				n++
			}
		}
	}
	return n
}

func TestFitKeepsStepsAtLeastCost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		goals := make([]goal, rapid.IntRange(1, 4).Draw(t, "items"))
		for i := range goals {
			goals[i].step = rapid.IntRange(0, 3).Draw(t, "step")
			goals[i].now = rapid.IntRange(0, 6).Draw(t, "now")
			for range rapid.IntRange(1, 3).Draw(t, "pulls") {
				goals[i].pulls = append(goals[i].pulls, pull{
					y:      rapid.IntRange(0, 6).Draw(t, "y"),
					weight: rapid.IntRange(1, 3).Draw(t, "weight"),
				})
			}
			slices.SortFunc(goals[i].pulls, byHeight)
		}
		goals[0].step = 0
		got := fit(goals)
		for i := 1; i < len(got); i++ {
			if got[i]-got[i-1] < goals[i].step {
				t.Fatalf("%v breaks a step of %d", got, goals[i].step)
			}
		}
		if cost, want := fitCost(goals, got), cheapestFit(goals, nil); cost != want {
			t.Fatalf("%v costs %d, the cheapest %d", got, cost, want)
		}
	})
}

func fitCost(goals []goal, ys []int) int {
	total := 0
	for i, y := range ys {
		for _, p := range goals[i].pulls {
			total += p.weight * abs(y-p.y)
		}
	}
	return total
}

func cheapestFit(goals []goal, ys []int) int {
	if len(ys) == len(goals) {
		return fitCost(goals, ys)
	}
	low := -9
	if n := len(ys); n > 0 {
		low = ys[n-1] + goals[n].step
	}
	best := 1 << 30
	for y := low; y <= 15; y++ {
		best = min(best, cheapestFit(goals, append(ys, y)))
	}
	return best
}

func TestBalanceFillsTheLowerLayer(t *testing.T) {
	p := mustCompute(t, Graph{Nodes: cards("a b c d x y"), Edges: edges("a>b b>c c>d a>x x>d a>y")})
	checkLayers(t, p, "a0 b1 y1 c2 x2 d3")
}
