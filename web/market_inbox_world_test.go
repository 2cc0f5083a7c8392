package web_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/identity"
	"weir/marketplace"
)

// desk is a town in which requests are decided: ada asks; tom and lena own the mart, of whom lena stands in for ada; cleo owns
// what flows in, unmasked on one way and masked on another; sara and saul are security.
type desk struct {
	*town
}

var (
	deskOrigin = catalog.DatasetID("pg", "crm.customers")
	deskMart   = catalog.DatasetID("pg", "mart.customer_360")
	deskPlain  = catalog.DatasetID("pg", "mart.orders")
)

func newDesk(t *testing.T) *desk {
	t.Helper()
	w := &desk{emptyTown(t)}
	op := authz.With(t.Context(), authz.Operator)
	for login, name := range map[string]string{
		"ada": "Ada Marsh", "tom": "Tomas Reyes", "lena": "Lena Fors", "cleo": "Cleo Winter", "sara": "Sara Holm", "saul": "Saul Berg", "mia": "Mia Stone",
	} {
		u, err := w.identity.CreateUser(op, identity.NewUser{Login: login, Name: name, Password: townPassword})
		must(t, err)
		w.ids[login] = u.ID
	}
	for _, g := range []authz.RoleChange{
		{Subject: w.ids["sara"], Role: authz.Approver, Domain: authz.Everywhere}, {Subject: w.ids["saul"], Role: authz.Approver, Domain: authz.Everywhere},
		{Subject: w.ids["saul"], Role: authz.Auditor, Domain: authz.Everywhere},
	} {
		must(t, w.rights.GrantRole(op, g))
	}
	team, err := w.identity.CreateTeam(op, identity.NewTeam{Name: "customer-data", Title: "Customer data"})
	must(t, err)
	w.ids["team"] = team.ID
	must(t, w.identity.AddMember(op, team.ID, w.ids["tom"]))
	must(t, w.identity.AddMember(op, team.ID, w.ids["lena"]))
	_, err = w.identity.NameStandIn(w.acting("ada"), identity.NewStandIn{To: w.ids["lena"], Until: noon.AddDate(0, 0, 20), Reason: "Holiday"})
	must(t, err)
	w.fill()
	return w
}

// acting is a context in which somebody acts.
func (w *desk) acting(login string) context.Context {
	w.t.Helper()
	op := authz.With(w.t.Context(), authz.Operator)
	p, err := w.identity.PrincipalOf(op, w.ids[login])
	must(w.t, err)
	return authz.With(w.t.Context(), p)
}

// fill writes the mart, whose email is that of crm.customers two steps away, whose email_hash is the same, masked, and whose
// total is nobody's; and orders with nothing sensitive.
func (w *desk) fill() {
	pii, job := catalog.ClassID("pii"), catalog.TransformID("jobs", "build_mart")
	domain := catalog.DomainID("sales")
	ws := []graph.NodeWrite{
		catalog.DomainType.Write(domain, graph.Create, catalog.Domain{Name: "sales", Title: "Sales", Audience: "open"}),
		catalog.ClassType.Write(pii, graph.Create, catalog.Class{Name: "pii"}),
		catalog.TransformType.Write(job, graph.Create, catalog.Transform{Namespace: "jobs", Name: "build_mart", Audience: "open"}),
	}
	for _, name := range []string{"team:customer-data", "cleo"} {
		ws = append(ws, catalog.OwnerType.Write(catalog.OwnerID(name), graph.Create, catalog.Owner{Name: name}))
	}
	var edges []graph.Edge
	link := func(from graph.ID, rel graph.Rel, to graph.ID) {
		edges = append(edges, graph.Edge{From: from, Rel: rel, To: to, Valid: graph.Span{Since: graph.Time(noon.Add(-time.Hour))}})
	}
	dataset := func(name, owner string, columns ...string) graph.ID {
		id := catalog.DatasetID("pg", name)
		ws = append(ws, catalog.DatasetType.Write(id, graph.Create, catalog.Dataset{Namespace: "pg", Name: name, Domain: domain, Audience: "open"}))
		for i, path := range columns {
			col := catalog.ColumnID(id, path)
			ws = append(ws, catalog.ColumnType.Write(col, graph.Create, catalog.Column{Dataset: id, Path: path, Type: "text", Position: i + 1}))
			link(id, catalog.RelHas, col)
		}
		link(id, catalog.RelOwned, catalog.OwnerID(owner))
		return id
	}
	dataset("crm.customers", "cleo", "email")
	stage := dataset("stage.customers", "team:customer-data", "email")
	dataset("mart.customer_360", "team:customer-data", "email", "email_hash", "total", "segment")
	dataset("mart.orders", "team:customer-data", "id", "total")
	link(catalog.ColumnID(deskOrigin, "email"), catalog.RelClass, pii)
	link(catalog.ColumnID(deskOrigin, "email"), catalog.RelDerives, catalog.ColumnID(stage, "email")) // a person stated it
	made := func(from graph.ID, rel graph.Rel, to graph.ID) {
		link(from, rel, to)
		edges[len(edges)-1].Props = map[string]any{catalog.EdgeVia: string(job)}
	}
	made(catalog.ColumnID(stage, "email"), catalog.RelDerives, catalog.ColumnID(deskMart, "email"))
	made(catalog.ColumnID(stage, "email"), catalog.RelMasked, catalog.ColumnID(deskMart, "email_hash"))
	must(w.t, w.store.Update(w.t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, ws...); err != nil {
			return err
		}
		return tx.Link(ctx, edges...)
	}))
}

// asks sends a request of somebody for a dataset, and returns its item.
func (w *desk) asks(login string, target graph.ID) marketplace.ItemView {
	w.t.Helper()
	req, err := w.market.Submit(w.acting(login), marketplace.Ask{Purpose: "campaign", Access: "read", Days: 30,
		Why: "Plan the win-back campaign: how many customers are in each churn band.", Items: []marketplace.AskItem{{Target: target}}})
	must(w.t, err)
	return req.Items[0]
}

// many lets several people ask for one thing each, n in all, and returns the items.
func (w *desk) many(n int) []graph.ID {
	w.t.Helper()
	op := authz.With(w.t.Context(), authz.Operator)
	var out []graph.ID
	for i := range n {
		login := fmt.Sprintf("asker%d", i)
		u, err := w.identity.CreateUser(op, identity.NewUser{Login: login, Name: fmt.Sprintf("Asker %02d", i)})
		must(w.t, err)
		w.ids[login] = u.ID
		out = append(out, w.asks(login, deskPlain).ID)
		w.now = w.now.Add(time.Minute) // so that the list has an order
	}
	return out
}

// state is where an item stands.
func (w *desk) state(id graph.ID) marketplace.ItemState {
	w.t.Helper()
	i, err := w.market.Item(w.acting("saul"), id)
	must(w.t, err)
	return i.State
}

// put writes past the program.
func (w *desk) put(ws ...graph.NodeWrite) {
	w.t.Helper()
	must(w.t, w.store.Update(w.t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, ws...)
		return err
	}))
}

// declare gives a column a data class.
func (w *desk) declare(dataset graph.ID, column, class string) {
	w.t.Helper()
	w.put(catalog.ClassType.Write(catalog.ClassID(class), graph.Upsert, catalog.Class{Name: class}))
	must(w.t, w.store.Update(w.t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		return tx.Link(ctx, graph.Edge{From: catalog.ColumnID(dataset, column), Rel: catalog.RelClass, To: catalog.ClassID(class),
			Valid: graph.Span{Since: graph.Time(w.now.Add(-time.Minute))}})
	}))
}
