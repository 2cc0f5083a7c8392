package openlineage

import (
	"bytes"
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"weir/catalog"
	"weir/errs"
)

const (
	testRun  = "4d3b8069-69b6-4708-ade0-3275112c9f04"
	producer = "https://example.com/tree/1.2.3/client"
)

// event makes a run event; parts are put into it, such as `"inputs":[]`.
func event(parts ...string) string {
	core := []string{
		`"eventTime":"2026-03-02T22:01:35Z"`, `"producer":"` + producer + `"`, `"eventType":"COMPLETE"`,
		`"run":{"runId":"` + testRun + `"}`, `"job":{"namespace":"ns","name":"job"}`,
	}
	return "{" + strings.Join(append(core, parts...), ",") + "}"
}

// parsed is the event of a text that has to be right.
func parsed(t *testing.T, raw string) catalog.Event {
	t.Helper()
	ev, err := Parse([]byte(raw))
	if err != nil {
		t.Fatalf("%.300s: %v", raw, err)
	}
	return ev
}

// refused is the error of a text that has to be wrong.
func refused(t *testing.T, raw string) *errs.Error {
	t.Helper()
	_, err := Parse([]byte(raw))
	e, ok := errs.As(err)
	if !ok {
		t.Fatalf("%.300s: accepted, or a foreign error: %v", raw, err)
	}
	return e
}

// of is the fact of the dataset of that name.
func of(t *testing.T, ev catalog.Event, name string) catalog.DatasetFact {
	t.Helper()
	for _, d := range ev.Datasets {
		if d.Name == name {
			return d
		}
	}
	t.Fatalf("no dataset %q in %+v", name, ev.Datasets)
	return catalog.DatasetFact{}
}

func TestKindsAreToldByShape(t *testing.T) {
	run := parsed(t, event(`"inputs":[{"namespace":"ns","name":"in"}]`, `"outputs":[{"namespace":"ns","name":"out"}]`))
	if run.How != catalog.Observed || run.Run.UUID != testRun || run.Run.Type != catalog.EventComplete {
		t.Errorf("run event: %+v", run)
	}
	if run.Job.Namespace != "ns" || run.Job.Name != "job" || run.Producer != producer || run.Source != SourceURI(producer) {
		t.Errorf("job and producer: %+v", run)
	}
	if of(t, run, "in").Role != catalog.Input || of(t, run, "out").Role != catalog.Output {
		t.Errorf("roles: %+v", run.Datasets)
	}
	head := `{"eventTime":"2026-03-02T22:01:35Z","producer":"p",`
	job := parsed(t, head+`"job":{"namespace":"ns","name":"job"},"inputs":[{"namespace":"ns","name":"in"}]}`)
	if job.How != catalog.Declared || job.Run != nil || job.Job.Name != "job" || len(job.Datasets) != 1 {
		t.Errorf("job event: %+v", job)
	}
	dataset := parsed(t, head+`"dataset":{"namespace":"ns","name":"d"}}`)
	if dataset.How != catalog.Declared || dataset.Job != nil || of(t, dataset, "d").Role != catalog.Subject {
		t.Errorf("dataset event: %+v", dataset)
	}
}

func TestLenientParts(t *testing.T) {
	for _, part := range []string{
		`"inputs":null`, `"outputs":[]`, `"schemaURL":null`, `"other":{"a":[1,2,{"b":null}]}`, `"eventType":null`,
		`"eventType":"complete"`, `"run":{"runId":"4D3B8069-69B6-4708-ADE0-3275112C9F04","facets":null}`,
		`"run":{"runId":"` + testRun + `","facets":{"x":null,"y":7,"parent":{"run":{}},"nominalTime":"soon"}}`,
	} {
		ev := parsed(t, event(part))
		if ev.Run.UUID != testRun {
			t.Errorf("%s: run %q", part, ev.Run.UUID)
		}
	}
	if ev := parsed(t, event(`"eventType":null`)); ev.Run.Type != catalog.EventOther {
		t.Errorf("no type is %q", ev.Run.Type)
	}
	if ev := parsed(t, "\ufeff "+event()+"\r\n"); ev.Job.Name != "job" {
		t.Error("a byte order mark is refused")
	}
}

