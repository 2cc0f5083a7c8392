package neo4j

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"weir/graph"
)

// layout is what the schema asks of the database: the properties that are derived for its questions.
type layout struct {
	schema graph.Schema
	kinds  map[graph.Kind]*kindLayout
	types  string // of all relations, for a pattern
}

// kindLayout is the part of one kind.
type kindLayout struct {
	kind  graph.Kind
	spec  graph.Spec
	lists []listLayout
}

// listLayout names the properties that hold the keys of a list: all nodes, and those with an audience by it.
type listLayout struct {
	graph.List
	all, visible string
}

// derivation counts the versions of how derived properties are made: a new one makes them all anew.
const derivation = 1

func newLayout(schema graph.Schema) *layout {
	rels := slices.Sorted(slices.Values(schema.Rels))
	l := &layout{schema: schema, kinds: map[graph.Kind]*kindLayout{}, types: relTypes(rels, false)}
	for kind, spec := range schema.Kinds {
		k := &kindLayout{kind: kind, spec: spec}
		for _, list := range spec.Lists {
			list.Where = slices.Sorted(slices.Values(list.Where))
			name := digest(list)[:10]
			k.lists = append(k.lists, listLayout{List: list, all: "_l_" + name, visible: "_v_" + name})
		}
		l.kinds[kind] = k
	}
	return l
}

// stamps tell for each kind how its derived properties were made.
func (l *layout) stamps() map[graph.Kind]string {
	out := map[graph.Kind]string{}
	for kind, spec := range l.schema.Kinds {
		out[kind] = fmt.Sprintf("%d.%s", derivation, digest(spec)[:16])
	}
	return out
}

// digest names a piece of the schema. Its types hold nothing that JSON can't say.
func digest(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("neo4j: schema: " + err.Error())
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// sorted are the kinds in order, for whatever should happen in one.
func (l *layout) sorted() []*kindLayout {
	var out []*kindLayout
	for _, kind := range slices.Sorted(maps.Keys(l.kinds)) {
		out = append(out, l.kinds[kind])
	}
	return out
}
