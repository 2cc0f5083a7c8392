package openlineage

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// typical is an event like those of Spark: 6.6 KB, two inputs and an output with schema and column lineage.
func typical() []byte {
	var b strings.Builder
	b.WriteString(`{"eventTime":"2026-03-02T22:01:35.123456789Z","producer":"https://github.com/OpenLineage/OpenLineage/tree/1.23.0/integration/spark","schemaURL":"https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent","eventType":"COMPLETE","run":{"runId":"4d3b8069-69b6-4708-ade0-3275112c9f04","facets":{"processing_engine":{"_producer":"https://github.com/OpenLineage/OpenLineage/tree/1.23.0/integration/spark","version":"3.5.1","name":"spark"},"parent":{"run":{"runId":"4d3b8069-69b6-4708-ade0-3275112c9f05"},"job":{"namespace":"airflow","name":"daily.load"}},"spark_properties":{"properties":{"spark.master":"yarn","spark.app.name":"load"}}}},"job":{"namespace":"warehouse","name":"load_orders","facets":{"sql":{"query":"INSERT INTO orders\nSELECT id, name FROM tmp_orders WHERE a > 1"},"jobType":{"processingType":"BATCH","integration":"SPARK","jobType":"SQL_JOB"}}},"inputs":[`)
	schema := func(n int) string {
		var f []string
		for i := range n {
			f = append(f, fmt.Sprintf(`{"name":"column_%d","type":"string","description":"The column number %d"}`, i, i))
		}
		return `"schema":{"_producer":"https://github.com/OpenLineage/OpenLineage/tree/1.23.0/integration/spark","fields":[` + strings.Join(f, ",") + `]}`
	}
	for i := range 2 {
		fmt.Fprintf(&b, `{"namespace":"hdfs://host:8020","name":"/warehouse/in_%d","facets":{%s}},`, i, schema(12))
	}
	s := strings.TrimSuffix(b.String(), ",")
	var fields []string
	for i := range 10 {
		fields = append(fields, fmt.Sprintf(`"column_%d":{"inputFields":[{"namespace":"hdfs://host:8020","name":"/warehouse/in_0","field":"column_%d","transformations":[{"type":"DIRECT","subtype":"IDENTITY","description":"","masking":false}]}]}`, i, i))
	}
	return []byte(s + `],"outputs":[{"namespace":"hdfs://host:8020","name":"/warehouse/orders","facets":{` + schema(12) +
		`,"columnLineage":{"fields":{` + strings.Join(fields, ",") + `}}},"outputFacets":{"outputStatistics":{"rowCount":2000,"size":2097152}}}]}`)
}

func BenchmarkParse(b *testing.B) {
	raw := typical()
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(raw); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStandardLibrary is what reading the same into no more than a map costs.
func BenchmarkStandardLibrary(b *testing.B) {
	raw := typical()
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		var v map[string]any
		if err := json.Unmarshal(raw, &v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	raw := append(typical(), '\n')
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	r := strings.NewReader(strings.Repeat(string(raw), b.N))
	for it, err := range Read(r) {
		if err != nil || it.Err != nil {
			b.Fatal(err, it.Err)
		}
	}
}

func BenchmarkSourceURI(b *testing.B) {
	for b.Loop() {
		SourceURI("https://github.com/OpenLineage/OpenLineage/tree/1.23.0/integration/spark")
	}
}
