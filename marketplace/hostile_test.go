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

var (
	approves = marketplace.Decide{Verdict: marketplace.Approve}
	rejects  = marketplace.Decide{Verdict: marketplace.Reject, Reason: "It can't be had."}
)

// rule lets a template hold for a dataset.
func (w *bureau) rule(name string, dataset graph.ID, steps ...template.Step) {
	w.t.Helper()
	w.must(marketplace.PutTemplate(w.t.Context(), w.store, name, template.Body{
		Title: name, Applies: template.Scope{Datasets: []graph.ID{dataset}}, Who: template.Who{People: true, Services: true, Agents: true},
		Access: []template.Access{template.Read}, Steps: steps, MaxDays: 90, Renewable: true,
	}, w.at))
}

var twoOfSecurity = template.Step{Name: "Two of security", By: template.BySecurity, Mode: template.AtLeast, N: 2}

// standIn lets one person stand in for another for so many days from now.
func (w *bureau) standIn(from, to string, days int) {
	w.t.Helper()
	_, err := w.people.NameStandIn(authz.With(w.t.Context(), authz.Operator), identity.NewStandIn{From: w.id[from], To: w.id[to],
		Since: w.at, Until: w.at.AddDate(0, 0, days)})
	w.must(err)
}

func (w *bureau) give(who, role, domain string) {
	w.t.Helper()
	roles := &authz.Service{Store: w.store, Now: func() time.Time { return w.at }}
	w.must(roles.GrantRole(authz.With(w.t.Context(), authz.Operator), authz.RoleChange{Subject: w.id[who], Role: role, Domain: domain}))
}

// relink takes edges away and states others, from now on.
func (w *bureau) relink(away, fresh []graph.Edge) {
	w.t.Helper()
	w.must(w.store.Update(w.t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Unlink(ctx, time.Time{}, away...); err != nil {
			return err
		}
		for i := range fresh {
			fresh[i].Valid.Since = graph.Time(w.at.Add(-time.Minute))
		}
		return tx.Link(ctx, fresh...)
	}))
}

// refuses wants an error of a kind that says something.
func refuses(t testing.TB, err error, kind errs.Kind, says string) {
	t.Helper()
	if !errs.Is(err, kind) || !strings.Contains(err.Error(), says) {
		t.Fatalf("got %v, want %s and %q", err, kind, says)
	}
}

// TestDecide_MaskedMeanwhile: once the last clear way is masked, the owner of what flowed in isn't asked any more.
func TestDecide_MaskedMeanwhile(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		item := w.sent("ada", w.ask("ada", bureauMart))
		same(t, "asked", strings.Join(stepNames(item), "; "), "owner: tom; origin: crm")
		_, err := w.says("tom", item.ID, approves)
		w.must(err)
		from, to := catalog.ColumnID(catalog.DatasetID("pg", "stage.c"), "email"), catalog.ColumnID(bureauMart, "email")
		w.relink([]graph.Edge{{From: from, Rel: catalog.RelDerives, To: to}}, []graph.Edge{{From: from, Rel: catalog.RelMasked, To: to}})
		now, err := w.Item(w.as("tom"), item.ID)
		w.must(err)
		same(t, "asked after", strings.Join(stepNames(now), "; "), "owner: tom")
		if now.Changed == "" || len(now.Flow.Unmasked()) != 0 {
			t.Fatalf("changed %q, unmasked %v", now.Changed, now.Flow.Unmasked())
		}
		refuses(t, only(w.says("sara", item.ID, approves)), errs.Forbidden, "none of those who decide")
		after, err := w.says("tom", item.ID, approves) // what he approved was something else
		w.must(err)
		same(t, "state", after.State, marketplace.Approved)
		if after.Decisions[0].Void == "" || after.Decisions[1].Void != "" {
			t.Errorf("void are %q and %q", after.Decisions[0].Void, after.Decisions[1].Void)
		}
	})
}

// TestSweep_OwnerLeft: nothing waits for somebody who has left.
func TestSweep_OwnerLeft(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		item := w.sent("ada", w.ask("ada", bureauPlain))
		w.must(w.people.DisableUser(authz.With(t.Context(), authz.Operator), w.id["tom"]))
		same(t, "sara's list before", len(w.waits("sara")), 0)
		w.at = w.at.AddDate(0, 0, 3)
		w.must(w.Sweep(t.Context()))
		same(t, "sara's list", len(w.waits("sara")), 1)
		now, err := w.Item(w.as("sara"), item.ID)
		w.must(err)
		if !strings.Contains(now.Steps[0].Parties[0].Fallback, "security decides in their place") {
			t.Errorf("why she is asked: %q", now.Steps[0].Parties[0].Fallback)
		}
		for _, who := range []string{"sara", "saul", "otto"} { // the last ones leave, too
			w.must(w.people.DisableUser(authz.With(t.Context(), authz.Operator), w.id[who]))
		}
		w.at = w.at.AddDate(0, 0, 3)
		w.must(w.Sweep(t.Context()))
		now, err = w.Item(w.as("ada"), item.ID)
		w.must(err)
		if !now.Stuck {
			t.Error("nobody can decide it, and it doesn't say so")
		}
		w.must(w.Withdraw(w.as("ada"), item.ID, 0))
	})
}

