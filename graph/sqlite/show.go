package sqlite

import (
	"cmp"
	"slices"
	"strings"

	"weir/graph"
)

// match is one match with what it is ranked by.
type match struct {
	num   int64
	id    graph.ID
	score float64
	key   string // of the sort
}

// show ranks and counts the matches, and reads the hits of the page.
func (f *searcher) show(res *graph.Result) error {
	facets := newFacets(f)
	list, err := f.rank(facets)
	if err != nil {
		return err
	}
	if res.Facets, err = facets.result(); err != nil {
		return err
	}
	slices.SortFunc(list, f.compare)
	list = list[min(f.q.Offset, len(list)):]
	list = list[:min(f.q.Limit, len(list))]
	nums := make([]int64, len(list))
	for i, m := range list {
		nums[i] = m.num
	}
	return f.s.load(nums, nil, func(_ int64, n graph.Node) error {
		res.Hits = append(res.Hits, graph.Hit{Node: n, Score: list[len(res.Hits)].score})
		return nil
	})
}

// rank reads of every match what the order and the facets need.
func (f *searcher) rank(facets *facets) ([]match, error) {
	if f.q.Limit == 0 && len(f.q.Facets) == 0 {
		return nil, nil
	}
	list := make([]match, 0, len(f.matches))
	err := f.s.load(f.matches, f.wants, func(num int64, n graph.Node) error {
		k := f.s.plan.kinds[n.Kind]
		m := match{num: num, id: n.ID, score: graph.Score(k.spec, f.words, n.Props)}
		if f.q.Sort != "" {
			m.key = f.sortKey(k, n)
		}
		list = append(list, m)
		facets.add(k, n)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, facets.addRelations(f.matches)
}

// wants accepts the properties that order and facets need.
func (f *searcher) wants(name string) bool {
	if name == f.q.Sort {
		return true
	}
	for _, facet := range f.q.Facets {
		if facet.Prop == name {
			return true
		}
	}
	if len(f.words) == 0 {
		return false
	}
	for _, kind := range f.q.Kinds {
		for _, t := range f.s.plan.kinds[kind].spec.Text {
			if t.Prop == name {
				return true
			}
		}
	}
	return false
}

func (f *searcher) sortKey(k *kindPlan, n graph.Node) string {
	if !slices.Contains(k.spec.Sorts, f.q.Sort) {
		return missingKey
	}
	return string(appendSort(nil, n.Props[f.q.Sort]))
}

// compare orders matches: by score, or by the sort with missing values last in both directions.
func (f *searcher) compare(a, b match) int {
	if f.q.Sort == "" {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.id, b.id))
	}
	aMissing, bMissing := a.key[0] == tagMissing, b.key[0] == tagMissing
	if aMissing != bMissing {
		if aMissing {
			return 1
		}
		return -1
	}
	if f.q.Desc {
		a, b = b, a
	}
	return cmp.Or(strings.Compare(a.key, b.key), cmp.Compare(a.id, b.id))
}
