package neo4j

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"weir/errs"
	"weir/graph"
)

// List reads one or two ranges of a key in the order of its index: what has a value to sort by, then what has none.
func (r reader) List(ctx context.Context, q graph.Query) (graph.Page, error) {
	k := r.layout.kinds[q.Kind]
	i, ok := k.spec.Match(q)
	if !ok {
		return graph.Page{}, errs.Bad("where", "is not a declared list.")
	}
	after, err := listPosition(q)
	if err != nil {
		return graph.Page{}, err
	}
	l := lister{reader: r, query: q, kind: k, list: k.lists[i]}
	nodes, err := l.page(ctx, after)
	if err != nil {
		return graph.Page{}, err
	}
	page := graph.Page{Nodes: nodes}
	if len(nodes) > q.Limit {
		page.Nodes = nodes[:q.Limit]
		last := page.Nodes[q.Limit-1]
		page.Next = graph.Cursor(q.Question(), strconv.QuoteToASCII(l.list.tail(last.ID, last.Props)))
	}
	return page, nil
}

// listPosition reads the cursor: the tail of the last node's key.
func listPosition(q graph.Query) (string, error) {
	parts, err := graph.ParseCursor(q.Question(), q.After)
	if err != nil || parts == nil {
		return "", err
	}
	tail, err := strconv.Unquote(parts[0])
	if err != nil || tail == "" {
		return "", badCursor()
	}
	return tail, nil
}

func badCursor() error {
	return errs.Bad("after", "is not a cursor of this list; begin again without it.")
}

// lister answers one List.
type lister struct {
	reader
	query graph.Query
	kind  *kindLayout
	list  listLayout
}

// span is a range of the tails of keys, without its ends.
type span struct{ low, high string }

// page reads one node more than asked for, if there is one.
func (l lister) page(ctx context.Context, after string) ([]graph.Node, error) {
	var nodes []graph.Node
	for _, s := range l.spans(after) {
		more, err := l.seek(ctx, s, l.query.Limit+1-len(nodes))
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, more...)
		if len(nodes) > l.query.Limit {
			break
		}
	}
	return nodes, nil
}

// spans are the ranges to read, in order. Missing values are last in the key's order: read backwards they are first,
// so they are a range of their own.
func (l lister) spans(after string) []span {
	whole := span{"", keyEnd}
	bounded := false
	for _, f := range l.query.Where {
		switch f.Op {
		case graph.Less:
			key := bound(f.Values[0])
			whole.low, whole.high, bounded = max(whole.low, key[:1]), min(whole.high, key), true
		case graph.More:
			key := bound(f.Values[0])
			whole.low, whole.high, bounded = max(whole.low, key), min(whole.high, key[:1]+keyEnd), true
		}
	}
	spans := []span{whole}
	if l.list.Sort != "" && l.query.Desc && !bounded {
		spans = []span{{"", tagMissing}, {tagMissing, keyEnd}}
	}
	return l.behind(spans, after)
}

// bound is where keys of a value begin: behind all of lower values.
func bound(v any) string { return sortKey(v) }

// behind leaves out what stands up to a position.
func (l lister) behind(spans []span, after string) []span {
	if after == "" {
		return spans
	}
	var out []span
	for _, s := range spans {
		switch {
		case !l.query.Desc:
			s.low = max(s.low, after)
		case after >= s.high:
			continue // read by an earlier page
		case after > s.low:
			s.high = after
		}
		out = append(out, s)
	}
	return out
}

// seek reads a range for every way in which the viewer may see nodes, and merges.
func (l lister) seek(ctx context.Context, s span, limit int) ([]graph.Node, error) {
	var nodes []graph.Node
	u := newUnpacker()
	for _, st := range l.statements(s) {
		st.params["limit"] = limit
		rows, err := gathered(l.run(ctx, st.text, st.params))
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			nodes = append(nodes, u.node(row[0]))
		}
	}
	l.sort(nodes)
	nodes = slices.CompactFunc(nodes, func(a, b graph.Node) bool { return a.ID == b.ID })
	return nodes[:min(limit, len(nodes))], u.err
}

