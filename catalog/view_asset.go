package catalog

import (
	"weir/errs"
	"weir/graph"
)

// Asset is anything with an id that a page or node(id) can show. Value is a Dataset, Column, Transform, Consumer, Run,
// Domain, Tag, Owner or Class, by value.
type Asset struct {
	ID    graph.ID
	Kind  graph.Kind
	Value any
}

// Name is the name of the asset as its source gave it: of a column its path, of a run its UUID.
func (a Asset) Name() string {
	switch v := a.Value.(type) {
	case Dataset:
		return v.Name
	case Column:
		return v.Path
	case Transform:
		return v.Name
	case Consumer:
		return v.Name
	case Run:
		return v.UUID
	case Domain:
		return v.Name
	case Tag:
		return v.Name
	case Owner:
		return v.Name
	case Class:
		return v.Name
	}
	return ""
}

// Shown is the title that people gave the asset, or its name where nobody did.
func (a Asset) Shown() string {
	title := ""
	switch v := a.Value.(type) {
	case Dataset:
		title = v.Title
	case Transform:
		title = v.Title
	case Consumer:
		title = v.Title
	case Domain:
		title = v.Title
	case Owner:
		title = v.Title
	}
	if title == "" {
		return a.Name()
	}
	return title
}

// DomainID is the id of the asset's domain; "" if it has none.
func (a Asset) DomainID() graph.ID {
	switch v := a.Value.(type) {
	case Dataset:
		return v.Domain
	case Transform:
		return v.Domain
	case Consumer:
		return v.Domain
	}
	return ""
}

// head is the dataset that this one is another name of; "" if it is none.
func (a Asset) head() graph.ID {
	d, _ := a.Value.(Dataset)
	return d.Head
}

// readAsset makes an asset of a node; false if its kind is nothing that is shown.
func readAsset(n graph.Node) (Asset, bool, error) {
	var v any
	var err error
	switch n.Kind {
	case DatasetType.Kind:
		v, err = DatasetType.Read(n)
	case ColumnType.Kind:
		v, err = ColumnType.Read(n)
	case TransformType.Kind:
		v, err = TransformType.Read(n)
	case ConsumerKind.Kind:
		v, err = ConsumerKind.Read(n)
	case RunType.Kind:
		v, err = RunType.Read(n)
	case DomainType.Kind:
		v, err = DomainType.Read(n)
	case TagType.Kind:
		v, err = TagType.Read(n)
	case OwnerType.Kind:
		v, err = OwnerType.Read(n)
	case ClassType.Kind:
		v, err = ClassType.Read(n)
	default:
		return Asset{}, false, nil
	}
	return Asset{ID: n.ID, Kind: n.Kind, Value: v}, true, unreadable(err)
}

// unreadable is the error of a node that is not what its kind says.
func unreadable(err error) error {
	return errs.Wrap(err, errs.Internal, "Something in the catalog can't be read.")
}
