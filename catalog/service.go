package catalog

import (
	"time"

	"weir/authz"
	"weir/graph"
)

// Service holds the commands and queries of the catalog. Every entrance calls the same.
type Service struct {
	store      graph.Store
	now        func() time.Time
	policy     *authz.Policy
	unassigned authz.Visibility
	reads      *readLog
}

// New makes a Service over a store; now is the clock. It has no rules: everybody may do and see everything.
func New(store graph.Store, now func() time.Time) *Service {
	return &Service{store: store, now: now, unassigned: authz.Open, reads: newReadLog()}
}

// Guarded returns the service under a policy: commands ask it, queries answer with what the principal in their context
// may see, and what is hidden answers like what is missing. A nil policy has no rules.
func (s *Service) Guarded(p *authz.Policy) *Service {
	out := *s
	out.policy = p
	return &out
}

// Unassigned returns the service with a visibility of its own for what has none and belongs to no domain; open unless
// said. Every process that writes into a store has to be given the same; after a change, Reassign brings the store in line.
func (s *Service) Unassigned(v authz.Visibility) *Service {
	out := *s
	out.unassigned = v
	return &out
}
