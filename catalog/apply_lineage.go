package catalog

import (
	"maps"
	"slices"
	"strconv"

	"weir/graph"
)

// joinLineage brings the lineage edges in line with the statements at hand.
func (j *join) joinLineage() error {
	if err := j.readRebuilt(); err != nil {
		return err
	}
	moved := j.movedLineage()
	if err := j.readLineage(moved); err != nil {
		return err
	}
	if err := j.readClosed(); err != nil {
		return err
	}
	for _, id := range moved {
		j.holdStatement(j.said[id])
	}
	j.dropUnheld()
	j.noteLineage()
	return nil
}

// movedLineage are the lineage statements at hand that are new or hold for longer.
func (j *join) movedLineage() []graph.ID {
	var out []graph.ID
	for _, id := range sortedKeys(j.moved) {
		if j.said[id].job.id != "" {
			out = append(out, id)
		}
	}
	return out
}

// readRebuilt reads all statements about the jobs whose edges have to be made anew.
func (j *join) readRebuilt() error {
	if len(j.rebuild) == 0 {
		return nil
	}
	es, err := adjacent(j.ctx, j.tx, sortedKeys(j.rebuild), graph.Out, RelStates)
	if err != nil {
		return err
	}
	want := make([]graph.ID, len(es))
	for i, e := range es {
		want[i] = e.To
	}
	if err := j.read(want); err != nil {
		return err
	}
	var ends []graph.ID
	for _, e := range es {
		st := j.statements.find(e.To)
		if st == nil {
			continue
		}
		if _, ok := j.said[e.To]; !ok {
			body, err := unpack[lineageBody](st.Body)
			if err != nil {
				return err
			}
			j.said[e.To] = stated{id: e.To, subject: e.From, job: jobRef{id: e.From}, lineage: body}
		}
		j.moved[e.To] = true
		for _, l := range j.said[e.To].lineage.Edges {
			ends = append(ends, l.From, l.To, factsID(l.From), factsID(l.To))
		}
	}
	if err := j.read(ends); err != nil {
		return err
	}
	return j.readClasses(ends)
}

// readLineage reads the edges and columns that statements are about.
func (j *join) readLineage(statements []graph.ID) error {
	var jobs, to, all []graph.ID
	for _, id := range statements {
		st := j.said[id]
		jobs = append(jobs, st.subject)
		for _, d := range st.lineage.Derives {
			all = append(all, ColumnID(d.From, d.FromColumn), ColumnID(j.head(d.From), d.FromColumn), ColumnID(d.To, d.ToColumn))
			for _, m := range j.members(j.head(d.To)) {
				to = append(to, ColumnID(m, d.ToColumn)) // edges may still stand at a former head
			}
		}
	}
	if err := j.readEdges(jobs, graph.In, RelInput, RelDelivers, RelTriggers); err != nil {
		return err
	}
	if err := j.readEdges(jobs, graph.Out, RelOutput, RelTriggers); err != nil {
		return err
	}
	if err := j.read(append(all, to...)); err != nil {
		return err
	}
	var known []graph.ID
	for _, id := range to {
		if j.columns.find(id) != nil {
			known = append(known, id)
		}
	}
	return j.readEdges(known, graph.In, ColumnRels...)
}

// readClosed reads the edges of subjects of which some may have ended, and of their columns, and marks them.
func (j *join) readClosed() error {
	if len(j.closed) == 0 {
		return nil
	}
	var of, datasets []graph.ID
	for id := range j.closed {
		of = append(of, j.head(id))
		if j.datasets.find(id) != nil {
			datasets = append(datasets, j.head(id))
		}
	}
	slices.Sort(datasets)
	if err := j.readColumns(datasets); err != nil {
		return err
	}
	var columns []graph.ID
	for id, c := range j.columns.cells {
		if _, ok := slices.BinarySearch(datasets, c.now.Dataset); c.known && ok {
			columns = append(columns, id)
		}
	}
	for _, dir := range []graph.Dir{graph.In, graph.Out} {
		if err := j.readEdges(of, dir, LineageRels...); err != nil {
			return err
		}
		if err := j.readEdges(columns, dir, ColumnRels...); err != nil {
			return err
		}
	}
	return j.markEnds(append(of, columns...))
}

// markEnds marks the edges at these nodes to be worked out anew, and reads what decides about them.
func (j *join) markEnds(at []graph.ID) error {
	var ends []graph.ID
	touched := map[graph.ID]bool{}
	for _, id := range at {
		touched[id] = true
	}
	for k, e := range j.edges {
		if touched[k.from] || touched[k.to] {
			e.dirty = true
			ends = append(ends, k.from, k.to)
		}
	}
	if err := j.read(slices.Clone(ends)); err != nil {
		return err
	}
	var want []graph.ID
	for _, id := range ends {
		if c := j.columns.find(id); c != nil {
			id = c.Dataset
		}
		want = append(want, id, factsID(id))
	}
	if err := j.read(slices.Clone(want)); err != nil {
		return err
	}
	return j.readClasses(want)
}

