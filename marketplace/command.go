package marketplace

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"strings"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// deed is what one command did, for its entry. With no changes nothing was to be done, and nothing is written down.
type deed struct {
	target  graph.ID
	facts   map[string]string
	changes []audit.Change
}

// run runs a command in one transaction under authz.Lock and writes its entry last. What do refuses with Forbidden is written
// down as an attempt.
func (s *Service) run(ctx context.Context, action string, target graph.ID, do func(ctx context.Context, tx graph.Tx) (deed, error)) error {
	err := s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, authz.Lock); err != nil {
			return err
		}
		d, err := do(ctx, tx)
		if err != nil || len(d.changes) == 0 {
			return err
		}
		return audit.Append(ctx, tx, s.now(), audit.Entry{
			Actor: authz.Actor(ctx), Action: action, Target: d.target, Decision: audit.Allowed, Facts: d.facts, Changes: d.changes,
		})
	})
	if errs.Is(err, errs.Forbidden) {
		return s.refused(ctx, action, target, err)
	}
	return err
}

// refused writes down an attempt that was not allowed, and returns why.
func (s *Service) refused(ctx context.Context, action string, target graph.ID, why error) error {
	return s.policy.Refused(ctx, s.store, s.now(), action, target, why)
}

// changed lists a field of an asset if it is another one than before.
func changed(out []audit.Change, id graph.ID, field, before, after string) []audit.Change {
	if before == after {
		return out
	}
	return append(out, audit.Change{Asset: id, Field: field, Before: before, After: after})
}

// randomID makes an id that says nothing about what has it.
func randomID(prefix string) graph.ID {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // it ends the program instead of returning an error
	return graph.ID(prefix + "_" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)))
}
