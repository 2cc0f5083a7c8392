package sqlite

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"zombiezen.com/go/sqlite"

	"weir/errs"
	"weir/graph"
)

// Explain returns the plan of every statement that answers a question of the contract, and an error that names those
// which look at everything or sort instead of following an index.
func (s *store) Explain(ctx context.Context) (map[string]string, error) {
	plans := map[string]string{}
	err := s.read(ctx, func(r *session) error {
		statements := r.plan.statements()
		for name, statement := range statements {
			plan, err := r.explain(statement)
			if err != nil {
				return err
			}
			plans[name] = plan
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var bad []string
	for _, name := range slices.Sorted(maps.Keys(plans)) {
		if scans(plans[name]) {
			bad = append(bad, fmt.Sprintf("%s: %s", name, plans[name]))
		}
	}
	if len(bad) > 0 {
		return plans, errs.Wrap(fmt.Errorf("sqlite: %s", strings.Join(bad, "; ")), errs.Internal, "")
	}
	return plans, nil
}

// statements are the statements of every declared shape of question.
func (p *plan) statements() map[string]string {
	out := map[string]string{
		"nodes by id": nodesByID, "nodes by number": nodesByNum, "bare nodes": bareByNum, "numbers by id": numsByID, "ids by number": idsByNum,
		"properties": propsByNum, "edges by number": edgesByNum, "past edges by number": pastByNum, "edges held": heldEdges,
		"search words": wordNodes, "update a node": updateNode, "drop entries": dropEntries, "drop words": dropWords,
		"drop edges": dropEdges, "update edges": updateEdges,
	}
	for i, query := range deletes {
		out[fmt.Sprintf("delete %d", i)] = query
	}
	for dir, name := range map[graph.Dir]string{graph.Out: "out", graph.In: "in"} {
		for v, view := range map[view]string{viewNow: "now", viewKnown: "as known", viewAll: "all"} {
			out[fmt.Sprintf("edges %s %s of a relation", name, view)] = scanQuery(v, dir, true, columnsAll)
			out[fmt.Sprintf("edges %s %s of many relations", name, view)] = scanQuery(v, dir, false, columnsAll)
			out[fmt.Sprintf("numbers of edges %s %s", name, view)] = scanQuery(v, dir, true, columnsNum)
			out[fmt.Sprintf("ends %s %s of a relation", name, view)] = scanQuery(v, dir, true, columnsEnds)
		}
	}
	for kind, spec := range p.schema.Kinds {
		for _, l := range spec.Lists {
			out[listName(kind, l)] = listUp
			out[listName(kind, l)+" descending"] = listDown
		}
		for _, prop := range spec.Facets {
			out[fieldName(kind, prop)] = fieldNodes
			out[fieldName(kind, prop)+" in a range"] = fieldRange
		}
		for _, prop := range spec.Unique {
			out[uniqueName(kind, prop)] = ownersOf
		}
	}
	return out
}

func (s *session) explain(statement string) (string, error) {
	var lines []string
	err := s.each("EXPLAIN QUERY PLAN "+statement, func(stmt *sqlite.Stmt) error {
		lines = append(lines, stmt.ColumnText(3))
		return nil
	})
	return strings.Join(lines, "\n"), err
}

// fullText is the plan of a look into the words: a MATCH or a rowid, not a walk over all of them.
var fullText = regexp.MustCompile(`^SCAN word VIRTUAL TABLE INDEX \d+:(M|=)`)

// scans tells whether a plan looks at all rows of a table, or sorts. A full-text query is a search in a virtual table.
func scans(plan string) bool {
	for line := range strings.Lines(plan) {
		if strings.Contains(line, "TEMP B-TREE") {
			return true
		}
		if strings.HasPrefix(line, "SCAN") && !fullText.MatchString(line) && !strings.HasPrefix(line, "SCAN input VIRTUAL TABLE") {
			return true
		}
	}
	return false
}
