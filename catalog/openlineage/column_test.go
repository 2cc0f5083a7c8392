package openlineage

import (
	"reflect"
	"strings"
	"testing"

	"weir/catalog"
)

func derivations(t *testing.T, facet string) []catalog.Derivation {
	t.Helper()
	return of(t, parsed(t, output(`"columnLineage":`+facet)), "out").Derivations
}

// from is an input field with transformations.
func from(transformations string) string {
	return `{"namespace":"ns","name":"in","field":"f","transformations":[` + transformations + `]}`
}

func TestOfSeveralTransformationsTheStrongestIsKept(t *testing.T) {
	const (
		clear    = `{"type":"DIRECT","subtype":"IDENTITY","masking":false}`
		masked   = `{"type":"DIRECT","subtype":"TRANSFORMATION","description":"sha256","masking":true}`
		indirect = `{"type":"INDIRECT","subtype":"JOIN"}`
	)
	tests := []struct {
		transformations  string
		indirect, masked bool
		subtype          string
	}{
		{clear, false, false, "IDENTITY"},
		{masked, false, true, "TRANSFORMATION"},
		{indirect, true, false, "JOIN"},
		{indirect + "," + masked, false, true, "TRANSFORMATION"},
		{masked + "," + clear, false, false, "IDENTITY"},
		{clear + "," + masked + "," + indirect, false, false, "IDENTITY"},
		{`{"type":"indirect","subtype":"filter","masking":null}`, true, false, "FILTER"},
		{``, false, false, ""},
	}
	for _, tt := range tests {
		got := derivations(t, `{"fields":{"c":{"inputFields":[`+from(tt.transformations)+`]}}}`)
		if len(got) != 1 || got[0].Column != "c" || got[0].Namespace != "ns" || got[0].Name != "in" || got[0].From != "f" {
			t.Fatalf("%s: %+v", tt.transformations, got)
		}
		if d := got[0]; d.Indirect != tt.indirect || d.Masked != tt.masked || d.Subtype != tt.subtype {
			t.Errorf("%s: %+v", tt.transformations, d)
		}
	}
	// The same pair in two input fields is one derivation as well.
	got := derivations(t, `{"fields":{"c":{"inputFields":[`+from(masked)+`,`+from(clear)+`]}}}`)
	if len(got) != 1 || got[0].Masked {
		t.Errorf("two input fields: %+v", got)
	}
}

func TestTransformationsOfTheFirstVersions(t *testing.T) {
	got := derivations(t, `{"fields":{"c":{"inputFields":[{"namespace":"ns","name":"in","field":"f"}],"transformationType":"MASKED","transformationDescription":"md5(f)"}}}`)
	want := []catalog.Derivation{{Column: "c", Namespace: "ns", Name: "in", From: "f", Masked: true, Subtype: "MASKED", Description: "md5(f)"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	got = derivations(t, `{"fields":{"c":{"inputFields":[`+from(`{"type":"DIRECT","subtype":"IDENTITY"}`)+`],"transformationType":"MASKED"}}}`)
	if got[0].Masked || got[0].Subtype != "IDENTITY" {
		t.Errorf("the old type wins over the new: %+v", got)
	}
}

func TestEffectsOnAllColumns(t *testing.T) {
	got := derivations(t, `{"fields":{},"dataset":[`+from(`{"type":"INDIRECT","subtype":"SORT"}`)+`,{"namespace":"ns","name":"in","field":"g"}]}`)
	if len(got) != 2 || got[0].Column != "" || !got[0].Indirect || got[0].Subtype != "SORT" || !got[1].Indirect {
		t.Errorf("got %+v", got)
	}
}

func TestOriginsAndSymlinksAreMentioned(t *testing.T) {
	ev := parsed(t, event(`"inputs":[{"namespace":"ns","name":"in","facets":{"symlinks":{"identifiers":[{"namespace":"hive","name":"t","type":"TABLE"},{"namespace":"ns","name":"in","type":"TABLE"},{"namespace":"hive","name":"t","type":"TABLE"}]}}}]`,
		`"outputs":[{"namespace":"ns","name":"out","facets":{"columnLineage":{"fields":{"c":{"inputFields":[`+from("")+`,{"namespace":"ns","name":"seed","field":"f"},{"namespace":"ns","name":"seed","field":"g"}]}}}}}]`))
	if len(ev.Datasets) != 4 {
		t.Fatalf("got %+v", ev.Datasets)
	}
	if of(t, ev, "seed").Role != catalog.Mentioned || of(t, ev, "t").Role != catalog.Mentioned || of(t, ev, "in").Role != catalog.Input {
		t.Errorf("got %+v", ev.Datasets)
	}
	if got := of(t, ev, "in").Symlinks; !reflect.DeepEqual(got, []catalog.Symlink{{Namespace: "hive", Name: "t", Type: "TABLE"}}) {
		t.Errorf("symlinks %+v", got)
	}
}

func TestARenamedDatasetIsTheSame(t *testing.T) {
	d := of(t, parsed(t, output(`"lifecycleStateChange":{"lifecycleStateChange":"RENAME","previousIdentifier":{"namespace":"ns","name":"old"}}`)), "out")
	want := []catalog.Symlink{{Namespace: "ns", Name: "old", Type: "RENAMED"}}
	if !reflect.DeepEqual(d.Symlinks, want) || d.Values[catalog.FieldLifecycle][0] != "RENAME" {
		t.Errorf("got %+v", d)
	}
	d = of(t, parsed(t, output(`"lifecycleStateChange":{"lifecycleStateChange":"DROP"}`)), "out")
	if len(d.Symlinks) > 0 || d.Values[catalog.FieldLifecycle][0] != "DROP" || len(d.Facets) > 0 {
		t.Errorf("got %+v", d)
	}
}

func TestWrongColumnLineageIsNamed(t *testing.T) {
	for facet, field := range map[string]string{
		`{"fields":{"c":7}}`:                                                   "fields.c",
		`{"fields":{"c":{"inputFields":{}}}}`:                                  "fields.c.inputFields",
		`{"fields":{"c":{"inputFields":[{"namespace":"n","field":"f"}]}}}`:     "fields.c.inputFields[0].name",
		`{"fields":{"c":{"inputFields":[{"namespace":"n","name":"d"}]}}}`:      "fields.c.inputFields[0].field",
		`{"dataset":[` + from(`7`) + `]}`:                                      "dataset[0].transformations[0]",
		`{"fields":{"c":{"inputFields":[` + from(`{"masking":"yes"}`) + `]}}}`: "fields.c.inputFields[0].transformations[0]",
		`{"fields":{"":{"inputFields":[]}}}`:                                   "fields",
	} {
		e := refused(t, output(`"columnLineage":`+facet))
		if got := e.Fields[0].Name; strings.TrimSuffix(got, ".") != "outputs[0].facets.columnLineage."+field {
			t.Errorf("%s: %s", facet, got)
		}
	}
}

func TestNestedColumns(t *testing.T) {
	d := of(t, parsed(t, output(`"schema":{"fields":[{"name":"id","type":"int"},{"name":"a","type":"struct","fields":[{"name":"b","type":{"type":"map"},"fields":[{"name":"c"}]}]},{"name":"id","type":"text"}]}`)), "out")
	want := []catalog.ColumnFact{{Path: "id", Type: "int"}, {Path: "a", Type: "struct"}, {Path: "a.b", Type: `{"type":"map"}`}, {Path: "a.b.c"}}
	if !reflect.DeepEqual(d.Columns, want) {
		t.Errorf("got %+v", d.Columns)
	}
}
