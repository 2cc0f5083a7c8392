package marketplace_test

import (
	"context"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/neo4j/neo4jtest"
	"weir/identity"
	"weir/marketplace"
)

// bureau is a company in which requests are decided: real people with real roles, and personal data that flows through four
// steps, clear on one way and masked on another.
type bureau struct {
	*marketplace.Service
	t      testing.TB
	store  graph.Store
	policy *authz.Policy
	people *identity.Service
	at     time.Time
	id     map[string]graph.ID // people, teams and accounts by name
}

var (
	bureauSales  = catalog.DomainID("sales")
	bureauCRM    = catalog.DomainID("crm")
	bureauOrigin = catalog.DatasetID("pg", "crm.customers")
	bureauMart   = catalog.DatasetID("pg", "mart.customer_360")
	bureauPlain  = catalog.DatasetID("pg", "mart.orders")
)

// eachBureau runs a test on the oracle, on SQLite, and on Neo4j where there is one.
func eachBureau(t *testing.T, run func(t *testing.T, w *bureau)) {
	t.Run("memory", func(t *testing.T) { run(t, newBureau(t, graphtest.Memory(shopSchema(t)))) })
	t.Run("sqlite", func(t *testing.T) { run(t, newBureau(t, shopFile(t))) })
	t.Run("neo4j", func(t *testing.T) { run(t, newBureau(t, neo4jtest.Open(t, shopSchema(t)))) })
}

func newBureau(t testing.TB, s graph.Store) *bureau {
	t.Helper()
	w := &bureau{t: t, store: s, at: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), id: map[string]graph.ID{}}
	if err := authz.Install(t.Context(), s, w.at); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.policy, err = authz.NewPolicy(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return w.at }
	w.people = identity.New(s, nil, identity.Options{Now: now})
	w.Service = marketplace.New(s, w.policy, marketplace.Options{Now: now})
	w.fillPeople()
	w.fillData()
	return w
}

func (w *bureau) fillPeople() {
	ctx := authz.With(w.t.Context(), authz.Operator)
	for _, name := range []string{"ada", "tom", "cleo", "carl", "lena", "sara", "saul", "mia", "otto"} {
		u, err := w.people.CreateUser(ctx, identity.NewUser{Login: name, Name: name})
		w.must(err)
		w.id[name] = u.ID
	}
	for team, members := range map[string][]string{"crm": {"cleo", "carl"}, "growth": {"ada", "mia"}} {
		made, err := w.people.CreateTeam(ctx, identity.NewTeam{Name: team})
		w.must(err)
		w.id[team] = made.ID
		for _, m := range members {
			w.must(w.people.AddMember(ctx, made.ID, w.id[m]))
		}
	}
	roles := &authz.Service{Store: w.store, Now: func() time.Time { return w.at }}
	give := func(who, role, domain string) {
		w.must(roles.GrantRole(ctx, authz.RoleChange{Subject: w.id[who], Role: role, Domain: domain}))
	}
	w.must(w.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx,
			catalog.DomainType.Write(bureauSales, graph.Create, catalog.Domain{Name: "sales", Title: "Sales", Audience: "open"}),
			catalog.DomainType.Write(bureauCRM, graph.Create, catalog.Domain{Name: "crm", Title: "Customers", Audience: "open"}))
		return err
	}))
	give("sara", authz.Approver, authz.Everywhere)
	give("saul", authz.Approver, authz.Everywhere)
	give("otto", authz.Admin, authz.Everywhere)
}

