package notify_test

import (
	"context"
	"strings"
	"testing"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/marketplace"
)

// A product that ends is followed by one that not everybody who is told may see: its name isn't mailed.
func TestMarket_HiddenSuccessor(t *testing.T) {
	for _, c := range []struct {
		visible authz.Visibility
		named   bool
	}{{authz.Open, true}, {authz.Closed, false}} {
		f := newFair(memory(t))
		sales := catalog.DomainID("sales")
		f.fine(f.store.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
			_, err := tx.Put(ctx, catalog.DomainType.Write(sales, graph.Create, catalog.Domain{Name: "sales", Audience: "open"}))
			return err
		}))
		op, tom := authz.With(t.Context(), authz.Operator), f.id["tom"]
		offer := func(slug, title string, visible authz.Visibility) graph.ID {
			summary := "What was bought."
			p, err := f.market.CreateProduct(op, slug, marketplace.ProductEdit{Title: &title, Summary: &summary, Domain: &sales, Owner: &tom, Visibility: &visible})
			f.fine(err)
			_, err = f.market.SetParts(op, p.ID, 0, []marketplace.Part{{Dataset: orders}})
			f.fine(err)
			_, err = f.market.Publish(op, p.ID, 0)
			f.fine(err)
			return p.ID
		}
		old, next := offer("old", "Old orders", authz.Open), offer("next", "Project Falcon", c.visible)
		_, err := f.market.Submit(f.acts("ada"), marketplace.Ask{Purpose: "analytics", Why: "To plan.", Access: "metadata", Environment: "production",
			Days: 60, Items: []marketplace.AskItem{{Target: old}}})
		f.fine(err)
		f.told()
		_, err = f.market.Deprecate(op, old, 0, next, f.now.AddDate(0, 0, 20))
		f.fine(err)
		f.works()
		page, err := f.List(f.acts("ada"), true, "", 10)
		f.fine(err)
		if len(page.Items) != 1 || !strings.Contains(page.Items[0].Title, "Old orders ends on") {
			t.Fatalf("ada is told %+v", page.Items)
		}
		if named := strings.Contains(page.Items[0].Body, "Falcon"); named != c.named {
			t.Errorf("with a successor that is %s she is told: %s", c.visible, page.Items[0].Body)
		}
	}
}
