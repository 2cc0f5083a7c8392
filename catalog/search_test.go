package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// names are the names of what was found, in order.
func names(res catalog.SearchResult) string {
	var out []string
	for _, h := range res.Hits {
		out = append(out, h.Asset.Name())
	}
	return strings.Join(out, " ")
}

func TestSearchWithQualifiers(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		for query, want := range map[string]string{
			"":                              "build_360 churn_model crm.addresses crm.customers customer load_customers mart.customer_360 ops.scratch pay.transactions payments spring_mailing sync",
			"kind:dataset":                  "crm.addresses crm.customers mart.customer_360 ops.scratch pay.transactions",
			"kind:model":                    "churn_model",
			"kind:model kind:domain":        "churn_model customer payments",
			"kind:job -kind:domain":         "build_360 load_customers sync",
			"domain:customer":               "crm.customers mart.customer_360",
			"domain:Customer":               "crm.customers mart.customer_360",
			"-domain:customer kind:dataset": "crm.addresses ops.scratch pay.transactions",
			"owner:team:crm":                "crm.customers",
			"owner:team:crm owner:team:pay": "crm.customers pay.transactions",
			"tag:gold":                      "crm.customers",
			"class:pii":                     "crm.customers mart.customer_360 spring_mailing",
			"class:PII domain:customer":     "crm.customers mart.customer_360",
			"class:pci":                     "pay.transactions",
			"-class:pii kind:dataset":       "crm.addresses ops.scratch pay.transactions",
			"level:restricted":              "pay.transactions",
			"classification:Restricted classification:confidential": "crm.customers pay.transactions",
			"type:table":                    "crm.customers",
			"state:failed":                  "load_customers",
			"is:failed":                     "load_customers",
			"has:description":               "crm.customers",
			"-has:description kind:dataset": "crm.addresses mart.customer_360 ops.scratch pay.transactions",
			"has:owner":                     "crm.customers pay.transactions",
			"has:class kind:dashboard":      "spring_mailing",
			"has:column -tag:gold":          "crm.addresses mart.customer_360 pay.transactions",
			"column:email":                  "crm.customers mart.customer_360",
			"column:customer_email":         "crm.customers",
			"column:city":                   "crm.customers",
			"platform:postgres -crm":        "mart.customer_360 ops.scratch pay.transactions",
			"kind:domain domain:customer":   "",
			"class:none":                    "",
			"kind:nothing":                  "",
			"sort:-name kind:dataset":       "pay.transactions ops.scratch mart.customer_360 crm.customers crm.addresses",
			"sort:ran kind:job":             "load_customers build_360 sync",
		} {
			var res catalog.SearchResult
			c.within(mostCalls, func() {
				res = must(c.Search(t.Context(), catalog.SearchInput{Query: query, Limit: 50, Facets: true}))(t)
			})
			got := names(res)
			if !strings.Contains(query, "sort:") {
				words := strings.Fields(got)
				slices.Sort(words)
				got = strings.Join(words, " ")
			}
			if got != want || res.Total != len(res.Hits) {
				t.Errorf("%q found %d: %q\nwant %q\nnotes %v", query, res.Total, got, want, res.Notes)
			}
		}
	})
}

func TestSearchRanksAndHighlights(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		res := must(c.Search(t.Context(), catalog.SearchInput{Query: "customer", Limit: 50}))(t)
		if !strings.HasPrefix(names(res), "customer mart.customer_360 ") {
			t.Errorf("ranked %q", names(res))
		}
		hit := res.Hits[1]
		if hit.Domain == nil || hit.In != 1 || hit.Out != 2 {
			t.Errorf("attributes %+v", hit.Attributes)
		}
		marked := map[string]string{}
		for _, m := range hit.Matches {
			text := m.Text
			for _, r := range slices.Backward(m.Ranges) {
				text = text[:r.From] + "[" + text[r.From:r.To] + "]" + text[r.To:]
			}
			marked[m.Field] = text
		}
		want := map[string]string{"name": "mart.[customer]_360", "title": "[Customer] 360", "column": "[customer]_id"}
		if fmt.Sprint(marked) != fmt.Sprint(want) {
			t.Errorf("marked %v, want %v", marked, want)
		}
	})
}