func (l lister) sort(nodes []graph.Node) {
	slices.SortFunc(nodes, func(a, b graph.Node) int {
		order := strings.Compare(l.list.tail(a.ID, a.Props), l.list.tail(b.ID, b.Props))
		if l.query.Desc {
			return -order
		}
		return order
	})
}

// statement is a statement with its parameters.
type statement struct {
	text   string
	params map[string]any
}

func (l lister) statements(s span) []statement {
	head := l.list.head(l.wanted())
	if len(l.query.Near) > 0 {
		return []statement{l.near(s, head)}
	}
	v := l.query.Visible
	if v == nil {
		return []statement{l.plain(s, head)}
	}
	var out []statement
	if len(v.Audiences) > 0 {
		out = append(out, l.audiences(s, v.Audiences))
	}
	if len(v.IDs) > 0 {
		out = append(out, l.ids(s, head, v.IDs))
	}
	return out
}

// wanted are the values that the list's filters ask for; missing ones are absent.
func (l lister) wanted() graph.Props {
	props := graph.Props{}
	for _, f := range l.query.Where {
		if f.Op == graph.OneOf {
			props[f.Prop] = f.Values[0]
		}
	}
	return props
}

func (l lister) order() string {
	if l.query.Desc {
		return " DESC"
	}
	return ""
}

func within(head string, s span) map[string]any {
	return map[string]any{"low": head + s.low, "high": head + s.high}
}

func (l lister) plain(s span, head string) statement {
	n, p := label(l.query.Kind), quoted(l.list.all)
	return statement{
		"MATCH (n:" + n + ") USING INDEX SEEK n:" + n + "(" + p + ") WHERE n." + p + " > $low AND n." + p + " < $high" +
			" WITH n ORDER BY n." + p + l.order() + " LIMIT $limit RETURN collect([n._p])",
		within(head, s),
	}
}

// audiences seeks once for each audience and keeps the first of all.
func (l lister) audiences(s span, audiences []string) statement {
	ranges := make([]any, len(audiences))
	for i, a := range audiences {
		ranges[i] = within(l.list.headFor(a, l.wanted()), s)
	}
	n, p := label(l.query.Kind), quoted(l.list.visible)
	return statement{
		"UNWIND $ranges AS range CALL { WITH range MATCH (n:" + n + ") USING INDEX SEEK n:" + n + "(" + p + ")" +
			" WHERE n." + p + " > range.low AND n." + p + " < range.high RETURN n ORDER BY n." + p + l.order() + " LIMIT $limit }" +
			" WITH n ORDER BY substring(n." + p + ", " + strconv.Itoa(hashLen) + ")" + l.order() + " LIMIT $limit RETURN collect([n._p])",
		map[string]any{"ranges": ranges},
	}
}

func (l lister) ids(s span, head string, ids []graph.ID) statement {
	p := quoted(l.list.all)
	params := within(head, s)
	params["ids"], params["kind"] = strs(ids), string(l.query.Kind)
	return statement{
		"UNWIND $ids AS id MATCH (n:_Node {_id: id}) USING INDEX SEEK n:_Node(_id)" +
			" WHERE n._kind = $kind AND n." + p + " > $low AND n." + p + " < $high" +
			" WITH n ORDER BY n." + p + l.order() + " LIMIT $limit RETURN collect([n._p])",
		params,
	}
}

// near begins at the nodes that the first Near names; their neighbours are few beside the list.
func (l lister) near(s span, head string) statement {
	p := quoted(l.list.all)
	params := within(head, s)
	params["kind"], params["now"] = string(l.query.Kind), now()
	first := l.query.Near[0]
	params["ids"] = strs(first.To)
	where := " WHERE n._kind = $kind AND n." + p + " > $low AND n." + p + " < $high AND " + holdsNow("r")
	more, moreParams := nearConditions(l.query.Near[1:])
	maps.Copy(params, moreParams)
	where += visibleCondition(l.query.Visible, params)
	return statement{
		"UNWIND $ids AS id MATCH (m:_Node {_id: id}) USING INDEX SEEK m:_Node(_id)" +
			" MATCH (n)" + arrow(first.Dir, "r:"+relType(first.Rel)) + "(m)" + where + more +
			" WITH DISTINCT n ORDER BY n." + p + l.order() + " LIMIT $limit RETURN collect([n._p])",
		params,
	}
}