// TestDecide_OwnedByWhoApproved: what changes hands to somebody who has approved already waits for him alone, and passes.
func TestDecide_OwnedByWhoApproved(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		item := w.sent("ada", w.ask("ada", bureauMart))
		_, err := w.says("tom", item.ID, approves)
		w.must(err)
		w.relink([]graph.Edge{{From: bureauOrigin, Rel: catalog.RelOwned, To: catalog.OwnerID("team:crm")}},
			[]graph.Edge{{From: bureauOrigin, Rel: catalog.RelOwned, To: catalog.OwnerID("tom")}})
		w.at = w.at.AddDate(0, 0, 3)
		w.must(w.Sweep(t.Context()))
		same(t, "cleo's list", len(w.waits("cleo")), 0)
		same(t, "tom's list", len(w.waits("tom")), 1)
		after, err := w.says("tom", item.ID, approves)
		w.must(err)
		same(t, "state", after.State, marketplace.Approved)
	})
}

// TestDecide_TwoOfThemAreIndependent: of two approvals by people who are tied to each other one counts, whenever the tie began.
func TestDecide_TwoOfThemAreIndependent(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		w.rule("two", bureauPlain, twoOfSecurity)
		item := w.sent("ada", w.ask("ada", bureauPlain))
		if item.Stuck {
			t.Fatal("sara and saul can decide it")
		}
		_, err := w.says("sara", item.ID, approves)
		w.must(err)
		w.standIn("sara", "saul", 30)
		after, err := w.says("saul", item.ID, approves)
		w.must(err)
		same(t, "state after two who are one", after.State, marketplace.Submitted)
		w.give("lena", authz.Approver, authz.Everywhere)
		after, err = w.says("lena", item.ID, approves)
		w.must(err)
		same(t, "state after a third", after.State, marketplace.Approved)
	})
}

// TestSubmit_TwoWhoAreOneAreNotEnough: people who are tied to each other are one, so a step of two has to ask others or say
// that nobody can.
func TestSubmit_TwoWhoAreOneAreNotEnough(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		w.rule("two", bureauPlain, twoOfSecurity)
		w.standIn("saul", "sara", 30)
		item := w.sent("ada", w.ask("ada", bureauPlain))
		if !item.Stuck || !item.Steps[0].Parties[0].Nobody {
			t.Fatalf("stuck %t with %+v", item.Stuck, item.Steps[0].Parties)
		}
		w.must(verdict("sara", marketplace.BreakGlass)(w, "", item.ID, ""))
		refuses(t, verdict("saul", marketplace.BreakGlass)(w, "", item.ID, ""), errs.Forbidden, "two independent people")
		w.must(w.Withdraw(w.as("ada"), item.ID, 0))
		w.give("mia", authz.Owner, string(bureauSales))
		item = w.sent("ada", w.ask("ada", bureauPlain))
		if item.Stuck || !strings.Contains(item.Steps[0].Parties[0].Fallback, "owners of the domain decide with them") {
			t.Fatalf("stuck %t with %+v", item.Stuck, item.Steps[0].Parties)
		}
		_, err := w.says("mia", item.ID, approves)
		w.must(err)
		after, err := w.says("saul", item.ID, approves)
		w.must(err)
		same(t, "state", after.State, marketplace.Approved)
	})
}

// TestDecide_OneApprovalInTwoSteps: an approval counts in each step that its giver can answer for, and ties count there, too.
func TestDecide_OneApprovalInTwoSteps(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		w.rule("both", bureauPlain, template.Step{Name: "Owner", By: template.ByOwner, Mode: template.Any}, twoOfSecurity)
		w.give("tom", authz.Approver, authz.Everywhere)
		item := w.sent("ada", w.ask("ada", bureauPlain))
		_, err := w.says("tom", item.ID, approves)
		w.must(err)
		w.standIn("tom", "sara", 30)
		after, err := w.says("sara", item.ID, approves)
		w.must(err)
		same(t, "state after two who are one", after.State, marketplace.Submitted)
		after, err = w.says("saul", item.ID, approves)
		w.must(err)
		same(t, "state", after.State, marketplace.Approved)
	})
}

// TestBreakGlass_AloneChangesNothing: one who breaks the glass alone doesn't shorten what others approve.
func TestBreakGlass_AloneChangesNothing(t *testing.T) {
	w := newBureau(t, graphtest.Memory(shopSchema(t)))
	item := w.sent("ada", w.ask("ada", bureauPlain))
	w.must(verdict("sara", marketplace.BreakGlass)(w, "", item.ID, ""))
	refuses(t, verdict("sara", marketplace.BreakGlass)(w, "", item.ID, ""), errs.Conflict, "A second person")
	after, err := w.says("tom", item.ID, approves)
	w.must(err)
	g, err := w.Grant(w.as("ada"), after.Grant)
	w.must(err)
	same(t, "the grant ends", g.Until, graph.Time(w.at.AddDate(0, 0, 14)))
}

// TestDecide_ColumnsNamedTwice: naming one column several times approves that column alone.
func TestDecide_ColumnsNamedTwice(t *testing.T) {
	w := newBureau(t, graphtest.Memory(shopSchema(t)))
	item := w.sent("ada", w.ask("ada", bureauPlain))
	total := catalog.ColumnID(bureauPlain, "total")
	after, err := w.says("tom", item.ID, marketplace.Decide{Verdict: marketplace.Approve, Columns: []graph.ID{total, total}})
	w.must(err)
	g, err := w.Grant(w.as("ada"), after.Grant)
	w.must(err)
	if len(g.Parts) != 1 || !slices.Equal(g.Parts[0].Columns, []string{"total"}) {
		t.Errorf("the grant opens %v, want total alone", g.Parts)
	}
}