func TestSearchFacets(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		facets := func(in catalog.SearchInput) map[string]string {
			t.Helper()
			in.Limit, in.Facets = 50, true
			var res catalog.SearchResult
			c.within(mostCalls, func() { res = must(c.Search(t.Context(), in))(t) })
			out := map[string]string{}
			for _, f := range res.Facets {
				var values []string
				for _, v := range f.Values {
					text := fmt.Sprintf("%s=%d", v.Value, v.Count)
					if v.On {
						text = "*" + text
					}
					values = append(values, text)
				}
				slices.Sort(values)
				out[f.Field] = strings.Join(values, " ")
			}
			return out
		}
		all := facets(catalog.SearchInput{})
		for field, want := range map[string]string{
			"kind":   "consumer=2 dashboard=1 dataset=5 domain=2 model=1 transform=3",
			"domain": "customer=2 payments=1", "class": "pci=1 pii=3", "owner": "team:crm=1 team:pay=1", "tag": "gold=1",
			"classification": "confidential=1 restricted=1", "platform": "postgres=5",
		} {
			if all[field] != want {
				t.Errorf("%s counted %q, want %q", field, all[field], want)
			}
		}
		some := facets(catalog.SearchInput{Query: "kind:dataset domain:customer", Terms: []catalog.Term{{Field: "tag", Value: "gold"}}})
		for field, want := range map[string]string{
			"kind": "*dataset=1", "domain": "*customer=1", // what other domains would bring with that tag: nothing
			"tag": "*gold=1", "owner": "team:crm=1", "class": "pii=1",
		} {
			if some[field] != want {
				t.Errorf("narrowed, %s counted %q, want %q", field, some[field], want)
			}
		}
		if got := facets(catalog.SearchInput{Query: "domain:payments"})["domain"]; got != "*payments=1 customer=2" {
			t.Errorf("a facet is counted without its own filter: %q", got)
		}
		if got := facets(catalog.SearchInput{Query: "platform:kafka"})["platform"]; got != "*kafka=0 postgres=5" {
			t.Errorf("what nothing has is shown as asked for: %q", got)
		}
	})
}

func TestSearchHelpsWhereNothingIsFound(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		var res catalog.SearchResult
		c.within(mostCalls, func() {
			res = must(c.Search(t.Context(), catalog.SearchInput{
				Query: "custmers transactoins", Limit: 10, Facets: true,
				Terms: []catalog.Term{{Field: "domain", Value: "none"}, {Field: "tag", Value: "none"}},
			}))(t)
		})
		if res.Total != 0 || len(res.Notes) != 2 {
			t.Errorf("found %d, notes %v", res.Total, res.Notes)
		}
		res = must(c.Search(t.Context(), catalog.SearchInput{Query: "custmoers domain:customer", Limit: 10}))(t)
		if res.Help.Spelling != "customers domain:customer" {
			t.Errorf("spelling %q", res.Help.Spelling)
		}
		res = must(c.Search(t.Context(), catalog.SearchInput{Query: "customer domain:payments platform:postgres", Limit: 10}))(t)
		if d := res.Help.Drops; len(d) != 1 || d[0].Term.Field != "domain" || d[0].Query != "customer platform:postgres" || d[0].Total == 0 {
			t.Errorf("drops %+v", d)
		}
	})
}

func TestSearchRefusals(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		for name, in := range map[string]catalog.SearchInput{
			"sort":   {Sort: "size", Limit: 1},
			"kinds":  {Kinds: []graph.Kind{"Run"}, Limit: 1},
			"minus":  {Limit: -1},
			"offset": {Offset: -1, Limit: 1},
		} {
			if _, err := c.Search(t.Context(), in); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := c.Search(t.Context(), catalog.SearchInput{Query: strings.Repeat("word ", 500), Limit: 1}); !errs.Is(err, errs.TooLarge) {
			t.Errorf("a book: %v", err)
		}
	})
}

func TestSearchFindsUnconfirmedLineage(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		// The next run of build_360 states payments no more.
		c.send(runOf("build_360", "", "b9", catalog.EventComplete, noon.Add(-time.Hour), []string{"crm.customers"}, []string{"mart.customer_360"})...)
		var res catalog.SearchResult
		c.within(mostCalls, func() {
			res = must(c.Search(t.Context(), catalog.SearchInput{Query: "is:unconfirmed sort:name", Limit: 10, Facets: true}))(t)
		})
		if got := names(res); got != "build_360 pay.transactions" {
			t.Errorf("unconfirmed %q", got)
		}
	})
}

func TestSuggest(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		for text, want := range map[string]string{
			"":                "",
			"cla":             "class: classification:",
			"orders kind:da":  "orders kind:dataset orders kind:dashboard",
			"domain:pay":      "domain:payments",
			"class:p":         "class:pci class:pii",
			"tag:g":           "tag:gold",
			"platform:post":   "platform:postgres",
			"kind:dataset tr": "kind:dataset transactions",
			"scr":             "ops.scratch",
		} {
			var got []string
			c.within(2, func() {
				for _, s := range must(c.Suggest(t.Context(), text, 10))(t) {
					if s.Asset != nil && text != "scr" {
						got = append(got, "transactions")
						continue
					}
					got = append(got, s.Query)
				}
			})
			if text == "kind:dataset tr" {
				got = []string{"kind:dataset", strings.Join(got, " ")}
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%q suggests %q, want %q", text, got, want)
			}
		}
		if _, err := c.Suggest(t.Context(), "a", 0); !errs.Is(err, errs.Invalid) {
			t.Errorf("none: %v", err)
		}
	})
}
