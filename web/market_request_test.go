package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/marketplace"
)

// newAsk is the address of the form for a thing.
func newAsk(target graph.ID) string { return "/requests/new?target=" + string(target) }

// The whole way without script: what would come of it is said, is what comes, and the page of the request says who acts.
func TestRequest_IsAskedForByPlainForms(t *testing.T) {
	w := newShop(t)
	dana := w.as("dana")
	page := dana.page(newAsk(w.product))
	says(t, page, "Ask for Customer 360", "Nothing is sent until you press Send", "terms of use of Customer 360, version 1", "No writing to single customers.", "4 of 4 columns taken")
	hints := choiceHints(page)
	if len(hints) != 4 || hints["metadata"] != "granted at once" || hints["read"] != "2 approvals" {
		t.Errorf("the kinds of access take %v", hints)
	}
	form := filled(t, page, "ask")
	form.Set("access", "read")
	page = parse(t, dana.post("/requests/preview", form, http.StatusOK).body)
	foretells(t, page, "Needs 2 approvals", "Tomas Reyes", "Cleo Winter", "PII flows in unmasked from data of theirs", "See how PII flows into email")

	form = filled(t, page, "ask")
	form.Set("purpose", "campaign")
	form.Set("why", "Plan the win-back campaign.")
	form.Set("terms-"+string(w.product), "1")
	sent := dana.post("/requests", form, http.StatusSeeOther).header.Get("Location")
	page = dana.page(sent)
	says(t, page, "Customer 360", "Plan the win-back campaign.", "Campaign planning", "has to decide", "Cleo Winter", "Waiting", "left")
	if text := strings.ToLower(textOf(page)); strings.Contains(text, "pending") {
		t.Error("the page says pending")
	}
	again := dana.post("/requests", form, http.StatusSeeOther).header.Get("Location")
	if path(again) != path(sent) {
		t.Errorf("sent twice it leads to %s, then to %s", sent, again)
	}
	says(t, dana.page("/requests"), "Customer 360", "has to decide", "1 request shown")
}

func path(address string) string {
	out, _, _ := strings.Cut(address, "?")
	return out
}

func TestRequest_SaysWhatIsWrongAndKeepsTheRest(t *testing.T) {
	w := newShop(t)
	dana := w.as("dana")
	form := filled(t, dana.page(newAsk(w.product)), "ask")
	form.Set("access", "read")
	form.Set("days", "until")
	form.Set("until", "2020-01-01")
	form.Set("environment", "notebook")
	page := parse(t, dana.post("/requests", form, http.StatusUnprocessableEntity).body)
	says(t, page, "3 fields need another look", "choose what it is for", "say in a sentence what you will make of it", "between 1 and 3650 days")
	for _, id := range []string{"f-purpose", "f-why", "f-days"} {
		if len(find(page, "", "id", id)) != 1 {
			t.Errorf("the summary leads to %s, which isn't there", id)
		}
	}
	kept := filled(t, page, "ask")
	for field, want := range map[string]string{"access": "read", "until": "2020-01-01", "days": "until", "environment": "notebook"} {
		if kept.Get(field) != want {
			t.Errorf("%s is %q after the errors, want %q", field, kept.Get(field), want)
		}
	}
}

func TestRequest_ColumnsAreTakenOneByOne(t *testing.T) {
	w := newShop(t)
	dana := w.as("dana")
	form := filled(t, dana.page(newAsk(w.product)), "ask")
	form.Set("access", "read")
	field := "columns-" + string(w.product)
	page := parse(t, dana.post("/requests/preview", form, http.StatusOK).body)
	if got := taken(page, w.product); !slices.Equal(got, []string{"email", "email_hash", "segment", "total"}) {
		t.Fatalf("taken are %v", got)
	}
	form = filled(t, page, "ask")
	form[field] = form[field][1:2] // email_hash, which comes masked
	page = parse(t, dana.post("/requests/preview", form, http.StatusOK).body)
	if got := taken(page, w.product); !slices.Equal(got, []string{"email_hash"}) {
		t.Errorf("taken are %v, want email_hash", got)
	}
	if strings.Contains(textOf(find(page, "aside", "id", "verdict")[0]), "Cleo Winter") {
		t.Error("the owner of what flows in is asked, although only a masked column is taken")
	}
	form = filled(t, page, "ask")
	delete(form, field)
	foretells(t, parse(t, dana.post("/requests/preview", form, http.StatusOK).body), "No column is taken")
	form.Set("purpose", "reporting")
	form.Set("why", "Count.")
	says(t, parse(t, dana.post("/requests", form, http.StatusUnprocessableEntity).body), "Take at least one")
}

