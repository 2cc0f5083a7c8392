package catalog

import (
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"weir/graph"
)

// Columns follow from schema statements: a column's type, description and position are those of the statement that was
// made last among those that name the column; it is gone when the last schema of no source names it any more. A shorter
// schema of one source so takes nothing away that another still sees.

// stateSchema joins a schema statement, and decides whether the columns have to be worked out anew. They need not be when a
// source repeats what is known to be the last word anyway: the usual case.
func (j *join) stateSchema(p *Prepared, d *preparedDataset, rs registers) {
	id, at := d.schema.id, p.stamp.at
	before, _ := lastSchema(rs)
	span, known := rs[keyStated+string(id)]
	first := at
	if known {
		first = min(at, number(span.Values[0]))
	}
	moved := !known || first != number(span.Values[0])
	rs[keyStated+string(id)] = register{max(at, span.At), idHash(id), p.source, []string{strconv.FormatInt(first, 10)}}
	rs.set(keySchema+string(p.source), stamp{at, idHash(id), p.source}, string(id))
	after, _ := lastSchema(rs)
	if !known {
		st := statement{Subject: d.id, Source: p.source, Body: packer.EncodeAll(d.schema.body, nil)}
		j.ensure[id] = statementType.Write(id, graph.Ensure, st)
	}
	if moved || before != after || after != id {
		j.said[id] = *d.schema
		j.schemas[d.id] = true
	}
}

// lastSchema is the schema statement that was made last, over all sources; the second result are the last of each source.
func lastSchema(rs registers) (last graph.ID, all []graph.ID) {
	var best register
	for key, r := range rs {
		if !strings.HasPrefix(key, keySchema) || len(r.Values) == 0 {
			continue
		}
		all = append(all, graph.ID(r.Values[0]))
		if last == "" || best.At < r.At || best.At == r.At && best.Hash < r.Hash {
			last, best = graph.ID(r.Values[0]), r
		}
	}
	slices.Sort(all)
	return last, slices.Compact(all)
}

// idHash orders statements of one time: by the random part of their ids.
func idHash(id graph.ID) uint64 {
	b := make([]byte, 8)
	copy(b, id[max(0, len(id)-8):])
	return binary.BigEndian.Uint64(b)
}

// joinSchemas works out the columns of the datasets that need it.
func (j *join) joinSchemas() error {
	datasets := sortedKeys(j.schemas)
	if len(datasets) == 0 {
		return nil
	}
	if err := j.readColumns(datasets); err != nil {
		return err
	}
	if err := j.readSchemas(datasets); err != nil {
		return err
	}
	for _, id := range sortedKeys(j.said) {
		if st := j.said[id]; j.schemas[st.subject] && st.job.id == "" {
			if err := j.joinSchema(st); err != nil {
				return err
			}
		}
	}
	columns := j.columnsByDataset()
	for _, d := range datasets {
		if err := j.retire(d, columns[d]); err != nil {
			return err
		}
		j.recount[d] = true
	}
	return nil
}

// columnsByDataset groups the columns at hand, each group in the order of ids.
func (j *join) columnsByDataset() map[graph.ID][]*Column {
	out := map[graph.ID][]*Column{}
	for _, id := range sortedKeys(j.columns.cells) {
		c := &j.columns.cells[id].now
		out[c.Dataset] = append(out[c.Dataset], c)
	}
	return out
}

// readColumns reads all columns of datasets.
func (j *join) readColumns(datasets []graph.ID) error {
	has, err := adjacent(j.ctx, j.tx, slices.Clone(datasets), graph.Out, RelHas)
	if err != nil {
		return err
	}
	want := make([]graph.ID, len(has))
	for i, e := range has {
		want[i] = e.To
	}
	return j.read(want)
}

// readSchemas reads the columns that the statements at hand name, and the last statement of each source.
func (j *join) readSchemas(datasets []graph.ID) error {
	var want []graph.ID
	for _, st := range j.said {
		for _, c := range st.schema.Columns {
			want = append(want, ColumnID(st.subject, c.Path))
		}
	}
	for _, d := range datasets {
		rs, err := j.registers(d)
		if err != nil {
			return err
		}
		_, all := lastSchema(rs)
		want = append(want, all...)
	}
	return j.read(want)
}

