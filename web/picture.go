package web

import (
	"context"
	"slices"

	"weir/catalog"
	"weir/catalog/lineage"
	"weir/graph"
	"weir/views/link"
	"weir/views/ui"
)

// picture is an answer about lineage with all that its drawing says of the nodes.
type picture struct {
	*around
	q       link.LineageQuery
	labels  map[graph.ID]lineage.Labels
	named   map[graph.ID]catalog.Asset // owners, domains and classes
	columns map[graph.ID][]catalog.Column
	column  map[graph.ID]catalog.Column
	masked  map[graph.ID][]graph.ID // by column: the classes that reach it masked
	path    map[graph.ID]bool       // what stands out; nil: nothing does
	changes changes
}

// picture asks for what the state of a picture needs, in twelve calls at most.
func (s *Site) picture(ctx context.Context, root graph.ID, q link.LineageQuery) (*picture, error) {
	ask, err := s.pictureQuery(root, q)
	if err != nil {
		return nil, err
	}
	if q.Compare != "" {
		ask.Columns, ask.Up, ask.Down = false, nil, nil
		q.Columns, q.Open = false, nil
	}
	a, err := s.Lineage.Lineage(ctx, ask)
	if err != nil {
		return nil, err
	}
	p := &picture{q: q}
	if p.around, err = newAround(a); err != nil {
		return nil, err
	}
	if q.Compare != "" {
		if err := s.compare(ctx, ask, p); err != nil {
			return nil, err
		}
	}
	if err := s.label(ctx, p); err != nil {
		return nil, err
	}
	p.indexColumns()
	p.findMasked()
	p.findPath()
	return p, nil
}

// label looks up what hangs on the nodes and their columns.
func (s *Site) label(ctx context.Context, p *picture) error {
	var ids, want []graph.ID
	for id, a := range p.assets {
		ids = append(ids, id)
		want = append(want, a.DomainID())
	}
	for _, c := range p.Columns {
		ids = append(ids, c.ID)
	}
	var err error
	if p.labels, err = s.Lineage.Labels(ctx, ids...); err != nil {
		return err
	}
	for _, l := range p.labels {
		want = slices.Concat(want, l.Owners, l.Classes, l.Inherited)
	}
	slices.Sort(want)
	p.named, err = s.Catalog.Assets(ctx, slices.Compact(want)...)
	return err
}

func (p *picture) indexColumns() {
	p.columns, p.column = map[graph.ID][]catalog.Column{}, map[graph.ID]catalog.Column{}
	for _, c := range p.Columns {
		p.columns[c.Dataset] = append(p.columns[c.Dataset], c)
		p.column[c.ID] = c
	}
}

// stamps are the data classes of a node or a column, as they are drawn.
func (p *picture) stamps(id graph.ID) []ui.Stamp {
	var out []ui.Stamp
	l := p.labels[id]
	for _, c := range l.Classes {
		out = append(out, ui.Stamp{Class: p.named[c].Name(), How: ui.Declared})
	}
	for _, c := range l.Inherited {
		if !slices.Contains(l.Classes, c) {
			out = append(out, ui.Stamp{Class: p.named[c].Name(), How: ui.Inherited})
		}
	}
	for _, c := range p.masked[id] {
		out = append(out, ui.Stamp{Class: p.named[c].Name(), How: ui.Masked})
	}
	sortStamps(out)
	return out
}

// has are the data classes that a node or a column carries in clear.
func (p *picture) has(id graph.ID) []graph.ID {
	return slices.Concat(p.labels[id].Classes, p.labels[id].Inherited)
}

func share(a, b []graph.ID) bool {
	return slices.ContainsFunc(a, func(id graph.ID) bool { return slices.Contains(b, id) })
}

func (p *picture) owner(id graph.ID) ui.Owner {
	for _, o := range p.labels[id].Owners {
		if v, ok := p.named[o].Value.(catalog.Owner); ok {
			return ownerOf(v)
		}
	}
	return ui.Owner{}
}

func (p *picture) domain(id graph.ID) ui.Link {
	if d, ok := p.named[p.assets[id].DomainID()].Value.(catalog.Domain); ok {
		return domainLink(&d)
	}
	return ui.Link{}
}
