package sqlite

import (
	"cmp"
	"slices"
	"strings"

	"weir/graph"
)

// facets counts values among the matches.
type facets struct {
	f      *searcher
	counts []map[string]int // of properties and kinds, by value
	others []map[int64]int  // of relations, by the number of the other end
	scans  []*scan
}

func newFacets(f *searcher) *facets {
	n := len(f.q.Facets)
	c := &facets{f: f, counts: make([]map[string]int, n), others: make([]map[int64]int, n), scans: make([]*scan, n)}
	for i, facet := range f.q.Facets {
		c.counts[i] = map[string]int{}
		if facet.Rel != "" {
			c.others[i] = map[int64]int{}
			c.scans[i] = f.s.newScan(facet.Dir, []graph.Rel{facet.Rel}, zeroTime, zeroTime, false)
		}
	}
	return c
}

// add counts a node's properties and kind.
func (c *facets) add(k *kindPlan, n graph.Node) {
	for i, facet := range c.f.q.Facets {
		if facet.Prop == kindFacet {
			c.counts[i][string(k.name)]++
			continue
		}
		if _, ok := k.fields[facet.Prop]; !ok {
			continue
		}
		if v, ok := n.Props[facet.Prop]; ok {
			c.counts[i][graph.Value(v)]++
		}
	}
}

// addRelations counts the other ends of the matches' edges.
func (c *facets) addRelations(nums []int64) error {
	for i, scan := range c.scans {
		if scan == nil {
			continue
		}
		var last [2]int64
		err := scan.each(nums, func(row edgeRow) {
			pair := [2]int64{row.node, row.other}
			if pair != last { // parallel edges come one after another
				c.others[i][row.other]++
			}
			last = pair
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// kindFacet is the property of a facet that counts by kind.
const kindFacet = "kind"

// result orders the buckets of every facet.
func (c *facets) result() (map[string][]graph.Bucket, error) {
	if len(c.f.q.Facets) == 0 {
		return nil, nil
	}
	out := make(map[string][]graph.Bucket, len(c.f.q.Facets))
	for i, facet := range c.f.q.Facets {
		if facet.Rel != "" {
			ids := make(map[int64]graph.ID, len(c.others[i]))
			nums := make([]int64, 0, len(c.others[i]))
			for num := range c.others[i] {
				nums = append(nums, num)
			}
			if err := c.f.s.idsOf(nums, ids); err != nil {
				return nil, err
			}
			for num, n := range c.others[i] {
				c.counts[i][string(ids[num])] = n
			}
		}
		out[facet.Name()] = buckets(c.counts[i])
	}
	return out, nil
}

func buckets(counts map[string]int) []graph.Bucket {
	out := make([]graph.Bucket, 0, len(counts))
	for value, n := range counts {
		out = append(out, graph.Bucket{Value: value, Count: n})
	}
	slices.SortFunc(out, func(a, b graph.Bucket) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
	return out[:min(len(out), graph.MaxBuckets)]
}
