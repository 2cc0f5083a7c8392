// Package graph is the contract of Weir's store: a small property graph with time spans. It knows nodes, edges,
// queries, limits and cursors, and no word of the product.
//
// Two engines implement it, graph/sqlite and graph/neo4j; they share no code, pass one suite (graph/graphtest)
// and answer traversal natively. Engines are opened behind Checked, which holds every caller to the limits and
// the Schema, so that an engine sees valid arguments only.
package graph

import (
	"context"
	"iter"
	"time"
)

type (
	// ID names a node, unique in the store, chosen by the caller, at most MaxIDLen bytes of printable ASCII without
	// spaces. It begins with the Prefix of its kind and an underscore.
	ID string
	// Kind is what a node is: a label in Neo4j. Kinds are declared in the Schema.
	Kind string
	// Rel is what an edge says: a relationship type in Neo4j. Relations are declared in the Schema.
	Rel string
	// Props are the values of a node or an edge. A value is a string, bool, int64, float64, time.Time, []byte
	// or []string; in a NodeWrite nil deletes the key. Times are kept in UTC with microseconds, strings are
	// valid UTF-8, numbers finite. A []string is never filterable: what is filtered by membership is an edge. What a
	// Schema declares is a string, bool, number or time, of one type throughout a kind.
	Props map[string]any
)

// Node is one thing. Version is 1 when made and grows by one with each change; the engine sets it, and Created
// and Updated, which are times of the store.
type Node struct {
	ID               ID
	Kind             Kind
	Props            Props
	Version          int64
	Created, Updated time.Time
}

// Span is a time span, half open: it holds at t when Since <= t < Until. A zero Since is "ever since", a zero
// Until is "still".
type Span struct{ Since, Until time.Time }

// Holds tells whether the span holds at t.
func (s Span) Holds(t time.Time) bool {
	return !t.Before(s.Since) && (s.Until.IsZero() || t.Before(s.Until))
}

// Edge says that From is in relation Rel to To. Key tells parallel edges apart (who says so); it may be empty.
//
// Valid is when that held in the world, Known when the store held this row. A row's Valid span is never
// overwritten: a change ends Known and adds a row, so the store can say what it knew at any time. Props describe
// how the store knows the edge; they are overwritten in place and make no new row.
type Edge struct {
	From, To     ID
	Rel          Rel
	Key          string
	Props        Props
	Valid, Known Span
}

// Dir is a direction along edges.
type Dir uint8

// The directions: Out follows edges from From to To (downstream), In the other way (upstream).
const (
	Out Dir = iota
	In
)

// EdgeQuery asks for the edges of nodes, one hop, batched. Order is (Valid.Since descending, other end, Rel, Key,
// Known.Since) for each node of Of, nodes in the order of Of.
type EdgeQuery struct {
	Of   []ID
	Dir  Dir
	Rels []Rel // none: all
	// At and Known choose the rows that held at At, as the store knew them at Known; zero is now for each.
	At, Known time.Time
	// All gives every row that the store ever held, closed and superseded ones too; At and Known are then zero.
	All   bool
	Limit int    // per node of Of; 0: MaxBatch
	After string // Next of the page before; only with a single node in Of
}

// EdgePage is a page of edges. More holds the nodes of Of that have edges beyond Limit; Next, set only with a
// single node in Of, asks for them.
type EdgePage struct {
	Edges []Edge
	More  []ID
	Next  string
}

// Degree counts the distinct neighbours of a node along each direction.
type Degree struct{ In, Out int }

// Reader reads. Every method sees only what is committed, or, on a Tx, also its own writes.
type Reader interface {
	// Nodes returns the nodes with these ids; missing ones are absent. At most MaxBatch ids.
	Nodes(ctx context.Context, ids ...ID) (map[ID]Node, error)
	// Edges returns one hop. Ids that don't exist have no edges.
	Edges(ctx context.Context, q EdgeQuery) (EdgePage, error)
	// Degrees counts, for each id, the distinct pairs of relation and other end that hold at that time (zero:
	// now) among the relations (none: all). Ids that don't exist are absent; a self-loop counts in both directions.
	Degrees(ctx context.Context, ids []ID, rels []Rel, at time.Time) (map[ID]Degree, error)
	// List returns a page of one kind. The combination of filters and sort must be declared in the Schema.
	List(ctx context.Context, q Query) (Page, error)
	// Traverse walks from nodes along edges and returns each node once with its smallest depth.
	Traverse(ctx context.Context, w Walk) (Subgraph, error)
	// Path returns up to w.Paths shortest paths (1 when 0) from one node to another along w.Dir within w.Depth,
	// all of the same length, distinct in their nodes: the first ones in the order of their node ids from one end to the
	// other. Of parallel edges it shows the one with the smallest (Rel, Key). There is none when the nodes are the
	// same, or when one doesn't exist: not an error. Of w only Dir, Rels, Depth, At, Known and Paths count.
	Path(ctx context.Context, from, to ID, w Walk) ([][]Edge, error)
}