func TestRunIDs(t *testing.T) {
	for sent, want := range map[string]string{
		"4D3B8069-69B6-4708-ADE0-3275112C9F04": testRun,
		"Nightly Run 7":                        "Nightly Run 7",
		"4D3B806969B64708ADE03275112C9F04":     "4D3B806969B64708ADE03275112C9F04",
	} {
		if got := parsed(t, event(`"run":{"runId":"`+sent+`"}`)).Run.UUID; got != want {
			t.Errorf("%s is %s", sent, got)
		}
	}
}

func TestWrongPartsAreNamed(t *testing.T) {
	const noJob = `{"eventTime":"2026-03-02T22:01:35Z","producer":"p",`
	tests := []struct{ raw, field, message string }{
		{event(`"eventTime":null`), "eventTime", "is missing"},
		{event(`"eventTime":1700000000000`), "eventTime", "must be a string"},
		{event(`"eventTime":"yesterday"`), "eventTime", "must be a time"},
		{event(`"eventType":"FINISHED"`), "eventType", "must be START"},
		{event(`"producer":""`), "producer", "is missing"},
		{event(`"run":{}`), "run.runId", "is missing"},
		{event(`"run":{"runId":7}`), "run.runId", "must be a string"},
		{event(`"run":[]`), "run", "must be an object"},
		{event(`"run":null`), "run", "is missing"},
		{event(`"job":null`), "job", "is missing"},
		{event(`"job":{"namespace":"ns"}`), "job.name", "is missing"},
		{event(`"job":{"namespace":3,"name":"n"}`), "job.namespace", "must be a string"},
		{event(`"job":{"namespace":"ns","name":"a\u0000b"}`), "job.name", "NUL"},
		{event(`"inputs":{}`), "inputs", "must be an array"},
		{event(`"inputs":[{"namespace":"a","name":"b"},{"name":"c"}]`), "inputs[1].namespace", "is missing"},
		{event(`"outputs":["x"]`), "outputs[0]", "must be an object"},
		{event(`"outputs":[{"namespace":"a","name":"b","facets":[]}]`), "outputs[0].facets", "must be an object"},
		{event(`"outputs":[{"namespace":"a","name":"b","facets":{"schema":{"fields":7}}}]`), "outputs[0].facets.schema.fields", "must be an array"},
		{event(`"outputs":[{"namespace":"a","name":"b","facets":{"schema":{"fields":[{"type":"INT"}]}}}]`), "outputs[0].facets.schema.fields[0].name", "is missing"},
		{noJob + `"schemaURL":"x#/$defs/RunEvent"}`, "job", "is missing"},
		{noJob + `"x":1}`, "run", "is missing"},
		{noJob + `"dataset":{"namespace":"a"}}`, "dataset.name", "is missing"},
	}
	for _, tt := range tests {
		e := refused(t, tt.raw)
		if e.Kind != errs.Invalid || len(e.Fields) == 0 || e.Fields[0].Name != tt.field || !strings.Contains(e.Fields[0].Message, tt.message) {
			t.Errorf("%s: %+v, want %s: %s", tt.raw, e.Fields, tt.field, tt.message)
		}
	}
}

