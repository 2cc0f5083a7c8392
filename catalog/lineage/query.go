package lineage

import (
	"slices"
	"time"

	"weir/errs"
	"weir/graph"
)

// Direction is where a question looks, seen from its root.
type Direction uint8

// The directions. Both is everything upstream united with everything downstream of the root: never a way up and
// then down again to what merely has the same origin.
const (
	Upstream Direction = iota
	Downstream
	Both
)

// String returns the name as the API spells it.
func (d Direction) String() string {
	switch d {
	case Upstream:
		return "UPSTREAM"
	case Downstream:
		return "DOWNSTREAM"
	}
	return "BOTH"
}

// sides are the walks that answer a direction.
func (d Direction) sides() []Side {
	switch d {
	case Upstream:
		return []Side{SideUpstream}
	case Downstream:
		return []Side{SideDownstream}
	}
	return []Side{SideUpstream, SideDownstream}
}

// Query asks for the lineage of a dataset, transform or consumer; of a column, then along column relations.
type Query struct {
	Root      graph.ID
	Direction Direction
	Depth     int // edges, 1 to graph.MaxDepth
	// AsOf is when the edges held, KnownAt what the store knew then; zero is now for each.
	AsOf, KnownAt time.Time
	Filter        Filter
	MaxNodes      int // nodes returned, the root included, nearest first; 0: DefaultNodes
	// Up and Down name further assets: what lies one step upstream of the one and downstream of the other is returned too,
	// whatever the filter, as long as nothing is missing of the answer. It isn't counted in the totals.
	Up, Down []graph.ID
	// Columns adds the columns of the returned datasets and what derives among them.
	Columns bool
	// Indirect follows AFFECTS too when the root is a column.
	Indirect bool
	// Fields are the properties returned with each node: CardFields for a picture; nil: all.
	Fields []string
}

// CardFields are the properties that a picture or a list shows of a node: all but long texts.
var CardFields = []string{
	"namespace", "name", "platform", "type", "title", "domain", "classification", "lifecycle", "head", "inferred",
	"columns", "written", "seen", "audience", "lastRun", "lastState", "ranAt", "silent", "completed", "purpose",
	"dataset", "path", "position",
}

// needed are the properties that an answer is made with.
var needed = []string{"completed", "head", "written", "seen", "ranAt", graph.PropAudience, propDataset}

// check refuses what can't be asked and fills in what was left out.
func (q *Query) check() error {
	if q.Depth < 1 || q.Depth > graph.MaxDepth {
		return errs.Badf("depth", "is %d; it counts edges and lies between 1 and %d.", q.Depth, graph.MaxDepth)
	}
	if q.Direction > Both {
		return errs.Bad("direction", "is not one of UPSTREAM, DOWNSTREAM and BOTH.")
	}
	if q.MaxNodes < 0 || q.MaxNodes > MostNodes {
		return errs.Badf("maxNodes", "is %d; it lies between 1 and %d.", q.MaxNodes, MostNodes)
	}
	if q.MaxNodes == 0 {
		q.MaxNodes = DefaultNodes
	}
	if q.Fields != nil {
		q.Fields = slices.Concat(q.Fields, needed)
	}
	return q.Filter.check()
}

// current tells whether the query asks about now, so that the last runs say which edges are unconfirmed.
func (q Query) current() bool { return q.AsOf.IsZero() && q.KnownAt.IsZero() }
