package web_test

import (
	"net/http"
	"strings"
	"testing"

	"weir/catalog"
	"weir/views/link"
)

var (
	mart    = string(catalog.DatasetID("snowflake://halden-eu1", "analytics.mart.customer_360"))
	martURL = link.Dataset(mart, "analytics.mart.customer_360")
)

// TestPages asks for each page and looks for what it is there to say.
func TestPages(t *testing.T) {
	w := newCompany(t)
	home := w.ok("/")
	transform := hrefs(w.ok("/search?kind=transform"), "/transforms/")[0]
	consumer := hrefs(w.ok("/search?kind=model"), "/consumers/")[0]
	run := hrefs(w.ok(transform), "/runs/")[0]
	column := string(catalog.ColumnID(catalog.DatasetID("snowflake://halden-eu1", "analytics.mart.customer_360"), "email_hash"))
	domain := hrefs(home, "/domains/")[0]
	for _, tt := range []struct {
		name, address string
		status        int
		says          []string
		not           string
	}{
		{"home", "/", 200, []string{"What data do you need?", "In the catalog", "Domains"}, "Nothing here yet"},
		{"search", "/search?q=customer+360", 200, []string{"Customer 360", "Classification"}, "Nothing found"},
		{"search by a facet", "/search?class=pci&kind=dataset", 200, []string{"PCI", "result"}, "Nothing found"},
		{"search without results", "/search?q=zzzzqqq", 200, []string{"Nothing found", "zzzzqqq"}, ""},
		{"search with a wrong qualifier", "/search?q=kind:spaceship", 200, []string{"spaceship"}, ""},
		{"dataset", martURL, 200, []string{"Customer 360", "Made from", "Goes to", "Can I trust it?", "Use it for"}, "## Use it"},
		{"columns", martURL + "/columns", 200, []string{"email_hash", "18 columns", "Inherited, from"}, ""},
		{"columns, filtered", martURL + "/columns?filter=email", 200, []string{"email_hash", "of 18 columns"}, "birth_year"},
		{"sensitive columns", martURL + "/columns?show=sensitive", 200, []string{"birth_year", "of 18 columns"}, "revenue_12m"},
		{"lineage tab", martURL + "/lineage", 200, []string{"upstream", "downstream", "Open the whole picture"}, ""},
		{"runs tab", martURL + "/runs", 200, []string{"Complete", "customer_360"}, "No runs"},
		{"activity tab", martURL + "/activity", 200, []string{"Operator", "created"}, "Nothing has changed yet"},
		{"column", martURL + "/columns/" + column, 200, []string{"email_hash", "Which jobs touched it", "masks it", "masked on each way"}, ""},
		{"transform", transform, 200, []string{"Reads", "Writes", "Code", "Last runs"}, ""},
		{"transform's runs", transform + "/runs", 200, []string{"Started"}, "No runs"},
		{"transform's activity", transform + "/activity", 200, []string{"created"}, ""},
		{"consumer", consumer, 200, []string{"Made from", "Sensitive columns that reach it"}, ""},
		{"consumer's activity", consumer + "/activity", 200, []string{"created"}, ""},
		{"run", run, 200, []string{"Facts", "What was told"}, ""},
		{"domains", "/domains", 200, []string{"Domains", "datasets"}, "No domains yet"},
		{"domain", domain, 200, []string{"What it holds", "In this domain"}, "Nothing in it yet"},
		{"lineage start", "/lineage", 200, []string{"What do you want to follow?", "Much depends on these"}, ""},
		{"lineage", "/lineage?root=" + mart, 200, []string{"Lineage of Customer 360", "7 upstream"}, ""},
		{"lineage versions", "/lineage/versions?root=" + mart, 200, []string{"Versions of the lineage of Customer 360", "Now"}, ""},
		{"impact", "/lineage/impact?root=" + mart, 200, []string{"What depends on Customer 360", "Churn model v7"}, "Nothing depends on it"},
		{"impact, filtered", "/lineage/impact?root=" + mart + "&kind=consumer", 200, []string{"Churn model v7"}, "dbt job"},
		{"path form", "/lineage/path", 200, []string{"How does data get from here to there?"}, "No data gets"},
		{"unknown path", "/nowhere", 404, []string{"There is nothing here for you"}, ""},
		{"unknown dataset", "/datasets/x~ds_aaaaaaaaaaaaaaaaaaaaaaaaaa", 404, []string{"There is nothing here for you"}, ""},
		{"made-up id", "/datasets/..%2f..%2fetc", 404, []string{"There is nothing here for you"}, ""},
		{"id of another kind", "/datasets/" + strings.TrimPrefix(transform, "/transforms/"), 404, []string{"There is nothing here for you"}, ""},
		{"unknown root", "/lineage?root=ds_none", 404, []string{"There is nothing here for you"}, ""},
		{"wrong depth", "/lineage?root=" + mart + "&depth=99", 400, []string{"This address can't be understood", "depth"}, ""},
		{"wrong time", "/lineage?root=" + mart + "&asOf=yesterday", 400, []string{"asOf"}, ""},
		{"wrong cursor", "/search?after=-1", 400, []string{"after"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := w.get(tt.address)
			if a.status != tt.status {
				t.Fatalf("%s: status %d, want %d: %.200s", tt.address, a.status, tt.status, a.body)
			}
			text := textOf(parse(t, a.body))
			for _, want := range tt.says {
				if !strings.Contains(text, want) {
					t.Errorf("%s doesn't say %q", tt.address, want)
				}
			}
			if tt.not != "" && strings.Contains(text, tt.not) {
				t.Errorf("%s says %q", tt.address, tt.not)
			}
		})
	}
}

func TestHeadOfAddressIsNotLookedAt(t *testing.T) {
	w := newCompany(t)
	for _, address := range []string{"/datasets/" + mart, "/datasets/whatever~" + mart, martURL} {
		if got := heading(w.ok(address)); got != "Customer 360" {
			t.Errorf("%s is headed %q", address, got)
		}
	}
}

func TestHeadRequestsHaveNoBody(t *testing.T) {
	w := newCompany(t)
	server := w.serve()
	for _, address := range []string{"/", martURL, "/lineage?root=" + mart} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodHead, server.URL+address, nil)
		if err != nil {
			t.Fatal(err)
		}
		a, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("HEAD %s: %d %s", address, a.StatusCode, a.Header.Get("Content-Type"))
		}
	}
}

func TestEmptyCatalog(t *testing.T) {
	w := newWorld(t)
	for address, want := range map[string]string{
		"/": "Nothing here yet", "/domains": "No domains yet", "/search": "Nothing", "/lineage": "What do you want to follow?",
	} {
		if text := textOf(w.ok(address)); !strings.Contains(text, want) {
			t.Errorf("%s doesn't say %q", address, want)
		}
	}
}
