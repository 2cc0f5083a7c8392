package openlineage

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"weir/errs"
)

// list is n elements with commas between; %d in one is its number.
func list(n int, element string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strings.ReplaceAll(element, "%d", strconv.Itoa(i)))
	}
	return b.String()
}

// TestLimits asks for each limit that n is read, n+1 is refused, and that the refusal names the field and the limit.
func TestLimits(t *testing.T) {
	job := func(facets string) string {
		return event(`"job":{"namespace":"ns","name":"j","facets":{` + facets + `}}`)
	}
	tests := []struct {
		name  string
		limit int
		make  func(n int) string
		field string
	}{
		{"event bytes", MaxEvent, func(n int) string {
			head := event(`"x":"`)
			head = strings.TrimSuffix(head, "}")
			return head + strings.Repeat("x", n-len(head)-2) + `"}`
		}, ""},
		{"depth", MaxDepth, func(n int) string { return event(`"x":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1)) }, "x"},
		{"facets", MaxFacets, func(n int) string { return output(list(n, `"f%d":{}`)) }, "outputs[0].facets"},
		{"columns", MaxColumns, func(n int) string { return output(`"schema":{"fields":[` + list(n, `{"name":"c%d"}`) + `]}`) }, "outputs[0].facets.schema.fields[10000]"},
		{"nested columns", MaxColumns, func(n int) string {
			return output(`"schema":{"fields":[{"name":"s","fields":[` + list(n-1, `{"name":"c%d"}`) + `]}]}`)
		}, "outputs[0].facets.schema.fields[0].fields[9999]"},
		{"datasets", MaxDatasets, func(n int) string {
			return event(`"inputs":[`+list(10, `{"namespace":"n","name":"i%d"}`)+`]`, `"outputs":[`+list(n-10, `{"namespace":"n","name":"o%d"}`)+`]`)
		}, "outputs"},
		{"mentioned datasets", MaxDatasets, func(n int) string {
			return output(`"columnLineage":{"fields":{"c":{"inputFields":[` + list(n, `{"namespace":"n","name":"d%d","field":"f"}`) + `]}}}`)
		}, "columnLineage"},
		{"derivations", MaxDerivations, func(n int) string {
			return output(`"columnLineage":{"fields":{"c":{"inputFields":[` + list(n, `{"namespace":"n","name":"d","field":"f%d"}`) + `]}}}`)
		}, "outputs[0].facets.columnLineage.fields.c.inputFields[50000]"},
		{"links", MaxLinks, func(n int) string {
			return job(`"lineage":{"entries":[` + list(n, `{"type":"DATASET","namespace":"n","name":"d%d","inputs":[]}`) + `]}`)
		}, "job.facets.lineage.entries[2000]"},
		{"inputs of links", MaxDerivations, func(n int) string {
			return job(`"lineage":{"entries":[{"type":"JOB","inputs":[` + list(n, `{"type":"DATASET","namespace":"n","name":"%d"}`) + `]}]}`)
		}, "job.facets.lineage.entries[0].inputs[50000]"},
		{"tags", MaxList, func(n int) string { return job(`"tags":{"tags":[` + list(n, `{"key":"%d"}`) + `]}`) }, "job.facets.tags.tags"},
		{"owners", MaxList, func(n int) string { return job(`"ownership":{"owners":[` + list(n, `{"name":"%d"}`) + `]}`) }, "job.facets.ownership.owners"},
		{"symlinks", MaxList, func(n int) string {
			return output(`"symlinks":{"identifiers":[` + list(n, `{"namespace":"n","name":"%d","type":"T"}`) + `]}`)
		}, "outputs[0].facets.symlinks.identifiers"},
		{"name", MaxName, func(n int) string { return event(`"job":{"namespace":"ns","name":"` + strings.Repeat("n", n) + `"}`) }, "job.name"},
		{"namespace", MaxName, func(n int) string {
			return event(`"inputs":[{"namespace":"` + strings.Repeat("n", n) + `","name":"d"}]`)
		}, "inputs[0].namespace"},
		{"column path", MaxName, func(n int) string {
			return output(`"schema":{"fields":[{"name":"abc","fields":[{"name":"` + strings.Repeat("n", n-4) + `"}]}]}`)
		}, "outputs[0].facets.schema.fields[0].fields[0].name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			parsed(t, tt.make(tt.limit))
			e := refused(t, tt.make(tt.limit+1))
			if e.Kind != errs.TooLarge || !strings.Contains(e.Message, strconv.Itoa(tt.limit)) {
				t.Errorf("refused with %s: %s", e.Kind, e.Message)
			}
			if tt.field != "" && e.Fields[0].Name != tt.field {
				t.Errorf("names %s, not %s", e.Fields[0].Name, tt.field)
			}
		})
	}
}

// TestBombs reads what is made to hurt, and asks how much memory that took.
func TestBombs(t *testing.T) {
	const size = MaxEvent - 1000
	fill := func(head, element, tail string) string {
		return head + strings.Repeat(element+",", (size-len(head)-len(tail))/(len(element)+1)) + element + tail
	}
	tests := map[string]string{
		"deep arrays":      strings.Repeat("[", 100_000),
		"deep objects":     event(`"x":` + strings.Repeat(`{"a":`, 100_000)),
		"many facets":      output(list(100_000, `"f%d":{}`)),
		"one facet often":  output(fill("", `"f":{}`, "")),
		"million columns":  output(fill(`"schema":{"fields":[`, `{"name":"c"}`, `]}`)),
		"tiny values":      fill(`{"x":[`, `1`, `]}`),
		"empty arrays":     fill(`{"x":[`, `[]`, `]}`),
		"huge number":      event(`"eventTime":1` + strings.Repeat("0", size-500)),
		"duplicate keys":   fill(`{`, `"job":{}`, `}`),
		"escapes":          event(`"job":{"namespace":"` + strings.Repeat(`\u00e9`, size/6) + `","name":"n"}`),
		"long facet key":   output(`"` + strings.Repeat("k", size) + `":{}`),
		"many inputs":      event(`"inputs":[` + fill("", `{"namespace":"n","name":"d"}`, "") + `]`),
		"wrong everywhere": fill(`{"inputs":[`, `{}`, `]}`),
	}
	for name, raw := range tests {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			input := []byte(raw)
			runtime.ReadMemStats(&before)
			_, err := Parse(input)
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > 100<<20 {
				t.Errorf("took %d MB", used>>20)
			}
			if err == nil {
				return
			}
			if e, ok := errs.As(err); !ok || e.Kind != errs.Invalid && e.Kind != errs.TooLarge || len(e.Message) > 20_000 {
				t.Errorf("refused with %.200v", err)
			}
		})
	}
}

func TestMillionColumnsAreTooLarge(t *testing.T) {
	raw := output(`"schema":{"fields":[` + list(200_000, `{"name":"c%d"}`) + `]}`)
	e := refused(t, raw)
	if e.Kind != errs.TooLarge || !strings.Contains(e.Message, fmt.Sprint(MaxColumns)) {
		t.Errorf("got %v", e)
	}
}
