package openlineage

import (
	"weir/catalog"
)

// facet is a member of a facets object.
type facet struct {
	key   string
	value value
}

// facets reads the facets object that is a member of v: each key once, null ones left out.
func facets(v value, member string) ([]facet, error) {
	object := v.get(member)
	if !object.given() {
		return nil, nil
	}
	if !object.is('{') {
		return nil, in(member, bad("must be an object"))
	}
	var list []facet
	var keys index[string]
	for m := object.members(); m.more(); {
		if !m.value.given() {
			continue
		}
		key := string(m.key)
		if err := checkName(key); err != nil {
			return nil, in(member, in(key, err))
		}
		i, isNew := keys.find(key)
		if !isNew {
			list[i].value = m.value
			continue
		}
		if len(list) == MaxFacets {
			return nil, in(member, over(MaxFacets, "facets"))
		}
		list = append(list, facet{key, m.value})
	}
	return list, nil
}

// each reads a facets object: what understand doesn't find a place for is kept as it is. Understand fails for what
// would make a wrong graph and for what is over a limit.
func each(v value, member string, kept *[]catalog.Facet, understand func(facet) (placed bool, err error)) error {
	list, err := facets(v, member)
	if err != nil {
		return err
	}
	for _, f := range list {
		placed, err := understand(f)
		if err != nil {
			return in(member, in(f.key, err))
		}
		if !placed {
			keep(kept, f.key, f.value.raw())
		}
	}
	return nil
}

// keep adds a facet; the later one of a name wins (an input facet over the dataset facet of the same name).
func keep(kept *[]catalog.Facet, key string, body []byte) {
	for i := range *kept {
		if (*kept)[i].Key == key {
			(*kept)[i].Body = body
			return
		}
	}
	*kept = append(*kept, catalog.Facet{Key: key, Body: body})
}

// deleted tells whether a facet says that its former value holds no more.
func deleted(v value) bool { return v.get("_deleted").truth() }

// state puts a single value; an empty one says nothing.
func state(values *catalog.Values, field catalog.Field, s string) {
	if s == "" {
		return
	}
	stateEmpty(values, field)
	(*values)[field] = []string{s}
}

// add puts an element into a set, once.
func add(values *catalog.Values, field catalog.Field, s string) {
	if s == "" {
		return
	}
	for _, old := range (*values)[field] {
		if old == s {
			return
		}
	}
	if *values == nil {
		*values = catalog.Values{}
	}
	(*values)[field] = append((*values)[field], s)
}

// stateEmpty says that a field has no value, unless the event says another.
func stateEmpty(values *catalog.Values, field catalog.Field) {
	if *values == nil {
		*values = catalog.Values{}
	}
	if _, ok := (*values)[field]; !ok {
		(*values)[field] = []string{}
	}
}
