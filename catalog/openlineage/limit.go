package openlineage

// The limits of what is read. What is over one is refused as TooLarge, naming the field and the limit.
const (
	MaxEvent       = 5 << 20   // bytes of an event as it came
	MaxDepth       = 64        // objects and arrays within each other
	MaxNodes       = 1_000_000 // JSON values and member names of an event; what bounds the memory of reading it
	MaxFacets      = 500       // facets of one object
	MaxColumns     = 10_000    // columns of a dataset, nested ones too
	MaxDatasets    = 2_000     // inputs and outputs of an event; also datasets that column lineage mentions
	MaxDerivations = 50_000    // column to column statements of an event, and inputs in explicit lineage
	MaxLinks       = 2_000     // entries of explicit lineage of an event
	MaxList        = 1_000     // tags, owners or symlinks of one facet
	MaxName        = 4_000     // bytes of a name, namespace, column path or facet key
	MaxBatch       = 5_000     // events of a batch
)

// MaxText is the number of bytes up to which descriptions, messages and types are shown. A longer text is no mistake:
// it is cut at a rune boundary and ends in "…"; the raw event has all of it. Code is not cut.
const MaxText = 4 << 10
