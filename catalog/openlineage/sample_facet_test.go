package openlineage

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"weir/catalog"
)

// facts are what has to be read from an event with the facet of a published file.
type facts map[string]func(ev catalog.Event) bool

func ofDataset(ev catalog.Event) []catalog.Facet { return ev.Datasets[0].Facets }
func ofRun(ev catalog.Event) []catalog.Facet     { return ev.Run.Facets }

// kept says that the facet is kept as it is.
func kept(get func(catalog.Event) []catalog.Facet, key string) func(catalog.Event) bool {
	return func(ev catalog.Event) bool { return json.Valid([]byte(body(get(ev), key))) }
}

func stated(ev catalog.Event, f catalog.Field) string {
	return strings.Join(ev.Datasets[0].Values[f], "|")
}

func statedOfJob(ev catalog.Event, f catalog.Field) string {
	return strings.Join(ev.Job.Values[f], "|")
}

var datasetFacts = facts{
	"BaseSubsetDatasetFacet/1.json":              kept(ofDataset, "subset"),
	"BaseSubsetDatasetFacet/2.json":              kept(ofDataset, "subset"),
	"BaseSubsetDatasetFacet/3.json":              kept(ofDataset, "subset"),
	"BaseSubsetDatasetFacet/4.json":              kept(ofDataset, "subset"),
	"DataQualityAssertionsDatasetFacet/1.json":   kept(ofDataset, "dataQualityAssertions"),
	"DataQualityMetricsDatasetFacet/1.json":      kept(ofDataset, "dataQualityMetrics"),
	"DataQualityMetricsInputDatasetFacet/1.json": kept(ofDataset, "dataQualityMetrics"),
	"DatasourceDatasetFacet/1.json":              kept(ofDataset, "dataSource"),
	"HierarchyDatasetFacet/1.json":               kept(ofDataset, "hierarchy"),
	"StorageDatasetFacet/1.json":                 kept(ofDataset, "storage"),
	"ColumnLineageDatasetFacet/1.json": func(ev catalog.Event) bool {
		d := ev.Datasets[0].Derivations
		return len(d) == 12 && d[0].Column == "NAME" && !d[0].Indirect && d[1].Indirect && d[1].Subtype == "JOIN"
	},
	"ColumnLineageDatasetFacet/2.json": func(ev catalog.Event) bool {
		d := ev.Datasets[0].Derivations
		return len(d) == 7 && d[4].Column == "" && d[4].Indirect && d[4].From == "last_name" && len(ev.Datasets) == 2
	},
	"DatasetTypeDatasetFacet/1.json": func(ev catalog.Event) bool {
		return stated(ev, catalog.FieldType) == "VIEW" && body(ev.Datasets[0].Facets, "datasetType") != ""
	},
	"DatasetVersionDatasetFacet/1.json": func(ev catalog.Event) bool { return ev.Datasets[0].Version == "2" },
	"DocumentationDatasetFacet/1.json":  func(ev catalog.Event) bool { return stated(ev, catalog.FieldDescription) == "Some dataset description" },
	"LifecycleStateChangeDatasetFacet/1.json": func(ev catalog.Event) bool {
		return stated(ev, catalog.FieldLifecycle) == "RENAME" && ev.Datasets[0].Symlinks[0].Name == "/tmp/alter_test/alter_table_test"
	},
	"OutputStatisticsOutputDatasetFacet/1.json": func(ev catalog.Event) bool {
		return ev.Datasets[0].Rows == 2000 && ev.Datasets[0].Bytes == 2097152
	},
	"OwnershipDatasetFacet/1.json": func(ev catalog.Event) bool { return stated(ev, catalog.FieldOwners) == "owner" },
	"SchemaDatasetFacet/1.json": func(ev catalog.Event) bool {
		c := ev.Datasets[0].Columns
		return len(c) == 17 && c[5].Path == "phones._element" && c[5].Description == "Phone number" && c[16].Path == "custom_properties.value._1"
	},
	"SymlinksDatasetFacet/1.json": func(ev catalog.Event) bool {
		return reflect.DeepEqual(ev.Datasets[0].Symlinks, []catalog.Symlink{{Namespace: "/tmp/alter_test", Name: "default.alter_table_test_new", Type: "TABLE"}})
	},
	"TagsDatasetFacet/1.json": func(ev catalog.Event) bool {
		return stated(ev, catalog.FieldTags) == "test_tag2:test_value2" && ev.Datasets[0].ColumnValues["email"][catalog.FieldTags][0] == "test_tag:test_value"
	},
}

