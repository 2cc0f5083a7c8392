package web_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"weir/catalog"
)

// star is a dataset that one job reads to write many others.
func star(w *world, many int) string {
	var outputs []map[string]any
	for i := range many {
		outputs = append(outputs, map[string]any{"namespace": "db", "name": fmt.Sprintf("mart.t%03d", i)})
	}
	w.tellJSON(runEvent(map[string]any{"namespace": "jobs", "name": "spread"}, []map[string]any{{"namespace": "db", "name": "hub"}}, outputs))
	return string(catalog.DatasetID("db", "hub"))
}

func TestManySiblingsAreFolded(t *testing.T) {
	w := newWorld(t)
	root := star(w, 13)
	page := w.ok("/lineage?root=" + root)
	all := boxes(page)
	if len(all) != 2 { // the root and the group; the job between is folded too
		t.Errorf("%d boxes: %v", len(all), all)
	}
	var group *html.Node
	for _, n := range find(page, "a", "data-node", "") {
		if strings.HasPrefix(attr(n, "data-node"), "grp.") {
			group = n
		}
	}
	if group == nil || !strings.HasPrefix(attr(group, "aria-label"), "13 datasets in mart.*") {
		t.Fatalf("no group: %v", all)
	}
	if rows := find(page, "th", "scope", "row"); len(rows) != 14 {
		t.Errorf("the table lists %d, want the root and 13", len(rows))
	}
	if open := boxes(w.ok(attr(group, "href"))); len(open) != 15 {
		t.Errorf("unfolded it shows %d boxes, want 13, the root and the job", len(open))
	}
	if few := boxes(newFew(t).ok("/lineage?root=" + root)); len(few) != 14 {
		t.Errorf("12 siblings show as %d boxes, want each of them, the root and the job", len(few))
	}
}

func newFew(t *testing.T) *world {
	w := newWorld(t)
	star(w, 12)
	return w
}

func TestLargePictureSaysThatItIsCut(t *testing.T) {
	w := newWorld(t)
	root := star(w, 250)
	text := textOf(w.ok("/lineage?root=" + root))
	if !strings.Contains(text, "The nearest 200 of 251 are shown") || !strings.Contains(text, "250 datasets") {
		t.Errorf("it doesn't say what is missing: %.400s", text)
	}
}

// place is where the cards of a picture stand.
func places(page *html.Node) map[string]string {
	out := map[string]string{}
	for _, n := range find(page, "", "data-node", "") {
		if strings.Contains(attr(n, "class"), "handle") {
			continue
		}
		for _, r := range find(n, "rect", "", "") {
			out[attr(n, "data-node")] = attr(r, "y")
		}
	}
	return out
}

func TestUnfoldingKeepsWhatIsThere(t *testing.T) {
	w := newCompany(t)
	address := "/lineage?root=" + mart
	before := w.ok(address)
	handles := find(before, "a", "class", "handle")
	if len(handles) == 0 {
		t.Fatal("nothing to unfold")
	}
	after := w.ok(attr(handles[0], "href"))
	was, is := places(before), places(after)
	if len(is) <= len(was) {
		t.Fatalf("%d boxes before, %d after", len(was), len(is))
	}
	shift := map[string]bool{}
	for id := range was {
		if is[id] == "" {
			t.Errorf("%s is gone", id)
		}
		shift[fmt.Sprint(number(t, is[id])-number(t, was[id]))] = true
	}
	if len(shift) != 1 {
		t.Errorf("what was there moved against each other: %v", slices.Collect(maps.Keys(shift)))
	}
}

var figure = regexp.MustCompile(`-?\d+(\.\d+)?`)

func number(t *testing.T, text string) float64 {
	t.Helper()
	var f float64
	if _, err := fmt.Sscan(figure.FindString(text), &f); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return f
}

func TestPictureWithoutJobs(t *testing.T) {
	w := newCompany(t)
	page := w.ok("/lineage?jobs=hide&root=" + mart)
	for id := range boxes(page) {
		if strings.HasPrefix(id, "tf_") {
			t.Errorf("the job %s is shown", id)
		}
	}
	if lines := find(page, "path", "data-from", mart); len(lines) < 5 {
		t.Errorf("%d lines leave the root", len(lines))
	}
}

func TestFocusedColumn(t *testing.T) {
	w := newCompany(t)
	column := string(catalog.ColumnID(catalog.DatasetID("snowflake://halden-eu1", "analytics.mart.customer_360"), "full_name"))
	page := w.ok("/lineage?mode=columns&root=" + mart + "&focus=" + column)
	dim, clear := 0, 0
	for _, n := range find(page, "path", "data-from", "") {
		if strings.Contains(attr(n, "class"), "dim") {
			dim++
		} else {
			clear++
		}
	}
	if dim == 0 || clear == 0 || clear >= dim {
		t.Errorf("%d lines stand out of %d", clear, clear+dim)
	}
	if len(find(page, "a", "data-unfocus", "")) != 1 {
		t.Error("there is no way back to all paths")
	}
	a := w.get("/lineage?root=" + column)
	if a.status != 303 || !strings.Contains(a.header.Get("Location"), "focus="+column) {
		t.Errorf("a column as root: status %d to %s", a.status, a.header.Get("Location"))
	}
}

func TestPictureOfTheUnknownPast(t *testing.T) {
	w := newCompany(t)
	page := w.ok("/lineage?root=" + mart + "&asOf=2001-01-01T00:00:00Z")
	if n := len(boxes(page)); n != 1 {
		t.Errorf("%d boxes before anything was there", n)
	}
	compared := w.ok("/lineage?root=" + mart + "&compare=2001-01-01T00:00:00Z")
	added := 0
	for _, n := range find(compared, "", "data-node", "") {
		if strings.Contains(attr(n, "class"), "added") {
			added++
		}
	}
	if added < 20 {
		t.Errorf("%d things are new since before the beginning", added)
	}
}

func TestEveryRootHasAPicture(t *testing.T) {
	w := newCompany(t)
	connected := 0
	for _, kind := range []string{"dataset", "transform", "consumer"} {
		for _, href := range hrefs(w.ok("/search?kind="+kind), "/lineage?root=") {
			page := w.ok(href)
			roots := 0
			for _, n := range find(page, "", "data-node", "") {
				if strings.Contains(attr(n, "aria-label"), "the start of this picture") {
					roots++
				}
			}
			if kind != "transform" && roots != 1 {
				t.Errorf("%s has %d starts", href, roots)
			}
			if len(boxes(page)) > 1 {
				connected++
			}
		}
	}
	if connected < 40 { // a few are alone: what was dropped, and jobs that only start others
		t.Errorf("%d pictures show more than their root", connected)
	}
}
