package neo4j

import (
	"strings"

	"weir/graph"
)

// The engine's own labels and properties. Each begins with exactly one underscore, which no escaped name does.
const (
	propID     = "_id"
	propKind   = "_kind"
	propPacked = "_p"     // the whole node or edge
	propWords  = "_words" // what the full-text index reads
	propLock   = "_lock"  // always true: setting it takes the node's lock and writes nothing

	propKey   = "_key"
	propSince = "_since" // of Valid, microseconds; the smallest number for "ever since"
	propUntil = "_until" // of Valid, microseconds; the largest number for "still"
	propKnown = "_known" // of Known.Since
	propEnded = "_ended" // of Known.Until; superseded rows alone have it
	propRel   = "_rel"   // the relation, where the relationship's type isn't its name

	pastPrefix = "_was_"
)

// escape makes the name of a kind, relation or property that can't be one of the engine's own.
func escape(name string) string {
	if strings.HasPrefix(name, "_") {
		return "_" + name
	}
	return name
}

// quoted writes a name into a statement. Names are letters, digits and underscores: they hold no backtick.
func quoted(name string) string { return "`" + name + "`" }

func label(kind graph.Kind) string { return quoted(escape(string(kind))) }

func prop(name string) string { return quoted(escape(name)) }

func relType(rel graph.Rel) string { return quoted(escape(string(rel))) }

func pastType(rel graph.Rel) string { return quoted(pastPrefix + string(rel)) }

// relTypes writes the types of relations for a pattern, those of superseded rows too if wanted.
func relTypes(rels []graph.Rel, past bool) string {
	if len(rels) == 0 {
		return "_none" // a type that no relationship has
	}
	types := make([]string, 0, 2*len(rels))
	for _, rel := range rels {
		types = append(types, relType(rel))
		if past {
			types = append(types, pastType(rel))
		}
	}
	return strings.Join(types, "|")
}

// arrow writes a relationship pattern that leads along dir.
func arrow(dir graph.Dir, inner string) string {
	if dir == graph.In {
		return "<-[" + inner + "]-"
	}
	return "-[" + inner + "]->"
}
