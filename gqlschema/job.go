package gqlschema

import (
	"context"

	"weir/catalog"
	"weir/gqlschema/gen"
)

func (transforms) Domain(ctx context.Context, t *gen.Transform) (*gen.Domain, error) {
	return domainOf(ctx, transformAsset(t))
}

func (transforms) Code(ctx context.Context, t *gen.Transform) (*string, error) {
	if t.Value.Code == "" {
		return nil, nil
	}
	code, _, err := loadersOf(ctx).codes.load(ctx, t.Value)
	return text(code), err
}

func (transforms) LastRun(ctx context.Context, t *gen.Transform) (*gen.Run, error) {
	return lastRunOf(ctx, t.Value.LastRun)
}

func (transforms) Owners(ctx context.Context, t *gen.Transform) ([]*gen.Owner, error) {
	return ownersOf(ctx, transformAsset(t))
}

func (transforms) Tags(ctx context.Context, t *gen.Transform) ([]*gen.Tag, error) {
	return tagsOf(ctx, transformAsset(t))
}

func (transforms) UpstreamCount(ctx context.Context, t *gen.Transform) (int, error) {
	return upstreamOf(ctx, transformAsset(t))
}

func (transforms) DownstreamCount(ctx context.Context, t *gen.Transform) (int, error) {
	return downstreamOf(ctx, transformAsset(t))
}

func (q transforms) Runs(ctx context.Context, t *gen.Transform, first *int, after *string) (*gen.RunConnection, error) {
	return q.runsOf(ctx, catalog.RunList{Of: t.ID}, first, after)
}

func (transforms) Statements(ctx context.Context, t *gen.Transform) ([]*gen.Statement, error) {
	return statementsOf(ctx, t.ID)
}

func (transforms) Facets(ctx context.Context, t *gen.Transform) ([]*gen.Facet, error) {
	return facetsOf(ctx, t.ID)
}

func (transforms) EditVersion(ctx context.Context, t *gen.Transform) (int, error) {
	return editVersionOf(ctx, t.ID)
}

func (q transforms) History(ctx context.Context, t *gen.Transform, first *int, after *string) (*gen.HistoryConnection, error) {
	return q.historyOf(ctx, t.ID, first, after)
}

func (consumers) Domain(ctx context.Context, c *gen.Consumer) (*gen.Domain, error) {
	return domainOf(ctx, consumerAsset(c))
}

func (consumers) LastRun(ctx context.Context, c *gen.Consumer) (*gen.Run, error) {
	return lastRunOf(ctx, c.Value.LastRun)
}

func (consumers) Owners(ctx context.Context, c *gen.Consumer) ([]*gen.Owner, error) {
	return ownersOf(ctx, consumerAsset(c))
}

func (consumers) Tags(ctx context.Context, c *gen.Consumer) ([]*gen.Tag, error) {
	return tagsOf(ctx, consumerAsset(c))
}

func (consumers) Classes(ctx context.Context, c *gen.Consumer) ([]*gen.DataClass, error) {
	return classesOf(ctx, consumerAsset(c))
}

func (consumers) InheritedClasses(ctx context.Context, c *gen.Consumer) ([]*gen.InheritedClass, error) {
	return inheritedOf(ctx, consumerAsset(c))
}

func (consumers) UpstreamCount(ctx context.Context, c *gen.Consumer) (int, error) {
	return upstreamOf(ctx, consumerAsset(c))
}

func (q consumers) Runs(ctx context.Context, c *gen.Consumer, first *int, after *string) (*gen.RunConnection, error) {
	return q.runsOf(ctx, catalog.RunList{Of: c.ID}, first, after)
}

func (consumers) Statements(ctx context.Context, c *gen.Consumer) ([]*gen.Statement, error) {
	return statementsOf(ctx, c.ID)
}

func (consumers) Facets(ctx context.Context, c *gen.Consumer) ([]*gen.Facet, error) {
	return facetsOf(ctx, c.ID)
}

func (consumers) EditVersion(ctx context.Context, c *gen.Consumer) (int, error) {
	return editVersionOf(ctx, c.ID)
}

func (q consumers) History(ctx context.Context, c *gen.Consumer, first *int, after *string) (*gen.HistoryConnection, error) {
	return q.historyOf(ctx, c.ID, first, after)
}
