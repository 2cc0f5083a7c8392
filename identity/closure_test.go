package identity_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/authz"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/identity"
)

// standIn makes one person stand in for another, from then until then in hours after now.
func (w *world) standIn(from, to graph.ID, since, until int) identity.StandIn {
	w.t.Helper()
	now := w.clock.now()
	s, err := w.NameStandIn(w.op, identity.NewStandIn{From: from, To: to,
		Since: now.Add(time.Duration(since) * time.Hour), Until: now.Add(time.Duration(until) * time.Hour)})
	w.fine(err)
	return s
}

func (w *world) account(name string, of graph.ID, sort authz.Type) graph.ID {
	w.t.Helper()
	a, err := w.CreateAccount(w.op, identity.NewAccount{Name: name, Type: sort, Owner: of})
	w.fine(err)
	return a.ID
}

// team makes a team with members.
func (w *world) team(name string, members ...graph.ID) graph.ID {
	w.t.Helper()
	team, err := w.CreateTeam(w.op, identity.NewTeam{Name: name, Title: strings.ToUpper(name)})
	w.fine(err)
	for _, m := range members {
		w.fine(w.AddMember(w.op, team.ID, m))
	}
	return team.ID
}

// TestClosure_Why: who is in the circle is told why, back to whom it was drawn around.
func TestClosure_Why(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		id := map[string]graph.ID{}
		for _, login := range []string{"maya", "lena", "erik", "ines", "noah", "boss", "temp"} {
			id[login] = w.user(login).ID
		}
		id["bot"] = w.account("bot", id["maya"], authz.Agent)
		id["etl"] = w.account("etl", id["ines"], authz.Account)
		id["core"] = w.team("core", id["maya"], id["etl"])
		id["growth"] = w.team("growth", id["core"], id["erik"])
		w.team("company", id["growth"], id["boss"]) // the team above, and who is in it, are no part of it
		asked := w.clock.now()
		w.standIn(id["maya"], id["lena"], 0, 24)
		w.standIn(id["lena"], id["noah"], 0, 1)
		w.standIn(id["erik"], id["boss"], 20, 24)                              // to come
		w.fine(w.DisableUser(w.op, id["erik"]))                                // a member all the same
		w.fine(w.EndStandIn(w.op, w.standIn(id["ines"], id["temp"], 5, 9).ID)) // ended before it began
		w.clock.add(2 * time.Hour)
		day := asked.UTC().Add(24 * time.Hour).Format("2 January 2006")
		over := asked.UTC().Add(time.Hour).Format("2 January 2006")
		for name, c := range map[string]struct {
			of   []string
			want map[string]string // the reason of each; "" is none
		}{
			"a person": {[]string{"maya"}, map[string]string{
				"maya": "Name of maya asks for this or is who it is for, and so can't decide this.",
				"bot":  "bot is an agent of Name of maya, and so can't decide this. Name of maya asks for this or is who it is for.",
				"lena": "Name of lena stands in for Name of maya until " + day + ", and so can't decide this. Name of maya asks for this or is who it is for.",
				"noah": "Name of noah stood in for Name of lena until " + over + ", after this was asked for, and so can't decide this. " +
					"Name of lena stands in for Name of maya until " + day + ". Name of maya asks for this or is who it is for.",
				"erik": "", "boss": "", "core": "", "growth": "", "ines": "", "etl": "", "temp": "",
			}},
			"an agent": {[]string{"bot"}, map[string]string{
				"bot":  "bot asks for this or is who it is for, and so can't decide this.",
				"maya": "Name of maya owns the agent bot, which this is for, and so can't decide this.",
				"lena": "Name of lena stands in for Name of maya until " + day + ", and so can't decide this. Name of maya owns the agent bot, which this is for.",
				"erik": "", "boss": "", "ines": "",
			}},
			"a team": {[]string{"growth"}, map[string]string{
				"maya": "Name of maya is in the team GROWTH, which this is for, and so can't decide this.",
				"erik": "Name of erik is in the team GROWTH, which this is for, and so can't decide this.",
				"ines": "Name of ines owns the service account etl, which this is for, and so can't decide this. etl is in the team GROWTH, which this is for.",
				"boss": "", "temp": "",
			}},
			"both": {[]string{"core", "erik"}, map[string]string{
				"erik": "Name of erik asks for this or is who it is for, and so can't decide this.",
				"maya": "Name of maya is in the team CORE, which this is for, and so can't decide this.",
				"etl":  "etl is in the team CORE, which this is for, and so can't decide this.",
				"boss": "",
			}},
		} {
			var of []graph.ID
			for _, who := range c.of {
				of = append(of, id[who])
			}
			circle, err := identity.Closure(t.Context(), w.store, of, asked, w.clock.now())
			w.fine(err)
			for who, want := range c.want {
				names, err := w.Names(t.Context(), circle.Chain(id[who])...)
				w.fine(err)
				if got := circle.Why(id[who], names); got != want || circle.Has(id[who]) != (want != "") {
					t.Errorf("%s: %s: %q, want %q", name, who, got, want)
				}
			}
		}
	})
}

