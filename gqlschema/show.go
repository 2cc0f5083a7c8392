package gqlschema

import (
	"strings"
	"time"

	"weir/catalog"
	"weir/gqlschema/gen"
	"weir/graph"
)

// text is null for an empty string.
func text[S ~string](s S) *string {
	if s == "" {
		return nil
	}
	out := string(s)
	return &out
}

// ref is null for an empty id.
func ref(id graph.ID) *graph.ID {
	if id == "" {
		return nil
	}
	return &id
}

// when is null for the zero time.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// enum is the value of an enum as the schema spells it; null for "".
func enum[E, S ~string](s S) *E {
	if s == "" {
		return nil
	}
	out := E(strings.ToUpper(string(s)))
	return &out
}

// lower is an enum's value as the catalog spells it; "" for null.
func lower[E ~string](e *E) string {
	if e == nil {
		return ""
	}
	return strings.ToLower(string(*e))
}

// amount is null for nothing known.
func amount(n int64) *float64 {
	if n == 0 {
		return nil
	}
	f := float64(n)
	return &f
}

func showTag(t catalog.Tag) *gen.Tag { return &gen.Tag{ID: t.ID, Name: t.Name} }

func showClass(c catalog.Class) *gen.DataClass { return &gen.DataClass{ID: c.ID, Name: c.Name} }

func showOwner(o catalog.Owner) *gen.Owner {
	return &gen.Owner{ID: o.ID, Name: o.Name, DisplayName: shown(o.Title, o.Name)}
}

func showDomain(d catalog.Domain) *gen.Domain {
	return &gen.Domain{
		ID: d.ID, Name: d.Name, Title: text(d.Title), DisplayName: shown(d.Title, d.Name),
		Description: text(d.Description), Visibility: enum[gen.Visibility](d.Visibility), Value: d,
	}
}

// shown is the title, else the name.
func shown(title, name string) string {
	if title == "" {
		return name
	}
	return title
}

func showInherited(in catalog.Inherited) *gen.InheritedClass {
	out := &gen.InheritedClass{Class: showClass(in.Class), ColumnName: text(in.Path), FromName: text(in.Name)}
	if in.Column != "" {
		out.Column = &in.Column
	}
	if in.From != "" {
		out.From = &in.From
	}
	return out
}

// all shows each member of a set.
func all[T, N any](in []T, show func(T) *N) []*N {
	out := make([]*N, len(in))
	for i, v := range in {
		out[i] = show(v)
	}
	return out
}

// kinds are the kinds of assets as the schema and the store spell them.
var kinds = map[gen.AssetKind]graph.Kind{
	gen.AssetKindDataset:   catalog.DatasetType.Kind,
	gen.AssetKindColumn:    catalog.ColumnType.Kind,
	gen.AssetKindTransform: catalog.TransformType.Kind,
	gen.AssetKindConsumer:  catalog.ConsumerKind.Kind,
	gen.AssetKindRun:       catalog.RunType.Kind,
	gen.AssetKindDomain:    catalog.DomainType.Kind,
	gen.AssetKindTag:       catalog.TagType.Kind,
	gen.AssetKindOwner:     catalog.OwnerType.Kind,
	gen.AssetKindDataClass: catalog.ClassType.Kind,
}

// shownKinds are kinds the other way round.
var shownKinds = func() map[graph.Kind]gen.AssetKind {
	out := map[graph.Kind]gen.AssetKind{}
	for shown, kind := range kinds {
		out[kind] = shown
	}
	return out
}()

// storeKinds are kinds as the store spells them.
func storeKinds(in []gen.AssetKind) []graph.Kind {
	out := make([]graph.Kind, len(in))
	for i, k := range in {
		out[i] = kinds[k]
	}
	return out
}

// kindOf tells the kind of an id by its prefix; "" if it has none that we know.
func kindOf(id graph.ID) graph.Kind {
	prefix, _, _ := strings.Cut(string(id), "_")
	for kind, spec := range prefixes {
		if spec.Prefix == prefix {
			return kind
		}
	}
	return ""
}

var prefixes = catalog.Schema().Kinds

// idOr is an id as it is, and a name made into one.
func idOr(prefix, idOrName string, make func(string) graph.ID) graph.ID {
	head := prefix + "_"
	if len(idOrName) == len(make("")) && strings.HasPrefix(idOrName, head) {
		return graph.ID(idOrName)
	}
	return make(idOrName)
}
