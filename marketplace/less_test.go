package marketplace_test

import (
	"testing"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
)

// Whoever was asked because of one column may leave that column out and let the rest pass, though nobody would ask him for the
// rest. Who was never asked may not.
func TestDecide_LessByTheOwnerOfWhatFlowsIn(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		item := w.sent("ada", w.ask("ada", bureauMart))
		_, err := w.says("tom", item.ID, marketplace.Decide{Verdict: marketplace.Approve})
		w.must(err)
		less := marketplace.Decide{Verdict: marketplace.Approve, Columns: []graph.ID{catalog.ColumnID(bureauMart, "total")}}
		if _, err := w.says("sara", item.ID, less); !errs.Is(err, errs.Forbidden) {
			t.Fatalf("somebody who isn't asked approves less: %v, want it refused", err)
		}
		after, err := w.says("cleo", item.ID, less)
		w.must(err)
		if after.State != marketplace.Approved || after.Grant == "" {
			t.Errorf("it is %s with grant %q, want approved", after.State, after.Grant)
		}
	})
}
