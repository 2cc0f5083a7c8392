package graph

import "time"

// Op compares a property.
type Op uint8

// The comparisons. A missing property is neither Less nor More nor OneOf anything.
const (
	OneOf   Op = iota // equal to one of Values
	Missing           // the property is absent; no Values
	Less              // before Values[0]
	More              // Values[0] or after
)

// Filter keeps nodes whose property compares. Values are strings (at most MaxSortBytes, so a longer property equals
// none), bools, int64, float64 or time.Time, of the type that the property has.
type Filter struct {
	Prop   string
	Op     Op
	Values []any
}

// Near keeps nodes that have an edge, holding now, along Dir to one of To: out of the node for Out.
type Near struct {
	Rel Rel
	Dir Dir
	To  []ID
}

// Visible is what a viewer may see: nodes whose audience is one of Audiences, or whose id is one of IDs. A nil
// *Visible sees all; an empty one sees nothing. At most MaxAudiences keys and MaxVisibleIDs ids.
type Visible struct {
	Audiences []string
	IDs       []ID
}

// Query asks for a page of one kind. Where and Sort must match a List that the Schema declares for the kind:
// each OneOf (of one value) or Missing filter on one of List.Where, and all of List.Where filtered; Less and More once
// each, only on Sort.
// Nodes with equal sort values are ordered by id; Desc reverses both, but missing values come last in both directions.
// Strings sort bytewise by their SortKey.
type Query struct {
	Kind    Kind
	Where   []Filter
	Near    []Near // cost grows with the degree of To
	Sort    string // "": by id
	Desc    bool
	After   string // Next of the page before
	Limit   int    // 1 to MaxPage
	Visible *Visible
}

// Page is a page of nodes. Next is empty on the last one.
type Page struct {
	Nodes []Node
	Next  string
}

// Search asks for nodes by words. Every word of Text must be found (with Prefix the last one may be the beginning of a
// word), all filters must hold. An empty or blank Text browses; one of punctuation alone finds nothing.
type Search struct {
	Text    string
	Prefix  bool
	Kinds   []Kind // none: all kinds that have text; those that have none are Invalid
	Among   []ID   // not nil: only these
	Where   []Filter
	Near    []Near
	Facets  []Facet
	Sort    string // "": best match first; else one of Spec.Sorts of a kind searched, missing values last, ties by id
	Desc    bool
	Offset  int // Offset+Limit at most MaxWindow
	Limit   int // 0 asks for totals alone
	Visible *Visible
}

// Facet asks for counts by value: of a property declared in Spec.Facets, of the other ends of a relation along edges
// that hold now, or, with Prop "kind", of kinds. Set one of Prop and Rel. Each facet has its key in Result.Facets.
type Facet struct {
	Prop string
	Rel  Rel
	Dir  Dir
}

// Name is the key of the facet's buckets in Result.Facets.
func (f Facet) Name() string {
	if f.Rel != "" {
		return string(f.Rel)
	}
	return f.Prop
}

// Result is what a Search found. Total and the buckets are exact up to MaxHits matches; beyond that Capped is set and
// they are lower bounds ("at least"). Buckets are ordered by count descending, then value, at most MaxBuckets.
type Result struct {
	Hits   []Hit
	Total  int
	Capped bool
	Facets map[string][]Bucket
}

// Hit is one node found. Order: Score descending, then id, unless the Search has a Sort.
type Hit struct {
	Node  Node
	Score float64
}

// Bucket counts the matches that have a value; Value is the function Value of it, or, for a relation's facet, the id
// of the other end, which counts a match once however many edges there are.
type Bucket struct {
	Value string
	Count int
}

// Walk asks where edges lead. From has depth 0. Each node is walked once, at its smallest depth.
type Walk struct {
	From      []ID
	Dir       Dir
	Rels      []Rel     // none: all
	Depth     int       // edges, 1 to MaxDepth
	At, Known time.Time // zero: now
	// Max is the number of nodes returned, those of From included, 1 to MaxNodes, nearest first by (depth, id).
	Max int
	// Keep restricts what is returned and counted, not what is walked. The nodes of From are always kept.
	Keep *Keep
	// Fields are the properties returned with each node; nil: all of them, empty: none.
	Fields []string
	// Paths is for Path: how many, 1 to MaxPaths.
	Paths int
}

// Keep is a condition on nodes: of one of Kinds (none: any), all filters hold, and the viewer may see them. Unlike in
// lists any property may be filtered, since the walk visits the nodes anyway.
type Keep struct {
	Kinds   []Kind
	Where   []Filter
	Near    []Near
	Visible *Visible
}

// Subgraph is what a walk reached: each node once with its smallest depth, ordered by (depth, id), all edges of
// the walk's relations that hold between two of the returned nodes, and totals by kind over all reached nodes that Keep
// keeps, whatever Max is (From not counted). Cut is set when Max left nodes out. Edges are ordered by (From, Rel, To, Key).
type Subgraph struct {
	Nodes  []Reached
	Edges  []Edge
	Totals map[Kind]int
	Cut    bool
}

// Reached is a node of a Subgraph, with its Degree along the walk's relations at its time, as it was Known.
type Reached struct {
	Node    Node
	Depth   int
	In, Out int
}
