package marketplace_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/marketplace"
)

// raceRounds is how often each race is run: who wins is up to the machine.
const raceRounds = 8

// together runs all at once and returns what came of each.
func together(all ...func() error) []error {
	out := make([]error, len(all))
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i, do := range all {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-start
			out[i] = do()
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
	return out
}

// deciding is somebody's decision about an item as he looks at it now, to be made later.
func (w *bureau) deciding(who string, item graph.ID, d marketplace.Decide) func() error {
	w.t.Helper()
	ctx := w.as(who)
	v := is(w.Item(ctx, item))(w.t)
	d.Item, d.Seen, d.Version = item, v.Facts, v.Version
	return func() error { return only(w.Decide(ctx, d)) }
}

// oneWon wants one of them to have worked, and the others to have heard of a conflict.
func oneWon(t testing.TB, got []error) {
	t.Helper()
	won := 0
	for _, err := range got {
		if err == nil {
			won++
		} else if !errs.Is(err, errs.Conflict) {
			t.Errorf("who lost heard %v, want a conflict", err)
		}
	}
	same(t, "winners", won, 1)
}

// about are the actions in the log on an item, the first one first.
func (w *bureau) about(item graph.ID) []string {
	var out []string
	for _, e := range w.log() {
		if e.Target == item && e.Decision == audit.Allowed {
			out = append(out, strings.TrimPrefix(e.Action, "marketplace."))
		}
	}
	return out
}

// TestRace_TwoApprovers: of two who approve the same step at once one wins; there is one grant and one entry.
func TestRace_TwoApprovers(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		for round := range raceRounds {
			item := w.sent("ada", w.ask("ada", bureauMart))
			_, err := w.says("tom", item.ID, approves)
			w.must(err)
			verdicts := []func() error{w.deciding("cleo", item.ID, approves), w.deciding("carl", item.ID, approves)}
			if round%2 == 1 {
				verdicts[1] = w.deciding("carl", item.ID, rejects)
			}
			oneWon(t, together(verdicts...))
			same(t, "entries", len(w.about(item.ID)), 3)
			after := is(w.Item(w.as("ada"), item.ID))(t)
			same(t, "granted", after.Grant != "", after.State == marketplace.Approved)
		}
		same(t, "grants", len(w.grants("ada")), len(w.entries("marketplace.approve"))-raceRounds)
	})
}

// TestRace_WithdrawAgainstApprove: either there is a grant, or it was withdrawn.
func TestRace_WithdrawAgainstApprove(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		granted := 0
		for range raceRounds {
			item := w.sent("ada", w.ask("ada", bureauPlain))
			ada := w.as("ada")
			oneWon(t, together(w.deciding("tom", item.ID, approves), func() error { return w.Withdraw(ada, item.ID, 0) }))
			after := is(w.Item(w.as("ada"), item.ID))(t)
			switch log := w.about(item.ID); {
			case after.State == marketplace.Approved && slices.Equal(log, []string{"submit", "approve"}):
				granted++
			case after.State == marketplace.Withdrawn && slices.Equal(log, []string{"submit", "withdraw"}) && after.Grant == "":
			default:
				t.Fatalf("it is %s, and the log says %v", after.State, log)
			}
		}
		same(t, "grants", len(w.grants("ada")), granted)
	})
}

// TestRace_TwoOfTwo: two who are both needed and looked at the same version: one has to look again, and both count.
func TestRace_TwoOfTwo(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		w.rule("two", bureauPlain, twoOfSecurity)
		for range raceRounds {
			item := w.sent("ada", w.ask("ada", bureauPlain))
			who := []string{"sara", "saul"}
			got := together(w.deciding("sara", item.ID, approves), w.deciding("saul", item.ID, approves))
			oneWon(t, got)
			late := who[slices.IndexFunc(got, func(err error) bool { return err != nil })]
			after, err := w.says(late, item.ID, approves)
			w.must(err)
			same(t, "state", after.State, marketplace.Approved)
		}
		same(t, "grants", len(w.grants("ada")), raceRounds)
	})
}

// TestRace_StandInAgainstApprove: whoever is made the stand-in of who asks decides before, or not at all. The log tells which.
func TestRace_StandInAgainstApprove(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		op := authz.With(t.Context(), authz.Operator)
		for range raceRounds {
			item := w.sent("ada", w.ask("ada", bureauPlain))
			var s identity.StandIn
			got := together(w.deciding("tom", item.ID, approves), func() (err error) {
				s, err = w.people.NameStandIn(op, identity.NewStandIn{From: w.id["ada"], To: w.id["tom"], Since: w.at, Until: w.at.AddDate(0, 0, 1)})
				return err
			})
			w.must(got[1])
			log := actions(w.log())
			named, approved := lastOf(log, "identity.stand-in"), lastOf(log, "marketplace.approve")
			switch state := is(w.Item(w.as("ada"), item.ID))(t).State; {
			case got[0] == nil && state == marketplace.Approved && approved < named:
			case errs.Is(got[0], errs.Forbidden) && state == marketplace.Submitted && named < approved: // the attempt is written down
				w.must(w.Withdraw(w.as("ada"), item.ID, 0))
			default:
				t.Fatalf("he heard %v, it is %s, approved at %d, made stand-in at %d", got[0], state, approved, named)
			}
			w.must(w.people.EndStandIn(op, s.ID))
			w.at = w.at.AddDate(0, 0, 1)
		}
	})
}

// TestRace_LeavingAgainstApprove: whoever leaves the team that decides does so after his decision, or doesn't decide.
func TestRace_LeavingAgainstApprove(t *testing.T) {
	eachBureau(t, func(t *testing.T, w *bureau) {
		op := authz.With(t.Context(), authz.Operator)
		for range raceRounds {
			item := w.sent("ada", w.ask("ada", bureauMart))
			_, err := w.says("tom", item.ID, approves)
			w.must(err)
			got := together(w.deciding("cleo", item.ID, approves),
				func() error { return w.people.RemoveMember(op, w.id["crm"], w.id["cleo"]) })
			w.must(got[1])
			log := actions(w.log())
			left := lastOf(log, "identity.member-remove")
			approved := lastOf(log, "marketplace.approve")
			switch state := is(w.Item(w.as("ada"), item.ID))(t).State; {
			case got[0] == nil && state == marketplace.Approved && approved < left:
			case errs.Is(got[0], errs.Forbidden) && state == marketplace.Submitted:
				w.must(w.Withdraw(w.as("ada"), item.ID, 0))
			default:
				t.Fatalf("she heard %v, it is %s, approved at %d, left at %d", got[0], state, approved, left)
			}
			w.must(w.people.AddMember(op, w.id["crm"], w.id["cleo"]))
		}
	})
}

func lastOf(log []string, action string) int {
	for i := len(log) - 1; i >= 0; i-- {
		if log[i] == action {
			return i
		}
	}
	return -1
}
