package openlineage

import (
	"reflect"
	"testing"

	"weir/catalog"
)

// links are the links of a job with these lineage entries; its name is ns, j.
func links(t *testing.T, entries string) []catalog.LinkFact {
	t.Helper()
	return parsed(t, event(`"job":{"namespace":"ns","name":"j","facets":{"lineage":{"entries":[`+entries+`]}}}`)).Links
}

func TestLinks(t *testing.T) {
	own := catalog.Ref{Job: true, Namespace: "ns", Name: "j"}
	other := catalog.Ref{Job: true, Namespace: "ns", Name: "k"}
	target := catalog.Ref{Namespace: "n", Name: "t"}
	source := catalog.Ref{Namespace: "n", Name: "s"}
	const (
		toTable   = `{"type":"DATASET","namespace":"n","name":"t",`
		fromTable = `{"type":"DATASET","namespace":"n","name":"s"}`
		column    = `{"type":"DATASET","namespace":"n","name":"s","field":"f","transformations":[{"type":"DIRECT","masking":true}]}`
	)
	tests := map[string][]catalog.LinkFact{
		toTable + `"inputs":[]}`:                                                          {{Target: target, Via: &own}},
		toTable + `"inputs":null}`:                                                        nil,
		toTable + `"inputs":[` + fromTable + `,` + fromTable + `]}`:                       {{Target: target, Via: &own, Inputs: []catalog.Ref{source}}},
		toTable + `"inputs":[{"type":"JOB","namespace":"ns","name":"k"}]}`:                {{Target: target, Inputs: []catalog.Ref{other}}},
		toTable + `"inputs":[{"type":"JOB","namespace":"ns","name":"j"}]}`:                {{Target: target, Via: &own, Inputs: []catalog.Ref{own}}},
		toTable + `"inputs":[{"type":"JOB"},{"type":"JOB","namespace":"ns","name":"k"}]}`: {{Target: target, Via: &own, Inputs: []catalog.Ref{own, other}}},
		toTable + `"inputs":[{"type":"DATASET","namespace":"n","name":"t"}]}`:             {{Target: target, Via: &own}},
		toTable + `"fields":{"c":{"inputs":[` + column + `]}}}`: {{Target: target, Via: &own, Inputs: []catalog.Ref{source},
			Derivations: []catalog.Derivation{{Column: "c", Namespace: "n", Name: "s", From: "f", Masked: true}}}},
		toTable + `"inputs":[{"type":"DATASET","namespace":"n","name":"s","field":"f"}]}`: {{Target: target, Via: &own, Inputs: []catalog.Ref{source},
			Derivations: []catalog.Derivation{{Namespace: "n", Name: "s", From: "f", Indirect: true}}}},
		`{"type":"job","inputs":[` + column + `]}`:                             {{Target: own, Inputs: []catalog.Ref{source}}},
		`{"type":"JOB","inputs":[{"type":"JOB"}]}`:                             {{Target: own}},
		`{"type":"JOB","namespace":"ns","name":"k","inputs":[{"type":"JOB"}]}`: {{Target: other, Inputs: []catalog.Ref{own}}},
	}
	for entries, want := range tests {
		if got := links(t, entries); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", entries, got, want)
		}
	}
}

func TestLinksOfARun(t *testing.T) {
	ev := parsed(t, event(`"run":{"runId":"r","facets":{"lineage":{"entries":[{"type":"JOB","inputs":[]}]}}}`))
	if len(ev.Links) != 1 || ev.Links[0].Target.Name != "job" || len(ev.Run.Facets) != 0 {
		t.Errorf("got %+v", ev.Links)
	}
}

func TestLinksOfADatasetEventHaveNoJob(t *testing.T) {
	raw := func(input string) string {
		return `{"eventTime":"2026-03-02T22:01:35Z","producer":"p","dataset":{"namespace":"n","name":"t","facets":{"lineage":{"inputs":[` + input + `]}}}}`
	}
	ev := parsed(t, raw(`{"type":"DATASET","namespace":"n","name":"s"}`))
	if len(ev.Links) != 1 || ev.Links[0].Via != nil || ev.Links[0].Target.Name != "t" {
		t.Errorf("got %+v", ev.Links)
	}
	if e := refused(t, raw(`{"type":"JOB"}`)); e.Fields[0].Name != "dataset.facets.lineage.inputs[0].name" {
		t.Errorf("got %v", e)
	}
}

func TestWrongLinksAreNamed(t *testing.T) {
	for entries, field := range map[string]string{
		`7`:                                          "entries[0]",
		`{"namespace":"n","name":"t"}`:               "entries[0].type",
		`{"type":"DATASET","name":"t"}`:              "entries[0].namespace",
		`{"type":"JOB","namespace":"n"}`:             "entries[0].name",
		`{"type":"JOB","inputs":{}}`:                 "entries[0].inputs",
		`{"type":"JOB","inputs":[{}]}`:               "entries[0].inputs[0].type",
		`{"type":"JOB","fields":[]}`:                 "entries[0].fields",
		`{"type":"JOB","fields":{"c":{"inputs":7}}}`: "entries[0].fields.c.inputs",
		`{"type":"JOB","inputs":[{"type":"DATASET","namespace":"n","name":"s","field":7}]}`: "entries[0].inputs[0].field",
	} {
		e := refused(t, event(`"job":{"namespace":"ns","name":"j","facets":{"lineage":{"entries":[`+entries+`]}}}`))
		if got := e.Fields[0].Name; got != "job.facets.lineage."+field {
			t.Errorf("%s: %s", entries, got)
		}
	}
}
