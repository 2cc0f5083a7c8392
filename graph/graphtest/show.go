package graphtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"weir/graph"
)

// show writes a value so that two stores' answers are the same text exactly when they are the same answer. Times
// that a store sets by its own clock are left out; of Known only whether it ended is shown.
func show(v any) string {
	switch v := v.(type) {
	case graph.Node:
		return showNode(v)
	case graph.Edge:
		return showEdge(v)
	case graph.Props:
		return showProps(v)
	case graph.Reached:
		return fmt.Sprintf("%s depth %d in %d out %d", showNode(v.Node), v.Depth, v.In, v.Out)
	case graph.Hit:
		return fmt.Sprintf("%s score %g", showNode(v.Node), v.Score)
	case []graph.Node:
		return showAll(v)
	case []graph.Edge:
		return showAll(v)
	case []graph.Reached:
		return showAll(v)
	case []graph.Hit:
		return showAll(v)
	case [][]graph.Edge:
		return showAll(v)
	case map[graph.ID]graph.Node:
		return showMap(v)
	case map[graph.ID]graph.Degree:
		return showMap(v)
	case map[graph.Kind]int:
		return showMap(v)
	case map[string][]graph.Bucket:
		return showMap(v)
	case graph.EdgePage:
		return fmt.Sprintf("%s more %v next %t", show(v.Edges), v.More, v.Next != "")
	case graph.Page:
		return fmt.Sprintf("%s next %t", show(v.Nodes), v.Next != "")
	case graph.Subgraph:
		return fmt.Sprintf("%s\nedges %s\ntotals %s cut %t", show(v.Nodes), show(v.Edges), show(v.Totals), v.Cut)
	case graph.Result:
		return fmt.Sprintf("%s total %d capped %t facets %s", show(v.Hits), v.Total, v.Capped, show(v.Facets))
	}
	return showValue(v)
}

func showAll[T any](vs []T) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d:", len(vs))
	for _, v := range vs {
		b.WriteString("\n\t" + show(v))
	}
	return b.String()
}

func showMap[K ~string, V any](m map[K]V) string {
	var b strings.Builder
	b.WriteString("{")
	for _, k := range slices.Sorted(maps.Keys(m)) {
		fmt.Fprintf(&b, " %s: %s", k, show(m[k]))
	}
	return b.String() + " }"
}

func showNode(n graph.Node) string {
	return fmt.Sprintf("%s %s v%d %s", n.Kind, n.ID, n.Version, showProps(n.Props))
}

func showEdge(e graph.Edge) string {
	known := "known"
	if !e.Known.Until.IsZero() {
		known = "superseded"
	}
	return fmt.Sprintf("%s-%s/%q->%s [%s %s) %s %s", e.From, e.Rel, e.Key, e.To,
		showTime(e.Valid.Since), showTime(e.Valid.Until), known, showProps(e.Props))
}

func showProps(p graph.Props) string { return showMap(p) }

func showTime(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return fmt.Sprintf("%s %s", t.Format(time.RFC3339Nano), t.Location())
}

func showKeep(k *graph.Keep) string {
	if k == nil {
		return "all"
	}
	return fmt.Sprintf("%+v visible %+v", *k, k.Visible)
}

// showValue shows a property's value with its type.
func showValue(v any) string {
	switch v := v.(type) {
	case time.Time:
		return showTime(v)
	case string, []string, []byte:
		return fmt.Sprintf("%T%q", v, v)
	}
	return fmt.Sprintf("%T(%v)", v, v)
}
