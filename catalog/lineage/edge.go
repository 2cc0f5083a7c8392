package lineage

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"weir/catalog"
	"weir/graph"
)

// endsOf is what the statements of one edge share.
type endsOf struct {
	from, to graph.ID
	kind     graph.Rel
}

// merger makes edges of the rows that state them. Nodes must hold the transforms and consumers at the rows' ends, and is
// filled up with what else the rows name.
type merger struct {
	nodes   map[graph.ID]graph.Node
	current bool // the question is about now: tell what is unconfirmed

	completed map[graph.ID]map[string]time.Time // by job and source: first event of the last completed run
	edges     map[endsOf]*merged
}

// merged is an edge in the making.
type merged struct {
	Edge
	last      time.Time // latest confirmation of all rows
	confirmed bool      // a source has confirmed it in its last run, or has no runs
}

// merge makes one edge for each (From, To, Kind), ordered by these. Sources and transforms that nodes lacks are looked up
// in one call and added to nodes.
func (s *Service) merge(ctx context.Context, rows []graph.Edge, nodes map[graph.ID]graph.Node, current bool) ([]Edge, error) {
	named, err := fetch(ctx, s.store, missing(rows, nodes))
	if err != nil {
		return nil, err
	}
	maps.Copy(nodes, named)
	m := merger{nodes: nodes, current: current, completed: map[graph.ID]map[string]time.Time{}, edges: map[endsOf]*merged{}}
	for _, row := range rows {
		if err := m.add(row); err != nil {
			return nil, err
		}
	}
	return m.finish(), nil
}

// missing are the ids of sources and transforms that rows name and nodes lacks.
func missing(rows []graph.Edge, nodes map[graph.ID]graph.Node) []graph.ID {
	var out []graph.ID
	for _, row := range rows {
		for _, id := range []graph.ID{graph.ID(sourceOf(row)), via(row)} {
			if _, ok := nodes[id]; !ok && graph.ValidID(id) {
				out = append(out, id)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sourceOf is who states a row: its key, but for the transform that a column edge's key adds behind a slash.
func sourceOf(row graph.Edge) string {
	source, _, _ := strings.Cut(row.Key, "/")
	return source
}

func via(row graph.Edge) graph.ID {
	id, _ := row.Props[catalog.EdgeVia].(string)
	return graph.ID(id)
}

// add joins a row in: minima, maxima and unions, so that the order of rows doesn't count.
func (m *merger) add(row graph.Edge) error {
	key := endsOf{row.From, row.To, row.Rel}
	e, ok := m.edges[key]
	if !ok {
		e = &merged{Edge: Edge{From: row.From, To: row.To, Kind: row.Rel, Since: row.Valid.Since, Until: row.Valid.Until}}
		m.edges[key] = e
	}
	e.span(row.Valid)
	confirmed, _ := row.Props[catalog.EdgeConfirmed].(time.Time)
	producer, err := m.producer(row)
	if err != nil {
		return err
	}
	if e.Sources == nil || confirmed.After(e.last) || confirmed.Equal(e.last) && producer < e.Producer {
		run, _ := row.Props[catalog.EdgeRun].(string)
		e.Producer, e.Run, e.last = producer, graph.ID(run), confirmed
	}
	e.Sources = append(e.Sources, producer)
	how, _ := row.Props[catalog.EdgeHow].(string)
	e.How = stronger(e.How, catalog.How(how))
	if subtype, _ := row.Props[catalog.EdgeSubtype].(string); subtype != "" {
		e.Subtypes = append(e.Subtypes, subtype)
	}
	if id := via(row); id != "" {
		e.Via = append(e.Via, id)
	}
	stale, err := m.stale(row, confirmed)
	e.confirmed = e.confirmed || !stale
	return err
}

// span widens the edge's span: the first beginning, and the last end or none.
func (e *merged) span(s graph.Span) {
	if s.Since.Before(e.Since) {
		e.Since = s.Since
	}
	if s.Until.IsZero() || !e.Until.IsZero() && s.Until.After(e.Until) {
		e.Until = s.Until
	}
}

// producer names the source of a row as people know it.
func (m *merger) producer(row graph.Edge) (string, error) {
	name := sourceOf(row)
	n, ok := m.nodes[graph.ID(name)]
	if !ok || n.Kind != catalog.SourceType.Kind {
		return name, nil
	}
	source, err := read(catalog.SourceType, n)
	if err != nil || source.Producer == "" {
		return name, err
	}
	return source.Producer, nil
}

// stale tells whether the row's source has seen a whole run of the job since, which didn't state the edge.
func (m *merger) stale(row graph.Edge, confirmed time.Time) (bool, error) {
	if !m.current || confirmed.IsZero() {
		return false, nil
	}
	job := jobOf(row)
	if _, ok := m.completed[job]; !ok {
		runs, err := completedRuns(m.nodes[job])
		if err != nil {
			return false, err
		}
		m.completed[job] = runs
	}
	first, ok := m.completed[job][sourceOf(row)]
	return ok && confirmed.Before(first), nil
}

// jobOf is the transform or consumer whose runs state a row.
func jobOf(row graph.Edge) graph.ID {
	switch row.Rel {
	case catalog.RelInput, catalog.RelDelivers:
		return row.To
	case catalog.RelOutput:
		return row.From
	}
	return via(row)
}

// finish puts lists and edges in order.
func (m *merger) finish() []Edge {
	out := make([]Edge, 0, len(m.edges))
	for _, e := range m.edges {
		e.ConfirmedAt, e.Unconfirmed = e.last, !e.confirmed
		e.Sources, e.Subtypes, e.Via = distinct(e.Sources), distinct(e.Subtypes), distinct(e.Via)
		out = append(out, e.Edge)
	}
	slices.SortFunc(out, byEnds)
	return out
}

func distinct[T cmp.Ordered](in []T) []T {
	slices.Sort(in)
	return slices.Compact(in)
}

// stronger is the one of two ways of knowing that is shown.
func stronger(a, b catalog.How) catalog.How {
	order := []catalog.How{catalog.Inferred, catalog.Declared, catalog.Observed}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}
