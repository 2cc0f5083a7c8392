package demo

import (
	"fmt"
	"slices"
	"time"
)

// system is where data lies.
type system struct {
	namespace string // by OpenLineage's rules of naming
	kind      string // of its datasets, as the datasetType facet has it
}

var (
	crm       = system{"postgres://crm-db.halden.example:5432", "TABLE"}
	shop      = system{"postgres://shop-db.halden.example:5432", "TABLE"}
	pay       = system{"postgres://pay-db.halden.example:5432", "TABLE"}
	care      = system{"postgres://care-db.halden.example:5432", "TABLE"}
	erp       = system{"sqlserver://erp.halden.example:1433", "TABLE"}
	wms       = system{"mysql://wms.halden.example:3306", "TABLE"}
	kafka     = system{"kafka://kafka-1.halden.example:9092", "TOPIC"}
	lake      = system{"s3://halden-lake", "FILE"}
	warehouse = system{"snowflake://halden-eu1", "TABLE"}
	ads       = system{"bigquery", "TABLE"}
	metastore = system{"hive://metastore.halden.example:9083", "TABLE"}
)

// table is a dataset of the company.
type table struct {
	on      system
	name    string
	title   string
	owner   string // "" for those that nobody looks after
	level   string // classification
	about   string // Markdown; "" for those that nobody described
	columns string // one a line: name, type, "!" and data class, meaning
	checks  string // assertions, one a line: what, column, and "fails" if it does today
	tags    []string
	keep    string // how long
	path    string // where it lies in the lake, if its writers know it by that name
	dropped int    // days ago; 0: it lives
	domain  string // set by the list that it stands in
}

// schedules of jobs.
const (
	hourly = time.Hour
	daily  = 24 * time.Hour
	weekly = 7 * daily
)

// query is what a job does to data. Column lineage follows from it.
type query struct {
	from    string   // dataset and alias
	joins   []string // "left join dataset alias on condition"
	columns string   // one a line: expression, and " as " with its name unless that is the column's own
	where   string
	group   string
}

// job is a transform, or a consumer if it has no target.
type job struct {
	engine engine
	name   string
	title  string
	owner  string // of a consumer; a transform has the owner of its target
	about  string
	into   string // name of the dataset that it writes
	reads  []string
	query  query
	former former
	parent string // name of the job that starts it
	domain string // of a consumer
	level  string // classification of a consumer
	use    string // purpose of a consumer
	every  time.Duration
	at     time.Duration // after the beginning of the day, or of the hour of hourly jobs
	takes  time.Duration
	rows   int64         // that it writes, about
	age    int           // days since it ran first; 0: longer than History
	ended  int           // days since it ran last; 0: it still runs
	late   time.Duration // it has not run for so long
	fails  string        // message of its last run
}

// former is what a job did until so many days ago.
type former struct {
	until int
	query query
}

var tables = slices.Concat(
	in("customer", customerSources, customerTables), in("orders", orderTables), in("payments", paymentTables),
	in("marketing", marketingTables), in("care", careTables), in("supply", supplySources, supplyTables),
)

var jobs = slices.Concat(
	customerJobs, customerMarts, orderJobs, paymentJobs, marketingJobs, careJobs, supplyJobs, parents,
	dashboards, reports, modelsAndAgents, applications,
)

func in(domain string, lists ...[]table) []table {
	all := slices.Concat(lists...)
	for i := range all {
		all[i].domain = domain
	}
	return all
}

// tableOf finds a dataset by its name. It panics if there is none: a mistake in the lists above.
func tableOf(name string) *table {
	for i := range tables {
		if tables[i].name == name {
			return &tables[i]
		}
	}
	panic(fmt.Sprintf("the demo has no dataset %q", name))
}

// writes tells whether the job makes data.
func (j *job) writes() bool { return j.into != "" }