func TestRequest_BasketAndForWhom(t *testing.T) {
	w := newShop(t)
	dana := w.as("dana")
	form := filled(t, dana.page(newAsk(w.product)), "ask")
	form.Set("find", "orders")
	form.Set("who", "Mia")
	page := parse(t, dana.post("/requests/preview", form, http.StatusOK).body)
	says(t, page, "Orders of a year", "Mia Stone", "Growth", "Your team", "shelly", "Your agent")
	form = filled(t, page, "ask")
	form.Set("add", attr(find(page, "button", "name", "add")[0], "value"))
	form.Set("for", string(w.ids["mia"]))
	page = parse(t, dana.post("/requests/preview", form, http.StatusOK).body)
	says(t, page, "Ask for 2 things", "Customer 360", "Orders of a year")
	form = filled(t, page, "ask")
	if form.Get("for") != string(w.ids["mia"]) || len(form["target"]) != 2 {
		t.Fatalf("the form is for %s, of %v", form.Get("for"), form["target"])
	}
	form.Set("remove", string(w.product))
	page = parse(t, dana.post("/requests/preview", form, http.StatusOK).body)
	says(t, page, "Ask for Orders of a year")

	form = filled(t, page, "ask")
	form.Set("for", string(w.ids["team"])) // she is not in it
	says(t, parse(t, dana.post("/requests/preview", form, http.StatusOK).body), "a team that you are not in")
}

func TestRequest_DraftIsKeptGoneOnWithAndSent(t *testing.T) {
	w := newShop(t)
	dana := w.as("dana")
	form := filled(t, dana.page(newAsk(w.product)), "ask")
	form.Set("why", "Not sure yet.")
	kept := dana.post("/requests/draft", form, http.StatusSeeOther).header.Get("Location")
	says(t, dana.page("/requests?state=draft"), "Customer 360", "Discard")
	if a := w.as("tom").do(http.MethodGet, kept, nil); a.status != http.StatusNotFound {
		t.Errorf("another one's draft: status %d", a.status)
	}
	page := dana.page(kept)
	form = filled(t, page, "ask")
	if form.Get("why") != "Not sure yet." || form.Get("draft") == "" {
		t.Fatalf("the draft comes back as %v", form)
	}
	form.Set("purpose", "analytics")
	form.Set("access", "metadata")
	form.Set("terms-"+string(w.product), "1")
	sent := dana.post("/requests", form, http.StatusSeeOther).header.Get("Location")
	if path(sent) != "/requests/"+form.Get("draft") {
		t.Errorf("the draft %s was sent as %s", form.Get("draft"), sent)
	}
	says(t, dana.page(sent), "Granted at once", "Approved", "See the grant")
	if page := dana.page("/requests?state=draft"); !strings.Contains(textOf(page), "No drafts") {
		t.Error("the draft is still there")
	}
	other := filled(t, dana.page(newAsk(w.product)), "ask")
	kept = dana.post("/requests/draft", other, http.StatusSeeOther).header.Get("Location")
	id := strings.TrimPrefix(strings.Split(kept, "&")[0], "/requests/new?draft=")
	dana.post("/requests/"+id+"/discard", url.Values{}, http.StatusSeeOther)
	if a := dana.do(http.MethodGet, "/requests/"+id, nil); a.status != http.StatusNotFound {
		t.Errorf("a discarded draft: status %d", a.status)
	}
}

func TestRequest_ScriptKeepsTheDraftInOnePart(t *testing.T) {
	w := newShop(t)
	dana := w.as("dana")
	form := filled(t, dana.page(newAsk(w.product)), "ask")
	part := func() string {
		a := dana.send(http.MethodPost, "/requests/draft", form, func(q *http.Request) {
			q.AddCookie(&http.Cookie{Name: "__Host-weir", Value: dana.cookie})
			q.Header.Set("HX-Request", "true")
			q.Header.Set("HX-Target", "div#kept")
		})
		if a.status != http.StatusOK || strings.Contains(string(a.body), "<main") {
			t.Fatalf("status %d: %.300s", a.status, a.body)
		}
		page := parse(t, a.body)
		says(t, page, "Draft kept at 12:00 UTC.")
		return attr(find(page, "input", "name", "draft")[0], "value")
	}
	first := part()
	if second := part(); first == "" || second != first {
		t.Errorf("the form is kept as %q, then as %q", first, second)
	}
}

