package identity_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/authz"
	"weir/graph"
	"weir/identity"
)

func TestHolders(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ada, bob, cid, dan := w.user("ada"), w.user("bob"), w.user("cid"), w.user("dan")
		bot := w.account("bot", ada.ID, authz.Agent)
		team := w.team("care", w.team("night", bob.ID, dan.ID), bot)
		w.grant(cid.ID, authz.Steward, authz.Everywhere)
		held := func(of graph.ID, domain string) graph.Edge { // the domains are no matter of identity: there are none here
			return graph.Edge{From: of, Rel: authz.RelHolds, To: authz.RoleID(authz.Steward), Key: domain}
		}
		w.fine(w.store.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
			return tx.Link(ctx, held(team, "dom_a"), held(ada.ID, "dom_b"), held(bot, "dom_b"))
		}))
		w.fine(w.DisableUser(w.op, dan.ID))
		for _, c := range []struct {
			role, domain string
			want         []graph.ID
		}{
			{authz.Steward, "dom_a", []graph.ID{bob.ID, cid.ID}},
			{authz.Steward, "dom_b", []graph.ID{ada.ID, cid.ID}},
			{authz.Steward, authz.Everywhere, []graph.ID{cid.ID}},
			{authz.Steward, authz.NoDomain, []graph.ID{cid.ID}},
			{authz.Owner, "dom_a", nil},
			{"no such role", "dom_a", nil},
		} {
			got, err := identity.Holders(t.Context(), w.store, c.role, c.domain)
			w.fine(err)
			if slices.Sort(c.want); !slices.Equal(got, c.want) {
				t.Errorf("%s in %s: %v, want %v", c.role, c.domain, got, c.want)
			}
		}
	})
}

func TestPeople(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ada, bob, dan := w.user("ada"), w.user("bob"), w.user("dan")
		bot := w.account("bot", ada.ID, authz.Agent)
		night := w.team("night", bob.ID, dan.ID, bot)
		care := w.team("care", night, ada.ID)
		gone := w.team("gone", ada.ID)
		w.fine(w.DeleteTeam(w.op, gone))
		w.fine(w.DisableUser(w.op, dan.ID))
		got, err := identity.People(t.Context(), w.store, care, night, gone, ada.ID, dan.ID, bot, "usr_nobody", "operator")
		w.fine(err)
		both := []graph.ID{ada.ID, bob.ID}
		slices.Sort(both)
		want := map[graph.ID][]graph.ID{care: both, night: {bob.ID}, ada.ID: {ada.ID}}
		if !maps.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

func TestDeputies(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ada, bob, cid, dan, eve := w.user("ada"), w.user("bob"), w.user("cid"), w.user("dan"), w.user("eve")
		short, long := w.standIn(ada.ID, bob.ID, 0, 2), w.standIn(ada.ID, cid.ID, 0, 9)
		w.standIn(ada.ID, eve.ID, 5, 9)                                // to come
		w.fine(w.EndStandIn(w.op, w.standIn(ada.ID, eve.ID, 0, 9).ID)) // ended
		w.standIn(ada.ID, dan.ID, 0, 9)
		w.fine(w.DisableUser(w.op, dan.ID)) // can't
		w.standIn(eve.ID, bob.ID, 0, 9)
		deputies := func(people ...graph.ID) string {
			got, err := identity.Deputies(t.Context(), w.store, w.clock.now(), people...)
			w.fine(err)
			var out []string
			for _, s := range got[ada.ID] {
				out = append(out, string(s.ID))
			}
			if len(got) > 1 {
				t.Errorf("others, too: %v", got)
			}
			return strings.Join(out, " ")
		}
		if got, want := deputies(ada.ID, bob.ID), string(long.ID+" "+short.ID); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		w.clock.add(3 * time.Hour)
		if got, want := deputies(ada.ID), string(long.ID); got != want {
			t.Errorf("later: %q, want %q", got, want)
		}
		w.fine(w.DisableUser(w.op, ada.ID))
		if got := deputies(ada.ID); got != "" {
			t.Errorf("for one who is disabled: %q", got)
		}
	})
}

func TestResolve(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		jane, care := w.user("jane").ID, w.team("care")
		both, team := w.user("both").ID, w.team("both")
		gone := w.team("gone")
		w.fine(w.DeleteTeam(w.op, gone))
		w.fine(w.DisableUser(w.op, jane))
		want := map[string]graph.ID{
			"team:care": care, " Team: CARE ": care, "group:care": care, "care": care,
			"user:jane": jane, "person:Jane": jane, "jane": jane,
			"both": team, "user:both": both, "team:both": team,
		}
		names := slices.Concat(slices.Collect(maps.Keys(want)), []string{"team:jane", "user:care", "gone", "team:gone", "", "team:", ":", "own:care",
			"user:jane:x", "Jane Doe", "käthe", strings.Repeat("x", 5000)})
		got, err := identity.Resolve(t.Context(), w.store, names...)
		w.fine(err)
		if !maps.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}