// fillData writes mart.customer_360 with email, which is that of crm.customers four steps away, email_hash, which is the same
// masked in the last step, and total; and mart.orders with nothing sensitive.
func (w *bureau) fillData() {
	pii := catalog.ClassID("pii")
	ws := []graph.NodeWrite{
		catalog.ClassType.Write(pii, graph.Create, catalog.Class{Name: "pii"}),
		catalog.OwnerType.Write(catalog.OwnerID("team:crm"), graph.Create, catalog.Owner{Name: "team:crm"}),
		catalog.OwnerType.Write(catalog.OwnerID("tom"), graph.Create, catalog.Owner{Name: "tom"}),
	}
	var edges []graph.Edge
	link := func(from graph.ID, rel graph.Rel, to graph.ID) {
		edges = append(edges, graph.Edge{From: from, Rel: rel, To: to, Valid: graph.Span{Since: graph.Time(w.at.Add(-time.Hour))}})
	}
	dataset := func(name string, domain graph.ID, owner string, columns ...string) graph.ID {
		id := catalog.DatasetID("pg", name)
		ws = append(ws, catalog.DatasetType.Write(id, graph.Create, catalog.Dataset{Namespace: "pg", Name: name, Domain: domain, Audience: "open"}))
		for i, path := range columns {
			col := catalog.ColumnID(id, path)
			ws = append(ws, catalog.ColumnType.Write(col, graph.Create, catalog.Column{Dataset: id, Path: path, Type: "text", Position: i + 1}))
			link(id, catalog.RelHas, col)
		}
		if owner != "" {
			link(id, catalog.RelOwned, catalog.OwnerID(owner))
		}
		return id
	}
	last := dataset("crm.customers", bureauCRM, "team:crm", "email")
	link(catalog.ColumnID(last, "email"), catalog.RelClass, pii)
	for _, name := range []string{"stage.a", "stage.b", "stage.c"} {
		id := dataset(name, bureauSales, "tom", "email")
		link(catalog.ColumnID(last, "email"), catalog.RelDerives, catalog.ColumnID(id, "email"))
		last = id
	}
	mart := dataset("mart.customer_360", bureauSales, "tom", "email", "email_hash", "total")
	link(catalog.ColumnID(last, "email"), catalog.RelDerives, catalog.ColumnID(mart, "email"))
	link(catalog.ColumnID(last, "email"), catalog.RelMasked, catalog.ColumnID(mart, "email_hash"))
	dataset("mart.orders", bureauSales, "tom", "id", "total")
	w.must(w.store.Update(w.t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, ws...); err != nil {
			return err
		}
		return tx.Link(ctx, edges...)
	}))
}

func (w *bureau) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// as is a context in which somebody acts, with the rights that he has in the store.
func (w *bureau) as(name string) context.Context {
	w.t.Helper()
	w.people.Forget()
	p, err := w.people.PrincipalOf(w.t.Context(), w.id[name])
	w.must(err)
	return authz.With(w.t.Context(), p)
}

// ask asks for something as somebody, for him, for two weeks.
func (w *bureau) ask(name string, target graph.ID) marketplace.Ask {
	return marketplace.Ask{Purpose: "analytics", Why: "To plan the spring campaign.", Access: "read", Environment: "production", Days: 14,
		Items: []marketplace.AskItem{{Target: target}}}
}

// sent sends a request and returns its one item.
func (w *bureau) sent(name string, in marketplace.Ask) marketplace.ItemView {
	w.t.Helper()
	req, err := w.Submit(w.as(name), in)
	w.must(err)
	if len(req.Items) != 1 {
		w.t.Fatalf("the request has %d items, want 1", len(req.Items))
	}
	return req.Items[0]
}

// says decides as somebody, on the facts as they are.
func (w *bureau) says(name string, item graph.ID, d marketplace.Decide) (marketplace.ItemView, error) {
	w.t.Helper()
	d.Item = item
	w.at = w.at.Add(time.Minute)
	if d.Seen == "" {
		d.Seen = "unseen"
		if v, err := w.Item(w.as(name), item); err == nil && v.Facts != "" {
			d.Seen = v.Facts
		}
	}
	return w.Decide(w.as(name), d)
}

// entries are those of the log with an action, the latest first.
func (w *bureau) entries(action string) []audit.Entry {
	w.t.Helper()
	all, err := audit.Latest(w.t.Context(), w.store, 1000)
	w.must(err)
	var out []audit.Entry
	for _, e := range all {
		if e.Action == action {
			out = append(out, e)
		}
	}
	return out
}

// waits is what is in somebody's inbox.
func (w *bureau) waits(name string) []graph.ID {
	w.t.Helper()
	page, err := w.Inbox(w.as(name), marketplace.InboxList{Limit: 50})
	w.must(err)
	var out []graph.ID
	for _, row := range page.Items {
		out = append(out, row.ID)
	}
	return out
}

// declare gives a column a data class.
func (w *bureau) declare(column graph.ID, class string) {
	w.t.Helper()
	w.must(w.store.Update(w.t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, catalog.ClassType.Write(catalog.ClassID(class), graph.Upsert, catalog.Class{Name: class})); err != nil {
			return err
		}
		return tx.Link(ctx, graph.Edge{From: column, Rel: catalog.RelClass, To: catalog.ClassID(class), Valid: graph.Span{Since: graph.Time(w.at.Add(-time.Minute))}})
	}))
}

// stepNames are who is asked, step by step: "owner: tom".
func stepNames(v marketplace.ItemView) []string {
	var out []string
	for _, st := range v.Steps {
		for _, p := range st.Parties {
			name := st.By + ":"
			for _, who := range p.Who {
				name += " " + who.Name
			}
			out = append(out, name)
		}
	}
	return out
}
