package neo4j

import (
	"strconv"
	"strings"
	"time"

	"weir/graph"
)

// filterCondition writes a filter on any property of n, with parameters whose names begin with name. Values compare
// with their own type only, which Cypher wouldn't keep to by itself.
func filterCondition(f graph.Filter, name string, params map[string]any) string {
	p := "n." + prop(f.Prop)
	switch f.Op {
	case graph.Missing:
		return p + " IS NULL"
	case graph.Less, graph.More:
		params[name] = f.Values[0]
		op := " < "
		if f.Op == graph.More {
			op = " >= "
		}
		return "(" + p + " IS :: " + typeName(f.Values[0]) + " AND " + p + op + "$" + name + ")"
	}
	byType := map[string][]any{}
	var order []string
	for _, v := range f.Values {
		typ := typeName(v)
		if byType[typ] == nil {
			order = append(order, typ)
		}
		byType[typ] = append(byType[typ], v)
	}
	var some []string
	for i, typ := range order {
		param := name + "_" + strconv.Itoa(i)
		params[param] = byType[typ]
		some = append(some, p+" IS :: "+typ+" AND "+p+" IN $"+param)
	}
	return "(" + strings.Join(some, " OR ") + ")"
}

// typeName is the database's name for the type of a value.
func typeName(v any) string {
	switch v.(type) {
	case bool:
		return "BOOLEAN"
	case int64:
		return "INTEGER"
	case float64:
		return "FLOAT"
	case time.Time:
		return "ZONED DATETIME"
	}
	return "STRING"
}

// nearConditions write that n has a neighbour for each Near. A parameter now is expected.
func nearConditions(near []graph.Near) (string, map[string]any) {
	var b strings.Builder
	params := map[string]any{}
	for i, c := range near {
		name := "near" + strconv.Itoa(i)
		params[name] = strs(c.To)
		b.WriteString(" AND EXISTS { MATCH (n)" + arrow(c.Dir, "x:"+relType(c.Rel)) + "(y) WHERE y._id IN $" + name + " AND " + holdsNow("x") + " }")
	}
	return b.String(), params
}

// visibleCondition writes that a viewer may see n.
func visibleCondition(v *graph.Visible, params map[string]any) string {
	if v == nil {
		return ""
	}
	params["audiences"], params["visible"] = strs(v.Audiences), strs(v.IDs)
	return " AND (n." + prop(graph.PropAudience) + " IN $audiences OR n._id IN $visible)"
}

// keepCondition writes what the nodes that are returned must be, those of From excepted.
func keepCondition(k *graph.Keep) (string, map[string]any) {
	if k == nil {
		return "", nil
	}
	near, params := nearConditions(k.Near)
	params["now"] = now()
	conditions := "true"
	if len(k.Kinds) > 0 {
		params["kinds"] = strs(k.Kinds)
		conditions = "n._kind IN $kinds"
	}
	for i, f := range k.Where {
		conditions += " AND " + filterCondition(f, "where"+strconv.Itoa(i), params)
	}
	return " WHERE depth = 0 OR (" + conditions + near + visibleCondition(k.Visible, params) + ")", params
}
