package marketplace_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/marketplace"
)

// makeAdmin makes somebody an administrator.
func (w *bureau) makeAdmin(names ...string) {
	w.t.Helper()
	roles := &authz.Service{Store: w.store, Now: func() time.Time { return w.at }}
	for _, name := range names {
		w.must(roles.GrantRole(authz.With(w.t.Context(), authz.Operator), authz.RoleChange{Subject: w.id[name], Role: authz.Admin, Domain: authz.Everywhere}))
	}
}

// proposed is otto's proposal to make lena a security approver.
func (w *bureau) proposed() marketplace.Proposal {
	w.t.Helper()
	p, err := w.Propose(w.as("otto"), w.roleOf("lena"), "She joins the team.")
	w.must(err)
	return p
}

func (w *bureau) roleOf(name string) marketplace.RoleAct {
	return marketplace.RoleAct{Subject: w.id[name], Role: authz.Approver, Domain: authz.Everywhere}
}

// confirms confirms as somebody, on what would change now.
func (w *bureau) confirms(name string, id graph.ID) (marketplace.ProposalView, error) {
	w.t.Helper()
	in := marketplace.ProposalVerdict{Proposal: id, Seen: "unseen"}
	if v, err := w.Proposal(w.as(name), id); err == nil && v.Seen != "" {
		in.Seen = v.Seen
	}
	return w.ConfirmProposal(w.as(name), in)
}

func (w *bureau) holds(name, role string) bool {
	w.t.Helper()
	held, err := authz.HeldBy(w.t.Context(), w.store, w.id[name])
	w.must(err)
	for _, h := range held {
		if h.Role == role {
			return true
		}
	}
	return false
}

func (w *bureau) proposalState(id graph.ID) marketplace.ProposalState {
	w.t.Helper()
	v, err := w.Proposal(authz.With(w.t.Context(), authz.Operator), id)
	w.must(err)
	return v.State
}

func TestProposal_RunsOnceSomebodyElseConfirms(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		w.makeAdmin("mia")
		p := w.proposed()
		if w.holds("lena", authz.Approver) {
			t.Fatal("lena has the role before anybody confirmed it")
		}
		seen, err := w.Proposal(w.as("mia"), p.ID)
		w.must(err)
		if text := strings.Join(seen.Lines, "\n"); !strings.Contains(text, "lena gets the role Approver everywhere.") || !seen.MayConfirm || seen.Stuck {
			t.Errorf("mia sees %q, may %t, stuck %t", text, seen.MayConfirm, seen.Stuck)
		}
		row, err := w.ProposalsOf(w.as("mia"), marketplace.ProposalList{Limit: 10})
		w.must(err)
		if len(row.Items) != 1 || row.Items[0].ID != p.ID {
			t.Errorf("what waits for mia is %+v, want the proposal", row.Items)
		}
		after, err := w.confirms("mia", p.ID)
		w.must(err)
		if after.State != marketplace.Done || !w.holds("lena", authz.Approver) {
			t.Errorf("it is %s (%s), lena holds it: %t", after.State, after.Error, w.holds("lena", authz.Approver))
		}
		w.must(w.RunProposals(t.Context()))
		for action, actor := range map[string]graph.ID{"marketplace.propose": w.id["otto"], "marketplace.confirm": w.id["mia"], "marketplace.proposal-run": "operator"} {
			if got := w.entries(action); len(got) != 1 || got[0].Actor != string(actor) || got[0].Target != p.ID {
				t.Errorf("%s: %+v, want one by %s", action, got, actor)
			}
		}
		if row, err := w.ProposalsOf(w.as("mia"), marketplace.ProposalList{Limit: 10}); err != nil || len(row.Items) != 0 {
			t.Errorf("after all %v waits for mia, %v", row.Items, err)
		}
	})
}

