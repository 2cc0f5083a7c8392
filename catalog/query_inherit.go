package catalog

import (
	"slices"
	"strings"

	"weir/graph"
)

// origin is the column or dataset that a class was inherited from; "" for other edges.
func origin(e graph.Edge) graph.ID {
	id, _ := e.Props[EdgeOrigin].(string)
	return graph.ID(id)
}

// attributes puts together what the edges of an asset say. A class that a column of the asset itself declares is
// declared, not inherited.
func attributes(a Asset, edges []graph.Edge, named map[graph.ID]Asset) Attributes {
	var out Attributes
	if d, ok := named[a.DomainID()].Value.(Domain); ok {
		out.Domain = &d
	}
	declared := map[graph.ID]bool{}
	for _, e := range edges {
		switch v := named[e.To].Value.(type) {
		case Owner:
			out.Owners = append(out.Owners, v)
		case Tag:
			out.Tags = append(out.Tags, v)
		case Class:
			in := inherited(v, e, named)
			if e.Rel == RelInherits && (in.From == "" || in.From != a.ID && in.Column != a.ID) {
				out.Inherited = append(out.Inherited, in)
			} else if !declared[v.ID] {
				declared[v.ID] = true
				out.Classes = append(out.Classes, v)
			}
		}
	}
	out.Inherited = slices.DeleteFunc(out.Inherited, func(in Inherited) bool { return declared[in.Class.ID] })
	out.sort()
	return out
}

func inherited(c Class, e graph.Edge, named map[graph.ID]Asset) Inherited {
	in := Inherited{Class: c}
	switch from := named[origin(e)].Value.(type) {
	case Column:
		in.Column, in.Path, in.From, in.Name = from.ID, from.Path, from.Dataset, named[from.Dataset].Name()
	case Dataset:
		in.From, in.Name = from.ID, from.Name
	}
	return in
}

func (at *Attributes) sort() {
	slices.SortFunc(at.Owners, func(a, b Owner) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(at.Tags, func(a, b Tag) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(at.Classes, func(a, b Class) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(at.Inherited, func(a, b Inherited) int { return strings.Compare(a.Class.Name, b.Class.Name) })
	at.Owners = slices.CompactFunc(at.Owners, func(a, b Owner) bool { return a.ID == b.ID })
	at.Tags = slices.CompactFunc(at.Tags, func(a, b Tag) bool { return a.ID == b.ID })
	at.Inherited = slices.CompactFunc(at.Inherited, func(a, b Inherited) bool { return a.Class.ID == b.Class.ID })
}
