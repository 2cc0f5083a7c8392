package marketplace_test

import (
	"slices"
	"strings"
	"testing"

	"weir/audit"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
)

// The promise that no rival keeps: what flows in decides who is asked.
func TestSubmit_AsksOwnersOfWhatFlowsInUnmasked(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		item := w.sent("ada", w.ask("ada", bureauMart))
		if item.State != marketplace.Submitted || item.Stuck {
			t.Fatalf("it is %s, stuck %t, want submitted", item.State, item.Stuck)
		}
		clear := item.Flow.Unmasked()
		if len(clear) != 1 || clear[0].Column != catalog.ColumnID(bureauMart, "email") || clear[0].Origin != catalog.ColumnID(bureauOrigin, "email") || len(clear[0].Steps) != 4 {
			t.Fatalf("unmasked is %+v, want email alone, over four steps", clear)
		}
		if got := stepNames(item); !slices.Equal(got, []string{"owner: tom", "origin: crm"}) {
			t.Fatalf("asked are %q", got)
		}
		if got := w.waits("cleo"); len(got) != 0 {
			t.Errorf("cleo is asked before her turn: %v", got)
		}
		if _, err := w.says("cleo", item.ID, marketplace.Decide{Verdict: marketplace.Approve}); !errs.Is(err, errs.Conflict) {
			t.Errorf("approving before one's turn: %v, want a conflict", err)
		}
		after, err := w.says("tom", item.ID, marketplace.Decide{Verdict: marketplace.Approve})
		w.must(err)
		if after.State != marketplace.Submitted || !after.Steps[0].Met || after.Steps[1].Met {
			t.Fatalf("after the owner it is %s, steps met %t %t", after.State, after.Steps[0].Met, after.Steps[1].Met)
		}
		if got := w.waits("cleo"); !slices.Equal(got, []graph.ID{item.ID}) {
			t.Errorf("cleo's inbox is %v, want the item", got)
		}
		after, err = w.says("cleo", item.ID, marketplace.Decide{Verdict: marketplace.Approve})
		w.must(err)
		if after.State != marketplace.Approved || after.Grant == "" {
			t.Fatalf("in the end it is %s with grant %q", after.State, after.Grant)
		}
		g, err := w.Grant(w.as("ada"), after.Grant)
		w.must(err)
		if g.Holder != w.id["ada"] || g.State != marketplace.Granting {
			t.Errorf("the grant is of %s, %s", g.Holder, g.State)
		}
		if got := len(w.waits("cleo")) + len(w.waits("carl")); got != 0 {
			t.Errorf("%d places on lists are left", got)
		}
	})
}

func TestSubmit_MaskingTheLastWayTakesTheOwnerOut(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		in := w.ask("ada", bureauMart)
		in.Items[0].Columns = []graph.ID{catalog.ColumnID(bureauMart, "email_hash"), catalog.ColumnID(bureauMart, "total")}
		item := w.sent("ada", in)
		if got := stepNames(item); !slices.Equal(got, []string{"owner: tom"}) {
			t.Fatalf("asked are %q, want the owner alone", got)
		}
		if len(item.Flow.Inflows) != 1 || !item.Flow.Inflows[0].Masked {
			t.Errorf("what flows in is %+v, want one way, masked", item.Flow.Inflows)
		}
	})
}

func TestDecide_LessTakesTheOwnerOut(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		item := w.sent("ada", w.ask("ada", bureauMart))
		total := catalog.ColumnID(bureauMart, "total")
		after, err := w.says("tom", item.ID, marketplace.Decide{Verdict: marketplace.Approve, Columns: []graph.ID{total}, Days: 7})
		w.must(err)
		if after.State != marketplace.Approved {
			t.Fatalf("it is %s, want approved: nothing of crm flows into total", after.State)
		}
		g, err := w.Grant(w.as("ada"), after.Grant)
		w.must(err)
		if got := g.Until.Sub(w.at).Hours() / 24; got != 7 {
			t.Errorf("the grant lasts %v days, want 7", got)
		}
		if len(w.entries("marketplace.approve-less")) != 1 {
			t.Error("the log doesn't say that less was approved")
		}
	})
}

