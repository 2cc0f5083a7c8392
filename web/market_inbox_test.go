package web_test

import (
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

// decideForm is what the form of an item with a button of some value would send.
func decideForm(t *testing.T, page *html.Node, do string) url.Values {
	t.Helper()
	for _, form := range find(page, "form", "method", "post") {
		if !slices.ContainsFunc(find(form, "button", "name", "do"), func(b *html.Node) bool { return attr(b, "value") == do }) {
			continue
		}
		out := url.Values{"do": {do}}
		for _, in := range find(form, "input", "", "") {
			if kind := attr(in, "type"); kind == "checkbox" && !has(in, "checked", "") {
				continue
			}
			out.Add(attr(in, "name"), attr(in, "value"))
		}
		return out
	}
	t.Fatalf("the page has no form to %s", do)
	return nil
}

// listed are the items in the list of a page.
func listed(page *html.Node) []string {
	var out []string
	for _, box := range find(page, "input", "name", "item") {
		out = append(out, attr(box, "value"))
	}
	return out
}

// The whole way without script: the owner looks and approves, then the owner of what flows in approves less.
func TestInbox_DecidesByPlainForms(t *testing.T) {
	w := newDesk(t)
	item := w.asks("ada", deskMart)
	early := w.as("cleo").page("/inbox/" + string(item.ID))
	says(t, early, "It isn't your turn")
	if len(find(early, "", "data-key", "a")) != 0 || len(find(early, "", "data-key", "d")) != 1 {
		t.Error("before her turn cleo can do something else than ask and reject")
	}
	tom := w.as("tom")
	says(t, tom.page("/inbox"), "Ada Marsh", "customer_360", "1 in clear text", "Open the first")
	page := tom.page("/inbox/" + string(item.ID))
	says(t, page, "Ada Marsh asks to read mart.customer_360 in clear text", "Plan the win-back campaign",
		"PII in clear text in 1 column", "1 sensitive column comes masked", "crm.customers.email", "build_mart", "Clear text",
		"Lena Fors", "so can't decide this", "Owners of what flows in", "Cleo Winter", "4 columns for 30 days", "After you: Cleo Winter (Owners of what flows in)")
	a := tom.post("/inbox/"+string(item.ID), decideForm(t, page, "approve"), http.StatusSeeOther)
	says(t, tom.page(a.header.Get("Location")), "You approved", "Others have to approve, too", "Nothing waits for you")

	cleo := w.as("cleo")
	page = cleo.page("/inbox/" + string(item.ID))
	says(t, page, "Tomas Reyes approved", "Yours is the last approval that is needed.")
	form := decideForm(t, page, "less")
	form["columns"] = form["columns"][1:]
	form.Set("days", "14")
	form.Set("reason", "Names are not needed.")
	a = cleo.post("/inbox/"+string(item.ID), form, http.StatusSeeOther)
	says(t, cleo.page(a.header.Get("Location")), "You approved", "It is granted")
	page = cleo.page("/inbox/" + string(item.ID))
	says(t, page, "approved less: 3 columns for 14 days", "Names are not needed.", "Approved")
	if len(find(page, "", "data-key", "")) != 0 {
		t.Error("what is decided can be decided again")
	}
	if got := w.lastAction("marketplace."); got != "marketplace.approve-less" {
		t.Errorf("the log ends with %s", got)
	}
}

func TestInbox_OwnRequestsAreNotListed(t *testing.T) {
	w := newDesk(t)
	mine, others := w.asks("tom", deskPlain), w.asks("ada", deskPlain)
	if got := listed(w.as("tom").page("/inbox")); !slices.Equal(got, []string{string(others.ID)}) {
		t.Errorf("tom's list has %v, want %s alone", got, others.ID)
	}
	if got := listed(w.as("lena").page("/inbox")); slices.Contains(got, string(others.ID)) {
		t.Error("lena stands in for ada, and finds what ada asks for")
	}
	page := w.as("tom").page("/inbox/" + string(mine.ID))
	says(t, page, "You asked for this yourself")
	if len(find(page, "", "data-key", "")) != 0 {
		t.Error("tom's own request has buttons to decide")
	}
}

func TestInbox_SelfApprovalByHandIsRefusedAndWrittenDown(t *testing.T) {
	w := newDesk(t)
	item := w.asks("tom", deskPlain)
	tom := w.as("tom")
	a := tom.post("/inbox/"+string(item.ID), url.Values{"do": {"approve"}, "version": {"1"}, "seen": {item.Facts}}, http.StatusForbidden)
	says(t, parse(t, a.body), "Nobody decides for himself")
	if got := w.lastAction("marketplace."); got != "!marketplace.approve" {
		t.Errorf("the log ends with %s, want the refused attempt", got)
	}
	if got := w.state(item.ID); got != marketplace.Submitted {
		t.Errorf("it is %s", got)
	}
}

func TestInbox_KeepsWhatWasTyped(t *testing.T) {
	w := newDesk(t)
	item := w.asks("ada", deskMart)
	tom := w.as("tom")
	address := "/inbox/" + string(item.ID)
	page := tom.page(address)

	a := tom.post(address, decideForm(t, page, "reject"), http.StatusUnprocessableEntity)
	says(t, parse(t, a.body), "say why")
	none := decideForm(t, page, "less")
	delete(none, "columns")
	a = tom.post(address, none, http.StatusUnprocessableEntity)
	says(t, parse(t, a.body), "To let none through, reject it.")

	less := decideForm(t, page, "less")
	less["columns"], less["reason"] = less["columns"][:2], []string{"Two will do."}
	less.Set("days", "9")
	w.declare(deskMart, "total", "pii") // what is decided on changes meanwhile
	a = tom.post(address, less, http.StatusConflict)
	again := parse(t, a.body)
	says(t, again, "has changed since you looked at it", "What you wrote is kept", "Two will do.")
	kept := decideForm(t, again, "less")
	if len(kept["columns"]) != 2 || kept.Get("days") != "9" {
		t.Errorf("kept are %v columns and %s days", kept["columns"], kept.Get("days"))
	}
	if kept.Get("seen") == less.Get("seen") {
		t.Error("the form still names the facts from before")
	}
	tom.post(address, kept, http.StatusSeeOther)
}

func TestInbox_AsksBack(t *testing.T) {
	w := newDesk(t)
	item := w.asks("ada", deskPlain)
	tom := w.as("tom")
	form := decideForm(t, tom.page("/inbox/"+string(item.ID)), "ask")
	form.Set("reason", "Which campaigns?")
	tom.post("/inbox/"+string(item.ID), form, http.StatusSeeOther)
	if got := listed(tom.page("/inbox")); len(got) != 0 {
		t.Errorf("what waits for an answer is still listed: %v", got)
	}
	i, err := w.market.Item(w.acting("ada"), item.ID)
	must(t, err)
	must(t, w.market.Answer(w.acting("ada"), item.ID, i.Version, "Only the store win-back."))
	says(t, tom.page("/inbox/"+string(item.ID)), "Which campaigns?", "Only the store win-back.")
}

func TestInbox_DecidesSeveralEachForItself(t *testing.T) {
	w := newDesk(t)
	ids := w.many(3)
	tom := w.as("tom")
	q := url.Values{"do": {"approve"}, "item": {string(ids[0]), string(ids[1]), string(ids[2]), "itm_none"}}
	page := tom.page("/inbox/bulk?" + q.Encode())
	says(t, page, "Approve 3 requests", "Left alone", "Asker 00 asks to read mart.orders in clear text")
	form := bulkForm(page)
	i, err := w.market.Item(w.acting("tom"), ids[1])
	must(t, err)
	_, err = w.market.Decide(w.acting("tom"), marketplace.Decide{Item: ids[1], Version: i.Version, Verdict: marketplace.Reject, Reason: "No."})
	must(t, err)
	a := tom.post("/inbox/bulk", form, http.StatusOK)
	says(t, parse(t, a.body), "2: approved, and granted", "1: changed or decided since you looked")
	for n, want := range []marketplace.ItemState{marketplace.Approved, marketplace.Rejected, marketplace.Approved} {
		if got := w.state(ids[n]); got != want {
			t.Errorf("item %d is %s, want %s", n, got, want)
		}
	}
	stranger := w.as("mia")
	says(t, stranger.page("/inbox/bulk?"+q.Encode()), "None of what you chose can be decided so.")
}

// bulkForm is what the one form of a page that asks once more would send.
func bulkForm(page *html.Node) url.Values {
	out := url.Values{}
	for _, form := range find(page, "form", "action", "/inbox/bulk") {
		for _, in := range find(form, "input", "", "") {
			out.Add(attr(in, "name"), attr(in, "value"))
		}
	}
	return out
}

func TestInbox_SearchesSortsAndPages(t *testing.T) {
	w := newDesk(t)
	w.many(3)
	mart := w.asks("ada", deskMart)
	tom := w.as("tom")
	if got := listed(tom.page("/inbox?q=customer")); !slices.Equal(got, []string{string(mart.ID)}) {
		t.Errorf("searching finds %v, want %s", got, mart.ID)
	}
	says(t, tom.page("/inbox?q=zebra"), "Nothing found", "Show all that waits")
	if got := listed(tom.page("/inbox?sort=since")); len(got) != 4 || got[3] != string(mart.ID) {
		t.Errorf("by age the list is %v", got)
	}
	tom.answers(t, "/inbox?sort=colour", http.StatusBadRequest)
}

func (r *reader) answers(t *testing.T, address string, want int) answer {
	t.Helper()
	a := r.do(http.MethodGet, address, nil)
	if a.status != want {
		t.Errorf("%s: status %d, want %d", address, a.status, want)
	}
	return a
}

func TestInbox_HidesWhatIsNobodysBusiness(t *testing.T) {
	w := newDesk(t)
	item := w.asks("ada", deskMart)
	mia := w.as("mia")
	there, missing := mia.answers(t, "/inbox/"+string(item.ID), http.StatusNotFound), mia.answers(t, "/inbox/itm_missing", http.StatusNotFound)
	strip := func(a answer) string {
		return strings.ReplaceAll(textOf(parse(t, a.body)), string(item.ID), "itm_missing")
	}
	if strip(there) != strip(missing) {
		t.Error("a stranger's item and one that is missing read differently")
	}
	mia.post("/inbox/"+string(item.ID), url.Values{"do": {"reject"}, "version": {"1"}, "reason": {"No."}}, http.StatusNotFound)
}

func TestBreakGlass_TakesTwoAndSaysSo(t *testing.T) {
	w := newDesk(t)
	item := w.asks("ada", deskMart)
	address := "/inbox/" + string(item.ID) + "/break-glass"
	w.as("tom").answers(t, address, http.StatusForbidden)
	for n, who := range []string{"sara", "saul"} {
		r := w.as(who)
		says(t, r.page("/inbox/"+string(item.ID)), "Break the glass")
		page := r.page(address)
		says(t, page, "Data is opened without those who have to decide", []string{"second person", "Sara Holm has broken it already"}[n])
		form := url.Values{}
		for _, in := range find(find(page, "form", "action", address)[0], "input", "", "") {
			form.Add(attr(in, "name"), attr(in, "value"))
		}
		r.post(address, form, http.StatusUnprocessableEntity)
		form.Set("reason", "The shop is down.")
		r.post(address, form, http.StatusSeeOther)
		if got, want := w.state(item.ID), []marketplace.ItemState{marketplace.Submitted, marketplace.Approved}[n]; got != want {
			t.Errorf("after %s it is %s, want %s", who, got, want)
		}
	}
}

func TestReplay_ShowsWhatWasPinnedBesideNow(t *testing.T) {
	w := newDesk(t)
	item := w.asks("ada", deskMart)
	after, err := w.market.Decide(w.acting("tom"), marketplace.Decide{Item: item.ID, Verdict: marketplace.Reject, Reason: "Ask for it masked."})
	must(t, err)
	address := "/decisions/" + string(after.Decisions[0].ID)
	tom := w.as("tom")
	says(t, tom.page(address), "Tomas Reyes rejected", "Ask for it masked.", "What you see is what was pinned", after.Decisions[0].Hash, "Nothing. Asked today", "crm.customers.email")
	file := tom.answers(t, address+"/facts.json", http.StatusOK)
	if file.body != string(after.Decisions[0].Facts) {
		t.Error("the file isn't what was pinned")
	}
	w.declare(deskMart, "total", "pii")
	says(t, tom.page(address), "What you see is what was pinned", "What flows into total is other than it was.", "What flows in now")
	w.as("mia").answers(t, address, http.StatusNotFound)
	w.as("mia").answers(t, address+"/facts.json", http.StatusNotFound)
	w.tamper(after.Decisions[0].ID)
	says(t, tom.page(address), "were changed past the program")
}

// tamper changes the pinned facts of a decision in the store.
func (w *desk) tamper(id graph.ID) {
	w.t.Helper()
	nodes, err := w.store.Nodes(w.t.Context(), id)
	must(w.t, err)
	n := nodes[id]
	facts, ok := n.Props["facts"].([]byte)
	if !ok {
		w.t.Fatalf("facts are a %T", n.Props["facts"])
	}
	n.Props["facts"] = []byte(strings.Replace(string(facts), `"days":30`, `"days":31`, 1))
	w.put(graph.NodeWrite{Node: n, Mode: graph.Upsert})
}

// What flows in from data that the approver may not see keeps its place and its class on every page, and loses its name.
func TestInbox_HidesNamesOfWhatFlowsIn(t *testing.T) {
	w := newDesk(t)
	w.put(catalog.DatasetType.Write(deskOrigin, graph.Upsert, catalog.Dataset{Namespace: "pg", Name: "crm.customers", Domain: catalog.DomainID("sales"),
		Audience: authz.Audience(authz.Closed, catalog.DomainID("sales"))}))
	item := w.asks("ada", deskMart)
	tom := w.as("tom")
	address := "/inbox/" + string(item.ID)
	says(t, tom.page(address), "PII in clear text in 1 column", "hidden from you")
	form := decideForm(t, tom.page(address), "reject")
	form.Set("reason", "Ask for it masked.")
	tom.post(address, form, http.StatusSeeOther)
	i, err := w.market.Item(w.acting("tom"), item.ID)
	must(t, err)
	decision := "/decisions/" + string(i.Decisions[0].ID)
	for _, page := range []string{address, decision, "/inbox", "/inbox/bulk?do=reject&item=" + string(item.ID)} {
		if body := tom.answers(t, page, http.StatusOK).body; strings.Contains(body, "crm.customers") || strings.Contains(body, string(deskOrigin)) {
			t.Errorf("%s names what is hidden", page)
		}
	}
	tom.answers(t, decision+"/facts.json", http.StatusNotFound)
	says(t, w.as("saul").page(decision), "crm.customers.email") // an auditor sees it
	w.as("saul").answers(t, decision+"/facts.json", http.StatusOK)
}
