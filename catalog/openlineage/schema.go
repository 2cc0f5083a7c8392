package openlineage

import (
	"slices"

	"weir/catalog"
)

// schema reads the columns of a dataset, each before the fields within it.
type schema struct {
	fact  *catalog.DatasetFact
	paths index[string]
}

// schemaFacet reads a schema. A later schema of the same dataset in one event stands for the earlier one.
func schemaFacet(v value, fact *catalog.DatasetFact) (bool, error) {
	if !v.is('{') {
		return false, bad("must be an object")
	}
	s := schema{fact: fact}
	former := fact.Columns
	fact.Columns = nil
	if err := s.fields(v, ""); err != nil {
		return false, err
	}
	if len(fact.Columns) == 0 {
		fact.Columns = former
	}
	return true, nil
}

func (s *schema) fields(v value, around string) error {
	list := v.get("fields")
	if !list.given() {
		return nil
	}
	if !list.is('[') {
		return in("fields", bad("must be an array"))
	}
	if around == "" {
		s.fact.Columns = make([]catalog.ColumnFact, 0, min(list.length(), MaxColumns))
	}
	for e := list.elements(); e.more(); {
		if err := s.field(e.value, around); err != nil {
			return in("fields", item(e.index, err))
		}
	}
	return nil
}

func (s *schema) field(v value, around string) error {
	if !v.is('{') {
		return bad("must be an object")
	}
	path, err := name(v, "name")
	if err != nil {
		return err
	}
	if around != "" {
		path = around + "." + path
	}
	if len(path) > MaxName {
		return in("name", over(MaxName, "bytes together with the names around it"))
	}
	if _, isNew := s.paths.find(path); isNew {
		if len(s.fact.Columns) == MaxColumns {
			return over(MaxColumns, "columns before it")
		}
		s.fact.Columns = append(s.fact.Columns, catalog.ColumnFact{
			Path: path, Type: columnType(v.get("type")), Description: text(v, "description"),
		})
	}
	if err := s.tags(v.get("tags"), path); err != nil {
		return err
	}
	return s.fields(v, path)
}

// columnType is a type as text. Some clients write the type of nested fields as an object, which is shown as it is.
func columnType(v value) string {
	if !v.given() {
		return ""
	}
	if v.is('"') {
		return cut(clean(v.text()), MaxText)
	}
	return cut(string(v.raw()), MaxText)
}

// tags reads tags that stand at a field itself, as Marquez has them: an array of names.
func (s *schema) tags(v value, path string) error {
	for e := v.elements(); e.more(); {
		if e.index == MaxList {
			return in("tags", over(MaxList, "tags"))
		}
		columnTag(&s.fact.ColumnValues, path, cut(clean(e.value.text()), MaxText), "")
	}
	return nil
}

// symlinksFacet reads other names of a dataset, its own left out.
func symlinksFacet(v value, fact *catalog.DatasetFact) (bool, error) {
	if deleted(v) {
		return true, nil
	}
	list := v.get("identifiers")
	if !v.is('{') || list.given() && !list.is('[') {
		return false, in("identifiers", bad("must be an array"))
	}
	for e := list.elements(); e.more(); {
		if e.index == MaxList {
			return false, in("identifiers", over(MaxList, "identifiers"))
		}
		if err := symlink(e.value, fact, text(e.value, "type")); err != nil {
			return false, in("identifiers", item(e.index, err))
		}
	}
	return true, nil
}

func symlink(v value, fact *catalog.DatasetFact, kind string) error {
	namespace, name, err := identity(v)
	if err != nil {
		return err
	}
	link := catalog.Symlink{Namespace: namespace, Name: name, Type: kind}
	if namespace == fact.Namespace && name == fact.Name || slices.Contains(fact.Symlinks, link) {
		return nil
	}
	fact.Symlinks = append(fact.Symlinks, link)
	return nil
}

// identity reads the namespace and name of a dataset or job.
func identity(v value) (namespace, n string, err error) {
	if !v.is('{') {
		return "", "", bad("must be an object with namespace and name")
	}
	if namespace, err = name(v, "namespace"); err != nil {
		return "", "", err
	}
	n, err = name(v, "name")
	return namespace, n, err
}
