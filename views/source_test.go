package views_test

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"weir/static"
	"weir/views/layout"
)

// templates reads every .templ file below views.
func templates(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".templ") {
			return err
		}
		text, err := os.ReadFile(path)
		found[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 10 {
		t.Fatalf("only %d templates found", len(found))
	}
	return found
}

func TestTemplatesWriteNoPathsThemselves(t *testing.T) {
	literal := regexp.MustCompile(`(href|action|src|hx-get|hx-post)="(/[^"]*)"`)
	for path, text := range templates(t) {
		for _, found := range literal.FindAllStringSubmatch(text, -1) {
			t.Errorf("%s: %s is written out; views/link builds addresses", path, found[2])
		}
	}
}

func TestTemplatesUseNothingThatThePolicyForbids(t *testing.T) {
	for path, text := range templates(t) {
		for _, bad := range []string{"style=", "<style", "hx-on", "hx-vals", "js:", "javascript:", "templ.ComponentScript", "onclick"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s holds %q", path, bad)
			}
		}
	}
}

func TestTemplatesNameVendoredIconsOnly(t *testing.T) {
	call := regexp.MustCompile(`@ui\.(?:Icon|SmallIcon|IconClass|Glyph|Outcome)\("([a-z0-9-]+)"`)
	seen := 0
	for path, text := range templates(t) {
		for _, found := range call.FindAllStringSubmatch(text, -1) {
			seen++
			if !static.HasIcon(found[1]) {
				t.Errorf("%s: no icon %q", path, found[1])
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d icons found; the pattern no longer fits", seen)
	}
}

// TestBudget keeps what a page loads below 60 KB compressed, the font apart, which is cached once.
func TestBudget(t *testing.T) {
	const budget = 60_000
	for name, extra := range map[string][]string{"any page": nil, "lineage": {"lineage.js"}, "playground": {"playground.js"}} {
		sum := 0
		for _, file := range layout.Assets(extra...) {
			sum += zippedSize(t, file)
		}
		t.Logf("%s: %d bytes", name, sum)
		if sum > budget {
			t.Errorf("%s loads %d bytes, more than %d", name, sum, budget)
		}
	}
}

func zippedSize(t *testing.T, file string) int {
	t.Helper()
	body, err := static.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}
