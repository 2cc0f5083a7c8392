package flow

import (
	"context"
	"slices"

	"weir/catalog"
	"weir/graph"
)

// world is the part of the lineage that was read. Reading more of it never changes what was read before.
type world struct {
	r        reader
	columns  map[graph.ID]catalog.Column
	arcs     map[ends]*arc
	into     map[graph.ID][]graph.ID // column → columns that it is made of, each once
	declared map[graph.ID][]string   // column or dataset → names of classes that it declares, sorted
	masking  map[graph.ID][]string   // column → subtypes of masking edges into it
	gaps     *gaps
	partial  bool
}

type ends struct{ from, to graph.ID }

// arc is all that was stated of one column being made of another.
type arc struct {
	clear, masked       bool
	viaClear, viaMasked []graph.ID
}

// via are the transforms of a step over the arc.
func (a *arc) via(masked bool) []graph.ID {
	if masked {
		return distinct(a.viaMasked)
	}
	return distinct(a.viaClear)
}

func newWorld(r reader) *world {
	return &world{
		r: r, columns: map[graph.ID]catalog.Column{}, arcs: map[ends]*arc{}, into: map[graph.ID][]graph.ID{},
		declared: map[graph.ID][]string{}, masking: map[graph.ID][]string{},
		gaps: newGaps(),
	}
}

// flowing are the relations along which values go on, in clear or masked.
var flowing = []graph.Rel{catalog.RelDerives, catalog.RelMasked}

// columnFields are the properties of columns that a world keeps.
var columnFields = []string{"dataset", "path", "position", "gone"}

// walk reads everything upstream of columns.
func (w *world) walk(ctx context.Context, columns []graph.ID) error {
	for part := range slices.Chunk(distinct(columns), graph.MaxBatch) {
		sub, err := w.r.Traverse(ctx, graph.Walk{
			From: part, Dir: graph.In, Rels: flowing, Depth: graph.MaxDepth, At: w.r.at, Max: graph.MaxNodes, Fields: columnFields,
		})
		if err != nil {
			return err
		}
		if err := w.add(sub); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) add(sub graph.Subgraph) error {
	w.partial = w.partial || sub.Cut || beyond(sub)
	for _, n := range sub.Nodes {
		if _, ok := w.columns[n.Node.ID]; ok || n.Node.Kind != catalog.ColumnType.Kind {
			continue
		}
		c, err := read(catalog.ColumnType, n.Node)
		if err != nil {
			return err
		}
		w.columns[c.ID] = c
	}
	for _, e := range sub.Edges {
		w.addEdge(e)
	}
	return nil
}

// beyond tells whether something leads into the last columns that the walk reached and was not reached itself.
func beyond(sub graph.Subgraph) bool {
	type end struct {
		rel      graph.Rel
		from, to graph.ID
	}
	left := map[graph.ID]int{}
	for _, n := range sub.Nodes {
		if n.Depth == graph.MaxDepth {
			left[n.Node.ID] = n.In
		}
	}
	if len(left) == 0 {
		return false
	}
	seen := map[end]bool{}
	for _, e := range sub.Edges {
		k := end{e.Rel, e.From, e.To}
		if _, last := left[e.To]; last && !seen[k] {
			seen[k] = true
			left[e.To]--
		}
	}
	for _, n := range left {
		if n > 0 {
			return true
		}
	}
	return false
}

// addEdge joins a row in: unions, so that neither order nor repetition counts.
func (w *world) addEdge(e graph.Edge) {
	k := ends{e.From, e.To}
	a, ok := w.arcs[k]
	if !ok {
		a = &arc{}
		w.arcs[k] = a
		w.into[e.To] = append(w.into[e.To], e.From)
	}
	via, _ := e.Props[catalog.EdgeVia].(string)
	if e.Rel == catalog.RelMasked {
		a.masked = true
		a.viaMasked = addID(a.viaMasked, graph.ID(via))
		w.addMasking(e)
		return
	}
	a.clear = true
	a.viaClear = addID(a.viaClear, graph.ID(via))
}

func (w *world) addMasking(e graph.Edge) {
	how, _ := e.Props[catalog.EdgeSubtype].(string)
	if how != "" && !slices.Contains(w.masking[e.To], how) {
		w.masking[e.To] = append(w.masking[e.To], how)
	}
}

// addID adds an id that is one and isn't there yet.
func addID(to []graph.ID, id graph.ID) []graph.ID {
	if id == "" || slices.Contains(to, id) {
		return to
	}
	return append(to, id)
}

// look reads which classes all columns, their datasets and the opened ones declare.
func (w *world) look(ctx context.Context) error {
	of := sortedKeys(w.gaps.opened)
	for id, c := range w.columns {
		of = append(of, id, c.Dataset)
	}
	rows, err := w.r.edges(ctx, of, graph.Out, catalog.RelClass)
	if err != nil {
		return err
	}
	classes := make([]graph.ID, len(rows))
	for i, e := range rows {
		classes[i] = e.To
	}
	nodes, err := w.r.nodes(ctx, classes)
	if err != nil {
		return err
	}
	for _, e := range rows {
		c, err := read(catalog.ClassType, nodes[e.To])
		if err != nil {
			return err
		}
		w.declare(e.From, c.Name)
	}
	return nil
}

// declare notes a class in its place.
func (w *world) declare(id graph.ID, class string) {
	if i, there := slices.BinarySearch(w.declared[id], class); !there {
		w.declared[id] = slices.Insert(w.declared[id], i, class)
	}
}
