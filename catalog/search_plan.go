package catalog

import (
	"context"
	"slices"
	"strings"

	"weir/graph"
)

// plan is a search worked out: which conditions the store answers, by the field that they came from, so that any one
// can be left out, and which are left to be looked at one by one.
type plan struct {
	typed   Typed
	order   string
	desc    bool
	kinds   []graph.Kind // none: all
	where   []fieldFilter
	near    []fieldNear
	among   map[string][]graph.ID // by field
	checks  []check               // what the store can't answer
	partial bool                  // not everything was looked at
	notes   []string
	calls   int // made to the store so far
}

type fieldFilter struct {
	field string
	graph.Filter
}

type fieldNear struct {
	field string
	graph.Near
}

// plan reads the input and looks up what it names.
func (s *Service) plan(ctx context.Context, in SearchInput) (*plan, error) {
	typed := ParseSearch(in.Query)
	typed.Terms = append(typed.Terms, in.Terms...)
	p := &plan{typed: typed, kinds: in.Kinds, among: map[string][]graph.ID{}, notes: typed.Notes}
	if err := checkKinds(in.Kinds); err != nil {
		return nil, err
	}
	if err := p.setOrder(in); err != nil {
		return nil, err
	}
	p.fromKinds()
	p.fromValues()
	p.fromHas()
	p.fromIs()
	p.fromColumns()
	p.fromNegatives()
	if err := s.resolve(ctx, p); err != nil {
		return nil, err
	}
	return p, s.refine(ctx, p)
}

// text is searched in words; that of column: too, since column names are among them.
func (p *plan) text() string {
	return strings.Join(append(p.typed.of(byColumn), p.typed.Words...), " ")
}

// search is the plan as a question, without the conditions of one field; "" leaves none out.
func (p *plan) search(without string) graph.Search {
	out := graph.Search{Text: p.text(), Prefix: len(p.typed.Words) > 0, Kinds: SearchKinds, Where: []graph.Filter{noAlias}}
	if !slices.Contains(p.typed.of(byIs), "inferred") {
		out.Where = append(out.Where, notInferred)
	}
	if len(p.kinds) > 0 && without != byKind {
		out.Kinds = p.kinds
	}
	for _, f := range p.where {
		if f.field != without {
			out.Where = append(out.Where, f.Filter)
		}
	}
	for _, n := range p.near {
		if n.field != without {
			out.Near = append(out.Near, n.Near)
		}
	}
	for _, field := range sortedKeys(p.among) {
		if field == without {
			continue
		}
		if out.Among == nil {
			out.Among = slices.Clone(p.among[field])
		} else {
			out.Among = intersect(out.Among, p.among[field])
		}
	}
	// Kinds that declare none of the filtered properties can't pass and need not be asked.
	out.Kinds = slices.DeleteFunc(slices.Clone(out.Kinds), func(k graph.Kind) bool { return !mayPass(k, out.Where) })
	if len(out.Kinds) == 0 {
		out.Kinds, out.Among = SearchKinds, []graph.ID{}
	}
	return out
}

// mayPass tells whether nodes of a kind can have what the filters ask for.
func mayPass(k graph.Kind, where []graph.Filter) bool {
	facets := kindSpecs[k].Facets
	return !slices.ContainsFunc(where, func(f graph.Filter) bool {
		return f.Op != graph.Missing && !slices.Contains(facets, f.Prop)
	})
}

var kindSpecs = map[graph.Kind]graph.Spec{
	DatasetType.Kind: DatasetType.Spec, TransformType.Kind: TransformType.Spec,
	ConsumerKind.Kind: ConsumerKind.Spec, DomainType.Kind: DomainType.Spec,
}

// intersect keeps the ids that are in both; never nil.
func intersect(a, b []graph.ID) []graph.ID {
	in := make(map[graph.ID]bool, len(b))
	for _, id := range b {
		in[id] = true
	}
	out := []graph.ID{}
	for _, id := range a {
		if in[id] {
			out = append(out, id)
		}
	}
	return out
}

func (p *plan) filter(field, prop string, values []any) {
	p.where = append(p.where, fieldFilter{field, graph.Filter{Prop: prop, Op: graph.OneOf, Values: values}})
}
