package neo4j

import (
	"slices"
	"strings"

	"weir/graph"
)

// derived are the properties that a node has for the questions of its kind: keys of lists, and words.
func (k *kindLayout) derived(n graph.Node) map[string]any {
	out := make(map[string]any, 2*len(k.lists)+1)
	audience, seen := n.Props[graph.PropAudience].(string)
	for _, list := range k.lists {
		tail := list.tail(n.ID, n.Props)
		out[list.all] = list.head(n.Props) + tail
		if seen {
			out[list.visible] = list.headFor(audience, n.Props) + tail
		}
	}
	if k.spec.HasText() {
		out[propWords] = k.words(n)
	}
	return out
}

// head begins the keys of the nodes that have these values where the list filters.
func (l listLayout) head(props graph.Props) string { return hash(l.values(props)...) }

// headFor is head among the nodes with one audience.
func (l listLayout) headFor(audience string, props graph.Props) string {
	return hash(append([]string{audience}, l.values(props)...)...)
}

func (l listLayout) values(props graph.Props) []string {
	values := make([]string, len(l.Where))
	for i, p := range l.Where {
		values[i] = exactKey(props[p])
	}
	return values
}

// tail ends a node's key: its place in the list.
func (l listLayout) tail(id graph.ID, props graph.Props) string {
	if l.Sort == "" {
		return string(id)
	}
	return sortKey(props[l.Sort]) + string(id)
}

// words are what a node is found by: the words of its text, and terms for its kind, id, audience and facets. A term
// begins with an underscore, which no word does.
func (k *kindLayout) words(n graph.Node) string {
	terms := []string{kindTerm(n.Kind), idTerm(n.ID)}
	if audience, ok := n.Props[graph.PropAudience].(string); ok {
		terms = append(terms, audienceTerm(audience))
	}
	for _, p := range k.spec.Facets {
		if v, ok := n.Props[p]; ok {
			terms = append(terms, hasTerm(p), valueTerm(p, v), orderTerm(p, v))
		}
	}
	for _, t := range k.spec.Text {
		s, _ := n.Props[t.Prop].(string)
		terms = append(terms, graph.Words(s)...)
	}
	slices.Sort(terms)
	return strings.Join(slices.Compact(terms), " ")
}

func kindTerm(kind graph.Kind) string { return "_k" + string(kind) }

func idTerm(id graph.ID) string { return "_i" + letters(hash(string(id))) }

func audienceTerm(audience string) string { return "_a" + letters(hash(audience)) }

func hasTerm(p string) string { return "_h" + p }

func valueTerm(p string, v any) string { return "_e" + p + "." + letters(hash(exactKey(v))) }

func orderTerm(p string, v any) string { return "_o" + p + "." + packed(orderKey(v)) }

// letters replaces the one sign of a hash that the query language of the full-text index knows.
func letters(hash string) string { return strings.ReplaceAll(hash, "-", ".") }

// difference is what turns the properties before into those after.
func difference(before, after map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range after {
		if !same(before[k], v) {
			out[k] = v
		}
	}
	for k := range before {
		if _, ok := after[k]; !ok {
			out[k] = nil
		}
	}
	return out
}
