package demo

import (
	"fmt"
	"time"
)

// events are what the client of the run's engine sent up to now.
func (r run) events(now time.Time) []event {
	all := []event{r.begin()}
	if r.end.After(now) {
		return all
	}
	if r.message != "" {
		return append(all, r.failure())
	}
	return append(all, r.completion())
}

// begin says that the run started, and what started it.
func (r run) begin() event {
	e := r.event("START", r.start)
	producer := r.job.engine.producer
	e.Run.Facets = facets{}
	e.Run.Facets.put("nominalTime", producer, "1-0-1/NominalTimeRunFacet", object{"nominalStartTime": moment(r.slot)})
	if r.job.engine.name != "" {
		e.Run.Facets.put("processing_engine", producer, "1-1-1/ProcessingEngineRunFacet", object{
			"name": r.job.engine.name, "version": r.job.engine.version, "openlineageAdapterVersion": "1.40.1",
		})
	}
	if p := r.parent(); p != nil {
		e.Run.Facets.put("parent", producer, "1-1-0/ParentRunFacet", p)
	}
	return e
}

// completion says what the run read and wrote.
func (r run) completion() event {
	e := r.event("COMPLETE", r.end)
	e.Inputs = r.job.inputs(r.query)
	if r.whole {
		r.job.putCode(e.Job.Facets, r.query)
		checked(e.Inputs, r.job.engine.producer)
	}
	if !r.job.writes() {
		return e
	}
	target := r.job.target()
	if r.whole {
		r.job.putLineage(&target, r.query)
	}
	rows := r.rows()
	target.OutputFacets = facets{}
	target.OutputFacets.put("outputStatistics", r.job.engine.producer, "1-0-2/OutputStatisticsOutputDatasetFacet", object{
		"rowCount": rows, "size": rows * int64(11*len(r.query.outputs())),
	})
	e.Outputs = []part{target}
	return e
}

// failure says why the run failed.
func (r run) failure() event {
	e := r.event("FAIL", r.end)
	e.Inputs = r.job.inputs(r.query)
	e.Outputs = []part{r.job.target()}
	e.Run.Facets = facets{}
	e.Run.Facets.put("errorMessage", r.job.engine.producer, "1-0-1/ErrorMessageRunFacet", object{
		"message": r.message, "programmingLanguage": r.job.engine.language,
	})
	return e
}

func (r run) event(kind string, at time.Time) event {
	job := part{Namespace: r.job.engine.namespace, Name: r.job.name, Facets: facets{}}
	if r.whole || !r.job.writes() {
		r.job.putType(job.Facets) // it tells consumers from transforms, so these say it each time
	}
	return event{
		EventTime: moment(at), EventType: kind, Producer: r.job.engine.producer, SchemaURL: specification + "RunEvent",
		Run: &runPart{RunID: r.id()}, Job: &job,
	}
}

// id is the run's UUID (version 8). Whether it failed is part of it: the demo's last run of a job that fails today is
// another run than the one that succeeded, seen from tomorrow.
func (r run) id() string {
	d := r.job.digest(r.slot, r.attempt, "run "+r.message)
	d[6], d[8] = d[6]&0x0f|0x80, d[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", d[:4], d[4:6], d[6:8], d[8:10], d[10:16])
}

// parent names the run of the job that started this one; nil if there is none.
func (r run) parent() object {
	for i := range parents {
		p := &parents[i]
		if p.name == r.job.parent {
			started := run{job: p, slot: r.slot.Truncate(daily).Add(p.at)}
			return object{
				"run": object{"runId": started.id()},
				"job": object{"namespace": p.engine.namespace, "name": p.name},
			}
		}
	}
	return nil
}

// opening is a day before the history of all demos, from which the company grows by a tenth a year.
var opening = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// rows is how much the run wrote: less at the weekend, and more today than three months ago.
func (r run) rows() int64 {
	n := r.job.rows
	if day := r.slot.Weekday(); day == time.Saturday || day == time.Sunday {
		n -= n / 6
	}
	days := int64(r.slot.Sub(opening) / daily)
	return n*9/10 + n*days/3650 + n*int64(r.job.chance(r.slot, r.attempt)>>16%60)/1000
}

func (j *job) putCode(f facets, q query) {
	code := j.code(q)
	switch {
	case code == "":
	case j.engine.dialect == "":
		f.put("sourceCode", j.engine.producer, "1-0-1/SourceCodeJobFacet", object{"language": j.engine.language, "sourceCode": code})
	default:
		f.put("sql", j.engine.producer, "1-1-0/SQLJobFacet", object{"query": code, "dialect": j.engine.dialect})
	}
}
