package web

import (
	"testing"
	"time"

	"weir/audit"
	"weir/catalog"
)

func TestLocal(t *testing.T) {
	for back, want := range map[string]string{
		"/search?q=a%20b": "/search?q=a%20b", "": "/", "search": "/", "https://x.example/": "/", "//x.example": "/", `/\x.example`: "/",
		"/a\r\nSet-Cookie: x": "/", "javascript:alert(1)": "/", "/%zz": "/",
	} {
		if got := local(back); got != want {
			t.Errorf("local(%q) is %q, want %q", back, got, want)
		}
	}
}

func TestHarmless(t *testing.T) {
	for cell, want := range map[string]string{
		"": "", "orders": "orders", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "\rx": "'\rx", "a=1": "a=1", "＝1": "'＝1",
	} {
		if got := harmless(cell); got != want {
			t.Errorf("harmless(%q) is %q, want %q", cell, got, want)
		}
	}
}

func TestPeriod(t *testing.T) {
	for text, want := range map[string]string{"P25M": "25 months", "P1Y": "1 year", "P90D": "90 days", "P1Y6M": "P1Y6M", "two years": "two years", "": ""} {
		if got := period(text); got != want {
			t.Errorf("period(%q) is %q, want %q", text, got, want)
		}
	}
}

func TestCodeLanguage(t *testing.T) {
	for sent, want := range map[string]string{"Snowflake": "snowflake SQL", "sql": "SQL", "python": "python", "": ""} {
		if got := codeLanguage(sent); got != want {
			t.Errorf("codeLanguage(%q) is %q, want %q", sent, got, want)
		}
	}
}

func TestSourceName(t *testing.T) {
	for uri, want := range map[string]string{
		"https://github.com/OpenLineage/OpenLineage/tree/integration/dbt": "dbt", "https://git.example/data/metadata/tree": "metadata", "": "its source", "airflow": "airflow",
	} {
		if got := sourceName(uri); got != want {
			t.Errorf("sourceName(%q) is %q, want %q", uri, got, want)
		}
	}
}

func TestTold(t *testing.T) {
	change := func(field, before, after string) audit.Change {
		return audit.Change{Field: field, Before: before, After: after}
	}
	for _, tt := range []struct {
		want    string
		changes []audit.Change
	}{
		{"was changed", nil},
		{"is new", []audit.Change{change("column a", "", "int"), change("created", "", "x")}},
		{"gained 4 columns: a, b, c, …", []audit.Change{change("column a", "", "int"), change("column b", "", "int"), change("column c", "", "int"), change("column d", "", "int")}},
		{"lost column a, and 1 more change", []audit.Change{change("title", "", "T"), change("column a", "int", "")}},
		{"changed column a", []audit.Change{change("column a", "int", "text")}},
		{"is read by load", []audit.Change{change("read by", "", "load")}},
		{"has a new title: T", []audit.Change{change("title", "", "T")}},
		{"lost its title T", []audit.Change{change("title", "T", "")}},
	} {
		if got, _, _ := told(audit.Entry{Changes: tt.changes}); got != tt.want {
			t.Errorf("%v is told as %q, want %q", tt.changes, got, tt.want)
		}
	}
}

func TestFresh(t *testing.T) {
	now := time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)
	s := &Site{Options: Options{Now: func() time.Time { return now }}}
	for _, tt := range []struct {
		age  time.Duration
		text string
		late bool
	}{{time.Hour, "1 h ago", false}, {36 * time.Hour, "14 Jun", false}, {37 * time.Hour, "13 Jun", true}} {
		if w, late := s.fresh(now.Add(-tt.age)); w.Text != tt.text || late != tt.late {
			t.Errorf("%v ago: %q, late %t", tt.age, w.Text, late)
		}
	}
	if w, late := s.fresh(time.Time{}); w.Text != "" || late {
		t.Errorf("what was never loaded is %q, late %t", w.Text, late)
	}
}

func TestOwnerKinds(t *testing.T) {
	for name, want := range map[string][2]string{
		"team:growth": {"growth", "team"}, "user:ines": {"ines", "person"}, "agent:shop": {"shop", "agent"}, "Ines Okafor": {"Ines Okafor", "person"}, "Data team": {"Data team", "team"},
	} {
		if o := ownerOf(catalog.Owner{Name: name}); o.Name != want[0] || o.Kind != want[1] {
			t.Errorf("%q is shown as %q, a %s", name, o.Name, o.Kind)
		}
	}
}
