package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"weir/graph"
	"weir/marketplace"
)

// granted lets several people ask for orders, and tom approve all of it. The first of them is asker0.
func (w *desk) granted(n int) []graph.ID {
	w.t.Helper()
	var out []graph.ID
	for _, id := range w.many(n) {
		out = append(out, w.approved(id))
	}
	return out
}

// approved is the grant of an item that tom approves.
func (w *desk) approved(item graph.ID) graph.ID {
	w.t.Helper()
	seen, err := w.market.Item(w.acting("tom"), item)
	must(w.t, err)
	done, err := w.market.Decide(w.acting("tom"), marketplace.Decide{Item: item, Version: seen.Version, Verdict: marketplace.Approve, Seen: seen.Facts})
	must(w.t, err)
	return done.Grant
}

// act posts the first form of a page whose address holds a part, with values typed into it.
func act(t *testing.T, r *reader, page *html.Node, part string, typed url.Values, want int) answer {
	t.Helper()
	for _, form := range find(page, "form", "method", "post") {
		address := attr(form, "action")
		if !strings.Contains(address, part) {
			continue
		}
		out := url.Values{}
		for _, in := range find(form, "input", "type", "hidden") {
			out.Set(attr(in, "name"), attr(in, "value"))
		}
		for key, values := range typed {
			out[key] = values
		}
		return r.post(address, out, want)
	}
	t.Fatalf("the page has no form to %s: %.400s", part, textOf(page))
	return answer{}
}

// A grant's way without script: it begins as a task, is given by hand, shortened, and revoked; each page says what holds.
func TestGrants_ByPlainForms(t *testing.T) {
	w := newDesk(t)
	id := w.approved(w.asks("mia", deskPlain).ID)
	page := "/grants/" + string(id)
	asker, tom := w.as("mia"), w.as("tom")
	says(t, asker.page("/grants"), "Mia Stone", "Being granted", "30 d left")
	says(t, asker.page(page), "Mia Stone is to read this in clear text", "hasn't said yet that it is done", "Tomas Reyes approved", "Hand back")
	says(t, tom.page("/tasks"), "Give access to", "Mia Stone", "2 d left", "Say how it went")
	act(t, tom, tom.page("/tasks"), "/tasks/", url.Values{"do": {"failed"}}, http.StatusUnprocessableEntity)
	act(t, tom, tom.page("/tasks"), "/tasks/", url.Values{"do": {"failed"}, "note": {"There is no such table."}}, http.StatusSeeOther)
	says(t, tom.page(page), "Failed", "There is no such table.", "Try again")
	act(t, tom, tom.page(page), "/retry", nil, http.StatusSeeOther)
	act(t, tom, tom.page("/tasks"), "/tasks/", url.Values{"do": {"done"}}, http.StatusSeeOther)
	says(t, asker.page(page), "Active", "Mia Stone may read this in clear text for campaign planning")
	if text := textOf(asker.page(page)); strings.Contains(text, "Revoke") {
		t.Error("the holder is offered to revoke")
	}

	act(t, tom, tom.page(page), "/shorten", url.Values{"until": {"2020-01-01"}, "reason": {"Too long."}}, http.StatusUnprocessableEntity)
	says(t, parse(t, act(t, tom, tom.page(page), "/shorten", url.Values{"until": {w.now.AddDate(0, 0, 5).Format(time.DateOnly)}}, http.StatusUnprocessableEntity).body), "Is missing.")
	act(t, tom, tom.page(page), "/shorten", url.Values{"until": {w.now.AddDate(0, 0, 5).Format(time.DateOnly)}, "reason": {"Too long."}}, http.StatusSeeOther)
	says(t, asker.page(page), "It ends in 5 d", "Too long.", "Ask for more time")
	stale := tom.page(page)
	act(t, tom, tom.page(page), "/revoke", url.Values{"reason": {"The project is over."}}, http.StatusSeeOther)
	says(t, parse(t, act(t, tom, stale, "/revoke", url.Values{"reason": {"Twice."}}, http.StatusConflict).body), "meanwhile")
	says(t, asker.page(page), "Revoked", "The project is over.", "revoked it")
	says(t, asker.page("/grants?state=ended"), "Revoked")
	if a := w.as("cleo").do(http.MethodGet, page, nil); a.status != http.StatusNotFound {
		t.Errorf("somebody whom it doesn't concern is answered with %d", a.status)
	}
}

