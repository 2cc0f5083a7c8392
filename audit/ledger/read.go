package ledger

import (
	"context"

	"weir/audit"
	"weir/authz"
	"weir/errs"
)

// allowed refuses whoever may not read the whole log: an auditor of one domain reads that domain's assets and their
// history, not the entries of all others.
func (s *Service) allowed(ctx context.Context) error {
	return s.Policy.Require(ctx, authz.Audit, authz.Everywhere, authz.View)
}

// Find returns a page of the entries under a filter, newest first.
func (s *Service) Find(ctx context.Context, f audit.Filter, limit int, after string) (audit.Found, error) {
	if err := s.allowed(ctx); err != nil {
		return audit.Found{}, err
	}
	return audit.Find(s.opening(ctx), s.Store, f, limit, after)
}

// Entry returns the entry of a number with what it changed.
func (s *Service) Entry(ctx context.Context, seq int64) (audit.Entry, error) {
	if err := s.allowed(ctx); err != nil {
		return audit.Entry{}, err
	}
	return audit.At(s.opening(ctx), s.Store, seq)
}

// Leaf returns the bytes of an entry that are hashed.
func (s *Service) Leaf(ctx context.Context, seq int64) ([]byte, error) {
	if err := s.allowed(ctx); err != nil {
		return nil, err
	}
	leaves, err := audit.Leaves(ctx, s.Store, seq-1, 1)
	if err != nil {
		return nil, err
	}
	if len(leaves) == 0 || leaves[0].Seq != seq {
		return nil, errs.E(errs.NotFound, "There is no such entry.")
	}
	return leaves[0].Bytes, nil
}

// Proof returns the way from an entry to the last checkpoint; NotFound while none seals it.
func (s *Service) Proof(ctx context.Context, seq int64) (audit.Proof, error) {
	if err := s.allowed(ctx); err != nil {
		return audit.Proof{}, err
	}
	return s.Log.Proof(ctx, seq)
}

// State tells how far the log is sealed and anchored.
func (s *Service) State(ctx context.Context) (audit.State, error) {
	if err := s.allowed(ctx); err != nil {
		return audit.State{}, err
	}
	return s.Log.State(ctx)
}

// Checkpoints returns a page of the signed checkpoints, newest first.
func (s *Service) Checkpoints(ctx context.Context, limit int, after string) (audit.CheckpointPage, error) {
	if err := s.allowed(ctx); err != nil {
		return audit.CheckpointPage{}, err
	}
	return s.Log.Checkpoints(ctx, limit, after)
}

// Checkpoint returns the latest; NotFound while nothing is signed.
func (s *Service) Checkpoint(ctx context.Context) (audit.Checkpoint, error) {
	if err := s.allowed(ctx); err != nil {
		return audit.Checkpoint{}, err
	}
	return s.Log.Checkpoint(ctx)
}

// Read returns a tile or a bundle of entries.
func (s *Service) Read(ctx context.Context, p audit.TilePath) ([]byte, error) {
	if err := s.allowed(ctx); err != nil {
		return nil, err
	}
	return s.Log.Read(ctx, p)
}

// opening lets payloads be read that lie under the key of a person.
func (s *Service) opening(ctx context.Context) context.Context {
	return audit.Sealing(ctx, s.Log.Keys())
}
