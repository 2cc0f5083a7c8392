package catalog

import (
	"context"
	"slices"
	"strings"

	"weir/graph"
)

// fixedValues are the values of the qualifiers that have a closed list.
var fixedValues = map[string][]string{
	byKind:           {"dataset", "transform", "consumer", "dashboard", "report", "model", "agent", "application", "domain"},
	byClassification: {"public", "internal", "confidential", "restricted"},
	byState:          {"running", "completed", "failed", "aborted", "other"},
	byHas:            {"title", "description", "owner", "tag", "class", "domain", "column", "code"},
	byIs:             {"unconfirmed", "inferred", "silent", "failed"},
	bySort:           {"name", "written", "ran", "relevance"},
}

// suggestValues are the values of a field that begin with what was typed.
func (s *Service) suggestValues(ctx context.Context, field, typed string, limit int) ([]string, error) {
	values := slices.Clone(fixedValues[field])
	var err error
	switch field {
	case byDomain, byOwner, byTag:
		return s.namesLike(ctx, field, typed, limit)
	case byClass:
		var page Page[Class]
		page, err = s.Classes(ctx, graph.MaxPage, "")
		for _, c := range page.Items {
			values = append(values, c.Name)
		}
	case byPlatform, byType, byNamespace:
		values, err = s.bucketsOf(ctx, field)
	}
	values = slices.DeleteFunc(values, func(v string) bool { return !strings.HasPrefix(strings.ToLower(v), strings.ToLower(typed)) })
	return values[:min(len(values), limit)], err
}

func (s *Service) bucketsOf(ctx context.Context, field string) ([]string, error) {
	prop := valueProps[field]
	res, err := s.find(ctx, graph.Search{
		Kinds: SearchKinds, Where: []graph.Filter{noAlias, notInferred}, Facets: []graph.Facet{{Prop: prop}}})
	var out []string
	for _, b := range res.Facets[prop] {
		out = append(out, b.Value)
	}
	return out, err
}

// namesLike are the names of domains, owners or tags with a word that begins with what was typed.
func (s *Service) namesLike(ctx context.Context, field, typed string, limit int) ([]string, error) {
	kind := map[string]graph.Kind{byDomain: DomainType.Kind, byOwner: OwnerType.Kind, byTag: TagType.Kind}[field]
	named, err := s.findNames(ctx, typed, kind, limit)
	var out []string
	for _, a := range named {
		out = append(out, a.Name())
	}
	return out, err
}
