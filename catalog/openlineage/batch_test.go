package openlineage

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"weir/errs"
)

// outcome is what became of items: a job's name, or the kind of what is wrong.
func outcome(items []Item) string {
	var got []string
	for _, it := range items {
		switch {
		case it.Err != nil:
			got = append(got, errs.KindOf(it.Err).String())
		default:
			got = append(got, it.Event.Job.Name)
		}
	}
	return strings.Join(got, " ")
}

// job is an event of a job of that name, over several lines if wanted.
func job(name string) string {
	return `{"eventTime":"2026-03-02T22:01:35Z","producer":"p","job":{"namespace":"ns","name":"` + name + `"}}`
}

// parseBatch reads a whole batch at once.
func parseBatch(raw []byte) ([]Item, error) {
	parts, err := Split(raw)
	var items []Item
	for i, p := range parts {
		it := Item{Index: i, Line: p.Line(), Raw: p.Raw}
		it.Event, it.Err = p.Parse()
		items = append(items, it)
	}
	return items, err
}

func TestBatches(t *testing.T) {
	tests := []struct{ raw, want string }{
		{`[]`, ""},
		{" \n[ " + job("a") + " , " + job("b") + " ] ", "a b"},
		{`{"events":[` + job("a") + `]}`, "a"},
		{`{"x":[{"events":[1]}],"y":"}{","z":-1.5e3,"events":[` + job("a") + `,` + job("b") + `],"w":1}`, "a b"},
		{`[` + job("a") + `,{"job":1},` + job("c") + `]`, "a invalid c"},
		{`[` + job("a") + `,{"a":},` + job("c") + `,7,"x",null,[],[[` + `]]]`, "a invalid c invalid invalid invalid invalid invalid"},
		{`[{"a":"` + "\xff" + `"},` + job(`b]}\"`) + `]`, `invalid b]}"`},
		{`[{"a":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `},` + job("b") + `]`, "too_large b"},
		{`[{"a":"` + strings.Repeat("x", MaxEvent) + `"},` + job("b") + `]`, "too_large b"},
		{"\ufeff[" + job("a") + "]", "a"},
	}
	for _, tt := range tests {
		items, err := parseBatch([]byte(tt.raw))
		if got := outcome(items); err != nil || got != tt.want {
			t.Errorf("%.100s: %q, %v, want %q", tt.raw, got, err, tt.want)
		}
		for i, it := range items {
			if !strings.Contains(tt.raw, string(it.Raw)) {
				t.Errorf("%.100s: item %d: %.50s", tt.raw, i, it.Raw)
			}
		}
	}
}

func TestBatchesWithoutEvents(t *testing.T) {
	for _, raw := range []string{
		``, `7`, `"x"`, `{}`, `{"events":{}}`, `{"events":null}`, `{"event":[]}`, `[`, `[` + job("a"), `[` + job("a") + `,`,
		`[` + job("a") + job("b") + `]`, `[{"a":]`, `[{"a":"]`, `{"x`, `{"x"`, `{"x":`, `{"x":"`, `{"x":[`, `[,]`, `{"x":}`,
		`[]]`, `[] x`, `{"events":[]`, `{"events":[]} x`, `{"events":[],}`, `{"events":[],"a"}`, `{"events":[],"a":}`, `{"events":[]]`,
	} {
		items, err := parseBatch([]byte(raw))
		if items != nil || !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v, %v", raw, items, err)
		}
	}
}

func TestBatchLimit(t *testing.T) {
	if items, err := parseBatch([]byte("[" + list(MaxBatch, `{}`) + "]")); err != nil || len(items) != MaxBatch {
		t.Errorf("%d items, %v", len(items), err)
	}
	_, err := parseBatch([]byte("[" + list(MaxBatch+1, `{}`) + "]"))
	if e, ok := errs.As(err); !ok || e.Kind != errs.TooLarge || e.Fields[0].Name != "events" || !strings.Contains(e.Message, "5000") {
		t.Errorf("got %v", err)
	}
}

func TestPlacesInABatchAreThoseOfTheBatch(t *testing.T) {
	items, err := parseBatch([]byte("[\n" + job("a") + ",\n  {\"a\": x}\n]"))
	if err != nil || len(items) != 2 {
		t.Fatal(items, err)
	}
	at := 2 + len(job("a")) + 2 + 2 + 6
	if want := fmt.Sprintf("at byte %d (line 3, column 9)", at); items[1].Line != 3 || !strings.HasSuffix(errs.Shown(items[1].Err), want) {
		t.Errorf("line %d: %v, want %s", items[1].Line, items[1].Err, want)
	}
}

// readAll reads a file in pieces of different sizes and asks that the outcome is the same.
func readAll(t *testing.T, raw string) []Item {
	t.Helper()
	var first []Item
	for i, r := range []io.Reader{strings.NewReader(raw), iotest.OneByteReader(strings.NewReader(raw)), iotest.HalfReader(strings.NewReader(raw))} {
		var items []Item
		for it, err := range Read(r) {
			if err != nil {
				t.Fatal(err)
			}
			items = append(items, it)
		}
		if i == 0 {
			first = items
		}
		if outcome(items) != outcome(first) {
			t.Errorf("%.100s: %s in pieces, %s at once", raw, outcome(items), outcome(first))
		}
	}
	return first
}

func TestFiles(t *testing.T) {
	pretty := strings.NewReplacer(",", ",\n  ", "{", "{\n  ").Replace(job("p"))
	big := `{"a":"` + strings.Repeat("x", MaxEvent) + `"}`
	tests := []struct {
		name, raw, want string
		lines           string
	}{
		{"nothing", "", "", ""},
		{"white space", " \n\n", "", ""},
		{"one", job("a"), "a", "1"},
		{"lines", job("a") + "\n" + job("b") + "\r\n\n" + job("c") + "\n", "a b c", "1 2 4"},
		{"array", "[" + job("a") + ",\n" + job("b") + "]", "a b", "1 2"},
		{"arrays", "[" + job("a") + "]\n[]\n[" + job("b") + "]", "a b", "1 3"},
		{"concatenated", job("a") + job("b") + " " + pretty + pretty, "a b p p", "1 1 1 6"},
		{"byte order mark", "\ufeff" + job("a"), "a", "1"},
		{"garbage line", job("a") + "\nhello {\n" + job("b"), "a invalid b", "1 2 3"},
		{"wrong event", job("a") + "\n{\"a\":}\n" + job("b"), "a invalid b", "1 2 3"},
		{"line cut in a string", job("a") + "\n{\"a\":\"b\n" + job("b"), "a invalid b", "1 2 3"},
		{"line cut after a value", job("a") + "\n{\"a\":1\n" + job("b"), "a invalid b", "1 2 3"},
		{"wrong closer", job("a") + "\n{\"a\":]}\n" + job("b"), "a invalid b", "1 2 3"},
		{"cut at the end", job("a") + "\n{\"a\":[1,", "a invalid", "1 2"},
		{"too large", job("a") + "\n" + big + "\n" + job("b"), "a too_large b", "1 2 3"},
		{"not UTF-8", "\xff\n" + job("b"), "invalid b", "1 2"},
	}
	for _, tt := range tests {
		items := readAll(t, tt.raw)
		var lines []string
		for i, it := range items {
			lines = append(lines, fmt.Sprint(it.Line))
			if it.Index != i || len(it.Raw) > MaxEvent {
				t.Errorf("%s: item %d has index %d and %d bytes", tt.name, i, it.Index, len(it.Raw))
			}
		}
		if got := outcome(items); got != tt.want || strings.Join(lines, " ") != tt.lines {
			t.Errorf("%s: %s at %v, want %s at %s", tt.name, got, lines, tt.want, tt.lines)
		}
	}
}

func TestPlacesInAFileAreThoseOfTheFile(t *testing.T) {
	items := readAll(t, job("ä")+"\n\n  {\"a\": x}\n")
	if !strings.HasSuffix(errs.Shown(items[1].Err), "(line 3, column 9)") {
		t.Errorf("got %v", items[1].Err)
	}
}

func TestReadEndsWithTheReader(t *testing.T) {
	broken := errors.New("disk on fire")
	n := 0
	var last error
	for it, err := range Read(io.MultiReader(strings.NewReader(job("a")+"\n{"), iotest.ErrReader(broken))) {
		if err == nil && it.Event.Job.Name != "a" {
			t.Errorf("got %+v", it)
		}
		n, last = n+1, err
	}
	if n != 2 || !errors.Is(last, broken) || !errs.Is(last, errs.Internal) {
		t.Errorf("%d items, %v", n, last)
	}
	for it, err := range Read(strings.NewReader(job("a") + job("b"))) {
		if err != nil || it.Index > 0 {
			t.Errorf("reading goes on after it was left: %+v, %v", it, err)
		}
		break
	}
}