// TestClosure_Unknown: ids of nobody are in the circle themselves, whatever they look like.
func TestClosure_Unknown(t *testing.T) {
	w := memory(t)
	of := []graph.ID{"operator", "", "usr_", "usr_gone", "tea_gone", "acc_go ne", graph.ID(strings.Repeat("usr_x", 100))}
	c, err := identity.Closure(t.Context(), w.store, of, time.Time{}, w.clock.now())
	if err != nil || len(c) != len(of) {
		t.Errorf("%v %v", c, err)
	}
	if got := c.Why("usr_gone", nil); got != "usr_gone asks for this or is who it is for, and so can't decide this." {
		t.Error(got)
	}
	if c, err := identity.Closure(t.Context(), w.store, nil, time.Time{}, w.clock.now()); err != nil || len(c) != 0 {
		t.Errorf("around nobody: %v %v", c, err)
	}
}

// TestClosure_InTransaction: what a command writes before it reads the circle counts.
func TestClosure_InTransaction(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ada, bob := w.user("ada"), w.user("bob")
		team := w.team("ops", ada.ID)
		w.fine(w.store.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
			w.fine(tx.Link(ctx, graph.Edge{From: bob.ID, Rel: identity.RelMember, To: team}))
			c, err := identity.Closure(ctx, tx, []graph.ID{team}, w.clock.now(), w.clock.now())
			if !c.Has(bob.ID) || !c.Has(ada.ID) {
				t.Errorf("the circle is %v", c)
			}
			return err
		}))
	})
}

// counted counts the calls that a store is asked.
type counted struct {
	graph.Reader
	calls int
}

func (c *counted) Nodes(ctx context.Context, ids ...graph.ID) (map[graph.ID]graph.Node, error) {
	c.calls++
	return c.Reader.Nodes(ctx, ids...)
}

func (c *counted) Edges(ctx context.Context, q graph.EdgeQuery) (graph.EdgePage, error) {
	c.calls++
	return c.Reader.Edges(ctx, q)
}

func (c *counted) List(ctx context.Context, q graph.Query) (graph.Page, error) {
	c.calls++
	return c.Reader.List(ctx, q)
}

func (c *counted) Traverse(ctx context.Context, w graph.Walk) (graph.Subgraph, error) {
	c.calls++
	return c.Reader.Traverse(ctx, w)
}

// company is 20 teams within each other, nine deep, with so many members, each with an agent and a stand-in.
func company(members int) *plain {
	p := &plain{mark: "co", at: graph.Time(time.Now()), disabled: map[graph.ID]bool{}, accounts: map[graph.ID]graph.ID{}}
	for n := range 20 {
		p.teams = append(p.teams, p.id("tea", n))
		if n > 0 {
			p.members = append(p.members, [2]graph.ID{p.teams[n], p.teams[min(n-1, 8)]})
		}
	}
	for n := range members {
		id := p.id("usr", n)
		p.disabled[id] = false
		p.accounts[p.id("acc", n)] = id
		p.members = append(p.members, [2]graph.ID{id, p.teams[n%20]})
		to := p.id("usr", members+n)
		p.disabled[to] = false
		p.standIns = append(p.standIns, plainStandIn{id: p.id("sti", n), from: id, to: to, since: -2, until: 9})
	}
	return p
}

// TestRoundTrips: what is asked of the store depends on how far people are tied to each other, not on how many they are.
func TestRoundTrips(t *testing.T) {
	calls := map[string]map[int]int{"closure": {}, "people": {}, "deputies": {}, "holders": {}}
	for _, members := range []int{100, 1000} {
		p, s := company(members), graphtest.Memory(schema(t))
		p.held = []plainRole{{p.teams[0], "owner", authz.Everywhere}}
		p.write(t, s)
		count := func(name string, want int, ask func(r graph.Reader) (int, error)) {
			t.Helper()
			r := &counted{Reader: s}
			if got, err := ask(r); err != nil || got != want {
				t.Fatalf("%s of %d members: %d %v, want %d", name, members, got, err, want)
			}
			calls[name][members] = r.calls
		}
		var people []graph.ID
		count("closure", 20+3*members, func(r graph.Reader) (int, error) {
			c, err := identity.Closure(t.Context(), r, p.teams[:1], p.at, p.at)
			return len(c), err
		})
		count("people", members, func(r graph.Reader) (int, error) {
			all, err := identity.People(t.Context(), r, p.teams[0], p.teams[3], p.id("usr", 0))
			people = all[p.teams[0]]
			return len(people), err
		})
		count("deputies", members, func(r graph.Reader) (int, error) {
			all, err := identity.Deputies(t.Context(), r, p.at, people...)
			return len(all), err
		})
		count("holders", members, func(r graph.Reader) (int, error) {
			all, err := identity.Holders(t.Context(), r, "owner", "dom_any")
			return len(all), err
		})
	}
	want := map[string]map[int]int{"closure": {100: 4, 1000: 4}, "people": {100: 2, 1000: 2}, "deputies": {100: 2, 1000: 2}, "holders": {100: 2, 1000: 2}}
	if fmt.Sprint(calls) != fmt.Sprint(want) {
		t.Errorf("calls of the store are %v, want %v", calls, want)
	}
}

func BenchmarkClosure(b *testing.B) {
	p, s := company(1000), graphtest.Memory(schema(b))
	p.write(b, s)
	for b.Loop() {
		if c, err := identity.Closure(b.Context(), s, p.teams[:1], p.at, p.at); err != nil || !slices.Contains(p.teams, c[p.id("usr", 0)].Of) {
			b.Fatal(err)
		}
	}
}
