package openlineage

import (
	"slices"
	"strings"

	"weir/catalog"
)

// job reads the job of a run or job event.
func (r *reader) job(v value) error {
	if !v.given() {
		return in("job", bad("is missing"))
	}
	namespace, name, err := identity(v)
	if err != nil {
		return in("job", err)
	}
	fact := &catalog.JobFact{Namespace: namespace, Name: name}
	r.event.Job = fact
	var code, sql value
	err = each(v, "facets", &fact.Facets, func(f facet) (bool, error) {
		switch f.key {
		case "sourceCode":
			code = f.value
		case "sql":
			sql = f.value
		}
		return r.jobFacet(f, fact)
	})
	// A job has one code: SQL is what it does, source code may be the program around it.
	statement(fact, code, "sourceCode", "language", "")
	statement(fact, sql, "query", "dialect", "sql")
	return in("job", err)
}

// jobFacet reads one facet of a job, except for its code.
func (r *reader) jobFacet(f facet, fact *catalog.JobFact) (placed bool, err error) {
	if placed, known, err := about(f, &fact.Values, nil); known {
		return placed, err
	}
	switch f.key {
	case "lineage":
		return r.lineageEntries(f.value)
	case "sourceCodeLocation":
		return repository(f.value, fact), nil
	case "sourceCode":
		return deleted(f.value) || f.value.get("sourceCode").is('"'), nil
	case "sql":
		return deleted(f.value) || f.value.get("query").is('"'), nil
	case "jobType":
		jobType(f.value, fact)
	}
	return false, nil // jobType has more to say than there are places
}

// statement states the code of a job and its language. It takes the place of what was stated before.
func statement(fact *catalog.JobFact, v value, codeKey, languageKey, otherwise string) {
	if deleted(v) {
		stateEmpty(&fact.Values, catalog.FieldCode)
		return
	}
	code := whole(v, codeKey)
	if strings.TrimSpace(code) == "" {
		return
	}
	language := text(v, languageKey)
	if language == "" {
		language = otherwise
	}
	state(&fact.Values, catalog.FieldCode, code)
	state(&fact.Values, catalog.FieldLanguage, strings.ToLower(language))
}

// repository reads where the code of a job is.
func repository(v value, fact *catalog.JobFact) bool {
	if deleted(v) {
		stateEmpty(&fact.Values, catalog.FieldRepository)
		return true
	}
	url := text(v, "url")
	if url == "" {
		url = text(v, "repoUrl")
	}
	state(&fact.Values, catalog.FieldRepository, withoutCredentials(url))
	return url != ""
}

// makers are integrations whose models and applications make data: a dbt model is a query, a Spark application a
// program that runs queries. Their jobs are no consumers.
var makers = []string{
	"AIRFLOW", "DATABRICKS", "DATAFORM", "DAGSTER", "DBT", "DEBEZIUM", "FLINK", "HIVE", "KAFKA_CONNECT", "KAFKA_STREAMS",
	"PREFECT", "SPARK", "SQLMESH", "TRINO",
}

// jobType tells transforms from consumers.
func jobType(v value, fact *catalog.JobFact) {
	integration := strings.ToUpper(text(v, "integration"))
	kind := strings.ToLower(text(v, "jobType"))
	consumer := catalog.ConsumerType(kind)
	makes := slices.Contains(makers, integration) && (consumer == catalog.Model || consumer == catalog.Application)
	if slices.Contains(catalog.ConsumerTypes, consumer) && !makes {
		fact.Consumer = consumer
	}
	if integration != "" {
		kind = strings.ToLower(integration)
	}
	state(&fact.Values, catalog.FieldType, kind)
}
