package catalog

import (
	"maps"
	"slices"
	"strings"
	"time"

	"weir/graph"
)

// edgeKey is the identity of an edge.
type edgeKey struct {
	from graph.ID
	rel  graph.Rel
	to   graph.ID
	key  string
}

// edge is a lineage edge as it stood and as it is to be.
type edge struct {
	rows []graph.Span // valid spans in the store; none: it is new
	was  edgeProps
	edgeProps
	since  time.Time // first event that stated it
	joined bool      // one of the statements at hand holds it
	dirty  bool      // its span has to be worked out anew

	ended   time.Time // of one that is dirty, once that was decided; zero: it holds
	dropped bool      // no statement holds it after all: it never held
}

// edgeProps is how an edge is known.
type edgeProps struct {
	confirmed time.Time
	how       How
	run       graph.ID
	subtype   string
	via       graph.ID
	closed    time.Time
	refused   bool
}

// kept is what of it the store keeps: column edges have no confirmation of their own.
func (p edgeProps) kept(rel graph.Rel) edgeProps {
	if slices.Contains(ColumnRels, rel) {
		p.confirmed, p.run = time.Time{}, ""
	}
	return p
}

// props are all properties; nil takes away what an earlier statement had set.
func (p edgeProps) props() graph.Props {
	out := graph.Props{EdgeConfirmed: nil, EdgeClosed: nil, EdgeRefused: nil}
	for name, v := range map[string]string{
		EdgeHow: string(p.how), EdgeRun: string(p.run), EdgeSubtype: p.subtype, EdgeVia: string(p.via),
	} {
		out[name] = nil
		if v != "" {
			out[name] = v
		}
	}
	if !p.confirmed.IsZero() {
		out[EdgeConfirmed] = p.confirmed
	}
	if !p.closed.IsZero() {
		out[EdgeClosed] = p.closed
	}
	if p.refused {
		out[EdgeRefused] = true
	}
	return out
}

func readEdgeProps(ps graph.Props) edgeProps {
	text := func(name string) string { s, _ := ps[name].(string); return s }
	when := func(name string) time.Time { t, _ := ps[name].(time.Time); return t }
	refused, _ := ps[EdgeRefused].(bool)
	return edgeProps{
		confirmed: when(EdgeConfirmed), how: How(text(EdgeHow)), run: graph.ID(text(EdgeRun)), subtype: text(EdgeSubtype),
		via: graph.ID(text(EdgeVia)), closed: when(EdgeClosed), refused: refused,
	}
}

// readEdges takes edges from the store in, of any number of nodes.
func (j *join) readEdges(of []graph.ID, dir graph.Dir, rels ...graph.Rel) error {
	if len(of) == 0 {
		return nil
	}
	es, err := adjacent(j.ctx, j.tx, slices.Clone(of), dir, rels...)
	if err != nil {
		return err
	}
	fresh := map[edgeKey]bool{}
	for _, e := range es {
		k := edgeKey{e.From, e.Rel, e.To, e.Key}
		have, ok := j.edges[k]
		if ok && !fresh[k] {
			continue // read before, by its other end
		}
		if !ok {
			p := readEdgeProps(e.Props)
			have = &edge{was: p, edgeProps: p, since: e.Valid.Since}
			j.edges[k], fresh[k] = have, true
		}
		have.rows = append(have.rows, e.Valid)
		if e.Valid.Since.Before(have.since) {
			have.since = e.Valid.Since
		}
	}
	return nil
}

// hold joins a statement into an edge.
func (j *join) hold(k edgeKey, st *statement, p edgeProps) {
	e, ok := j.edges[k]
	if !ok {
		e = &edge{since: st.First}
		j.edges[k] = e
	}
	e.joined = true
	if st.First.Before(e.since) {
		e.since = st.First
	}
	if e.how == "" {
		e.how = p.how
	}
	how := strongest(e.how, p.how)
	if later(st.Last, e.confirmed, st.Run, e.run) || st.Last.Equal(e.confirmed) && st.Run == e.run && p.subtype > e.subtype {
		e.confirmed, e.run, e.subtype = st.Last, st.Run, p.subtype
	}
	e.how, e.via = how, p.via
	e.dirty = true
}

