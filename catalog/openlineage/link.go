package openlineage

import (
	"slices"
	"strings"

	"weir/catalog"
)

// entry is one statement of explicit lineage as it is read.
type entry struct {
	link     catalog.LinkFact
	ownJob   bool               // the event's own job was named as what feeds it
	stated   bool               // inputs or fields were there, be they empty
	refs     index[catalog.Ref] // of link.Inputs
	*origins                    // of its columns
}

// lineageEntries reads the lineage facet of a run or job: entries that say what each target is made of.
func (r *reader) lineageEntries(v value) (bool, error) {
	if deleted(v) {
		return true, nil
	}
	list := v.get("entries")
	if !v.is('{') || list.given() && !list.is('[') {
		return false, in("entries", bad("must be an array"))
	}
	for e := list.elements(); e.more(); {
		if err := r.lineageEntry(e.value); err != nil {
			return false, in("entries", item(e.index, err))
		}
	}
	return true, nil
}

func (r *reader) lineageEntry(v value) error {
	target, own, err := r.ref(v)
	if err != nil {
		return err
	}
	if own && r.event.Job == nil {
		return in("name", bad("is missing, and the event has no job"))
	}
	return r.link(v, target)
}

// lineageOfDataset reads the lineage facet of a dataset, which is the target.
func (r *reader) lineageOfDataset(v value, fact *catalog.DatasetFact) (bool, error) {
	if deleted(v) {
		return true, nil
	}
	if !v.is('{') {
		return false, bad("must be an object")
	}
	return true, r.link(v, catalog.Ref{Namespace: fact.Namespace, Name: fact.Name})
}

// link reads inputs and fields of a target. An empty list of inputs is a statement: there is nothing upstream.
func (r *reader) link(v value, target catalog.Ref) error {
	if len(r.event.Links) == MaxLinks {
		return over(MaxLinks, "entries of explicit lineage before it")
	}
	en := entry{link: catalog.LinkFact{Target: target}, origins: r.origins(nil)}
	if err := en.inputs(v, ""); err != nil {
		return err
	}
	fields := v.get("fields")
	if fields.given() && !fields.is('{') {
		return in("fields", bad("must be an object"))
	}
	for m := fields.members(); m.more(); {
		column := string(m.key)
		if err := checkName(column); err != nil {
			return in("fields", in(column, err))
		}
		if err := en.inputs(m.value, column); err != nil {
			return in("fields", in(column, err))
		}
	}
	if !en.stated {
		return nil
	}
	if !target.Job {
		en.link.Derivations = en.list
	}
	en.link.Via = r.via(en)
	r.event.Links = append(r.event.Links, en.link)
	return nil
}

// via is the event's own job if it is what makes the target: unless all that feeds the target are other jobs, which
// make it themselves.
func (r *reader) via(en entry) *catalog.Ref {
	isDataset := func(ref catalog.Ref) bool { return !ref.Job }
	others := len(en.link.Inputs) > 0 && !slices.ContainsFunc(en.link.Inputs, isDataset)
	if r.event.Job == nil || en.link.Target.Job || others && !en.ownJob {
		return nil
	}
	return &catalog.Ref{Job: true, Namespace: r.event.Job.Namespace, Name: r.event.Job.Name}
}

// inputs reads what feeds the target, or one column of it.
func (en *entry) inputs(v value, column string) error {
	list := v.get("inputs")
	if !list.given() {
		return nil
	}
	if !list.is('[') {
		return in("inputs", bad("must be an array"))
	}
	en.stated = true
	for e := list.elements(); e.more(); {
		if err := en.input(e.value, column); err != nil {
			return in("inputs", item(e.index, err))
		}
	}
	return nil
}

func (en *entry) input(v value, column string) error {
	r := en.reader
	if r.linkInputs++; r.linkInputs > MaxDerivations {
		return over(MaxDerivations, "inputs of explicit lineage before it in the event")
	}
	ref, own, err := r.ref(v)
	if err != nil {
		return err
	}
	if own && r.event.Job == nil {
		return in("name", bad("is missing, and the event has no job"))
	}
	if ref == en.link.Target {
		return nil // what feeds itself says nothing
	}
	en.ownJob = en.ownJob || own
	if _, isNew := en.refs.find(ref); isNew {
		en.link.Inputs = append(en.link.Inputs, ref)
	}
	from, err := optionalName(v, "field")
	if err != nil || ref.Job || from == "" {
		return err
	}
	return en.add(catalog.Derivation{Column: column, Namespace: ref.Namespace, Name: ref.Name, From: from}, v, value{})
}

// ref reads a dataset or job. A job without namespace and name is the event's own.
func (r *reader) ref(v value) (ref catalog.Ref, own bool, err error) {
	if !v.is('{') {
		return ref, false, bad("must be an object")
	}
	switch kind := strings.ToUpper(v.get("type").text()); kind {
	case "JOB":
		ref.Job = true
	case "DATASET":
	default:
		return ref, false, in("type", bad("must be DATASET or JOB"))
	}
	job := r.event.Job
	if ref.Job && !v.get("namespace").given() && !v.get("name").given() {
		if job != nil {
			ref.Namespace, ref.Name = job.Namespace, job.Name
		}
		return ref, true, nil
	}
	ref.Namespace, ref.Name, err = identity(v)
	own = err == nil && ref.Job && job != nil && ref.Namespace == job.Namespace && ref.Name == job.Name
	return ref, own, err
}
