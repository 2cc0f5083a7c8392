package web

import (
	"strings"
	"testing"
)

func TestMarkdown(t *testing.T) {
	for _, tt := range []struct{ name, text, want, not string }{
		{"words", "a **b** `c`", "<strong>b</strong> <code>c</code>", ""},
		{"lists", "- a\n- b", "<li>a</li>", ""},
		{"tables", "|a|\n|-|\n|b|", "<td>b</td>", ""},
		{"headings stand below those of the page", "# One\n\n### Three", "<h3>One</h3>", "<h1>"},
		{"links leave no trace", "[x](https://example.org/a)", `rel="nofollow noreferrer noopener"`, ""},
		{"bare links", "see https://example.org/a", `href="https://example.org/a"`, ""},
		{"scripts as links", "[x](javascript:alert(1))", "x", "javascript"},
		{"data as links", "[x](data:text/html,<script>)", "x", "data:"},
		{"relative links", "[x](/settings/theme)", "x", "href"},
		{"images", "![x](https://example.org/a.png)", "", "<img"},
		{"raw HTML", "<b onclick=x>b</b> <style>*{}</style>", "", "onclick"},
		{"raw script", "<script>alert(1)</script>", "", "alert"},
		{"nothing", "  \n ", "", "<p>"},
	} {
		got := string(markdown(tt.text))
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s: %s lacks %s", tt.name, got, tt.want)
		}
		if tt.not != "" && strings.Contains(got, tt.not) {
			t.Errorf("%s: %s holds %s", tt.name, got, tt.not)
		}
	}
}

func TestPlainText(t *testing.T) {
	if got := plainText("## Use it\n\n- for **A & B**\n"); strings.Join(strings.Fields(got), " ") != "Use it for A & B" {
		t.Errorf("got %q", got)
	}
}
