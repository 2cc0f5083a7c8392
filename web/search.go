package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// searchRows is the length of a page of results.
const searchRows = 20

// sorts are the orders that the search page offers, by the word in the address.
var sorts = []struct {
	word, label, sort string
	desc              bool
}{{"", "Best match", "", false}, {"name", "Name", "name", false}, {"written", "Loaded last", "written", true}}

// filterFields are the facets of the search page, as they stand in addresses; level is a second word for one.
var filterFields = []string{"kind", "domain", "classification", "level", "class", "owner", "tag", "platform", "state", "type"}

// search answers the results page.
func (s *Site) search(w http.ResponseWriter, r *http.Request) error {
	begin := time.Now()
	q := searchQuery(r.URL.Query())
	input, err := searchInput(q)
	if err != nil {
		return err
	}
	found, err := s.Catalog.Search(r.Context(), input)
	problem := ""
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.TooLarge) {
		problem, err = wrongText(err), nil
	}
	if err != nil {
		return err
	}
	page := s.searchPage(q, input, found)
	page.Took = ui.Duration(time.Since(begin))
	if problem != "" {
		page.Problem = problem
	}
	return s.show(w, r, http.StatusOK, view.SearchPage(s.shell(r), page))
}

func searchQuery(values url.Values) link.SearchQuery {
	q := link.SearchQuery{Text: values.Get("q"), Sort: values.Get("sort"), After: values.Get("after")}
	for _, name := range filterFields {
		for _, v := range values[name] {
			f := link.Filter{Name: name, Value: v}
			if name == "level" {
				f.Name = "classification"
			}
			if v != "" && !slices.Contains(q.Filters, f) {
				q.Filters = append(q.Filters, f)
			}
		}
	}
	return q
}

func searchInput(q link.SearchQuery) (catalog.SearchInput, error) {
	in := catalog.SearchInput{Query: q.Text, Limit: searchRows, Facets: true}
	for _, f := range q.Filters {
		in.Terms = append(in.Terms, catalog.Term{Field: f.Name, Value: f.Value})
	}
	for _, o := range sorts {
		if o.word == q.Sort {
			in.Sort, in.Desc = o.sort, o.desc
		}
	}
	if q.After != "" {
		offset, err := strconv.Atoi(q.After)
		if err != nil || offset < 0 || offset > graph.MaxWindow-searchRows {
			return in, errs.Bad("after", "is not a place in these results.")
		}
		in.Offset = offset
	}
	return in, nil
}

func (s *Site) searchPage(q link.SearchQuery, in catalog.SearchInput, found catalog.SearchResult) view.Search {
	page := view.Search{Query: q, Facets: facets(found.Facets), Zero: zeroHelp(q, found.Help), Pager: searchPager(q, in.Offset, found)}
	page.Total = number(found.Total, found.Capped) + " " + plural(found.Total, "result")
	for _, f := range q.Filters {
		page.Chips = append(page.Chips, ui.Chip{Name: f.Name, Value: f.Value, Remove: q.Without(f).URL()})
	}
	for i, note := range found.Notes {
		if i > 0 {
			page.Problem += " "
		}
		page.Problem += note
	}
	for _, o := range sorts {
		page.Sorts = append(page.Sorts, view.SortOption{Value: o.word, Label: o.label, On: o.word == q.Sort})
	}
	for _, h := range found.Hits {
		page.Hits = append(page.Hits, s.hit(h))
	}
	return page
}

func searchPager(q link.SearchQuery, offset int, found catalog.SearchResult) ui.Pager {
	end := offset + len(found.Hits)
	p := ui.Pager{Summary: ui.Number(int64(offset+1)) + " to " + ui.Number(int64(end)) + " of " + number(found.Total, found.Capped)}
	if offset > 0 {
		p.First = q.At("").URL()
	}
	if end < found.Total && end <= graph.MaxWindow-searchRows {
		p.Next = q.At(strconv.Itoa(end)).URL()
	}
	return p
}
