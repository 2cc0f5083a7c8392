package catalog

import (
	"context"
	"strconv"

	"weir/graph"
)

// DatasetList asks for datasets, ordered by name, or, with Recent, the ones written last first. Aliases are left out.
type DatasetList struct {
	Domain   graph.ID // "": all; not together with Recent
	Recent   bool
	Inferred bool // instead those that are known from column lineage alone
	First    int  // 1 to graph.MaxPage
	After    string
}

// JobList asks for transforms or consumers, ordered by name, or, with Recent or State, those first that ran last. At most
// one of Domain, State and Type is set, and State and Recent are for transforms, Type for consumers.
type JobList struct {
	Domain graph.ID
	State  RunState // of the last run
	Type   ConsumerType
	Recent bool
	First  int // 1 to graph.MaxPage
	After  string
}

// is keeps nodes whose property is a value.
func is(prop, value string) graph.Filter {
	return graph.Filter{Prop: prop, Op: graph.OneOf, Values: []any{value}}
}

// What lists, counts and searches leave out of datasets unless they are asked for: other names of a dataset, and what is
// known from column lineage alone, since clients name query fragments and misspelt tables there. Both stay in lineage and
// have pages. What is no dataset passes.
var (
	noAlias     = graph.Filter{Prop: "head", Op: graph.Missing}
	notInferred = graph.Filter{Prop: "inferred", Op: graph.Missing}
)

// list answers a list of one kind with what the viewer may see.
func list[T any](ctx context.Context, s *Service, typ *graph.Type[T], q graph.Query) (Page[T], error) {
	if err := checkFirst(q.Limit); err != nil {
		return Page[T]{}, err
	}
	q.Visible = s.visible(ctx)
	return page(ctx, s, typ, q)
}

// Datasets lists datasets.
func (s *Service) Datasets(ctx context.Context, q DatasetList) (Page[Dataset], error) {
	known := notInferred
	if q.Inferred {
		known = graph.Filter{Prop: "inferred", Values: []any{true}}
	}
	ask := graph.Query{
		Kind: DatasetType.Kind, Where: []graph.Filter{noAlias, known}, Sort: "name", Limit: q.First, After: q.After,
	}
	switch {
	case q.Recent:
		ask.Sort, ask.Desc = "written", true
	case q.Domain != "":
		ask.Where = append(ask.Where, is("domain", string(q.Domain)))
	}
	return list(ctx, s, DatasetType, ask)
}

// Transforms lists transforms.
func (s *Service) Transforms(ctx context.Context, q JobList) (Page[Transform], error) {
	ask := graph.Query{Kind: TransformType.Kind, Sort: "name", Limit: q.First, After: q.After}
	switch {
	case q.State != "":
		ask.Where, ask.Sort, ask.Desc = []graph.Filter{is("lastState", string(q.State))}, "ranAt", true
	case q.Recent:
		ask.Sort, ask.Desc = "ranAt", true
	case q.Domain != "":
		ask.Where = []graph.Filter{is("domain", string(q.Domain))}
	}
	return list(ctx, s, TransformType, ask)
}

// Consumers lists consumers.
func (s *Service) Consumers(ctx context.Context, q JobList) (Page[Consumer], error) {
	ask := graph.Query{Kind: ConsumerKind.Kind, Sort: "name", Limit: q.First, After: q.After}
	switch {
	case q.Type != "":
		ask.Where = []graph.Filter{is("type", string(q.Type))}
	case q.Domain != "":
		ask.Where = []graph.Filter{is("domain", string(q.Domain))}
	}
	return list(ctx, s, ConsumerKind, ask)
}

// byNames asks for a page of a kind in the order of names.
func byNames(kind graph.Kind, first int, after string) graph.Query {
	return graph.Query{Kind: kind, Sort: "name", Limit: first, After: after}
}

// Domains lists domains by name.
func (s *Service) Domains(ctx context.Context, first int, after string) (Page[Domain], error) {
	return list(ctx, s, DomainType, byNames(DomainType.Kind, first, after))
}

// Tags lists tags by name.
func (s *Service) Tags(ctx context.Context, first int, after string) (Page[Tag], error) {
	id := func(v Tag) graph.ID { return v.ID }
	return sifted(ctx, s, TagType, byNames(TagType.Kind, first, after), siftNames, seenNames(s, TagType, id))
}

// Owners lists owners by name.
func (s *Service) Owners(ctx context.Context, first int, after string) (Page[Owner], error) {
	id := func(v Owner) graph.ID { return v.ID }
	return sifted(ctx, s, OwnerType, byNames(OwnerType.Kind, first, after), siftNames, seenNames(s, OwnerType, id))
}

// Classes lists data classes by name.
func (s *Service) Classes(ctx context.Context, first int, after string) (Page[Class], error) {
	id := func(v Class) graph.ID { return v.ID }
	return sifted(ctx, s, ClassType, byNames(ClassType.Kind, first, after), siftNames, seenNames(s, ClassType, id))
}

func cursorAt(n int) string { return strconv.Itoa(n) }
