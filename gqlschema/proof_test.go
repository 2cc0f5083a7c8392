package gqlschema

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"weir/audit"
	"weir/audit/verify"
	"weir/authz"
	"weir/graph"
	"weir/identity"
)

func TestAuditEntries(t *testing.T) {
	w := newGuardedWorld(t)
	w.describe(t, "One")
	w.describe(t, "Two")
	a := w.as(auditor)
	const query = `query Q($filter: AuditFilter, $after: String, $first: Int) { auditEntries(filter: $filter, after: $after, first: $first) {
		nodes { seq action actor target allowed facts { name value } } pageInfo { hasNextPage endCursor } } }`
	for name, tt := range map[string]struct {
		filter map[string]any
		want   string
	}{
		"all":       {nil, "[6 5 4 3 2 1]"},
		"an action": {map[string]any{"action": "catalog.describe"}, "[6 5]"},
		"an area":   {map[string]any{"action": "policy"}, "[4]"},
		"an actor":  {map[string]any{"actor": "loader"}, "[3 2 1]"},
		"an asset":  {map[string]any{"asset": ds("crm.customers"), "action": "catalog"}, "[6 5]"},
		"later":     {map[string]any{"from": "2999-01-01T00:00:00Z"}, "[]"},
		"nobody":    {map[string]any{"actor": "usr_none"}, "[]"},
	} {
		var got []any
		for _, n := range as[[]any](t, a.ask(query, map[string]any{"filter": tt.filter}), "auditEntries", "nodes") {
			got = append(got, dig(t, n, "seq"))
		}
		if name == "all" { // the world's clock and that of its rules are not the same
			if len(got) != 6 {
				t.Errorf("all: %v", got)
			}
			continue
		}
		if fmt.Sprint(got) != tt.want {
			t.Errorf("%s: %v, want %s", name, got, tt.want)
		}
	}
	seen, after := map[any]bool{}, any(nil)
	for range 6 {
		page := dig(t, a.ask(query, map[string]any{"first": 1, "after": after}), "auditEntries")
		seen[dig(t, page, "nodes", 0, "seq")] = true
		after = dig(t, page, "pageInfo", "endCursor")
	}
	if len(seen) != 6 {
		t.Errorf("one by one: %v", seen)
	}
	for _, who := range []authz.Principal{member, steward, token(auditor, authz.ScopeRead), {
		ID: "usr_partly", Type: authz.Person, Roles: []authz.Held{{Role: authz.Auditor, Domain: "dom_x"}},
	}} {
		for _, query := range []string{`{ auditEntries { nodes { seq } } }`, `{ auditEntry(seq: 1) { seq } }`, `{ auditState { size } }`} {
			if r := w.as(who).post(query, nil); len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "FORBIDDEN" || strings.Contains(r.body, `"seq"`) {
				t.Errorf("%s asks %s: %s", who.ID, query, r.body)
			}
		}
	}
	if r := a.post(`{ auditEntries { nodes { leaf } } }`, nil); r.Errors[0].Extensions["code"] != codeLimit {
		t.Errorf("leaves of a list: %s", r.body)
	}
}

func TestAuditEntryIsProved(t *testing.T) {
	w := newGuardedWorld(t)
	log := w.sealing(t)
	w.describe(t, "One")
	seal(t, log)
	a := w.as(auditor)
	const query = `query E($seq: Int!) { auditEntry(seq: $seq) { seq action changes { field after kind } erased leaf payload { key text } proof { index size hashes text } checkpoint { size text root } } }`
	e := dig(t, a.ask(query, map[string]any{"seq": 5}), "auditEntry")
	if dig(t, e, "changes", 0, "after") != "One" || dig(t, e, "changes", 0, "kind") != "DATASET" || dig(t, e, "checkpoint", "size") != 5.0 || dig(t, e, "proof", "index") != 4.0 {
		t.Errorf("%v", e)
	}
	r, err := verify.Proof([]byte(as[string](t, e, "proof", "text")), []byte(as[string](t, e, "leaf")), verify.Options{Key: keyOf(t, log)})
	if err != nil || !r.OK || r.Size != 5 {
		t.Errorf("%+v %v", r, err)
	}
	if got := dig(t, a.ask(query, map[string]any{"seq": 99}), "auditEntry"); got != nil {
		t.Errorf("%v", got)
	}
	w.describe(t, "Two")
	if e := dig(t, a.ask(query, map[string]any{"seq": 6}), "auditEntry"); dig(t, e, "proof") != nil || dig(t, e, "leaf") == nil {
		t.Errorf("not sealed yet: %v", e)
	}
	seal(t, log)
	state := dig(t, a.ask(`{ auditState { origin size sealedSize minIndex trouble checkpoint { size } keys { verifier from to } anchors { name } consistency(from: 5) } }`, nil), "auditState")
	if dig(t, state, "size") != 6.0 || dig(t, state, "sealedSize") != 6.0 || dig(t, state, "keys", 0, "verifier") != keyOf(t, log) || dig(t, state, "trouble") != nil {
		t.Errorf("%v", state)
	}
	if n := len(as[[]any](t, state, "consistency")); n == 0 {
		t.Error("no proof that 6 goes on from 5")
	}
	if r := a.post(`{ auditState { consistency(from: 7) } }`, nil); r.Errors[0].Extensions["code"] != "INVALID" {
		t.Errorf("%s", r.body)
	}
}

