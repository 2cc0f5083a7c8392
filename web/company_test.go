package web_test

import (
	"net/http/httptest"
	"testing"

	"weir/catalog"
	"weir/web"
)

// companySite serves the sample company, and names one page of each kind.
func companySite(t *testing.T) (*world, *httptest.Server, map[string]string) {
	w := newCompany(t, func(o *web.Options) {
		o.Questions = []web.Question{
			{Title: "Which upstream systems feed the churn model?", URL: "/lineage?direction=upstream"},
			{Title: "If I correct data in this table, which reports and agents change?", URL: "/lineage/impact?root=" + mart},
			{Title: "Which datasets contain customer data?", URL: "/search?class=pii&kind=dataset"},
			{Title: "Where did this column come from, and where was it masked?", URL: martURL + "/columns"},
		}
	})
	transform := hrefs(w.ok("/search?q=customer_360&kind=transform"), "/transforms/")[0]
	model := hrefs(w.ok("/search?kind=model"), "/consumers/")[0]
	column := string(catalog.ColumnID(catalog.DatasetID("snowflake://halden-eu1", "analytics.mart.customer_360"), "email_hash"))
	return w, w.serve(), map[string]string{
		"home": "/", "search": "/search?q=customer", "nothing-found": "/search?q=custmer+level:public", "dataset": martURL,
		"columns": martURL + "/columns", "lineage-tab": martURL + "/lineage", "runs": martURL + "/runs", "activity": martURL + "/activity",
		"edit": martURL + "/edit", "column": martURL + "/columns/" + column, "transform": transform, "consumer": model,
		"run": hrefs(w.ok(transform), "/runs/")[0], "domains": "/domains", "domain": hrefs(w.ok("/"), "/domains/")[0],
		"lineage-start": "/lineage", "lineage": "/lineage?root=" + mart, "lineage-columns": "/lineage?mode=columns&depth=2&direction=upstream&root=" + mart,
		"lineage-table": "/lineage?view=table&root=" + mart, "versions": "/lineage/versions?root=" + mart, "impact": "/lineage/impact?root=" + mart,
		"path":    "/lineage/path?from=" + string(catalog.DatasetID("postgres://crm-db.halden.example:5432", "halden.crm.customers")) + "&to=" + mart,
		"missing": "/nowhere",
	}
}
