package marketplace_test

import (
	"testing"

	"weir/marketplace"
)

func TestEndProducts_EndsGrantsAndRetires(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		p := w.published()
		w.grants(0, 70, 300, marketplace.Part{Dataset: shopVisit})
		w.retarget(70, p.ID)
		is(w.Deprecate(w.lena(), p.ID, 0, "", w.at.AddDate(0, 1, 0)))(t)
		if err := w.EndProducts(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got, _, _ := w.Product(w.mia(), p.ID); got.State != marketplace.ProductDeprecated {
			t.Fatalf("it is %s before its day has come", got.State)
		}
		w.at = w.at.AddDate(0, 1, 0)
		for range 2 { // the second finds nothing to do
			if err := w.EndProducts(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got, _, _ := w.Product(w.mia(), p.ID); got.State != marketplace.ProductRetired {
			t.Errorf("it is %s once its day has come", got.State)
		}
		if e := w.entries("marketplace.product-retire"); len(e) != 1 {
			t.Errorf("%d entries say that it ended", len(e))
		}
		if e := w.entries("marketplace.grant-expire"); len(e) < 70 {
			t.Errorf("%d of 70 grants ended", len(e))
		}
	})
}
