package neo4j

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"weir/errs"
	"weir/graph"
)

// Explain returns the database's plan of each shape of statement that the schema asks for, by name. It fails if a plan
// scans: reads all nodes, all of a label, a whole index, or all relationships.
func (e *engine) Explain(ctx context.Context) (map[string]string, error) {
	plans := map[string]string{}
	shapes := e.shapes()
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		plan, err := e.plan(ctx, shapes[name])
		if err != nil {
			return plans, exit(ctx, fmt.Errorf("%s: %w", name, err))
		}
		plans[name] = plan
		if op := scans(plan); op != "" {
			return plans, errs.Wrap(fmt.Errorf("%s: %s in\n%s", name, op, plan), errs.Internal, "")
		}
	}
	return plans, nil
}

// plan asks for a statement's plan. The driver's tree of operators repeats the last child of each, so the text is used.
func (e *engine) plan(ctx context.Context, st statement) (plan string, err error) {
	s := e.driver.NewSession(ctx, e.session(driver.AccessModeWrite, driver.FetchAll))
	defer func() { err = closed(ctx, s, err) }()
	result, err := s.Run(ctx, "EXPLAIN "+st.text, st.params, timeout(ctx))
	if err != nil {
		return "", err
	}
	summary, err := result.Consume(ctx)
	if err != nil {
		return "", err
	}
	plan, _ = summary.Plan().Arguments()["string-representation"].(string)
	if plan == "" {
		return "", errs.E(errs.Internal, "the server gave no plan")
	}
	return plan, nil
}

// operator is the name of an operator in a line of a plan, behind the branches of the tree.
var operator = regexp.MustCompile(`(?m)^[| \\]*\+([A-Z][A-Za-z]*)`)

// scans is the first operator of a plan that scans.
func scans(plan string) string {
	for _, found := range operator.FindAllStringSubmatch(plan, -1) {
		if strings.HasSuffix(found[1], "Scan") {
			return found[1]
		}
	}
	return ""
}

// shapes are the statements of every question that the schema declares.
func (e *engine) shapes() map[string]statement {
	ids := map[string]any{"ids": []string{"x"}, "depths": []int{0}, "kinds": []string{"x"}, "near0": []string{"x"}, "from": "x", "to": "x", "rows": []any{}, "at": 0, "known": 0, "limit": 1, "max": 1, "now": 0, "name": "x", "count": 1, "key": "x", "keys": []string{"x"}, "gate": 0, "id": "x", "old": 0, "many": 1, "after": "", "end": "", "query": "x", "options": map[string]any{}}
	with := func(text string) statement { return statement{text, ids} }
	out := map[string]statement{
		"nodes": with(nodesStatement), "lock nodes": with(lockNodesStatement), "change": with(changeStatement),
		"delete": with(deleteStatement), "absent": with(absentStatement), "append": with(sequenceStatement), "lock": with(lockStatement),
		"begin": with(beginStatement), "tidy updates": with(tidyUpdates), "tidy locks": with(tidyLocks),
		"rebuild": with(rebuildStatement), "search": with(askStatement), "rows": with(rowsStatement(e.layout.types)),
	}
	for _, k := range e.layout.sorted() {
		for _, p := range k.spec.Unique {
			out[fmt.Sprintf("unique %s.%s", k.kind, p)] = with(claimStatement(claim{k.kind, p}))
		}
		for i := range k.lists {
			e.listShapes(out, k, i)
		}
	}
	for _, rel := range slices.Sorted(slices.Values(e.layout.schema.Rels)) {
		out["change "+string(rel)], out["end "+string(rel)] = with(changeRow(rel)), with(endRow(rel))
		out["delete "+string(rel)], out["create "+string(rel)] = with(deleteRow(rel)), with(createRow(rel))
	}
	for _, known := range []time.Time{{}, time.Unix(0, 0)} {
		for _, dir := range []graph.Dir{graph.Out, graph.In} {
			e.walkShapes(out, with, dir, known)
		}
	}
	return out
}

func (e *engine) listShapes(out map[string]statement, k *kindLayout, i int) {
	for _, desc := range []bool{false, true} {
		l := lister{reader: e.reader, kind: k, list: k.lists[i], query: graph.Query{Kind: k.kind, Desc: desc}}
		name := fmt.Sprintf("list %s %v by %q desc %t", k.kind, l.list.Where, l.list.Sort, desc)
		s := span{"", keyEnd}
		for way, st := range map[string]statement{"": l.plain(s, ""), " audience": l.audiences(s, []string{"x"}), " ids": l.ids(s, "", []graph.ID{"x"})} {
			st.params["limit"] = 1
			out[name+way] = st
		}
		if rels := e.layout.schema.Rels; len(rels) > 0 {
			l.query.Near = []graph.Near{{Rel: rels[0], To: []graph.ID{"x"}}}
			st := l.near(s, "")
			st.params["limit"] = 1
			out[name+" near"] = st
		}
	}
}

func (e *engine) walkShapes(out map[string]statement, with func(string) statement, dir graph.Dir, known time.Time) {
	rels := e.layout.schema.Rels
	if len(rels) == 0 {
		return
	}
	m := momentOf(time.Time{}, known)
	name := " dir " + strconv.Itoa(int(dir)) + " known " + strconv.FormatBool(m.past)
	q := graph.EdgeQuery{Dir: dir, Rels: rels}
	out["edges"+name] = with(edgesStatement(q, m, false))
	out["degrees"+name] = with(degreesStatement(rels, m))
	out["hop"+name] = with(hopStatement(dir, rels, m))
	out["ball"+name] = with(ballStatement(dir, rels, 5, m))
	w := graph.Walk{From: []graph.ID{"x"}, Dir: dir, Rels: rels, Depth: 10, Known: known, Max: 10}
	out["path"+name] = with(lengthStatement(w, m))
	out["traverse"+name] = walkStatement(w, m)
	w.From = []graph.ID{"x", "y"}
	w.Keep = &graph.Keep{Kinds: []graph.Kind{"x"}, Near: []graph.Near{{Rel: rels[0], To: []graph.ID{"x"}}}}
	out["traverse from several"+name] = walkStatement(w, m)
	out["traverse from many"+name] = with(reachedStatement(w, m).text)
	out["level"+name] = with(levelStatement(w, m))
	if !m.past {
		out["around"+name] = with(aroundStatement(graph.Near{Rel: rels[0], Dir: dir}))
		out["facet"+name] = with(relationStatement(graph.Facet{Rel: rels[0], Dir: dir}))
	}
}