// decideEdges decides until when each edge that was touched holds, and queues what has to be written.
func (j *join) decideEdges() error {
	for _, k := range slices.SortedFunc(maps.Keys(j.edges), compareKeys) {
		e := j.edges[k]
		if !e.dirty {
			continue
		}
		e.ended = j.until(k, e)
		j.queue(k, e, e.ended)
	}
	return nil
}

// writeEdges writes what is queued: what holds first, then what ended.
func (j *join) writeEdges() error {
	j.links = distinct(j.links)
	for part := range slices.Chunk(j.links, graph.MaxBatch) {
		if err := j.tx.Link(j.ctx, part...); err != nil {
			return err
		}
	}
	for at, es := range j.cuts {
		for part := range slices.Chunk(es, graph.MaxBatch) {
			if err := j.tx.Unlink(j.ctx, at, part...); err != nil {
				return err
			}
		}
	}
	return nil
}

// unlink queues an edge that never held after all.
func (j *join) unlink(e graph.Edge) {
	j.cuts[time.Time{}] = append(j.cuts[time.Time{}], e)
}

// queue adds the writes that bring an edge into its new span.
func (j *join) queue(k edgeKey, e *edge, until time.Time) {
	if !until.IsZero() && !until.After(e.since) {
		until = e.since.Add(time.Microsecond) // it was stated in the moment of its end: it held, if only then
	}
	span := graph.Span{Since: e.since, Until: until}
	now := e.kept(k.rel)
	if len(e.rows) == 1 && e.rows[0] == span && e.was == now {
		return
	}
	row := graph.Edge{From: k.from, Rel: k.rel, To: k.to, Key: k.key, Valid: span, Props: now.props()}
	j.links = append(j.links, row)
	if until.IsZero() {
		if len(e.rows) > 0 && !e.open() {
			j.noteAgain(k)
		}
		return
	}
	for _, r := range e.rows {
		if r.Until.IsZero() || r.Until.After(until) {
			j.cuts[until] = append(j.cuts[until], graph.Edge{From: k.from, Rel: k.rel, To: k.to, Key: k.key})
			j.noteEnd(k)
			return
		}
	}
}

// open tells whether the store has the edge as one that still holds.
func (e *edge) open() bool {
	return slices.ContainsFunc(e.rows, func(s graph.Span) bool { return s.Until.IsZero() })
}

// until is when an edge ended: at the first closing that no statement follows. Zero: it still holds. What closes an edge is
// the end of a dataset at one of its ends, its source's explicit lineage that no longer names it, or a person.
func (j *join) until(k edgeKey, e *edge) time.Time {
	var first time.Time
	if k.rel == RelSame {
		return first // names stay the same when data is dropped
	}
	closes := func(at time.Time) {
		if !at.IsZero() && !at.Before(e.confirmed) && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	closes(e.closed)
	source, _, _ := strings.Cut(k.key, "/")
	for _, end := range []graph.ID{k.from, k.to} {
		if c := j.columns.find(end); c != nil {
			end = c.Dataset
		}
		for _, m := range j.members(end) {
			rs := j.peek(m)
			closes(rs.at(keyDrop))
			if r, ok := rs[keyClose+source]; ok && end == k.to && !j.keeps(r.Values, k.from) {
				closes(time.UnixMicro(r.At).UTC())
			}
		}
	}
	return first
}

// keeps tells whether a list of ends, as stated, names an end.
func (j *join) keeps(list []string, end graph.ID) bool {
	return slices.ContainsFunc(list, func(s string) bool { return j.head(graph.ID(s)) == end })
}

// distinct leaves of equal edges the one that reaches back furthest; a batch of Link names an edge once.
func distinct(es []graph.Edge) []graph.Edge {
	at := map[edgeKey]int{}
	out := es[:0]
	for _, e := range es {
		k := edgeKey{e.From, e.Rel, e.To, e.Key}
		i, ok := at[k]
		if !ok {
			at[k] = len(out)
			out = append(out, e)
			continue
		}
		if e.Valid.Since.Before(out[i].Valid.Since) {
			out[i].Valid.Since = e.Valid.Since
		}
	}
	return out
}
