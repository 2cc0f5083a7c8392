package openlineage

import (
	"os"
	"testing"

	"weir/catalog"
)

// clients are events as dbt, Spark and the Python client shape them.
func clients(t *testing.T) []catalog.Event {
	t.Helper()
	f, err := os.Open("testdata/clients.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var events []catalog.Event
	for it, err := range Read(f) {
		if err != nil || it.Err != nil {
			t.Fatalf("line %d: %v, %v", it.Line, err, it.Err)
		}
		events = append(events, it.Event)
	}
	return events
}

func TestEventsOfDbt(t *testing.T) {
	events := clients(t)
	model, start := events[0], events[1]
	if model.Job.Consumer != "" || model.Job.Values[catalog.FieldType][0] != "dbt" || model.Run.Parent.Name != "dbt-run-shop" {
		t.Errorf("job: %+v", model.Job)
	}
	// Seeds and names of common table expressions are known from column lineage alone.
	if of(t, model, "warehouse.seeds.raw_orders").Role != catalog.Mentioned || of(t, model, "source").Role != catalog.Mentioned {
		t.Errorf("datasets: %+v", model.Datasets)
	}
	out := of(t, model, "warehouse.marts.orders")
	if len(out.Columns) != 1 || out.Columns[0].Type != "" || len(out.Derivations) != 2 || out.Derivations[0].Indirect || out.Derivations[0].Masked {
		t.Errorf("output: %+v", out)
	}
	if body(of(t, model, "warehouse.staging.stg_orders").Facets, "dataQualityAssertions") == "" {
		t.Error("assertions are lost")
	}
	if start.Run.UUID != model.Run.UUID || !start.At.Before(model.At) || len(start.Datasets) != 0 || start.Source != model.Source {
		t.Errorf("start: %+v", start)
	}
}

func TestEventsOfSpark(t *testing.T) {
	events := clients(t)
	failed, application := events[2], events[3]
	if failed.Run.Type != catalog.EventFail || failed.Run.Error != "Job aborted due to stage failure" || body(failed.Run.Facets, "spark.exception") == "" {
		t.Errorf("run: %+v", failed.Run)
	}
	out := of(t, failed, "/warehouse/orders")
	if out.Namespace != "file" || out.Rows != 10 || out.Bytes != 2048 || out.Symlinks[0].Type != "TABLE" || of(t, failed, "shop.orders").Role != catalog.Mentioned {
		t.Errorf("output: %+v", out)
	}
	if application.Job.Consumer != "" {
		t.Errorf("a Spark application is a consumer: %+v", application.Job)
	}
}

func TestEventsOfThePythonClient(t *testing.T) {
	events := clients(t)
	dataset, job, other := events[4], events[5], events[6]
	d := of(t, dataset, "küche/bestände")
	if d.Role != catalog.Subject || d.Values[catalog.FieldDescription][0] != "Vorräte 🍲" || dataset.How != catalog.Declared {
		t.Errorf("dataset event: %+v", dataset)
	}
	if job.Run != nil || of(t, job, "küche/bestände").Role != catalog.Input || job.At.Sub(dataset.At).Seconds() != 1 {
		t.Errorf("job event: %+v", job)
	}
	if other.Run.Type != catalog.EventOther || other.Source != "https://example.com/etl" {
		t.Errorf("run event: %+v", other)
	}
}
