package catalog

import (
	"context"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// CloseInput names a lineage edge between two assets that no longer holds.
type CloseInput struct {
	From, To graph.ID
}

// CloseLineage ends the lineage edge between two assets, whoever stated it, as of now. Its history stays, and an event that
// states it again later opens it again.
// Errors: NotFound if no such edge holds, Forbidden.
func (s *Service) CloseLineage(ctx context.Context, in CloseInput) error {
	return s.correct(ctx, "catalog.close", in.From, func(j *join) error {
		ends := []graph.ID{in.From, in.To, factsID(in.From), factsID(in.To)}
		if err := j.read(ends); err != nil {
			return err
		}
		if err := j.readClasses(ends); err != nil {
			return err
		}
		missing := errs.E(errs.NotFound, "There is no lineage between these two that still holds.")
		if err := j.mayLink(missing, in.From, in.To); err != nil {
			return err
		}
		from, to := j.head(in.From), j.head(in.To)
		if err := j.readEdges([]graph.ID{from}, graph.Out, LineageRels...); err != nil {
			return err
		}
		found := false
		for k, e := range j.edges {
			if k.to == to && e.holds() {
				e.closed, e.dirty, found = j.now, true, true
			}
		}
		if !found {
			return missing
		}
		return j.decideEdges()
	})
}

// holds tells whether an edge stood open in the store.
func (e *edge) holds() bool {
	for _, r := range e.rows {
		if r.Until.IsZero() {
			return true
		}
	}
	return false
}

// SameInput says whether two datasets are the same under two names.
type SameInput struct {
	A, B graph.ID
	Same bool
}

// SetSame lets a person say that two datasets are the same, or are not although an event says so. His word holds until he
// takes it back. Lineage around both is worked out anew.
// Errors: NotFound if one of them is missing, Forbidden, Invalid if they are one and the same.
func (s *Service) SetSame(ctx context.Context, in SameInput) error {
	if in.A == in.B {
		return errs.Bad("b", "is the same dataset as a.")
	}
	return s.correct(ctx, "catalog.same", in.A, func(j *join) error {
		ends := []graph.ID{in.A, in.B, factsID(in.A), factsID(in.B)}
		if err := j.read(ends); err != nil {
			return err
		}
		missing := errs.E(errs.NotFound, "There is no such dataset.")
		if j.datasets.find(in.A) == nil || j.datasets.find(in.B) == nil {
			return missing
		}
		if err := j.readClasses(ends); err != nil {
			return err
		}
		if err := j.mayLink(missing, in.A, in.B); err != nil {
			return err
		}
		return j.setSame(in)
	})
}

func (j *join) setSame(in SameInput) error {
	if err := j.readSame([]graph.ID{in.A, in.B}); err != nil {
		return err
	}
	stated, news := false, false
	for k, e := range j.edges {
		if k.rel == RelSame && pairOf(k.from, k.to) == pairOf(in.A, in.B) {
			stated, news = true, news || e.refused == in.Same
			e.refused, e.dirty = !in.Same, true
		}
	}
	if in.Same && !stated {
		news = true
		j.edges[edgeKey{in.A, RelSame, in.B, personKey}] = &edge{
			edgeProps: edgeProps{how: Declared, confirmed: j.now}, since: j.now, dirty: true,
		}
	}
	if err := j.uniteAll([]graph.ID{in.A, in.B}); err != nil {
		return err
	}
	if err := j.settle(); err != nil {
		return err
	}
	if news && len(j.changes) == 0 { // a third name holds them together, or kept them so: his word is kept for when it goes
		j.noteSame(in)
	}
	return nil
}

// noteSame notes a person's word that changes no dataset yet.
func (j *join) noteSame(in SameInput) {
	if in.Same {
		j.change(in.A, sameField, "", string(in.B))
		return
	}
	j.change(in.A, sameField, string(in.B), "")
}

// personKey is the key of edges that a person stated.
const personKey = "person"

// correct runs a person's correction of the graph, with its entry.
func (s *Service) correct(ctx context.Context, action string, target graph.ID, fn func(j *join) error) error {
	var refused error
	err := s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		refused = nil
		if err := tx.Lock(ctx, lockKey); err != nil {
			return err
		}
		j := s.newJoin(ctx, tx)
		if err := fn(j); err != nil {
			refused = j.refused
			return err
		}
		if len(j.changes) == 0 {
			return nil
		}
		if err := j.write(); err != nil {
			return err
		}
		return audit.Append(ctx, tx, j.now, audit.Entry{Actor: authz.Actor(ctx), Action: action, Target: target,
			Decision: audit.Allowed, Changes: j.changes})
	})
	if refused == nil {
		return err
	}
	return s.refuse(ctx, action, target, refused)
}
