package lineage

import (
	"context"
	"slices"
	"time"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// Filter restricts what is returned and counted, not what is walked: what lies behind a node that is filtered out is
// still found. Conditions are all met; within one, any of its values. Owners and classes are those of now, also for
// questions about the past. The root is always returned.
type Filter struct {
	Kinds           []graph.Kind
	Owners          []graph.ID
	Domains         []graph.ID
	Classes         []graph.ID // data classes, declared or inherited
	Classifications []catalog.Classification
	// Since and Until, half open, keep datasets that were written and transforms and consumers that ran within;
	// zero is unbounded.
	Since, Until time.Time
}

// The properties that a walk filters by.
const (
	propDomain         = "domain"
	propClassification = "classification"
)

func (f Filter) check() error {
	if !f.Since.IsZero() && !f.Until.IsZero() && !f.Since.Before(f.Until) {
		return errs.Bad("filter.until", "is not after since.")
	}
	for _, c := range f.Classifications {
		if !slices.Contains(catalog.Classifications, c) {
			return errs.Badf("filter.classification", "%q is not one of %v.", c, catalog.Classifications)
		}
	}
	return nil
}

// checkColumn refuses conditions that columns don't have.
func (f Filter) checkColumn() error {
	if len(f.Kinds)+len(f.Owners)+len(f.Domains)+len(f.Classifications) > 0 || f.windowed() {
		return errs.Bad("filter", "of a column's lineage has data classes only.")
	}
	return nil
}

// tells tells whether what passes the filter is thereby said to have a property that is no part of the picture. Hidden nodes
// pass no such filter: they would tell by being there.
func (f Filter) tells() bool {
	return len(f.Owners)+len(f.Domains)+len(f.Classes)+len(f.Classifications) > 0 || f.windowed()
}

// keep is the part that the walk itself can hold. seen is what the viewer may see, of a walk over assets.
func (f Filter) keep(seen *graph.Visible) *graph.Keep {
	k := graph.Keep{Kinds: f.Kinds}
	if f.tells() {
		k.Visible = seen
	}
	if len(f.Domains) > 0 {
		k.Where = append(k.Where, graph.Filter{Prop: propDomain, Values: values(f.Domains)})
	}
	if len(f.Classifications) > 0 {
		k.Where = append(k.Where, graph.Filter{Prop: propClassification, Values: values(f.Classifications)})
	}
	if len(f.Owners) > 0 {
		k.Near = append(k.Near, graph.Near{Rel: catalog.RelOwned, To: f.Owners})
	}
	if len(k.Kinds)+len(k.Where)+len(k.Near) == 0 && k.Visible == nil {
		return nil
	}
	return &k
}

func values[S ~string](in []S) []any {
	out := make([]any, len(in))
	for i, v := range in {
		out[i] = string(v)
	}
	return out
}

// late tells whether a part of the filter is left for after the walk: either of two relations, or of several
// properties, is more than a walk can hold.
func (f Filter) late() bool { return len(f.Classes) > 0 || f.windowed() }

func (f Filter) windowed() bool { return !f.Since.IsZero() || !f.Until.IsZero() }

// sift returns the nodes that hold the part of the filter that the walk left.
func (s *Service) sift(ctx context.Context, f Filter, nodes map[graph.ID]Node) (map[graph.ID]bool, error) {
	passed := make(map[graph.ID]bool, len(nodes))
	var asked []graph.ID
	for id, n := range nodes {
		in, err := f.inWindow(n.Node)
		if err != nil {
			return nil, err
		}
		if in {
			passed[id] = true
			asked = append(asked, id)
		}
	}
	if len(f.Classes) == 0 {
		return passed, nil
	}
	rows, err := hop(ctx, s.store, asked, graph.EdgeQuery{Rels: []graph.Rel{catalog.RelClass, catalog.RelInherits}})
	if err != nil {
		return nil, err
	}
	clear(passed)
	var kept []graph.Node
	for _, e := range rows {
		if slices.Contains(f.Classes, e.To) && !passed[e.From] {
			passed[e.From] = true
			kept = append(kept, nodes[e.From].Node)
		}
	}
	v, err := s.veil(ctx, kept...)
	for id := range v {
		delete(passed, id)
	}
	return passed, err
}

// inWindow tells whether something happened to the node within the filter's window.
func (f Filter) inWindow(n graph.Node) (bool, error) {
	if !f.windowed() {
		return true, nil
	}
	times, err := happened(n)
	window := graph.Span{Since: f.Since, Until: f.Until}
	return slices.ContainsFunc(times, func(t time.Time) bool { return !t.IsZero() && window.Holds(t) }), err
}

// happened are the times at which events last touched a node.
func happened(n graph.Node) ([]time.Time, error) {
	switch n.Kind {
	case catalog.DatasetType.Kind:
		d, err := read(catalog.DatasetType, n)
		return []time.Time{d.Written}, err
	case catalog.TransformType.Kind:
		t, err := read(catalog.TransformType, n)
		return []time.Time{t.RanAt}, err
	case catalog.ConsumerKind.Kind:
		c, err := read(catalog.ConsumerKind, n)
		return []time.Time{c.RanAt}, err
	}
	return nil, nil
}
