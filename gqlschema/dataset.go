package gqlschema

import (
	"context"
	"slices"

	"weir/catalog"
	"weir/gqlschema/gen"
	"weir/graph"
)

func (datasets) Domain(ctx context.Context, d *gen.Dataset) (*gen.Domain, error) {
	return domainOf(ctx, datasetAsset(d))
}

func (datasets) Owners(ctx context.Context, d *gen.Dataset) ([]*gen.Owner, error) {
	return ownersOf(ctx, datasetAsset(d))
}

func (datasets) Tags(ctx context.Context, d *gen.Dataset) ([]*gen.Tag, error) {
	return tagsOf(ctx, datasetAsset(d))
}

func (datasets) Classes(ctx context.Context, d *gen.Dataset) ([]*gen.DataClass, error) {
	return classesOf(ctx, datasetAsset(d))
}

func (datasets) InheritedClasses(ctx context.Context, d *gen.Dataset) ([]*gen.InheritedClass, error) {
	return inheritedOf(ctx, datasetAsset(d))
}

func (datasets) UpstreamCount(ctx context.Context, d *gen.Dataset) (int, error) {
	return upstreamOf(ctx, datasetAsset(d))
}

func (datasets) DownstreamCount(ctx context.Context, d *gen.Dataset) (int, error) {
	return downstreamOf(ctx, datasetAsset(d))
}

// Columns cuts a page out of all columns of the dataset, which are read together with those of its neighbours in a list.
func (datasets) Columns(ctx context.Context, d *gen.Dataset, first *int, after, text *string, sensitive *bool) (*gen.ColumnConnection, error) {
	p, err := pageOf("columns", first, after)
	if err != nil {
		return nil, err
	}
	found, _, err := loadersOf(ctx).columns.load(ctx, d.Value)
	if err != nil {
		return nil, err
	}
	kept := slices.DeleteFunc(slices.Clone(found), func(c catalog.Column) bool { return !c.Mentions(or(text, "")) })
	if or(sensitive, false) {
		if kept, err = sensitiveOf(ctx, kept); err != nil {
			return nil, err
		}
	}
	total := len(kept)
	w, err := cut(p, kept)
	if err != nil {
		return nil, err
	}
	out := &gen.ColumnConnection{PageInfo: w.info, TotalCount: total}
	out.Edges, out.Nodes = edges(w, showColumn, func(at string, n *gen.Column) *gen.ColumnEdge {
		return &gen.ColumnEdge{Cursor: at, Node: n}
	})
	return out, nil
}

// sensitiveOf keeps the columns that have a data class.
func sensitiveOf(ctx context.Context, cs []catalog.Column) ([]catalog.Column, error) {
	of := make([]catalog.Asset, len(cs))
	for i, c := range cs {
		of[i] = catalog.Asset{ID: c.ID, Kind: catalog.ColumnType.Kind, Value: c}
	}
	at, err := loadersOf(ctx).attributes.loadAll(ctx, of)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(cs, func(c catalog.Column) bool {
		return len(at[c.ID].Classes)+len(at[c.ID].Inherited) == 0
	}), nil
}

func (q datasets) Runs(ctx context.Context, d *gen.Dataset, first *int, after *string) (*gen.RunConnection, error) {
	return q.runsOf(ctx, catalog.RunList{Of: d.ID}, first, after)
}

func (datasets) Aliases(ctx context.Context, d *gen.Dataset) ([]*gen.Dataset, error) {
	v, _, err := loadersOf(ctx).details.load(ctx, d.ID)
	return all(v.aliases, showDataset), err
}

func (datasets) Statements(ctx context.Context, d *gen.Dataset) ([]*gen.Statement, error) {
	return statementsOf(ctx, d.ID)
}

func (datasets) Facets(ctx context.Context, d *gen.Dataset) ([]*gen.Facet, error) {
	return facetsOf(ctx, d.ID)
}

func (datasets) EditVersion(ctx context.Context, d *gen.Dataset) (int, error) {
	return editVersionOf(ctx, d.ID)
}

func (q datasets) History(ctx context.Context, d *gen.Dataset, first *int, after *string) (*gen.HistoryConnection, error) {
	return q.historyOf(ctx, d.ID, first, after)
}

func (columns) Dataset(ctx context.Context, c *gen.Column) (*gen.Dataset, error) {
	a, err := assetOf(ctx, c.Value.Dataset)
	if err != nil || a == nil {
		return nil, err
	}
	d, ok := a.Value.(catalog.Dataset)
	if !ok {
		return nil, nil
	}
	return showDataset(d), nil
}

func (columns) Tags(ctx context.Context, c *gen.Column) ([]*gen.Tag, error) {
	return tagsOf(ctx, columnAsset(c))
}

func (columns) Classes(ctx context.Context, c *gen.Column) ([]*gen.DataClass, error) {
	return classesOf(ctx, columnAsset(c))
}

func (columns) InheritedClasses(ctx context.Context, c *gen.Column) ([]*gen.InheritedClass, error) {
	return inheritedOf(ctx, columnAsset(c))
}

func (columns) EditVersion(ctx context.Context, c *gen.Column) (int, error) {
	return editVersionOf(ctx, c.Value.Dataset)
}

// datasetConnection shows a page of the catalog's as a connection.
func datasetConnection(p page, read []catalog.Dataset, next string) *gen.DatasetConnection {
	w := windowOf(p, read, next)
	out := &gen.DatasetConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showDataset, func(at string, n *gen.Dataset) *gen.DatasetEdge {
		return &gen.DatasetEdge{Cursor: at, Node: n}
	})
	return out
}

// domainID takes the id or the name of a domain; "" for none.
func domainID(s *string) graph.ID {
	if or(s, "") == "" {
		return ""
	}
	return idOr(catalog.DomainType.Spec.Prefix, *s, catalog.DomainID)
}