// What is sealed under somebody's key is opened for who may read the log, and gone once the key is. The proof stays.
func TestAuditEntryThatWasErased(t *testing.T) {
	staff := newStaff(t)
	w, eve, seq := staff.world, staff.eve.ID, staff.last(t)+1
	log := w.sealing(t)
	ctx := audit.Sealing(t.Context(), log.Keys())
	write := func(do func(context.Context, graph.Tx) error) {
		t.Helper()
		if err := w.store.Update(ctx, "", do); err != nil {
			t.Fatal(err)
		}
	}
	write(func(ctx context.Context, tx graph.Tx) error {
		return audit.Append(ctx, tx, time.Now(), audit.Entry{
			Actor: "usr_a", Action: "identity.user-edit", Target: eve, Subject: eve, Decision: audit.Allowed,
			Changes: []audit.Change{{Asset: eve, Field: "name", After: "Hal Incandenza"}},
		})
	})
	seal(t, log)
	query := fmt.Sprintf(`{ auditEntry(seq: %d) { subject erased changes { asset after kind } payload { text } proof { index } } changes(first: 30) { nodes { seq erased changes { after } payload { text } } } }`, seq)
	r := w.as(auditor).post(query, nil)
	if strings.Count(r.body, "Incandenza") != 4 || len(r.Errors) > 0 || dig(t, r.Data, "auditEntry", "subject") != string(eve) {
		t.Fatalf("%s", r.body)
	}
	for _, who := range []authz.Principal{member, steward} {
		if r := w.as(who).post(`{ changes(first: 30) { nodes { seq changes { after } } } }`, nil); strings.Contains(r.body, "Incandenza") || len(r.Errors) > 0 {
			t.Errorf("%s gets %s", who.ID, r.body)
		}
	}
	write(func(ctx context.Context, tx graph.Tx) error {
		return audit.Erase(ctx, tx, time.Now(), audit.Entry{Actor: "usr_a"}, eve, "asked for")
	})
	r = w.as(auditor).post(query, nil)
	e := dig(t, r.Data, "auditEntry")
	if strings.Contains(r.body, "Incandenza") || len(r.Errors) > 0 || dig(t, e, "erased") != true || dig(t, e, "payload") != nil || dig(t, e, "proof", "index") != float64(seq-1) {
		t.Errorf("%s", r.body)
	}
}

// recheckBy asks by a token who somebody is by now, as the middleware does.
func (s *staff) recheckBy(secret string) {
	s.options.Recheck = func(ctx context.Context, _ authz.Principal) (authz.Principal, error) {
		return s.options.People.ByToken(ctx, secret)
	}
	s.Handler = Handler(s.options)
}

// A stream that stands on a token ends when the token is revoked, and one that stands on an account when that is disabled.
func TestStreamEndsWhenItsTokenIsRevoked(t *testing.T) {
	s := newStaff(t)
	op := authz.With(t.Context(), authz.Operator)
	for name, stop := range map[string]func(tok identity.Token) error{
		"revoked":  func(tok identity.Token) error { return s.options.People.RevokeToken(op, tok.ID) },
		"disabled": func(identity.Token) error { return s.options.People.DisableUser(op, s.bob.ID) },
	} {
		t.Run(name, func(t *testing.T) {
			if err := s.options.People.EnableUser(op, s.bob.ID); err != nil {
				t.Fatal(err)
			}
			tok, secret, err := s.options.People.CreateToken(op, identity.NewToken{Principal: s.bob.ID, Name: name, Scopes: []string{authz.ScopeRead}})
			if err != nil {
				t.Fatal(err)
			}
			p, err := s.options.People.ByToken(t.Context(), secret)
			if err != nil {
				t.Fatal(err)
			}
			s.recheckBy(secret)
			l := s.as(p).listen(t, followQuery, nil)
			for range 3 {
				l.item()
			}
			time.Sleep(3 * streamCheck / 2) // one look at a token that is good
			if err := stop(tok); err != nil {
				t.Fatal(err)
			}
			begin := time.Now()
			event, r := l.event()
			if event != "next" || len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "UNAUTHENTICATED" {
				t.Errorf("%q %s", event, r.body)
			}
			t.Logf("ended %v after that", time.Since(begin).Round(time.Millisecond))
		})
	}
}

// Roles that were taken away count in a stream that is open.
func TestStreamEndsWhenRolesChange(t *testing.T) {
	s := newStaff(t)
	op := authz.With(t.Context(), authz.Operator)
	_, secret, err := s.options.People.CreateToken(op, identity.NewToken{Principal: s.ada.ID, Name: "feed", Scopes: []string{authz.ScopeAdmin}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.options.People.ByToken(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	s.recheckBy(secret)
	l := s.as(p).listen(t, followQuery, nil)
	for range int(s.last(t)) {
		l.item()
	}
	if err := s.options.Roles.GrantRole(op, authz.RoleChange{Subject: s.ada.ID, Role: authz.Auditor, Domain: authz.Everywhere}); err != nil {
		t.Fatal(err)
	}
	s.options.People.Forget() // as the watcher of the rules does
	l.item()
	if event, r := l.event(); event != "" {
		t.Errorf("%q %s", event, r.body)
	}
}
