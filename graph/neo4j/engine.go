package neo4j

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// engine is the store: a pool of connections and what the schema asks.
type engine struct {
	reader
	driver    driver.DriverWithContext
	database  string
	bookmarks driver.BookmarkManager // shared, so that every session sees what any before it wrote
	patience  time.Duration
	gates     *gates
	last      atomic.Int64 // the last transaction's time in microseconds
	updates   atomic.Int64 // how many transactions were begun
}

// runner runs one statement and returns its rows.
type runner interface {
	run(ctx context.Context, statement string, params map[string]any) ([][]any, error)
}

// session opens a session. Fetching everything at once spares a round trip for every thousand rows.
func (e *engine) session(mode driver.AccessMode, fetch int) driver.SessionConfig {
	return driver.SessionConfig{
		AccessMode: mode, DatabaseName: e.database, BookmarkManager: e.bookmarks, FetchSize: fetch,
	}
}

// run reads with one statement outside of any transaction. Reads are done again while the server is away.
func (e *engine) run(ctx context.Context, statement string, params map[string]any) ([][]any, error) {
	var rows [][]any
	err := e.persist(ctx, func() error {
		var err error
		rows, err = e.read(ctx, statement, params)
		return err
	})
	return rows, exit(ctx, err)
}

func (e *engine) read(ctx context.Context, statement string, params map[string]any) (rows [][]any, err error) {
	s := e.driver.NewSession(ctx, e.session(driver.AccessModeRead, driver.FetchAll))
	defer func() { err = closed(ctx, s, err) }()
	result, err := s.Run(ctx, statement, params, timeout(ctx))
	if err != nil {
		return nil, err
	}
	return collect(ctx, result)
}

// gathered unrolls the answer of a statement that returns everything as collect([…]): the driver takes five times
// longer over as many rows.
func gathered(rows [][]any, err error) ([][]any, error) {
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	all := list(rows[0][0])
	out := make([][]any, len(all))
	for i, row := range all {
		out[i] = list(row)
	}
	return out, nil
}

// command runs a statement that changes the database's own furniture, such as an index, outside of transactions.
func (e *engine) command(ctx context.Context, statement string, params map[string]any) error {
	return e.persist(ctx, func() (err error) {
		s := e.driver.NewSession(ctx, e.session(driver.AccessModeWrite, driver.FetchAll))
		defer func() { err = closed(ctx, s, err) }()
		result, err := s.Run(ctx, statement, params, timeout(ctx))
		if err != nil {
			return err
		}
		_, err = result.Consume(ctx)
		return err
	})
}

// closed closes a session or transaction and returns the first error. Closing must go on when ctx is over.
func closed(ctx context.Context, c interface{ Close(context.Context) error }, err error) error {
	if e := c.Close(context.WithoutCancel(ctx)); err == nil {
		return e
	}
	return err
}

func collect(ctx context.Context, result driver.ResultWithContext) ([][]any, error) {
	var rows [][]any
	for result.Next(ctx) {
		rows = append(rows, result.Record().Values)
	}
	return rows, result.Err()
}

// timeout lets the server end a transaction when ctx ends, so that it holds no lock for a caller who has gone.
func timeout(ctx context.Context) func(*driver.TransactionConfig) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return func(*driver.TransactionConfig) {}
	}
	return driver.WithTxTimeout(max(time.Until(deadline), time.Millisecond))
}

// persist does idempotent work, again and again after transient faults, as long as the engine's patience lasts.
func (e *engine) persist(ctx context.Context, work func() error) error {
	p := e.pauses()
	for {
		err := work()
		if err == nil || !transient(err) || !p.wait(ctx) {
			return err
		}
	}
}

// pauses are the growing, random waits between attempts.
type pauses struct {
	end  time.Time
	next time.Duration
}

const (
	firstPause = 2 * time.Millisecond
	maxPause   = 500 * time.Millisecond
)

func (e *engine) pauses() *pauses {
	return &pauses{end: time.Now().Add(e.patience), next: firstPause}
}

// wait waits before another attempt; false when there is no time for one.
func (p *pauses) wait(ctx context.Context) bool {
	pause := p.next/2 + rand.N(p.next)
	p.next = min(2*p.next, maxPause)
	if time.Now().Add(pause).After(p.end) {
		return false
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// tick is the time of a transaction: the clock, but always after the transaction before.
func (e *engine) tick() int64 {
	for {
		last := e.last.Load()
		next := max(now(), last+1)
		if e.last.CompareAndSwap(last, next) {
			return next
		}
	}
}

// now is the clock in microseconds.
func now() int64 { return time.Now().UnixMicro() }
