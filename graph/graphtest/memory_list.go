package graphtest

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"weir/graph"
)

func (v view) List(_ context.Context, q graph.Query) (graph.Page, error) {
	after, err := graph.ParseCursor(q.Question(), q.After)
	if err != nil {
		return graph.Page{}, err
	}
	var nodes []graph.Node
	for _, n := range v.nodes {
		if n.Kind == q.Kind && visible(n, q.Visible) && v.keeps(n, q.Where, q.Near) {
			nodes = append(nodes, n)
		}
	}
	order := sorting{prop: q.Sort, desc: q.Desc}
	slices.SortFunc(nodes, order.compare)
	if after != nil {
		last := order.parse(after)
		nodes = slices.DeleteFunc(nodes, func(n graph.Node) bool { return order.compare(n, last) <= 0 })
	}
	page := graph.Page{Nodes: nodes}
	if len(nodes) > q.Limit {
		page.Nodes = nodes[:q.Limit]
		page.Next = graph.Cursor(q.Question(), order.position(nodes[q.Limit-1])...)
	}
	return page, nil
}

func visible(n graph.Node, v *graph.Visible) bool {
	if v == nil || slices.Contains(v.IDs, n.ID) {
		return true
	}
	audience, ok := n.Props[graph.PropAudience].(string)
	return ok && slices.Contains(v.Audiences, audience)
}

func (v view) keeps(n graph.Node, where []graph.Filter, near []graph.Near) bool {
	for _, f := range where {
		if !passes(f, n.Props[f.Prop]) {
			return false
		}
	}
	m := momentOf(time.Time{}, time.Time{})
	for _, c := range near {
		if !slices.ContainsFunc(v.rowsOf(n.ID, c.Dir, []graph.Rel{c.Rel}), func(e graph.Edge) bool {
			return m.holds(e) && slices.Contains(c.To, other(e, c.Dir))
		}) {
			return false
		}
	}
	return true
}

func passes(f graph.Filter, value any) bool {
	if f.Op == graph.Missing {
		return value == nil
	}
	if value == nil {
		return false
	}
	switch f.Op {
	case graph.OneOf:
		return slices.ContainsFunc(f.Values, func(v any) bool { return sameValue(value, v) })
	case graph.Less:
		return compareValues(value, f.Values[0]) < 0
	default:
		return compareValues(value, f.Values[0]) >= 0
	}
}

// sorting is the order of a list: (value, id), missing values last.
type sorting struct {
	prop string
	desc bool
}

func (s sorting) compare(a, b graph.Node) int {
	x, y := s.value(a), s.value(b)
	if (x == nil) != (y == nil) {
		if x == nil {
			return 1
		}
		return -1
	}
	order := cmp.Or(compareValues(x, y), cmp.Compare(a.ID, b.ID))
	if s.desc {
		return -order
	}
	return order
}

// value is what a node is sorted by; nil when it has no such property, or the order is by id alone.
func (s sorting) value(n graph.Node) any {
	if text, ok := n.Props[s.prop].(string); ok {
		return graph.SortKey(text)
	}
	return n.Props[s.prop]
}

// compareValues compares values of one type; nil equals nil.
func compareValues(a, b any) int {
	switch a := a.(type) {
	case string:
		b, _ := b.(string)
		return cmp.Compare(a, b)
	case int64:
		b, _ := b.(int64)
		return cmp.Compare(a, b)
	case float64:
		b, _ := b.(float64)
		return cmp.Compare(a, b)
	case time.Time:
		b, _ := b.(time.Time)
		return a.Compare(b)
	case bool:
		return cmp.Compare(strconv.FormatBool(a), strconv.FormatBool(b == true))
	}
	return 0
}

// position writes a node's place in the order; parse reads it back as a node that stands there.
func (s sorting) position(n graph.Node) []string {
	switch v := s.value(n).(type) {
	case string:
		return []string{string(n.ID), "string", strconv.QuoteToASCII(v)}
	case int64:
		return []string{string(n.ID), "int", strconv.FormatInt(v, 10)}
	case float64:
		return []string{string(n.ID), "float", strconv.FormatFloat(v, 'g', -1, 64)}
	case time.Time:
		return []string{string(n.ID), "time", strconv.FormatInt(v.UnixMicro(), 10)}
	case bool:
		return []string{string(n.ID), "bool", strconv.FormatBool(v)}
	}
	return []string{string(n.ID), "", ""}
}

// parse reads a position; Question and the stamp of the cursor vouch for its form.
func (s sorting) parse(position []string) graph.Node {
	n := graph.Node{ID: graph.ID(position[0]), Props: graph.Props{}}
	text := position[2]
	whole, _ := strconv.ParseInt(text, 10, 64)
	switch position[1] {
	case "string":
		n.Props[s.prop], _ = strconv.Unquote(text)
	case "int":
		n.Props[s.prop] = whole
	case "float":
		n.Props[s.prop], _ = strconv.ParseFloat(text, 64)
	case "time":
		n.Props[s.prop] = time.UnixMicro(whole).UTC()
	case "bool":
		n.Props[s.prop] = text == "true"
	}
	return n
}
