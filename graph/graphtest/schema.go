package graphtest

import "weir/graph"

// The kinds of the test schema.
const (
	Thing graph.Kind = "Thing" // searched, listed, unique codes
	Place graph.Kind = "Place" // searched, with fewer declarations than Thing
	Paper graph.Kind = "Paper" // a large document, not searched
)

// The relations of the test schema.
const (
	Feeds  graph.Rel = "FEEDS"
	Holds  graph.Rel = "HOLDS"
	PartOf graph.Rel = "PART_OF"
)

// PaperSize is the size that a Paper may have.
const PaperSize = 1 << 20

// Schema is the schema of the suite. "grp" sets the cases of one store apart.
func Schema() graph.Schema {
	return graph.Schema{
		Kinds: map[graph.Kind]graph.Spec{
			Thing: {
				Prefix: "th",
				Text:   []graph.Text{{Prop: "name", Weight: 4}, {Prop: "note", Weight: 1}},
				Lists: []graph.List{
					{}, {Sort: "name"}, {Where: []string{"grp"}},
					{Where: []string{"grp"}, Sort: "name"}, {Where: []string{"grp"}, Sort: "rank"},
					{Where: []string{"grp"}, Sort: "weight"}, {Where: []string{"grp"}, Sort: "due"},
					{Where: []string{"grp"}, Sort: "done"}, {Where: []string{"grp", "state"}, Sort: "name"},
				},
				Facets: []string{"grp", "state", "rank", "done", "due", "weight"},
				Sorts:  []string{"name", "rank", "due"},
				Unique: []string{"code"},
			},
			Place: {
				Prefix: "pl",
				Text:   []graph.Text{{Prop: "name", Weight: 3}},
				Lists:  []graph.List{{Where: []string{"grp"}, Sort: "name"}},
				Facets: []string{"grp"},
				Sorts:  []string{"name"},
				Unique: []string{"code"},
			},
			Paper: {Prefix: "pa", Max: PaperSize, Lists: []graph.List{{}}},
		},
		Rels: []graph.Rel{Feeds, Holds, PartOf},
	}
}
