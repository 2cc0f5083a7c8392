package identity_test

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"weir/authz"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/neo4j/neo4jtest"
	"weir/graph/sqlite"
	"weir/identity"
)

// plain is a random set of people, teams and accounts in plain maps and lists, from which the oracles answer. Times are hours;
// the moment is 0.
type plain struct {
	mark     string // begins the rest of each id, so that many can share a store
	at       time.Time
	disabled map[graph.ID]bool // of every person
	accounts map[graph.ID]graph.ID
	teams    []graph.ID
	members  [][2]graph.ID // who is in which team now
	left     [][2]graph.ID // who was
	standIns []plainStandIn
	held     []plainRole
}

type plainStandIn struct {
	id                  graph.ID
	from, to            graph.ID
	since, until, ended int
	isEnded             bool
}

type plainRole struct {
	of           graph.ID
	role, domain string
}

func (p *plain) people() []graph.ID { return slices.Sorted(maps.Keys(p.disabled)) }

func (p *plain) everybody() []graph.ID {
	return slices.Concat(p.people(), slices.Sorted(maps.Keys(p.accounts)), p.teams)
}

func (p *plain) id(kind string, n int) graph.ID {
	return graph.ID(fmt.Sprintf("%s_%s-%02d", kind, p.mark, n))
}

func (p *plain) moment(hour int) time.Time { return p.at.Add(time.Duration(hour) * time.Hour) }

var marks atomic.Int64

// draw makes a random one. Teams hold people, accounts and teams of a higher number; stand-ins go in any circle.
func draw(r *rapid.T) *plain {
	p := &plain{mark: fmt.Sprint(marks.Add(1)), at: graph.Time(time.Now()), disabled: map[graph.ID]bool{}, accounts: map[graph.ID]graph.ID{}}
	crowd := rapid.IntRange(0, 3).Draw(r, "crowd") == 0
	count := rapid.IntRange(1, 8).Draw(r, "people")
	if crowd {
		count += 40
	}
	for n := range count {
		p.disabled[p.id("usr", n)] = n%5 == 3
	}
	for n := range rapid.IntRange(0, 5).Draw(r, "accounts") {
		p.accounts[p.id("acc", n)] = rapid.SampledFrom(p.people()).Draw(r, "owner")
	}
	for n := range rapid.IntRange(0, 4).Draw(r, "teams") {
		p.teams = append(p.teams, p.id("tea", n))
	}
	p.drawMembers(r, crowd)
	for n := range rapid.IntRange(0, 8).Draw(r, "stand-ins") {
		p.standIns = append(p.standIns, p.drawStandIn(r, n))
	}
	for range rapid.IntRange(0, 4).Draw(r, "roles") {
		p.held = append(p.held, plainRole{rapid.SampledFrom(p.everybody()).Draw(r, "holder"), rapid.SampledFrom([]string{"owner", "steward"}).Draw(r, "role"),
			rapid.SampledFrom([]string{"dom_a", "dom_b", authz.Everywhere}).Draw(r, "domain")})
	}
	return p
}

func (p *plain) drawMembers(r *rapid.T, crowd bool) {
	for n, team := range p.teams {
		could := slices.Concat(p.people(), slices.Sorted(maps.Keys(p.accounts)), p.teams[n+1:])
		for range rapid.IntRange(0, 5).Draw(r, "members") {
			pair := [2]graph.ID{rapid.SampledFrom(could).Draw(r, "member"), team}
			switch {
			case slices.Contains(p.members, pair) || slices.Contains(p.left, pair):
			case rapid.IntRange(0, 4).Draw(r, "left") == 0:
				p.left = append(p.left, pair)
			default:
				p.members = append(p.members, pair)
			}
		}
	}
	if !crowd || len(p.teams) == 0 {
		return
	}
	for _, id := range p.people() {
		if pair := [2]graph.ID{id, p.teams[len(p.teams)-1]}; !slices.Contains(p.members, pair) && !slices.Contains(p.left, pair) {
			p.members = append(p.members, pair)
		}
	}
}

func (p *plain) drawStandIn(r *rapid.T, n int) plainStandIn {
	s := plainStandIn{id: p.id("sti", n), from: rapid.SampledFrom(p.people()).Draw(r, "from"), to: rapid.SampledFrom(p.people()).Draw(r, "to")}
	s.since = rapid.IntRange(-6, 3).Draw(r, "since")
	s.until = s.since + rapid.IntRange(1, 5).Draw(r, "hours")
	if rapid.IntRange(0, 2).Draw(r, "ended") == 0 { // before it began, too
		s.isEnded, s.ended = true, min(0, rapid.IntRange(s.since-1, s.until-1).Draw(r, "end"))
		s.until = s.ended
	}
	return s
}

