package marketplace_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"weir/authz"
	"weir/graph"
	"weir/identity"
	"weir/marketplace"
)

// cast is who is who in a bureau, in plain maps, from which the oracles of the model answer: they share no code with the
// program.
type cast struct {
	*bureau
	everybody []string
	accounts  map[string]string   // name → owner
	teams     map[string][]string // name → people, accounts and teams in it
	standIns  []*stood
	held      []heldRole
	gone      map[string]bool // disabled
	name      map[graph.ID]string
	fatal     func(format string, args ...any)
}

type stood struct {
	id           graph.ID
	from, to     string
	since, until time.Time
	ended        bool
}

type heldRole struct{ who, role, domain string }

// newCast is the people of a bureau, an agent of ada's, a service account of tom's, a team within a team, and a few roles.
func newCast(w *bureau) *cast {
	c := &cast{
		bureau: w, everybody: []string{"ada", "tom", "cleo", "carl", "lena", "sara", "saul", "mia", "otto"},
		accounts: map[string]string{"bot": "ada", "etl": "tom"}, gone: map[string]bool{}, name: map[graph.ID]string{},
		teams: map[string][]string{"crm": {"cleo", "carl"}, "growth": {"ada", "mia"}, "core": nil, "empty": nil},
		held: []heldRole{{"sara", authz.Approver, authz.Everywhere}, {"saul", authz.Approver, authz.Everywhere},
			{"otto", authz.Admin, authz.Everywhere}},
	}
	w.at = time.Date(2001, 1, 1, 9, 0, 0, 0, time.UTC) // edges hold by the clock of the store, which the clock of a run must not pass
	op := authz.With(w.t.Context(), authz.Operator)
	for _, name := range []string{"core", "empty"} {
		w.id[name] = is(w.people.CreateTeam(op, identity.NewTeam{Name: name}))(w.t).ID
	}
	for name, owner := range c.accounts {
		sort := map[string]authz.Type{"bot": authz.Agent, "etl": authz.Account}[name]
		w.id[name] = is(w.people.CreateAccount(op, identity.NewAccount{Name: name, Type: sort, Owner: w.id[owner]}))(w.t).ID
	}
	for name, id := range w.id {
		c.name[id] = name
	}
	return c
}

func (c *cast) op() context.Context { return authz.With(c.t.Context(), authz.Operator) }

// shuffle changes who is who in one way.
func (c *cast) shuffle(r *rapid.T) {
	pick := func(of []string, what string) string { return rapid.SampledFrom(of).Draw(r, what) }
	switch rapid.IntRange(0, 9).Draw(r, "change") {
	case 0, 1, 2:
		c.drawStandIn(r)
	case 3:
		if open := slices.DeleteFunc(slices.Clone(c.standIns), func(s *stood) bool { return s.ended || !c.at.Before(s.until) }); len(open) > 0 {
			s := rapid.SampledFrom(open).Draw(r, "ends")
			c.must(c.people.EndStandIn(c.op(), s.id))
			s.ended, s.until = true, c.at
		}
	case 4, 5, 6:
		c.move(pick([]string{"crm", "growth", "core"}, "team"), pick(append([]string{"core", "etl", "bot"}, c.everybody...), "member"))
	case 7:
		c.hold(heldRole{pick([]string{"lena", "mia", "carl", "core"}, "holder"), pick([]string{authz.Owner, authz.Steward, authz.Approver}, "role"),
			pick([]string{string(bureauSales), string(bureauCRM), authz.Everywhere}, "domain")})
	default:
		c.able(pick([]string{"tom", "cleo", "carl", "lena", "sara", "saul", "mia"}, "who comes or goes"))
	}
}

func (c *cast) drawStandIn(r *rapid.T) {
	from, to := rapid.SampledFrom(c.everybody).Draw(r, "from"), rapid.SampledFrom(c.everybody).Draw(r, "to")
	since := c.at.Add(time.Duration(rapid.IntRange(-48, 24).Draw(r, "since")) * time.Hour)
	until := c.at.Add(time.Duration(rapid.IntRange(1, 200).Draw(r, "until")) * time.Hour)
	if from == to || c.gone[to] || !until.After(since) {
		return
	}
	s, err := c.people.NameStandIn(c.op(), identity.NewStandIn{From: c.id[from], To: c.id[to], Since: since, Until: until})
	c.must(err)
	c.standIns = append(c.standIns, &stood{id: s.ID, from: from, to: to, since: since, until: until})
}

// move puts somebody into a team, or takes him out of it.
func (c *cast) move(team, member string) {
	if team == member || slices.Contains(c.within(member), team) {
		return
	}
	if i := slices.Index(c.teams[team], member); i >= 0 {
		c.must(c.people.RemoveMember(c.op(), c.id[team], c.id[member]))
		c.teams[team] = slices.Delete(slices.Clone(c.teams[team]), i, i+1)
		return
	}
	c.must(c.people.AddMember(c.op(), c.id[team], c.id[member]))
	c.teams[team] = append(slices.Clone(c.teams[team]), member)
}

// hold gives a role, or takes it.
func (c *cast) hold(h heldRole) {
	roles := &authz.Service{Store: c.store, Now: func() time.Time { return c.at }}
	change := authz.RoleChange{Subject: c.id[h.who], Role: h.role, Domain: h.domain}
	if i := slices.Index(c.held, h); i >= 0 {
		c.must(roles.RevokeRole(c.op(), change))
		c.held = slices.Delete(c.held, i, i+1)
		return
	}
	c.must(roles.GrantRole(c.op(), change))
	c.held = append(c.held, h)
}

