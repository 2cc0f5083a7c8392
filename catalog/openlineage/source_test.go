package openlineage

import "testing"

func TestSourceURI(t *testing.T) {
	const ol = "https://github.com/OpenLineage/OpenLineage"
	tests := []struct{ producer, want string }{
		{ol + "/tree/1.27.0/client/python", ol + "/tree/client/python"},
		{ol + "/tree/1.23.0-SNAPSHOT/integration/spark", ol + "/tree/integration/spark"},
		{ol + "/tree/0.0.1/integration/dbt", ol + "/tree/integration/dbt"},
		{ol + "/blob/v1-0-0/client", ol + "/blob/client"},
		{ol + "/releases/tag/1.2.3", ol + "/releases/tag"},
		{ol + "/tree/main/client", ol + "/tree/main/client"},
		{ol + "/tree/3f2a9c1/client", ol + "/tree/client"},
		{ol + "/tree/0123456789abcdef0123456789abcdef01234567/client", ol + "/tree/client"},
		{ol + "/tree/v2/client", ol + "/tree/client"},
		{ol + "/tree/1.0.0rc1/c", ol + "/tree/c"},
		{ol + "/tree/2.0.0.dev3/c", ol + "/tree/c"},
		{ol + "/tree/1.2.3+build.7/c", ol + "/tree/c"},
		{ol, ol},
		{ol + "/", ol},
		{"https://github.com/MarquezProject/marquez/blob/main/docker/metadata.json", "https://github.com/MarquezProject/marquez/blob/main/docker/metadata.json"},
		{"https://some.producer.com/version/1.0", "https://some.producer.com/version"},
		{"https://github.com/apache/airflow/tree/providers-openlineage/1.14.0", "https://github.com/apache/airflow/tree/providers-openlineage"},
		{"https://github.com/apache/airflow/tree/providers-openlineage-2.1.0", "https://github.com/apache/airflow/tree/providers-openlineage"},
		{"https://example.com/etl?version=1.2&team=a", "https://example.com/etl?team=a"},
		{"https://example.com/etl?v=7", "https://example.com/etl"},
		{"https://example.com/api/v2/etl", "https://example.com/api/v2/etl"},
		{"https://10.0.0.7/etl", "https://10.0.0.7/etl"},
		{"pkg:pypi/acme@1.2.3", "pkg:pypi/acme"},
		{"acme-etl/4.5", "acme-etl"},
		{"acme-etl-4.5.6", "acme-etl"},
		{"http://123", "http://123"},
		{"producer", "producer"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := SourceURI(tt.producer); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.producer, got, tt.want)
		}
	}
}