func TestRequest_AnswersAndWithdraws(t *testing.T) {
	w := newShop(t)
	item := w.asks("ada", deskMart)
	_, err := w.market.Decide(w.acting("tom"), marketplace.Decide{Item: item.ID, Verdict: marketplace.AskBack, Reason: "Which bands?"})
	must(t, err)
	ada := w.as("ada")
	address := "/requests/" + string(item.Request)
	page := ada.page(address)
	says(t, page, "Needs your answer", "Tomas Reyes asks:", "Which bands?")
	says(t, ada.page("/requests?state=open"), "You have to answer")
	form := url.Values{"item": {string(item.ID)}, "version": {attr(find(page, "input", "name", "version")[0], "value")}}
	says(t, parse(t, ada.post(address+"/answer", form, http.StatusUnprocessableEntity).body), "Your answer is missing")
	form.Set("answer", "Low and high.")
	ada.post(address+"/answer", form, http.StatusSeeOther)
	page = ada.page(address)
	says(t, page, "Low and high.", "has to decide", "Not asked:", "Lena Fors")
	ada.post(address+"/withdraw", url.Values{"item": {string(item.ID)}, "version": {"1"}}, http.StatusConflict)
	form = url.Values{"item": {string(item.ID)}, "version": {attr(find(page, "input", "name", "version")[0], "value")}}
	ada.post(address+"/withdraw", form, http.StatusSeeOther)
	says(t, ada.page(address), "Withdrawn", "Ask again")
	says(t, ada.page("/requests/new?again="+string(item.Request)), "Plan the win-back campaign")
}

func TestRequest_ListFindsAndIsNobodyElses(t *testing.T) {
	w := newShop(t)
	w.asks("ada", deskMart)
	mine := w.asks("ada", deskPlain)
	ada := w.as("ada")
	for address, want := range map[string][2]string{
		"/requests":              {"mart.customer_360", ""},
		"/requests?q=orders":     {"mart.orders", "mart.customer_360"},
		"/requests?q=zebra":      {"Nothing found", "mart.orders"},
		"/requests?state=closed": {"None in this part", "mart.orders"},
	} {
		text := textOf(ada.page(address))
		if !strings.Contains(text, want[0]) || want[1] != "" && strings.Contains(text, want[1]) {
			t.Errorf("%s should say %q and not %q: %.900s", address, want[0], want[1], text)
		}
	}
	says(t, w.as("mia").page("/requests"), "Nothing asked for yet", "Look at products")
	if a := w.as("mia").do(http.MethodGet, "/requests/"+string(mine.Request), nil); a.status != http.StatusNotFound {
		t.Errorf("the request of another: status %d", a.status)
	}
	if a := w.as("mia").do(http.MethodGet, "/requests?for="+string(w.ids["ada"]), nil); a.status != http.StatusNotFound {
		t.Errorf("the list of another: status %d", a.status)
	}
}

func TestRequest_OddAddressesAreAnswered(t *testing.T) {
	w := newShop(t)
	dana := w.as("dana")
	for address, want := range map[string]int{
		"/requests/new":                                    http.StatusOK,
		"/requests/new?target=prd_nothing":                 http.StatusOK,
		"/requests/new?target=" + strings.Repeat("x", 300): http.StatusOK,
		"/requests/new?draft=req_nothing":                  http.StatusNotFound,
		"/requests/new?extends=grt_nothing":                http.StatusNotFound,
		"/requests/new?again=req_nothing":                  http.StatusNotFound,
		"/requests/req_nothing":                            http.StatusNotFound,
		"/requests/preview":                                http.StatusOK,
	} {
		if a := dana.do(http.MethodGet, address, nil); a.status != want {
			t.Errorf("%.60s: status %d, want %d: %.300s", address, a.status, want, a.body)
		}
	}
	says(t, dana.page("/requests/new?target=prd_nothing"), "Something is missing", "no product or dataset that there is")
	for _, field := range slices.Sorted(maps.Keys(url.Values{"target": nil, "days": nil, "until": nil, "for": nil, "purpose": nil, "terms-x": nil})) {
		form := url.Values{field: {"\x00<script>'\""}}
		if a := dana.do(http.MethodPost, "/requests", form); a.status >= http.StatusInternalServerError || a.status < 400 {
			t.Errorf("odd %s: status %d", field, a.status)
		}
	}
}

// Where part of the columns comes at once, these can be had alone, with one button.
func TestRequest_TakesOnlyWhatComesAtOnce(t *testing.T) {
	w := newShop(t)
	w.put(catalog.DatasetType.Write(deskMart, graph.Upsert, catalog.Dataset{Namespace: "pg", Name: "mart.customer_360", Domain: catalog.DomainID("sales"),
		Audience: "open", Classification: catalog.Internal}))
	dana := w.as("dana")
	form := filled(t, dana.page(newAsk(w.product)), "ask")
	form.Set("access", "read")
	page := parse(t, dana.post("/requests/preview", form, http.StatusOK).body)
	foretells(t, page, "1 column needs", "3 columns would come at once alone", "email_hash, total, segment")
	form = filled(t, page, "ask")
	form.Set("only", attr(find(page, "button", "name", "only")[0], "value"))
	page = parse(t, dana.post("/requests/preview", form, http.StatusOK).body)
	foretells(t, page, "Granted at once", "3 columns at once", "Public and internal data, open")
	if got := taken(page, w.product); !slices.Equal(got, []string{"email_hash", "segment", "total"}) {
		t.Errorf("taken are %v", got)
	}
}