// Store is a graph that is kept. Its errors have a kind of package errs: Invalid for arguments outside the
// contract, TooLarge over its limits, Unavailable when the engine can't be reached, Timeout when ctx ended first
// (nothing was saved), and what each method says.
type Store interface {
	Reader
	// Search finds nodes by their words, with filters, facets and totals.
	Search(ctx context.Context, s Search) (Result, error)
	// Update runs fn in one transaction: all of its writes are committed when fn returns nil, none otherwise.
	// fn may run again after a transient fault, so it must have no effect but through tx. An error of fn is
	// returned as it is, without another run; a panic of fn goes on to the caller. id is unique: a second Update with the same id fails with
	// errs.Exists and runs nothing that stays, so that a caller who lost an answer can safely ask again. Ids
	// are kept for at least a day; an empty id gets a fresh one. If the answer to the commit is lost and cannot
	// be found out, the error is errs.Unknown.
	Update(ctx context.Context, id string, fn func(ctx context.Context, tx Tx) error) error
	// Dump yields everything, nodes before edges, with versions, times, spans and sequences, as of one moment.
	// It is for migration and backup alone.
	Dump(ctx context.Context) iter.Seq2[Record, error]
	// Restore fills an empty store with what a Dump yielded; it fails with errs.Conflict if the store holds a node. An
	// error of records is returned; what was restored before it may stay.
	Restore(ctx context.Context, records iter.Seq2[Record, error]) error
	// Ready tells whether the store can answer and write now.
	Ready(ctx context.Context) error
	// Close waits for running transactions and frees everything.
	Close() error
}

// Tx is a transaction. Its reads see its own writes. It must not be used after Update's fn returned, nor by two
// goroutines at once. An error of any method dooms it: later calls return the same error, and Update fails with it
// even where fn ignored it.
type Tx interface {
	Reader
	// Lock takes keys exclusively until the transaction ends. It is taken first: after a write it is Invalid.
	Lock(ctx context.Context, keys ...string) error
	// Put writes nodes and returns them as they are now, in order. Given keys are set, nil deletes a key, others
	// stay. A write that changes nothing leaves Version and Updated. The batch holds an id once.
	// Errors: Exists (Create of an id that is there, or a Unique value that another node has), Conflict
	// (IfVersion), NotFound (IfVersion of a missing node), Invalid (the id isn't of the kind), TooLarge (also when
	// only the merged properties are). A Unique value given up by an earlier call in the transaction is free.
	Put(ctx context.Context, ws ...NodeWrite) ([]Node, error)
	// Delete removes nodes and all rows of their edges, history included. Missing ids are no error.
	Delete(ctx context.Context, ids ...ID) error
	// Link makes edges hold over their Valid span: it is united with every span of the same (From, Rel, To, Key)
	// that it touches or overlaps. Props are merged over those there: given keys are set, nil deletes. Known is set by the
	// engine and ignored on input; a row that would be known for no time at all isn't kept. The edges count one after
	// another. Errors: NotFound if an end is missing, TooLarge if merged Props are.
	Link(ctx context.Context, es ...Edge) error
	// Unlink cuts [at, …) from the spans of these edges (From, Rel, To, Key); nothing happens where none holds.
	// A zero at takes the edge away as if it had never held; only Known remembers it.
	Unlink(ctx context.Context, at time.Time, es ...Edge) error
	// Append gives each node the next number of a sequence, as the property PropSeq, and creates it. Numbers
	// start at 1 and have no gaps. It returns the first number. It is called last: it holds the sequence until commit.
	// Errors: as Put with Create.
	Append(ctx context.Context, sequence string, ns ...NodeWrite) (first int64, err error)
}

// NodeWrite is a node to be written under a condition. Of Node only ID, Kind and Props count.
type NodeWrite struct {
	Node    Node
	Mode    Mode
	Version int64 // of IfVersion: the version that was looked at
}

// Mode is the condition of a write.
type Mode uint8

// The modes.
const (
	Upsert    Mode = iota // make it or change it
	Create                // make it; Exists if it is there
	Ensure                // make it; leave it as it is if it is there
	IfVersion             // change it; Conflict if its version is another, NotFound if it is missing
)

// Record is one piece of a Dump: a node, an edge row or a sequence's last number. Exactly one is set.
type Record struct {
	Node     *Node     `json:"node,omitempty"`
	Edge     *Edge     `json:"edge,omitempty"`
	Sequence *Sequence `json:"sequence,omitempty"`
}

// Sequence is the last number that a sequence gave.
type Sequence struct {
	Name string `json:"name"`
	Last int64  `json:"last"`
}

// The property names that the contract itself knows.
const (
	PropSeq      = "seq"      // set by Append
	PropAudience = "audience" // what Visible.Audiences match
)
