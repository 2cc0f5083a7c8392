package gqlschema

import (
	"context"
	"time"

	"weir/catalog"
	"weir/catalog/lineage"
	"weir/errs"
	"weir/gqlschema/gen"
	"weir/graph"
)

var directions = map[gen.LineageDirection]lineage.Direction{
	gen.LineageDirectionUpstream: lineage.Upstream, gen.LineageDirectionDownstream: lineage.Downstream, gen.LineageDirectionBoth: lineage.Both,
}

// maxNodesOf is the number of nodes asked for; 0 lets the package decide.
func maxNodesOf(n *int) (int, error) {
	if n != nil && (*n < 1 || *n > lineage.MostNodes) {
		return 0, errs.Badf("maxNodes", "is %d; 1 to %d are allowed.", *n, lineage.MostNodes)
	}
	return or(n, 0), nil
}

func (q queries) Lineage(ctx context.Context, id graph.ID, direction gen.LineageDirection, depth *int, asOf *time.Time, filter *gen.LineageFilter, maxNodes *int, knownAt *time.Time) (*gen.Lineage, error) {
	most, err := maxNodesOf(maxNodes)
	if err != nil {
		return nil, err
	}
	a, err := q.lineage.Lineage(ctx, lineage.Query{
		Root: id, Direction: directions[direction], Depth: or(depth, 1), AsOf: at(asOf), KnownAt: at(knownAt),
		Filter: filterOf(filter), MaxNodes: most, Fields: fieldsOf(ctx),
	})
	if err != nil {
		return nil, err
	}
	return showLineage(a)
}

func (q queries) ColumnLineage(ctx context.Context, column graph.ID, direction gen.LineageDirection, depth *int, asOf *time.Time, includeIndirect *bool, classes []string, maxNodes *int, knownAt *time.Time) (*gen.Lineage, error) {
	most, err := maxNodesOf(maxNodes)
	if err != nil {
		return nil, err
	}
	a, err := q.lineage.ColumnLineage(ctx, lineage.ColumnQuery{
		Column: column, Direction: directions[direction], Depth: or(depth, 1), AsOf: at(asOf), KnownAt: at(knownAt),
		Classes: idsOr(catalog.ClassType.Spec.Prefix, classes, catalog.ClassID), Indirect: or(includeIndirect, false), MaxNodes: most,
	})
	if err != nil {
		return nil, err
	}
	if err := primeNodes(ctx, a.Related); err != nil {
		return nil, err
	}
	return showLineage(a.Answer)
}

// fieldsOf are the properties to read: all of them only where the nodes themselves are asked for.
func fieldsOf(ctx context.Context) []string {
	if wants(ctx, "nodes", "node") {
		return nil
	}
	return lineage.CardFields
}

func filterOf(f *gen.LineageFilter) lineage.Filter {
	if f == nil {
		return lineage.Filter{}
	}
	out := lineage.Filter{
		Kinds:   storeKinds(f.Kinds),
		Owners:  idsOr(catalog.OwnerType.Spec.Prefix, f.Owners, catalog.OwnerID),
		Domains: idsOr(catalog.DomainType.Spec.Prefix, f.Domains, catalog.DomainID),
		Classes: idsOr(catalog.ClassType.Spec.Prefix, f.Classes, catalog.ClassID),
		Since:   at(f.Since), Until: at(f.Until),
	}
	for _, c := range f.Classifications {
		out.Classifications = append(out.Classifications, catalog.Classification(lower(&c)))
	}
	return out
}

func idsOr(prefix string, in []string, make func(string) graph.ID) []graph.ID {
	var out []graph.ID
	for _, s := range in {
		out = append(out, idOr(prefix, s, make))
	}
	return out
}

// primeNodes tells the loader assets that came along, whole, with an answer. Aliases it has to look up itself.
func primeNodes(ctx context.Context, nodes map[graph.ID]graph.Node) error {
	for id, n := range nodes {
		a, ok, err := catalog.AssetOf(n)
		if err != nil {
			return err
		}
		if d, isDataset := a.Value.(catalog.Dataset); ok && !(isDataset && d.Head != "") {
			loadersOf(ctx).assets.prime(id, a)
		}
	}
	return nil
}

func (q queries) LineagePath(ctx context.Context, from, to graph.ID, asOf, knownAt *time.Time, maxPaths, maxDepth *int, includeIndirect *bool) (*gen.LineagePaths, error) {
	if n := or(maxPaths, 1); n < 1 || n > graph.MaxPaths {
		return nil, errs.Badf("maxPaths", "is %d; 1 to %d are allowed.", n, graph.MaxPaths)
	}
	if n := or(maxDepth, graph.MaxDepth); n < 1 || n > graph.MaxDepth {
		return nil, errs.Badf("maxDepth", "is %d; 1 to %d are allowed.", n, graph.MaxDepth)
	}
	found, err := q.lineage.Paths(ctx, lineage.PathQuery{
		From: from, To: to, AsOf: at(asOf), KnownAt: at(knownAt), Depth: or(maxDepth, 0), Max: or(maxPaths, 1),
		Indirect: or(includeIndirect, false),
	})
	if err != nil {
		return nil, err
	}
	out := &gen.LineagePaths{From: found.From, To: found.To, Direction: gen.LineageDirection(found.Direction.String()), Paths: []*gen.LineagePath{}}
	for _, p := range found.Paths {
		nodes, err := showLineageNodes(p.Nodes)
		if err != nil {
			return nil, err
		}
		out.Paths = append(out.Paths, &gen.LineagePath{Nodes: nodes, Edges: all(p.Edges, showLineageEdge)})
	}
	return out, nil
}
