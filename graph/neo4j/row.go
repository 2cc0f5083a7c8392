package neo4j

import (
	"time"

	"weir/graph"
)

// rowName tells the current rows of edges apart: the rows of one edge never overlap, so none share a beginning.
type rowName struct {
	from, to graph.ID
	rel      graph.Rel
	key      string
	since    int64
}

func nameOf(e graph.Edge) rowName {
	return rowName{e.From, e.To, e.Rel, e.Key, sinceOf(e.Valid.Since)}
}

// edgeName is what the rows of an edge share.
func edgeName(e graph.Edge) rowName { return rowName{e.From, e.To, e.Rel, e.Key, 0} }

// storedRow are the properties of a relationship that keeps a row: packed, and what statements ask it by.
func storedRow(e graph.Edge) map[string]any {
	out := map[string]any{
		propKey: e.Key, propSince: sinceOf(e.Valid.Since), propUntil: untilOf(e.Valid.Until),
		propKnown: e.Known.Since.UnixMicro(), propPacked: packEdge(e),
	}
	past := !e.Known.Until.IsZero()
	if past {
		out[propEnded] = e.Known.Until.UnixMicro()
	}
	if past || escape(string(e.Rel)) != string(e.Rel) {
		out[propRel] = string(e.Rel)
	}
	return out
}

// moment is a pair of times to look at, as a condition on relationships.
type moment struct {
	at    int64
	known int64
	past  bool // superseded rows count too
}

func momentOf(at, known time.Time) moment {
	m := moment{at: at.UnixMicro(), past: !known.IsZero()}
	if at.IsZero() {
		m.at = now()
	}
	if m.past {
		m.known = known.UnixMicro()
	}
	return m
}

// holds is the condition on a relationship r, for parameters at and known.
func (m moment) holds(r string) string {
	s := r + "._since <= $at AND " + r + "._until > $at"
	if m.past {
		s += " AND " + r + "._known <= $known AND (" + r + "._ended IS NULL OR " + r + "._ended > $known)"
	}
	return s
}

// relName is the relation of a relationship r.
func relName(r string) string { return "coalesce(" + r + "._rel, type(" + r + "))" }

func (m moment) params() map[string]any { return map[string]any{"at": m.at, "known": m.known} }

// holdsNow is the condition that a current row r holds now, for a parameter now.
func holdsNow(r string) string { return r + "._since <= $now AND " + r + "._until > $now" }
