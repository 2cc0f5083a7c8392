package gqlschema

import (
	"context"

	"weir/catalog"
	"weir/gqlschema/gen"
)

// named reads a page of what is listed by name.
func named[T any](ctx context.Context, field string, first *int, after *string, read func(context.Context, int, string) (catalog.Page[T], error)) (window[T], error) {
	p, err := pageOf(field, first, after)
	if err != nil {
		return window[T]{}, err
	}
	found, err := read(ctx, p.limit(), p.after)
	return windowOf(p, found.Items, found.Next), err
}

func (q queries) Domains(ctx context.Context, first *int, after *string) (*gen.DomainConnection, error) {
	w, err := named(ctx, "domains", first, after, q.catalog.Domains)
	out := &gen.DomainConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showDomain, func(at string, n *gen.Domain) *gen.DomainEdge {
		return &gen.DomainEdge{Cursor: at, Node: n}
	})
	return out, err
}

func (q queries) Tags(ctx context.Context, first *int, after *string) (*gen.TagConnection, error) {
	w, err := named(ctx, "tags", first, after, q.catalog.Tags)
	out := &gen.TagConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showTag, func(at string, n *gen.Tag) *gen.TagEdge {
		return &gen.TagEdge{Cursor: at, Node: n}
	})
	return out, err
}

func (q queries) Owners(ctx context.Context, first *int, after *string) (*gen.OwnerConnection, error) {
	w, err := named(ctx, "owners", first, after, q.catalog.Owners)
	out := &gen.OwnerConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showOwner, func(at string, n *gen.Owner) *gen.OwnerEdge {
		return &gen.OwnerEdge{Cursor: at, Node: n}
	})
	return out, err
}

func (q queries) DataClasses(ctx context.Context, first *int, after *string) (*gen.DataClassConnection, error) {
	w, err := named(ctx, "dataClasses", first, after, q.catalog.Classes)
	out := &gen.DataClassConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showClass, func(at string, n *gen.DataClass) *gen.DataClassEdge {
		return &gen.DataClassEdge{Cursor: at, Node: n}
	})
	return out, err
}
