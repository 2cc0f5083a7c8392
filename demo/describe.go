package demo

import (
	"strings"
	"time"
)

// The company keeps what people wrote about its data in a repository, whence it is sent to catalogs each night.
const (
	metadata  = "https://git.halden.example/data/metadata/tree/2.4.0"
	pipelines = "https://git.halden.example/data/pipelines/blob/main/"
)

// descriptions are the events that describe datasets and jobs. They were sent when this day began, or the history did.
func descriptions(now time.Time) []event {
	today := now.Truncate(daily)
	var all []event
	for i := range tables {
		all = append(all, tables[i].describe(today)...)
	}
	for i := range jobs {
		j := &jobs[i]
		if j.every == 0 {
			all = append(all, j.describe(today.AddDate(0, 0, -j.age)))
		}
		all = append(all, j.describe(today.AddDate(0, 0, -j.ended)))
	}
	return all
}

// describe says what people wrote about a dataset, and when it was dropped.
func (t *table) describe(today time.Time) []event {
	at := today
	if t.dropped > 0 {
		at = today.AddDate(0, 0, -History)
	}
	f := facets{}
	t.putAbout(f)
	var all []event
	if maker := t.maker(); maker == nil || t.path != "" {
		// No client of a job tells the columns under this name.
		putSchema(f, t.fields())
		if maker != nil && maker.former.until > 0 {
			before := facets{}
			putSchema(before, t.made(maker.former.query))
			all = append(all, datasetEvent(today.AddDate(0, 0, -History), t, before))
			all = append(all, datasetEvent(today.AddDate(0, 0, -maker.former.until).Add(6*time.Hour), t, f))
		}
	}
	all = append(all, datasetEvent(at, t, f))
	if t.dropped > 0 {
		gone := facets{}
		gone.put("lifecycleStateChange", metadata, "1-0-1/LifecycleStateChangeDatasetFacet", object{"lifecycleStateChange": "DROP"})
		all = append(all, datasetEvent(today.AddDate(0, 0, -t.dropped).Add(9*time.Hour), t, gone))
	}
	return all
}

func datasetEvent(at time.Time, t *table, f facets) event {
	return event{
		EventTime: moment(at), Producer: metadata, SchemaURL: specification + "DatasetEvent",
		Dataset: &part{Namespace: t.on.namespace, Name: t.name, Facets: f},
	}
}

// putAbout puts the facets of what people say of a dataset.
func (t *table) putAbout(f facets) {
	document(f, "1-1-0/DocumentationDatasetFacet", t.about)
	owner(f, "1-0-1/OwnershipDatasetFacet", t.owner)
	f.put("datasetType", metadata, "1-0-0/DatasetTypeDatasetFacet", object{"datasetType": t.on.kind})
	f.put("dataSource", metadata, "1-0-1/DatasourceDatasetFacet", object{"name": t.on.namespace, "uri": t.on.namespace})
	tags := labels("title", t.title, "domain", t.domain, "classification", t.level, "retention", t.keep)
	for _, tag := range t.tags {
		key, value, _ := strings.Cut(tag, ":")
		tags = append(tags, label(key, value))
	}
	for _, c := range t.fields() {
		for _, class := range c.classes {
			l := label("data_class", class)
			l["field"] = c.name
			tags = append(tags, l)
		}
	}
	f.put("tags", metadata, "1-0-0/TagsDatasetFacet", object{"tags": tags})
}

func putSchema(f facets, columns []column) {
	f.put("schema", metadata, "1-2-0/SchemaDatasetFacet", object{"fields": schema(columns)})
}

// maker is the job that writes the dataset; nil if it comes from outside.
func (t *table) maker() *job {
	for i := range jobs {
		if jobs[i].into == t.name {
			return &jobs[i]
		}
	}
	return nil
}

// describe says what people wrote about a job. A job that sends no runs says what it reads here.
func (j *job) describe(at time.Time) event {
	f := facets{}
	document(f, "1-1-0/DocumentationJobFacet", j.about)
	holder, domain := j.owner, j.domain
	if j.writes() {
		t := tableOf(j.into)
		holder, domain = t.owner, t.domain
	}
	owner(f, "1-0-1/OwnershipJobFacet", holder)
	tags := labels("title", j.title, "domain", domain, "classification", j.level, "purpose", j.use)
	if len(tags) > 0 {
		f.put("tags", metadata, "1-0-0/TagsJobFacet", object{"tags": tags})
	}
	j.putType(f)
	if j.writes() {
		f.put("sourceCodeLocation", metadata, "1-0-1/SourceCodeLocationJobFacet", object{"type": "git", "url": j.location()})
	}
	e := event{
		EventTime: moment(at), Producer: metadata, SchemaURL: specification + "JobEvent",
		Job: &part{Namespace: j.engine.namespace, Name: j.name, Facets: f},
	}
	if j.every == 0 {
		e.Inputs = j.inputs(query{})
	}
	return e
}

// location is where the code of a job is.
func (j *job) location() string {
	ending := ".sql"
	if j.engine.language == "python" {
		ending = ".py"
	}
	return pipelines + strings.ToLower(j.engine.integration) + "/" + strings.ReplaceAll(j.name, ".", "/") + ending
}

func (j *job) putType(f facets) {
	processing := "BATCH"
	if j.engine.dialect == "flinksql" {
		processing = "STREAMING"
	}
	f.put("jobType", j.engine.producer, "2-0-3/JobTypeJobFacet", object{
		"processingType": processing, "integration": j.engine.integration, "jobType": j.engine.jobType,
	})
}

func document(f facets, definition, text string) {
	if text != "" {
		f.put("documentation", metadata, definition, object{"description": text, "contentType": "text/markdown"})
	}
}

func owner(f facets, definition, name string) {
	if name != "" {
		f.put("ownership", metadata, definition, object{"owners": []object{{"name": name, "type": "OWNER"}}})
	}
}

// labels makes tags of keys and values in turn; those without a value are left out.
func labels(pairs ...string) []object {
	var all []object
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			all = append(all, label(pairs[i], pairs[i+1]))
		}
	}
	return all
}

func label(key, value string) object {
	if value == "" {
		value = "true"
	}
	return object{"key": key, "value": value, "source": "metadata"}
}
