package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"weir/catalog/openlineage"
)

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const (
	single  = "/api/v1/lineage"
	batch   = "/api/v1/lineage/batch"
	outputs = `"outputs":[{"namespace":"ns","name":"d","facets":{%s}}]`
)

// hostile is what must be refused, with what the answer has to name.
type hostile struct {
	name, path, body string
	header           []string
	status           int
	field            string // of errors; "" if the whole body is meant
	detail           string // part of the detail
}

func hostiles(t *testing.T) []hostile {
	t.Helper()
	good := event(`"inputs":[{"namespace":"ns","name":"in"}]`)
	gz := []string{"Content-Encoding", "gzip"}
	columns := fmt.Sprintf(outputs, `"schema":{"fields":[`+list(150_000, `{"name":"c%d"}`)+`]}`)
	spread := fmt.Sprintf(outputs, `"columnLineage":{"fields":{`+list(2_000, `"c%d":{"inputFields":[{"namespace":"ns","name":"in","field":"a"}]}`)+
		`},"dataset":[`+list(2_000, `{"namespace":"ns","name":"in","field":"f%d"}`)+`]}`)
	return []hostile{
		{"nothing", single, "", nil, 400, "", "ends too early"},
		{"truncated", single, good[:len(good)-2], nil, 400, "", "at byte"},
		{"not JSON", single, "<event/>", nil, 400, "", "at byte 0 (line 1, column 1)"},
		{"an array", single, "[" + good + "]", nil, 400, "", ""},
		{"a text for an object", single, event(`"inputs":"x"`), nil, 400, "inputs", ""},
		{"a number for a name", single, event(`"inputs":[{"namespace":"ns","name":7}]`), nil, 400, "inputs[0].name", ""},
		{"no job.name", single, strings.Replace(good, `,"name":"job"`, "", 1), nil, 400, "job.name", ""},
		{"null job.name", single, strings.Replace(good, `"name":"job"`, `"name":null`, 1), nil, 400, "job.name", ""},
		{"no time", single, strings.Replace(good, "2026-03-02T22:01:35Z", "yesterday", 1), nil, 400, "eventTime", ""},
		{"no run id", single, strings.Replace(good, `"runId":"`, `"runId":"","x":"`, 1), nil, 400, "run.runId", ""},
		{"not UTF-8", single, strings.Replace(good, `"in"`, "\"i\xff\xfen\"", 1), nil, 400, "", "at byte"},
		{"NUL in a name", single, strings.Replace(good, `"in"`, `"i\u0000n"`, 1), nil, 400, "inputs[0].name", ""},
		{"a long name", single, strings.Replace(good, `"in"`, `"`+strings.Repeat("n", openlineage.MaxName+1)+`"`, 1), nil, 413, "inputs[0].name", ""},
		{"deep", single, event(`"x":` + strings.Repeat("[", 100_000)), nil, 413, "x", ""},
		{"facets", single, event(fmt.Sprintf(outputs, list(100_000, `"f%d":{}`))), nil, 413, "outputs[0].facets", ""},
		{"columns", single, event(columns), nil, 413, "outputs[0].facets.schema.fields[10000]", ""},
		{"a million columns", single, event(fmt.Sprintf(outputs, `"schema":{"fields":[`+list(1_000_000, `{"name":"c%d"}`)+`]}`)), nil, 413, "", "larger than"},
		{"a million columns, gzip", single, zipped(t, event(fmt.Sprintf(outputs, `"schema":{"fields":[`+list(1_000_000, `{"name":"c%d"}`)+`]}`))), gz, 413, "", "larger than"},
		{"datasets", single, event(`"inputs":[` + list(2_001, `{"namespace":"ns","name":"d%d"}`) + `]`), nil, 413, "inputs", "2000"},
		{"column lineage that multiplies", single, event(spread), nil, 413, "columnLineage", "pairs of columns"},
		{"over 5 MB", single, event(`"x":"` + strings.Repeat("x", openlineage.MaxEvent) + `"`), nil, 413, "", "larger than 5242880 bytes"},
		{"gzip bomb", single, zipped(t, strings.Repeat("[", 100<<20)), gz, 413, "", "larger than 5242880 bytes"},
		{"gzip bomb in a batch", batch, zipped(t, strings.Repeat(" ", 100<<20)), gz, 413, "", "larger than"},
		{"gzip cut", single, zipped(t, good)[:40], gz, 400, "", "ended early"},
		{"gzip broken", single, strings.Replace(zipped(t, good), "\x00\x00", "\x00\x01", 1)[:60], gz, 400, "", ""},
		{"no gzip", single, good, gz, 400, "", "not gzip"},
		{"wrong encoding", single, good, []string{"Content-Encoding", "br"}, 400, "Content-Encoding", ""},
		{"wrong type", single, good, []string{"Content-Type", "application/x-www-form-urlencoded"}, 400, "Content-Type", ""},
		{"a batch that is none", batch, good, nil, 400, "events", ""},
		{"a batch cut", batch, "[" + good + "," + good[:20], nil, 400, "", "at byte"},
		{"a batch of too many", batch, "[" + list(5_001, `{"a":%d}`) + "]", nil, 413, "events", ""},
		{"a batch deep", batch, strings.Repeat("[", 1<<20), nil, 400, "", "at byte"},
	}
}

