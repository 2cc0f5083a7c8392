package sqlite

import (
	"context"
	"errors"
	"time"

	"zombiezen.com/go/sqlite"

	"weir/errs"
	"weir/graph"
)

// keepIDs is how long the ids of transactions are kept.
const keepIDs = 25 * time.Hour

// write runs fn in a write transaction. It waits for other processes, but not for ever. When ctx ends, the next statement
// fails; none is interrupted midway, since SQLite might then give up the transaction by itself or not at all.
func (s *session) write(ctx context.Context, fn func() error) (err error) {
	if err := s.begin(ctx); err != nil {
		return err
	}
	committed := false
	s.ctx = ctx
	defer func() {
		s.ctx = nil
		if !committed { // fn failed or panicked
			err = errors.Join(err, s.rollback())
		}
	}()
	if err := fn(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.ctx = nil // a commit that was begun runs to its end
	if err := s.exec("COMMIT"); err != nil {
		return commitError(err)
	}
	committed = true
	s.kinds.committed()
	s.terms.committed()
	return nil
}

func (s *session) begin(ctx context.Context) error {
	if err := s.recover(); err != nil {
		return err
	}
	wait, cancel := context.WithTimeout(ctx, writerPatience)
	defer cancel()
	s.conn.SetInterrupt(wait.Done())
	defer s.conn.SetInterrupt(nil)
	err := s.exec("BEGIN IMMEDIATE")
	if err != nil && wait.Err() != nil && ctx.Err() == nil {
		kind, message := explain(sqlite.ResultBusy)
		return errs.Wrap(err, kind, message)
	}
	return err
}

// recover ends a transaction that a failed rollback has left.
func (s *session) recover() error {
	if s.conn.AutocommitEnabled() {
		return nil
	}
	return s.rollback()
}

// rollback gives up what was written, unless SQLite has done so by itself after a fault.
func (s *session) rollback() error {
	s.kinds.rolledBack()
	s.terms.rolledBack()
	clear(s.known)
	if s.conn.AutocommitEnabled() {
		return nil
	}
	return s.exec("ROLLBACK")
}

// Update runs fn in one transaction. SQLite has one writer at a time, so fn never has to run again.
func (s *store) Update(ctx context.Context, id string, fn func(ctx context.Context, tx graph.Tx) error) error {
	var own error // of fn: it is returned as it is
	err := s.withWriter(ctx, func(w *session) error {
		return w.write(ctx, func() error {
			t, err := w.newTx(id)
			if err != nil {
				return err
			}
			own = fn(ctx, t)
			if own == nil {
				own = t.failed
			}
			if own != nil {
				return own
			}
			return t.finish(id)
		})
	})
	if own != nil {
		return own
	}
	if err == nil {
		s.committed()
	}
	return err
}

// committed wakes the checkpointer.
func (s *store) committed() {
	select {
	case s.dirty <- struct{}{}:
	default:
	}
}

// tx is a running transaction. Its writes are in several files; reads are those of its session.
type tx struct {
	s      *session
	now    int64 // the time of everything that it writes
	last   int64 // the counter of the newest node's number; 0: not known yet
	ends   map[graph.ID]int64
	failed error
}

// newTx begins a transaction: its time comes after that of every one before, whatever the clock does.
func (s *session) newTx(id string) (*tx, error) {
	stamp, err := s.number("SELECT stamp FROM state")
	if err != nil {
		return nil, err
	}
	if stamp != s.plan.stamp {
		return nil, errStale
	}
	used, err := s.number("SELECT 1 FROM done WHERE id = ?", id)
	if err != nil {
		return nil, err
	}
	if used != 0 {
		return nil, errs.E(errs.Exists, "That change was saved before.")
	}
	clock, err := s.number("SELECT clock FROM state")
	if err != nil {
		return nil, err
	}
	return &tx{s: s, now: max(now(), clock+1), ends: map[graph.ID]int64{}}, nil
}

// finish writes down the transaction's id and time, and forgets two old ids, so that they never pile up.
func (t *tx) finish(id string) error {
	if err := t.s.exec("UPDATE state SET clock = ?", t.now); err != nil {
		return err
	}
	if err := t.s.exec("INSERT INTO done(id, time) VALUES (?, ?)", id, t.now); err != nil {
		return err
	}
	const purge = "DELETE FROM done WHERE num IN (SELECT num FROM done ORDER BY num LIMIT 2) AND time < ?"
	return t.s.exec(purge, t.now-keepIDs.Microseconds())
}

// do runs a method of the transaction. Its error is an error of the contract and dooms the transaction: SQLite
// may have rolled back already, and what comes after must not be written alone.
func (t *tx) do(ctx context.Context, fn func() error) error {
	if t.failed != nil {
		return t.failed
	}
	err := ctx.Err()
	if err == nil {
		err = fn()
	}
	t.failed = exit(ctx, err)
	return t.failed
}

var errNoLock = errors.New("sqlite: a transaction without the write lock")

// Lock has nothing to do: the transaction has had the whole store to itself since it began.
func (t *tx) Lock(ctx context.Context, _ ...string) error {
	return t.do(ctx, func() error {
		if t.s.conn.AutocommitEnabled() {
			return errNoLock
		}
		return nil
	})
}
