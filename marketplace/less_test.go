package marketplace_test

import (
	"testing"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/template"
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

// Columns that can't be had are left out when all are asked for. That they still can't be had is no change.
func TestItem_WhatWasLeftOutIsNoChange(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		w.declare(catalog.ColumnID(bureauPlain, "id"), "pci")
		w.must(marketplace.PutTemplate(w.t.Context(), w.store, "no-cards", template.Body{
			Title: "No card data", Applies: template.Scope{Datasets: []graph.ID{bureauPlain}}, Who: template.Who{People: true}, Access: template.Accesses,
			Masking: map[string]string{"pci": template.Deny}, MaxDays: 365,
		}, w.at))
		item := w.sent("ada", w.ask("ada", bureauPlain))
		if len(item.Columns) != 1 {
			t.Fatalf("%d columns are asked for, want one without the other", len(item.Columns))
		}
		again, err := w.Item(w.as("tom"), item.ID)
		w.must(err)
		if again.Changed != "" || again.Facts != again.Hash {
			t.Errorf("nothing has changed, and the page says: %q", again.Changed)
		}
	})
}
