package openlineage

import (
	"reflect"
	"testing"
	"time"

	"weir/catalog"
)

func jobWith(t *testing.T, facets string) *catalog.JobFact {
	t.Helper()
	return parsed(t, event(`"job":{"namespace":"ns","name":"j","facets":{`+facets+`}}`)).Job
}

func runWith(t *testing.T, facets string) *catalog.RunFact {
	t.Helper()
	return parsed(t, event(`"run":{"runId":"`+testRun+`","facets":{`+facets+`}}`)).Run
}

func TestJobTypeTellsConsumers(t *testing.T) {
	tests := []struct {
		integration, kind string
		want              catalog.ConsumerType
		shown             string
	}{
		{"TABLEAU", "DASHBOARD", catalog.Dashboard, "tableau"},
		{"", "report", catalog.Report, "report"},
		{"MLFLOW", "MODEL", catalog.Model, "mlflow"},
		{"ACME", "AGENT", catalog.Agent, "acme"},
		{"ACME", "APPLICATION", catalog.Application, "acme"},
		{"SPARK", "APPLICATION", "", "spark"}, // what each Spark program sends for itself
		{"DBT", "MODEL", "", "dbt"},
		{"DBT", "REPORT", catalog.Report, "dbt"},
		{"SPARK", "SQL_JOB", "", "spark"},
		{"", "QUERY", "", "query"},
	}
	for _, tt := range tests {
		j := jobWith(t, `"jobType":{"processingType":"BATCH","integration":"`+tt.integration+`","jobType":"`+tt.kind+`"}`)
		if j.Consumer != tt.want || j.Values[catalog.FieldType][0] != tt.shown || body(j.Facets, "jobType") == "" {
			t.Errorf("%s %s: %q, %v", tt.integration, tt.kind, j.Consumer, j.Values)
		}
	}
}

func TestCode(t *testing.T) {
	tests := []struct {
		facets         string
		code, language []string
	}{
		{`"sql":{"query":"SELECT 1"}`, []string{"SELECT 1"}, []string{"sql"}},
		{`"sql":{"query":"SELECT 1","dialect":"Snowflake"}`, []string{"SELECT 1"}, []string{"snowflake"}},
		{`"sourceCode":{"language":"Python","sourceCode":"print()"}`, []string{"print()"}, []string{"python"}},
		{`"sql":{"query":"SELECT 1"},"sourceCode":{"language":"Python","sourceCode":"print()"}`, []string{"SELECT 1"}, []string{"sql"}},
		{`"sourceCode":{"language":"Python","sourceCode":"print()"},"sql":{"query":" "}`, []string{"print()"}, []string{"python"}},
	}
	for _, tt := range tests {
		j := jobWith(t, tt.facets)
		if !reflect.DeepEqual(j.Values[catalog.FieldCode], tt.code) || !reflect.DeepEqual(j.Values[catalog.FieldLanguage], tt.language) {
			t.Errorf("%s: %v", tt.facets, j.Values)
		}
	}
	j := jobWith(t, `"sourceCodeLocation":{"type":"git","url":"https://user:token@example.com/r.git"}`)
	if j.Values[catalog.FieldRepository][0] != "https://example.com/r.git" {
		t.Errorf("repository %v", j.Values)
	}
}

func TestParents(t *testing.T) {
	const other = "a0000000-3c3c-1a1a-2b2b-c1b95c24ff11"
	parent := func(run string) string { return `{"run":{"runId":"` + run + `"},"job":{"namespace":"ns","name":"p"}}` }
	want := &catalog.ParentFact{Namespace: "ns", Name: "p", UUID: other}
	for _, facets := range []string{
		`"parent":` + parent(other), `"parentRun":` + parent(other),
		`"parent":` + parent(other) + `,"parentRun":` + parent(testRun), `"parentRun":` + parent(testRun) + `,"parent":` + parent(other),
	} {
		if r := runWith(t, facets); !reflect.DeepEqual(r.Parent, want) || len(r.Facets) > 0 {
			t.Errorf("%s: %+v", facets, r)
		}
	}
	own := `{"run":{"runId":"` + testRun + `"},"job":{"namespace":"ns","name":"job"}}`
	if r := runWith(t, `"parent":`+own); r.Parent != nil {
		t.Errorf("a run is its own parent: %+v", r.Parent)
	}
	if r := runWith(t, `"parent":`+`{"run":{"runId":""},"job":{}}`); r.Parent != nil || body(r.Facets, "parent") == "" {
		t.Errorf("a wrong parent is not kept as it is: %+v", r)
	}
}

func TestErrorsOfRuns(t *testing.T) {
	r := runWith(t, `"spark.exception":{"message":"boom","stackTrace":"at"},"extractionError":{"errors":[{"errorMessage":"no SQL"}]}`)
	if r.Error != "boom" || len(r.Facets) != 2 {
		t.Errorf("got %+v", r)
	}
	r = runWith(t, `"errorMessage":{"message":"failed"},"spark.exception":{"message":"boom"}`)
	if r.Error != "failed" {
		t.Errorf("got %q", r.Error)
	}
	if r = runWith(t, `"extractionError":{"errors":[{"errorMessage":"no SQL"}]}`); r.Error != "" {
		t.Error("a query that could not be parsed is no error of the run")
	}
}

func TestNominalTimeAndEngine(t *testing.T) {
	r := runWith(t, `"nominalTime":{"nominalStartTime":"2020-01-01T04:00:00.001Z"},"processing_engine":{"version":"2.5.0","name":"Airflow"}`)
	if !r.NominalStart.Equal(time.Date(2020, 1, 1, 4, 0, 0, 1e6, time.UTC)) || !r.NominalEnd.IsZero() || r.Engine != "Airflow 2.5.0" {
		t.Errorf("got %+v", r)
	}
}
