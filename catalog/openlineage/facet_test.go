package openlineage

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"weir/catalog"
)

// output makes a run event with one output that has these facets.
func output(facets string) string {
	return event(`"outputs":[{"namespace":"ns","name":"out","facets":{` + facets + `}}]`)
}

func body(facets []catalog.Facet, key string) string {
	for _, f := range facets {
		if f.Key == key {
			return string(f.Body)
		}
	}
	return ""
}

func TestTagsBecomeFields(t *testing.T) {
	tests := []struct {
		tags string
		want catalog.Values
	}{
		{`{"key":"classification","value":"Confidential"}`, catalog.Values{catalog.FieldClassification: {"confidential"}}},
		{`{"key":"data_classification","value":"restricted"}`, catalog.Values{catalog.FieldClassification: {"restricted"}}},
		{`{"key":"classification","value":"cosmic"}`, catalog.Values{catalog.FieldTags: {"classification:cosmic"}}},
		{`{"key":"data_class","value":"PII, phi"}`, catalog.Values{catalog.FieldClasses: {"pii", "phi"}}},
		{`{"key":"data-class","value":"pci"},{"key":"PII"},{"key":"pii","value":true}`, catalog.Values{catalog.FieldClasses: {"pci", "pii"}}},
		{`{"key":"pii","value":"false"}`, catalog.Values{catalog.FieldTags: {"pii:false"}}},
		{`{"key":"domain","value":"sales"}`, catalog.Values{catalog.FieldDomain: {"sales"}}},
		{`{"key":"retention","value":"P1Y"}`, catalog.Values{catalog.FieldRetention: {"P1Y"}}},
		{`{"key":"purpose","value":"billing"}`, catalog.Values{catalog.FieldPurpose: {"billing"}}},
		{`{"key":"title","value":"Orders"}`, catalog.Values{catalog.FieldTitle: {"Orders"}}},
		{`{"key":"gold"},{"key":"tier","value":"1"},{"key":"x","value":"TRUE"},{"key":"gold","value":""}`, catalog.Values{catalog.FieldTags: {"gold", "tier:1", "x"}}},
		{``, nil},
	}
	for _, tt := range tests {
		d := of(t, parsed(t, output(`"tags":{"tags":[`+tt.tags+`]}`)), "out")
		if !reflect.DeepEqual(d.Values, tt.want) || len(d.Facets) > 0 {
			t.Errorf("%s: %v, want %v", tt.tags, d.Values, tt.want)
		}
		job := parsed(t, event(`"job":{"namespace":"ns","name":"j","facets":{"tags":{"tags":[`+tt.tags+`]}}}`)).Job
		if !reflect.DeepEqual(job.Values, tt.want) {
			t.Errorf("job: %s: %v, want %v", tt.tags, job.Values, tt.want)
		}
	}
}

func TestTagsOfColumns(t *testing.T) {
	d := of(t, parsed(t, output(`"tags":{"tags":[{"key":"pii","field":"email"},{"key":"data_class","value":"phi","field":"a.b"},{"key":"unit","value":"EUR","field":"email"}]},
		"schema":{"fields":[{"name":"email","tags":["SENSITIVE","hot"]},{"name":"id","tags":[]}]}`)), "out")
	want := map[string]catalog.Values{
		"email": {catalog.FieldClasses: {"pii", "sensitive"}, catalog.FieldTags: {"unit:EUR", "hot"}},
		"a.b":   {catalog.FieldClasses: {"phi"}},
	}
	if !reflect.DeepEqual(d.ColumnValues, want) || d.Values != nil {
		t.Errorf("got %v and %v", d.ColumnValues, d.Values)
	}
}

func TestDeletedFacetsStateEmptyValues(t *testing.T) {
	d := of(t, parsed(t, output(`"tags":{"_deleted":true},"documentation":{"_deleted":true},"ownership":{"_deleted":true},"datasetType":{"_deleted":true},"symlinks":{"_deleted":true},"columnLineage":{"_deleted":true},"schema":{"_deleted":true},"lineage":{"_deleted":true}`)), "out")
	for _, f := range []catalog.Field{catalog.FieldTags, catalog.FieldClasses, catalog.FieldDescription, catalog.FieldOwners, catalog.FieldType} {
		if got, ok := d.Values[f]; !ok || len(got) != 0 {
			t.Errorf("%s: %v, stated %v", f, got, ok)
		}
	}
	job := parsed(t, event(`"job":{"namespace":"ns","name":"j","facets":{"sql":{"_deleted":true},"sourceCodeLocation":{"_deleted":true}}}`)).Job
	for _, f := range []catalog.Field{catalog.FieldCode, catalog.FieldRepository} {
		if got, ok := job.Values[f]; !ok || len(got) != 0 {
			t.Errorf("%s: %v, stated %v", f, got, ok)
		}
	}
}

func TestFacetsThatMakeNoGraphAreKeptWhenWrong(t *testing.T) {
	d := of(t, parsed(t, output(`"tags":7,"documentation":{"description":[]},"ownership":{"owners":"me"},"version":{},"lifecycleStateChange":true,"dataSource":[]`)), "out")
	for key, want := range map[string]string{
		"tags": "7", "documentation": `{"description":[]}`, "ownership": `{"owners":"me"}`, "version": "{}", "lifecycleStateChange": "true", "dataSource": "[]",
	} {
		if got := body(d.Facets, key); got != want {
			t.Errorf("%s is kept as %q", key, got)
		}
	}
	for _, facet := range []string{`"schema":7`, `"schema":[]`, `"columnLineage":"x"`, `"columnLineage":{"fields":[]}`, `"lineage":1`, `"symlinks":[]`, `"symlinks":{"identifiers":[{}]}`} {
		key := strings.Trim(strings.SplitN(facet, ":", 2)[0], `"`)
		if e := refused(t, output(facet)); !strings.HasPrefix(e.Fields[0].Name, "outputs[0].facets."+key) {
			t.Errorf("%s: %v", facet, e)
		}
	}
}

