package marketplace_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/neo4j/neo4jtest"
	"weir/graph/sqlite"
	"weir/identity"
	"weir/marketplace"
)

// shop is a store with rules, two domains with data, and a few people: what products and templates are tested on.
type shop struct {
	*marketplace.Service
	t      testing.TB
	store  graph.Store
	policy *authz.Policy
	at     time.Time
}

var (
	shopCare  = catalog.DomainID("care")
	shopSales = catalog.DomainID("sales")
	shopVisit = catalog.DatasetID("pg", "care.visits")
	shopNotes = catalog.DatasetID("pg", "care.notes") // closed
	shopOrder = catalog.DatasetID("pg", "sales.orders")
)

func shopSchema(t testing.TB) graph.Schema {
	t.Helper()
	out, err := graph.Merge(audit.Schema(), authz.Schema(), identity.Schema(), catalog.Schema(), marketplace.Schema())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// everyShop is eachShop, and Neo4j if there is one.
func everyShop(t *testing.T, run func(t *testing.T, w *shop)) {
	eachShop(t, run)
	t.Run("neo4j", func(t *testing.T) { run(t, newShop(t, neo4jtest.Open(t, shopSchema(t)))) })
}

// eachShop runs a test on the oracle and on SQLite.
func eachShop(t *testing.T, run func(t *testing.T, w *shop)) {
	t.Run("memory", func(t *testing.T) { run(t, newShop(t, graphtest.Memory(shopSchema(t)))) })
	t.Run("sqlite", func(t *testing.T) { run(t, newShop(t, shopFile(t))) })
}

func shopFile(t testing.TB) graph.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "weir.db"), shopSchema(t), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func newShop(t testing.TB, s graph.Store) *shop {
	t.Helper()
	w := &shop{t: t, store: s, at: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	if err := authz.Install(t.Context(), s, w.at); err != nil {
		t.Fatal(err)
	}
	if err := marketplace.InstallTemplates(t.Context(), s, w.at); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.policy, err = authz.NewPolicy(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	w.Service = marketplace.New(s, w.policy, marketplace.Options{Now: func() time.Time { return w.at }})
	w.fill()
	return w
}

// fill writes domains, datasets with columns, people and a team.
func (w *shop) fill() {
	ws := []graph.NodeWrite{
		catalog.DomainType.Write(shopCare, graph.Create, catalog.Domain{Name: "care", Title: "Care", Audience: "open"}),
		catalog.DomainType.Write(shopSales, graph.Create, catalog.Domain{Name: "sales", Title: "Sales", Audience: "open"}),
		catalog.ClassType.Write(catalog.ClassID("phi"), graph.Create, catalog.Class{Name: "phi"}),
		catalog.ClassType.Write(catalog.ClassID("pii"), graph.Create, catalog.Class{Name: "pii"}),
		{Node: graph.Node{ID: "tea_care", Kind: "Team", Props: graph.Props{"name": "care", "title": "Care team"}}},
		{Node: graph.Node{ID: "tea_empty", Kind: "Team", Props: graph.Props{"name": "empty", "title": "Nobody"}}},
	}
	for _, who := range []string{"lena", "omar", "sara", "mia", "ines"} {
		ws = append(ws, graph.NodeWrite{Node: graph.Node{ID: graph.ID("usr_" + who), Kind: "User", Props: graph.Props{"login": who, "name": who}}})
	}
	edges := []graph.Edge{{From: "usr_lena", Rel: identity.RelMember, To: "tea_care"}}
	for id, d := range map[graph.ID]catalog.Dataset{
		shopVisit: {Namespace: "pg", Name: "care.visits", Title: "Visits", Domain: shopCare, Audience: "open", Classification: catalog.Confidential},
		shopNotes: {Namespace: "pg", Name: "care.notes", Domain: shopCare, Audience: authz.Audience(authz.Closed, shopCare)},
		shopOrder: {Namespace: "pg", Name: "sales.orders", Title: "Orders", Domain: shopSales, Audience: "open", Classification: catalog.Internal},
	} {
		ws = append(ws, catalog.DatasetType.Write(id, graph.Create, d))
		for i, path := range []string{"id", "day", "name"} {
			col := catalog.ColumnID(id, path)
			ws = append(ws, catalog.ColumnType.Write(col, graph.Create, catalog.Column{Dataset: id, Path: path, Type: "text", Position: i + 1}))
			edges = append(edges, graph.Edge{From: id, Rel: catalog.RelHas, To: col})
			if path == "name" {
				edges = append(edges, graph.Edge{From: col, Rel: catalog.RelClass, To: catalog.ClassID("pii")})
			}
		}
	}
	w.put(ws, edges)
}

func (w *shop) put(ws []graph.NodeWrite, edges []graph.Edge) {
	w.t.Helper()
	err := w.store.Update(w.t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, ws...); err != nil {
			return err
		}
		return tx.Link(ctx, edges...)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// as is a context of a person who holds roles, each given as role and domain.
func (w *shop) as(who string, roles ...string) context.Context {
	p := authz.Principal{ID: "usr_" + who, Name: who, Type: authz.Person}
	for i := 0; i < len(roles); i += 2 {
		p.Roles = append(p.Roles, authz.Held{Role: roles[i], Domain: roles[i+1]})
	}
	return authz.With(w.t.Context(), p)
}

// lena owns Care, omar Sales; sara is security everywhere, mia holds nothing.
func (w *shop) lena() context.Context { return w.as("lena", authz.Owner, string(shopCare)) }
func (w *shop) omar() context.Context { return w.as("omar", authz.Owner, string(shopSales)) }
func (w *shop) sara() context.Context { return w.as("sara", authz.Approver, authz.Everywhere) }
func (w *shop) ines() context.Context { return w.as("ines", authz.Approver, authz.Everywhere) }
func (w *shop) mia() context.Context  { return w.as("mia") }

// entries are those of the log with an action, the latest first.
func (w *shop) entries(action string) []audit.Entry {
	w.t.Helper()
	all, err := audit.Latest(w.t.Context(), w.store, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	var out []audit.Entry
	for _, e := range all {
		if e.Action == action {
			out = append(out, e)
		}
	}
	return out
}

func wants(t testing.TB, err error, kind errs.Kind, fields ...string) {
	t.Helper()
	if !errs.Is(err, kind) {
		t.Fatalf("got %v, want %s", err, kind)
	}
	e, _ := errs.As(err)
	var got []string
	for _, f := range e.Fields {
		got = append(got, f.Name)
	}
	for _, f := range fields {
		found := false
		for _, g := range got {
			found = found || g == f
		}
		if !found {
			t.Errorf("fields %v, want %s among them", got, f)
		}
	}
}

func is[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ref[T any](v T) *T { return &v }

// retarget makes the first grants that were written ones of a target.
func (w *shop) retarget(count int, to graph.ID) {
	w.t.Helper()
	var ws []graph.NodeWrite
	for n := range count {
		ws = append(ws, graph.NodeWrite{Node: graph.Node{ID: graph.ID(fmt.Sprintf("grt_%05d", n)), Kind: "Grant", Props: graph.Props{"target": string(to)}}})
	}
	w.put(ws, nil)
}
