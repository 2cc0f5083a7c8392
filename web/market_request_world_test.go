package web_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/identity"
	"weir/marketplace"
)

// shop is a desk with a product of the mart, with terms of use, and with the policies that come with the program. dana is in the
// team growth; her agent is shelly.
type shop struct {
	*desk
	product graph.ID
}

func newShop(t *testing.T) *shop {
	t.Helper()
	w := &shop{desk: newDesk(t)}
	op := authz.With(t.Context(), authz.Operator)
	u, err := w.identity.CreateUser(op, identity.NewUser{Login: "dana", Name: "Dana Olsen", Password: townPassword})
	must(t, err)
	w.ids["dana"] = u.ID
	must(t, w.identity.AddMember(op, w.team("growth", "Growth"), u.ID))
	must(t, w.rights.GrantRole(op, authz.RoleChange{Subject: u.ID, Role: authz.Consumer, Domain: string(catalog.DomainID("sales"))}))
	agent, err := w.identity.CreateAccount(w.acting("dana"), identity.NewAccount{Name: "shelly", Type: authz.Agent, Owner: u.ID})
	must(t, err)
	w.ids["shelly"] = agent.ID
	must(t, marketplace.InstallTemplates(op, w.store, noon))
	w.product = w.offer("customer-360", "Customer 360", deskMart)
	w.offer("orders", "Orders of a year", deskPlain)
	return w
}

func (w *shop) team(name, title string) graph.ID {
	w.t.Helper()
	made, err := w.identity.CreateTeam(authz.With(w.t.Context(), authz.Operator), identity.NewTeam{Name: name, Title: title})
	must(w.t, err)
	w.ids[name] = made.ID
	return made.ID
}

// offer publishes a product of a dataset, owned by the team of the mart, with terms of use.
func (w *shop) offer(slug, title string, dataset graph.ID) graph.ID {
	w.t.Helper()
	op := authz.With(w.t.Context(), authz.Operator)
	domain, owner, summary := catalog.DomainID("sales"), w.ids["team"], title+", fresh every night."
	p, err := w.market.CreateProduct(op, slug, marketplace.ProductEdit{Title: &title, Summary: &summary, Domain: &domain, Owner: &owner})
	must(w.t, err)
	_, err = w.market.SetParts(op, p.ID, 0, []marketplace.Part{{Dataset: dataset}})
	must(w.t, err)
	_, err = w.market.SetTerms(op, p.ID, 0, "No writing to **single** customers.")
	must(w.t, err)
	_, err = w.market.Publish(op, p.ID, 0)
	must(w.t, err)
	return p.ID
}

// wide is a dataset with many columns.
func (w *shop) wide(columns int) graph.ID {
	w.t.Helper()
	id := catalog.DatasetID("pg", "mart.wide")
	ws := []graph.NodeWrite{catalog.DatasetType.Write(id, graph.Create, catalog.Dataset{Namespace: "pg", Name: "mart.wide", Domain: catalog.DomainID("sales"), Audience: "open"})}
	var edges []graph.Edge
	for i := range columns {
		path := fmt.Sprintf("c%02d", i)
		ws = append(ws, catalog.ColumnType.Write(catalog.ColumnID(id, path), graph.Create, catalog.Column{Dataset: id, Path: path, Type: "text", Position: i + 1}))
		edges = append(edges, graph.Edge{From: id, Rel: catalog.RelHas, To: catalog.ColumnID(id, path), Valid: graph.Span{Since: graph.Time(noon.Add(-time.Hour))}})
	}
	w.put(ws...)
	must(w.t, w.store.Update(w.t.Context(), "", func(ctx context.Context, tx graph.Tx) error { return tx.Link(ctx, edges...) }))
	return id
}

// filled is what a browser would send of the form with an id, as it is found.
func filled(t *testing.T, page *html.Node, id string) url.Values {
	t.Helper()
	forms := find(page, "form", "id", id)
	if len(forms) != 1 {
		t.Fatalf("the page has %d forms %s: %.600s", len(forms), id, textOf(page))
	}
	out := url.Values{}
	for _, in := range append(find(forms[0], "input", "name", ""), find(page, "input", "form", id)...) {
		switch kind := attr(in, "type"); {
		case has(in, "disabled", ""), (kind == "checkbox" || kind == "radio") && !has(in, "checked", ""):
		default:
			out.Add(attr(in, "name"), attr(in, "value"))
		}
	}
	for _, area := range find(forms[0], "textarea", "name", "") {
		out.Set(attr(area, "name"), textOf(area))
	}
	for _, sel := range find(forms[0], "select", "name", "") {
		for _, o := range find(sel, "option", "selected", "") {
			out.Set(attr(sel, "name"), attr(o, "value"))
		}
	}
	return out
}

// foretells fails unless the panel beside the form says all of it.
func foretells(t *testing.T, page *html.Node, all ...string) {
	t.Helper()
	panel := find(page, "aside", "id", "verdict")
	if len(panel) != 1 {
		t.Fatalf("the page has no preview: %.600s", textOf(page))
	}
	says(t, panel[0], all...)
}

// choiceHints are the kinds of access of a form with what each takes.
func choiceHints(page *html.Node) map[string]string {
	out := map[string]string{}
	for _, in := range find(page, "input", "name", "access") {
		for _, small := range find(in.Parent, "small", "", "") {
			out[attr(in, "value")] = textOf(small)
		}
	}
	return out
}

// taken are the columns of a thing that are taken, by their names.
func taken(page *html.Node, target graph.ID) []string {
	var out []string
	for _, in := range find(page, "input", "name", "columns-"+string(target)) {
		if !has(in, "checked", "") {
			continue
		}
		for _, l := range find(page, "label", "for", attr(in, "id")) {
			out = append(out, strings.Fields(textOf(l))[0])
		}
	}
	slices.Sort(out)
	return out
}
