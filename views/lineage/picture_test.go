package lineage

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"weir/views/ui"
)

func TestFitKeepsBothEndsAndTheRoom(t *testing.T) {
	for _, name := range []string{"a", "mart.customer_360", strings.Repeat("very_long_name.", 260), "日本語のとても長い名前のテーブルです", "🦫🏞️" + strings.Repeat("x", 90), strings.Repeat("\u202e", 4000)} {
		got := Fit(name, 150, 13, true)
		if Width(got, 13, true) > 150 && got != "…" {
			t.Errorf("%.20q is %.0f px wide as %q", name, Width(got, 13, true), got)
		}
		if Width(name, 13, true) <= 150 && got != name {
			t.Errorf("%q fits but became %q", name, got)
		}
	}
	got := Fit("warehouse.finance.revenue_by_month_and_store", 150, 13, true)
	if !strings.HasPrefix(got, "warehouse") || !strings.HasSuffix(got, "store") {
		t.Errorf("both ends should stay: %q", got)
	}
	if Fit("abc", 0, 13, true) != "…" {
		t.Error("no room should leave the sign of a cut")
	}
}

func TestSensitiveEdgesAreDrawnLast(t *testing.T) {
	p := Picture{Edges: []Edge{{From: "hot", Sensitive: true}, {From: "plain"}, {From: "cool", Masked: true}, {From: "plain2"}}}
	var order []string
	for _, e := range p.drawn() {
		order = append(order, e.From)
	}
	if got := strings.Join(order, " "); got != "plain plain2 cool hot" {
		t.Errorf("drawn in the order %s", got)
	}
	if p.Edges[0].From != "hot" {
		t.Error("drawing changed the picture")
	}
}

func TestNamesBeginWithWhatIsSeen(t *testing.T) {
	b := Box{Title: "crm.customers", Line: "Table, Customer data", Level: "confidential", W: CardWidth, Root: true, Says: []string{"receives unmasked PII"}}
	if got, want := b.label(), "crm.customers Table, Customer data, confidential, the start of this picture, receives unmasked PII"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	b.Title = strings.Repeat("long_", 40)
	if label := b.label(); !strings.HasPrefix(label, b.title()+" "+b.line()) || !strings.Contains(label, ", "+b.Title) {
		t.Errorf("a cut name is called %.80s", label)
	}
	hidden := Box{Title: "Restricted", Line: "1 dataset, hidden from you", W: CardWidth, Level: "restricted", Hidden: true, Says: []string{"leak"}}
	if got, want := hidden.label(), "Restricted 1 dataset, hidden from you"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	r := Row{Text: "email", Stamp: ui.Stamp{Class: "pii", How: ui.Declared}}
	if got, want := r.label("crm.customers", CardWidth), "email PII, column of crm.customers, show its path"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	h := Handle{Count: 3, Upstream: true}
	if got, want := h.label("a.b"), "+3 upstream of a.b, show"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestHiddenBoxesDrawNoLevel(t *testing.T) {
	text := draw(t, Picture{Boxes: []Box{{ID: "hid_1", Title: "Restricted", W: CardWidth, H: 48, Level: "restricted", Hidden: true}}})
	if strings.Contains(text, "lv-restricted") {
		t.Error("the level of a hidden thing is drawn")
	}
	if strings.Contains(text, "<a ") {
		t.Error("a box without an address became a link")
	}
}

func TestOnlyLivePicturesReplaceThemselves(t *testing.T) {
	p := Picture{Boxes: []Box{{ID: "a", Href: "/a", Title: "a", W: CardWidth, H: 48, Handles: []Handle{{Href: "/b", Count: 1}}}}}
	if strings.Contains(draw(t, p), "hx-get") {
		t.Error("a still picture asks for fragments")
	}
	p.Live = true
	if got := strings.Count(draw(t, p), "hx-get"); got != 1 {
		t.Errorf("%d links ask for fragments, want the handle only", got)
	}
}

func TestEdgeClassesSayWhatTheEdgeIs(t *testing.T) {
	e := Edge{Indirect: true, Unconfirmed: true}
	if got := e.class(); got != "edge indirect unconfirmed" {
		t.Errorf("class %q", got)
	}
	if got := e.says(); !strings.Contains(got, "unconfirmed") || !strings.Contains(got, "indirect") {
		t.Errorf("says %q", got)
	}
	if got := (Edge{Sensitive: true, Masked: true}).class(); got != "edge hot" {
		t.Errorf("clear text wins: %q", got)
	}
}

func TestPathIsGreenAfterItsMask(t *testing.T) {
	p := Path{Steps: []Step{{Text: ui.Link{Text: "a"}}, {Job: true, Masks: true}, {Text: ui.Link{Text: "b"}}, {Text: ui.Link{Text: "c"}, Strong: true}}}
	var classes []string
	for _, s := range p.stations() {
		classes = append(classes, s.class())
	}
	if got := strings.Join(classes, "|"); got != "||after|after strong" {
		t.Errorf("classes %q", got)
	}
	if got := (Step{Hidden: true}).text(); got != "hidden from you" {
		t.Errorf("a hidden step says %q", got)
	}
}

func TestCoordinatesAreShort(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 12: "12", 100: "100", 11.5: "11.5", 1.0 / 3: "0.33", -2.25: "-2.25"} {
		if got := px(v); got != want {
			t.Errorf("px(%v) = %q, want %q", v, got, want)
		}
	}
}

func TestPillsAreAsWideAsTheirShortenedNames(t *testing.T) {
	if got := pillText("audience_builder_v2"); got != "audien…er_v2" {
		t.Errorf("got %q", got)
	}
	if PillWidth("audience_builder_v2") != PillWidth("audien…er_v2") {
		t.Error("a pill is measured by the name that is not shown")
	}
}

func draw(t *testing.T, p Picture) string {
	t.Helper()
	var out bytes.Buffer
	if err := drawing(p).Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
