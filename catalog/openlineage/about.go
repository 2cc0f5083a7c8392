package openlineage

import "weir/catalog"

// about reads the facets that datasets and jobs have in common: documentation, ownership and tags. Known says whether
// the facet is one of them.
func about(f facet, values *catalog.Values, columns *map[string]catalog.Values) (placed, known bool, err error) {
	switch f.key {
	case "documentation":
		return documentation(f.value, values), true, nil
	case "ownership":
		placed, err = ownership(f.value, values)
		return placed, true, err
	case "tags":
		placed, err = tags(f.value, values, columns)
		return placed, true, err
	}
	return false, false, nil
}

func documentation(v value, values *catalog.Values) bool {
	if deleted(v) {
		stateEmpty(values, catalog.FieldDescription)
		return true
	}
	if !v.get("description").is('"') {
		return false
	}
	state(values, catalog.FieldDescription, text(v, "description"))
	return true
}

func ownership(v value, values *catalog.Values) (bool, error) {
	if deleted(v) {
		stateEmpty(values, catalog.FieldOwners)
		return true, nil
	}
	owners := v.get("owners")
	if !owners.is('[') {
		return false, nil
	}
	for e := owners.elements(); e.more(); {
		if e.index == MaxList {
			return false, in("owners", over(MaxList, "owners"))
		}
		add(values, catalog.FieldOwners, text(e.value, "name"))
	}
	return true, nil
}