// write puts all of it into a store as identity keeps it.
func (p *plain) write(t testing.TB, s graph.Store) {
	var ws []graph.NodeWrite
	node := func(id graph.ID, kind graph.Kind, props graph.Props) {
		ws = append(ws, graph.NodeWrite{Node: graph.Node{ID: id, Kind: kind, Props: props}})
	}
	for id, off := range p.disabled {
		node(id, "User", graph.Props{"login": string(id), "name": string(id), "disabled": off})
	}
	for id, owner := range p.accounts {
		node(id, "Account", graph.Props{"name": string(id), "type": "agent", "owner": string(owner)})
	}
	for _, id := range p.teams {
		node(id, "Team", graph.Props{"name": string(id), "title": string(id)})
	}
	for _, si := range p.standIns {
		props := graph.Props{"from": string(si.from), "to": string(si.to), "since": p.moment(si.since), "until": p.moment(si.until)}
		if si.isEnded {
			props["ended"] = p.moment(si.ended)
		}
		node(si.id, "StandIn", props)
	}
	for _, role := range []string{"owner", "steward"} {
		node(authz.RoleID(role), "Role", graph.Props{"name": role})
	}
	var edges []graph.Edge
	for _, pair := range p.members {
		edges = append(edges, graph.Edge{From: pair[0], Rel: identity.RelMember, To: pair[1]})
	}
	for _, pair := range p.left {
		edges = append(edges, graph.Edge{From: pair[0], Rel: identity.RelMember, To: pair[1], Valid: graph.Span{Until: p.moment(-1)}})
	}
	for _, h := range p.held {
		edges = append(edges, graph.Edge{From: h.of, Rel: authz.RelHolds, To: authz.RoleID(h.role), Key: h.domain})
	}
	err := s.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, ws...); err != nil {
			return err
		}
		return tx.Link(ctx, edges...)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// drop takes it out again.
func (p *plain) drop(t testing.TB, s graph.Store) {
	ids := p.everybody()
	for _, si := range p.standIns {
		ids = append(ids, si.id)
	}
	err := s.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error { return tx.Delete(ctx, ids...) })
	if err != nil {
		t.Fatal(err)
	}
}

// around says, from the rule alone, who is in the circle: repeat until nothing changes.
func (p *plain) around(of []graph.ID, since int) map[graph.ID]bool {
	in := map[graph.ID]bool{}
	for _, id := range of {
		in[id] = true
	}
	p.repeat(in, p.addMembers)
	p.repeat(in, func(in map[graph.ID]bool) {
		for account, owner := range p.accounts {
			if in[account] || in[owner] {
				in[account], in[owner] = true, true
			}
		}
		for _, s := range p.standIns {
			if in[s.from] && s.held(since) {
				in[s.to] = true
			}
		}
	})
	return in
}

func (p *plain) repeat(in map[graph.ID]bool, step func(map[graph.ID]bool)) {
	for n := -1; n != len(in); {
		n = len(in)
		step(in)
	}
}

func (p *plain) addMembers(in map[graph.ID]bool) {
	for _, pair := range p.members {
		if in[pair[1]] {
			in[pair[0]] = true
		}
	}
}

// held tells whether somebody stood in during any hour from since to the moment.
func (s plainStandIn) held(since int) bool {
	for hour := min(since, 0); hour <= 0; hour++ {
		if s.since <= hour && hour < s.until {
			return true
		}
	}
	return false
}

// able are the enabled people in or among ids.
func (p *plain) able(ids ...graph.ID) []graph.ID {
	in := map[graph.ID]bool{}
	for _, id := range ids {
		in[id] = true
	}
	p.repeat(in, p.addMembers)
	var out []graph.ID
	for _, id := range p.people() {
		if in[id] && !p.disabled[id] {
			out = append(out, id)
		}
	}
	return out
}

// truth tells whether a tie is one that there is.
func (p *plain) truth(id graph.ID, tie identity.Tie, of []graph.ID, since int) bool {
	switch tie.How {
	case identity.Self:
		return slices.Contains(of, id)
	case identity.Membership:
		in := map[graph.ID]bool{tie.Of: true}
		p.repeat(in, p.addMembers)
		return slices.Contains(of, tie.Of) && in[id]
	case identity.Owned:
		return p.accounts[id] == tie.Of && tie.Type == authz.Agent
	case identity.Ownership:
		return p.accounts[tie.Of] == id && tie.Type == authz.Agent
	}
	var last *plainStandIn // of those that count
	for _, s := range p.standIns {
		if s.from == tie.Of && s.to == id && s.held(since) && (last == nil || s.until > last.until) {
			last = &s
		}
	}
	return last != nil && p.moment(last.until).Equal(tie.Until) && tie.Over == (last.isEnded || last.until <= 0)
}

// eachStore runs a property on fresh stores in memory, and on one store each of SQLite and Neo4j, if there is one.
func eachStore(t *testing.T, run func(t *testing.T, store func() graph.Store)) {
	kept := schema(t)
	t.Run("memory", func(t *testing.T) { run(t, func() graph.Store { return graphtest.Memory(kept) }) })
	t.Run("sqlite", func(t *testing.T) {
		s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "weir.db"), kept, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		run(t, func() graph.Store { return s })
	})
	t.Run("neo4j", func(t *testing.T) {
		s := neo4jtest.Open(t, kept)
		run(t, func() graph.Store { return s })
	})
}