func TestDecide_NobodyForHimself(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		item := w.sent("tom", w.ask("tom", bureauPlain)) // the owner asks for his own data
		if got := stepNames(item); !strings.Contains(strings.Join(got, ";"), "Security") {
			t.Fatalf("asked are %q, want security in place of the owner", got)
		}
		_, err := w.says("tom", item.ID, marketplace.Decide{Verdict: marketplace.Approve})
		if !errs.Is(err, errs.Forbidden) || !strings.Contains(err.Error(), "Nobody decides for himself") {
			t.Fatalf("deciding for himself: %v, want it refused with the reason", err)
		}
		denied := w.entries("marketplace.approve")
		if len(denied) != 1 || denied[0].Decision != audit.Denied || denied[0].Actor != string(w.id["tom"]) || denied[0].Target != item.ID {
			t.Fatalf("the log says %+v of the attempt", denied)
		}
		if _, err := w.says("otto", item.ID, marketplace.Decide{Verdict: marketplace.Approve}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an administrator who isn't asked: %v, want it refused", err)
		}
		after, err := w.says("sara", item.ID, marketplace.Decide{Verdict: marketplace.Approve})
		w.must(err)
		if after.State != marketplace.Approved {
			t.Errorf("it is %s", after.State)
		}
	})
}

func TestDecide_ChangedFactsReopen(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		item := w.sent("ada", w.ask("ada", bureauMart))
		_, err := w.says("tom", item.ID, marketplace.Decide{Verdict: marketplace.Approve})
		w.must(err)
		seen, err := w.Item(w.as("cleo"), item.ID)
		w.must(err)
		w.declare(catalog.ColumnID(catalog.DatasetID("pg", "stage.c"), "email"), "phi")
		if _, err := w.says("cleo", item.ID, marketplace.Decide{Verdict: marketplace.Approve, Seen: seen.Facts}); !errs.Is(err, errs.Conflict) {
			t.Fatalf("approving on facts that have changed: %v, want a conflict", err)
		}
		now, err := w.Item(w.as("cleo"), item.ID)
		w.must(err)
		if now.Changed == "" || now.Facts == seen.Facts {
			t.Fatal("the page doesn't tell that the facts have changed")
		}
		_, err = w.says("tom", item.ID, marketplace.Decide{Verdict: marketplace.Approve})
		w.must(err)
		after, err := w.Item(w.as("tom"), item.ID)
		w.must(err)
		if first := after.Decisions[0]; first.Void == "" {
			t.Error("the approval of what was the case before still counts")
		}
	})
}

func TestReplay(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		item := w.sent("ada", w.ask("ada", bureauMart))
		after, err := w.says("tom", item.ID, marketplace.Decide{Verdict: marketplace.Reject, Reason: "Ask for the masked one."})
		w.must(err)
		r, err := w.Replay(w.as("tom"), after.Decisions[0].ID)
		w.must(err)
		if !r.Exact || len(r.Differs) != 0 || len(r.Bytes) == 0 || r.Then.Sender != w.id["ada"] {
			t.Fatalf("replayed at once: exact %t, differs %q", r.Exact, r.Differs)
		}
		w.declare(catalog.ColumnID(bureauMart, "total"), "pci")
		r, err = w.Replay(w.as("tom"), after.Decisions[0].ID)
		w.must(err)
		if !r.Exact || len(r.Differs) == 0 {
			t.Fatalf("after a change: exact %t, differs %q", r.Exact, r.Differs)
		}
		if _, err := w.Replay(w.as("lena"), after.Decisions[0].ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("a stranger's replay: %v, want not found", err)
		}
	})
}