// Nobody confirms for himself: not who proposed it, not who gains by it, not an administrator who is tied to either.
func TestProposal_ConfirmerIsOutsideTheCircle(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		w.makeAdmin("mia", "lena", "carl", "cleo")
		for name, who := range map[string]string{"otto": "carl", "carl": "lena"} { // carl stands in for otto, lena for carl
			_, err := w.people.NameStandIn(w.as(name), identity.NewStandIn{To: w.id[who], Until: w.at.Add(48 * time.Hour), Reason: "away"})
			w.must(err)
		}
		p, err := w.Propose(w.as("otto"), w.roleOf("mia"), "She joins the team.")
		w.must(err)
		for _, name := range []string{"otto", "mia", "carl", "lena"} {
			before := len(w.entries("marketplace.confirm"))
			_, err := w.confirms(name, p.ID)
			wants(t, err, errs.Forbidden)
			if !strings.Contains(errs.Shown(err), "Nobody confirms his own act.") {
				t.Errorf("%s is refused with %q", name, errs.Shown(err))
			}
			log := w.entries("marketplace.confirm")
			if len(log) != before+1 || log[0].Decision != audit.Denied || log[0].Actor != string(w.id[name]) {
				t.Errorf("the attempt of %s isn't in the log", name)
			}
		}
		if after, err := w.confirms("cleo", p.ID); err != nil || after.State != marketplace.Done {
			t.Errorf("cleo, whom nothing ties: %s, %v", after.State, err)
		}
	})
}

// Each state and action of the table, and nothing else, through the commands.
func TestProposal_WalksTheTable(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		w.makeAdmin("mia")
		states := []marketplace.ProposalState{marketplace.Proposed, marketplace.Confirmed, marketplace.Refused, marketplace.Retracted,
			marketplace.Lapsed, marketplace.Done, marketplace.Broken}
		for _, from := range states {
			for _, do := range []marketplace.ProposalAction{marketplace.Confirm, marketplace.Refuse, marketplace.Retract, marketplace.Lapse, marketplace.Finish, marketplace.Fail} {
				t.Run(fmt.Sprintf("%s %s", from, do), func(t *testing.T) { w.t = t; w.walk(t, from, do) })
			}
		}
	})
}

func (w *bureau) walk(t *testing.T, from marketplace.ProposalState, do marketplace.ProposalAction) {
	p := w.proposed()
	w.setProposal(p.ID, graph.Props{"state": string(from), "due": w.at.Add(-time.Minute)})
	want := from
	for _, line := range marketplace.Proposals {
		if line.From == from && line.Action == do {
			want = line.To
		}
	}
	if do == marketplace.Fail { // somebody gives the role meanwhile by hand, and takes the proposer's rights
		w.must(w.people.DisableUser(authz.With(t.Context(), authz.Operator), w.id["otto"]))
		defer func() { w.must(w.people.EnableUser(authz.With(t.Context(), authz.Operator), w.id["otto"])) }()
	}
	var err error
	in := marketplace.ProposalVerdict{Proposal: p.ID, Note: "No."}
	byPerson := true
	switch do {
	case marketplace.Confirm:
		_, err = w.confirms("mia", p.ID)
		if from == marketplace.Proposed {
			want = marketplace.Done // it runs at once
		}
	case marketplace.Refuse:
		err = w.RefuseProposal(w.as("mia"), in)
	case marketplace.Retract:
		err = w.RetractProposal(w.as("otto"), in)
	case marketplace.Lapse:
		err, byPerson = w.LapseProposals(t.Context()), false
	default:
		err, byPerson = w.RunProposals(t.Context()), false
	}
	if got := w.proposalState(p.ID); got != want {
		t.Errorf("it is %s, want %s (%v)", got, want, err)
	}
	if refused := errs.Is(err, errs.Conflict); byPerson && refused != (want == from) || !byPerson && err != nil {
		t.Errorf("the answer is %v", err)
	}
	w.setProposal(p.ID, graph.Props{"state": string(marketplace.Retracted)})
	w.takeRole("lena")
}

// setProposal changes a proposal behind the service's back.
func (w *bureau) setProposal(id graph.ID, props graph.Props) {
	w.t.Helper()
	w.must(w.store.Update(w.t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, graph.NodeWrite{Node: graph.Node{ID: id, Kind: "Proposal", Props: props}})
		return err
	}))
}

// takeRole takes the role of roleOf away again, if it is held.
func (w *bureau) takeRole(name string) {
	w.t.Helper()
	roles := &authz.Service{Store: w.store, Now: func() time.Time { return w.at }}
	w.must(roles.RevokeRole(authz.With(w.t.Context(), authz.Operator), authz.RoleChange{Subject: w.id[name], Role: authz.Approver, Domain: authz.Everywhere}))
}

