package flow

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"weir/catalog"
	"weir/graph"
)

// vague finds the classes that datasets declare as a whole and none of their columns does: nobody knows in which columns
// these are.
func (w *world) vague(ctx context.Context) (map[graph.ID][]string, error) {
	var of []graph.ID
	for id := range w.declared {
		if _, isColumn := w.columns[id]; !isColumn {
			of = append(of, id)
		}
	}
	has, err := w.r.edges(ctx, of, graph.Out, catalog.RelHas)
	if err != nil {
		return nil, err
	}
	home := map[graph.ID]graph.ID{}
	for _, e := range has {
		home[e.To] = e.From
	}
	known, err := w.declaredNow(ctx, sortedKeys(home))
	if err != nil {
		return nil, err
	}
	out := map[graph.ID][]string{}
	for _, id := range of {
		out[id] = slices.Clone(w.declared[id])
	}
	for column, classes := range known {
		out[home[column]] = slices.DeleteFunc(out[home[column]], func(c string) bool { return slices.Contains(classes, c) })
	}
	maps.DeleteFunc(out, func(_ graph.ID, classes []string) bool { return len(classes) == 0 })
	return out, nil
}

// declaredNow are the classes that columns declare which are still there.
func (w *world) declaredNow(ctx context.Context, columns []graph.ID) (map[graph.ID][]string, error) {
	rows, err := w.r.edges(ctx, columns, graph.Out, catalog.RelClass)
	if err != nil {
		return nil, err
	}
	var named []graph.ID
	for _, e := range rows {
		named = append(named, e.From, e.To)
	}
	nodes, err := w.r.nodes(ctx, named)
	if err != nil {
		return nil, err
	}
	out := map[graph.ID][]string{}
	for _, e := range rows {
		column, err := read(catalog.ColumnType, nodes[e.From])
		if err != nil {
			return nil, err
		}
		class, err := read(catalog.ClassType, nodes[e.To])
		if err != nil {
			return nil, err
		}
		if !column.Gone {
			out[e.From] = append(out[e.From], class.Name)
		}
	}
	return out, nil
}

// source is a class and the dataset that declares it, itself or in a column.
type source struct {
	dataset graph.ID
	class   string
}

// coarse finds what may flow into the asked columns and isn't among the inflows.
func (w *world) coarse(ctx context.Context, asked []Column, inflows []Inflow) ([]Coarse, error) {
	vague, err := w.vague(ctx)
	if err != nil || len(vague) == 0 && len(w.gaps.into) == 0 {
		return nil, err
	}
	exact := map[graph.ID]map[source]bool{}
	for _, in := range inflows {
		if in.Masked {
			continue
		}
		if exact[in.Column] == nil {
			exact[in.Column] = map[source]bool{}
		}
		exact[in.Column][source{in.OriginDataset, in.Class}] = true
	}
	n := w.wide(vague)
	groups := map[string]*Coarse{}
	for _, c := range asked {
		n.find(c, exact[c.ID], groups)
	}
	return inOrder(groups), nil
}

// inOrder sorts what was found.
func inOrder(groups map[string]*Coarse) []Coarse {
	var keys []string
	for k := range groups {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var out []Coarse
	for _, k := range keys {
		out = append(out, *groups[k])
	}
	slices.SortStableFunc(out, func(a, b Coarse) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Depth, b.Depth), cmp.Compare(a.Origin, b.Origin))
	})
	return out
}

// wide is a net of all ways that values may take in clear. Behind the columns it numbers the opened datasets: what is in
// any of their columns may flow on.
type wide struct {
	w     *world
	net   *net
	ids   []graph.ID // of columns, then of datasets
	inner [][]int    // by number: columns of an opened dataset
	gaps  [][]int    // by number: opened datasets that may flow into a column's or dataset's dataset
	tells [][]source // by number: what is declared there
}

