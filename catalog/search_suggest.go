package catalog

import (
	"context"
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
