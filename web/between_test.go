package web_test

import (
	"net/url"
	"strings"
	"testing"

	"weir/catalog"
)

func TestPathBetweenTwo(t *testing.T) {
	w := newCompany(t)
	model := hrefs(w.ok("/search?kind=model"), "/consumers/")[0]
	modelID := model[strings.LastIndexByte(model, '~')+1:]
	source := string(catalog.DatasetID("postgres://crm-db.halden.example:5432", "halden.crm.customers"))
	for _, tt := range []struct{ name, from, to, says string }{
		{"with the flow", source, modelID, "hops"},
		{"against the flow", modelID, source, "the other way round"},
		{"by name", "analytics.mart.customer_360", modelID, "hops"},
		{"the same", source, source, "They are the same thing"},
		{"a name of several", "customer", modelID, "Several things are called like this"},
		{"an unknown name", "zzzzqqq", modelID, "Nothing of this name"},
		{"not connected", modelID, string(catalog.DatasetID("snowflake://halden-eu1", "analytics.mart.stock_cover")), "No data gets"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := w.get("/lineage/path?" + url.Values{"from": {tt.from}, "to": {tt.to}}.Encode())
			if text := textOf(parse(t, a.body)); a.status != 200 || !strings.Contains(text, tt.says) {
				t.Errorf("status %d, doesn't say %q", a.status, tt.says)
			}
		})
	}
}