func TestProposal_RunTwiceIsOnce(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		w.makeAdmin("mia")
		agent := marketplace.AgentAct{Name: "scout", Type: authz.Agent, Owner: w.id["ada"], Purpose: "Looks for data."}
		_, edits := w.policy.Rules()
		acts := map[string]marketplace.ActInput{
			"role": w.roleOf("lena"), "agent": agent,
			"rules":  marketplace.RulesAct{Edits: edits, Add: []authz.Rule{{Role: authz.Steward, Domain: authz.Everywhere, Kind: authz.Audit, Action: authz.View}}},
			"delete": marketplace.DeleteAct{Dataset: bureauPlain}, "export": marketplace.ExportAct{},
		}
		for name, in := range acts {
			p, err := w.Propose(w.as("otto"), in, "Because.")
			w.must(err)
			first, err := w.confirms("mia", p.ID)
			w.must(err)
			if first.State != marketplace.Done {
				t.Fatalf("%s: it is %s: %s", name, first.State, first.Error)
			}
			before, err := audit.Latest(t.Context(), w.store, 1000)
			w.must(err)
			w.setProposal(p.ID, graph.Props{"state": string(marketplace.Confirmed)}) // a server stopped before it could write that it is done
			w.must(w.RunProposals(t.Context()))
			again, err := w.Proposal(w.as("otto"), p.ID)
			w.must(err)
			if again.State != marketplace.Done || again.Result != first.Result {
				t.Errorf("%s: the second time it is %s (%s) with %q, want %q", name, again.State, again.Error, again.Result, first.Result)
			}
			after, err := audit.Latest(t.Context(), w.store, 1000)
			w.must(err)
			if len(after) != len(before)+1 { // that it was run
				t.Errorf("%s: the second time wrote %d entries, want 1", name, len(after)-len(before))
			}
		}
	})
}

func TestProposal_FactsThatChangedAreLookedAtAgain(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		w.makeAdmin("mia")
		p := w.proposed()
		seen, err := w.Proposal(w.as("mia"), p.ID)
		w.must(err)
		roles := &authz.Service{Store: w.store, Now: func() time.Time { return w.at }}
		w.must(roles.GrantRole(authz.With(t.Context(), authz.Operator), authz.RoleChange{Subject: w.id["lena"], Role: authz.Auditor, Domain: authz.Everywhere}))
		_, err = w.ConfirmProposal(w.as("mia"), marketplace.ProposalVerdict{Proposal: p.ID, Seen: seen.Seen})
		wants(t, err, errs.Conflict)
		now, err := w.Proposal(w.as("mia"), p.ID)
		w.must(err)
		if len(now.Before) == 0 || !strings.Contains(strings.Join(now.Lines, "\n"), "Auditor") {
			t.Errorf("the page shows %q, before %q", now.Lines, now.Before)
		}
		if _, err = w.confirms("mia", p.ID); err != nil {
			t.Errorf("after another look: %v", err)
		}
	})
}

func TestProposal_SaysThatNobodyCanConfirm(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		v, err := w.Proposal(w.as("otto"), w.proposed().ID) // otto is the only administrator
		w.must(err)
		if !v.Stuck || len(v.Confirmers) != 0 || v.MayConfirm {
			t.Errorf("stuck %t, confirmers %v, otto may %t", v.Stuck, v.Confirmers, v.MayConfirm)
		}
	})
}

func TestProposal_IsHiddenFromOthers(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		p := w.proposed()
		_, err := w.Proposal(w.as("ada"), p.ID)
		wants(t, err, errs.NotFound)
		wants(t, w.RefuseProposal(w.as("ada"), marketplace.ProposalVerdict{Proposal: p.ID, Note: "No."}), errs.NotFound)
		_, err = w.ProposalsOf(w.as("ada"), marketplace.ProposalList{View: marketplace.ProposalsAll, Limit: 10})
		wants(t, err, errs.Forbidden)
		_, err = w.Propose(w.as("ada"), w.roleOf("lena"), "I like her.")
		wants(t, err, errs.Forbidden)
		if log := w.entries("marketplace.propose"); len(log) != 2 || log[0].Decision != audit.Denied {
			t.Errorf("the attempt isn't in the log: %+v", log)
		}
		_, err = w.Propose(w.as("otto"), w.roleOf("otto"), "I want it.")
		wants(t, err, errs.Forbidden)
		_, err = w.Propose(w.as("otto"), w.roleOf("lena"), " ")
		wants(t, err, errs.Invalid, "reason")
	})
}

