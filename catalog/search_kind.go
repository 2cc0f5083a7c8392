package catalog

import (
	"slices"
	"strings"

	"weir/graph"
)

// kindWords are what kind: takes, beside the kinds of consumers.
var kindWords = map[string]graph.Kind{
	"dataset": DatasetType.Kind, "table": DatasetType.Kind, "transform": TransformType.Kind, "job": TransformType.Kind,
	"consumer": ConsumerKind.Kind, "domain": DomainType.Kind,
}

// kindOf reads a word of kind:; the second result is a kind of consumer.
func kindOf(word string) (graph.Kind, ConsumerType) {
	word = strings.ToLower(word)
	if k, ok := kindWords[word]; ok {
		return k, ""
	}
	if slices.Contains(ConsumerTypes, ConsumerType(word)) {
		return ConsumerKind.Kind, ConsumerType(word)
	}
	return "", ""
}

// fromKinds works kind: out. Kinds of consumers beside other kinds are checked one by one, since the store has one
// filter for all kinds.
func (p *plan) fromKinds() {
	words := p.typed.of(byKind)
	if len(words) == 0 {
		return
	}
	var kinds []graph.Kind
	var types []any
	whole := map[graph.Kind]bool{}
	for _, w := range words {
		k, t := kindOf(w)
		if k == "" {
			p.notes = append(p.notes, "kind: does not know “"+w+"”.")
			continue
		}
		kinds = append(kinds, k)
		if t == "" {
			whole[k] = true
		} else {
			types = append(types, string(t))
		}
	}
	p.restrict(kinds)
	if len(types) == 0 || whole[ConsumerKind.Kind] {
		return
	}
	if len(whole) == 0 {
		p.filter(byKind, "type", types)
		return
	}
	p.checks = append(p.checks, check{holds: func(f *seen) bool {
		c, ok := f.asset.Value.(Consumer)
		return !ok || slices.Contains(types, any(string(c.Type)))
	}})
}

// restrict keeps the search to kinds, within those that the input asked for.
func (p *plan) restrict(kinds []graph.Kind) {
	if len(p.kinds) > 0 {
		kinds = slices.DeleteFunc(kinds, func(k graph.Kind) bool { return !slices.Contains(p.kinds, k) })
	}
	if len(kinds) == 0 {
		p.among[byKind] = []graph.ID{} // nothing is of that kind
		return
	}
	slices.Sort(kinds)
	p.kinds = slices.Compact(kinds)
}
