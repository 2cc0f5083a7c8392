package web_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"weir/catalog"
)

func TestCSVHoldsWhatTheTableHolds(t *testing.T) {
	w := newCompany(t)
	for _, tt := range []struct {
		address, file string
		rows          int
	}{
		{"/lineage.csv?root=" + mart, "lineage-analytics.mart.customer_360.csv", 10},
		{"/lineage/impact.csv?root=" + mart + "&kind=consumer", "impact-analytics.mart.customer_360.csv", 5},
	} {
		a := w.get(tt.address)
		if a.header.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.Contains(a.header.Get("Content-Disposition"), `filename="`+tt.file+`"`) {
			t.Errorf("%s: %s, %s", tt.address, a.header.Get("Content-Type"), a.header.Get("Content-Disposition"))
		}
		rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
		if err != nil || len(rows) < tt.rows || rows[0][1] != "name" {
			t.Errorf("%s: %d rows, %v", tt.address, len(rows), err)
		}
	}
}

// TestCSVHoldsNoFormulas: a spreadsheet takes a cell for a formula by its first character.
func TestCSVHoldsNoFormulas(t *testing.T) {
	w := newWorld(t)
	names := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "plain"}
	job := map[string]any{"namespace": "jobs", "name": "=HYPERLINK(\"x\")"}
	var outputs []map[string]any
	for _, n := range names {
		outputs = append(outputs, map[string]any{"namespace": "db", "name": n})
	}
	w.tellJSON(runEvent(job, []map[string]any{{"namespace": "db", "name": "source"}}, outputs))
	root := string(catalog.DatasetID("db", "source"))
	for _, address := range []string{"/lineage.csv?root=" + root, "/lineage/impact.csv?root=" + root} {
		rows, err := csv.NewReader(strings.NewReader(w.get(address).body)).ReadAll()
		if err != nil || len(rows) < len(names) {
			t.Fatalf("%s: %d rows, %v", address, len(rows), err)
		}
		for _, row := range rows[1:] {
			for i, cell := range row {
				if i > 0 && cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
					t.Errorf("%s: a cell begins like a formula: %q", address, cell)
				}
			}
		}
	}
}

// runEvent is a complete run of a job at noon.
func runEvent(job map[string]any, inputs, outputs []map[string]any) map[string]any {
	return map[string]any{
		"eventType": "COMPLETE", "eventTime": "2026-06-15T11:00:00Z", "producer": "https://example.org/tests",
		"schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
		"run":       map[string]any{"runId": "0190a5c8-0000-7000-8000-000000000001"}, "job": job, "inputs": inputs, "outputs": outputs,
	}
}
