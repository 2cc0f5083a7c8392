package gqlschema

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/sqlite"
	"weir/identity"
	"weir/marketplace"
	"weir/notify"
)

// stall is a company whose data can be asked for: eve owns what is in the domain customer, fay is in the team that owns
// where the data comes from, bob asks, ada and gus are administrators.
type stall struct {
	*staff
	gus     identity.User
	product string // id
	domain  graph.ID
}

// eachStall runs a test on the oracle and on SQLite.
func eachStall(t *testing.T, run func(t *testing.T, s *stall)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) { run(t, newStall(t, graphtest.Memory(worldSchema(t)))) })
	t.Run("sqlite", func(t *testing.T) {
		store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "weir.db"), worldSchema(t), sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := store.Close(); err != nil {
				t.Error(err)
			}
		})
		run(t, newStall(t, store))
	})
}

func newStall(t *testing.T, store graph.Store) *stall {
	t.Helper()
	w := worldOver(t, store, time.Now)
	w.fill()
	s := &stall{staff: staffOf(t, w), domain: catalog.DomainID("customer")}
	op := authz.With(t.Context(), authz.Operator)
	var err error
	if s.gus, err = s.options.People.CreateUser(op, identity.NewUser{Login: "gus", Name: "Gus"}); err != nil {
		t.Fatal(err)
	}
	s.give(t, op, s.gus.ID, authz.Admin, authz.Everywhere)
	s.give(t, op, s.eve.ID, authz.Owner, string(s.domain))
	if err := s.options.People.AddMember(op, s.team.ID, s.fay.ID); err != nil {
		t.Fatal(err)
	}
	s.options.Market = marketplace.New(w.store, w.options.Policy, marketplace.Options{})
	s.options.Notify = notify.New(notify.Options{Store: w.store, Policy: w.options.Policy, AllowPrivate: true})
	s.Handler = Handler(s.options)
	return s
}

func (s *stall) give(t *testing.T, op context.Context, who graph.ID, role, domain string) {
	t.Helper()
	if err := s.options.Roles.GrantRole(op, authz.RoleChange{Subject: who, Role: role, Domain: domain}); err != nil {
		t.Fatal(err)
	}
}

// by is the door as somebody finds it.
func (s *stall) by(t *testing.T, u identity.User) *world {
	t.Helper()
	w := s.as(s.who(t, u.ID))
	w.t = t
	return w
}

// offer lets eve publish a product of the customers, with terms of use.
func (s *stall) offer(t *testing.T) {
	t.Helper()
	eve := s.by(t, s.eve)
	made := eve.ask(fmt.Sprintf(`mutation { createProduct(slug: "customers", input: {title: "Customers", summary: "Everyone who bought.", domain: %q}) { id state } }`, s.domain), nil)
	s.product = as[string](t, made, "createProduct", "id")
	eve.ask(fmt.Sprintf(`mutation {
		setProductParts(id: %[1]q, parts: [{dataset: %[2]q}]) { id }
		setProductTerms(id: %[1]q, text: "Be kind.") { termsNumber }
		publishProduct(id: %[1]q) { state } }`, s.product, ds("crm.customers")), nil)
}

// asking is an input that asks for the product.
func (s *stall) asking(access string) map[string]any {
	return map[string]any{"in": map[string]any{
		"purpose": "analytics", "why": "To count them.", "access": access, "days": 30,
		"items": []any{map[string]any{"target": s.product, "terms": 1}},
	}}
}

const submits = `mutation ($in: AskInput!) { submitRequest(input: $in) { id items { id state grant } } }`

// asked is the item that bob asks for.
func (s *stall) asked(t *testing.T) string {
	t.Helper()
	got := s.by(t, s.bob).ask(submits, s.asking("READ"))
	return as[string](t, got, "submitRequest", "items", 0, "id")
}

// approve lets those decide whom the item waits for, until it is decided.
func (s *stall) approve(t *testing.T, item string) string {
	t.Helper()
	for range 4 {
		for _, u := range []identity.User{s.eve, s.fay} {
			w := s.by(t, u)
			got := w.ask(`query ($id: ID!) { requestItem(id: $id) { state grant detail { facts mayDecide } } }`, map[string]any{"id": item})
			if got["requestItem"] == nil || dig(t, got, "requestItem", "detail", "mayDecide") != true {
				continue
			}
			got = w.ask(`mutation ($in: DecideInput!) { decide(input: $in) { state grant } }`, map[string]any{"in": map[string]any{
				"item": item, "verdict": "APPROVE", "seen": dig(t, got, "requestItem", "detail", "facts"),
			}})
			if dig(t, got, "decide", "state") == "APPROVED" {
				return as[string](t, got, "decide", "grant")
			}
		}
	}
	t.Fatal("nobody can decide it")
	return ""
}

var newcomer = identity.NewUser{Login: "kim", Name: "Kim"}

// graphStore is an empty store that lives as long as the test.
func graphStore(t *testing.T) graph.Store {
	t.Helper()
	return graphtest.Memory(worldSchema(t))
}
