// Package ledger holds what is asked of the log and done with it: reading, exporting and checking it, erasing personal data,
// redacting, pruning and rotating keys. Each asks the policy first.
package ledger

import (
	"context"
	"io"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/identity/session"
)

// Service holds the commands over the log.
type Service struct {
	Store  graph.Store
	Log    *audit.Log
	Policy *authz.Policy
	Now    func() time.Time
}

// ActionExport is the action of an export: who takes the log out is written in it.
const ActionExport = "audit.export"

// Export writes the whole log, as far as it is sealed, as a bundle that anybody can check with weir-verify, and returns how many
// entries that are. Memory is bounded whatever the size of the log.
// Errors: Forbidden; NotFound if nothing is sealed yet; Conflict if the log was pruned meanwhile; Internal if the store is damaged.
func (s *Service) Export(ctx context.Context, w io.Writer) (int64, error) {
	if err := s.Policy.Require(ctx, authz.Audit, authz.Everywhere, authz.Export); err != nil {
		return 0, s.refused(ctx, ActionExport, "", err)
	}
	if err := s.append(ctx, audit.Entry{Action: ActionExport, Decision: audit.Allowed}); err != nil {
		return 0, err
	}
	return s.write(ctx, w)
}

// Erase makes everything unreadable that the log holds in payloads about a person, for ever, and takes what is personal out of
// what is kept of him beside the log; he can't come in again. Leaves and proofs stay as they are.
// basis says why, in words that name nobody. Errors: Forbidden, Invalid, NotFound.
func (s *Service) Erase(ctx context.Context, subject graph.ID, basis string) error {
	if err := s.mayErase(ctx, audit.ActionErase, subject); err != nil {
		return err
	}
	return s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, authz.Lock, session.Lock(subject)); err != nil {
			return err
		}
		if err := s.forget(ctx, tx, subject); err != nil {
			return err
		}
		return audit.Erase(ctx, tx, s.Now(), s.by(ctx), subject, basis)
	})
}

// forget erases a person and his sessions. One of whom the log alone knows has neither.
func (s *Service) forget(ctx context.Context, tx graph.Tx, person graph.ID) error {
	err := identity.Erase(ctx, tx, s.Now(), person)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return session.Erase(ctx, tx, person)
}

// Redact removes the payload of one entry for ever. Errors: Forbidden, NotFound, Invalid, Conflict if there is nothing to remove.
func (s *Service) Redact(ctx context.Context, seq int64, basis string) error {
	if err := s.mayErase(ctx, audit.ActionRedact, ""); err != nil {
		return err
	}
	return s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		return audit.Redact(ctx, tx, s.Now(), s.by(ctx), seq, audit.FieldChanges, basis)
	})
}

// Prune forgets the entries of an index below minIndex; archive is the SHA-256 in hex of the export that keeps them.
// Errors: Forbidden, also if no retention is configured; Invalid.
func (s *Service) Prune(ctx context.Context, minIndex int64, archive, basis string) error {
	if err := s.mayErase(ctx, audit.ActionPrune, ""); err != nil {
		return err
	}
	return s.Log.Prune(ctx, s.by(ctx), minIndex, archive, basis)
}

// Rotate makes a new signing key, which signs beside those that there are, and returns its verifier key.
// Errors: Forbidden; Conflict if the keys of the log aren't on this machine.
func (s *Service) Rotate(ctx context.Context) (string, error) {
	if err := s.mayManage(ctx, audit.ActionKey); err != nil {
		return "", err
	}
	return s.Log.Rotate(ctx, s.by(ctx))
}

// Retire ends a signing key, which is given as its verifier key. Errors: Forbidden; NotFound if it doesn't sign;
// Conflict if no other key signed a checkpoint yet.
func (s *Service) Retire(ctx context.Context, vkey string) error {
	if err := s.mayManage(ctx, audit.ActionRetire); err != nil {
		return err
	}
	return s.Log.Retire(ctx, s.by(ctx), vkey)
}

// Rewrap makes a new key around the keys to personal data, so that backups of the store from before, even with what lies beside
// it now, no longer show what was erased since. Errors: Forbidden; Conflict without a directory of keys.
func (s *Service) Rewrap(ctx context.Context) error {
	if err := s.mayManage(ctx, audit.ActionRewrap); err != nil {
		return err
	}
	return s.Log.Rewrap(ctx, s.by(ctx))
}

func (s *Service) mayErase(ctx context.Context, action string, target graph.ID) error {
	err := s.Policy.Require(ctx, authz.Audit, authz.Everywhere, authz.Erase)
	return s.refused(ctx, action, target, err)
}

func (s *Service) mayManage(ctx context.Context, action string) error {
	err := s.Policy.Require(ctx, authz.System, authz.Everywhere, authz.Manage)
	return s.refused(ctx, action, "", err)
}

// refused writes down an attempt that was not allowed, and returns why; nil if it was allowed.
func (s *Service) refused(ctx context.Context, action string, target graph.ID, why error) error {
	if why == nil || !authz.From(ctx).Known() {
		return why // nobody in particular: the log of requests has it
	}
	if target != "" && !graph.ValidID(target) {
		target = ""
	}
	if err := s.append(ctx, audit.Entry{Action: action, Target: target, Decision: audit.Denied}); err != nil {
		return err
	}
	return why
}

// append writes an entry of whoever acts.
func (s *Service) append(ctx context.Context, e audit.Entry) error {
	e.Actor = authz.Actor(ctx)
	return s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		return audit.Append(ctx, tx, s.Now(), e)
	})
}

// by is who acts, for entries that the log writes about itself.
func (s *Service) by(ctx context.Context) audit.Entry { return audit.Entry{Actor: authz.Actor(ctx)} }

// notSealed says that there is nothing to export or to check yet.
func notSealed() error { return errs.E(errs.NotFound, "Nothing of the log is sealed yet.") }
