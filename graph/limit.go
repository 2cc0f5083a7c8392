package graph

// The limits of the contract, in units of what they count. Each is held by Checked and tested at n and n+1.
const (
	MaxIDLen      = 128     // bytes of an ID
	MaxKeyLen     = 256     // bytes of an Edge.Key, a lock key, an update id
	MaxNameLen    = 64      // bytes of a kind, relation, property or sequence name: [A-Za-z_][A-Za-z0-9_]*
	MaxProps      = 8 << 10 // bytes of a node's or an edge's properties, unless the kind's Spec.Max says more
	MaxDocument   = 8 << 20 // bytes that a Spec.Max may allow
	MaxBatch      = 10_000  // ids, nodes or edges in one call
	MaxPage       = 1_000   // nodes of a List page, hits of a Search
	MaxDepth      = 100     // edges of a walk
	MaxNodes      = 100_000 // nodes that a walk returns
	MaxPaths      = 100     // paths that Path returns
	MaxHits       = 10_000  // matches that a Search counts exactly
	MaxWindow     = 10_000  // Offset + Limit of a Search
	MaxText       = 1_000   // bytes of a Search's text
	MaxWords      = 32      // words of a Search's text
	MaxWordLen    = 64      // bytes of a word; longer ones are cut, at write and at query alike
	MaxBuckets    = 100     // buckets of a facet
	MaxFacets     = 16      // facets of a search
	MaxFilters    = 16      // filters and Nears of a query
	MaxValues     = 100     // values of a filter, ids of a Near
	MaxAudiences  = 64      // keys of a Visible
	MaxVisibleIDs = 900     // ids of a Visible
	MaxSortBytes  = 256     // bytes of a string that count in a sort
	MaxLocks      = 1_000   // keys of one Lock
)
