package layout

// span demands rank[to] - rank[from] >= least; weight is the price of each
// rank by which the distance exceeds that.
type span struct{ from, to, least, weight int }

// simplex is the network simplex method of Gansner, Koutsofios, North and Vo
// (1993): it finds the ranks of a connected acyclic graph with the least total
// price. Ties are broken by index, so the result depends on nothing else.
type simplex struct {
	spans  []span
	at     [][]int // span indexes by vertex
	rank   []int
	inTree []bool // by span
	// The spanning tree as seen from vertex 0: the span to the parent, first
	// and last number of the subtree in post-order, and the sum of supply.
	up        []int
	low, last []int
	supply    []int
	flow      []int
}

// solveRanks returns ranks from 0 on. The graph of n vertices must be
// connected and free of cycles.
func solveRanks(n int, spans []span) []int {
	s := &simplex{
		spans: spans, at: make([][]int, n), rank: make([]int, n), inTree: make([]bool, len(spans)),
		up: make([]int, n), low: make([]int, n), last: make([]int, n),
		supply: make([]int, n), flow: make([]int, n),
	}
	for i, e := range spans {
		s.at[e.from] = append(s.at[e.from], i)
		s.at[e.to] = append(s.at[e.to], i)
		s.supply[e.from] += e.weight
		s.supply[e.to] -= e.weight
	}
	s.longestPath()
	s.tightTree()
	s.number()
	// The method ends by itself on all but degenerate graphs, where it could
	// go round in circles; any intermediate state is a valid answer.
	for range 4*n + 100 {
		if !s.pivot() {
			break
		}
	}
	s.normalize()
	return s.rank
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
	for len(members) < len(s.rank) {
		best, slack := -1, 0
		for i, e := range s.spans {
			if in[e.from] == in[e.to] {
				continue
			}
			if d := s.slack(i); best < 0 || d < slack {
				best, slack = i, d
			}
		}
		e, shift, next := s.spans[best], slack, s.spans[best].to
		if in[e.to] {
			shift, next = -slack, e.from
		}
		for _, v := range members {
			s.rank[v] += shift
		}
		s.inTree[best] = true
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
		s.inTree[i] = true
		members = s.grow(other, in, members)
	}
	return members
}

// number walks the tree and fills up, low, last and flow.
func (s *simplex) number() {
	next := 0
	s.walk(0, -1, &next)
}

func (s *simplex) walk(v, up int, next *int) {
	s.up[v], s.low[v], s.flow[v] = up, *next, s.supply[v]
	for _, i := range s.at[v] {
		if !s.inTree[i] || i == up {
			continue
		}
		child := s.spans[i].from + s.spans[i].to - v
		s.walk(child, i, next)
		s.flow[v] += s.flow[child]
	}
	s.last[v] = *next
	*next++
}

// below tells whether v is in the subtree of top.
func (s *simplex) below(v, top int) bool {
	return s.low[top] <= s.last[v] && s.last[v] <= s.last[top]
}

// pivot replaces one tree span whose stretching would save price. It returns
// false when there is none: the ranks are optimal.
//
// The cut value of a tree span is the weight of the spans that go with it
// from one part of the tree to the other, less those that go against it. As
// everything within a part cancels out, that is the sum of supply in the part.
func (s *simplex) pivot() bool {
	leaves, worst := -1, 0
	for v, up := range s.up {
		if up < 0 {
			continue
		}
		cut := s.flow[v]
		if s.spans[up].to == v {
			cut = -cut
		}
		if cut < worst {
			leaves, worst = v, cut
		}
	}
	if leaves < 0 {
		return false
	}
	tailBelow := s.spans[s.up[leaves]].from == leaves
	enters := s.replacement(leaves, tailBelow)
	if enters < 0 {
		return false
	}
	shift := s.slack(enters)
	if tailBelow {
		shift = -shift
	}
	for v := range s.rank {
		if s.below(v, leaves) {
			s.rank[v] += shift
		}
	}
	s.inTree[s.up[leaves]], s.inTree[enters] = false, true
	s.number()
	return true
}

// replacement finds the span with the least slack that runs against the
// leaving one, from the part with its head to the part with its tail.
func (s *simplex) replacement(top int, tailBelow bool) int {
	best, slack := -1, 0
	for i, e := range s.spans {
		from, to := s.below(e.from, top), s.below(e.to, top)
		if from == to || to != tailBelow {
			continue
		}
		if d := s.slack(i); best < 0 || d < slack {
			best, slack = i, d
		}
	}
	return best
}

func (s *simplex) normalize() {
	least := s.rank[0]
	for _, r := range s.rank {
		least = min(least, r)
	}
	for v := range s.rank {
		s.rank[v] -= least
	}
}
