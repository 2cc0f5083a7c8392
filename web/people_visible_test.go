package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"weir/catalog"
	"weir/views/link"
)

// Who may see an asset is set where it is described, and counts at once.
func TestEdit_WhoMaySeeIt(t *testing.T) {
	v := newTown(t)
	id := string(catalog.DatasetID("care-db", "tickets"))
	page, form := link.Dataset(id, "tickets"), link.DatasetEdit(id, "tickets")
	cy, bo := v.as("cy"), v.as("bo")
	if a := cy.do(http.MethodGet, page, nil); a.status != http.StatusOK {
		t.Fatalf("before: %d", a.status)
	}
	values := url.Values{"version": {"0"}, "visibility": {"closed"}}
	cy.post(form, values, http.StatusForbidden)
	bo.post(form, url.Values{"version": {"0"}, "visibility": {"moon"}}, http.StatusUnprocessableEntity)
	bo.post(form, values, http.StatusSeeOther)
	if a := cy.do(http.MethodGet, page, nil); a.status != http.StatusNotFound {
		t.Errorf("somebody without a role still sees it: %d", a.status)
	}
	if a := bo.do(http.MethodGet, page, nil); a.status != http.StatusOK {
		t.Errorf("its steward: %d", a.status)
	}
	missing := cy.do(http.MethodGet, link.Dataset("ds_aaaaaaaaaaaaaaaaaaaaaaaaaa", "tickets"), nil)
	if missing.status != http.StatusNotFound {
		t.Errorf("a missing one: %d", missing.status)
	}
}
