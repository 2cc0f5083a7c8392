package catalog

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"weir/graph"
)

// spelling replaces words that nothing holds by the nearest that something does.
func (s *Service) spelling(ctx context.Context, p *plan) (string, error) {
	fixed := slices.Clone(p.typed.Words)
	changed, tried := false, 0
	for i, word := range p.typed.Words {
		stem := firstRunes(word, stemLen)
		if utf8.RuneCountInString(word) <= stemLen || tried == maxSpelling {
			continue
		}
		tried++
		p.calls++
		res, err := s.find(ctx, graph.Search{
			Text: stem, Prefix: true, Kinds: SearchKinds, Where: []graph.Filter{noAlias, notInferred}, Limit: 500})
		if err != nil {
			return "", err
		}
		if near := nearest(strings.ToLower(word), res.Hits); near != "" {
			changed = changed || near != strings.ToLower(word)
			fixed[i] = near
		}
	}
	if !changed {
		return "", nil
	}
	p.calls++
	better := p.typed
	better.Words = fixed
	res, err := s.find(ctx, graph.Search{
		Text: better.text(), Prefix: true, Kinds: SearchKinds, Where: []graph.Filter{noAlias, notInferred}})
	if err != nil || res.Total == 0 {
		return "", err
	}
	return better.String(), nil
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// nearest is the word in names, titles and columns that is fewest edits away, at most a third of its length; "" if
// there is none.
func nearest(word string, hits []graph.Hit) string {
	best, least := "", utf8.RuneCountInString(word)/3+1
	for _, h := range hits {
		for _, t := range kindSpecs[h.Node.Kind].Text {
			if t.Prop == "description" || t.Prop == "namespace" {
				continue
			}
			text, _ := h.Node.Props[t.Prop].(string)
			for _, w := range graph.Words(text) {
				if d := edits(word, w, least); d < least || d == least && best != "" && w < best {
					best, least = w, d
				}
			}
		}
	}
	return best
}

// edits is how many characters have to be put in, taken out, changed or swapped with their neighbour to make a of b;
// limit+1 if more than limit.
func edits(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	before, prev, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, prev, row = prev, row, before
	}
	return min(prev[len(y)], limit+1)
}
