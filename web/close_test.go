package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/views/link"
)

// loadEvent is a run of a job that reads from the tickets and writes a report.
func loadEvent(out string) map[string]any {
	return map[string]any{
		"eventTime": "2026-06-14T12:00:00Z", "eventType": "COMPLETE", "producer": "https://example.org/loader",
		"schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
		"run":       map[string]any{"runId": "0190a7d2-0000-7000-8000-000000000001"},
		"job":       map[string]any{"namespace": "jobs", "name": "load"},
		"inputs":    []any{map[string]any{"namespace": "care-db", "name": "tickets"}},
		"outputs":   []any{map[string]any{"namespace": "care-db", "name": out}},
	}
}

var (
	tickets    = string(catalog.DatasetID("care-db", "tickets"))
	ticketsURL = link.Dataset(tickets, "tickets")
	loadJob    = string(catalog.TransformID("jobs", "load"))
)

// hide closes an asset to all but those with a role for it.
func (v *town) hide(id graph.ID) {
	v.t.Helper()
	closed := "closed"
	must(v.t, v.catalog.Describe(authz.With(v.t.Context(), authz.Operator), catalog.DescribeInput{ID: id, Visibility: &closed}))
}

func TestCloseStep(t *testing.T) {
	v := newTown(t)
	v.tellJSON(loadEvent("report"))
	bo := v.as("bo")
	tab := bo.page(ticketsURL + "/lineage")
	says(t, tab, "Each step", "is read by", "loader")
	offered := hrefs(tab, ticketsURL+"/close")
	if want := link.CloseEdge(tickets, "tickets", "", loadJob); !slices.Equal(offered, []string{want}) {
		t.Fatalf("offered: %v, want %s", offered, want)
	}
	ask := bo.page(offered[0])
	says(t, ask, "Close this step of lineage?", "tickets is read by load .", "History stays", "opens it again", "columns")
	form := formOf(t, ask, ticketsURL+"/close")
	a := bo.post(ticketsURL+"/close", form, http.StatusSeeOther)
	if a.header.Get("Location") != ticketsURL+"/lineage?saved=1" {
		t.Fatalf("leads to %s", a.header.Get("Location"))
	}
	after := bo.page(a.header.Get("Location"))
	says(t, after, "Saved.")
	if strings.Contains(textOf(after), "is read by") {
		t.Error("the step is still there")
	}
	if v.lastAction("catalog.close") != "catalog.close" {
		t.Error("it is not in the log")
	}
	says(t, bo.page(ticketsURL+"/activity"), "closed a step of its lineage")
	bo.post(ticketsURL+"/close", form, http.StatusNotFound)

	later := loadEvent("report")
	later["eventTime"], later["run"] = "2026-06-16T12:00:00Z", map[string]any{"runId": "0190a7d2-0000-7000-8000-000000000002"}
	v.tellJSON(later)
	says(t, bo.page(ticketsURL+"/lineage"), "is read by")
}

// The other direction: the step that a job writes by.
func TestCloseStep_upstream(t *testing.T) {
	v := newTown(t)
	v.tellJSON(loadEvent("report"))
	bo := v.as("bo")
	report := link.Dataset(string(catalog.DatasetID("care-db", "report")), "report")
	offered := hrefs(bo.page(report+"/lineage"), report+"/close")
	if len(offered) != 1 {
		t.Fatalf("offered: %v", offered)
	}
	ask := bo.page(offered[0])
	says(t, ask, "load writes report .")
	bo.post(report+"/close", formOf(t, ask, report+"/close"), http.StatusSeeOther)
	if left := hrefs(bo.page(report+"/lineage"), report+"/close"); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	if left := hrefs(bo.page(ticketsURL+"/lineage"), ticketsURL+"/close"); len(left) != 1 {
		t.Errorf("the step before it went, too: %v", left)
	}
}

func TestCloseStep_refused(t *testing.T) {
	v := newTown(t)
	v.tellJSON(loadEvent("report"))
	cy, bo := v.as("cy"), v.as("bo")
	tab := cy.page(ticketsURL + "/lineage")
	says(t, tab, "is read by")
	if len(hrefs(tab, ticketsURL+"/close")) > 0 {
		t.Error("offered to who may not")
	}
	address := link.CloseEdge(tickets, "tickets", "", loadJob)
	if a := cy.do(http.MethodGet, address, nil); a.status != http.StatusForbidden {
		t.Errorf("the question: %d", a.status)
	}
	cy.post(ticketsURL+"/close", url.Values{"to": {loadJob}}, http.StatusForbidden)
	for name, form := range map[string]url.Values{
		"no end": {}, "both ends": {"from": {loadJob}, "to": {loadJob}},
	} {
		if a := bo.do(http.MethodPost, ticketsURL+"/close", form); a.status != http.StatusBadRequest {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	for name, end := range map[string]string{"missing": "tf_aaaaaaaaaaaaaaaaaaaaaaaaaa", "made up": "../x", "itself": tickets} {
		if a := bo.do(http.MethodGet, link.CloseEdge(tickets, "tickets", "", end), nil); a.status != http.StatusNotFound {
			t.Errorf("asking about %s: %d", name, a.status)
		}
		bo.post(ticketsURL+"/close", url.Values{"to": {end}}, http.StatusNotFound)
	}
	if a := v.do(http.MethodPost, ticketsURL+"/close", url.Values{"to": {loadJob}}); a.status == http.StatusOK || !strings.Contains(a.header.Get("Location"), "sign-in") && a.status != http.StatusUnauthorized {
		t.Errorf("nobody: %d to %s", a.status, a.header.Get("Location"))
	}
	says(t, bo.page(ticketsURL+"/lineage"), "is read by")
}

// do sends a request of somebody who is not signed in.
func (v *town) do(method, address string, form url.Values) answer {
	return v.send(method, address, form)
}

// A dashboard that is closed to the reader is not named, and the step to it is not offered.
func TestCloseStep_hiddenEnd(t *testing.T) {
	v := newTown(t)
	e := loadEvent("")
	e["outputs"] = []any{}
	e["job"] = map[string]any{"namespace": "jobs", "name": "board", "facets": map[string]any{"jobType": map[string]any{
		"_producer": "https://example.org/loader", "_schemaURL": "https://openlineage.io/spec/facets/2-0-3/JobTypeJobFacet.json",
		"processingType": "BATCH", "integration": "LOOKER", "jobType": "DASHBOARD",
	}}}
	v.tellJSON(e)
	bo := v.as("bo")
	board := catalog.ConsumerID("jobs", "board")
	says(t, bo.page(hrefs(bo.page(ticketsURL+"/lineage"), ticketsURL+"/close")[0]), "tickets is used by board .", "reach board on this step alone")

	pay := "payments"
	must(t, v.catalog.Describe(authz.With(t.Context(), authz.Operator), catalog.DescribeInput{ID: board, Domain: &pay}))
	v.hide(board)
	tab := bo.page(ticketsURL + "/lineage")
	says(t, tab, "something hidden from you")
	if len(hrefs(tab, ticketsURL+"/close")) > 0 || strings.Contains(textOf(tab), "board") {
		t.Error("what is hidden is named or offered")
	}
	if a := bo.do(http.MethodGet, link.CloseEdge(tickets, "tickets", "", string(board)), nil); a.status != http.StatusNotFound {
		t.Errorf("the question: %d", a.status)
	}
	bo.post(ticketsURL+"/close", url.Values{"to": {string(board)}}, http.StatusNotFound)
	says(t, v.as("ann").page(ticketsURL+"/lineage"), "is used by")
}
