package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"weir/authz"
	"weir/catalog"
	"weir/identity"
	"weir/marketplace"
)

// newStall is a desk on which tom owns the domain of sales, with the policies that come with the program; bea works with him there.
func newStall(t *testing.T) *desk {
	t.Helper()
	w := newDesk(t)
	op := authz.With(t.Context(), authz.Operator)
	u, err := w.identity.CreateUser(op, identity.NewUser{Login: "bea", Name: "Bea Stern", Password: townPassword})
	must(t, err)
	w.ids["bea"] = u.ID
	for login, role := range map[string]string{"tom": authz.Owner, "bea": authz.Steward} {
		must(t, w.rights.GrantRole(op, authz.RoleChange{Subject: w.ids[login], Role: role, Domain: string(catalog.DomainID("sales"))}))
	}
	must(t, marketplace.InstallTemplates(op, w.store, noon))
	return w
}

// productForm is a form that is right.
func productForm() url.Values {
	return url.Values{
		"slug": {"insights"}, "title": {"Customer insights"}, "summary": {"Who buys."}, "domain": {string(catalog.DomainID("sales"))},
		"owner": {"team:customer-data"}, "visibility": {"open"}, "questions": {"Who stops?\r\n\r\nWho comes?"},
		"kind0": {"freshness"}, "text0": {"Fresh each night"}, "hours0": {"24"}, "kind1": {"freshness"}, "text1": {""}, "hours1": {""},
	}
}

// version is what the forms of a page carry along.
func formVersion(t *testing.T, page *html.Node) string {
	t.Helper()
	for _, in := range find(page, "input", "name", "version") {
		return attr(in, "value")
	}
	t.Fatal("no form carries the version")
	return ""
}

func TestProductPages_FromDraftToTheRequest(t *testing.T) {
	w := newStall(t)
	tom, ada := w.as("tom"), w.as("ada")
	says(t, ada.page("/products"), "No product yet")
	tom.page("/products/new")
	a := tom.post("/products/new", productForm(), http.StatusSeeOther)
	if got := a.header.Get("Location"); !strings.HasPrefix(got, "/products/insights/data") {
		t.Fatalf("leads to %s", got)
	}
	if a := ada.do(http.MethodGet, "/products/insights", nil); a.status != http.StatusNotFound {
		t.Errorf("a draft is shown to others: %d", a.status)
	}
	says(t, tom.page("/products/insights/data?q=mart"), "No dataset yet", "mart.orders", "mart.customer_360")
	add := url.Values{"version": {formVersion(t, tom.page("/products/insights/data?q=mart"))}, "do": {"add"}, "dataset": {string(deskMart)}}
	tom.post("/products/insights/data", add, http.StatusSeeOther)
	tom.post("/products/insights/data", add, http.StatusConflict) // it has changed meanwhile
	version := formVersion(t, tom.page("/products/insights/data"))
	column := string(catalog.ColumnID(deskMart, "email"))
	tom.post("/products/insights/data", url.Values{"version": {version}, "do": {"columns"}, "dataset": {string(deskMart)}, "columns": {column}, "all": {""}}, http.StatusSeeOther)
	says(t, tom.page("/products/insights/data"), "1 of 4 columns")
	version = formVersion(t, tom.page("/products/insights/terms"))
	tom.post("/products/insights/terms", url.Values{"version": {version}, "text": {"Not for **mail**."}}, http.StatusSeeOther)
	version = formVersion(t, tom.page("/products/insights"))
	tom.post("/products/insights/publish", url.Values{"version": {version}}, http.StatusSeeOther)
	page := ada.page("/products/insights")
	says(t, page, "Customer insights", "Who buys.", "Ways in", "Reading masked", "Fresh each night", "Who stops?", "Not for mail", "1 of 4 columns",
		"Which policies decide", "Can I trust it?")
	if len(hrefs(page, "/requests/new?target="+string(marketplace.ProductID("insights")))) == 0 {
		t.Error("the page doesn't lead to a request")
	}
	if found := hrefs(page, "/products/insights/edit"); len(found) > 0 {
		t.Error("who may not edit is offered to")
	}
	says(t, ada.page("/products?q=insight"), "Customer insights")
	says(t, ada.page("/products?q=nothing"), "No product found")
}

func TestProductPages_SendBackWhatIsWrong(t *testing.T) {
	w := newStall(t)
	tom := w.as("tom")
	for field, value := range map[string]string{
		"slug": "Two words", "title": "", "owner": "nobody-here", "hours0": "soon", "visibility": "all", "domain": "",
	} {
		f := productForm()
		f.Set(field, value)
		page := parse(t, tom.post("/products/new", f, http.StatusUnprocessableEntity).body)
		if len(find(page, "p", "class", "field-error")) == 0 {
			t.Errorf("%s: nothing is said at the field: %.300s", field, textOf(page))
		}
		if got := attr(find(page, "input", "name", "summary")[0], "value"); got != "Who buys." {
			t.Errorf("%s: what was typed is lost: %q", field, got)
		}
	}
	tom.post("/products/new", productForm(), http.StatusSeeOther)
	tom.post("/products/new", productForm(), http.StatusConflict)
}

func TestProductPages_AreForThoseWhoMay(t *testing.T) {
	w := newStall(t)
	tom, bea, ada := w.as("tom"), w.as("bea"), w.as("ada")
	tom.post("/products/new", productForm(), http.StatusSeeOther)
	v := formVersion(t, tom.page("/products/insights/edit"))
	f := productForm()
	f.Set("version", v)
	f.Set("summary", "Who buys what.")
	bea.post("/products/insights/edit", f, http.StatusSeeOther)
	f.Set("version", formVersion(t, bea.page("/products/insights/edit")))
	f.Set("owner", "bea")
	bea.post("/products/insights/edit", f, http.StatusForbidden)
	if got := w.lastAction("marketplace."); got != "!marketplace.product-edit" {
		t.Errorf("the attempt is not in the log: %s", got)
	}
	ada.post("/products/insights/edit", f, http.StatusForbidden)
	ada.post("/products/new", productForm(), http.StatusForbidden)
	bea.post("/products/insights/publish", url.Values{"version": {"1"}}, http.StatusForbidden)
}

func TestProductPages_EndOne(t *testing.T) {
	w := newStall(t)
	tom, ada := w.as("tom"), w.as("ada")
	op := authz.With(t.Context(), authz.Operator)
	tom.post("/products/new", productForm(), http.StatusSeeOther)
	p, _, err := w.market.ProductBySlug(op, "insights")
	must(t, err)
	_, err = w.market.SetParts(op, p.ID, 0, []marketplace.Part{{Dataset: deskMart}})
	must(t, err)
	_, err = w.market.Publish(op, p.ID, 0)
	must(t, err)
	form := url.Values{"version": {formVersion(t, tom.page("/products/insights/deprecate"))}, "sunset": {"2001-01-01"}}
	says(t, parse(t, tom.post("/products/insights/deprecate", form, http.StatusUnprocessableEntity).body), "Has to be a day that comes")
	form.Set("sunset", "2126-12-31")
	tom.post("/products/insights/deprecate", form, http.StatusSeeOther)
	says(t, ada.page("/products/insights"), "It ends on 31 December 2126")
	tom.post("/products/insights/retire", url.Values{"version": {formVersion(t, tom.page("/products/insights"))}}, http.StatusSeeOther)
	page := ada.page("/products/insights")
	says(t, page, "retired")
	if len(hrefs(page, "/requests/new")) > 0 {
		t.Error("what is retired can be asked for")
	}
}
