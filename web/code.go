package web

import (
	"slices"
	"strings"
)

// sqlDialects are the languages of code that are SQL without saying so.
var sqlDialects = []string{
	"ansi", "bigquery", "clickhouse", "databricks", "duckdb", "hive", "mysql", "oracle", "postgres", "postgresql", "presto", "redshift",
	"snowflake", "spark", "sqlite", "sqlserver", "tsql", "trino",
}

// codeLanguage is the language of code as a reader calls it: the dialect of a query is a kind of SQL.
func codeLanguage(sent string) string {
	sent = strings.ToLower(sent)
	switch {
	case slices.Contains(sqlDialects, sent):
		return sent + " SQL"
	case strings.HasSuffix(sent, "sql"):
		return strings.TrimSuffix(sent, "sql") + "SQL"
	}
	return sent
}
