package catalog

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"weir/graph"
)

// joinLineage brings the lineage edges in line with the statements at hand.
func (j *join) joinLineage() error {
	if err := j.rebuildClosed(); err != nil {
		return err
	}
	if err := j.readRebuilt(); err != nil {
		return err
	}
	moved := j.movedLineage()
	if err := j.readLineage(moved); err != nil {
		return err
	}
	for _, id := range moved {
		j.holdStatement(j.said[id], j.moved[id])
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

// rebuildClosed marks the jobs around anything that may have ended to be rebuilt: whether an edge ended is decided against
// all statements that hold it.
func (j *join) rebuildClosed() error {
	var of []graph.ID
	for id := range j.closed {
		of = append(of, j.head(id))
		if j.datasets.find(id) == nil {
			j.rebuild[id] = true
		}
	}
	for _, dir := range []graph.Dir{graph.In, graph.Out} {
		if err := j.readEdges(of, dir, LineageRels...); err != nil {
			return err
		}
	}
	j.rebuildAround(of)
	for id := range j.moved {
		st := j.said[id]
		if st.job.id != "" && !j.rebuild[st.subject] && j.everClosed(st) {
			j.rebuild[st.subject] = true
		}
	}
	return nil
}

// rebuildAround marks the jobs that read or write datasets, as far as their edges were read.
func (j *join) rebuildAround(datasets []graph.ID) {
	at := map[graph.ID]bool{}
	for _, id := range datasets {
		at[id] = true
	}
	for k := range j.edges {
		switch {
		case k.rel == RelOutput && at[k.to]:
			j.rebuild[k.from] = true
		case (k.rel == RelInput || k.rel == RelDelivers) && at[k.from]:
			j.rebuild[k.to] = true
		}
	}
}

// everClosed tells whether something that a statement names was ever said to have ended.
func (j *join) everClosed(st stated) bool {
	for _, l := range st.lineage.Edges {
		for _, end := range []graph.ID{l.From, l.To} {
			for _, m := range j.members(j.head(end)) {
				for key := range j.peek(m) {
					if key == keyDrop || strings.HasPrefix(key, keyClose) {
						return true
					}
				}
			}
		}
	}
	return false
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
		if !j.moved[id] {
			continue // its columns stand as they are
		}
		for _, d := range st.lineage.Derives {
			all = append(all, ColumnID(d.From, d.FromColumn), ColumnID(j.head(d.From), d.FromColumn), ColumnID(d.To, d.ToColumn))
			for _, m := range j.members(j.head(d.To)) {
				to = append(to, ColumnID(m, d.ToColumn)) // edges may still stand at a former head
			}
		}
	}
	for _, id := range jobs {
		j.around[id] = true
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

// holdStatement joins the edges of a statement, between the heads of the datasets that it names. Column lineage keeps no
// time of confirmation, so that a statement which is only repeated leaves it as it is: the edges of its job tell that.
func (j *join) holdStatement(st stated, whole bool) {
	made := j.statements.find(st.id)
	for _, l := range st.lineage.Edges {
		how := made.How
		if l.How != "" {
			how = l.How
		}
		k := edgeKey{j.head(l.From), l.Rel, j.head(l.To), string(made.Source)}
		j.hold(k, made, edgeProps{how: how})
	}
	if !whole {
		return
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
	j.ownColumn(dataset, path)
	return j.makeColumn(j.head(dataset), path).ID
}

// ownColumn makes a column known that was stated of this very dataset.
func (j *join) ownColumn(dataset graph.ID, path string) {
	if c := j.makeColumn(dataset, path); !c.Own {
		c.Own = true
		j.recount[dataset] = true
	}
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
			e.dirty, e.dropped = false, true
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
