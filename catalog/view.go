package catalog

import (
	"time"

	"weir/graph"
)

// Page is a page of a list, ready for a Relay connection. Next asks for the page after it; "" on the last one.
type Page[T any] struct {
	Items []T
	Next  string
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
	Seen   time.Time      // event time of the last event that named it, by this name
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
	Edits  int // the version that edit forms carry; of a domain looked up alone
}

// Counts are how many assets there are of each kind. Capped says that some are "at least".
type Counts struct {
	Datasets, Transforms, Consumers int
	Failing                         int // transforms whose last run failed
	Capped                          bool
}