func (w *world) wide(vague map[graph.ID][]string) *wide {
	n := w.net()
	opened := sortedKeys(w.gaps.opened)
	out := &wide{w: w, net: n, ids: slices.Concat(n.ids, opened)}
	number := map[graph.ID]int{}
	for i, id := range out.ids {
		number[id] = i
	}
	out.inner, out.gaps, out.tells = make([][]int, len(out.ids)), make([][]int, len(out.ids)), make([][]source, len(out.ids))
	for i, id := range out.ids {
		dataset := out.dataset(i)
		for _, from := range sortedKeys(w.gaps.into[dataset]) {
			out.gaps[i] = append(out.gaps[i], number[from])
		}
		for _, c := range w.gaps.opened[id] {
			out.inner[i] = append(out.inner[i], number[c])
		}
		if i < len(n.ids) {
			for _, class := range w.declared[id] {
				out.tells[i] = append(out.tells[i], source{dataset, class})
			}
		}
		for _, class := range vague[dataset] {
			out.tells[i] = append(out.tells[i], source{dataset, class})
		}
	}
	return out
}

// dataset is the dataset of a column, or the opened dataset itself.
func (n *wide) dataset(i int) graph.ID {
	if i < len(n.net.ids) {
		return n.w.columns[n.ids[i]].Dataset
	}
	return n.ids[i]
}

// find adds what may flow into a column, but for what is known exactly.
func (n *wide) find(c Column, exact map[source]bool, to map[string]*Coarse) {
	root := n.net.number[c.ID]
	next := make([]int, len(n.ids))
	for i := range next {
		next[i] = -1
	}
	next[root] = root
	told := map[source]bool{}
	depth := 0
	for level := []int{root}; len(level) > 0; level = n.further(level, next) {
		for _, i := range level {
			for _, s := range n.tells[i] {
				if told[s] || exact[s] {
					continue
				}
				told[s] = true
				found := Coarse{Class: s.class, Origin: s.dataset, Depth: depth, Steps: n.steps(next, i, root)}
				found.join(c.ID, to)
			}
		}
		depth++
	}
}

// join adds the column to what was found on the same way before.
func (c Coarse) join(column graph.ID, to map[string]*Coarse) {
	var key strings.Builder
	key.WriteString(strconv.Quote(c.Class) + " " + string(c.Origin) + " " + strconv.Itoa(c.Depth))
	for _, s := range c.Steps {
		key.WriteString(" " + string(s.From) + " " + string(s.To))
	}
	k := key.String()
	if to[k] == nil {
		to[k] = &c
	}
	to[k].Columns = append(to[k].Columns, column)
}

// further is the next level of a walk against the flow. The columns of a dataset are on its level, behind all others, so
// that what is known exactly comes first.
func (n *wide) further(level, next []int) []int {
	var out []int
	visit := func(from, to int) {
		if next[from] < 0 {
			next[from] = to
			out = append(out, from)
		}
	}
	for _, to := range level {
		if to < len(n.net.into) {
			for _, l := range n.net.into[to] {
				if l.clear {
					visit(l.from, to)
				}
			}
		}
		for _, from := range n.gaps[to] {
			visit(from, to)
		}
	}
	for _, i := range slices.Clone(out) {
		for _, column := range n.inner[i] {
			visit(column, i)
		}
	}
	return out
}

// steps follow a walk from where it came to its root.
func (n *wide) steps(next []int, from, root int) []Step {
	var out []Step
	for i := from; i != root; i = next[i] {
		to := next[i]
		switch {
		case i >= len(n.net.ids): // a dataset that flows into another one
			s := Step{From: n.ids[i], To: n.dataset(to)}
			s.Via = n.w.gaps.into[s.To][s.From]
			out = append(out, s)
		case to < len(n.net.ids):
			s := Step{From: n.ids[i], To: n.ids[to]}
			s.Via = n.w.arcs[ends{s.From, s.To}].via(false)
			out = append(out, s)
		}
	}
	return out
}
