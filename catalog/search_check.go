package catalog

import (
	"slices"
	"strings"

	"weir/graph"
)

// seen is a match as checks look at it.
type seen struct {
	asset Asset
	props graph.Props
	edges []graph.Edge // to owners, tags and classes
	stale bool         // one of its lineage edges is unconfirmed
}

// check is a condition that is looked at one by one, since the store can't answer it.
type check struct {
	holds func(*seen) bool // nil: not understood
	edges bool             // it looks at edges
	stale bool             // it looks at stale
}

// hasRels are the relations behind has:.
var hasRels = map[string][]graph.Rel{"owner": {RelOwned}, "tag": {RelTagged}, "class": {RelClass, RelInherits}}

func hasCheck(what string) check {
	if rels, ok := hasRels[what]; ok {
		return check{edges: true, holds: func(f *seen) bool {
			return slices.ContainsFunc(f.edges, func(e graph.Edge) bool { return slices.Contains(rels, e.Rel) })
		}}
	}
	prop, ok := map[string]string{
		"description": "description", "title": "title", "domain": "domain", "column": "columnText", "columns": "columnText", "code": "code",
	}[what]
	if !ok {
		return check{}
	}
	return check{holds: func(f *seen) bool { return f.props[prop] != nil }}
}

func isCheck(what string) check {
	switch what {
	case "unconfirmed":
		return check{stale: true, holds: func(f *seen) bool { return f.stale }}
	case "inferred", "silent":
		return check{holds: func(f *seen) bool { return f.props[what] == true }}
	case "failed":
		return valueCheck(byState, string(Failed))
	}
	return check{}
}

// columnCheck finds the words of a column's name in the name of one column.
func columnCheck(name string) check {
	words := graph.QueryWords(name)
	return check{holds: func(f *seen) bool { return len(columnsWith(f.props, words)) > 0 }}
}

// columnsWith are the columns whose name holds all words.
func columnsWith(props graph.Props, words []string) []string {
	if len(words) == 0 {
		return nil
	}
	text, _ := props["columnText"].(string)
	var out []string
	for _, path := range strings.Fields(text) {
		have := graph.Words(path)
		if !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(have, w) }) {
			out = append(out, path)
		}
	}
	return out
}

// wordCheck finds a word in the searched text.
func wordCheck(word string) check {
	words := graph.QueryWords(word)
	if len(words) == 0 {
		return check{}
	}
	return check{holds: func(f *seen) bool {
		var have []string
		for _, t := range kindSpecs[f.asset.Kind].Text {
			text, _ := f.props[t.Prop].(string)
			have = append(have, graph.Words(text)...)
		}
		return !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(have, w) })
	}}
}

func kindCheck(word string) check {
	kind, typ := kindOf(word)
	if kind == "" {
		return check{}
	}
	return check{holds: func(f *seen) bool {
		c, _ := f.asset.Value.(Consumer)
		return f.asset.Kind == kind && (typ == "" || c.Type == typ)
	}}
}

func valueCheck(field, value string) check {
	prop, spelt := valueProps[field], spellings(field, value)
	return check{holds: func(f *seen) bool {
		have, _ := f.props[prop].(string)
		return slices.Contains(spelt, have)
	}}
}

// namedCheck finds a domain, owner, tag or class by its name.
func namedCheck(field, name string) check {
	id := namedIDs(field, name)
	if field == byDomain {
		return check{holds: func(f *seen) bool { return f.asset.DomainID() == id }}
	}
	return check{edges: true, holds: func(f *seen) bool {
		return slices.ContainsFunc(f.edges, func(e graph.Edge) bool { return e.To == id })
	}}
}
