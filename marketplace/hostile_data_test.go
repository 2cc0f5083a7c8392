package marketplace_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/identity"
	"weir/marketplace"
	"weir/marketplace/template"
)

// product is one of the plain dataset with terms of use, published.
func (w *bureau) product() marketplace.Product {
	w.t.Helper()
	p := is(w.CreateProduct(w.as("otto"), "orders", marketplace.ProductEdit{Title: ref("Orders"), Summary: ref("What was bought."),
		Domain: &bureauSales, Owner: ref(w.id["tom"])}))(w.t)
	p = is(w.SetTerms(w.as("otto"), p.ID, 0, "Delete it after use."))(w.t)
	p = is(w.SetParts(w.as("otto"), p.ID, 0, []marketplace.Part{{Dataset: bureauPlain}}))(w.t)
	return is(w.Publish(w.as("otto"), p.ID, 0))(w.t)
}

// refusesField wants Invalid for a field that says something, and nothing written.
func (w *bureau) refusesField(who string, in marketplace.Ask, field, says string) {
	w.t.Helper()
	before := w.dump()
	_, err := w.Submit(w.as(who), in)
	wants(w.t, err, errs.Invalid, field)
	e, _ := errs.As(err)
	if !slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return f.Name == field && strings.Contains(f.Message, says) }) {
		w.t.Errorf("%s is refused with %v, want %q", field, e.Fields, says)
	}
	if after := w.dump(); after != before {
		w.t.Errorf("something was written: %s", firstDifference(before, after))
	}
}

// TestSubmit_Terms: terms that don't hold any more, and those that hold, each by number.
func TestSubmit_Terms(t *testing.T) {
	w := newBureau(t, graphtest.Memory(shopSchema(t)))
	p := w.product()
	in := w.ask("ada", p.ID)
	in.Items[0].Terms = p.Terms
	is(w.SetTerms(w.as("otto"), p.ID, 0, "Delete it after a month."))(t)
	w.refusesField("ada", in, "items[0].terms", "version 1; version 2 holds now. Read and accept it.")
	in.Items[0].Terms = p.Terms + 1
	w.sent("ada", in)
}

// TestDecide_ProductRetired: what is retired while it waits is refused in words, can be turned down, and its grant isn't given.
func TestDecide_ProductRetired(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		p := w.product()
		in := w.ask("ada", p.ID)
		in.Items[0].Terms = p.Terms
		item := w.sent("ada", in)
		is(w.Retire(w.as("otto"), p.ID, 0))(t)
		refuses(t, only(w.says("tom", item.ID, approves)), errs.Conflict, "It is retired. Reject it, or let it be withdrawn.")
		now, err := w.Item(w.as("tom"), item.ID)
		w.must(err)
		if now.Gone == "" {
			t.Error("its page doesn't say so")
		}
		after, err := w.says("tom", item.ID, rejects)
		w.must(err)
		same(t, "state", after.State, marketplace.Rejected)
		same(t, "grants", len(w.grants("ada")), 0)
		w.refusesField("ada", in, "items[0].target", "It is retired.")
	})
}

// TestColumnsVanish: columns that are gone, before a request is sent and after.
func TestColumnsVanish(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		in := w.ask("ada", bureauPlain)
		in.Items[0].Columns = []graph.ID{catalog.ColumnID(bureauPlain, "id"), catalog.ColumnID(bureauPlain, "total")}
		item := w.sent("ada", in)
		w.must(w.store.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
			return tx.Delete(ctx, catalog.ColumnID(bureauPlain, "total"))
		}))
		refuses(t, only(w.says("tom", item.ID, approves)), errs.Conflict, "isn't there any more")
		w.at = w.at.AddDate(0, 0, 3)
		w.must(w.Sweep(t.Context()))
		same(t, "tom's list", len(w.waits("tom")), 1)
		_, err := w.says("tom", item.ID, rejects)
		w.must(err)
		w.refusesField("ada", in, "items[0].columns", "isn't there any more. Choose from those that are shown.")
		in.Items[0].Columns = []graph.ID{catalog.ColumnID(bureauMart, "email")}
		w.refusesField("ada", in, "items[0].columns", "isn't there any more. Choose from those that are shown.")
	})
}

