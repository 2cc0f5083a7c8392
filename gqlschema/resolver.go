package gqlschema

import (
	"context"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/catalog/lineage"
	"weir/gqlschema/gen"
	"weir/graph"
	"weir/identity"
	"weir/identity/session"
	"weir/marketplace"
	"weir/notify"
)

// resolver answers the fields that are not simply there. It keeps nothing between requests but the end of the log.
type resolver struct {
	catalog *catalog.Service
	lineage *lineage.Service
	log     graph.Reader
	policy  *authz.Policy
	audit   *audit.Log // nil: nothing is sealed
	// These three are nil where nobody signs in; guard keeps the fields that need them from being answered.
	people   *identity.Service
	roles    *authz.Service
	sessions *session.Manager
	// These are nil where there is no marketplace, in the same way.
	market *marketplace.Service
	notify *notify.Service
	pulse  pulse
}

// The roots that the generated code asks for.
func (r *resolver) Query() gen.QueryResolver               { return &queries{r} }
func (r *resolver) Mutation() gen.MutationResolver         { return &mutations{r} }
func (r *resolver) Dataset() gen.DatasetResolver           { return &datasets{r} }
func (r *resolver) Column() gen.ColumnResolver             { return &columns{r} }
func (r *resolver) Transform() gen.TransformResolver       { return &transforms{r} }
func (r *resolver) Consumer() gen.ConsumerResolver         { return &consumers{r} }
func (r *resolver) Run() gen.RunResolver                   { return &runs{r} }
func (r *resolver) Domain() gen.DomainResolver             { return &domains{r} }
func (r *resolver) ImpactRow() gen.ImpactRowResolver       { return impactRows{} }
func (r *resolver) ColumnOrigin() gen.ColumnOriginResolver { return origins{} }

type (
	queries    struct{ *resolver }
	mutations  struct{ *resolver }
	datasets   struct{ *resolver }
	columns    struct{ *resolver }
	transforms struct{ *resolver }
	consumers  struct{ *resolver }
	runs       struct{ *resolver }
	domains    struct{ *resolver }
	impactRows struct{}
	origins    struct{}
)

// The assets behind what is shown, as the loaders take them.
func datasetAsset(d *gen.Dataset) catalog.Asset {
	return catalog.Asset{ID: d.ID, Kind: catalog.DatasetType.Kind, Value: d.Value}
}

func columnAsset(c *gen.Column) catalog.Asset {
	return catalog.Asset{ID: c.ID, Kind: catalog.ColumnType.Kind, Value: c.Value}
}

func transformAsset(t *gen.Transform) catalog.Asset {
	return catalog.Asset{ID: t.ID, Kind: catalog.TransformType.Kind, Value: t.Value}
}

func consumerAsset(c *gen.Consumer) catalog.Asset {
	return catalog.Asset{ID: c.ID, Kind: catalog.ConsumerKind.Kind, Value: c.Value}
}

func domainAsset(d *gen.Domain) catalog.Asset {
	return catalog.Asset{ID: d.ID, Kind: catalog.DomainType.Kind, Value: d.Value}
}

// domainOf, ownersOf and the like are the same for each kind of asset.
func domainOf(ctx context.Context, a catalog.Asset) (*gen.Domain, error) {
	if a.DomainID() == "" {
		return nil, nil
	}
	at, err := attributesOf(ctx, a)
	if err != nil || at.Domain == nil {
		return nil, err
	}
	return showDomain(*at.Domain), nil
}

func ownersOf(ctx context.Context, a catalog.Asset) ([]*gen.Owner, error) {
	at, err := attributesOf(ctx, a)
	return all(at.Owners, showOwner), err
}

func tagsOf(ctx context.Context, a catalog.Asset) ([]*gen.Tag, error) {
	at, err := attributesOf(ctx, a)
	return all(at.Tags, showTag), err
}

func classesOf(ctx context.Context, a catalog.Asset) ([]*gen.DataClass, error) {
	at, err := attributesOf(ctx, a)
	return all(at.Classes, showClass), err
}

func inheritedOf(ctx context.Context, a catalog.Asset) ([]*gen.InheritedClass, error) {
	at, err := attributesOf(ctx, a)
	return all(at.Inherited, showInherited), err
}

func upstreamOf(ctx context.Context, a catalog.Asset) (int, error) {
	at, err := attributesOf(ctx, a)
	return at.In, err
}

func downstreamOf(ctx context.Context, a catalog.Asset) (int, error) {
	at, err := attributesOf(ctx, a)
	return at.Out, err
}

func lastRunOf(ctx context.Context, id graph.ID) (*gen.Run, error) {
	a, err := assetOf(ctx, id)
	if err != nil || a == nil {
		return nil, err
	}
	run, ok := a.Value.(catalog.Run)
	if !ok {
		return nil, nil
	}
	return showRun(run), nil
}

func statementsOf(ctx context.Context, id graph.ID) ([]*gen.Statement, error) {
	d, _, err := loadersOf(ctx).details.load(ctx, id)
	return showStatements(d.Said), err
}

func facetsOf(ctx context.Context, id graph.ID) ([]*gen.Facet, error) {
	d, _, err := loadersOf(ctx).details.load(ctx, id)
	return all(d.Facets, showFacet), err
}

func editVersionOf(ctx context.Context, id graph.ID) (int, error) {
	d, _, err := loadersOf(ctx).details.load(ctx, id)
	return d.Edits, err
}

// at is a point in time that a client may leave out.
func at(t *time.Time) time.Time { return or(t, time.Time{}) }