func TestAllWrongPartsAreNamedAtOnce(t *testing.T) {
	e := refused(t, event(`"eventTime":7`, `"run":{"runId":""}`, `"eventType":"x"`, `"job":{}`, `"inputs":[1]`))
	var names []string
	for _, f := range e.Fields {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "eventTime job.namespace eventType run.runId inputs[0]" {
		t.Errorf("got %s", got)
	}
}

func TestNotJSONIsPlaced(t *testing.T) {
	tests := []struct{ raw, where string }{
		{"{\n \"a\": x}", "at byte 8 (line 2, column 7)"},
		{"{\"a\":\"\xff\"}", "Not UTF-8 at byte 6 (line 1, column 7)"},
		{"{\"ä\":tru}", "at byte 6 (line 1, column 6)"},
		{"", "at byte 0 (line 1, column 1)"},
		{"{} {}", "at byte 3 (line 1, column 4)"},
		{"{\"a\":1,}", "at byte 7 (line 1, column 8)"},
		{"{\"a\":01}", "at byte 6 (line 1, column 7)"},
		{"{\"a\":\"x\ny\"}", "at byte 7 (line 1, column 8)"},
		{`{"a":"\ud80"}`, "at byte 6 (line 1, column 7)"},
		{`{"a":"b`, "at byte 7 (line 1, column 8)"},
		{`[1,`, "at byte 3 (line 1, column 4)"},
	}
	for _, tt := range tests {
		e := refused(t, tt.raw)
		if e.Kind != errs.Invalid || !strings.HasSuffix(e.Message, tt.where) {
			t.Errorf("%q: %s, want %s", tt.raw, e.Message, tt.where)
		}
	}
	for _, raw := range []string{"[]", "7", `"x"`, "null"} {
		if e := refused(t, raw); e.Kind != errs.Invalid {
			t.Errorf("%s: %v", raw, e)
		}
	}
}

func TestDuplicateMembersTheLastWins(t *testing.T) {
	ev := parsed(t, event(`"job":{"namespace":"ns","name":"first","name":"last"}`,
		`"inputs":[{"namespace":"ns","name":"a"}]`, `"inputs":[{"namespace":"ns","name":"b"}]`))
	if ev.Job.Name != "last" || len(ev.Datasets) != 1 || ev.Datasets[0].Name != "b" {
		t.Errorf("got %+v %+v", ev.Job, ev.Datasets)
	}
}

func TestStringsAreDecoded(t *testing.T) {
	ev := parsed(t, event(`"job":{"n\u0061mespace":"\"\\\/\b\f\n\r\t","name":"\u00e9\ud83d\ude00\ud800x\udc00"}`))
	if ev.Job.Namespace != "\"\\/\b\f\n\r\t" || ev.Job.Name != "é😀\ufffdx\ufffd" {
		t.Errorf("got %q %q", ev.Job.Namespace, ev.Job.Name)
	}
}

func TestRawIsCompactAndHashed(t *testing.T) {
	loose := strings.ReplaceAll(event(`"x":[ 1.50 , "a b" ]`), ",", " ,\n\t")
	a, b := parsed(t, loose), parsed(t, event(`"x":[1.50,"a b"]`))
	if !bytes.Equal(a.Raw, []byte(event(`"x":[1.50,"a b"]`))) {
		t.Errorf("raw is %s", a.Raw)
	}
	if a.Hash != b.Hash || a.Hash != sha256.Sum256(a.Raw) {
		t.Error("white space changes the hash")
	}
}

func TestTimes(t *testing.T) {
	at := time.Date(2026, 3, 2, 22, 1, 35, 123456000, time.UTC)
	tests := map[string]time.Time{
		"2026-03-02T22:01:35.123456Z":                     at,
		"2026-03-02T22:01:35.123456":                      at,
		"2026-03-02 22:01:35.123456":                      at,
		"2026-03-02t22:01:35.123456z":                     at,
		"2026-03-02T22:01:35.123456999Z":                  at,
		"2026-03-02T23:01:35.123456+01:00":                at,
		"2026-03-02T23:01:35.123456+0100":                 at,
		"2026-03-02T23:01:35.123456+01":                   at,
		"2026-03-02T23:01:35.123456+01:00[Europe/Berlin]": at,
		"2026-03-02T22:01Z":                               at.Truncate(time.Minute),
		"2026-03-02T22:01":                                at.Truncate(time.Minute),
		"2016-12-31T23:59:60Z":                            time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC),
		"0001-01-01T00:00:01Z":                            time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC),
		"9999-12-31T23:59:59Z":                            time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	}
	for s, want := range tests {
		if got := parsed(t, event(`"eventTime":"`+s+`"`)).At; !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%s is %s, want %s", s, got, want)
		}
	}
	for _, s := range []string{
		"", "2026-03-02", "2026-13-02T00:00:00Z", "2026-02-30T00:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z",
		"0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "10000-01-01T00:00:00Z", "+2026-03-02T00:00:00Z",
		"2026-03-02T24:00:00Z", "2026-03-02T22:01:35Zjunk", "02.03.2026 22:01",
	} {
		e := refused(t, event(`"eventTime":"`+s+`"`))
		if e.Fields[0].Name != "eventTime" {
			t.Errorf("%q: %v", s, e)
		}
	}
}
