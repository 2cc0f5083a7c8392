package ledger_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"weir/audit"
	"weir/audit/ledger"
	"weir/authz"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/identity"
	"weir/identity/session"
)

// TestErase_TakesThePersonToo: of somebody who is erased nothing personal is left beside the log either, nor a way in.
func TestErase_TakesThePersonToo(t *testing.T) {
	schema, err := graph.Merge(audit.Schema(), authz.Schema(), identity.Schema(), session.Schema())
	if err != nil {
		t.Fatal(err)
	}
	store := graphtest.Memory(schema)
	log, err := audit.Open(t.Context(), store, audit.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	people := identity.New(store, nil, identity.Options{Keys: log.Keys()})
	ctx := authz.With(audit.Sealing(t.Context(), log.Keys()), authz.Operator)
	const password = "seven quiet herons at dusk"
	u, err := people.CreateUser(ctx, identity.NewUser{Login: "canary", Name: "Canary Name", Email: "canary@example.org", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	sessions := session.New(session.Options{Store: store})
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/sign-in", nil)
	r.RemoteAddr = "192.0.2.77:4000"
	loaded, err := sessions.Load(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := sessions.Begin(httptest.NewRecorder(), r.WithContext(loaded), session.Start{User: u.ID, How: session.HowPassword}); err != nil {
		t.Fatal(err)
	}
	if left(t, ctx, store) == 0 {
		t.Fatal("nothing personal is kept before: the test looks at nothing")
	}
	s := &ledger.Service{Store: store, Log: log, Now: time.Now}
	if err := s.Erase(ctx, u.ID, "a request"); err != nil {
		t.Fatal(err)
	}
	if n := left(t, ctx, store); n > 0 {
		t.Errorf("%d nodes still tell of the person", n)
	}
	if _, err := people.SignIn(ctx, "canary", password, ""); err == nil {
		t.Error("the person comes in still")
	}
}

// left counts the nodes that name the person or where he signed in from.
func left(t *testing.T, ctx context.Context, store graph.Store) int {
	t.Helper()
	n := 0
	for r, err := range store.Dump(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Node == nil {
			continue
		}
		if said := strings.ToLower(fmt.Sprint(r.Node.Props)); strings.Contains(said, "canary") || strings.Contains(said, "192.0.2.77") {
			n++
		}
	}
	return n
}
