package layout

import "slices"

// span demands rank[to] - rank[from] >= least; weight is the price of each
// rank by which the distance exceeds that.
type span struct{ from, to, least, weight int }

// simplex is the network simplex method of Gansner, Koutsofios, North and Vo
// (1993): it finds the ranks of a connected acyclic graph with the least total
// price. Ties are broken by index, so the result depends on nothing else.
type simplex struct {
	spans []span
	at    [][]int // span indexes by vertex
	rank  []int
	tree  spanTree
}

// solveRanks returns ranks from 0 on. The graph of n vertices must be
// connected and free of cycles.
func solveRanks(n int, spans []span) []int {
	s := &simplex{spans: spans, at: spansAt(n, spans), rank: make([]int, n)}
	s.longestPath()
	// The method ends by itself on all but degenerate graphs, where it could
	// go round in circles.
	s.solve(4*n + 100)
	least := slices.Min(s.rank)
	for v := range s.rank {
		s.rank[v] -= least
	}
	return s.rank
}

// improveRanks starts from ranks that keep all least distances and takes at
// most so many steps towards the best ones, those that save most first.
func improveRanks(rank []int, spans []span, steps int) {
	s := &simplex{spans: spans, at: spansAt(len(rank), spans), rank: rank}
	s.solve(steps)
}

// solve stops at the best ranks or after so many steps: all ranks on the way
// keep the least distances too.
func (s *simplex) solve(steps int) {
	s.tree = newSpanTree(len(s.rank), s.spans)
	s.tightTree()
	s.tree.number(0)
	for range steps {
		if !s.pivot() {
			return
		}
	}
}

// spansAt lists the indexes of the spans at each vertex.
func spansAt(n int, spans []span) [][]int {
	count := make([]int, n)
	for _, e := range spans {
		count[e.from]++
		count[e.to]++
	}
	at := make([][]int, n)
	all := make([]int, 2*len(spans))
	for v, size := range count {
		at[v], all = all[:0:size], all[size:]
	}
	for i, e := range spans {
		at[e.from] = append(at[e.from], i)
		at[e.to] = append(at[e.to], i)
	}
	return at
}

func (s *simplex) slack(i int) int {
	e := s.spans[i]
	return s.rank[e.to] - s.rank[e.from] - e.least
}

// longestPath gives every vertex the smallest rank its predecessors allow.
func (s *simplex) longestPath() {
	waits := make([]int, len(s.rank))
	for _, e := range s.spans {
		waits[e.to]++
	}
	var ready []int
	for v, w := range waits {
		if w == 0 {
			ready = append(ready, v)
		}
	}
	for len(ready) > 0 {
		v := ready[0]
		ready = ready[1:]
		for _, i := range s.at[v] {
			e := s.spans[i]
			if e.from != v {
				continue
			}
			s.rank[e.to] = max(s.rank[e.to], s.rank[v]+e.least)
			if waits[e.to]--; waits[e.to] == 0 {
				ready = append(ready, e.to)
			}
		}
	}
}

// tightTree makes a spanning tree of spans without slack, moving the part
// that is done towards the nearest vertex outside until all are in.
func (s *simplex) tightTree() {
	in := make([]bool, len(s.rank))
	members := s.grow(0, in, nil)
	open := make([]int, len(s.spans))
	for i := range open {
		open[i] = i
	}
	for len(members) < len(s.rank) {
		best, slack, left := -1, 0, open[:0]
		for _, i := range open {
			e := s.spans[i]
			if in[e.from] && in[e.to] {
				continue
			}
			left = append(left, i)
			if in[e.from] == in[e.to] {
				continue
			}
			if d := s.slack(i); best < 0 || d < slack {
				best, slack = i, d
			}
		}
		open = left
		e, shift, next := s.spans[best], slack, s.spans[best].to
		if in[e.to] {
			shift, next = -slack, e.from
		}
		for _, v := range members {
			s.rank[v] += shift
		}
		s.tree.add(best)
		members = s.grow(next, in, members)
	}
}

// grow adds v and what hangs on it by tight spans to the tree.
func (s *simplex) grow(v int, in []bool, members []int) []int {
	in[v] = true
	members = append(members, v)
	for _, i := range s.at[v] {
		e := s.spans[i]
		other := e.from + e.to - v
		if in[other] || s.slack(i) != 0 {
			continue
		}
		s.tree.add(i)
		members = s.grow(other, in, members)
	}
	return members
}

// pivot replaces one tree span whose stretching would save price. It returns
// false when there is none: the ranks are optimal.
func (s *simplex) pivot() bool {
	top := s.tree.worstCut()
	if top < 0 {
		return false
	}
	leaves := s.tree.up[top]
	tailBelow := s.spans[leaves].from == top
	enters := s.replacement(top, tailBelow)
	if enters < 0 {
		return false
	}
	shift := s.slack(enters)
	if tailBelow {
		shift = -shift
	}
	for _, v := range s.tree.subtree(top) {
		s.rank[v] += shift
	}
	s.tree.swap(leaves, enters)
	return true
}

// replacement finds the span with the least slack that runs against the
// leaving one, from the part with its head to the part with its tail.
func (s *simplex) replacement(top int, tailBelow bool) int {
	best, slack := -1, 0
	for _, v := range s.tree.subtree(top) {
		for _, i := range s.at[v] {
			e := s.spans[i]
			inward := e.to == v
			if inward != tailBelow || s.tree.below(e.from+e.to-v, top) {
				continue
			}
			if d := s.slack(i); best < 0 || d < slack || (d == slack && i < best) {
				best, slack = i, d
			}
		}
	}
	return best
}
