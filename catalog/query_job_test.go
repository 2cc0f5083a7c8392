package catalog_test

import (
	"strings"
	"testing"

	"weir/catalog"
)

func TestJobPages(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		long := `{"plan":"` + strings.Repeat("x", 5000) + `"}`
		e := runOf("build_360", "", "b5", catalog.EventComplete, noon, nil, nil)[1]
		e.Job.Values = catalog.Values{
			catalog.FieldCode: {"select 1"}, catalog.FieldLanguage: {"sql"}, catalog.FieldDomain: {"customer"}, catalog.FieldOwners: {"ines"},
		}
		e.Job.Facets = []catalog.Facet{{Key: "plan", Body: []byte(long)}}
		c.send(e)
		var v catalog.TransformView
		c.within(mostCalls, func() { v = must(c.Transform(t.Context(), tf("build_360")))(t) })
		if v.Transform.LastState != catalog.Completed || v.In != 2 || v.Out != 1 || v.Domain == nil || len(v.Owners) != 1 {
			t.Errorf("job %+v %+v", v.Transform, v.Attributes)
		}
		if len(v.Facets) != 1 || v.Facets[0].JSON != long || v.Facets[0].Said.By != "https://example.com/spark" {
			t.Errorf("a facet too large for its register: %+v", v.Facets)
		}
		code := must(c.Code(t.Context(), tf("build_360")))(t)
		if code.Text != "select 1" || code.Language != "sql" {
			t.Errorf("code %+v", code)
		}
		if code := must(c.Code(t.Context(), tf("sync")))(t); code.Text != "" {
			t.Errorf("code of a job that stated none: %+v", code)
		}
		var d catalog.ConsumerView
		c.within(mostCalls, func() { d = must(c.Consumer(t.Context(), con("spring_mailing")))(t) })
		if d.Consumer.Type != catalog.Dashboard || d.In != 1 || len(d.Inherited) != 1 || d.Inherited[0].Path != "customer_email" {
			t.Errorf("dashboard %+v %+v", d.Consumer, d.Attributes)
		}
	})
}
