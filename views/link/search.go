package link

import (
	"net/url"
	"slices"
)

// Filter is one facet value that a search is narrowed to, such as {"domain", "payments"}.
type Filter struct {
	Name  string
	Value string
}

// Field is one name and value of a form or a query string.
type Field struct {
	Name  string
	Value string
}

// SearchQuery is the state of the search page. All of it stands in the address.
type SearchQuery struct {
	// Text is what was typed, qualifiers included.
	Text string
	// Filters are the facet values that are ticked.
	Filters []Filter
	// Sort is "" for the best match, else a name that the search page offers.
	Sort string
	// After is the opaque cursor of the page, "" for the first.
	After string
}

// Search is the search page for a text; an empty text lists everything.
func Search(text string) string { return SearchQuery{Text: text}.URL() }

// Suggest is where the search box asks what its text may become.
func Suggest() string { return "/search/suggest" }

// SearchFor is the search page narrowed to one facet value.
func SearchFor(name, value string) string {
	return SearchQuery{Filters: []Filter{{Name: name, Value: value}}}.URL()
}

// URL is the address of this state.
func (q SearchQuery) URL() string {
	values := url.Values{"q": {q.Text}, "sort": {q.Sort}, "after": {q.After}}
	for _, f := range q.Filters {
		values.Add(f.Name, f.Value)
	}
	return withQuery("/search", values)
}

// Without is the same search with one filter dropped, from its first page.
func (q SearchQuery) Without(f Filter) SearchQuery {
	q.After = ""
	q.Filters = slices.DeleteFunc(slices.Clone(q.Filters), func(have Filter) bool { return have == f })
	return q
}

// With is the same search with one filter more, from its first page.
func (q SearchQuery) With(f Filter) SearchQuery {
	q.After = ""
	q.Filters = append(slices.Clone(q.Filters), f)
	return q
}

// At is the same search on another page.
func (q SearchQuery) At(cursor string) SearchQuery {
	q.After = cursor
	return q
}
