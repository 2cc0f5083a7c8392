package catalog_test

import (
	"strings"
	"testing"
	"time"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

func TestRunsOfAJobAndOfADataset(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		uuids := func(q catalog.RunList) (string, catalog.Page[catalog.RunItem]) {
			t.Helper()
			var page catalog.Page[catalog.RunItem]
			c.within(mostCalls, func() { page = must(c.Runs(t.Context(), q))(t) })
			var out []string
			for _, r := range page.Items {
				out = append(out, r.Run.UUID)
			}
			return strings.Join(out, " "), page
		}
		got, page := uuids(catalog.RunList{Of: tf("build_360"), First: 3})
		if got != "b4 b3 b2" || page.Next == "" || page.Items[0].Job.Name() != "build_360" {
			t.Errorf("first page %q %+v", got, page.Items[0].Job)
		}
		if got, page = uuids(catalog.RunList{Of: tf("build_360"), First: 3, After: page.Next}); got != "b1 b0" || page.Next != "" {
			t.Errorf("second page %q", got)
		}
		if got, _ = uuids(catalog.RunList{Of: ds("mart.customer_360"), First: 2}); got != "b4 b3" {
			t.Errorf("of a dataset %q", got)
		}
		if got, _ = uuids(catalog.RunList{State: catalog.Failed, First: 9}); got != "l1" {
			t.Errorf("failed %q", got)
		}
		c.send(runOf("patch_360", "", "p1", catalog.EventComplete, noon.Add(-60*time.Hour), nil, []string{"mart.customer_360"})...)
		got, page = uuids(catalog.RunList{Of: ds("mart.customer_360"), First: 4})
		if got != "b4 b3 p1 b2" || page.Next == "" {
			t.Errorf("of two writers %q", got)
		}
		if got, page = uuids(catalog.RunList{Of: ds("mart.customer_360"), First: 4, After: page.Next}); got != "b1 b0" || page.Next != "" {
			t.Errorf("of two writers, second page %q", got)
		}
		if _, err := c.Runs(t.Context(), catalog.RunList{Of: tf("build_360")}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a page of none: %v", err)
		}
	})
}

func TestRunThatFellSilentIsLost(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		c.send(runOf("sync", "", "s2", catalog.EventStart, noon.Add(-23*time.Hour), []string{"ops.scratch"}, nil)...)
		want := map[string]catalog.RunState{"s1": catalog.Lost, "s2": catalog.Running}
		for _, r := range must(c.Runs(t.Context(), catalog.RunList{Of: tf("sync"), First: 9}))(t).Items {
			if r.Run.State != want[r.Run.UUID] {
				t.Errorf("%s is %s, want %s", r.Run.UUID, r.Run.State, want[r.Run.UUID])
			}
		}
		// A job that usually takes 30 hours has 90 to fall silent.
		slow := runOf("sync", "", "s0", catalog.EventComplete, noon.Add(-100*time.Hour), []string{"ops.scratch"}, nil)
		slow[0].At = noon.Add(-130 * time.Hour)
		c.send(slow...)
		if v := must(c.Run(t.Context(), catalog.RunID("airflow", "sync", "s1")))(t); v.Run.State != catalog.Running {
			t.Errorf("it is %s after 80 hours", v.Run.State)
		}
	})
}

func TestRunPage(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		child := runOf("step", "", "c1", catalog.EventComplete, noon.Add(-24*time.Hour), nil, nil)
		for i := range child {
			child[i].Run.Parent = &catalog.ParentFact{Namespace: "airflow", Name: "build_360", UUID: "b4"}
		}
		c.send(child...)
		id := catalog.RunID("airflow", "build_360", "b4")
		var v catalog.RunView
		c.within(mostCalls, func() { v = must(c.Run(t.Context(), id))(t) })
		if v.Job.ID != tf("build_360") || v.Producer != "https://example.com/spark" || v.Run.Took() != time.Hour {
			t.Errorf("job %s, producer %s, took %v", v.Job.ID, v.Producer, v.Run.Took())
		}
		if len(v.Inputs) != 2 || v.Inputs[0].Dataset.Name != "crm.customers" || len(v.Outputs) != 1 || v.Outputs[0].Rows != 42 || v.Outputs[0].Bytes != 4200 {
			t.Errorf("read %+v, wrote %+v", v.Inputs, v.Outputs)
		}
		if len(v.Events) != 2 || v.Events[0].Type != catalog.EventStart || v.Events[1].Type != catalog.EventComplete {
			t.Errorf("events %+v", v.Events)
		}
		if len(v.Facets) != 1 || v.Facets[0].Key != "spark" {
			t.Errorf("facets %+v", v.Facets)
		}
		for _, e := range v.Events {
			if strings.Contains(e.JSON, "hunter2") || !strings.Contains(e.JSON, `"spark"`) {
				t.Errorf("shown as %s", e.JSON)
			}
		}
		if v.Parent != nil || len(v.Children) != 1 || v.Children[0].Run.UUID != "c1" || v.Children[0].Job.Name() != "step" {
			t.Errorf("parent %v, children %+v", v.Parent, v.Children)
		}
		orphan := runOf("step", "", "c2", catalog.EventComplete, noon, nil, nil)[1]
		orphan.Run.Parent = &catalog.ParentFact{Namespace: "airflow", Name: "flow", UUID: "f1"}
		c.send(orphan)
		if f := must(c.Run(t.Context(), catalog.RunID("airflow", "flow", "f1")))(t); f.Run.State != catalog.Other || f.Job.Name() != "flow" {
			t.Errorf("a run known from its child alone is %s of %q", f.Run.State, f.Job.Name())
		}
		v = must(c.Run(t.Context(), v.Children[0].Run.ID))(t)
		if v.Parent == nil || v.Parent.Run.ID != id || len(v.Children) != 0 {
			t.Errorf("parent %+v, children %+v", v.Parent, v.Children)
		}
	})
}

