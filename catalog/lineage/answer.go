package lineage

import (
	"cmp"
	"slices"
	"time"

	"weir/catalog"
	"weir/graph"
)

// Side says where a node lies, seen from the root.
type Side uint8

// The sides. A node in a cycle with the root lies on both.
const (
	SideRoot Side = iota
	SideUpstream
	SideDownstream
	SideBoth
)

// String returns the name as the API spells it.
func (s Side) String() string {
	return [...]string{"ROOT", "UPSTREAM", "DOWNSTREAM", "BOTH"}[s]
}

// dir is the direction of the walk that finds a side.
func (s Side) dir() graph.Dir {
	if s == SideUpstream {
		return graph.In
	}
	return graph.Out
}

// Node is an asset of an answer.
type Node struct {
	ID    graph.ID // a pseudonym, stable for the viewer, when Hidden
	Depth int      // edges from the root, the smaller one of a node on both sides
	Side  Side
	// Hidden nodes keep the picture connected and say nothing else: Node is empty.
	Hidden bool
	// Further nodes were reached from Query.Up or Down alone: depth and side are counted from there.
	Further bool
	Count   int // assets that it stands for
	Node    graph.Node
	In, Out int // distinct neighbours at the time of the question, returned or not
}

// Edge is a relation between two assets of an answer, made of all statements of it: one for each (From, To, Kind).
type Edge struct {
	From, To    graph.ID
	Kind        graph.Rel
	Producer    string    // the source that confirmed it last: its producer's URI, or the source's own name
	Sources     []string  // all of them, ordered
	Since       time.Time // when the first statement began to hold; zero: ever since
	Until       time.Time // when the last one ended; zero: still holds
	ConfirmedAt time.Time // event time of the last event that stated it; zero: never by an event
	How         catalog.How
	Run         graph.ID // that confirmed it last; "" if none did
	// Unconfirmed: each source has since seen a whole run of the job that didn't state the edge. Never set for past times.
	Unconfirmed bool
	Subtypes    []string   // of column edges: IDENTITY, JOIN, …
	Via         []graph.ID // of column edges: the transforms that do it
}

// Masked tells whether data passes masked only.
func (e Edge) Masked() bool { return e.Kind == catalog.RelMasked }

// KindCount counts the nodes of a kind.
type KindCount struct {
	Kind  graph.Kind
	Count int
}

// Reason says why an answer lacks nodes.
type Reason string

// The reasons.
const (
	ReasonMaxNodes Reason = "MAX_NODES"
	ReasonTimeout  Reason = "TIMEOUT"
)

// Answer is the lineage of a root. Nodes are ordered by (Depth, ID), the root first; Edges, among them, by (From, To, Kind).
type Answer struct {
	Root  graph.ID // the head if an alias was asked for
	Nodes []Node
	Edges []Edge
	// Totals count, by kind, all within depth and filter whatever MaxNodes is; the root is not counted.
	Totals []KindCount
	// IsPartial is set only when nodes within depth and filter are missing. Totals are then exact for ReasonMaxNodes, as far
	// as a walk of MostNodes tells, and lower bounds for ReasonTimeout.
	IsPartial     bool
	PartialReason Reason
	// Columns of the datasets in Nodes by (Dataset, Position), and ColumnEdges among them, if asked for.
	Columns       []catalog.Column
	ColumnEdges   []Edge
	ColumnsCapped bool // some columns are missing: there are more than graph.MaxBatch
}

func counts(totals map[graph.Kind]int) []KindCount {
	var out []KindCount
	for kind, n := range totals {
		if n > 0 {
			out = append(out, KindCount{kind, n})
		}
	}
	slices.SortFunc(out, func(a, b KindCount) int { return cmp.Compare(a.Kind, b.Kind) })
	return out
}

func byDepth(a, b Node) int {
	return cmp.Or(cmp.Compare(a.Depth, b.Depth), cmp.Compare(a.ID, b.ID))
}

func byEnds(a, b Edge) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Kind, b.Kind))
}
