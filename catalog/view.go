package catalog

import (
	"time"

	"weir/errs"
	"weir/graph"
)

// Page is a page of a list, ready for a Relay connection. Next asks for the page after it; "" on the last one.
type Page[T any] struct {
	Items []T
	Next  string
}

// Asset is anything with an id that a page or node(id) can show. Value is a Dataset, Column, Transform, Consumer, Run,
// Domain, Tag, Owner or Class, by value.
type Asset struct {
	ID    graph.ID
	Kind  graph.Kind
	Value any
}

// Attributes are what lists and pages show of an asset beside its own values. Sets are ordered by name.
type Attributes struct {
	Owners    []Owner
	Tags      []Tag
	Classes   []Class     // declared, on the asset or on a column of its own
	Inherited []Inherited // flowed in unmasked, and not declared
	Domain    *Domain     // nil: none
	In, Out   int         // lineage neighbours each way
}

// Inherited is a data class that flowed in, and the nearest column, or dataset as a whole, that declares it.
type Inherited struct {
	Class  Class
	Column graph.ID // "" if the dataset as a whole declares it, or the origin is gone
	Path   string   // of that column
	From   graph.ID // dataset of that column, or the declaring dataset
	Name   string   // of that dataset
}

// Said tells who stated a value that is shown. Of a value that a person set By is that person, else it is the
// producer's URI without its version; At is the time of the statement.
type Said struct {
	Person bool
	By     string
	At     time.Time
}

// FacetText is a part of an event that is shown as it came: JSON is its body.
type FacetText struct {
	Key  string
	JSON string
	Said Said
}

// Described is what the page of an asset shows beside the asset itself.
type Described struct {
	Attributes
	Said   map[Field]Said // of each shown value that somebody stated
	Facets []FacetText    // ordered by key
	Edits  int            // the version that edit forms carry
}

// DatasetView is a dataset as its page shows it. Looked up under an alias it is the head of the class.
type DatasetView struct {
	Dataset Dataset
	Described
	Aliases []Dataset // its other names, ordered by namespace and name
}

// TransformView is a transform as its page shows it.
type TransformView struct {
	Transform Transform
	Described
}

// ConsumerView is a consumer as its page shows it.
type ConsumerView struct {
	Consumer Consumer
	Described
}

// DomainView is a domain as its page shows it. Counts are exact up to graph.MaxHits.
type DomainView struct {
	Domain Domain
	Owners []Owner
	Counts Counts
}

// Counts are how many assets there are of each kind. Capped says that some are "at least".
type Counts struct {
	Datasets, Transforms, Consumers int
	Failing                         int // transforms whose last run failed
	Capped                          bool
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