// holdStatement joins the edges of a statement, between the heads of the datasets that it names.
func (j *join) holdStatement(st stated) {
	made := j.statements.find(st.id)
	for _, l := range st.lineage.Edges {
		how := made.How
		if l.How != "" {
			how = l.How
		}
		k := edgeKey{j.head(l.From), l.Rel, j.head(l.To), string(made.Source)}
		j.hold(k, made, edgeProps{how: how})
	}
	for _, d := range st.lineage.Derives {
		from := j.nameColumn(d.From, d.FromColumn)
		to := j.nameColumn(d.To, d.ToColumn)
		k := edgeKey{from, d.Rel, to, string(made.Source) + "/" + string(st.subject)}
		j.hold(k, made, edgeProps{how: made.How, subtype: d.Subtype, via: st.subject})
	}
}

// nameColumn makes a column known that lineage names, at the dataset as stated and at the head, and returns the latter.
func (j *join) nameColumn(dataset graph.ID, path string) graph.ID {
	j.makeColumn(dataset, path).Own = true
	return j.makeColumn(j.head(dataset), path).ID
}

func (j *join) makeColumn(dataset graph.ID, path string) *Column {
	id := ColumnID(dataset, path)
	c, isNew := j.columns.make(id, Column{ID: id, Dataset: dataset, Path: path})
	if isNew {
		j.recount[dataset] = true
		j.links = append(j.links, graph.Edge{From: dataset, To: id, Rel: RelHas})
	}
	return c
}

// dropUnheld takes the edges of rebuilt jobs away that no statement holds between today's heads.
func (j *join) dropUnheld() {
	for k, e := range j.edges {
		about := k.to // the job whose statements hold the edge
		switch k.rel {
		case RelOutput:
			about = k.from
		case RelDerives, RelMasked, RelAffects:
			about = e.via
		}
		if j.rebuild[about] && !e.joined {
			e.dirty = false
			if e.open() {
				j.noteEnd(k)
			}
			j.unlink(graph.Edge{From: k.from, Rel: k.rel, To: k.to, Key: k.key})
		}
	}
}

// noteLineage writes down which lineage is new, at the assets on both sides.
func (j *join) noteLineage() {
	columns := map[graph.ID]int{}
	seen := map[[2]graph.ID]bool{}
	for _, k := range slices.SortedFunc(maps.Keys(j.edges), compareKeys) {
		e := j.edges[k]
		if len(e.rows) > 0 || !e.dirty || seen[[2]graph.ID{k.from, k.to}] {
			continue
		}
		seen[[2]graph.ID{k.from, k.to}] = true
		switch k.rel {
		case RelInput, RelDelivers:
			j.change(k.to, "input", "", j.nameOf(k.from))
			j.change(k.from, "read by", "", j.nameOf(k.to))
		case RelOutput:
			j.change(k.from, "output", "", j.nameOf(k.to))
			j.change(k.to, "made by", "", j.nameOf(k.from))
		case RelDerives, RelMasked, RelAffects:
			columns[j.columns.find(k.to).Dataset]++
		}
	}
	for _, id := range sortedKeys(columns) {
		j.change(id, FieldColumnLineage, "", strconv.Itoa(columns[id])+" new")
	}
}

// noteEnd writes down that lineage ended.
func (j *join) noteEnd(k edgeKey) {
	switch k.rel {
	case RelInput, RelDelivers:
		j.change(k.to, "input", j.nameOf(k.from), "")
		j.change(k.from, "read by", j.nameOf(k.to), "")
	case RelOutput:
		j.change(k.from, "output", j.nameOf(k.to), "")
		j.change(k.to, "made by", j.nameOf(k.from), "")
	case RelDerives, RelMasked, RelAffects:
		if c := j.columns.find(k.to); c != nil {
			j.change(c.Dataset, FieldColumnLineage, "column "+c.Path, "")
		}
	}
}

// noteAgain writes down that lineage which had ended holds again.
func (j *join) noteAgain(k edgeKey) {
	switch k.rel {
	case RelInput, RelDelivers:
		j.change(k.to, "input", "", j.nameOf(k.from))
		j.change(k.from, "read by", "", j.nameOf(k.to))
	case RelOutput:
		j.change(k.from, "output", "", j.nameOf(k.to))
		j.change(k.to, "made by", "", j.nameOf(k.from))
	case RelDerives, RelMasked, RelAffects:
		if c := j.columns.find(k.to); c != nil {
			j.change(c.Dataset, FieldColumnLineage, "", "column "+c.Path)
		}
	}
}

// FieldColumnLineage is the field of changes that tell of new column lineage into a dataset.
const FieldColumnLineage = "column lineage"

func compareKeys(a, b edgeKey) int {
	x, y := a.from+"\x00"+graph.ID(a.rel)+"\x00"+a.to, b.from+"\x00"+graph.ID(b.rel)+"\x00"+b.to
	switch {
	case x < y || x == y && a.key < b.key:
		return -1
	case a == b:
		return 0
	}
	return 1
}

// nameOf is what a reader of the log calls an asset.
func (j *join) nameOf(id graph.ID) string {
	if d := j.datasets.find(id); d != nil {
		return d.Name
	}
	if t := j.transforms.find(id); t != nil {
		return t.Name
	}
	if c := j.consumers.find(id); c != nil {
		return c.Name
	}
	return string(id)
}
