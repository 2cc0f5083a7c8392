package graph

import (
	"fmt"
	"slices"
	"strings"

	"weir/errs"
)

// writes checks a batch of Put.
func (r *rules) writes(ws []NodeWrite) ([]NodeWrite, error) {
	if len(ws) > MaxBatch {
		return nil, tooLarge("nodes", "are %d; at most %d are allowed.", len(ws), MaxBatch)
	}
	out := make([]NodeWrite, len(ws))
	seen := make(map[ID]bool, len(ws))
	for i, w := range ws {
		n, err := r.write("nodes", w)
		if err != nil {
			_, err = r.write(fmt.Sprintf("nodes[%d]", i), w) // the place is put together only where it is needed
			return nil, err
		}
		if seen[n.ID] {
			return nil, errs.Badf(fmt.Sprintf("nodes[%d].id", i), "%s stands twice in the batch.", n.ID)
		}
		seen[n.ID] = true
		out[i] = NodeWrite{Node: n, Mode: w.Mode, Version: w.Version}
	}
	return out, nil
}

func (r *rules) write(field string, w NodeWrite) (Node, error) {
	if w.Mode > IfVersion {
		return w.Node, errs.Bad(field+".mode", "is not a mode.")
	}
	if w.Mode == IfVersion && w.Version < 1 {
		return w.Node, errs.Bad(field+".version", "is missing.")
	}
	return r.node(field, w.Node)
}

// appends checks a batch of Append, whose mode is always Create.
func (r *rules) appends(ws []NodeWrite) ([]NodeWrite, error) {
	if len(ws) == 0 {
		return nil, errs.Bad("nodes", "are missing.")
	}
	out := make([]NodeWrite, len(ws))
	for i, w := range ws {
		out[i] = NodeWrite{Node: w.Node, Mode: Create}
	}
	return r.writes(out)
}

// node checks a node that is written and leaves out what the engine sets.
func (r *rules) node(field string, n Node) (Node, error) {
	spec, ok := r.schema.Kinds[n.Kind]
	if !ok {
		return n, errs.Badf(field+".kind", "%q is not declared.", n.Kind)
	}
	if err := checkID(field+".id", n.ID); err != nil {
		return n, err
	}
	if !strings.HasPrefix(string(n.ID), spec.Prefix+"_") {
		return n, errs.Badf(field+".id", "does not begin with %s_, as ids of a %s do.", spec.Prefix, n.Kind)
	}
	props, err := checkProps(field+".props", n.Props, spec.Bytes())
	if err != nil {
		return n, err
	}
	if err := r.declared(field+".props", n.Kind, props); err != nil {
		return n, err
	}
	return Node{ID: n.ID, Kind: n.Kind, Props: props}, nil
}

// declared checks the values of properties that the kind declares: they are compared, so they are scalars, and
// what is unique or an audience is a string that fits an index.
func (r *rules) declared(field string, kind Kind, props Props) error {
	scalars, unique := r.scalars[kind], r.schema.Kinds[kind].Unique
	for k, v := range props {
		if v == nil || !scalars[k] {
			continue
		}
		switch v.(type) {
		case []byte, []string:
			return errs.Badf(field+"."+k, "is a %T, but the kind compares it.", v)
		}
		if k != PropAudience && !slices.Contains(unique, k) {
			continue
		}
		s, ok := v.(string)
		if !ok {
			return errs.Bad(field+"."+k, "is not a string.")
		}
		if err := checkText(field+"."+k, s, MaxSortBytes); err != nil {
			return err
		}
	}
	return nil
}

// sizes refuses nodes that grew too large by merging.
func (r *rules) sizes(nodes []Node) error {
	for _, n := range nodes {
		if size, most := n.Props.Size(), r.schema.Kinds[n.Kind].Bytes(); size > most {
			return tooLarge("props", "of %s would have %d bytes; at most %d are allowed.", n.ID, size, most)
		}
	}
	return nil
}

// links checks a batch of Link.
func (r *rules) links(es []Edge) ([]Edge, error) {
	if len(es) > MaxBatch {
		return nil, tooLarge("edges", "are %d; at most %d are allowed.", len(es), MaxBatch)
	}
	out := make([]Edge, len(es))
	for i, e := range es {
		var err error
		if out[i], err = r.link("edges", e); err != nil {
			_, err = r.link(fmt.Sprintf("edges[%d]", i), e) // the place is put together only where it is needed
			return nil, err
		}
	}
	return out, nil
}

func (r *rules) link(field string, e Edge) (Edge, error) {
	if err := r.edge(field, e); err != nil {
		return e, err
	}
	valid, err := checkSpan(field+".valid", e.Valid)
	if err != nil {
		return e, err
	}
	props, err := checkProps(field+".props", e.Props, MaxProps)
	return Edge{From: e.From, To: e.To, Rel: e.Rel, Key: e.Key, Props: props, Valid: valid}, err
}

// unlinks checks a batch of Unlink and drops duplicates.
func (r *rules) unlinks(es []Edge) ([]Edge, error) {
	if len(es) > MaxBatch {
		return nil, tooLarge("edges", "are %d; at most %d are allowed.", len(es), MaxBatch)
	}
	out := make([]Edge, 0, len(es))
	seen := make(map[edgeName]bool, len(es))
	for i, e := range es {
		if err := r.edge(fmt.Sprintf("edges[%d]", i), e); err != nil {
			return nil, err
		}
		if !seen[e.name()] {
			seen[e.name()] = true
			out = append(out, Edge{From: e.From, To: e.To, Rel: e.Rel, Key: e.Key})
		}
	}
	return out, nil
}

// edge checks what names an edge.
func (r *rules) edge(field string, e Edge) error {
	if err := checkID(field+".from", e.From); err != nil {
		return err
	}
	if err := checkID(field+".to", e.To); err != nil {
		return err
	}
	if _, ok := slices.BinarySearch(r.rels, e.Rel); !ok {
		return errs.Badf(field+".rel", "%q is not a declared relation.", e.Rel)
	}
	return checkText(field+".key", e.Key, MaxKeyLen)
}

func checkSpan(field string, s Span) (Span, error) {
	var err error
	if s.Since, err = checkTime(field+".since", s.Since); err != nil {
		return s, err
	}
	if s.Until, err = checkTime(field+".until", s.Until); err != nil {
		return s, err
	}
	if !s.Until.IsZero() && !s.Since.Before(s.Until) {
		return s, errs.Bad(field, "ends before it begins.")
	}
	return s, nil
}

// record checks a record of a Dump before it is restored.
func (r *rules) record(rec Record) (Record, error) {
	switch {
	case rec.Node != nil:
		n, err := r.node("node", *rec.Node)
		if err != nil {
			return rec, err
		}
		n.Version, n.Created, n.Updated = rec.Node.Version, Time(rec.Node.Created), Time(rec.Node.Updated)
		if n.Version < 1 {
			return rec, errs.Bad("node.version", "is missing.")
		}
		return Record{Node: &n}, nil
	case rec.Edge != nil:
		es, err := r.links([]Edge{*rec.Edge})
		if err != nil {
			return rec, err
		}
		es[0].Known, err = checkSpan("edge.known", rec.Edge.Known)
		return Record{Edge: &es[0]}, err
	case rec.Sequence != nil:
		if !ValidName(rec.Sequence.Name) || rec.Sequence.Last < 0 {
			return rec, errs.Bad("sequence", "is not a name with a number.")
		}
		return rec, nil
	}
	return rec, errs.Bad("record", "is empty.")
}
