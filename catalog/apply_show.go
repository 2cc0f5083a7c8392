package catalog

import (
	"maps"
	"slices"
	"strings"
	"time"

	"weir/authz"
	"weir/graph"
)

// show works out the values that assets show from what was said of them: a person's word before any event's, and of
// events' the greatest.
func (j *join) show() error {
	for id := range j.freshen {
		j.showWritten(id)
		j.showWritten(j.head(id))
	}
	heads := map[graph.ID]bool{}
	for id := range j.reshow {
		heads[id], heads[j.head(id)] = true, true
	}
	sets := map[edgeKey]bool{} // the set edges that are to be, false: may be there and must not
	var with []graph.ID
	for _, id := range sortedKeys(heads) {
		v, err := j.shown(id)
		if err != nil {
			return err
		}
		j.showValues(id, v)
		with = append(with, id)
		j.wantSets(id, v, sets)
	}
	columns, err := j.showColumns(sets)
	if err != nil {
		return err
	}
	return j.writeSets(append(with, columns...), sets)
}

// showWritten works out when a dataset was written, under any of its names; an alias shows its own time.
func (j *join) showWritten(id graph.ID) {
	d := j.datasets.find(id)
	if d == nil {
		return
	}
	members := []graph.ID{id}
	if d.Head == "" {
		members = j.members(id)
	}
	d.Written = time.Time{}
	for _, m := range members {
		if f := j.facts.find(factsID(m)); f != nil && f.Written.After(d.Written) {
			d.Written = f.Written
		}
	}
}

// shown are the values of a subject, over all names of a dataset.
func (j *join) shown(id graph.ID) (Values, error) {
	members := []graph.ID{id}
	if j.head(id) == id {
		members = j.members(id)
	}
	best := map[Field]register{}
	person := map[Field]bool{}
	for _, m := range members {
		rs, err := j.registers(m)
		if err != nil {
			return nil, err
		}
		for key, r := range rs {
			field, byPerson, ok := registerField(key)
			if !ok || person[field] && !byPerson {
				continue
			}
			old, have := best[field]
			if !have || byPerson && !person[field] || old.less(stamp{r.At, r.Hash, r.Source}) {
				best[field], person[field] = r, byPerson
			}
		}
	}
	out := Values{}
	for field, r := range best {
		out[field] = r.Values
	}
	return out, nil
}

func registerField(key string) (f Field, person, ok bool) {
	if name, ok := strings.CutPrefix(key, keyEvent); ok {
		return Field(name), false, Field(name) != FieldVisibility // no event opens or closes anything
	}
	name, ok := strings.CutPrefix(key, keyPerson)
	return Field(name), true, ok
}

func (v Values) first(f Field) string {
	if len(v[f]) == 0 {
		return ""
	}
	return v[f][0]
}

// showValues sets the shown single values of a subject.
func (j *join) showValues(id graph.ID, v Values) {
	set := func(field Field, to *string) {
		if value := v.first(field); *to != value {
			j.change(id, string(field), *to, value)
			*to = value
		}
	}
	visible := func(to *authz.Visibility) {
		s := string(*to)
		set(FieldVisibility, &s)
		*to = authz.Visibility(s)
	}
	if d := j.domains.find(id); d != nil {
		if v.first(FieldTitle) == "" {
			v = Values{FieldTitle: {titleOf(d.Name)}, FieldDescription: v[FieldDescription], FieldVisibility: v[FieldVisibility]}
		}
		visible(&d.Visibility)
		set(FieldTitle, &d.Title)
		set(FieldDescription, &d.Description)
	}
	class := func(to *Classification) { s := string(*to); set(FieldClassification, &s); *to = Classification(s) }
	if d := j.datasets.find(id); d != nil {
		set(FieldTitle, &d.Title)
		set(FieldDescription, &d.Description)
		set(FieldType, &d.Type)
		set(FieldLifecycle, &d.Lifecycle)
		set(FieldRetention, &d.Retention)
		class(&d.Classification)
		visible(&d.Visibility)
		d.Domain = j.showDomain(id, d.Domain, v)
	}
	if t := j.transforms.find(id); t != nil {
		if t.Type != "implicit" {
			set(FieldTitle, &t.Title)
			set(FieldType, &t.Type)
		}
		set(FieldDescription, &t.Description)
		set(FieldRepository, &t.Repository)
		set(FieldLanguage, &t.Language)
		code := string(t.Code)
		set(FieldCode, &code)
		t.Code = graph.ID(code)
		t.Domain = j.showDomain(id, t.Domain, v)
	}
	if c := j.consumers.find(id); c != nil {
		set(FieldTitle, &c.Title)
		set(FieldDescription, &c.Description)
		set(FieldPurpose, &c.Purpose)
		class(&c.Classification)
		visible(&c.Visibility)
		c.Domain = j.showDomain(id, c.Domain, v)
	}
}

// showDomain returns the domain to be shown, and makes it known.
func (j *join) showDomain(id, was graph.ID, v Values) graph.ID {
	name := v.first(FieldDomain)
	var to graph.ID
	if name != "" {
		to = j.ensureDomain(name)
	}
	if to != was {
		j.change(id, string(FieldDomain), string(was), name)
	}
	return to
}

