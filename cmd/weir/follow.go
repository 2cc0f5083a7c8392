package main

import (
	"context"
	"log/slog"
	"time"

	"weir/audit"
	"weir/catalog/lineage"
	"weir/errs"
	"weir/graph"
)

// The follower that keeps inherited data classes up with the log: how many entries at once, and how often it looks.
const (
	inheritsName  = "inherits"
	inheritsBatch = 200
	followEvery   = 250 * time.Millisecond
	followAfter   = 2 * time.Second // after a failure
)

// follow starts what runs beside the requests: inherited data classes, the seal of the log, and the watch for changes of
// rules and people by other servers.
func (s *Server) follow() {
	ctx, cancel := context.WithCancel(context.Background())
	s.stop = cancel
	s.beside.Go(func() { s.inherit(ctx) })
	s.beside.Go(func() { s.runJobs(ctx) })
	s.beside.Go(func() { s.Policy.Watch(ctx, s.Store, s.Identity.Forget) })
	s.beside.Go(func() {
		if err := s.Sealer.Run(ctx); err != nil {
			slog.Error("the end of the log is not sealed; the next start does it", "error", err)
		}
	})
}

// inherit follows the log with inherited data classes until ctx ends.
func (s *Server) inherit(ctx context.Context) {
	f := inherits(s.Store)
	for ctx.Err() == nil {
		n, err := f.Step(ctx, s.Store)
		wait := followEvery
		switch {
		case err != nil && ctx.Err() == nil && !errs.Is(err, errs.Conflict):
			slog.Error("inherited data classes can't follow; trying again", "error", err)
			wait = followAfter
		case n > 0:
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// inherits works out data classes anew for what entries changed.
func inherits(store graph.Store) audit.Follower {
	return audit.Follower{Name: inheritsName, Batch: inheritsBatch, Do: lineage.NewPropagator(store).Follow}
}

// catchUp lets the followers deal with everything there is; for commands that run without a server on their directory. A
// server elsewhere on the same store may follow at the same time: then it does the work.
func catchUp(ctx context.Context, store graph.Store) error {
	f := inherits(store)
	for {
		n, err := f.Step(ctx, store)
		switch {
		case errs.Is(err, errs.Conflict):
			return nil
		case err != nil || n == 0:
			return err
		}
	}
}
