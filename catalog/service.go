package catalog

import (
	"time"

	"weir/graph"
)

// Service holds the commands and queries of the catalog. Every entrance calls the same.
type Service struct {
	store graph.Store
	now   func() time.Time
}

// New makes a Service over a store; now is the clock.
func New(store graph.Store, now func() time.Time) *Service {
	return &Service{store: store, now: now}
}
