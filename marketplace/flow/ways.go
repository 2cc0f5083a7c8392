package flow

import (
	"cmp"
	"slices"

	"weir/graph"
)

// net is a world's columns by number, in the order of their ids, so that walking in the order of numbers is walking in
// that of ids.
type net struct {
	ids     []graph.ID
	number  map[graph.ID]int
	into    [][]link // by number, ordered by from
	declare []int    // numbers of columns that declare a class
	masks   bool     // some link is masked
}

// link is an arc into a column.
type link struct {
	from          int
	clear, masked bool
}

func (w *world) net() *net {
	n := &net{ids: sortedKeys(w.columns), number: make(map[graph.ID]int, len(w.columns))}
	for i, id := range n.ids {
		n.number[id] = i
	}
	n.into = make([][]link, len(n.ids))
	for i, id := range n.ids {
		for _, from := range w.into[id] {
			a := w.arcs[ends{from, id}]
			if k, ok := n.number[from]; ok {
				n.into[i] = append(n.into[i], link{k, a.clear, a.masked})
				n.masks = n.masks || a.masked
			}
		}
		slices.SortFunc(n.into[i], func(a, b link) int { return cmp.Compare(a.from, b.from) })
		if len(w.declared[id]) > 0 {
			n.declare = append(n.declare, i)
		}
	}
	return n
}

// tree is a breadth-first walk from a column against the flow: for each column reached the one that leads on to the
// root on a shortest way, of several the one with the smallest number.
type tree struct {
	root int
	next []int // by number; -1: not reached
}

// tree walks along all links or the clear ones alone.
func (n *net) tree(root int, all bool) tree {
	t := tree{root, make([]int, len(n.ids))}
	for i := range t.next {
		t.next[i] = -1
	}
	t.next[root] = root
	for level := []int{root}; len(level) > 0; {
		var further []int
		for _, to := range level {
			for _, l := range n.into[to] {
				if t.next[l.from] >= 0 || !l.clear && !all {
					continue
				}
				t.next[l.from] = to
				further = append(further, l.from)
			}
		}
		slices.Sort(further)
		level = further
	}
	return t
}

func (t tree) reached(i int) bool { return t.next[i] >= 0 }

// masked tells, by number, from which columns a way with a masked step leads to the root, and doesn't pass it before.
func (n *net) masked(root int) []bool {
	type state struct {
		column int
		masked bool
	}
	seen := [2][]bool{make([]bool, len(n.ids)), make([]bool, len(n.ids))}
	visit := func(s state) bool {
		k := 0
		if s.masked {
			k = 1
		}
		was := seen[k][s.column]
		seen[k][s.column] = true
		return !was
	}
	stack := []state{{root, false}}
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, l := range n.into[s.column] {
			if l.from == root {
				continue
			}
			if on := (state{l.from, s.masked}); l.clear && visit(on) {
				stack = append(stack, on)
			}
			if on := (state{l.from, true}); l.masked && visit(on) {
				stack = append(stack, on)
			}
		}
	}
	return seen[1]
}

// inflows finds what flows into the asked columns.
func (w *world) inflows(asked []Column) []Inflow {
	n := w.net()
	if len(n.declare) == 0 {
		return nil
	}
	var out []Inflow
	for _, c := range asked {
		ins := w.inflowsOf(n, n.number[c.ID])
		slices.SortFunc(ins, byNearness)
		out = append(out, ins...)
	}
	return out
}

// inflowsOf are the inflows of one column, in no order.
func (w *world) inflowsOf(n *net, root int) []Inflow {
	clear := n.tree(root, false)
	all, masked := clear, []bool(nil)
	if n.masks {
		all, masked = n.tree(root, true), n.masked(root)
	}
	var out []Inflow
	for _, i := range n.declare {
		if !all.reached(i) {
			continue
		}
		id := n.ids[i]
		in := Inflow{
			Column: n.ids[root], Origin: id, OriginDataset: w.columns[id].Dataset, ByDeclaration: i == root,
			Masked: !clear.reached(i), MaskedAt: -1,
		}
		if in.Masked {
			in.Steps = w.steps(n, all, i)
			in.MaskedAt = slices.IndexFunc(in.Steps, func(s Step) bool { return s.Masked })
		} else {
			in.Steps = w.steps(n, clear, i)
			in.MaskedWays = masked != nil && masked[i]
		}
		in.Depth = len(in.Steps)
		for _, class := range w.declared[id] {
			in.Class = class
			out = append(out, in)
		}
	}
	return out
}

// steps follow a tree from a column to its root.
func (w *world) steps(n *net, t tree, from int) []Step {
	var out []Step
	for i := from; i != t.root; i = t.next[i] {
		s := Step{From: n.ids[i], To: n.ids[t.next[i]]}
		a := w.arcs[ends{s.From, s.To}]
		s.Masked = !a.clear
		s.Via = a.via(s.Masked)
		out = append(out, s)
	}
	return out
}

// byNearness orders the inflows of one column.
func byNearness(a, b Inflow) int {
	return cmp.Or(cmp.Compare(a.Class, b.Class), compareBool(a.Masked, b.Masked), cmp.Compare(a.Depth, b.Depth), cmp.Compare(a.Origin, b.Origin))
}

// compareBool puts false first.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
