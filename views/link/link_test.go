package link_test

import (
	"net/url"
	"strings"
	"testing"

	"weir/views/link"
)

const id = "ds_abcdefghijklmnopqrstuvwxyz"

var oddNames = []string{
	"", "public.orders", `<script>alert(1)</script>`, `a"b'c`, "../../etc/passwd", "..", ".", "~", "a~b~c", "a/b?c#d%2F",
	"\u202eevil\u202c", "🦫 beavers 🏞️", strings.Repeat("long_name.", 390), "日本語", "\x00\n\r\t", "%zz", "a b+c&d=e;f",
	"name\\with\\backslashes", strings.Repeat("-", 200) + "x",
}

func TestDatasetAddressesSurviveOddNames(t *testing.T) {
	for _, name := range oddNames {
		address := link.DatasetTab(id, name, link.Columns)
		parsed, err := url.Parse(address)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if parsed.RawQuery != "" || parsed.Fragment != "" || parsed.Host != "" {
			t.Errorf("%q leaves its path: %s", name, address)
		}
		parts := strings.Split(parsed.Path, "/")
		if len(parts) != 4 || parts[1] != "datasets" || parts[3] != "columns" {
			t.Errorf("%q: path %q", name, parsed.Path)
			continue
		}
		if got := link.ID(parts[2]); got != id {
			t.Errorf("%q: id %q", name, got)
		}
		if cleaned := parsed.JoinPath().Path; cleaned != parsed.Path {
			t.Errorf("%q: %q becomes %q when cleaned", name, parsed.Path, cleaned)
		}
	}
}

func TestHead(t *testing.T) {
	for name, want := range map[string]string{
		"public.orders":                    "public.orders",
		`<script>alert(1)</script>`:        "script-alert-1-script",
		"../../etc/passwd":                 "etc-passwd",
		"日本語":                              "",
		"🦫 beavers":                        "beavers",
		"-x-":                              "x",
		strings.Repeat("abcdefghij.", 400): strings.Repeat("abcdefghij.", 5) + "abcd",
	} {
		if got := link.Head(name); got != want {
			t.Errorf("Head(%.20q) = %q, want %q", name, got, want)
		}
	}
	for _, name := range oddNames {
		if head := link.Head(name); len(head) > 60 {
			t.Errorf("head of %.20q has %d bytes", name, len(head))
		}
	}
}

func TestIDIsEscaped(t *testing.T) {
	if got, want := link.Run("a/../b?c"), "/runs/a%2F..%2Fb%3Fc"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSearchKeepsItsState(t *testing.T) {
	pii := link.Filter{Name: "class", Value: "pii"}
	care := link.Filter{Name: "domain", Value: "care & more"}
	q := link.SearchQuery{Text: `owner:"Ines" a&b`, Filters: []link.Filter{pii, care}, Sort: "name", After: "cur"}
	parsed, err := url.Parse(q.URL())
	if err != nil {
		t.Fatal(err)
	}
	got := parsed.Query()
	if got.Get("q") != q.Text || got.Get("domain") != care.Value || got.Get("class") != "pii" || got.Get("sort") != "name" {
		t.Errorf("query %v", got)
	}
	if got.Get("after") != "cur" {
		t.Errorf("cursor lost: %v", got)
	}
	without := q.Without(pii)
	if strings.Contains(without.URL(), "class=") || strings.Contains(without.URL(), "after=") {
		t.Errorf("dropping a filter keeps it or the page: %s", without.URL())
	}
	if len(q.Filters) != 2 {
		t.Error("Without changed the query it was called on")
	}
	if link.Search("") != "/search" {
		t.Errorf("empty search is %s", link.Search(""))
	}
}

func TestLineageKeepsItsState(t *testing.T) {
	q := link.LineageQuery{
		Direction: "upstream", Depth: 2, Open: []string{"ds_b", "ds_a"}, Focus: "col_1", Columns: true,
		HideJobs: true, AsOf: "2026-11-01T00:00:00Z", Filters: []link.Filter{{Name: "class", Value: "pii"}}, View: "table",
	}
	want := "/lineage?asOf=2026-11-01T00%3A00%3A00Z&class=pii&depth=2&direction=upstream&focus=col_1&jobs=hide" +
		"&mode=columns&open=ds_b&open=ds_a&open=ds_c&root=ds_r&view=table"
	if got := link.Lineage("ds_r", q.Opened("ds_c").Opened("ds_a")); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := link.Lineage("ds_r", link.LineageQuery{}); got != "/lineage?root=ds_r" {
		t.Errorf("zero query is %s", got)
	}
	if got := q.Closed("ds_b").Open; len(got) != 1 || got[0] != "ds_a" {
		t.Errorf("Closed left %v", got)
	}
}

func TestHiddenFieldsLeaveOutTheFormsOwn(t *testing.T) {
	q := link.LineageQuery{Direction: "upstream", Open: []string{"x", "y"}, Depth: 3}
	got := q.Hidden("r", "direction", "depth")
	want := []link.Field{{Name: "open", Value: "x"}, {Name: "open", Value: "y"}, {Name: "root", Value: "r"}}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("field %d is %v, want %v", i, got[i], want[i])
		}
	}
}
