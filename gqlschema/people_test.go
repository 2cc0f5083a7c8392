package gqlschema

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/identity"
)

// staff are people who are there, with a team and an account.
type staff struct {
	*world
	ada, bob, eve, fay identity.User // an administrator and three without roles
	team               identity.Team
	bot                identity.Account // of bob
}

const password = "seven grey herons wade"

func newStaff(t *testing.T) *staff {
	t.Helper()
	return staffOf(t, newWorld(t))
}

// staffOf lets rules hold in a world and people in.
func staffOf(t *testing.T, w *world) *staff {
	t.Helper()
	s := &staff{world: w.guarded(t)}
	op := authz.With(t.Context(), authz.Operator)
	for login, u := range map[string]*identity.User{"ada": &s.ada, "bob": &s.bob, "eve": &s.eve, "fay": &s.fay} {
		in := identity.NewUser{Login: login, Name: strings.ToUpper(login[:1]) + login[1:]}
		if login == "bob" {
			in.Password = password
		}
		var err error
		if *u, err = s.options.People.CreateUser(op, in); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	if s.team, err = s.options.People.CreateTeam(op, identity.NewTeam{Name: "crm"}); err != nil {
		t.Fatal(err)
	}
	if s.bot, err = s.options.People.CreateAccount(op, identity.NewAccount{Name: "bot", Type: authz.Agent, Owner: s.bob.ID, Purpose: "Reads"}); err != nil {
		t.Fatal(err)
	}
	if err := s.options.Roles.GrantRole(op, authz.RoleChange{Subject: s.ada.ID, Role: authz.Admin, Domain: authz.Everywhere}); err != nil {
		t.Fatal(err)
	}
	return s
}

// who is somebody in a session that was begun just now.
func (s *staff) who(t *testing.T, id graph.ID) authz.Principal {
	t.Helper()
	p, err := s.options.People.PrincipalOf(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	p.Session, p.SignedInAt = "ses_test", time.Now()
	return p
}

func (s *staff) entries(t *testing.T, after int64) []audit.Entry {
	t.Helper()
	entries, err := audit.Heads(t.Context(), s.store, after, 100)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func (s *staff) last(t *testing.T) int64 {
	t.Helper()
	_, last, err := audit.Position(t.Context(), s.store, "test")
	if err != nil {
		t.Fatal(err)
	}
	return last
}

// deed is a mutation as somebody with the right calls it, what the log has to say of it, and whether somebody without any
// role may do it, too, since it is about himself.
type deed struct {
	by       graph.ID
	query    string
	action   string
	target   graph.ID // "": it is new
	everyone bool
}

// deeds has one of each mutation, in an order in which they can be done.
func (s *staff) deeds(t *testing.T) map[string]deed {
	t.Helper()
	op := authz.With(t.Context(), authz.Operator)
	tok, _, err := s.options.People.CreateToken(op, identity.NewToken{Principal: s.bob.ID, Name: "old", Scopes: []string{authz.ScopeRead}})
	if err != nil {
		t.Fatal(err)
	}
	in, err := s.options.People.NameStandIn(op, identity.NewStandIn{From: s.fay.ID, To: s.bob.ID, Until: time.Now().Add(time.Hour), Reason: "away"})
	if err != nil {
		t.Fatal(err)
	}
	a, b := ds("crm.customers"), ds("mart.customer_360")
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	ada, bob, eve, team, bot := s.ada.ID, s.bob.ID, s.eve.ID, s.team.ID, s.bot.ID
	return map[string]deed{
		"describe":       {ada, fmt.Sprintf(`describe(input: {id: %q, title: "Told"}) { asset { id } }`, a), "catalog.describe", a, false},
		"closeLineage":   {ada, fmt.Sprintf(`closeLineage(from: %q, to: %q) { from { id } }`, ds("crm.addresses"), catalog.TransformID("airflow", "load")), "catalog.close", "*", false},
		"setSame":        {ada, fmt.Sprintf(`setSame(a: %q, b: %q, same: true) { a { id } }`, ds("ops.t01"), b), "catalog.same", "*", false},
		"createUser":     {ada, `createUser(input: {login: "gus", name: "Gus"}) { id login }`, "identity.user-create", "", false},
		"editProfile":    {ada, fmt.Sprintf(`editProfile(input: {id: %q, name: "Evelyn"}) { name }`, eve), "identity.user-edit", eve, false},
		"changePassword": {bob, fmt.Sprintf(`changePassword(old: %q, new: "nine blue kites ascend")`, password), "identity.password-change", bob, true},
		"disableUser":    {ada, fmt.Sprintf(`disableUser(id: %q) { isDisabled }`, eve), "identity.user-disable", eve, false},
		"enableUser":     {ada, fmt.Sprintf(`enableUser(id: %q) { isDisabled }`, eve), "identity.user-enable", eve, false},
		"createTeam":     {ada, `createTeam(input: {name: "ops"}) { id title }`, "identity.team-create", "", false},
		"editTeam":       {ada, fmt.Sprintf(`editTeam(input: {id: %q, title: "Customers"}) { title }`, team), "identity.team-edit", team, false},
		"addMember":      {ada, fmt.Sprintf(`addMember(team: %q, member: %q) { members { nodes { id } } }`, team, eve), "identity.member-add", "*", false},
		"removeMember":   {ada, fmt.Sprintf(`removeMember(team: %q, member: %q) { id }`, team, eve), "identity.member-remove", "*", false},
		"deleteTeam":     {ada, fmt.Sprintf(`deleteTeam(id: %q)`, team), "identity.team-delete", team, false},
		"createAccount":  {ada, fmt.Sprintf(`createAccount(input: {name: "loader", type: SERVICE, owner: %q}) { id type owner }`, ada), "identity.account-create", "", false},
		"disableAccount": {ada, fmt.Sprintf(`disableAccount(id: %q) { isDisabled }`, bot), "identity.account-disable", bot, false},
		"enableAccount":  {ada, fmt.Sprintf(`enableAccount(id: %q) { isDisabled }`, bot), "identity.account-enable", bot, false},
		"createToken":    {bob, `createToken(input: {name: "mine", scopes: ["catalog:read"]}) { token { isGood } secret }`, "identity.token-create", bob, true},
		"revokeToken":    {ada, fmt.Sprintf(`revokeToken(id: %q)`, tok.ID), "identity.token-revoke", bob, false},
		"grantRole":      {ada, fmt.Sprintf(`grantRole(subject: %q, role: "auditor") { role }`, eve), "role.grant", eve, false},
		"revokeRole":     {ada, fmt.Sprintf(`revokeRole(subject: %q, role: "auditor") { role }`, eve), "role.revoke", eve, false},
		"setPolicy":      {ada, s.policyWithout(authz.Steward, authz.Link), "policy.edit", "*", false},
		"standIn":        {bob, fmt.Sprintf(`standIn(input: {to: %q, until: %q, reason: "holiday"}) { from to }`, eve, until), "identity.stand-in", "", true},
		"endStandIn":     {ada, fmt.Sprintf(`endStandIn(id: %q)`, in.ID), "identity.stand-in-end", "*", false},
	}
}

// policyWithout is the mutation that takes a rule away.
func (s *staff) policyWithout(role string, action authz.Action) string {
	rules, edits := s.options.Policy.Rules()
	var b strings.Builder
	for _, r := range rules {
		if r.Role != role || r.Action != action {
			g := showRule(r)
			fmt.Fprintf(&b, `{role: %q, domain: %q, kind: %s, action: %s, deny: %t}`, g.Role, g.Domain, g.Kind, g.Action, g.Deny)
		}
	}
	return fmt.Sprintf(`setPolicy(edits: %d, rules: [%s]) { edits rules { role } }`, edits, b.String())
}

// order is that of the deeds; revokeSession needs a browser and has a test of its own.
var order = []string{
	"describe", "closeLineage", "setSame", "createUser", "editProfile", "changePassword", "disableUser", "enableUser", "createTeam", "editTeam",
	"addMember", "removeMember", "deleteTeam", "createAccount", "disableAccount", "enableAccount", "createToken", "revokeToken",
	"grantRole", "revokeRole", "setPolicy", "standIn", "endStandIn",
}

// Those of the marketplace are done one after the other by the program's own test of deeds.
func TestEachMutationIsInTheTests(t *testing.T) {
	for _, f := range schema().Mutation.Fields {
		r := rules["Mutation"][f.Name]
		if !slices.Contains(order, f.Name) && f.Name != "revokeSession" && !r.market && !r.notify {
			t.Errorf("%s: nothing shows who may do it and what it writes down", f.Name)
		}
	}
}

// Each mutation writes one entry, with who did what to whom.
func TestEachMutationWritesItsEntry(t *testing.T) {
	s := newStaff(t)
	deeds := s.deeds(t)
	for _, name := range order {
		d := deeds[name]
		before := s.last(t)
		s.as(s.who(t, d.by)).ask("mutation { "+d.query+" }", nil)
		entries := s.entries(t, before)
		if len(entries) != 1 {
			t.Errorf("%s: %d entries", name, len(entries))
			continue
		}
		e := entries[0]
		if e.Actor != string(d.by) || e.Action != d.action || e.Decision != audit.Allowed || e.Target == "" || d.target != "" && d.target != "*" && e.Target != d.target {
			t.Errorf("%s wrote %+v", name, e)
		}
	}
}

// Somebody without a role may do none of them, but what is about himself, and the log has that he tried.
func TestEachMutationAsksForARight(t *testing.T) {
	s := newStaff(t)
	deeds := s.deeds(t)
	fay := s.as(s.who(t, s.fay.ID))
	for _, name := range order {
		d := deeds[name]
		if d.everyone {
			continue
		}
		before := s.last(t)
		r := fay.post("mutation { "+d.query+" }", nil)
		if name == "endStandIn" { // of fay's own
			continue
		}
		if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "FORBIDDEN" && r.Errors[0].Extensions["code"] != "NOT_FOUND" {
			t.Errorf("%s: %s", name, r.body)
			continue
		}
		entries := s.entries(t, before)
		if r.Errors[0].Extensions["code"] == "NOT_FOUND" {
			if len(entries) != 0 {
				t.Errorf("%s: %+v about what is hidden", name, entries)
			}
			continue
		}
		if len(entries) != 1 || entries[0].Decision != audit.Denied || entries[0].Actor != string(s.fay.ID) || entries[0].Action != d.action {
			t.Errorf("%s: the log has %+v", name, entries)
		}
	}
}

// A token does none of them that its scopes don't say, whoever it belongs to.
func TestEachMutationAsksForAScope(t *testing.T) {
	s := newStaff(t)
	deeds := s.deeds(t)
	ada := s.who(t, s.ada.ID)
	ada.Session = ""
	reader := s.as(token(ada, authz.ScopeRead, authz.ScopeAudit, authz.ScopeLineage))
	for _, name := range order {
		want := "FORBIDDEN"
		if name == "revokeToken" || name == "endStandIn" { // there is none that the token may know of
			want = "NOT_FOUND"
		}
		if r := reader.post("mutation { "+deeds[name].query+" }", nil); len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != want {
			t.Errorf("%s with a token that reads: %s", name, r.body)
		}
	}
}

// What is sensitive asks for somebody who proved lately who he is.
func TestSensitiveMutationsAskForARecentSignIn(t *testing.T) {
	s := newStaff(t)
	deeds := s.deeds(t)
	for _, name := range order {
		p := s.who(t, deeds[name].by)
		p.SignedInAt = time.Now().Add(-recentTime - time.Minute)
		r := s.as(p).post("mutation { "+deeds[name].query+" }", nil)
		again := len(r.Errors) == 1 && strings.Contains(r.Errors[0].Message, "Sign in again")
		if want := slices.Contains([]string{"createToken", "grantRole", "revokeRole", "setPolicy", "standIn",
			"addMember", "removeMember", "deleteTeam"}, name); again != want {
			t.Errorf("%s: %s", name, r.body)
		}
	}
}

func TestPeople(t *testing.T) {
	s := newStaff(t)
	op := authz.With(t.Context(), authz.Operator)
	if err := s.options.People.AddMember(op, s.team.ID, s.bob.ID); err != nil {
		t.Fatal(err)
	}
	w := s.as(s.who(t, s.eve.ID))
	got := w.ask(fmt.Sprintf(`{ users(first: 2) { nodes { login name isDisabled } pageInfo { hasNextPage endCursor } }
		user(id: %q) { login teams { name } roles { role domain } accounts { name type owner } }
		team(id: %q) { name members { nodes { id kind name detail } } }
		nobody: user(id: "usr_none") { id }  people(search: "bo") { name kind } roles { name title } }`, s.bob.ID, s.team.ID), nil)
	if dig(t, got, "users", "nodes", 0, "login") != "ada" || dig(t, got, "users", "pageInfo", "hasNextPage") != true {
		t.Errorf("%v", got["users"])
	}
	if dig(t, got, "user", "teams", 0, "name") != "crm" || dig(t, got, "user", "accounts", 0, "type") != "AGENT" || dig(t, got, "nobody") != nil {
		t.Errorf("%v", got)
	}
	if dig(t, got, "team", "members", "nodes", 0, "id") != string(s.bob.ID) || dig(t, got, "team", "members", "nodes", 0, "kind") != "USER" {
		t.Errorf("%v", got["team"])
	}
	if len(as[[]any](t, got, "people")) != 2 || len(as[[]any](t, got, "roles")) != len(authz.Builtin) {
		t.Errorf("%v %v", got["people"], got["roles"])
	}
	end := dig(t, got, "users", "pageInfo", "endCursor")
	rest := w.ask(`query Q($after: String) { users(after: $after) { nodes { login } } }`, map[string]any{"after": end})
	if dig(t, rest, "users", "nodes", 0, "login") != "eve" || len(as[[]any](t, rest, "users", "nodes")) != 2 {
		t.Errorf("%v", rest)
	}
	if r := w.post(`{ policy { edits } }`, nil); r.Errors[0].Extensions["code"] != "FORBIDDEN" {
		t.Errorf("%s", r.body)
	}
	if r := w.post(fmt.Sprintf(`{ tokens(of: %q) { id } }`, s.bob.ID), nil); len(r.Errors) != 1 {
		t.Errorf("somebody else's tokens: %s", r.body)
	}
}

// The secret of a token is in one answer and nowhere else, and it works.
func TestAPITokens(t *testing.T) {
	s := newStaff(t)
	w := s.as(s.who(t, s.bob.ID))
	got := dig(t, w.ask(`mutation { createToken(input: {name: "ci", scopes: ["catalog:read"], namespaces: ["airflow"]}) { token { id isGood expiresAt } secret } }`, nil), "createToken")
	secret := as[string](t, got, "secret")
	p, err := s.options.People.ByToken(t.Context(), secret)
	if err != nil || p.ID != string(s.bob.ID) || !strings.HasPrefix(secret, "weir_") || dig(t, got, "token", "isGood") != true {
		t.Fatalf("%v %v %v", got, p, err)
	}
	if r := w.post(`{ tokens { id name principal scopes namespaces isGood usedAt revokedAt } }`, nil); strings.Contains(r.body, secret[5:20]) || !strings.Contains(r.body, `"ci"`) {
		t.Errorf("%s", r.body)
	}
	w.ask(fmt.Sprintf(`mutation { revokeToken(id: %q) }`, dig(t, got, "token", "id")), nil)
	if _, err := s.options.People.ByToken(t.Context(), secret); err == nil {
		t.Error("a revoked token is good")
	}
	r := w.post(`mutation { createToken(input: {name: "", scopes: ["everything"]}) { secret } }`, nil)
	if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "INVALID" || len(as[[]any](t, r.Errors[0].Extensions, "fields")) != 2 {
		t.Errorf("%s", r.body)
	}
}

// A request tries one password.
func TestPasswordsAreTriedOneByOne(t *testing.T) {
	s := newStaff(t)
	r := s.as(s.who(t, s.bob.ID)).post(`mutation { a: changePassword(old: "x", new: "y") b: changePassword(old: "z", new: "y") }`, nil)
	if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != codeLimit {
		t.Errorf("%s", r.body)
	}
}
