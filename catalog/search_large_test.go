package catalog_test

import (
	"context"
	"fmt"
	"testing"

	"weir/catalog"
	"weir/graph"
)

// crowd adds n datasets, every tenth with a tag and a class.
func (c *company) crowd(n int) {
	c.t.Helper()
	err := c.store.Update(c.t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		tag, class := catalog.TagID("tenth"), catalog.ClassID("phi")
		ws := []graph.NodeWrite{
			catalog.TagType.Write(tag, graph.Upsert, catalog.Tag{Name: "tenth"}),
			catalog.ClassType.Write(class, graph.Upsert, catalog.Class{Name: "phi"}),
		}
		var es []graph.Edge
		for i := range n {
			id := ds(fmt.Sprint("crowd.t", i))
			ws = append(ws, catalog.DatasetType.Write(id, graph.Upsert, catalog.Dataset{
				Namespace: "postgres://db", Name: fmt.Sprintf("crowd.t%05d", i), Platform: "postgres", Audience: "open",
			}))
			if i%10 == 0 {
				es = append(es, graph.Edge{From: id, To: tag, Rel: catalog.RelTagged}, graph.Edge{From: id, To: class, Rel: catalog.RelClass})
			}
		}
		if _, err := tx.Put(ctx, ws...); err != nil {
			return err
		}
		return tx.Link(ctx, es...)
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

func TestSearchOfManySaysWhatItDidNotLookAt(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.crowd(4000)
		search := func(query string) catalog.SearchResult {
			t.Helper()
			var res catalog.SearchResult
			c.within(mostCalls, func() {
				res = must(c.Search(t.Context(), catalog.SearchInput{Query: query, Limit: 100, Facets: true}))(t)
			})
			return res
		}
		if res := search("crowd"); res.Total != 4000 || res.Capped || len(res.Notes) != 0 {
			t.Errorf("all: %d, capped %v, %v", res.Total, res.Capped, res.Notes)
		}
		if res := search("class:phi tag:tenth"); res.Total != 400 || res.Capped {
			t.Errorf("what the store answers: %d, capped %v", res.Total, res.Capped)
		}
		if res := search("-tag:tenth"); res.Total != 2700 || !res.Capped || len(res.Notes) != 1 {
			t.Errorf("what is looked at one by one: %d, capped %v, %v", res.Total, res.Capped, res.Notes)
		}
		if res := search("tag:tenth -class:phi"); res.Total != 0 || res.Capped {
			t.Errorf("narrowed: %d, capped %v", res.Total, res.Capped)
		}
		search(`class:phi owner:"no one" tag:tenth kind:model kind:dataset -tag:x is:unconfirmed has:owner platform:postgres crowd`)
		search(`class:phi owner:"no one" tag:tenth kind:dataset platform:postgres domain:none classification:public crowd`)
		search(`tag:tenth kind:dataset platform:postgres crowd`)
	})
}
