package openlineage

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"weir/catalog"
)

// samples are the published events and facets, which stand beside the checkout.
const samples = "../../../shared/data/openlineage"

func sample(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(samples, path))
	if os.IsNotExist(err) {
		t.Skipf("no published samples: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// withFacet is a run event in which the facet of a sample file stands where it belongs.
func withFacet(t *testing.T, path string) catalog.Event {
	t.Helper()
	facet := string(sample(t, "facet-samples/"+path))
	dir := filepath.Dir(path)
	dataset := func(list, facets string) string {
		return event(`"` + list + `":[{"namespace":"ns","name":"out","` + facets + `":` + facet + `}]`)
	}
	var raw string
	switch {
	case strings.HasSuffix(dir, "RunFacet"):
		raw = event(`"run":{"runId":"` + testRun + `","facets":` + facet + `}`)
	case strings.HasSuffix(dir, "JobFacet") || dir == "LineageFacet" && strings.Contains(facet, `"entries"`):
		raw = event(`"job":{"namespace":"ns","name":"job","facets":` + facet + `}`)
	case strings.HasSuffix(dir, "OutputDatasetFacet"):
		raw = dataset("outputs", "outputFacets")
	case strings.HasSuffix(dir, "InputDatasetFacet") || dir == "BaseSubsetDatasetFacet":
		raw = dataset("inputs", "inputFacets")
	default:
		raw = dataset("outputs", "facets")
	}
	return parsed(t, raw)
}

func TestPublishedFacets(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(samples, "facet-samples/*/*.json"))
	if err != nil || len(files) == 0 {
		t.Skipf("no published samples: %v", err)
	}
	for _, file := range files {
		path := filepath.Base(filepath.Dir(file)) + "/" + filepath.Base(file)
		if strings.HasPrefix(path, "LineageFacet/") {
			continue // TestPublishedExplicitLineage
		}
		holds, ok := datasetFacts[path]
		if !ok {
			holds, ok = jobAndRunFacts[path]
		}
		if !ok {
			t.Errorf("%s: nothing is asserted of it", path)
			continue
		}
		if ev := withFacet(t, path); !holds(ev) {
			t.Errorf("%s: %+v %+v %+v", path, ev.Run, ev.Job, ev.Datasets)
		}
	}
}

func TestPublishedExplicitLineage(t *testing.T) {
	const warehouse, airflow = "postgresql://warehouse:5432", "airflow://production"
	table := func(name string) catalog.Ref { return catalog.Ref{Namespace: warehouse, Name: name} }
	job := func(name string) catalog.Ref { return catalog.Ref{Job: true, Namespace: airflow, Name: name} }
	own := catalog.Ref{Job: true, Namespace: "ns", Name: "job"}
	column := func(c, from string) []catalog.Derivation {
		return []catalog.Derivation{{Column: c, Namespace: warehouse, Name: "public." + strings.SplitN(from, ".", 2)[0], From: strings.SplitN(from, ".", 2)[1]}}
	}
	identity := column("customer_id", "customers.id")
	identity[0].Subtype = "IDENTITY"
	tests := map[string]catalog.LinkFact{
		"dataset-to-dataset": {Target: catalog.Ref{Namespace: "ns", Name: "out"}, Via: &own, Inputs: []catalog.Ref{table("public.customers")}, Derivations: identity},
		"dataset-to-job":     {Target: job("daily.load"), Inputs: []catalog.Ref{table("public.staging_orders")}},
		"generator":          {Target: table("public.extracted_data"), Via: &own, Inputs: []catalog.Ref{own}},
		"implicit-job":       {Target: own, Inputs: []catalog.Ref{{Namespace: "postgresql://production:5432", Name: "public.transactions"}}},
		"job-to-dataset":     {Target: table("public.daily_summary"), Inputs: []catalog.Ref{job("daily.extract")}},
		"job-to-job":         {Target: job("daily.load"), Inputs: []catalog.Ref{job("daily.transform")}},
		"mixed-sources": {Target: table("public.enriched_orders"), Via: &own, Inputs: []catalog.Ref{table("public.orders"), job("daily.enrichment")},
			Derivations: column("customer_segment", "orders.customer_id")},
	}
	for name, want := range tests {
		ev := withFacet(t, "LineageFacet/"+name+".json")
		if len(ev.Links) != 1 || !reflect.DeepEqual(ev.Links[0], want) {
			t.Errorf("%s: %+v, want %+v", name, ev.Links, want)
		}
	}
}

func TestPublishedEvents(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(samples, "scenarios/*/events/*.json"))
	if err != nil || len(files) == 0 {
		t.Skipf("no published samples: %v", err)
	}
	for _, file := range append(files, filepath.Join(samples, "facet-samples/example_full_event.json")) {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		ev := parsed(t, string(raw))
		if ev.Run == nil || ev.Job.Name == "" || ev.At.IsZero() || ev.How != catalog.Observed || ev.Job.Consumer != "" {
			t.Errorf("%s: %+v", file, ev)
		}
		for _, d := range ev.Datasets {
			if d.Role == catalog.Output && len(d.Columns) > 0 && d.Columns[0].Path == "" {
				t.Errorf("%s: %+v", file, d)
			}
		}
	}
}

func TestPublishedColumnLineageOfSpark(t *testing.T) {
	ev := parsed(t, string(sample(t, "scenarios/CLL/events/6.json")))
	out := of(t, ev, "/tmp/cll_test/tbl1")
	var columns []string
	for _, c := range out.Columns {
		columns = append(columns, c.Path+" "+c.Type)
	}
	if got := strings.Join(columns, ", "); got != "ident integer, trans string, agg long" {
		t.Errorf("columns: %s", got)
	}
	if len(out.Derivations) == 0 || out.Symlinks[0].Name != "default.tbl1" || out.Values[catalog.FieldLifecycle][0] != "CREATE" {
		t.Errorf("got %+v", out)
	}
	if ev.Run.Parent == nil || ev.Run.Parent.Namespace != "testColumnLevelLineage" || body(ev.Run.Facets, "spark.logicalPlan") == "" {
		t.Errorf("run: %+v", ev.Run)
	}
}

func TestPublishedBatch(t *testing.T) {
	items, err := parseBatch(sample(t, "food_delivery.json"))
	if err != nil {
		t.Fatal(err)
	}
	withData := 0
	for _, it := range items {
		if it.Err != nil || it.Event.Job.Namespace != "food_delivery" {
			t.Errorf("event %d: %v", it.Index, it.Err)
		}
		for _, d := range it.Event.Datasets {
			withData += len(d.Columns)
			if strings.Contains(body(d.Facets, "dataSource"), "food_delivery:food_delivery@") {
				t.Errorf("event %d: %+v", it.Index, d)
			}
		}
	}
	if len(items) != 26 || withData == 0 {
		t.Errorf("%d events, %d columns", len(items), withData)
	}
}
