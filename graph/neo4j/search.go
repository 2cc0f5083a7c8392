package neo4j

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"weir/graph"
)

// Search asks the full-text index, which knows kinds, audiences, ids and facets as terms, and counts and ranks
// the hits here.
func (e *engine) Search(ctx context.Context, s graph.Search) (graph.Result, error) {
	f := finder{reader: e.reader, search: s, unpacker: newUnpacker()}
	hits, err := f.find(ctx)
	if err != nil {
		return graph.Result{}, err
	}
	res := graph.Result{Total: len(hits)}
	if len(hits) > graph.MaxHits {
		hits = hits[:graph.MaxHits]
		res.Total, res.Capped = graph.MaxHits, true
	}
	if res.Facets, err = f.facets(ctx, hits); err != nil {
		return graph.Result{}, err
	}
	f.sort(hits)
	res.Hits = f.window(hits)
	return res, nil
}

// finder answers one Search.
type finder struct {
	reader
	search   graph.Search
	unpacker *unpacker
	within   map[graph.ID]bool // not nil: hits are to be among these; they are too many for the index
}

// hit is a match.
type hit struct {
	node  graph.Node
	score float64
	key   string // of the sort
}

// maxPieces is how many queries of the index a set of ids is worth.
const maxPieces = 24

// find returns the hits, at most one more than are counted.
func (f finder) find(ctx context.Context) ([]hit, error) {
	m := matchOf(f.search)
	queries := []string{m.query}
	candidates, limited, err := f.candidates(ctx)
	if err != nil {
		return nil, err
	}
	switch {
	case limited && len(candidates) > maxPieces*m.left:
		f.within = map[graph.ID]bool{}
		for _, id := range candidates {
			f.within[id] = true
		}
	case limited:
		queries = m.among(candidates)
	}
	var hits []hit
	for _, q := range queries {
		more, err := f.ask(ctx, q, m.rest)
		if err != nil {
			return nil, err
		}
		if hits = append(hits, more...); len(hits) > graph.MaxHits {
			break
		}
	}
	return hits, nil
}

// candidates are the ids that Among and Near allow; limited is false when there is neither.
func (f finder) candidates(ctx context.Context) (ids []graph.ID, limited bool, err error) {
	ids, limited = f.search.Among, f.search.Among != nil
	for _, near := range f.search.Near {
		around, err := f.around(ctx, near)
		if err != nil {
			return nil, true, err
		}
		if !limited {
			ids, limited = slices.Sorted(maps.Keys(around)), true
			continue
		}
		ids = slices.DeleteFunc(slices.Clone(ids), func(id graph.ID) bool { return !around[id] })
	}
	return ids, limited, nil
}

func (f finder) around(ctx context.Context, near graph.Near) (map[graph.ID]bool, error) {
	rows, err := gathered(f.run(ctx, aroundStatement(near), map[string]any{"ids": strs(near.To), "now": now()}))
	if err != nil {
		return nil, err
	}
	out := make(map[graph.ID]bool, len(rows))
	for _, row := range rows {
		out[graph.ID(text(row[0]))] = true
	}
	return out, nil
}

func aroundStatement(near graph.Near) string {
	return `UNWIND $ids AS id
	MATCH (m:_Node {_id: id}) USING INDEX SEEK m:_Node(_id)
	MATCH (n)` + arrow(near.Dir, "r:"+relType(near.Rel)) + `(m)
	WHERE n._words IS NOT NULL AND ` + holdsNow("r") + `
	WITH DISTINCT n
	RETURN collect([n._id])`
}

// ask runs one query of the index.
func (f finder) ask(ctx context.Context, query string, rest []graph.Filter) ([]hit, error) {
	options := map[string]any{"limit": graph.MaxHits + 1}
	if len(rest) > 0 || f.within != nil {
		options = map[string]any{} // what is left out afterwards must not count towards the limit
	}
	rows, err := gathered(f.run(ctx, askStatement, map[string]any{"query": query, "options": options}))
	if err != nil {
		return nil, err
	}
	words := graph.QueryWords(f.search.Text)
	hits := make([]hit, 0, len(rows))
	for _, row := range rows {
		if h := f.hit(row, words); f.passes(h, rest) {
			hits = append(hits, h)
		}
	}
	return hits, f.unpacker.err
}

const wordsIndex = "weir_words"

const askStatement = "CALL db.index.fulltext.queryNodes('" + wordsIndex + "', $query, $options) YIELD node AS n RETURN collect([n._p])"

func (f finder) hit(row []any, words []string) hit {
	h := hit{node: f.unpacker.node(row[0])}
	spec := f.layout.kinds[h.node.Kind].spec
	h.score = graph.Score(spec, words, h.node.Props)
	if f.search.Sort != "" {
		h.key = sortKey(declared(spec.Sorts, f.search.Sort, h.node.Props))
	}
	return h
}

// declared is the value of a property that the kind declares for a use; else it counts as missing.
func declared(names []string, p string, props graph.Props) any {
	if !slices.Contains(names, p) {
		return nil
	}
	return props[p]
}

func (f finder) passes(h hit, rest []graph.Filter) bool {
	if f.within != nil && !f.within[h.node.ID] {
		return false
	}
	facets := f.layout.kinds[h.node.Kind].spec.Facets
	for _, filter := range rest {
		if !passes(filter, declared(facets, filter.Prop, h.node.Props)) {
			return false
		}
	}
	return true
}

// sort orders hits: best first, or by a property with missing values last.
func (f finder) sort(hits []hit) {
	slices.SortFunc(hits, func(a, b hit) int {
		if f.search.Sort == "" {
			return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.node.ID, b.node.ID))
		}
		if (a.key == tagMissing) != (b.key == tagMissing) {
			return cmp.Compare(a.key, b.key)
		}
		order := cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.node.ID, b.node.ID))
		if f.search.Desc {
			return -order
		}
		return order
	})
}

// window is the part of the hits that is asked for.
func (f finder) window(hits []hit) []graph.Hit {
	hits = hits[min(f.search.Offset, len(hits)):]
	hits = hits[:min(f.search.Limit, len(hits))]
	var out []graph.Hit
	for _, h := range hits {
		out = append(out, graph.Hit{Node: h.node, Score: h.score})
	}
	return out
}
