package gqlschema

import (
	"context"
	"maps"
	"slices"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/gqlschema/gen"
	"weir/graph"
)

func (r *resolver) AuditState() gen.AuditStateResolver { return &auditStates{r} }

type auditStates struct{ *resolver }

// AuditEntries lists entries under a filter, newest first.
func (q queries) AuditEntries(ctx context.Context, first *int, after *string, filter *gen.AuditFilter) (*gen.AuditEntryConnection, error) {
	p, err := pageOf("auditEntries", first, after)
	if err != nil {
		return nil, err
	}
	read, err := audit.Find(ctx, q.log, auditFilter(or(filter, gen.AuditFilter{})), p.limit(), p.after)
	if err != nil {
		return nil, err
	}
	w := windowOf(p, read.Entries, read.Next)
	if len(w.items) == 0 && read.Next != "" { // nothing among many that were looked at
		end := p.cursor(read.Next, 0)
		w.info.EndCursor = &end
	}
	out := &gen.AuditEntryConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showAuditEntry, func(at string, n *gen.AuditEntry) *gen.AuditEntryEdge {
		return &gen.AuditEntryEdge{Cursor: at, Node: n}
	})
	return out, nil
}

func auditFilter(f gen.AuditFilter) audit.Filter {
	return audit.Filter{Actor: string(or(f.Actor, "")), Action: or(f.Action, ""), Asset: or(f.Asset, ""), From: at(f.From), To: at(f.To)}
}

func showAuditEntry(e audit.Entry) *gen.AuditEntry {
	out := &gen.AuditEntry{
		Seq: int(e.Seq), ID: e.ID, At: e.At, Actor: graph.ID(e.Actor), Action: e.Action, Allowed: e.Decision != audit.Denied,
		Request: text(e.Request), Facts: []*gen.Fact{}, Changes: []*gen.Change{}, Erased: e.Erased,
		Target: ref(e.Target), Subject: ref(e.Subject),
	}
	for _, name := range slices.Sorted(maps.Keys(e.Facts)) {
		out.Facts = append(out.Facts, &gen.Fact{Name: name, Value: e.Facts[name]})
	}
	return out
}

// AuditEntry is one entry with what proves it.
func (q queries) AuditEntry(ctx context.Context, seq int) (*gen.AuditEntry, error) {
	e, err := audit.At(ctx, q.log, int64(seq))
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f := feed{resolver: q.resolver, whole: true, want: evidenceWanted(ctx, nil)}
	f.want.leaf = true // it can't be null
	if err := f.prepare(ctx); err != nil {
		return nil, err
	}
	shown, err := f.look(ctx, []audit.Entry{e})
	if err != nil {
		return nil, err
	}
	s, _ := f.part(e, spot{seq: e.Seq - 1}, len(e.Changes), shown)
	steps := []step{s}
	if err := f.withhold(ctx, steps); err != nil {
		return nil, err
	}
	edge, err := f.show(steps[0])
	if err != nil {
		return nil, err
	}
	out := showAuditEntry(e)
	out.Changes, out.Payload, out.Proof, out.Checkpoint = edge.Node.Changes, edge.Node.Payload, edge.Node.Proof, f.prover.show()
	out.Leaf = or(edge.Node.Leaf, "")
	return out, nil
}

// AuditState tells how far the log is sealed.
func (q queries) AuditState(ctx context.Context) (*gen.AuditState, error) {
	if q.audit == nil {
		return nil, errNoProof
	}
	s, err := q.audit.State(ctx)
	if err != nil {
		return nil, err
	}
	out := &gen.AuditState{
		Origin: s.Origin, Size: int(s.Size), SealedSize: int(s.Sealed), MinIndex: int(s.MinIndex),
		Keys: all(s.Keys, showKey), Anchors: all(s.Anchors, showAnchor),
	}
	if s.Checkpoint.Size > 0 {
		out.Checkpoint = showCheckpoint(s.Checkpoint)
	}
	if s.Trouble != nil {
		words := "The log can't be sealed, or doesn't hold. The program's own log says why."
		if errs.KindOf(s.Trouble) != errs.Internal {
			words = errs.Shown(s.Trouble)
		}
		out.Trouble = &words
	}
	return out, nil
}

// errNoProof is the answer where the log is not sealed.
var errNoProof = errs.E(errs.Unavailable, "The log is not sealed here.")

func showKey(k audit.KeySpan) *gen.AuditKey {
	out := &gen.AuditKey{Verifier: k.VKey, From: int(k.From)}
	if k.To > 0 {
		to := int(k.To)
		out.To = &to
	}
	return out
}

func showAnchor(a audit.AnchorState) *gen.AuditAnchor {
	return &gen.AuditAnchor{Name: a.Name, Size: int(a.Size), At: when(a.At), Error: text(a.Error)}
}

// Consistency proves that the log only grew.
func (a auditStates) Consistency(ctx context.Context, s *gen.AuditState, from int, to *int) ([]string, error) {
	if from < 1 || from > s.SealedSize {
		return nil, errs.Badf("from", "is not a size between 1 and %d.", s.SealedSize)
	}
	proof, err := a.audit.Consistency(ctx, int64(from), int64(or(to, s.SealedSize)))
	if err != nil {
		return nil, err
	}
	return encoded(proof), nil
}

// mayRead tells whether somebody may read the audit log as a whole.
func (r *resolver) mayRead(ctx context.Context) bool {
	return r.policy.Can(ctx, authz.Audit, authz.Everywhere, authz.View)
}
