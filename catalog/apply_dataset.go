package catalog

import (
	"net/url"
	"strings"
	"time"

	"weir/audit"
	"weir/graph"
)

// The keys of registers, beside "e:", "p:", "c:" and "x:" and a field's or facet's name.
const (
	keyEvent        = "e:"      // + Field: what events state
	keyPerson       = "p:"      // + Field: what a person set
	keyColumn       = "c:"      // + Field + ":" + path: of a column, what events state
	keyColumnPerson = "q:"      // + Field + ":" + path: of a column, what a person set
	keyFacet        = "x:"      // + facet: its JSON, or the id of a document with it
	keySchema       = "schema:" // + source: the statement that it made last about the columns
	keyStated       = "s:"      // + schema statement: when it was made last, and as its value first
	keyClose        = "close:"  // + source: the ends that its explicit lineage keeps
	keyDrop         = "drop"    // the time of the last lifecycle change to DROP
)

// dataset joins what an event says of one dataset.
func (j *join) dataset(p *Prepared, d *preparedDataset) error {
	j.nameDataset(d.id, d.fact.Namespace, d.fact.Name, d.fact.Role == Mentioned)
	rs, err := j.registers(d.id)
	if err != nil {
		return err
	}
	j.see(d.id, p.event.At)
	j.nameValues(d.fact.Values)
	for field, values := range d.fact.Values {
		if rs.set(keyEvent+string(field), p.stamp, values...) {
			j.reshow[d.id] = true
		}
	}
	if v := d.fact.Values[FieldLifecycle]; len(v) > 0 && strings.EqualFold(v[0], "DROP") {
		if rs.set(keyDrop, p.stamp, "DROP") {
			j.closed[d.id] = true
		}
	}
	for path, values := range d.fact.ColumnValues {
		j.nameValues(values)
		for field, vs := range values {
			if rs.set(keyColumn+string(field)+":"+path, p.stamp, vs...) {
				j.columnSet[d.id] = true
				j.tagged = append(j.tagged, columnRef{d.id, path})
			}
		}
	}
	j.keepFacets(rs, p.stamp, d.facets)
	if d.schema != nil {
		j.stateSchema(p, d, rs)
	}
	return nil
}

func (j *join) keepFacets(rs registers, s stamp, facets []preparedFacet) {
	for _, x := range facets {
		rs.set(keyFacet+x.key, s, x.value)
		if x.doc.ID != "" {
			j.ensure[x.doc.ID] = DocType.Write(x.doc.ID, graph.Ensure, x.doc)
		}
	}
}

// nameValues makes the owners, tags, classes and domain known that an event names, whether or not its word is the last: in any
// order the same are known.
func (j *join) nameValues(v Values) {
	for _, s := range setRels {
		for _, name := range v[s.field] {
			if name != "" {
				j.ensureMember(s.rel, name)
			}
		}
	}
	if name := v.first(FieldDomain); name != "" {
		j.ensureDomain(name)
	}
}

// see keeps the time of the last event that named a subject.
func (j *join) see(id graph.ID, at time.Time) {
	if f := j.factsOf(id); at.After(f.Seen) {
		f.Seen = at
	}
}

// nameDataset makes a dataset known. One that only column lineage named is marked so until something else names it.
func (j *join) nameDataset(id graph.ID, namespace, name string, mentioned bool) {
	d, isNew := j.datasets.make(id, Dataset{
		ID: id, Namespace: namespace, Name: name, Platform: platform(namespace), Only: mentioned, Audience: openAudience,
	})
	if !mentioned {
		d.Only = false
	}
	if isNew {
		j.change(id, "created", "", namespace+" / "+name)
	}
}

// openAudience is what everybody may see, until there are rules about it.
const openAudience = "open"

func (j *join) change(asset graph.ID, field, before, after string) {
	j.changes = append(j.changes, audit.Change{Asset: asset, Field: field, Before: short(before), After: short(after)})
}

// short cuts a value for the log: what a change was about is kept, not a book.
func short(s string) string {
	const most = 2000
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// platform is the scheme of a namespace, such as postgres of postgres://host:5432; the whole of it if it has none.
func platform(namespace string) string {
	if u, err := url.Parse(namespace); err == nil && u.Scheme != "" {
		return short256(u.Scheme)
	}
	if scheme, _, ok := strings.Cut(namespace, "://"); ok {
		return short256(scheme)
	}
	return short256(namespace)
}

// short256 keeps a value that is filtered by within what a filter compares.
func short256(s string) string {
	if len(s) <= graph.MaxSortBytes {
		return s
	}
	return strings.ToValidUTF8(s[:graph.MaxSortBytes], "")
}

// close notes that a source stated all that leads to a target.
func (j *join) close(p *Prepared, c closing) error {
	rs, err := j.registers(c.target)
	if err != nil {
		return err
	}
	if rs.set(keyClose+string(p.source), p.stamp, c.keep...) {
		j.closed[c.target] = true
	}
	return nil
}

// nameTagged makes the columns known that events put tags or classes on, as stated.
func (j *join) nameTagged() error {
	if len(j.tagged) == 0 {
		return nil
	}
	want := make([]graph.ID, 0, 2*len(j.tagged))
	for _, t := range j.tagged {
		want = append(want, ColumnID(t.dataset, t.path), ColumnID(j.head(t.dataset), t.path))
	}
	if err := j.read(want); err != nil {
		return err
	}
	for _, t := range j.tagged {
		j.ownColumn(t.dataset, t.path)
	}
	return nil
}
