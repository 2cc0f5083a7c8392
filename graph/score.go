package graph

import (
	"slices"
	"strings"
)

// Score ranks a match, the same for every engine: for each word of the query the weight of the best property that
// holds it, a half of it where only the beginning of a word matches, and, if the words of the kind's
// first text property are exactly the query, three times that property's weight on top. Props must hold the kind's text.
func Score(spec Spec, query []string, props Props) float64 {
	if len(query) == 0 {
		return 0
	}
	best := make([]float64, len(query))
	var bonus float64
	for i, t := range spec.Text {
		text, _ := props[t.Prop].(string)
		if text == "" {
			continue
		}
		words := Words(text)
		all := true
		for j, q := range query {
			m := matches(words, q)
			best[j] = max(best[j], t.Weight*m)
			all = all && m == 1
		}
		if i == 0 && all && slices.Equal(QueryWords(text), query) { // which are among words
			bonus = 3 * t.Weight
		}
	}
	sum := bonus
	for _, b := range best {
		sum += b
	}
	return sum
}

// matches is 1 if the word is among words, a half if one of them begins with it, else 0.
func matches(words []string, word string) float64 {
	var found float64
	for _, w := range words {
		if w == word {
			return 1
		}
		if strings.HasPrefix(w, word) {
			found = 0.5
		}
	}
	return found
}
