// Package flow tells what sensitive data flows into the columns that somebody asks for: which classes, from which
// columns, on which ways, and where it is masked. It reads in the caller's transaction and trusts nothing that was
// computed before, so that a decision rests on the lineage as it stands at that moment.
//
// What it reads is not redacted: the caller decides what a viewer may see of it.
package flow

import (
	"weir/catalog"
	"weir/graph"
)

// Ask is what somebody asks for of one dataset: some columns, or, with none, all that it has now.
type Ask struct {
	Dataset graph.ID
	Columns []graph.ID
}

// Snapshot is what flows into the asked columns at one time. Everything in it is sorted, so that equal graphs give equal
// snapshots. The fields stand in the order of their keys in the canonical form.
type Snapshot struct {
	// Coarse are the classes that may flow in where nobody stated which columns they take.
	Coarse []Coarse `json:"coarse,omitempty"`
	// Columns are the asked ones, ordered by dataset, position (unknown ones last) and path.
	Columns []Column `json:"columns,omitempty"`
	// Inflows are ordered as Columns, then by class, the clear ones first, the nearest first.
	Inflows []Inflow `json:"inflows,omitempty"`
	// Missing are asked ids that are no dataset, or no column of the asked dataset, at least not any more; sorted.
	Missing []graph.ID `json:"missing,omitempty"`
	// Names hold each id named above, but for Missing.
	Names map[graph.ID]Thing `json:"names,omitempty"`
	// Partial tells that there is more upstream than was looked at, so that classes may be missing.
	Partial bool `json:"partial,omitempty"`
}

// Column is an asked column. Of a dataset that is another one under another name it is the column of that other one.
type Column struct {
	Dataset  graph.ID `json:"dataset"`
	Declared []string `json:"declared,omitempty"` // names of classes that it declares itself, sorted
	Gone     bool     `json:"gone,omitempty"`     // no schema of its dataset names it any more
	ID       graph.ID `json:"id"`
	Masking  []string `json:"masking,omitempty"` // how masking steps made it, as far as stated (the steps' subtypes), sorted
	Path     string   `json:"path"`
	Position int      `json:"position,omitempty"` // 1 is the first; 0 unknown
}

// Inflow is a class that flows, or once flowed before it was masked, from a column that declares it into an asked column. A
// class that is declared anew on the way has an inflow from each column that declares it.
type Inflow struct {
	ByDeclaration bool     `json:"byDeclaration,omitempty"` // the asked column itself declares the class
	Class         string   `json:"class"`
	Column        graph.ID `json:"column"`
	Depth         int      `json:"depth"`            // how many steps; 0 if ByDeclaration
	Masked        bool     `json:"masked,omitempty"` // every way masks it
	// MaskedAt is the index in Steps of the first one that masks; -1 if not Masked.
	MaskedAt int `json:"maskedAt"`
	// MaskedWays tells that of a class that isn't Masked another way is. A way may pass a column twice where columns are
	// made of each other in a circle, but never the asked one.
	MaskedWays    bool     `json:"maskedWays,omitempty"`
	Origin        graph.ID `json:"origin"` // the column that declares the class
	OriginDataset graph.ID `json:"originDataset"`
	// Steps lead from Origin to Column: the shortest clear way, else the shortest one; of equally long ones the first in the
	// order of the ids from Origin on.
	Steps []Step `json:"steps,omitempty"`
}

// Step is one edge of a way. Its ends are columns; in a Coarse way also datasets, where nobody stated the columns.
type Step struct {
	From   graph.ID   `json:"from"`
	Masked bool       `json:"masked,omitempty"`
	To     graph.ID   `json:"to"`
	Via    []graph.ID `json:"via,omitempty"` // transforms, sorted; none if a person stated it without one
}

// Coarse is a class that may flow into asked columns in clear: it is declared upstream, but on the way there is a
// transform of which nobody stated which columns it takes, or only a dataset as a whole declares the class and none of its
// columns. What an Inflow tells from the same dataset in clear is not told again.
type Coarse struct {
	Class   string     `json:"class"`
	Columns []graph.ID `json:"columns"` // that it may flow into on this way, in the order of Snapshot.Columns
	Depth   int        `json:"depth"`   // how many steps; 0: the asked dataset itself
	Origin  graph.ID   `json:"origin"`  // the dataset that declares the class, itself or in a column
	// Steps lead from Origin, or a column of it, to the asked columns or their dataset: a shortest way. Where one step ends
	// at a dataset, the next may begin at any of its columns; where one ends at a column, at its dataset.
	Steps []Step `json:"steps,omitempty"`
}

// Thing is what a snapshot tells of an id. People are ids in the canonical form, and who may see something isn't part of it.
type Thing struct {
	Audience       string                 `json:"-"` // who may see it, of datasets and transforms
	Classification catalog.Classification `json:"classification,omitempty"`
	Dataset        graph.ID               `json:"dataset,omitempty"` // of a column
	Domain         graph.ID               `json:"domain,omitempty"`
	Kind           graph.Kind             `json:"kind"`
	Name           string                 `json:"name"`             // of a column its path
	OwnerIDs       []graph.ID             `json:"owners,omitempty"` // of a dataset, sorted
	Owners         []string               `json:"-"`                // names of OwnerIDs, sorted by name
}
