package openlineage

import (
	"errors"
	"strings"

	"weir/catalog"
)

// reader is the reading of one event.
type reader struct {
	event       catalog.Event
	facts       index[factKey] // of event.Datasets
	derivations int            // so far, those of links included
	linkInputs  int
}

// factKey is what an event has one DatasetFact for.
type factKey struct {
	namespace, name string
	role            catalog.Role
}

// read makes an event of a document. It reports what is wrong with each part of the event, the first thing of each.
func read(v value) (catalog.Event, error) {
	if !v.is('{') {
		return catalog.Event{}, bad("An event must be a JSON object")
	}
	r := reader{event: catalog.Event{How: catalog.Declared}}
	var err error
	r.event.At, err = moment(v, "eventTime")
	faults := []error{err}
	r.event.Producer, err = name(v, "producer")
	faults = append(faults, err)
	switch run, job, dataset := v.get("run"), v.get("job"), v.get("dataset"); {
	case run.given() || v.get("eventType").given() || strings.HasSuffix(v.get("schemaURL").text(), "/RunEvent"):
		r.event.How = catalog.Observed
		faults = append(faults, r.job(job), r.run(v, run), r.lists(v))
	case job.given():
		faults = append(faults, r.job(job), r.lists(v))
	case dataset.given():
		faults = append(faults, in("dataset", r.dataset(dataset, catalog.Subject)))
	default:
		faults = append(faults, in("run", bad("is missing: an event has run and job, or job, or dataset")))
	}
	if err := errors.Join(faults...); err != nil {
		return catalog.Event{}, err
	}
	return r.event, r.mention()
}

// lists reads inputs and outputs. Empty and absent ones say nothing.
func (r *reader) lists(v value) error {
	if err := r.list(v, "inputs", catalog.Input); err != nil {
		return err
	}
	return r.list(v, "outputs", catalog.Output)
}

func (r *reader) list(v value, key string, role catalog.Role) error {
	list := v.get(key)
	if list.given() && !list.is('[') {
		return in(key, bad("must be an array"))
	}
	for e := list.elements(); e.more(); {
		if err := r.dataset(e.value, role); err != nil {
			return in(key, item(e.index, err))
		}
		if len(r.event.Datasets) > MaxDatasets {
			return in(key, over(MaxDatasets, "datasets together with the event's other lists"))
		}
	}
	return nil
}

// fact returns the fact of a dataset in a role, a new one if there is none. Clients list one dataset several times.
// The pointer is good until the next call.
func (r *reader) fact(namespace, name string, role catalog.Role) *catalog.DatasetFact {
	i, isNew := r.facts.find(factKey{namespace, name, role})
	if isNew {
		r.event.Datasets = append(r.event.Datasets, catalog.DatasetFact{Namespace: namespace, Name: name, Role: role})
	}
	return &r.event.Datasets[i]
}

// mention adds the datasets that are known from column lineage and symlinks alone.
func (r *reader) mention() error {
	stated := r.event.Datasets
	for i := range stated {
		for _, d := range stated[i].Derivations {
			r.mentioned(d.Namespace, d.Name)
		}
		for _, s := range stated[i].Symlinks {
			r.mentioned(s.Namespace, s.Name)
		}
		if len(r.event.Datasets)-len(stated) > MaxDatasets {
			return in("columnLineage", over(MaxDatasets, "datasets that are no input or output"))
		}
	}
	return nil
}

func (r *reader) mentioned(namespace, name string) {
	for role := catalog.Subject; role <= catalog.Output; role++ {
		if r.facts.has(factKey{namespace, name, role}) {
			return
		}
	}
	r.fact(namespace, name, catalog.Mentioned)
}
