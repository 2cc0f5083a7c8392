package sqlite

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"weir/graph"
)

// entry is a row that is derived from a node: its place in a list, a value that searches filter by, a unique value.
type entry struct {
	idx    int64
	aud    int64 // the audience that the place is for; 0: everybody's
	key    string
	unique bool
}

// derive returns all entries of a node.
func (k *kindPlan) derive(id graph.ID, aud int64, props graph.Props) []entry {
	out := make([]entry, 0, 2*len(k.lists)+len(k.fields)+len(k.unique))
	for _, l := range k.lists {
		key := string(l.key(id, props))
		out = append(out, entry{idx: l.idx, key: key})
		if aud != 0 {
			out = append(out, entry{idx: l.idx, aud: aud, key: key})
		}
	}
	for prop, idx := range k.fields {
		out = append(out, entry{idx: idx, key: string(appendExact(nil, props[prop]))})
	}
	for prop, idx := range k.unique {
		if v, ok := props[prop].(string); ok {
			out = append(out, entry{idx: idx, key: v, unique: true})
		}
	}
	return out
}

// key is the place of a node in a list: what is filtered, what is sorted, and the id.
func (l listPlan) key(id graph.ID, props graph.Props) []byte {
	b := make([]byte, 0, 64)
	for _, p := range l.where {
		b = appendExact(b, props[p])
	}
	if l.sort != "" {
		b = appendSort(b, props[l.sort])
	}
	return append(b, id...)
}

func (k *kindPlan) uniqueProp(idx int64) string {
	for prop, i := range k.unique {
		if i == idx {
			return prop
		}
	}
	return "value"
}

// words are what a node is found by. Kind and audience are words too, so that a search never has to filter after a
// limit; they begin with an underscore, which no word of a text has.
func (k *kindPlan) words(aud int64, props graph.Props) string {
	seen := map[string]bool{}
	words := []string{kindWord(k.num)}
	if aud != 0 {
		words = append(words, audienceWord(aud))
	}
	for i, t := range k.spec.Text {
		text, _ := props[t.Prop].(string)
		if i == 0 && text != "" {
			words = append(words, wholeWord(graph.QueryWords(text)))
		}
		for _, w := range graph.Words(text) {
			if !seen[w] {
				seen[w] = true
				words = append(words, w)
			}
		}
	}
	return strings.Join(words, " ")
}

// wholeWord stands for all words of a node's first text together: what is called exactly what is searched for is
// found by it among any number of matches.
func wholeWord(words []string) string {
	whole := "_n_" + strings.Join(words, "_")
	if len(whole) <= graph.MaxSortBytes {
		return whole
	}
	sum := sha256.Sum256([]byte(whole))
	return "_n_" + hex.EncodeToString(sum[:])
}

func kindWord(num int64) string { return "_k" + strconv.FormatInt(num, 10) }

func audienceWord(num int64) string { return "_a" + strconv.FormatInt(num, 10) }

// touched tells whether anything that is derived from the properties may differ.
func (k *kindPlan) touched(was, is graph.Props) bool {
	for prop := range k.compared {
		if !sameValue(was[prop], is[prop]) {
			return true
		}
	}
	return false
}

func (k *kindPlan) sameText(was, is graph.Props) bool {
	for _, t := range k.spec.Text {
		if !sameValue(was[t.Prop], is[t.Prop]) {
			return false
		}
	}
	return true
}

// sameValue compares values; those that can't be compared with == count as different.
func sameValue(a, b any) bool {
	switch a.(type) {
	case []byte, []string:
		return false
	}
	switch b.(type) {
	case []byte, []string:
		return false
	}
	return a == b
}

// minus returns the entries of a that b lacks.
func minus(a, b []entry) []entry {
	var out []entry
	for _, e := range a {
		if !contains(b, e) {
			out = append(out, e)
		}
	}
	return out
}

func contains(list []entry, e entry) bool {
	for _, x := range list {
		if x == e {
			return true
		}
	}
	return false
}
