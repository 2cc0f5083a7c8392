package neo4j

import (
	"context"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"weir/errs"
	"weir/graph"
)

// Update writes the id as a node in the transaction. When the answer to a commit is lost, it is looked up.
func (e *engine) Update(ctx context.Context, id string, fn func(ctx context.Context, tx graph.Tx) error) error {
	gate, err := e.gates.take(ctx)
	if err != nil {
		return exit(ctx, err)
	}
	defer e.gates.give(gate)
	u := update{engine: e, id: id, gate: gate, fn: fn}
	for p := e.pauses(); ; {
		err := u.attempt(ctx)
		if err == nil || u.own {
			return err
		}
		if !transient(err) || !p.wait(ctx) {
			return u.outcome(ctx, err)
		}
	}
}

// update is one call of Update, with what its attempts found.
type update struct {
	*engine
	id   string
	gate int
	fn   func(ctx context.Context, tx graph.Tx) error
	own  bool // the error is fn's own
	lost bool // a commit was sent whose answer never came; the database doesn't show it, but may do so yet
}

// outcome is the error that the caller is told.
func (u *update) outcome(ctx context.Context, err error) error {
	if u.lost {
		return unknown(err)
	}
	return exit(ctx, err)
}

func unknown(cause error) error {
	if errs.Is(cause, errs.Unknown) {
		return cause
	}
	return errs.Wrap(cause, errs.Unknown, "The connection to the Neo4j server broke while saving. It may have been saved; trying again is safe.")
}

// attempt runs the transaction once. It is committed when the answer is nil.
func (u *update) attempt(ctx context.Context) error {
	s := u.driver.NewSession(ctx, u.session(driver.AccessModeWrite, driver.FetchAll))
	// What happens to the connection after the outcome is known doesn't change the outcome; the pool replaces it.
	defer func() { _ = closed(ctx, s, nil) }()
	driverTx, err := s.BeginTransaction(ctx, timeout(ctx))
	if err != nil {
		return err
	}
	defer func() { _ = closed(ctx, driverTx, nil) }() // rolls back unless committed, when fn panics too
	t := u.newTx(driverTx)
	switch there, err := t.begin(ctx, u.id, u.gate); {
	case err != nil:
		return err
	case there && u.lost:
		u.lost = false
		return nil // the commit whose answer was lost has arrived
	case there:
		return errs.E(errs.Exists, "That was done already.")
	}
	u.lost = false // the id was free under its lock, so the earlier commit is gone for good
	if err := u.work(ctx, t); err != nil {
		return err
	}
	return u.commit(ctx, driverTx)
}

// work runs fn and tells its own errors from those of the engine, which fn may have wrapped or hidden.
func (u *update) work(ctx context.Context, t *tx) error {
	err := u.fn(ctx, t)
	switch {
	case t.fault != nil && (err == nil || transient(t.fault)):
		return t.fault
	case err != nil:
		u.own = true
		return err
	}
	return ctx.Err()
}

// commitTime is how long the answer to a commit is waited for. A commit isn't given up when ctx ends: then nobody would
// know what came of it.
const commitTime = 15 * time.Second

func (u *update) commit(ctx context.Context, t driver.ExplicitTransaction) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTime)
	defer cancel()
	err := t.Commit(ctx)
	if err == nil || !doubtful(err) {
		return err
	}
	there, lookupErr := u.committed(ctx)
	if lookupErr != nil {
		return unknown(err)
	}
	u.lost = !there
	if there {
		return nil
	}
	return err
}

// committed looks the id up on another connection.
func (u *update) committed(ctx context.Context) (bool, error) {
	rows, err := u.run(ctx, "MATCH (u:_Update {_id: $id}) USING INDEX SEEK u:_Update(_id) RETURN u._at", map[string]any{"id": u.id})
	return len(rows) > 0, err
}
