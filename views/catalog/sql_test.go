package catalog

import (
	"strings"
	"testing"
)

func TestCodeLinesKeepEveryByteAndPaintKeywords(t *testing.T) {
	for _, code := range []string{
		"select 1", "SELECT a -- note\nfrom t /* two\nlines */ where x = 'it''s\nfine' and n > 12.5",
		"'open", "/* open", "--", "日本語 select ü", "\xff\xfe", "a\r\nb", strings.Repeat("(", 5000), "",
	} {
		want := strings.ReplaceAll(code, "\r\n", "\n")
		if got := joined(codeLines(code, "sql")); got != want {
			t.Errorf("%q came back as %q", code, got)
		}
	}
	lines := codeLines("SELECT a FROM t -- x\nWHERE s = 'from'", "spark-sql")
	if len(lines) != 2 {
		t.Fatalf("%d lines, want 2", len(lines))
	}
	if first := lines[0][0]; first != (token{"SELECT", "k"}) {
		t.Errorf("first token is %+v", first)
	}
	if last := lines[1][len(lines[1])-1]; last != (token{"'from'", "s"}) {
		t.Errorf("a keyword inside a text is painted: %+v", last)
	}
	if plain := codeLines("select 1", "python"); plain[0][0] != (token{"select 1", ""}) {
		t.Errorf("python is painted as SQL: %+v", plain[0])
	}
}

func joined(lines [][]token) string {
	var all []string
	for _, line := range lines {
		var one strings.Builder
		for _, t := range line {
			one.WriteString(t.text)
		}
		all = append(all, one.String())
	}
	return strings.Join(all, "\n")
}

func BenchmarkCodeLinesMegabyte(b *testing.B) {
	code := strings.Repeat("select a_b, 'x' from t where n > 1\n", 1<<20/36)
	for b.Loop() {
		codeLines(code, "sql")
	}
}
