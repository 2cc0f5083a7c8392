package openlineage

import (
	"errors"
	"slices"
	"strings"

	"weir/catalog"
)

var eventTypes = []catalog.EventType{
	catalog.EventStart, catalog.EventRunning, catalog.EventComplete, catalog.EventFail, catalog.EventAbort, catalog.EventOther,
}

// run reads what a run event says of its run. It comes after the job, which explicit lineage may mean.
func (r *reader) run(event, v value) error {
	fact := &catalog.RunFact{}
	r.event.Run = fact
	var typeErr error
	fact.Type, typeErr = eventType(event)
	if !v.given() {
		return errors.Join(typeErr, in("run", bad("is missing")))
	}
	if !v.is('{') {
		return in("run", bad("must be an object with runId"))
	}
	var err error
	if fact.UUID, err = runID(v); err != nil {
		return errors.Join(typeErr, in("run", err))
	}
	err = each(v, "facets", &fact.Facets, func(f facet) (bool, error) { return r.runFacet(f, fact) })
	if err != nil {
		err = in("run", err)
	}
	return errors.Join(typeErr, err)
}

func eventType(event value) (catalog.EventType, error) {
	v := event.get("eventType")
	if !v.given() {
		return catalog.EventOther, nil
	}
	t := catalog.EventType(strings.ToUpper(v.text()))
	if !slices.Contains(eventTypes, t) {
		return "", in("eventType", bad("must be START, RUNNING, COMPLETE, FAIL, ABORT or OTHER"))
	}
	return t, nil
}

// runFacet reads one facet of a run.
func (r *reader) runFacet(f facet, fact *catalog.RunFact) (placed bool, err error) {
	switch f.key {
	case "lineage":
		return r.lineageEntries(f.value)
	case "parent", "parentRun":
		return r.parent(f, fact), nil
	case "nominalTime":
		return nominalTime(f.value, fact), nil
	case "processing_engine":
		fact.Engine = strings.TrimSpace(text(f.value, "name") + " " + text(f.value, "version"))
		return fact.Engine != "", nil
	case "errorMessage":
		if message := text(f.value, "message"); message != "" {
			fact.Error = message
		}
	case "spark.exception":
		if fact.Error == "" {
			fact.Error = text(f.value, "message")
		}
	case "environmentVariables":
		keep(&fact.Facets, f.key, variableNames(f.value))
		return true, nil
	}
	return false, nil // stack traces and all that isn't known have no other place
}

// parent reads which run started this one. The facet of today wins over the one of old clients, "parentRun".
func (r *reader) parent(f facet, fact *catalog.RunFact) bool {
	p, err := parentOf(f.value)
	if err != nil {
		return false
	}
	if f.key == "parentRun" && fact.Parent != nil {
		return true
	}
	if root := f.value.get("root"); root.given() {
		if p.Root, err = parentOf(root); err != nil {
			return false
		}
	}
	job := r.event.Job
	if p.UUID == fact.UUID && job != nil && p.Namespace == job.Namespace && p.Name == job.Name {
		return true // a run that started itself says nothing
	}
	fact.Parent = p
	return true
}

func parentOf(v value) (*catalog.ParentFact, error) {
	var p catalog.ParentFact
	var err error
	if p.Namespace, p.Name, err = identity(v.get("job")); err != nil {
		return nil, err
	}
	p.UUID, err = runID(v.get("run"))
	return &p, err
}

func nominalTime(v value, fact *catalog.RunFact) bool {
	start, err := moment(v, "nominalStartTime")
	if err != nil {
		return false
	}
	fact.NominalStart = start
	if v.get("nominalEndTime").given() {
		end, err := moment(v, "nominalEndTime")
		if err != nil {
			return false
		}
		fact.NominalEnd = end
	}
	return true
}