// Whoever oversees grants sees all of them, and is offered to take them out, which somebody else has to confirm. Others are
// offered neither.
func TestGrants_All(t *testing.T) {
	w := newDesk(t)
	w.granted(3)
	saul := w.as("saul") // security, and auditor
	says(t, saul.page("/grants?view=all"), "Take out as CSV", "3 grants", "Asker 00", "Asker 02")
	if a := saul.do(http.MethodGet, "/grants.csv", nil); a.header.Get("Content-Disposition") != "" {
		t.Error("the file is given to who asks for it first")
	}
	tom := w.as("tom")
	if links := find(tom.page("/grants"), "a", "href", "/grants?view=all"); len(links) > 0 {
		t.Error("somebody who may see all nowhere is led to all")
	}
	says(t, tom.page("/grants?view=target&of="+string(deskPlain)), "Who has mart.orders", "Asker 00", "Asker 02")
	says(t, saul.page("/grants?view=holder&of="+string(w.ids["asker1"])), "What Asker 01 has", "1 grant")
	says(t, w.as("mia").page("/grants?view=target&of="+string(deskPlain)), "No grants that you may see")
	says(t, saul.page("/people/"+string(w.ids["asker1"])), "What they have")
	says(t, saul.page("/datasets/"+string(deskPlain)), "Grants of this data")
	if a := tom.do(http.MethodGet, "/grants?view=target&of=ds_none", nil); a.status != http.StatusNotFound {
		t.Errorf("the grants of nothing are answered with %d", a.status)
	}
	for _, address := range []string{"/grants.csv", "/grants?view=all"} {
		if a := tom.do(http.MethodGet, address, nil); a.status != http.StatusForbidden {
			t.Errorf("%s: an owner is answered with %d", address, a.status)
		}
	}
}

// A campaign without script: begun, answered in three ways, done.
func TestCampaign_ByPlainForms(t *testing.T) {
	w := newDesk(t)
	w.granted(3)
	tom := w.as("tom")
	says(t, tom.page("/campaigns"), "No campaigns", "Begin a campaign")
	form := tom.page("/campaigns/new")
	says(t, form, "What belongs to Customer data", "They are revoked")
	bad := act(t, tom, form, "/campaigns/new", url.Values{"name": {""}, "target": {"owner " + string(w.ids["team"])}, "due": {"2020-01-01"}}, http.StatusUnprocessableEntity)
	says(t, parse(t, bad.body), "3 fields need another look")
	due := w.now.AddDate(0, 0, 14).Format(time.DateOnly)
	begun := act(t, tom, form, "/campaigns/new", url.Values{"name": {"Spring"}, "target": {"owner " + string(w.ids["team"])}, "due": {due}, "outcome": {"revoke"}}, http.StatusSeeOther)
	address, _, _ := strings.Cut(begun.header.Get("Location"), "?")
	page := tom.page(address)
	says(t, page, "0 of 3", "asked: Customer data", "are revoked", "Asker 02")
	rows := find(page, "li", "data-review", "")
	if len(rows) != 3 {
		t.Fatalf("%d grants are asked about", len(rows))
	}
	answer := func(row *html.Node, want int, typed url.Values) answer {
		t.Helper()
		return act(t, tom, row, "/reviews/"+strings.TrimPrefix(attr(row, "id"), "r-"), typed, want)
	}
	answer(rows[0], http.StatusSeeOther, url.Values{"do": {"keep"}})
	says(t, parse(t, answer(rows[1], http.StatusUnprocessableEntity, url.Values{"do": {"shorten"}, "reason": {"Shorter."}}).body), "Is missing: say when it is to end.")
	answer(rows[1], http.StatusSeeOther, url.Values{"do": {"shorten"}, "until": {due}, "reason": {"Shorter."}})
	says(t, parse(t, answer(rows[0], http.StatusConflict, url.Values{"do": {"keep"}}).body), "Somebody else has done this meanwhile.")
	answer(rows[2], http.StatusSeeOther, url.Values{"do": {"revoke"}, "reason": {"Over."}})
	says(t, tom.page(address), "Nothing left for you to look at", "1 kept", "1 shortened", "1 revoked")
	says(t, tom.page(address+"?show=all"), "Kept", "Shortened", "Revoked", "by Tomas Reyes", "Over.")
	says(t, tom.page("/campaigns?state=closed"), "Spring", "3 of 3")
	if a := w.as("cleo").do(http.MethodGet, address, nil); a.status != http.StatusNotFound {
		t.Errorf("somebody whom it doesn't concern is answered with %d", a.status)
	}
}