// TestDecide_HolderLeft: whoever it is for has left.
func TestDecide_HolderLeft(t *testing.T) {
	w := newBureau(t, graphtest.Memory(shopSchema(t)))
	item := w.sent("ada", w.ask("ada", bureauPlain))
	w.must(w.people.DisableUser(authz.With(t.Context(), authz.Operator), w.id["ada"]))
	refuses(t, only(w.says("tom", item.ID, approves)), errs.Conflict, "has left or was disabled. Reject it")
	_, err := w.says("tom", item.ID, rejects)
	w.must(err)
	in := w.ask("mia", bureauPlain)
	in.For = w.id["ada"]
	w.refusesField("mia", in, "for", "nobody who is known here")
}

// TestSubmit_NobodyToApprove: a step of a team that nobody is in goes to the next in line, and says so; with nobody in line it
// says that nobody can.
func TestSubmit_NobodyToApprove(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		empty, err := w.people.CreateTeam(authz.With(t.Context(), authz.Operator), identity.NewTeam{Name: "empty"})
		w.must(err)
		w.rule("empty", bureauPlain, template.Step{Name: "Reviewers", By: template.ByTeam, Team: empty.ID, Mode: template.Any})
		item := w.sent("ada", w.ask("ada", bureauPlain))
		if item.Stuck || !strings.Contains(item.Steps[0].Parties[0].Fallback, "security decides in their place") {
			t.Fatalf("stuck %t, %+v", item.Stuck, item.Steps[0].Parties)
		}
		w.must(w.Withdraw(w.as("ada"), item.ID, 0))
		for _, who := range []string{"sara", "saul"} {
			w.must(w.people.DisableUser(authz.With(t.Context(), authz.Operator), w.id[who]))
		}
		item = w.sent("ada", w.ask("ada", bureauPlain))
		if !item.Stuck || !item.Steps[0].Parties[0].Nobody {
			t.Errorf("stuck %t, %+v", item.Stuck, item.Steps[0].Parties)
		}
	})
}

// TestDecide_CircleOfStandIns: stand-ins in a circle bar each of them, and nobody else.
func TestDecide_CircleOfStandIns(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		w.standIn("ada", "tom", 30)
		w.standIn("tom", "mia", 30)
		w.standIn("mia", "ada", 30)
		item := w.sent("ada", w.ask("ada", bureauPlain))
		for _, who := range []string{"tom", "mia"} {
			refuses(t, only(w.says(who, item.ID, approves)), errs.Forbidden, "stands in for")
		}
		after, err := w.says("saul", item.ID, approves)
		w.must(err)
		same(t, "state", after.State, marketplace.Approved)
	})
}

// TestSweep_ClockJumps: a clock that jumps ahead gives one reminder, one that jumps back none, and both leave it open to decide.
func TestSweep_ClockJumps(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		item := w.sent("ada", w.ask("ada", bureauPlain))
		reminders := func() int { return len(w.entries("marketplace.remind")) + len(w.entries("marketplace.escalate")) }
		begin := w.at
		for _, jump := range []struct{ days, want int }{{40, 1}, {40, 1}, {-400, 1}, {1, 1}, {40, 1}, {43, 2}} {
			w.at = begin.AddDate(0, 0, jump.days)
			w.must(w.Sweep(t.Context()))
			w.must(w.Sweep(t.Context()))
			if got := reminders(); got != jump.want {
				t.Fatalf("%d days from the beginning there are %d reminders, want %d", jump.days, got, jump.want)
			}
		}
		w.at = begin.Add(-time.Hour)
		w.standIn("ada", "tom", 30)
		refuses(t, only(w.says("tom", item.ID, approves)), errs.Forbidden, "Nobody decides for himself")
		after, err := w.says("sara", item.ID, approves) // in the owner's place
		w.must(err)
		same(t, "state", after.State, marketplace.Approved)
		g := is(w.Grant(w.as("ada"), after.Grant))(t)
		same(t, "until", g.Until, graph.Time(w.at.AddDate(0, 0, 14)))
	})
}

// TestSubmit_Twice: what waits already is refused until it is decided or taken back.
func TestSubmit_Twice(t *testing.T) {
	w := newBureau(t, graphtest.Memory(shopSchema(t)))
	item := w.sent("ada", w.ask("ada", bureauPlain))
	w.refusesField("ada", w.ask("ada", bureauPlain), "items[0].target", "has been asked for already, on 2 March 2026")
	_, err := w.says("tom", item.ID, marketplace.Decide{Verdict: marketplace.AskBack, Reason: "What for?"})
	w.must(err)
	w.refusesField("ada", w.ask("ada", bureauPlain), "items[0].target", "has been asked for already")
	w.must(w.Withdraw(w.as("ada"), item.ID, 0))
	w.sent("ada", w.ask("ada", bureauPlain))
}
