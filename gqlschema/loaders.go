package gqlschema

import (
	"context"
	"sync"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// loaders are what the fields of one request read through.
type loaders struct {
	assets     *loader[graph.ID, catalog.Asset]
	attributes *loader[catalog.Asset, catalog.Attributes]
	columns    *loader[catalog.Dataset, []catalog.Column]
	codes      *loader[catalog.Transform, string]
	counts     *loader[graph.ID, catalog.Counts]  // by domain
	details    *loader[graph.ID, details]         // one asset at a time
	runs       *loader[graph.ID, catalog.RunView] // one run at a time
	names      *loader[graph.ID, string]          // of people, teams and accounts

	reported sync.Map // errors that were logged
}

// details are what takes several calls for each asset.
type details struct {
	catalog.Described
	aliases []catalog.Dataset
}

func same(id graph.ID) graph.ID { return id }

func newLoaders(o Options) *loaders {
	s := o.Catalog
	return &loaders{
		assets: newLoader(same, func(ctx context.Context, ids []graph.ID) (map[graph.ID]catalog.Asset, error) {
			return s.Assets(ctx, ids...)
		}),
		attributes: newLoader(func(a catalog.Asset) graph.ID { return a.ID }, s.AttributesOf),
		columns:    newLoader(func(d catalog.Dataset) graph.ID { return d.ID }, s.ColumnsOf),
		codes:      newLoader(func(t catalog.Transform) graph.ID { return t.ID }, s.Codes),
		counts: newLoader(same, func(ctx context.Context, _ []graph.ID) (map[graph.ID]catalog.Counts, error) {
			return s.CountsByDomain(ctx)
		}),
		details: newLoader(same, each(func(ctx context.Context, id graph.ID) (details, error) { return detailsOf(ctx, s, id) })),
		runs:    newLoader(same, each(s.Run)),
		names: newLoader(same, func(ctx context.Context, ids []graph.ID) (map[graph.ID]string, error) {
			if o.People == nil {
				return nil, nil
			}
			return o.People.Names(ctx, ids...)
		}),
	}
}

// each reads keys one by one. Fields that need it are @alone.
func each[V any](read func(context.Context, graph.ID) (V, error)) func(context.Context, []graph.ID) (map[graph.ID]V, error) {
	return func(ctx context.Context, ids []graph.ID) (map[graph.ID]V, error) {
		out := map[graph.ID]V{}
		for _, id := range ids {
			v, err := read(ctx, id)
			if err != nil {
				return nil, err
			}
			out[id] = v
		}
		return out, nil
	}
}

func detailsOf(ctx context.Context, s *catalog.Service, id graph.ID) (details, error) {
	switch kindOf(id) {
	case catalog.TransformType.Kind:
		v, err := s.Transform(ctx, id)
		return details{Described: v.Described}, err
	case catalog.ConsumerKind.Kind:
		v, err := s.Consumer(ctx, id)
		return details{Described: v.Described}, err
	}
	v, err := s.Dataset(ctx, id)
	return details{v.Described, v.Aliases}, err
}

// forget drops what was read, after a change.
func (l *loaders) forget() {
	l.assets.forget()
	l.attributes.forget()
	l.columns.forget()
	l.codes.forget()
	l.counts.forget()
	l.details.forget()
	l.runs.forget()
	l.names.forget()
}

type loadersKey struct{}

func withLoaders(ctx context.Context, l *loaders) context.Context {
	return context.WithValue(ctx, loadersKey{}, l)
}

// loadersOf are the loaders of the request; the handler puts them into every context that reaches a resolver.
func loadersOf(ctx context.Context) *loaders {
	l, ok := ctx.Value(loadersKey{}).(*loaders)
	if !ok {
		panic("gqlschema: no loaders in the context")
	}
	return l
}

// attributesOf looks up what hangs on an asset; of one that is gone, nothing.
func attributesOf(ctx context.Context, a catalog.Asset) (catalog.Attributes, error) {
	at, _, err := loadersOf(ctx).attributes.load(ctx, a)
	return at, err
}

// assetOf looks an asset up; nil if there is none.
func assetOf(ctx context.Context, id graph.ID) (*catalog.Asset, error) {
	if id == "" {
		return nil, nil
	}
	a, ok, err := loadersOf(ctx).assets.load(ctx, id)
	if err != nil || !ok {
		return nil, err
	}
	return &a, nil
}

// tooLate is the message of a query that took longer than a request may.
const tooLate = "The query took too long. Ask for less of it at once."

// gone is the error of a thing that is not there.
func gone(word string) error { return errs.Ef(errs.NotFound, "There is no such %s.", word) }
