package main

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/views/link"
)

// deed is something that changes the store, with the entry that it has to write.
type deed struct {
	field  string // of the root of mutations
	args   string // with $names for what was made before
	gives  string // what to ask for of the answer
	action string // of the entry
	target string // name of what was made before; "" is what the deed itself makes
	own    bool   // everybody may do it to what is his, so that nobody is refused

	name   string                                 // under which what it answers with is kept; "" is the field
	by     string                                 // who does it: a name of what was made before; "" is the administrator
	hidden bool                                   // who may not do it may not know of it either: nothing is written down
	silent bool                                   // it writes no entry
	first  func(w *world, made map[string]string) // what has to be looked up before
	more   bool                                   // it writes further entries: what it lets happen
}

// called is the name of what a deed answers with.
func (d deed) called() string {
	if d.name != "" {
		return d.name
	}
	return d.field
}

// deeds are done in this order: later ones are about what earlier ones made. Each answers with an id or with something that
// has one, which is kept under the deed's name.
var deeds = []deed{
	{field: "createUser", gives: `{ id }`, args: `(input: {login: "ed", name: "Ed Entry", password: "a lamp and four words"})`, action: "identity.user-create"},
	{field: "editProfile", gives: `{ id }`, args: `(input: {id: $createUser, name: "Ed Entered"})`, action: "identity.user-edit", target: "createUser"},
	{field: "createTeam", gives: `{ id }`, args: `(input: {name: "entries", title: "Entries"})`, action: "identity.team-create"},
	{field: "editTeam", gives: `{ id }`, args: `(input: {id: $createTeam, title: "Of entries"})`, action: "identity.team-edit", target: "createTeam"},
	{field: "addMember", gives: `{ id }`, args: `(team: $createTeam, member: $createUser)`, action: "identity.member-add", target: "createTeam"},
	{field: "removeMember", gives: `{ id }`, args: `(team: $createTeam, member: $createUser)`, action: "identity.member-remove", target: "createTeam"},
	{field: "createAccount", gives: `{ id }`, args: `(input: {name: "entry-agent", type: AGENT})`, action: "identity.account-create", own: true},
	{field: "disableAccount", gives: `{ id }`, args: `(id: $createAccount)`, action: "identity.account-disable", target: "createAccount"},
	{field: "enableAccount", gives: `{ id }`, args: `(id: $createAccount)`, action: "identity.account-enable", target: "createAccount"},
	{field: "createToken", gives: `{ token { id } }`, args: `(input: {name: "entries", scopes: ["catalog:read"]})`, action: "identity.token-create", target: "self", own: true},
	{field: "revokeToken", args: `(id: $createToken)`, action: "identity.token-revoke", target: "self", own: true},
	{field: "grantRole", gives: `{ role }`, args: `(subject: $createUser, role: "auditor")`, action: "role.grant", target: "createUser"},
	{field: "revokeRole", gives: `{ role }`, args: `(subject: $createUser, role: "auditor")`, action: "role.revoke", target: "createUser"},
	{field: "standIn", gives: `{ id }`, args: `(input: {to: $createUser, until: $until, reason: "away"})`, action: "identity.stand-in", target: "self", own: true},
	{field: "endStandIn", args: `(id: $standIn)`, action: "identity.stand-in-end", target: "self", own: true},
	{field: "disableUser", gives: `{ id }`, args: `(id: $createUser)`, action: "identity.user-disable", target: "createUser"},
	{field: "enableUser", gives: `{ id }`, args: `(id: $createUser)`, action: "identity.user-enable", target: "createUser"},
	{field: "deleteTeam", args: `(id: $createTeam)`, action: "identity.team-delete", target: "createTeam"},
	{field: "describe", gives: `{ asset { id } }`, args: `(input: {id: $dataset, title: "Entered"})`, action: "catalog.describe", target: "dataset"},
	{field: "setSame", gives: `{ a { id } }`, args: `(a: $dataset, b: $other, same: true)`, action: "catalog.same", target: "dataset"},
	{field: "closeLineage", gives: `{ from { id } }`, args: `(from: $input, to: $job)`, action: "catalog.close", target: "input"},
	{field: "setPolicy", gives: `{ edits }`, args: `(edits: 1, rules: [{role: "admin", kind: ANY, action: ANY}])`, action: "policy.edit", target: "rules"},
	{field: "revokeSession", args: `(id: $session)`, action: "identity.session-revoke", target: "self", own: true},
	{field: "changePassword", args: `(old: "four words and a lamp", new: "five words and a lamp more")`, action: "identity.password-change", target: "self", own: true},
}

// Each change writes its entry in the same transaction: who did it, what it is about, and that it was allowed; an attempt
// that was refused writes that. A mutation that is not in the list fails, and so does a form.
func TestDeeds_EachWritesItsEntry(t *testing.T) {
	w := newWorld(t, temporary(t))
	admin, member := w.person(authz.Admin, authz.Everywhere), w.person(authz.Member, "")
	made := w.begun(admin)
	listed := map[string]bool{}
	doers := w.doers(admin, made)
	for _, d := range slices.Concat(marketDeeds, deeds) {
		listed[d.field] = true
		w.doneDeed(doers[d.by], member, d, made)
	}
	for _, field := range w.mutations() {
		if !listed[field] && notDone[field] == "" {
			t.Errorf("%s: nothing says which entry it writes", field)
		}
	}
}

