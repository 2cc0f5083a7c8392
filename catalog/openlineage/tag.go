package openlineage

import (
	"slices"
	"strings"

	"weir/catalog"
)

// classes are the tags that name a data class by themselves.
var classes = map[string]bool{
	"pii": true, "phi": true, "pci": true, "spi": true, "npi": true, "gdpr": true, "sensitive": true, "personal": true,
}

// tags reads the tags facet of a dataset or a job. Columns is nil for a job, whose tags have no field.
func tags(v value, values *catalog.Values, columns *map[string]catalog.Values) (bool, error) {
	if deleted(v) {
		stateEmpty(values, catalog.FieldTags)
		stateEmpty(values, catalog.FieldClasses)
		return true, nil
	}
	list := v.get("tags")
	if !list.is('[') {
		return false, nil
	}
	for e := list.elements(); e.more(); {
		if e.index == MaxList {
			return false, in("tags", over(MaxList, "tags"))
		}
		key, val := strings.TrimSpace(text(e.value, "key")), strings.TrimSpace(text(e.value, "value"))
		if e.value.get("value").truth() {
			val = "true"
		}
		field, err := optionalName(e.value, "field")
		if err != nil {
			return false, in("tags", item(e.index, err))
		}
		if field == "" || columns == nil {
			tag(values, key, val)
			continue
		}
		columnTag(columns, field, key, val)
	}
	return true, nil
}

// tag states what a key and value say of an asset: some keys are fields of their own, all others are tags.
func tag(values *catalog.Values, key, val string) {
	switch strings.ToLower(key) {
	case "classification", "data_classification", "data-classification", "dataclassification":
		if level := catalog.Classification(strings.ToLower(val)); slices.Contains(catalog.Classifications, level) {
			state(values, catalog.FieldClassification, string(level))
			return
		}
	case "domain":
		if val != "" {
			state(values, catalog.FieldDomain, val)
			return
		}
	case "retention":
		if val != "" {
			state(values, catalog.FieldRetention, val)
			return
		}
	case "purpose":
		if val != "" {
			state(values, catalog.FieldPurpose, val)
			return
		}
	case "title":
		if val != "" {
			state(values, catalog.FieldTitle, val)
			return
		}
	}
	classOrTag(values, key, val)
}

// columnTag states a tag of a single column.
func columnTag(columns *map[string]catalog.Values, path, key, val string) {
	if key == "" {
		return
	}
	if *columns == nil {
		*columns = map[string]catalog.Values{}
	}
	values := (*columns)[path]
	classOrTag(&values, key, val)
	(*columns)[path] = values
}

func classOrTag(values *catalog.Values, key, val string) {
	isTrue := val == "" || strings.EqualFold(val, "true")
	lower := strings.ToLower(key)
	switch {
	case key == "":
	case classes[lower] && isTrue:
		add(values, catalog.FieldClasses, lower)
	case (lower == "data_class" || lower == "data-class" || lower == "dataclass") && !isTrue:
		for class := range strings.SplitSeq(val, ",") {
			add(values, catalog.FieldClasses, strings.ToLower(strings.TrimSpace(class)))
		}
	case isTrue:
		add(values, catalog.FieldTags, key)
	default:
		add(values, catalog.FieldTags, key+":"+val)
	}
}
