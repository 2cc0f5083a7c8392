package lineage

import (
	"cmp"
	"container/heap"
	"context"

	"weir/catalog"
	"weir/graph"
)

// Mark says where a data class that flows into an asset comes from: the nearest column, or for consumers dataset, that
// declares it, and how many edges away that is. Of several equally near ones it is the one with the smallest id.
type Mark struct {
	Depth  int64
	Origin graph.ID
}

func (m Mark) compare(o Mark) int {
	return cmp.Or(cmp.Compare(m.Depth, o.Depth), cmp.Compare(m.Origin, o.Origin))
}

// marks are what flows into assets, by asset and class. What an asset declares itself is marked with itself, at depth 0.
type marks map[graph.ID]map[graph.ID]Mark

func (ms marks) set(asset, class graph.ID, m Mark) {
	if ms[asset] == nil {
		ms[asset] = map[graph.ID]Mark{}
	}
	ms[asset][class] = m
}

// offer sets a mark where there is none that is as near.
func (ms marks) offer(asset, class graph.ID, m Mark) {
	if old, ok := ms[asset][class]; !ok || m.compare(old) < 0 {
		ms.set(asset, class, m)
	}
}

// pass offers everything that one asset has to another one, that many edges on.
func (ms marks) pass(from map[graph.ID]Mark, to graph.ID, edges int64) {
	for class, m := range from {
		ms.offer(to, class, Mark{m.Depth + edges, m.Origin})
	}
}

// seed is a mark that a flow begins with.
type seed struct {
	asset, class graph.ID
	Mark
}

// flow carries marks along edges until nothing changes any more. The nearest mark settles first, so a circle can't keep
// a mark alive that has no origin.
func flow(seeds []seed, out map[graph.ID][]graph.ID) marks {
	settled := marks{}
	queue := seedQueue(seeds)
	heap.Init(&queue)
	for queue.Len() > 0 {
		s := heap.Pop(&queue).(seed) //nolint:errcheck // the queue holds seeds only
		if _, ok := settled[s.asset][s.class]; ok {
			continue
		}
		settled.set(s.asset, s.class, s.Mark)
		for _, to := range out[s.asset] {
			if _, ok := settled[to][s.class]; !ok {
				heap.Push(&queue, seed{to, s.class, Mark{s.Depth + 1, s.Origin}})
			}
		}
	}
	return settled
}

// seedQueue is a heap of seeds, nearest first.
type seedQueue []seed

func (q seedQueue) Len() int           { return len(q) }
func (q seedQueue) Less(i, j int) bool { return q[i].compare(q[j].Mark) < 0 }
func (q seedQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }

// Push adds a seed, for package heap.
func (q *seedQueue) Push(x any) {
	*q = append(*q, x.(seed)) //nolint:errcheck,forcetypeassert // flow pushes seeds only
}

// Pop takes the last seed, for package heap.
func (q *seedQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// readMarks returns what assets declare and what the store holds as flowing into them.
func readMarks(ctx context.Context, r graph.Reader, assets []graph.ID) (declared, stored marks, err error) {
	rows, err := hop(ctx, r, assets, graph.EdgeQuery{Rels: []graph.Rel{catalog.RelClass, catalog.RelInherits}})
	if err != nil {
		return nil, nil, err
	}
	declared, stored = sortMarks(rows)
	return declared, stored, nil
}

// sortMarks tells declarations and what flows in apart.
func sortMarks(rows []graph.Edge) (declared, stored marks) {
	declared, stored = marks{}, marks{}
	for _, e := range rows {
		if e.Rel == catalog.RelClass {
			declared.set(e.From, e.To, Mark{0, e.From})
			continue
		}
		depth, _ := e.Props[catalog.EdgeDepth].(int64)
		origin, _ := e.Props[catalog.EdgeOrigin].(string)
		stored.set(e.From, e.To, Mark{depth, graph.ID(origin)})
	}
	return declared, stored
}

// shown is what an asset passes on: what it declares, and of the rest what flows in.
func shown(declared, stored marks, asset graph.ID) map[graph.ID]Mark {
	out := map[graph.ID]Mark{}
	for class, m := range stored[asset] {
		out[class] = m
	}
	for class, m := range declared[asset] {
		out[class] = m
	}
	return out
}