// doneDeed tries a deed as somebody who may not do it, lets somebody do it who may, and looks at what the log has of it.
func (w *world) doneDeed(who, other somebody, d deed, made map[string]string) {
	w.t.Helper()
	if d.first != nil {
		d.first(w, made)
	}
	query := "mutation { " + d.field + filled(d.args, made) + " " + d.gives + " }"
	if !d.own {
		w.refusedDeed(other, d, query)
	}
	before := w.entries(0)
	data := w.done(who, query)
	if m := firstID.FindSubmatch(data); m != nil {
		made[d.called()] = string(m[1])
	}
	target := made[d.target]
	if d.target == "" {
		target = made[d.called()]
	}
	got := w.entries(len(before))
	if d.silent {
		if len(got) != 0 {
			w.t.Errorf("%s: wrote %v, want none", d.called(), got)
		}
		return
	}
	want := short(audit.Entry{Actor: string(who.id), Action: d.action, Target: graph.ID(target), Decision: audit.Allowed})
	if len(got) == 0 || got[0] != want || len(got) > 1 && !d.more {
		w.t.Errorf("%s: wrote %v, want one: %v", d.called(), got, want)
	}
}

// refusedDeed tries a deed as somebody who may not do it.
func (w *world) refusedDeed(who somebody, d deed, query string) {
	w.t.Helper()
	before := len(w.entries(0))
	a := w.inSession(who, query)
	if !strings.Contains(a.body, `"errors"`) {
		w.t.Errorf("%s: %s may: %.200s", d.field, who.name, a.body)
	}
	got := w.entries(before)
	if d.hidden {
		if len(got) != 0 || !strings.Contains(a.body, "NOT_FOUND") {
			w.t.Errorf("%s by %s: wrote %v, answered %.300s", d.called(), who.name, got, a.body)
		}
		return
	}
	if len(got) != 1 || got[0].actor != string(who.id) || got[0].action != d.action || got[0].decision != audit.Denied {
		w.t.Errorf("%s by %s: wrote %v, want one refusal", d.field, who.name, got)
	}
}

// line is what matters of an entry.
type line struct {
	actor, action, target string
	decision              audit.Decision
}

func short(e audit.Entry) line { return line{e.Actor, e.Action, string(e.Target), e.Decision} }

// entries are those after a number of entries.
func (w *world) entries(after int) []line {
	w.t.Helper()
	var out []line
	for {
		got, err := audit.Since(w.ctx, w.Store, int64(after), 100)
		w.must(err)
		for _, e := range got {
			out = append(out, short(e))
		}
		if after += len(got); len(got) == 0 {
			return out
		}
	}
}

// begun is what the deeds are about to begin with.
func (w *world) begun(who somebody) map[string]string {
	w.t.Helper()
	open := w.places[0]
	second := w.signIn(who.login)
	return map[string]string{
		"self": string(who.id), "rules": "plc_rules", "until": time.Now().Add(time.Hour).UTC().Format(time.RFC3339),
		"dataset": string(open.dataset), "other": string(catalog.DatasetID("db", "mixed_list")), "input": string(open.twin), "job": string(open.transform),
		"session": w.otherSession(somebody{cookie: second}, who),
	}
}

// otherSession is the id of the session of a cookie, as another session of the same person is shown it.
func (w *world) otherSession(other, who somebody) string {
	w.t.Helper()
	a := w.inSession(other, `{ sessions { id isCurrent } }`)
	m := regexp.MustCompile(`"id":"([^"]+)","isCurrent":true`).FindStringSubmatch(a.body)
	if m == nil {
		w.t.Fatalf("%s has no session: %.300s", who.name, a.body)
	}
	return m[1]
}

var (
	firstID = regexp.MustCompile(`"id":"([^"]+)"`)
	blank   = regexp.MustCompile(`\$(\w+)`)
)

// filled puts what was made before into arguments.
func filled(args string, made map[string]string) string {
	return blank.ReplaceAllStringFunc(args, func(name string) string { return `"` + made[name[1:]] + `"` })
}

// done does something that is allowed, in a session.
func (w *world) done(who somebody, query string) json.RawMessage {
	w.t.Helper()
	a := w.inSession(who, query)
	if a.status != http.StatusOK || strings.Contains(a.body, `"errors"`) {
		w.t.Errorf("%.200s: %d %.300s", query, a.status, a.body)
	}
	return json.RawMessage(a.body)
}

// inSession asks GraphQL as our own pages do.
func (w *world) inSession(who somebody, query string) answer {
	w.t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	w.must(err)
	header := http.Header{"Content-Type": {"application/json"}, "Origin": {w.URL()}, "Cookie": {who.cookie}}
	return w.ask(http.MethodPost, link.GraphQL(), string(body), header)
}

// mutations are the fields of the root of mutations.
func (w *world) mutations() []string { return w.fieldsOf("Mutation") }
