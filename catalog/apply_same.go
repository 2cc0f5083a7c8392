package catalog

import (
	"slices"
	"strings"

	"weir/errs"
	"weir/graph"
)

// maxClass is how many names one dataset may have.
const maxClass = 1_000

// unite works out which datasets are the same under several names, where the events at hand say something about that.
// Lineage stands between the heads of such classes; when a head changes, the jobs around it get their edges anew.
func (j *join) unite() error {
	pairs := j.statedPairs()
	if len(pairs) == 0 {
		return nil
	}
	return j.uniteAll(pairs)
}

// statedPairs joins the symlinks of the events into edges and returns the datasets that they name.
func (j *join) statedPairs() []graph.ID {
	var out []graph.ID
	for i := range j.events {
		p := &j.events[i]
		for k := range p.datasets {
			d := &p.datasets[k]
			for _, s := range d.fact.Symlinks {
				other := DatasetID(s.Namespace, s.Name)
				if other != d.id {
					out = append(out, d.id, other)
				}
			}
		}
	}
	return out
}

// uniteAll reads the whole classes of datasets and sets their heads.
func (j *join) uniteAll(around []graph.ID) error {
	if err := j.readSame(around); err != nil {
		return err
	}
	for i := range j.events {
		j.holdSame(&j.events[i])
	}
	classes, tables := j.classes()
	for _, members := range classes {
		if err := j.setHead(members, tables); err != nil {
			return err
		}
	}
	return nil
}

// readSame reads SAME_AS edges outwards until nothing new comes, and the datasets at their ends.
func (j *join) readSame(from []graph.ID) error {
	seen := map[graph.ID]bool{}
	for frontier := from; len(frontier) > 0; {
		for _, dir := range []graph.Dir{graph.Out, graph.In} {
			if err := j.readEdges(frontier, dir, RelSame); err != nil {
				return err
			}
		}
		for _, id := range frontier {
			seen[id] = true
		}
		frontier = nil
		for k := range j.edges {
			for _, id := range []graph.ID{k.from, k.to} {
				if k.rel == RelSame && !seen[id] {
					seen[id] = true
					frontier = append(frontier, id)
				}
			}
		}
		if len(seen) > len(from)+maxClass {
			return errs.Ef(errs.TooLarge, "A dataset would have more than %d names.", maxClass)
		}
		want := slices.Clone(frontier)
		for _, id := range frontier {
			want = append(want, factsID(id))
		}
		if err := j.read(want); err != nil {
			return err
		}
	}
	return nil
}

// holdSame joins the symlinks of an event.
func (j *join) holdSame(p *Prepared) {
	said := &statement{First: p.event.At, Last: p.event.At, Run: p.run}
	for i := range p.datasets {
		d := &p.datasets[i]
		for _, s := range d.fact.Symlinks {
			if other := DatasetID(s.Namespace, s.Name); other != d.id {
				k := edgeKey{d.id, RelSame, other, string(p.source)}
				j.hold(k, said, edgeProps{how: p.event.How, subtype: strings.ToUpper(s.Type)})
			}
		}
	}
}

// classes groups the datasets that SAME_AS edges connect, those that a person refused left out; each group is sorted. The
// second result holds the datasets that somebody called a TABLE in a symlink.
func (j *join) classes() ([][]graph.ID, map[graph.ID]bool) {
	parent := map[graph.ID]graph.ID{}
	var find func(graph.ID) graph.ID
	find = func(id graph.ID) graph.ID {
		if p, ok := parent[id]; ok && p != id {
			parent[id] = find(p)
			return parent[id]
		}
		parent[id] = id
		return id
	}
	tables, refused := map[graph.ID]bool{}, j.refusedPairs()
	for k, e := range j.edges {
		if k.rel != RelSame {
			continue
		}
		a, b := find(k.from), find(k.to)
		if refused[pairOf(k.from, k.to)] {
			continue
		}
		parent[a] = b
		if e.subtype == "TABLE" {
			tables[k.to] = true
		}
	}
	groups := map[graph.ID][]graph.ID{}
	for _, id := range sortedKeys(parent) {
		root := find(id)
		groups[root] = append(groups[root], id)
	}
	var out [][]graph.ID
	for _, root := range sortedKeys(groups) {
		out = append(out, groups[root])
	}
	return out, tables
}

// refusedPairs are the datasets of which a person said that they are not the same, whoever says so, now or later.
func (j *join) refusedPairs() map[[2]graph.ID]bool {
	out := map[[2]graph.ID]bool{}
	for k, e := range j.edges {
		if k.rel == RelSame && e.refused {
			out[pairOf(k.from, k.to)] = true
		}
	}
	return out
}

// setHead chooses the head of a class, the smallest id of those called a table, else the smallest, and, if that changes
// anything, marks what has to be worked out anew.
func (j *join) setHead(members []graph.ID, tables map[graph.ID]bool) error {
	head := members[0]
	for _, m := range members {
		if tables[m] {
			head = m
			break
		}
	}
	same := strings.Join(strs(members), " ") == strings.Join(j.factsOf(head).Members, " ")
	if same || len(members) == 1 && j.head(members[0]) == head && len(j.factsOf(head).Members) == 0 {
		return nil
	}
	of := slices.Clone(members)
	for _, m := range members {
		of = append(of, j.members(j.head(m))...)
	}
	for _, dir := range []graph.Dir{graph.In, graph.Out} {
		if err := j.readEdges(of, dir, LineageRels...); err != nil {
			return err
		}
	}
	j.rebuildAround(of)
	if err := j.readTagged(members); err != nil {
		return err
	}
	j.assignHead(head, members)
	return nil
}

func (j *join) assignHead(head graph.ID, members []graph.ID) {
	for _, m := range members {
		d := j.datasets.find(m)
		want := head
		if m == head {
			want = ""
		}
		if d.Head != want {
			j.change(m, "same as", string(d.Head), string(want))
		}
		d.Head = want
		j.factsOf(m).Members = nil
		j.reshow[m], j.recount[m], j.freshen[m], j.columnSet[m] = true, true, true, true
	}
	if len(members) > 1 {
		j.factsOf(head).Members = strs(members)
	}
}

// readTagged reads the columns of datasets: those of a former head that were never stated of it itself are to go.
func (j *join) readTagged(members []graph.ID) error {
	j.regrouped = append(j.regrouped, members...)
	return j.readColumns(members)
}

// orphans are columns that stood at a former head for another name's sake.
func (j *join) orphans() []graph.ID {
	var out []graph.ID
	for _, id := range j.regrouped {
		if j.head(id) == id {
			continue
		}
		for _, cid := range sortedKeys(j.columns.cells) {
			if c := j.columns.cells[cid]; c.now.Dataset == id && !c.now.Own {
				out = append(out, cid)
				delete(j.columns.cells, cid)
			}
		}
	}
	return out
}

func strs(ids []graph.ID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}
