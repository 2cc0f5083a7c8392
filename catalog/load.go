package catalog

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"weir/errs"
	"weir/graph"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// load reads what the events are about in few calls, and leaves out the events that were applied before.
func (j *join) load(events []Prepared) error {
	docs := make([]graph.ID, len(events))
	for i, p := range events {
		docs[i] = p.doc
	}
	seen, err := fetch(j.ctx, j.tx, slices.Clone(docs))
	if err != nil {
		return err
	}
	for i, p := range events {
		if _, applied := seen[docs[i]]; !applied {
			seen[p.doc] = graph.Node{} // twice in one group is twice as well
			j.events = append(j.events, p)
		}
	}
	var want []graph.ID
	for i := range j.events {
		want = append(want, subjects(&j.events[i])...)
	}
	if err := j.read(want); err != nil {
		return err
	}
	more, err := j.outputs()
	if err != nil {
		return err
	}
	if err := j.read(more); err != nil {
		return err
	}
	return j.readClasses(append(want, more...))
}

// outputs are the datasets that the runs at hand wrote, as earlier events of theirs said.
func (j *join) outputs() ([]graph.ID, error) {
	var out []graph.ID
	for _, c := range j.runs.cells {
		rs, err := parseRegisters(c.now.Registers)
		if err != nil {
			return nil, errs.Wrap(err, errs.Internal, "A run can't be read.")
		}
		for key := range rs {
			if id, ok := strings.CutPrefix(key, "out:"); ok {
				out = append(out, graph.ID(id), factsID(graph.ID(id)))
			}
		}
	}
	return out, nil
}

// subjects are the ids of the nodes that an event may change.
func subjects(p *Prepared) []graph.ID {
	var out []graph.ID
	both := func(id graph.ID) { out = append(out, id, factsID(id)) }
	for i := range p.datasets {
		both(p.datasets[i].id)
		for _, s := range p.datasets[i].fact.Symlinks {
			both(DatasetID(s.Namespace, s.Name))
		}
	}
	for _, st := range p.lineage {
		both(st.subject)
		out = append(out, st.id)
		for _, e := range st.lineage.Edges {
			both(e.From)
			both(e.To)
		}
		for _, d := range st.lineage.Derives {
			both(d.From)
		}
	}
	if p.job.id != "" {
		both(p.job.id)
	}
	if p.run != "" {
		out = append(out, p.run)
		if parent := p.event.Run.Parent; parent != nil {
			both(TransformID(parent.Namespace, parent.Name))
			out = append(out, RunID(parent.Namespace, parent.Name, parent.UUID))
		}
	}
	return out
}

// read takes nodes of all kinds into their tables.
func (j *join) read(want []graph.ID) error {
	want = slices.DeleteFunc(slices.Clone(want), func(id graph.ID) bool { return id == "" || j.looked.ids[id] })
	for _, id := range want {
		j.looked.ids[id] = true
	}
	nodes, err := fetch(j.ctx, j.tx, want)
	if err != nil {
		return err
	}
	for _, n := range nodes {
		if err := j.take(n); err != nil {
			return err
		}
	}
	return nil
}

func (j *join) take(n graph.Node) error {
	switch n.Kind {
	case DatasetType.Kind:
		return j.datasets.add(n)
	case factsType.Kind:
		return j.facts.add(n)
	case TransformType.Kind:
		return j.transforms.add(n)
	case ConsumerKind.Kind:
		return j.consumers.add(n)
	case RunType.Kind:
		return j.runs.add(n)
	case statementType.Kind:
		return j.statements.add(n)
	case ColumnType.Kind:
		return j.columns.add(n)
	case DomainType.Kind:
		return j.domains.add(n)
	}
	return nil
}

// readClasses reads, for datasets that are others under another name, the head and all other members.
func (j *join) readClasses(of []graph.ID) error {
	var heads []graph.ID
	for _, id := range of {
		if d := j.datasets.find(id); d != nil && d.Head != "" {
			heads = append(heads, d.Head, factsID(d.Head))
		}
	}
	if len(heads) > 0 {
		if err := j.read(heads); err != nil {
			return err
		}
	}
	var members []graph.ID
	for _, c := range j.facts.cells {
		for _, m := range c.now.Members {
			members = append(members, graph.ID(m), factsID(graph.ID(m)))
		}
	}
	if len(members) == 0 {
		return nil
	}
	return j.read(members)
}

// head is the dataset that stands for a dataset: itself, or the head of its class.
func (j *join) head(id graph.ID) graph.ID {
	if d := j.datasets.find(id); d != nil && d.Head != "" {
		return d.Head
	}
	return id
}

// members are the datasets of the class of a head, itself alone if it has no aliases.
func (j *join) members(head graph.ID) []graph.ID {
	if f := j.facts.find(factsID(head)); f != nil && len(f.Members) > 0 {
		return ids(f.Members)
	}
	return []graph.ID{head}
}

// factsOf is what is said of a subject, made if there is nothing yet.
func (j *join) factsOf(id graph.ID) *facts {
	f, _ := j.facts.make(factsID(id), facts{Subject: id})
	return f
}

// peek are the registers of a subject that was read, for looking only; none of one of which nothing was ever said.
func (j *join) peek(id graph.ID) registers {
	if rs, ok := j.decoded[id]; ok {
		return rs
	}
	f := j.facts.find(factsID(id))
	if f == nil {
		return nil
	}
	rs, err := parseRegisters(f.Registers)
	if err != nil && j.looked.blind == nil {
		j.looked.blind = err // the command stops before it writes
	}
	j.decoded[id] = rs
	return rs
}

// registers are the registers of a subject, decoded once; what is set in them is written in the end.
func (j *join) registers(id graph.ID) (registers, error) {
	if rs, ok := j.decoded[id]; ok {
		return rs, nil
	}
	rs, err := parseRegisters(j.factsOf(id).Registers)
	if err != nil {
		return nil, errs.Wrap(err, errs.Internal, "Something in the catalog can't be read.")
	}
	j.decoded[id] = rs
	return rs, nil
}
