package neo4j

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"weir/graph"
)

// Search asks the full-text index, which knows kinds, audiences, ids and facets as terms, counts and ranks the hits
// here, and reads the nodes of the window.
func (e *engine) Search(ctx context.Context, s graph.Search) (graph.Result, error) {
	f := finder{reader: e.reader, search: s, fields: e.layout.searched(s)}
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
	res.Hits, err = f.window(ctx, hits)
	return res, err
}

// finder answers one Search.
type finder struct {
	reader
	search graph.Search
	fields []string // the properties that are read of every hit
}

// hit is a match before its node is read.
type hit struct {
	id    graph.ID
	kind  graph.Kind
	props graph.Props // of the finder's fields
	score float64
	key   string // of the sort
}

// searched are the properties that ranking, counting and sorting need of each hit.
func (l *layout) searched(s graph.Search) []string {
	names := map[string]bool{}
	for _, f := range s.Facets {
		if f.Rel == "" {
			names[f.Prop] = true
		}
	}
	for _, f := range s.Where {
		names[f.Prop] = true
	}
	names[s.Sort] = true
	if s.Text != "" {
		for _, kind := range s.Kinds {
			for _, t := range l.kinds[kind].spec.Text {
				names[t.Prop] = true
			}
		}
	}
	delete(names, "")
	return slices.Sorted(maps.Keys(names))
}

// find returns the hits, at most one more than are counted.
func (f finder) find(ctx context.Context) ([]hit, error) {
	texts := 0
	for _, k := range f.layout.kinds {
		if k.spec.HasText() {
			texts++
		}
	}
	m := matchOf(f.search, len(f.search.Kinds) == texts)
	queries := []string{m.query}
	candidates, limited, err := f.candidates(ctx)
	if err != nil {
		return nil, err
	}
	if limited {
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
	rows, err := f.run(ctx, aroundStatement(near), map[string]any{"ids": strs(near.To), "now": now()})
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
	RETURN DISTINCT n._id`
}

// ask runs one query of the index.
func (f finder) ask(ctx context.Context, query string, rest []graph.Filter) ([]hit, error) {
	options := map[string]any{"limit": graph.MaxHits + 1}
	if len(rest) > 0 {
		options = map[string]any{} // what is left out afterwards must not count towards the limit
	}
	rows, err := f.run(ctx, askStatement(f.fields), map[string]any{"query": query, "options": options})
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
	return hits, nil
}

const wordsIndex = "weir_words"

func askStatement(fields []string) string {
	columns := []string{"n._id", "n._kind"}
	for _, p := range fields {
		columns = append(columns, "n."+prop(p))
	}
	return "CALL db.index.fulltext.queryNodes('" + wordsIndex + "', $query, $options) YIELD node AS n RETURN " +
		strings.Join(columns, ", ")
}

func (f finder) hit(row []any, words []string) hit {
	h := hit{id: graph.ID(text(row[0])), kind: graph.Kind(text(row[1])), props: graph.Props{}}
	for i, p := range f.fields {
		if v := row[i+2]; v != nil {
			h.props[p] = valueOf(v)
		}
	}
	spec := f.layout.kinds[h.kind].spec
	h.score = graph.Score(spec, words, h.props)
	if f.search.Sort != "" {
		h.key = sortKey(declared(spec.Sorts, f.search.Sort, h.props))
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
	facets := f.layout.kinds[h.kind].spec.Facets
	for _, filter := range rest {
		if !passes(filter, declared(facets, filter.Prop, h.props)) {
			return false
		}
	}
	return true
}

// sort orders hits: best first, or by a property with missing values last.
func (f finder) sort(hits []hit) {
	slices.SortFunc(hits, func(a, b hit) int {
		if f.search.Sort == "" {
			return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.id, b.id))
		}
		if (a.key == tagMissing) != (b.key == tagMissing) {
			return cmp.Compare(a.key, b.key)
		}
		order := cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.id, b.id))
		if f.search.Desc {
			return -order
		}
		return order
	})
}

// window reads the nodes that are asked for. One that went meanwhile is left out.
func (f finder) window(ctx context.Context, hits []hit) ([]graph.Hit, error) {
	hits = hits[min(f.search.Offset, len(hits)):]
	hits = hits[:min(f.search.Limit, len(hits))]
	if len(hits) == 0 {
		return nil, nil
	}
	ids := make([]graph.ID, len(hits))
	for i, h := range hits {
		ids[i] = h.id
	}
	nodes, err := f.Nodes(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var out []graph.Hit
	for _, h := range hits {
		if n, ok := nodes[h.id]; ok {
			out = append(out, graph.Hit{Node: n, Score: h.score})
		}
	}
	return out, nil
}
