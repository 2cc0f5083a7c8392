package link

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
)

// LineageQuery is the state of a lineage picture, its table and its lists. All of it stands in the address, so that
// a picture can be shared and the back button works. The zero value shows one step both ways.
type LineageQuery struct {
	// Direction is "upstream", "downstream" or "" for both.
	Direction string
	// Depth is the number of steps, 0 for the usual one.
	Depth int
	// Open holds the ids of the nodes, groups and columns that were unfolded, in the order they were.
	Open []string
	// Focus is the id of the node or column whose path stands out.
	Focus string
	// Columns shows columns in the cards.
	Columns bool
	// HideJobs leaves transforms out; HideIndirect leaves out edges that only filter, join or sort.
	HideJobs     bool
	HideIndirect bool
	// AsOf and Compare are RFC 3339 times, "" for now and for no comparison.
	AsOf    string
	Compare string
	// Filters narrow by kind, owner, domain, class or level.
	Filters []Filter
	// View is "table", "picture", or "" for what suits the screen: the table on a phone, else the picture.
	View string
	// After is the cursor of a list's page.
	After string
}

// Lineage is the picture (or table) around the asset with the id root. An empty root asks for one.
func Lineage(root string, q LineageQuery) string { return withQuery("/lineage", q.values(root)) }

// LineageCSV is the same answer as a file.
func LineageCSV(root string, q LineageQuery) string {
	return withQuery("/lineage.csv", q.values(root))
}

// Versions are the times at which the lineage around an asset changed.
func Versions(root string, q LineageQuery) string {
	return withQuery("/lineage/versions", q.values(root))
}

// Impact lists all that depends on an asset, however far away.
func Impact(root string, q LineageQuery) string { return withQuery("/lineage/impact", q.values(root)) }

// ImpactCSV is the same list as a file.
func ImpactCSV(root string, q LineageQuery) string {
	return withQuery("/lineage/impact.csv", q.values(root))
}

// Opened is the same picture with one node, group or column more unfolded.
func (q LineageQuery) Opened(id string) LineageQuery {
	if !slices.Contains(q.Open, id) {
		q.Open = append(slices.Clone(q.Open), id)
	}
	return q
}

// Closed is the same picture with the node folded again.
func (q LineageQuery) Closed(id string) LineageQuery {
	q.Open = slices.DeleteFunc(slices.Clone(q.Open), func(have string) bool { return have == id })
	return q
}

// Focused is the same picture with another path standing out, "" for none.
func (q LineageQuery) Focused(id string) LineageQuery {
	q.Focus = id
	return q
}

// As is the same answer in another view.
func (q LineageQuery) As(view string) LineageQuery {
	q.View = view
	return q
}

// On is the same picture as of another time, "" for now.
func (q LineageQuery) On(asOf string) LineageQuery {
	q.AsOf = asOf
	return q
}

// ComparedTo is the same picture with what changed since a time marked, "" for nothing.
func (q LineageQuery) ComparedTo(at string) LineageQuery {
	q.Compare = at
	return q
}

// Without is the same picture with one filter dropped.
func (q LineageQuery) Without(f Filter) LineageQuery {
	q.After = ""
	q.Filters = slices.DeleteFunc(slices.Clone(q.Filters), func(have Filter) bool { return have == f })
	return q
}

// At is the same list on another page.
func (q LineageQuery) At(cursor string) LineageQuery {
	q.After = cursor
	return q
}

// Hidden lists what a form has to carry along besides its own fields, whose names are given.
func (q LineageQuery) Hidden(root string, own ...string) []Field {
	var fields []Field
	values := q.values(root)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if slices.Contains(own, name) {
			continue
		}
		for _, v := range values[name] {
			if v != "" {
				fields = append(fields, Field{Name: name, Value: v})
			}
		}
	}
	return fields
}

func (q LineageQuery) values(root string) url.Values {
	values := url.Values{
		"root": {root}, "direction": {q.Direction}, "open": slices.Clone(q.Open), "focus": {q.Focus},
		"asOf": {q.AsOf}, "compare": {q.Compare}, "after": {q.After},
		"mode": {word(q.Columns, "columns")}, "jobs": {word(q.HideJobs, "hide")},
		"indirect": {word(q.HideIndirect, "hide")}, "view": {q.View},
	}
	if q.Depth > 0 {
		values.Set("depth", strconv.Itoa(q.Depth))
	}
	for _, f := range q.Filters {
		values.Add(f.Name, f.Value)
	}
	return values
}

func word(set bool, text string) string {
	if set {
		return text
	}
	return ""
}