var jobAndRunFacts = facts{
	"EnvironmentVariablesRunFacet/1.json": kept(ofRun, "environmentVariables"),
	"ExternalQueryRunFacet/1.json":        kept(ofRun, "externalQuery"),
	"ExtractionErrorRunFacet/1.json":      kept(ofRun, "extractionError"),
	"TagsRunFacet/1.json":                 kept(ofRun, "tags"),
	"DocumentationJobFacet/1.json": func(ev catalog.Event) bool {
		return statedOfJob(ev, catalog.FieldDescription) == "Determines the popular day of week orders are placed."
	},
	"ErrorMessageRunFacet/1.json": func(ev catalog.Event) bool {
		return ev.Run.Error == "failed" && strings.Contains(body(ev.Run.Facets, "errorMessage"), "stackTrace")
	},
	"JobTypeJobFacet/1.json": func(ev catalog.Event) bool {
		return statedOfJob(ev, catalog.FieldType) == "spark" && ev.Job.Consumer == ""
	},
	"JobTypeJobFacet/2.json": func(ev catalog.Event) bool { return statedOfJob(ev, catalog.FieldType) == "kafka_streams" },
	"JobTypeJobFacet/3.json": func(ev catalog.Event) bool { return statedOfJob(ev, catalog.FieldType) == "spark" },
	"NominalTimeRunFacet/1.json": func(ev catalog.Event) bool {
		return ev.Run.NominalStart.Equal(time.Date(2020, 1, 1, 4, 0, 0, 1e6, time.UTC)) && ev.Run.NominalEnd.Sub(ev.Run.NominalStart) == 24*time.Hour
	},
	"OwnershipJobFacet/1.json": func(ev catalog.Event) bool { return statedOfJob(ev, catalog.FieldOwners) == "owner" },
	"ParentRunFacet/1.json":    func(ev catalog.Event) bool { return ev.Run.Parent.Name == "dbt-job-name" && ev.Run.Parent.Root == nil },
	"ParentRunFacet/2.json": func(ev catalog.Event) bool {
		return ev.Run.Parent.Name == "my_dag.my_task" && ev.Run.Parent.Root.UUID == "a0000000-3c3c-1a1a-2b2b-c1b95c24ff11" && ev.Run.Parent.Root.Name == "my_dag"
	},
	"ProcessingEngineRunFacet/1.json": func(ev catalog.Event) bool { return ev.Run.Engine == "Airflow 2.5.0" },
	"SQLJobFacet/1.json": func(ev catalog.Event) bool {
		return strings.HasSuffix(statedOfJob(ev, catalog.FieldCode), "select * from final")
	},
	"SourceCodeJobFacet/1.json": func(ev catalog.Event) bool {
		return statedOfJob(ev, catalog.FieldCode) == "ls -halt && exit 0" && statedOfJob(ev, catalog.FieldLanguage) == "bash"
	},
	"SourceCodeLocationJobFacet/1.json": func(ev catalog.Event) bool { return statedOfJob(ev, catalog.FieldRepository) == "http://example.com" },
	"TagsJobFacet/1.json": func(ev catalog.Event) bool {
		return statedOfJob(ev, catalog.FieldTags) == "test_tag:test_value|test_tag2:test_value2"
	},
}