func TestFacetsOfRoles(t *testing.T) {
	ev := parsed(t, event(`"inputs":[{"namespace":"ns","name":"in","facets":{"dataQualityMetrics":{"rowCount":1},"x":{}},"inputFacets":{"dataQualityMetrics":{"rowCount":2},"outputStatistics":{"rowCount":5}}}]`,
		`"outputs":[{"namespace":"ns","name":"out","outputFacets":{"outputStatistics":{"rowCount":2000,"size":2.5e3,"fileCount":5}}}]`))
	input, out := of(t, ev, "in"), of(t, ev, "out")
	if body(input.Facets, "dataQualityMetrics") != `{"rowCount":2}` || body(input.Facets, "x") != "{}" || input.Rows != 0 {
		t.Errorf("input: %+v", input)
	}
	if out.Rows != 2000 || out.Bytes != 2500 || !strings.Contains(body(out.Facets, "outputStatistics"), "fileCount") {
		t.Errorf("output: %+v", out)
	}
}

func TestNumbersThatCountNothing(t *testing.T) {
	for _, n := range []string{"-1", "1e999", "1" + strings.Repeat("0", 5000), `"7"`, "null", "9223372036854775808", "[]"} {
		if d := of(t, parsed(t, output(`"outputStatistics":{"rowCount":`+n+`}`)), "out"); d.Rows != 0 {
			t.Errorf("%.20s is %d", n, d.Rows)
		}
	}
}

func TestADatasetListedTwiceIsOneFact(t *testing.T) {
	ev := parsed(t, event(`"inputs":[{"namespace":"ns","name":"d","facets":{"schema":{"fields":[{"name":"a"}]},"x":{}}},{"namespace":"ns","name":"d","facets":{"documentation":{"description":"D"},"schema":{"fields":[]}}}]`,
		`"outputs":[{"namespace":"ns","name":"d"}]`))
	if len(ev.Datasets) != 2 || ev.Datasets[0].Role != catalog.Input || ev.Datasets[1].Role != catalog.Output {
		t.Fatalf("got %+v", ev.Datasets)
	}
	d := ev.Datasets[0]
	if len(d.Columns) != 1 || d.Values[catalog.FieldDescription][0] != "D" || body(d.Facets, "x") == "" {
		t.Errorf("got %+v", d)
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	tests := []struct{ uri, want string }{
		{"postgres://food:secret@postgres:5432/food", "postgres://postgres:5432/food"},
		{"postgres://food:se@cret@postgres:5432/food?x=1", "postgres://postgres:5432/food?x=1"},
		{"jdbc:postgresql://h/db?user=u&password=p&ssl=true", "jdbc:postgresql://h/db?&ssl=true"},
		{"jdbc:sqlserver://h:1433;databaseName=d;user=sa;password=p;encrypt=true", "jdbc:sqlserver://h:1433;databaseName=d;encrypt=true"},
		{"jdbc:oracle:thin:scott/tiger@//h:1521/db", "jdbc:oracle:thin:@//h:1521/db"},
		{"https://h/p?sig=abc&a=1#f", "https://h/p?&a=1#f"},
		{"s3://bucket/a@b/c", "s3://bucket/a@b/c"},
		{"bigquery", "bigquery"},
	}
	for _, tt := range tests {
		if got := withoutCredentials(tt.uri); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.uri, got, tt.want)
		}
	}
	d := of(t, parsed(t, output(`"dataSource":{"name":"db","uri":"postgres://a:b@h/d","x":1}`)), "out")
	if got := body(d.Facets, "dataSource"); got != `{"name":"db","uri":"postgres://h/d","x":1}` {
		t.Errorf("kept as %s", got)
	}
	ev := parsed(t, event(`"run":{"runId":"`+testRun+`","facets":{"environmentVariables":{"environmentVariables":[{"name":"TOKEN","value":"s3cret"},{"name":"B\"","value":"x"}]}}}`))
	kept := body(ev.Run.Facets, "environmentVariables")
	if strings.Contains(kept, "s3cret") || !strings.Contains(kept, "TOKEN") || !json.Valid([]byte(kept)) {
		t.Errorf("kept as %s", kept)
	}
}

func TestLongTextsAreCutAndCodeIsNot(t *testing.T) {
	long := strings.Repeat("é", MaxText)
	d := of(t, parsed(t, output(`"documentation":{"description":"`+long+`"}`)), "out")
	got := d.Values[catalog.FieldDescription][0]
	if len(got) > MaxText || len(got) < MaxText-4 || !strings.HasSuffix(got, "é…") {
		t.Errorf("cut to %d bytes, ending in %q", len(got), got[len(got)-6:])
	}
	whole := strings.Repeat("é", MaxText/2)
	if d = of(t, parsed(t, output(`"documentation":{"description":"`+whole+`"}`)), "out"); d.Values[catalog.FieldDescription][0] != whole {
		t.Error("a text of just the limit is cut")
	}
	job := parsed(t, event(`"job":{"namespace":"ns","name":"j","facets":{"sql":{"query":"`+long+`"}}}`)).Job
	if job.Values[catalog.FieldCode][0] != long {
		t.Error("code is cut")
	}
}
