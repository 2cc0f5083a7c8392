// Package views_test renders every page with a sample company and checks what must hold for all of them.
//
// WEIR_PREVIEW=dir go test ./views -run Preview writes the pages and their files to dir, to be looked at:
// serve that folder and open home.html.
package views_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"weir/static"
)

func TestPreview(t *testing.T) {
	dir := os.Getenv("WEIR_PREVIEW")
	for name, page := range pages() {
		t.Run(name, func(t *testing.T) {
			text := render(t, page)
			checkDocument(t, text)
			if dir != "" {
				write(t, filepath.Join(dir, name+".html"), text)
			}
		})
	}
	if dir != "" {
		writeStatic(t, dir)
	}
}

func render(t *testing.T, page templ.Component) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := page.Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

func writeStatic(t *testing.T, dir string) {
	t.Helper()
	for _, name := range static.Names() {
		answer := httptest.NewRecorder()
		static.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, static.URL(name), nil))
		write(t, filepath.Join(dir, static.URL(name)), answer.Body.Bytes())
	}
}

// checkDocument asserts what every page owes: well-formed, nothing inline, one heading, and a name for all that acts.
func checkDocument(t *testing.T, text []byte) {
	t.Helper()
	checkNesting(t, text)
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	ids, headings := map[string]int{}, 0
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		checkInline(t, n)
		checkName(t, n)
		if id := attr(n, "id"); id != "" {
			ids[id]++
		}
		if n.Data == "h1" {
			headings++
		}
	}
	if headings != 1 {
		t.Errorf("%d h1, want 1", headings)
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("id %q stands %d times", id, n)
		}
	}
	checkReferences(t, root, ids)
}

// checkNesting reads tags one by one: every end tag must close the element that is open.
func checkNesting(t *testing.T, text []byte) {
	t.Helper()
	z := html.NewTokenizer(bytes.NewReader(text))
	var open []string
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Errorf("not closed: %v", open)
			}
			return
		case html.StartTagToken:
			if name, _ := z.TagName(); !void[string(name)] {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				t.Fatalf("</%s> closes nothing; open: %v", name, open)
			}
			open = open[:len(open)-1]
		}
	}
}

var void = map[string]bool{"meta": true, "link": true, "input": true, "br": true, "img": true, "hr": true}

// checkInline asserts what the content security policy forbids.
func checkInline(t *testing.T, n *html.Node) {
	t.Helper()
	if n.Data == "script" && (attr(n, "src") == "" || n.FirstChild != nil) {
		t.Error("inline script")
	}
	if n.Data == "style" || n.Data == "base" || n.Data == "iframe" || n.Data == "object" {
		t.Errorf("element <%s>", n.Data)
	}
	for _, a := range n.Attr {
		if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on") || a.Key == "hx-vals" {
			t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
		}
		if strings.Contains(strings.ToLower(a.Val), "javascript:") && (a.Key == "href" || a.Key == "src" || a.Key == "action") {
			t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
		}
		if (a.Key == "src" || (a.Key == "href" && n.Data == "link")) && !strings.HasPrefix(a.Val, static.Prefix) {
			t.Errorf("<%s> loads %q", n.Data, a.Val)
		}
	}
}

// checkName asserts that whatever is a picture, a link, a button or a field says what it is.
func checkName(t *testing.T, n *html.Node) {
	t.Helper()
	switch n.Data {
	case "svg":
		if attr(n, "aria-hidden") != "true" && attr(n, "aria-label") == "" {
			t.Error("svg without a name")
		}
	case "a", "button", "summary", "h1", "h2", "h3":
		if attr(n, "aria-label") == "" && strings.TrimSpace(textOf(n)) == "" {
			t.Errorf("<%s class=%q href=%q> without a name", n.Data, attr(n, "class"), attr(n, "href"))
		}
	case "input", "select", "textarea":
		if attr(n, "type") != "hidden" && attr(n, "aria-label") == "" && attr(n, "id") == "" && !inside(n, "label") {
			t.Errorf("<%s name=%q> without a label", n.Data, attr(n, "name"))
		}
	}
	if strings.HasPrefix(attr(n, "href"), "#") && attr(n, "href") == "#" {
		t.Error("a link leads nowhere")
	}
}

// checkReferences asserts that what points at an id finds it.
func checkReferences(t *testing.T, root *html.Node, ids map[string]int) {
	t.Helper()
	for n := range root.Descendants() {
		for _, key := range []string{"for", "aria-labelledby", "aria-describedby", "popovertarget", "data-copy"} {
			for _, id := range strings.Fields(attr(n, key)) {
				if ids[id] == 0 {
					t.Errorf("<%s %s=%q> points at nothing", n.Data, key, id)
				}
			}
		}
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func inside(n *html.Node, name string) bool {
	for p := range n.Ancestors() {
		if p.Data == name {
			return true
		}
	}
	return false
}

func textOf(n *html.Node) string {
	var out strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			out.WriteString(d.Data)
		}
	}
	return out.String()
}
