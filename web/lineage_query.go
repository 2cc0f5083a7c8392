package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"weir/catalog"
	"weir/catalog/lineage"
	"weir/errs"
	"weir/graph"
	"weir/views/link"
)

// The bounds of what the address of a picture may ask for.
const (
	maxSteps = 10
	maxOpen  = 24 // unfolded nodes, groups and columns
)

// What is unfolded stands in addresses as one of these words, a dot and an id.
const (
	openUp    = "up"   // what a node is made from
	openDown  = "down" // what is made of a node
	openCols  = "cols" // more columns of a dataset
	openGroup = "grp"  // the members of a group
)

// lineageFilters are the filters of a picture and of a list, as they stand in addresses.
var lineageFilters = []string{"kind", "domain", "owner", "class", "level", "since"}

// lineageQuery reads the state of a picture from an address.
func lineageQuery(values url.Values) (link.LineageQuery, error) {
	q := link.LineageQuery{
		Direction: values.Get("direction"), Focus: values.Get("focus"), Columns: values.Get("mode") == "columns",
		HideJobs: values.Get("jobs") == "hide", HideIndirect: values.Get("indirect") == "hide",
		AsOf: values.Get("asOf"), Compare: values.Get("compare"), View: values.Get("view"), After: values.Get("after"),
	}
	if text := values.Get("depth"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxSteps {
			return q, errs.Badf("depth", "counts steps and lies between 1 and %d.", maxSteps)
		}
		q.Depth = n
	}
	if !slices.Contains([]string{"", "upstream", "downstream"}, q.Direction) {
		return q, errs.Bad("direction", "is upstream or downstream, or left out for both.")
	}
	for _, token := range values["open"] {
		if len(q.Open) < maxOpen {
			q = q.Opened(token)
		}
	}
	for _, name := range lineageFilters {
		if v := values.Get(name); v != "" {
			q.Filters = append(q.Filters, link.Filter{Name: name, Value: v})
		}
	}
	return q, nil
}

// directions are the words of addresses for what the catalog calls a direction.
var directions = map[string]lineage.Direction{"": lineage.Both, "upstream": lineage.Upstream, "downstream": lineage.Downstream}

// pictureQuery is what the state asks of the catalog.
func (s *Site) pictureQuery(root graph.ID, q link.LineageQuery) (lineage.Query, error) {
	filter, err := s.lineageFilter(q.Filters)
	if err != nil {
		return lineage.Query{}, err
	}
	at, err := timeOf("asOf", q.AsOf)
	if err != nil {
		return lineage.Query{}, err
	}
	return lineage.Query{
		Root: root, Direction: directions[q.Direction], Depth: edgesOf(root, cmp.Or(q.Depth, 1)), AsOf: at, Filter: filter,
		MaxNodes: maxPicture, Columns: q.Columns, Indirect: !q.HideIndirect, Fields: lineage.CardFields,
		Up: opened(q.Open, openUp), Down: opened(q.Open, openDown),
	}, nil
}

// edgesOf is how many edges a number of steps are, seen from a root. From a job or a consumer the first step is one edge:
// a second one would lead to jobs that nothing in the picture stands behind.
func edgesOf(root graph.ID, steps int) int {
	if strings.HasPrefix(string(root), catalog.DatasetType.Spec.Prefix+"_") {
		return lineage.Depth(steps)
	}
	return lineage.Depth(steps) - 1
}

func opened(tokens []string, word string) []graph.ID {
	var out []graph.ID
	for _, token := range tokens {
		kind, id, _ := strings.Cut(token, ".")
		if kind == word && graph.ValidID(graph.ID(id)) {
			out = append(out, graph.ID(id))
		}
	}
	return out
}

// kindsOf are the kinds that a filter can name.
var kindsOf = map[string]graph.Kind{
	"dataset": catalog.DatasetType.Kind, "transform": catalog.TransformType.Kind, "consumer": catalog.ConsumerKind.Kind,
}

func (s *Site) lineageFilter(all []link.Filter) (lineage.Filter, error) {
	var out lineage.Filter
	for _, f := range all {
		switch f.Name {
		case "kind":
			kind, ok := kindsOf[f.Value]
			if !ok {
				return out, errs.Bad("kind", "is dataset, transform or consumer.")
			}
			out.Kinds = []graph.Kind{kind}
		case "domain":
			out.Domains = []graph.ID{catalog.DomainID(f.Value)}
		case "owner":
			out.Owners = []graph.ID{catalog.OwnerID(f.Value)}
		case "class":
			out.Classes = []graph.ID{catalog.ClassID(f.Value)}
		case "level":
			out.Classifications = []catalog.Classification{catalog.Classification(f.Value)}
		case "since":
			days, err := strconv.Atoi(f.Value)
			if err != nil || days < 1 || days > 3650 {
				return out, errs.Bad("since", "is a number of days.")
			}
			out.Since = s.Now().Add(-time.Duration(days) * 24 * time.Hour)
		}
	}
	return out, nil
}
