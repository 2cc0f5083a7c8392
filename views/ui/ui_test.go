package ui_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"weir/views/ui"
)

var now = time.Date(2026, 11, 21, 8, 52, 0, 0, time.UTC)

func TestAgo(t *testing.T) {
	for age, want := range map[time.Duration]string{
		0: "just now", 59 * time.Second: "just now", time.Minute: "1 min ago", 59*time.Minute + 59*time.Second: "59 min ago",
		time.Hour: "1 h ago", 24*time.Hour - time.Second: "23 h ago", 24 * time.Hour: "20 Nov", 400 * 24 * time.Hour: "17 Oct 2025",
		-30 * time.Second: "just now", -2 * time.Hour: "21 Nov",
	} {
		if got := ui.Ago(now.Add(-age), now); got != want {
			t.Errorf("%v ago is %q, want %q", age, got, want)
		}
	}
	if got := ui.NewWhen(time.Time{}, now); got.Text != "" {
		t.Errorf("no time is shown as %q", got.Text)
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 ms", 850 * time.Millisecond: "850 ms", 42 * time.Second: "42 s", 200 * time.Second: "3 min 20 s",
		time.Hour: "1 h", 125 * time.Minute: "2 h 5 min",
	} {
		if got := ui.Duration(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

func TestNumber(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1204331: "1,204,331", -12345: "−12,345", -9223372036854775808: "−9,223,372,036,854,775,808"} {
		if got := ui.Number(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	if got := ui.Count(1, "dataset", "datasets"); got != "1 dataset" {
		t.Error(got)
	}
	if got := ui.Count(1204, "dataset", "datasets"); got != "1,204 datasets" {
		t.Error(got)
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Ines Okafor": "IO", "growth": "G", "Order platform team": "OP", "": "", "…!": "", "élan vital": "ÉV", "🦫 beaver": "B", "日本 語": "日語",
	} {
		if got := (ui.Owner{Name: name}).Initials(); got != want {
			t.Errorf("initials of %q are %q, want %q", name, got, want)
		}
	}
}

func TestCapital(t *testing.T) {
	for word, want := range map[string]string{"": "", "internal": "Internal", "éa": "Éa", "\xffx": "\ufffdx"} {
		if got := ui.Capital(word); got != want {
			t.Errorf("Capital(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestHighlightEscapesAndAddsNoBlanks(t *testing.T) {
	var out bytes.Buffer
	segments := []ui.Segment{{Text: "<b>"}, {Text: "ch&urn", Hit: true}, {Text: "_score"}}
	if err := ui.Highlight(segments).Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "<bdi>&lt;b&gt;<mark>ch&amp;urn</mark>_score</bdi>"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestGaugeHasAsManyBarsAsTheLevel(t *testing.T) {
	for level, bars := range map[ui.Level]int{"": 0, "public": 1, "internal": 2, "confidential": 3, "restricted": 4, "secret": 0} {
		var out bytes.Buffer
		if err := ui.Gauge(level).Render(context.Background(), &out); err != nil {
			t.Fatal(err)
		}
		if got := bytes.Count(out.Bytes(), []byte(`class="on"`)); got != bars {
			t.Errorf("%q has %d bars, want %d", level, got, bars)
		}
		if bars == 0 && out.Len() > 0 {
			t.Errorf("%q draws %s", level, out.String())
		}
	}
}