func (c *cast) able(who string) {
	if c.gone[who] {
		c.must(c.people.EnableUser(c.op(), c.id[who]))
	} else {
		c.must(c.people.DisableUser(c.op(), c.id[who]))
	}
	c.gone[who] = !c.gone[who]
}

// within are all who are in a team, nested ones too; of somebody else himself.
func (c *cast) within(name string) []string {
	out := []string{name}
	for i := 0; i < len(out); i++ {
		for _, m := range c.teams[out[i]] {
			if !slices.Contains(out, m) {
				out = append(out, m)
			}
		}
	}
	return out
}

// circle are all who must not decide for some people, accounts and teams: the oracle of identity.Closure.
func (c *cast) circle(of []string, since time.Time) map[string]bool {
	if c.at.Before(since) {
		since = c.at
	}
	out := map[string]bool{}
	for _, name := range of {
		for _, m := range c.within(name) {
			out[m] = true
		}
	}
	for before := -1; before != len(out); {
		before = len(out)
		for account, owner := range c.accounts {
			if out[account] || out[owner] {
				out[account], out[owner] = true, true
			}
		}
		for _, s := range c.standIns {
			if out[s.from] && s.since.Before(s.until) && !s.since.After(c.at) && s.until.After(since) {
				out[s.to] = true
			}
		}
	}
	return out
}

// answers tells whether somebody can decide for an assignee key, himself or for whom he stands in: an oracle, too.
func (c *cast) answers(who, key string) bool {
	if c.gone[who] || !slices.Contains(c.everybody, who) {
		return false
	}
	if c.names(who, key) {
		return true
	}
	return slices.ContainsFunc(c.standIns, func(s *stood) bool {
		return s.to == who && !s.ended && !c.at.Before(s.since) && c.at.Before(s.until) && !c.gone[s.from] && c.names(s.from, key)
	})
}

// names tells whether a key names somebody, by himself, a team or a role.
func (c *cast) names(who, key string) bool {
	role, domain, ok := strings.Cut(key, "@")
	if !ok {
		return slices.Contains(c.within(c.name[graph.ID(key)]), who)
	}
	return slices.ContainsFunc(c.held, func(h heldRole) bool {
		return h.role == role && (h.domain == domain || h.domain == authz.Everywhere) && slices.Contains(c.within(h.who), who)
	})
}

// free are the people outside a circle who can decide for one of some keys.
func (c *cast) free(keys []string, circle map[string]bool) []string {
	var out []string
	for _, who := range c.everybody {
		if !circle[who] && slices.ContainsFunc(keys, func(k string) bool { return c.answers(who, k) }) {
			out = append(out, who)
		}
	}
	return out
}

// independent is how many of people can be chosen of whom none is in the circle of another.
func (c *cast) independent(people []string, since time.Time) int {
	best := 0
	for set := range 1 << len(people) {
		var chosen []string
		for i, who := range people {
			if set>>i&1 == 1 {
				chosen = append(chosen, who)
			}
		}
		tied := slices.ContainsFunc(chosen, func(a string) bool {
			circle := c.circle([]string{a}, since)
			return slices.ContainsFunc(chosen, func(b string) bool { return a != b && circle[b] })
		})
		if !tied {
			best = max(best, len(chosen))
		}
	}
	return best
}

// canEnd tells whether people outside a circle can meet all steps together, as the steps ask now.
func (c *cast) canEnd(steps []marketplace.Step, circle map[string]bool, since time.Time) string {
	for _, st := range steps {
		var all []string
		for _, p := range st.Parties {
			keys := [][]string{p.Keys}
			if st.Mode == "all" {
				keys = nil
				for _, k := range p.Keys {
					keys = append(keys, []string{k})
				}
			}
			if p.Nobody && len(c.free(inLine(p), circle)) == 0 && st.Mode != "atleast" {
				return fmt.Sprintf("nobody is left in line for %v in %q", p.Keys, st.Name)
			}
			for _, k := range keys {
				if len(c.free(k, circle)) == 0 {
					return fmt.Sprintf("nobody can decide for %v in %q", k, st.Name)
				}
			}
			all = append(all, p.Keys...)
		}
		if st.Mode == "atleast" {
			if got := c.independent(c.free(all, circle), since); got < st.N {
				return fmt.Sprintf("%q takes %d, and %d are independent", st.Name, st.N, got)
			}
		}
	}
	return ""
}

// inLine are the keys of those who are asked where a party can't decide.
func inLine(p marketplace.Party) []string {
	domain := string(bureauSales)
	if len(p.For) > 0 && p.For[0] == bureauOrigin {
		domain = string(bureauCRM)
	}
	return []string{authz.Owner + "@" + domain, authz.Steward + "@" + domain, authz.Approver + "@" + domain}
}

// bad ends a test with what was the case.
func (c *cast) bad(format string, args ...any) {
	c.t.Helper()
	c.fatal(format+"\nat %s, teams %v, stand-ins %s, roles %v, gone %v",
		append(args, c.at.Format("02T15:04"), c.teams, c.standInWords(), c.held, c.gone)...)
}

func (c *cast) standInWords() string {
	var out []string
	for _, s := range c.standIns {
		out = append(out, fmt.Sprintf("%s→%s %s..%s", s.from, s.to, s.since.Format("02T15:04"), s.until.Format("02T15:04")))
	}
	return strings.Join(out, ", ")
}