func TestLists(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		names := func(ids []string) string { return strings.Join(ids, " ") }
		datasets := func(q catalog.DatasetList) string {
			t.Helper()
			var out []string
			for {
				page := must(c.Datasets(t.Context(), q))(t)
				for _, d := range page.Items {
					out = append(out, d.Name)
				}
				if q.After = page.Next; q.After == "" {
					return names(out)
				}
			}
		}
		if got := datasets(catalog.DatasetList{First: 2}); got != "crm.addresses crm.customers mart.customer_360 ops.scratch pay.transactions" {
			t.Errorf("by name %q", got)
		}
		if got := datasets(catalog.DatasetList{First: 2, Domain: catalog.DomainID("customer")}); got != "crm.customers mart.customer_360" {
			t.Errorf("of a domain %q", got)
		}
		if got := datasets(catalog.DatasetList{First: 1, Recent: true}); !strings.HasPrefix(got, "mart.customer_360 ") {
			t.Errorf("recent %q", got)
		}
		var jobs []string
		for _, j := range must(c.Transforms(t.Context(), catalog.JobList{First: 9, Recent: true}))(t).Items {
			jobs = append(jobs, j.Name)
		}
		if got := names(jobs); got != "load_customers build_360 sync" {
			t.Errorf("recent jobs %q", got)
		}
		models := must(c.Consumers(t.Context(), catalog.JobList{First: 9, Type: catalog.Model}))(t).Items
		if len(models) != 1 || models[0].Name != "churn_model" {
			t.Errorf("models %v", models)
		}
		if all := must(c.Domains(t.Context(), 9, ""))(t).Items; len(all) != 2 || all[0].Name != "customer" {
			t.Errorf("domains %v", all)
		}
		if all := must(c.Classes(t.Context(), 9, ""))(t).Items; len(all) != 2 || all[0].Name != "pci" {
			t.Errorf("classes %v", all)
		}
		owners, tags := must(c.Owners(t.Context(), 9, ""))(t).Items, must(c.Tags(t.Context(), 9, ""))(t).Items
		if len(owners) != 2 || len(tags) != 1 {
			t.Errorf("owners %v, tags %v", owners, tags)
		}
		if _, err := c.Datasets(t.Context(), catalog.DatasetList{First: graph.MaxPage + 1}); !errs.Is(err, errs.Invalid) {
			t.Errorf("too long a page: %v", err)
		}
	})
}

func TestHome(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		var h catalog.Home
		c.within(mostCalls, func() { h = must(c.Home(t.Context()))(t) })
		if want := (catalog.Counts{Datasets: 5, Transforms: 3, Consumers: 2, Failing: 1}); h.Totals != want {
			t.Errorf("totals %+v, want %+v", h.Totals, want)
		}
		if len(h.Domains) != 2 || h.Domains[0].Domain.Name != "customer" || h.Domains[0].Counts.Datasets != 2 {
			t.Errorf("domains %+v", h.Domains)
		}
		if len(h.Written) != 1 || h.Written[0].Name != "mart.customer_360" {
			t.Errorf("written %+v", h.Written)
		}
		if len(h.Failing) != 1 || h.Failing[0].Run.Error != "disk full" || h.Failing[0].Job.Name() != "load_customers" {
			t.Errorf("failing %+v", h.Failing)
		}
		if len(h.Changed) == 0 || h.Changed[0].Asset.ID != con("churn_model") || len(h.Changed[0].Entry.Changes) == 0 {
			t.Errorf("changed %+v", h.Changed)
		}
		empty := newCompany(t, memory(t))
		if h := must(empty.Home(t.Context()))(t); h.Totals != (catalog.Counts{}) || len(h.Changed)+len(h.Domains)+len(h.Failing) > 0 {
			t.Errorf("of nothing %+v", h)
		}
		d := must(c.Domain(t.Context(), catalog.DomainID("payments")))(t)
		if d.Counts.Datasets != 1 || len(must(c.DomainPage(t.Context()))(t)) != 2 {
			t.Errorf("domain %+v", d)
		}
	})
}

func TestHistoryHasTheChangesOfOneAsset(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		text := "New words"
		if err := c.Describe(t.Context(), catalog.DescribeInput{ID: ds("crm.customers"), Description: &text}); err != nil {
			t.Fatal(err)
		}
		var h = must(c.History(t.Context(), ds("crm.customers"), 1, ""))(t)
		if len(h.Items) != 1 || h.Next == "" || h.Items[0].Actor != "operator" {
			t.Fatalf("history %+v", h)
		}
		got := h.Items[0].Changes
		if len(got) != 1 || got[0].Field != "description" || got[0].Before != "Everyone who ever bought something." || got[0].After != text {
			t.Errorf("changes %+v", got)
		}
		older := must(c.History(t.Context(), ds("crm.customers"), 50, h.Next))(t)
		for _, e := range older.Items {
			for _, change := range e.Changes {
				if change.Asset != ds("crm.customers") {
					t.Errorf("a change of %s is shown", change.Asset)
				}
			}
		}
		if len(older.Items) == 0 || older.Next != "" {
			t.Errorf("older %+v", older)
		}
	})
}