// Whatever is refused is refused clearly, and changes nothing: not one node, edge, version or entry.
func TestIntake_RefusesWhatIsWrong(t *testing.T) {
	s := start(t, temporary(t), nil)
	if a := s.send("POST", single, event(`"inputs":[{"namespace":"ns","name":"there"}]`)); a.status != http.StatusCreated {
		t.Fatal(a)
	}
	eventually(t, 10*time.Second, "followers come to rest", func() bool {
		before := dump(t, s.Store)
		time.Sleep(2 * followEvery)
		return dump(t, s.Store) == before
	})
	before := dump(t, s.Store)
	for _, h := range hostiles(t) {
		t.Run(h.name, func(t *testing.T) {
			checkProblem(t, h, s.send("POST", h.path, h.body, h.header...))
		})
	}
	if after := dump(t, s.Store); after != before {
		t.Errorf("what was refused has changed the store:\n%s", differences(strings.Split(before, "\n"), strings.Split(after, "\n")))
	}
	if a := s.send("GET", "/readyz", ""); a.status != http.StatusOK {
		t.Errorf("the server is not ready any more: %+v", a)
	}
}

func checkProblem(t *testing.T, h hostile, a answer) {
	t.Helper()
	var p struct {
		Type, Title, Detail, Instance string
		Status                        int
		Errors                        []struct{ Field, Message string }
	}
	if err := json.Unmarshal([]byte(a.body), &p); err != nil {
		t.Fatalf("%d, no JSON: %v: %.200s", a.status, err, a.body)
	}
	if ct := a.header.Get("Content-Type"); a.status != h.status || p.Status != h.status || ct != "application/problem+json" {
		t.Errorf("status %d (%d in the body), %s; want %d: %.300s", a.status, p.Status, ct, h.status, a.body)
	}
	if p.Type == "" || p.Title == "" || p.Instance == "" || !strings.Contains(p.Detail, h.detail) {
		t.Errorf("the problem is not clear: %.300s", a.body)
	}
	if h.field != "" && (len(p.Errors) == 0 || p.Errors[0].Field != h.field) {
		t.Errorf("want field %s: %.300s", h.field, a.body)
	}
	if len(a.body) > 5_000 {
		t.Errorf("the answer has %d bytes", len(a.body))
	}
}