func (j *join) ensureDomain(name string) graph.ID {
	id := DomainID(name)
	j.ensure[id] = DomainType.Write(id, graph.Ensure, Domain{Name: name, Title: titleOf(name), Audience: openAudience})
	return id
}

// titleOf makes a title of a name: "customer_data" is shown as "Customer data" until somebody gives it a better one.
func titleOf(name string) string {
	s := strings.TrimSpace(strings.NewReplacer("_", " ", "-", " ").Replace(name))
	if s == "" {
		return name
	}
	r := []rune(s)
	return strings.ToUpper(string(r[0])) + string(r[1:])
}

// setRels are the fields that are sets, and the relation to their members.
var setRels = []struct {
	field Field
	rel   graph.Rel
}{{FieldOwners, RelOwned}, {FieldTags, RelTagged}, {FieldClasses, RelClass}}

// wantSets notes the edges from a subject to its owners, tags and classes, and makes those known.
func (j *join) wantSets(id graph.ID, v Values, sets map[edgeKey]bool) {
	for _, s := range setRels {
		for _, name := range v[s.field] {
			if name == "" {
				continue
			}
			to := j.ensureMember(s.rel, name)
			sets[edgeKey{id, s.rel, to, ""}] = true
		}
	}
}

func (j *join) ensureMember(rel graph.Rel, name string) graph.ID {
	var w graph.NodeWrite
	switch rel {
	case RelOwned:
		w = OwnerType.Write(OwnerID(name), graph.Ensure, Owner{Name: name, Title: titleOf(strings.TrimPrefix(name, "team:"))})
	case RelTagged:
		w = TagType.Write(TagID(name), graph.Ensure, Tag{Name: name})
	default:
		w = ClassType.Write(ClassID(name), graph.Ensure, Class{Name: name})
	}
	j.ensure[w.Node.ID] = w
	return w.Node.ID
}

// showColumns notes the tags and classes of columns. They stand at the head of their dataset; columns of its other names
// have none.
func (j *join) showColumns(sets map[edgeKey]bool) ([]graph.ID, error) {
	var out []graph.ID
	heads := map[graph.ID]bool{}
	for id := range j.columnSet {
		heads[j.head(id)] = true
	}
	for _, head := range sortedKeys(heads) {
		values, err := j.columnValues(head)
		if err != nil {
			return nil, err
		}
		var want []graph.ID
		for path := range values {
			want = append(want, ColumnID(head, path))
		}
		if err := j.read(want); err != nil {
			return nil, err
		}
		for _, path := range sortedKeys(values) {
			j.wantSets(j.makeColumn(head, path).ID, values[path], sets)
			for _, m := range j.members(head) {
				out = append(out, ColumnID(m, path))
			}
		}
	}
	return out, nil
}

// columnValues are the tags and classes of the columns of a head that were ever stated, by path.
func (j *join) columnValues(head graph.ID) (map[string]Values, error) {
	best := map[string]register{}
	for _, m := range j.members(head) {
		rs, err := j.registers(m)
		if err != nil {
			return nil, err
		}
		for key, r := range rs {
			if !strings.HasPrefix(key, keyColumn) && !strings.HasPrefix(key, keyColumnPerson) {
				continue
			}
			if old, ok := best[key]; !ok || old.less(stamp{r.At, r.Hash, r.Source}) {
				best[key] = r
			}
		}
	}
	out := map[string]Values{}
	for _, key := range sortedKeys(best) { // a person's keys sort after events' and so win
		field, path, _ := strings.Cut(key[len(keyColumn):], ":")
		if out[path] == nil {
			out[path] = Values{}
		}
		out[path][Field(field)] = best[key].Values
	}
	return out, nil
}

// writeSets brings the edges to owners, tags and classes in line.
func (j *join) writeSets(of []graph.ID, sets map[edgeKey]bool) error {
	if len(of) == 0 {
		return nil
	}
	have, err := adjacent(j.ctx, j.tx, slices.Clone(of), graph.Out, RelOwned, RelTagged, RelClass)
	if err != nil {
		return err
	}
	there := map[edgeKey]bool{}
	for _, e := range have {
		k := edgeKey{e.From, e.Rel, e.To, e.Key}
		there[k] = true
		if !sets[k] {
			j.unlink(graph.Edge{From: e.From, Rel: e.Rel, To: e.To, Key: e.Key})
			j.noteSet(k, false)
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(sets), compareKeys) {
		if !there[k] {
			j.links = append(j.links, graph.Edge{From: k.from, Rel: k.rel, To: k.to})
			j.noteSet(k, true)
		}
	}
	return nil
}

// noteSet writes down that an owner, tag or class came or went.
func (j *join) noteSet(k edgeKey, came bool) {
	asset, field := k.from, map[graph.Rel]Field{RelOwned: FieldOwners, RelTagged: FieldTags, RelClass: FieldClasses}[k.rel]
	name := string(k.to)
	if w, ok := j.ensure[k.to]; ok {
		name, _ = w.Node.Props["name"].(string)
	}
	label := string(field)
	if c := j.columns.find(k.from); c != nil {
		asset, label = c.Dataset, "column "+c.Path+" "+label
	}
	if came {
		j.change(asset, label, "", name)
	} else {
		j.change(asset, label, name, "")
	}
}
