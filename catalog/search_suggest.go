package catalog

import (
	"context"
	"slices"
	"strings"

	"weir/errs"
	"weir/graph"
)

// Suggestion is something that the text of the search box may become. Query is the whole text then; of an asset it is
// what finds it, and Asset is set.
type Suggestion struct {
	Query string
	Title string // what to show
	Asset *Asset // nil: a qualifier or its value
}

// MaxSuggestions is how many suggestions may be asked for.
const MaxSuggestions = 50

// Suggest completes the text of the search box, in two calls at most: qualifiers, values of the qualifier that is being
// typed, or assets by the beginning of a word.
func (s *Service) Suggest(ctx context.Context, text string, limit int) ([]Suggestion, error) {
	if limit < 1 || limit > MaxSuggestions {
		return nil, errs.Badf("limit", "is %d; 1 to %d are allowed.", limit, MaxSuggestions)
	}
	head, last := lastToken(text)
	if last == "" {
		return nil, nil
	}
	if field, value, ok := strings.Cut(last, ":"); ok {
		if field, known := qualifierOf(field); known {
			values, err := s.suggestValues(ctx, field, strings.Trim(value, `"`), limit)
			return completed(head, field, values), err
		}
	}
	out := suggestQualifiers(head, last)
	assets, err := s.suggestAssets(ctx, text, limit)
	out = append(out, assets...)
	return out[:min(len(out), limit)], err
}

// lastToken splits the text before the token that is being typed, which may be a quoted value with blanks.
func lastToken(text string) (head, last string) {
	at, quoted := 0, false
	for i, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ' ' && !quoted:
			at = i + 1
		}
	}
	return text[:at], text[at:]
}

func suggestQualifiers(head, last string) []Suggestion {
	var out []Suggestion
	for _, q := range Qualifiers {
		if len(last) > 1 && strings.HasPrefix(q, strings.ToLower(last)) {
			out = append(out, Suggestion{Query: head + q + ":", Title: q + ":"})
		}
	}
	return out
}

func completed(head, field string, values []string) []Suggestion {
	var out []Suggestion
	for _, v := range values {
		term := Term{Field: field, Value: v}.String()
		out = append(out, Suggestion{Query: head + term, Title: term})
	}
	return out
}

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
		Kinds: SearchKinds, Where: []graph.Filter{noAlias}, Facets: []graph.Facet{{Prop: prop}}})
	var out []string
	for _, b := range res.Facets[prop] {
		out = append(out, b.Value)
	}
	return out, err
}

// namesLike are the names of domains, owners or tags with a word that begins with what was typed.
func (s *Service) namesLike(ctx context.Context, field, typed string, limit int) ([]string, error) {
	kind := map[string]graph.Kind{byDomain: DomainType.Kind, byOwner: OwnerType.Kind, byTag: TagType.Kind}[field]
	res, err := s.find(ctx, graph.Search{Text: typed, Prefix: true, Kinds: []graph.Kind{kind}, Limit: limit})
	if err != nil {
		return nil, err
	}
	var out []string
	for _, h := range res.Hits {
		a, _, err := readAsset(h.Node)
		if err != nil {
			return nil, err
		}
		out = append(out, a.Name())
	}
	return out, nil
}

// suggestAssets are the best matches of the text, its last word being the beginning of one. What terms name is looked up
// when the search is made, not here.
func (s *Service) suggestAssets(ctx context.Context, text string, limit int) ([]Suggestion, error) {
	typed := ParseSearch(text)
	if graph.QueryWords(typed.text()) == nil {
		return nil, nil
	}
	p := &plan{typed: Typed{Words: typed.Words, Terms: typed.Terms}, among: map[string][]graph.ID{}}
	p.fromKinds()
	p.fromValues()
	q := p.search("")
	q.Text, q.Limit = typed.text(), limit
	res, err := s.find(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []Suggestion
	for _, h := range res.Hits {
		a, _, err := readAsset(h.Node)
		if err != nil {
			return nil, err
		}
		typed.Words = []string{a.Name()}
		out = append(out, Suggestion{Query: typed.String(), Title: a.Shown(), Asset: &a})
	}
	return out, nil
}