func TestProposal_ListIsTakenOutOnce(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		w.makeAdmin("mia")
		p, err := w.Propose(w.as("otto"), marketplace.ExportAct{State: marketplace.GrantsLive}, "The auditors ask for it.")
		w.must(err)
		none := func(marketplace.GrantRow) error { return nil }
		wants(t, w.TakeExport(w.as("otto"), p.ID, none), errs.Conflict)
		done, err := w.confirms("mia", p.ID)
		w.must(err)
		if !done.Until.Equal(w.at.Add(24 * time.Hour)) {
			t.Errorf("it may be taken until %s", done.Until)
		}
		wants(t, w.TakeExport(w.as("mia"), p.ID, none), errs.Forbidden)
		w.must(w.TakeExport(w.as("otto"), p.ID, none))
		wants(t, w.TakeExport(w.as("otto"), p.ID, none), errs.Conflict)
		if got := w.entries("marketplace.grant-export"); len(got) != 1 || got[0].Actor != string(w.id["otto"]) {
			t.Errorf("the log says %+v, want one export by otto", got)
		}
	})
}

func TestActRules_SayWhatNeedsASecondPerson(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		if err := w.Direct(w.as("otto"), w.roleOf("lena")); err != nil {
			t.Errorf("at first roles need nobody else: %v", err)
		}
		wants(t, w.SetActRule(w.as("sara"), marketplace.ActRole, true, 0), errs.Forbidden)
		w.must(w.SetActRule(w.as("otto"), marketplace.ActRole, true, 0))
		wants(t, w.SetActRule(w.as("otto"), marketplace.ActRole, false, 0), errs.Conflict)
		wants(t, w.Direct(w.as("otto"), w.roleOf("lena")), errs.Conflict)
		weak := w.roleOf("lena")
		weak.Role = authz.Auditor
		take := w.roleOf("sara")
		take.Take = true
		for name, in := range map[string]marketplace.ActInput{"a role that decides nothing": weak, "taking a role": take} {
			if err := w.Direct(w.as("otto"), in); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := w.Direct(authz.With(t.Context(), authz.Operator), w.roleOf("lena")); err != nil {
			t.Errorf("the operator: %v", err)
		}
	})
}

// Names stand in no proposal: who was erased is nobody there, too.
func TestProposal_ForgetsWhoWasErased(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		w.makeAdmin("mia")
		p := w.proposed()
		if !strings.Contains(p.Title, "lena") {
			t.Fatalf("its title is %q", p.Title)
		}
		w.must(w.store.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
			return identity.Erase(ctx, tx, w.at, w.id["lena"])
		}))
		nodes, err := w.store.Nodes(t.Context(), p.ID)
		w.must(err)
		if kept := fmt.Sprintf("%s", nodes[p.ID].Props); strings.Contains(kept, "lena") {
			t.Errorf("the proposal keeps %s", kept)
		}
		v, err := w.Proposal(w.as("mia"), p.ID)
		w.must(err)
		if text := v.Title + strings.Join(v.Lines, " "); strings.Contains(text, "lena") || !strings.Contains(text, identity.Erased) {
			t.Errorf("the page says %q", text)
		}
	})
}

// Of two who confirm at once one does, and the act is done once.
func TestProposal_TwoConfirmAtOnce(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		w.makeAdmin("mia", "cleo")
		p := w.proposed()
		seen, err := w.Proposal(w.as("mia"), p.ID)
		w.must(err)
		before := len(w.entries("role.grant"))
		contexts := []context.Context{w.as("mia"), w.as("cleo")}
		answers := make([]error, len(contexts))
		var both sync.WaitGroup
		for i, ctx := range contexts {
			both.Go(func() {
				_, answers[i] = w.ConfirmProposal(ctx, marketplace.ProposalVerdict{Proposal: p.ID, Seen: seen.Seen})
			})
		}
		both.Wait()
		won := 0
		for _, err := range answers {
			if err == nil {
				won++
			} else if !errs.Is(err, errs.Conflict) {
				t.Errorf("the other is told %v", err)
			}
		}
		if won != 1 || len(w.entries("role.grant")) != before+1 || len(w.entries("marketplace.proposal-run")) != 1 {
			t.Errorf("%d won, %d roles were given, it ran %d times", won, len(w.entries("role.grant"))-before, len(w.entries("marketplace.proposal-run")))
		}
	})
}
