package lineage

import (
	"slices"

	"weir/graph"
)

// sources are the columns that the values begin in: one of each group that nothing outside of it flows into.
//
// In the reverse order in which a depth-first search leaves the nodes, the first node of each group comes before all that
// flows out of the group. So a node that none before it leads to belongs to a group without inflow.
func sources(a Answer) []graph.ID {
	out := map[graph.ID][]graph.ID{}
	for _, e := range a.Edges {
		out[e.From] = append(out[e.From], e.To)
	}
	starts := make([]graph.ID, 0, len(a.Nodes))
	for _, n := range a.Nodes[1:] {
		starts = append(starts, n.ID)
	}
	left := leave(append(starts, a.Root), out) // the root last, so that it doesn't stand for others
	var found []graph.ID
	seen := map[graph.ID]bool{}
	for _, id := range slices.Backward(left) {
		if seen[id] {
			continue
		}
		flood(id, out, seen)
		if id != a.Root {
			found = append(found, id)
		}
	}
	return found
}

// leave returns nodes in the order in which a depth-first search from starts leaves them.
func leave(starts []graph.ID, out map[graph.ID][]graph.ID) []graph.ID {
	var left []graph.ID
	entered := map[graph.ID]int{} // how many edges were followed, plus one
	for _, start := range starts {
		if entered[start] > 0 {
			continue
		}
		entered[start] = 1
		stack := []graph.ID{start}
		for len(stack) > 0 {
			id := stack[len(stack)-1]
			if i := entered[id] - 1; i < len(out[id]) {
				entered[id]++
				if to := out[id][i]; entered[to] == 0 {
					entered[to] = 1
					stack = append(stack, to)
				}
				continue
			}
			left = append(left, id)
			stack = stack[:len(stack)-1]
		}
	}
	return left
}

// flood marks everything that can be reached.
func flood(from graph.ID, out map[graph.ID][]graph.ID, seen map[graph.ID]bool) {
	stack := []graph.ID{from}
	seen[from] = true
	for len(stack) > 0 {
		id := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, to := range out[id] {
			if !seen[to] {
				seen[to] = true
				stack = append(stack, to)
			}
		}
	}
}
