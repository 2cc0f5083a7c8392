package demo

import (
	"fmt"
	"strings"
)

// code is the text of a job with this query, in the language of its engine.
func (j *job) code(q query) string {
	switch {
	case q.from == "":
		return ""
	case j.engine.language == "python":
		return j.program(q)
	case j.engine.dialect == "flinksql":
		return fmt.Sprintf("insert into %s\n%s", j.into, q.text(func(name, alias string) string {
			return "`" + name + "` " + alias
		}))
	}
	return fmt.Sprintf("create or replace table %s as\n%s", j.into, q.text(func(name, alias string) string {
		return name + " " + alias
	}))
}

// text is the query as SQL. Named writes a source.
func (q query) text(named func(name, alias string) string) string {
	var b strings.Builder
	b.WriteString("select")
	separator := "\n    "
	for _, line := range lines(q.columns) {
		b.WriteString(separator + line)
		separator = ",\n    "
	}
	sources := q.sources()
	b.WriteString("\nfrom " + named(sources[0][1], sources[0][0]))
	for i, j := range q.joins {
		source := sources[i+1]
		b.WriteString("\n" + strings.Replace(j, source[1]+" "+source[0], named(source[1], source[0]), 1))
	}
	if q.where != "" {
		b.WriteString("\nwhere " + q.where)
	}
	if q.group != "" {
		b.WriteString("\ngroup by " + q.group)
	}
	return b.String()
}

// program is a PySpark program around the query: each source is a view that is called like its alias.
func (j *job) program(q query) string {
	var b strings.Builder
	fmt.Fprintf(&b, "from pyspark.sql import SparkSession\n\nspark = SparkSession.builder.appName(%q).getOrCreate()\n\n", j.name)
	for _, source := range q.sources() {
		fmt.Fprintf(&b, "%s.createOrReplaceTempView(%q)\n", reader(tableOf(source[1])), source[0])
	}
	body := q.text(func(_, alias string) string { return alias })
	fmt.Fprintf(&b, "\nresult = spark.sql(\"\"\"\n    %s\n\"\"\")\n\n", strings.ReplaceAll(body, "\n", "\n    "))
	b.WriteString(writer(tableOf(j.into)))
	return b.String()
}

func reader(t *table) string {
	switch t.on {
	case lake:
		return fmt.Sprintf("spark.read.parquet(%q)", t.on.namespace+"/"+t.name)
	case metastore:
		return fmt.Sprintf("spark.table(%q)", t.name)
	case ads:
		return fmt.Sprintf("spark.read.format(\"bigquery\").load(%q)", t.name)
	}
	return fmt.Sprintf("spark.read.format(\"snowflake\").option(\"dbtable\", %q).load()", t.name)
}

func writer(t *table) string {
	switch {
	case t.path != "":
		return fmt.Sprintf("result.write.mode(\"overwrite\").option(\"path\", %q).saveAsTable(%q)\n", lake.namespace+"/"+t.path, t.name)
	case t.on == metastore:
		return fmt.Sprintf("result.write.mode(\"overwrite\").saveAsTable(%q)\n", t.name)
	}
	return fmt.Sprintf("result.write.mode(\"overwrite\").format(\"snowflake\").option(\"dbtable\", %q).save()\n", t.name)
}
