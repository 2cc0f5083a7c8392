package catalog

import "weir/graph"

// The kinds, declared once for both engines.
var (
	DatasetType = graph.Declare[Dataset]("Dataset", graph.Spec{
		Prefix: "ds",
		Text:   []graph.Text{{Prop: "name", Weight: 10}, {Prop: "title", Weight: 10}, {Prop: "description", Weight: 2}, {Prop: "columnText", Weight: 3}, {Prop: "namespace", Weight: 1}},
		Lists: []graph.List{
			{Where: []string{"head", "inferred"}, Sort: "name"},
			{Where: []string{"head", "inferred"}, Sort: "written"},
			{Where: []string{"head", "inferred", "domain"}, Sort: "name"},
		},
		Facets: []string{"domain", "classification", "platform", "type", "head", "inferred", "namespace", "lifecycle", "description", "written"},
		Sorts:  []string{"name", "written"},
		Max:    1 << 20,
	})
	ColumnType = graph.Declare[Column]("Column", graph.Spec{
		Prefix: "col",
		Lists:  []graph.List{{Where: []string{"dataset"}, Sort: "position"}, {Where: []string{"dataset"}, Sort: "path"}},
		Max:    32 << 10,
	})
	TransformType = graph.Declare[Transform]("Transform", graph.Spec{
		Prefix: "tf",
		Text:   []graph.Text{{Prop: "name", Weight: 8}, {Prop: "title", Weight: 8}, {Prop: "description", Weight: 2}, {Prop: "namespace", Weight: 1}},
		Lists: []graph.List{
			{Sort: "name"},
			{Sort: "ranAt"},
			{Where: []string{"lastState"}, Sort: "ranAt"},
			{Where: []string{"domain"}, Sort: "name"},
		},
		Facets: []string{"domain", "type", "lastState", "namespace", "silent", "description"},
		Sorts:  []string{"name", "ranAt"},
		Max:    64 << 10,
	})
	ConsumerKind = graph.Declare[Consumer]("Consumer", graph.Spec{
		Prefix: "con",
		Text:   []graph.Text{{Prop: "name", Weight: 10}, {Prop: "title", Weight: 10}, {Prop: "description", Weight: 2}, {Prop: "namespace", Weight: 1}},
		Lists:  []graph.List{{Sort: "name"}, {Where: []string{"type"}, Sort: "name"}, {Where: []string{"domain"}, Sort: "name"}},
		Facets: []string{"domain", "type", "classification", "lastState", "namespace", "description"},
		Sorts:  []string{"name", "ranAt"},
		Max:    64 << 10,
	})
	RunType = graph.Declare[Run]("Run", graph.Spec{
		Prefix: "run",
		Lists:  []graph.List{{Where: []string{"job"}, Sort: "first"}, {Where: []string{"state"}, Sort: "last"}, {Sort: "last"}},
		Max:    512 << 10,
	})
	DomainType = graph.Declare[Domain]("Domain", graph.Spec{
		Prefix: "dom",
		Text:   []graph.Text{{Prop: "title", Weight: 10}, {Prop: "name", Weight: 10}, {Prop: "description", Weight: 2}},
		Lists:  []graph.List{{Sort: "name"}},
		Sorts:  []string{"name"},
		Max:    16 << 10,
	})
	TagType    = graph.Declare[Tag]("Tag", graph.Spec{Prefix: "tag", Text: []graph.Text{{Prop: "name", Weight: 1}}, Lists: []graph.List{{Sort: "name"}}})
	OwnerType  = graph.Declare[Owner]("Owner", graph.Spec{Prefix: "own", Text: []graph.Text{{Prop: "name", Weight: 1}}, Lists: []graph.List{{Sort: "name"}}})
	ClassType  = graph.Declare[Class]("Class", graph.Spec{Prefix: "cls", Lists: []graph.List{{Sort: "name"}}})
	SourceType = graph.Declare[Source]("Source", graph.Spec{Prefix: "src", Lists: []graph.List{{Sort: "producer"}}})
	DocType    = graph.Declare[Document]("Document", graph.Spec{Prefix: "doc", Max: graph.MaxDocument})
)