func TestRequest_AsksForMoreTime(t *testing.T) {
	w := newShop(t)
	sent, err := w.market.Submit(w.acting("dana"), marketplace.Ask{Purpose: "campaign", Why: "Plan the campaign.", Access: "metadata", Days: 30,
		Items: []marketplace.AskItem{{Target: w.product, Terms: 1}}})
	must(t, err)
	dana := w.as("dana")
	one := dana.page("/requests/" + string(sent.ID))
	says(t, one, "It was granted at once because of the policy", "until 15 Jul 2026", "See the grant", "Ask for more time")
	page := dana.page("/requests/new?extends=" + string(sent.Items[0].Grant))
	says(t, page, "Ask for more time for Customer 360", "Plan the campaign.")
	form := filled(t, page, "ask")
	if form.Get("purpose") != "campaign" || form.Get("extends-"+string(w.product)) != string(sent.Items[0].Grant) {
		t.Fatalf("the form begins with %v", form)
	}
	form.Set("terms-"+string(w.product), "1")
	says(t, parse(t, dana.post("/requests", form, http.StatusUnprocessableEntity).body), "Ends before the grant does")
	form.Set("days", "90")
	says(t, dana.page(dana.post("/requests", form, http.StatusSeeOther).header.Get("Location")), "Customer 360", "Approved")
	grant, err := w.market.Grant(w.acting("dana"), sent.Items[0].Grant)
	must(t, err)
	if days := grant.Until.Sub(noon).Hours() / 24; days < 89 {
		t.Errorf("the grant ends in %.0f days, want 90", days)
	}
}

// Who owns what he asks for is not asked: security is, and where nobody is left at all that is said before and after sending.
func TestRequest_SaysWhoDecidesInsteadAndWhenNobodyCan(t *testing.T) {
	w := newShop(t)
	op := authz.With(t.Context(), authz.Operator)
	must(t, w.identity.RemoveMember(op, w.ids["team"], w.ids["lena"]))
	must(t, w.identity.RemoveMember(op, w.ids["team"], w.ids["tom"]))
	must(t, w.identity.AddMember(op, w.ids["team"], w.ids["dana"]))
	dana := w.as("dana")
	foretells(t, dana.page(newAsk(w.product)), "Needs 1 approval", "security decides in their place", "Not asked:")
	for _, who := range []string{"sara", "saul"} {
		must(t, w.rights.RevokeRole(op, authz.RoleChange{Subject: w.ids[who], Role: authz.Approver, Domain: authz.Everywhere}))
	}
	page := dana.page(newAsk(w.product))
	foretells(t, page, "Nobody can decide", "an administrator names an owner")
	form := filled(t, page, "ask")
	form.Set("purpose", "analytics")
	form.Set("why", "Look.")
	form.Set("terms-"+string(w.product), "1")
	sent := dana.post("/requests", form, http.StatusSeeOther).header.Get("Location")
	says(t, dana.page(sent), "Nobody can decide this", "Show an administrator this page")
	says(t, dana.page("/requests"), "an administrator has to name somebody")
}

// Of many columns the first are shown, and a filter finds the others; those that are not shown stay taken.
func TestRequest_ManyColumnsAreFoldedAndFiltered(t *testing.T) {
	w := newShop(t)
	wide := w.wide(45)
	dana := w.as("dana")
	shown := func(page *html.Node) (n int) {
		for _, row := range find(page, "tr", "", "") {
			if !has(row, "hidden", "") && len(find(row, "input", "name", "columns-"+string(wide))) > 0 {
				n++
			}
		}
		return n
	}
	page := dana.page(newAsk(wide))
	if n := shown(page); n != 30 {
		t.Errorf("%d columns are shown, want 30", n)
	}
	says(t, page, "45 of 45 columns taken", "Show 15 more columns")
	form := filled(t, page, "ask")
	form.Set("filter-"+string(wide), "C44")
	page = parse(t, dana.post("/requests/preview", form, http.StatusOK).body)
	if n := shown(page); n != 1 || len(taken(page, wide)) != 45 {
		t.Errorf("%d columns are shown and %d taken, want 1 and 45", n, len(taken(page, wide)))
	}
	form = filled(t, page, "ask")
	form.Set("filter-"+string(wide), "")
	form.Set("open-"+string(wide), "1")
	if n := shown(parse(t, dana.post("/requests/preview", form, http.StatusOK).body)); n != 45 {
		t.Errorf("%d columns are shown, want all 45", n)
	}
}