// joinSchema lets a statement take the columns that no later statement names.
func (j *join) joinSchema(st stated) error {
	rs, err := j.registers(st.subject)
	if err != nil {
		return err
	}
	since := fromMicros(rs[keyStated+string(st.id)].Values[0])
	for i, b := range st.schema.Columns {
		c, isNew := j.columns.make(ColumnID(st.subject, b.Path), Column{ID: ColumnID(st.subject, b.Path), Dataset: st.subject, Path: b.Path})
		j.links = append(j.links, graph.Edge{From: st.subject, To: c.ID, Rel: RelHas})
		if c.Since.IsZero() || since.Before(c.Since) {
			c.Since = since
		}
		c.Own = true
		if c.Statement != "" && c.Statement != st.id && !laterSchema(rs, st.id, c.Statement) {
			continue
		}
		if isNew {
			j.change(st.subject, "column "+b.Path, "", describe(b))
		} else if c.Type != b.Type {
			j.change(st.subject, "column "+b.Path, c.Type, describe(b))
		}
		c.Type, c.Position, c.Statement = b.Type, i+1, st.id
		if _, byPerson := rs[keyColumnPerson+string(FieldDescription)+":"+b.Path]; !byPerson {
			c.Description = b.Description
		}
	}
	return nil
}

func describe(b columnBody) string {
	if b.Type == "" {
		return "added, no type stated"
	}
	return b.Type
}

// laterSchema tells whether schema statement a of a dataset was made after b.
func laterSchema(rs registers, a, b graph.ID) bool {
	x, y := rs[keyStated+string(a)], rs[keyStated+string(b)]
	return y.less(stamp{at: x.At, hash: x.Hash})
}

// retire marks the columns of a dataset that the last schema of no source names.
func (j *join) retire(dataset graph.ID, columns []*Column) error {
	rs, err := j.registers(dataset)
	if err != nil {
		return err
	}
	_, all := lastSchema(rs)
	named := map[string]bool{}
	for _, id := range all {
		body, err := j.schemaOf(id)
		if err != nil {
			return err
		}
		for _, c := range body.Columns {
			named[c.Path] = true
		}
	}
	for _, c := range columns {
		if c.Statement == "" || c.Gone != named[c.Path] {
			continue
		}
		c.Gone = !named[c.Path]
		if c.Gone {
			j.change(dataset, "column "+c.Path, c.Type, "")
		} else {
			j.change(dataset, "column "+c.Path, "", c.Type)
		}
	}
	return nil
}

func (j *join) schemaOf(id graph.ID) (schemaBody, error) {
	if st, ok := j.said[id]; ok {
		return st.schema, nil
	}
	if s := j.statements.find(id); s != nil {
		return unpack[schemaBody](s.Body)
	}
	return schemaBody{}, nil
}

// countColumns works out what a dataset shows of its columns, over all names that it has.
func (j *join) countColumns() error {
	heads := map[graph.ID]bool{}
	for d := range j.recount {
		heads[d], heads[j.head(d)] = true, true
	}
	var members []graph.ID
	for h := range heads {
		members = append(members, j.members(h)...)
	}
	if len(members) == 0 {
		return nil
	}
	if err := j.readColumns(members); err != nil {
		return err
	}
	columns := j.columnsByDataset()
	for _, h := range sortedKeys(heads) {
		d := j.datasets.find(h)
		if d == nil {
			continue
		}
		var paths []string
		for path, c := range j.lookAlike(h, columns) {
			if !c.Gone {
				paths = append(paths, path)
			}
		}
		slices.Sort(paths)
		d.Columns, d.ColumnText = len(paths), strings.Join(paths, " ")
	}
	return nil
}

// lookAlike returns the columns of a head by path, over all its names, and lets those of its own that no schema of its own
// states look like the same column under another name.
func (j *join) lookAlike(head graph.ID, columns map[graph.ID][]*Column) map[string]*Column {
	best := map[string]*Column{}
	for _, m := range j.members(head) {
		for _, c := range columns[m] {
			old := best[c.Path]
			if c.Own && (old == nil || old.Statement == "" && c.Statement != "" || m == head && c.Statement != "") {
				best[c.Path] = c
			}
		}
	}
	for _, c := range columns[head] {
		if c.Statement != "" {
			continue
		}
		from := best[c.Path]
		if from == nil || from == c {
			from = &Column{} // under no name a schema states it
		}
		c.Type, c.Position, c.Gone = from.Type, from.Position, from.Gone
		if !j.describedByPerson(c) {
			c.Description = from.Description
		}
	}
	return best
}

func (j *join) describedByPerson(c *Column) bool {
	_, ok := j.peek(c.Dataset)[keyColumnPerson+string(FieldDescription)+":"+c.Path]
	return ok
}
