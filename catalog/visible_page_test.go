package catalog_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/authz"
	"weir/catalog"
)

// TestPages_OfNamesAndRuns pages through names and runs of which most belong to what is hidden: each visible one comes
// once, and no cursor names a hidden one.
func TestPages_OfNamesAndRuns(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		var events []catalog.Event
		want := map[string]bool{}
		for i := range 700 {
			name := fmt.Sprintf("secret%03d", i)
			values := catalog.Values{}
			if i%90 == 20 || i == 699 {
				name = fmt.Sprintf("shown%03d", i)
				want["tag-"+name] = true
			} else {
				values[catalog.FieldDomain] = []string{"vault"}
			}
			values[catalog.FieldTags] = []string{fmt.Sprintf("%03d-tag-%s", i, name)}
			events = append(events, about(table(name, values)))
			run := runOf("job_"+name, "", name, catalog.EventComplete, noon.Add(-time.Duration(i)*time.Minute), []string{name}, nil)
			events = append(events, run...)
		}
		for part := range slices.Chunk(events, 200) {
			c.send(part...)
		}
		c.say(catalog.DomainID("vault"), catalog.DescribeInput{Visibility: ptr("closed")})
		s, ctx := c.Guarded(policyOf(t, c.store)), as(t, "ann")
		tags := walk(t, func(after string) (catalog.Page[catalog.Tag], error) { return s.Tags(ctx, 3, after) })
		runs := walk(t, func(after string) (catalog.Page[catalog.RunItem], error) {
			return s.Runs(ctx, catalog.RunList{First: 3, After: after})
		})
		if len(tags) != len(want) || len(runs) != len(want) {
			t.Errorf("%d tags and %d runs, want %d of each", len(tags), len(runs), len(want))
		}
		for _, tag := range tags {
			if _, name, _ := strings.Cut(tag.Name, "-"); !want[name] {
				t.Errorf("tag %s", tag.Name)
			}
		}
		all := c.Guarded(policyOf(t, c.store))
		every := walk(t, func(after string) (catalog.Page[catalog.Tag], error) {
			return all.Tags(authz.With(t.Context(), authz.Operator), 100, after)
		})
		if len(every) != 700 {
			t.Errorf("the operator sees %d tags", len(every))
		}
	})
}

// walk reads all pages, and fails on a cursor that names something secret to whoever may not see all.
func walk[T any](t *testing.T, next func(after string) (catalog.Page[T], error)) []T {
	t.Helper()
	var out []T
	after := ""
	for range 1_000 {
		page, err := next(after)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, page.Items...)
		text, err := base64.RawURLEncoding.DecodeString(page.Next)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Items) < 10 && strings.Contains(string(text), "secret") {
			t.Errorf("a cursor says %s", text)
		}
		if after = page.Next; after == "" {
			return out
		}
	}
	t.Fatal("the pages don't end")
	return nil
}
