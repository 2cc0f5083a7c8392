package web_test

import (
	"testing"
)

// maxCalls is how often a page may ask its store.
const maxCalls = 12

// TestPagesKeepToTwelveCalls follows the links of the sample company, and asks for pictures in all their states.
func TestPagesKeepToTwelveCalls(t *testing.T) {
	w := newCompany(t)
	todo := []string{
		"/", "/search?q=customer+class:pii+domain:customer+kind:dataset", "/search?q=custmer", "/search?q=nothing+domain:care+class:pii+kind:dataset",
		"/lineage?root=" + mart + "&mode=columns&depth=3&direction=upstream&class=pii",
		"/lineage?root=" + mart + "&compare=2026-05-01T00:00:00Z", "/lineage.csv?root=" + mart, "/lineage/impact.csv?root=" + mart,
		"/lineage/versions?root=" + mart, "/search/suggest?q=cust",
	}
	seen := map[string]bool{}
	perKind := map[string]int{}
	most := map[string]int64{}
	for len(todo) > 0 {
		address := todo[0]
		todo = todo[1:]
		if seen[address] {
			continue
		}
		seen[address] = true
		kind := kindOf(address)
		if perKind[kind]++; perKind[kind] > 12 {
			continue
		}
		a := w.get(address)
		if a.status >= 400 {
			t.Errorf("%s: status %d", address, a.status)
			continue
		}
		most[kind] = max(most[kind], a.calls)
		if a.calls > maxCalls {
			t.Errorf("%s: %d calls to the store, at most %d", address, a.calls, maxCalls)
		}
		todo = append(todo, hrefs(parse(t, a.body), "/")...)
	}
	for _, kind := range []string{"/", "/search", "/datasets/*", "/datasets/*/columns/*", "/lineage", "/lineage/impact", "/runs/*", "/consumers/*", "/transforms/*"} {
		if most[kind] == 0 {
			t.Errorf("no page of the kind %s was asked for, or it asks nothing", kind)
		}
	}
	t.Log("most calls by kind of page:", most)
}

// TestUnfoldedPictureKeepsToTwelveCalls unfolds whatever can be unfolded.
func TestUnfoldedPictureKeepsToTwelveCalls(t *testing.T) {
	w := newCompany(t)
	address := "/lineage?root=" + mart + "&mode=columns"
	for range 8 {
		a := w.get(address)
		if a.status != 200 || a.calls > maxCalls {
			t.Fatalf("%s: status %d, %d calls", address, a.status, a.calls)
		}
		handles := find(parse(t, a.body), "a", "class", "handle")
		if len(handles) == 0 {
			t.Fatalf("%s has nothing to unfold", address)
		}
		address = attr(handles[0], "href")
	}
}
