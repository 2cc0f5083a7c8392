package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/marketplace"
)

// The whole story with script switched off: found, asked for, approved for less by its owner and by the owner of what flows in,
// had, come to its end, and asked for again. Each step is a link or a form that the page before it shows.
func TestMarket_TheWholeStoryByPlainForms(t *testing.T) {
	w := newShop(t)
	dana, tom, cleo := w.as("dana"), w.as("tom"), w.as("cleo")
	product := dana.page(linkTo(t, dana.page("/products?q=customer"), "/products/customer-360"))
	form := filled(t, dana.page(linkTo(t, product, "/requests/new")), "ask")
	for field, value := range map[string]string{"access": "read", "purpose": "campaign", "why": "Plan the win-back campaign.", "days": "30", "terms-" + string(w.product): "1"} {
		form.Set(field, value)
	}
	sent := dana.post("/requests", form, http.StatusSeeOther).header.Get("Location")
	says(t, dana.page(sent), "has to decide", "Waiting")

	item := "/inbox/" + w.firstWaiting("tom")
	says(t, tom.page(linkTo(t, tom.page("/inbox"), item)), "Dana Olsen", "Plan the win-back campaign.", "email", "crm.customers")
	email := string(catalog.ColumnID(deskMart, "email"))
	tom.post(item, w.less("tom", item, email, "14", "Two weeks are enough."), http.StatusSeeOther)
	says(t, dana.page(sent), "Tomas Reyes", "Two weeks are enough.", "Waiting")
	item = "/inbox/" + w.firstWaiting("cleo")
	says(t, cleo.page(linkTo(t, cleo.page("/inbox"), item)), "email", "Tomas Reyes")
	cleo.post(item, w.less("cleo", item, email, "10", "Ten days for my part."), http.StatusSeeOther)

	grant := linkTo(t, dana.page(sent), "/grants/grt_")
	says(t, dana.page("/grants"), "Customer 360", "Being granted", "10 d left")
	act(t, tom, tom.page("/tasks"), "/tasks/", url.Values{"do": {"done"}}, http.StatusSeeOther)
	says(t, dana.page(grant), "Active", "may read this in clear text for campaign planning", "email")

	w.now = w.now.AddDate(0, 0, 11)
	op := authz.With(t.Context(), authz.Operator)
	must(t, w.market.ExpireDue(op))
	dana, tom = w.as("dana"), w.as("tom") // the sessions of ten days ago are over, too
	says(t, dana.page(grant), "Expired")
	again := filled(t, dana.page(linkTo(t, dana.page(grant), "/requests/new")), "ask")
	if again.Get("purpose") != "campaign" || again.Get("access") != "read" || !strings.Contains(again.Get("why"), "win-back") {
		t.Errorf("the form to ask again holds %v", again)
	}
	again.Set("terms-"+string(w.product), "1")
	sent = dana.post("/requests", again, http.StatusSeeOther).header.Get("Location")
	says(t, dana.page(sent), "has to decide")
	says(t, tom.page("/inbox"), "Dana Olsen")
}

// linkTo is the address of the first link of a page that begins with something.
func linkTo(t *testing.T, page *html.Node, begin string) string {
	t.Helper()
	for _, a := range find(page, "a", "", "") {
		if strings.HasPrefix(attr(a, "href"), begin) {
			return attr(a, "href")
		}
	}
	t.Fatalf("the page leads nowhere to %s: %.600s", begin, textOf(page))
	return ""
}

// firstWaiting is the item that is first in somebody's inbox.
func (w *shop) firstWaiting(who string) string {
	w.t.Helper()
	page, err := w.market.Inbox(w.acting(who), marketplace.InboxList{Limit: 1})
	must(w.t, err)
	if len(page.Items) == 0 {
		w.t.Fatalf("nothing waits for %s", who)
	}
	return string(page.Items[0].ID)
}

// less is what the form to approve less sends: one column and some days are left.
func (w *shop) less(who, item, column, days, reason string) url.Values {
	w.t.Helper()
	v, err := w.market.Item(w.acting(who), graph.ID(strings.TrimPrefix(item, "/inbox/")))
	must(w.t, err)
	return url.Values{"do": {"less"}, "version": {strconv.FormatInt(v.Version, 10)}, "seen": {v.Facts}, "listed": {"1"}, "columns": {column},
		"days": {days}, "reason": {reason}}
}
