package neo4j

import (
	"cmp"
	"context"
	"slices"

	"weir/graph"
)

// facetKind is the property of a Facet that counts by kind.
const facetKind = "kind"

func (f finder) facets(ctx context.Context, hits []hit) (map[string][]graph.Bucket, error) {
	if len(f.search.Facets) == 0 {
		return nil, nil
	}
	out := make(map[string][]graph.Bucket, len(f.search.Facets))
	for _, facet := range f.search.Facets {
		buckets, err := f.facet(ctx, facet, hits)
		if err != nil {
			return nil, err
		}
		out[facet.Name()] = buckets
	}
	return out, nil
}

func (f finder) facet(ctx context.Context, facet graph.Facet, hits []hit) ([]graph.Bucket, error) {
	if facet.Rel != "" {
		return f.relation(ctx, facet, hits)
	}
	counts := map[string]int{}
	for _, h := range hits {
		if facet.Prop == facetKind {
			counts[string(h.node.Kind)]++
			continue
		}
		if v := declared(f.layout.kinds[h.node.Kind].spec.Facets, facet.Prop, h.node.Props); v != nil {
			counts[graph.Value(v)]++
		}
	}
	return buckets(counts), nil
}

// relation counts the other ends in the database, each hit once whatever the keys.
func (f finder) relation(ctx context.Context, facet graph.Facet, hits []hit) ([]graph.Bucket, error) {
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = string(h.node.ID)
	}
	params := map[string]any{"ids": ids, "now": now(), "limit": graph.MaxBuckets}
	rows, err := f.run(ctx, relationStatement(facet), params)
	if err != nil {
		return nil, err
	}
	var out []graph.Bucket
	for _, row := range rows {
		out = append(out, graph.Bucket{Value: text(row[0]), Count: int(number(row[1]))})
	}
	return out, nil
}

func relationStatement(facet graph.Facet) string {
	return `UNWIND $ids AS id
	MATCH (n:_Node {_id: id}) USING INDEX SEEK n:_Node(_id)
	MATCH (n)` + arrow(facet.Dir, "r:"+relType(facet.Rel)) + `(m)
	WHERE ` + holdsNow("r") + `
	WITH m._id AS value, count(DISTINCT n) AS count
	RETURN value, count ORDER BY count DESC, value LIMIT $limit`
}

func buckets(counts map[string]int) []graph.Bucket {
	var out []graph.Bucket
	for value, n := range counts {
		out = append(out, graph.Bucket{Value: value, Count: n})
	}
	slices.SortFunc(out, func(a, b graph.Bucket) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return out[:min(len(out), graph.MaxBuckets)]
}