// In a batch each event is answered for itself: the good ones are there, the wrong ones are named.
func TestIntake_ABatchIsTakenAsFarAsItIsRight(t *testing.T) {
	s := start(t, temporary(t), nil)
	good := event(`"inputs":[{"namespace":"ns","name":"in"}]`)
	a := s.send("POST", batch, `{"events":[`+good+`,{"job":1},7,`+strings.Replace(good, `"in"`, `""`, 1)+`]}`)
	var got struct {
		Status  string
		Summary struct{ Received, Successful, Failed, Retriable int }
		Failed  []struct {
			Index     int
			Reason    string
			Retriable bool
		} `json:"failed_events"`
	}
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.status != http.StatusOK {
		t.Fatal(a, err)
	}
	if got.Status != "partial_success" || got.Summary.Received != 4 || got.Summary.Successful != 1 || got.Summary.Failed != 3 || got.Summary.Retriable != 0 {
		t.Errorf("got %+v", got)
	}
	for i, f := range got.Failed {
		if f.Index != i+1 || f.Reason == "" || f.Retriable {
			t.Errorf("failure %d: %+v", i, f)
		}
	}
	counts, err := s.Catalog.Counts(s.asOperator(t.Context()))
	if err != nil || counts.Datasets != 1 {
		t.Errorf("%+v, %v", counts, err)
	}
}

// What is large but within the limits is taken.
func TestIntake_TakesWhatIsLarge(t *testing.T) {
	s := start(t, temporary(t), nil)
	fill := event(`"run":{"runId":"0190a3c4-0000-7000-8000-000000000000","facets":{"x":{"a":""}}}`)
	tests := map[string]string{
		"just under 5 MB": strings.Replace(fill, `"a":""`, `"a":"`+strings.Repeat("x", openlineage.MaxEvent-len(fill))+`"`, 1),
		"columns":         event(fmt.Sprintf(outputs, `"schema":{"fields":[`+list(10_000, `{"name":"c%d"}`)+`]}`)),
		"facets":          event(fmt.Sprintf(outputs, list(500, `"f%d":{}`))),
		"many values":     event(`"run":{"runId":"0190a3c4-0000-7000-8000-000000000000","facets":{"x":{"a":[` + list(900_000, `%[1]d`)[:4_000_000] + `0]}}}`),
	}
	for name, body := range tests {
		untilTaken(t, s, name, body)
		untilTaken(t, s, name+", gzip", zipped(t, body), "Content-Encoding", "gzip")
	}
}

// untilTaken sends an event as clients do: again, if there was no time for it. On a slow machine the largest take longer
// than a client waits; they come through all the same.
func untilTaken(t *testing.T, s *running, name, body string, header ...string) {
	t.Helper()
	eventually(t, 2*time.Minute, name+" is taken", func() bool {
		a := s.send("POST", single, body, header...)
		if a.status != http.StatusCreated && a.status != http.StatusServiceUnavailable {
			t.Fatalf("%s: %+v", name, a)
		}
		return a.status == http.StatusCreated
	})
}

// A client that sends its body too slowly is told so, and keeps nobody else waiting.
func TestIntake_SlowSenders(t *testing.T) {
	s := start(t, temporary(t), func(h *http.Server) { h.ReadTimeout = 2 * time.Second })
	var slow []net.Conn
	for range 20 {
		c, err := net.Dial("tcp", s.listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		head := "POST /api/v1/lineage/batch HTTP/1.1\r\nHost: x\r\nAuthorization: " + s.bearer + "\r\nContent-Type: application/json\r\nContent-Length: 10000000\r\n\r\n["
		if _, err := c.Write([]byte(head)); err != nil {
			t.Fatal(err)
		}
		slow = append(slow, c)
	}
	if a := s.send("POST", single, event()); a.status != http.StatusCreated {
		t.Errorf("beside slow senders: %+v", a)
	}
	for _, c := range slow {
		if err := c.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 4096)
		n, err := c.Read(b)
		if err != nil || !strings.HasPrefix(string(b[:n]), "HTTP/1.1 400 ") || !strings.Contains(string(b[:n]), "too slowly") {
			t.Errorf("got %q, %v", b[:n], err)
		}
	}
}
