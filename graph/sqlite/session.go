package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"

	"weir/errs"
)

// session is one connection with what is kept beside it. It serves one goroutine at a time.
type session struct {
	conn  *sqlite.Conn
	plan  *plan
	in    *input
	kinds dict
	terms dict
	known map[shape]bool  // shapes that are in the file, as far as this session wrote them
	ctx   context.Context // of a running write transaction, which is never interrupted but looks at it
	cache int             // KiB of pages that it may keep
	buf   []byte          // scratch of encoders and blob reads
}

// newSession opens a connection. cache is the size of its page cache in KiB.
func newSession(path string, cache int) (*session, error) {
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite, sqlite.OpenCreate)
	if err != nil {
		return nil, err
	}
	conn.SetBusyTimeout(10 * time.Second) // setting up can't be interrupted
	s := &session{conn: conn, cache: cache, in: &input{}, kinds: newDict("kind"), terms: newDict("term"), known: map[shape]bool{}}
	if err := conn.SetModule("input", s.in.module()); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	for _, pragma := range []string{
		"PRAGMA journal_mode = WAL",
		"PRAGMA synchronous = FULL", // an acknowledged commit survives a power cut
		fmt.Sprintf("PRAGMA wal_autocheckpoint = %d", backstopPages),
		fmt.Sprintf("PRAGMA cache_size = -%d", cache),
		"PRAGMA temp_store = MEMORY",
		"PRAGMA foreign_keys = OFF", // there are none: Link and Delete keep edges and nodes together
		"PRAGMA trusted_schema = OFF",
	} {
		if err := s.exec(pragma); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	conn.SetBlockOnBusy()
	return s, nil
}

// snapshot runs fn in a read transaction: everything that fn reads is of one moment. It ends early with ctx.
func (s *session) snapshot(ctx context.Context, fn func() error) (err error) {
	if err := s.recover(); err != nil {
		return err
	}
	s.conn.SetInterrupt(ctx.Done())
	defer func() {
		s.conn.SetInterrupt(nil)
		err = errors.Join(err, s.recover())
	}()
	if err := s.exec("BEGIN"); err != nil {
		return err
	}
	stamp, err := s.number("SELECT stamp FROM state")
	if err != nil {
		return err
	}
	if stamp != s.plan.stamp {
		return errStale
	}
	return fn()
}

// errStale is what a process gets whose schema is no longer the one that the derived tables follow.
var errStale = errs.E(errs.Unavailable, "Another version of Weir has changed the store's indexes. Restart this one.")

// each runs a statement and calls row for every row; row may be nil.
func (s *session) each(query string, row func(*sqlite.Stmt) error, args ...any) error {
	stmt, err := s.conn.Prepare(query)
	if err != nil {
		return fmt.Errorf("%w in %q", err, query)
	}
	for i, arg := range args {
		bind(stmt, i+1, arg)
	}
	if err := s.rows(stmt, row); err != nil {
		return fmt.Errorf("%w in %q", err, query)
	}
	return nil
}

// rows steps through a statement that is bound, and resets it.
func (s *session) rows(stmt *sqlite.Stmt, row func(*sqlite.Stmt) error) error {
	if s.ctx != nil && s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	for {
		more, err := stmt.Step()
		if err != nil {
			return err
		}
		if !more {
			return stmt.Reset()
		}
		if row == nil {
			continue
		}
		if err := row(stmt); err != nil {
			return errors.Join(err, stmt.Reset())
		}
	}
}

func (s *session) exec(query string, args ...any) error { return s.each(query, nil, args...) }

// number returns the first column of the first row; 0 if there is none.
func (s *session) number(query string, args ...any) (int64, error) {
	var n int64
	first := true
	err := s.each(query, func(stmt *sqlite.Stmt) error {
		if first {
			n = stmt.ColumnInt64(0)
		}
		first = false
		return nil
	}, args...)
	return n, err
}

func bind(stmt *sqlite.Stmt, param int, arg any) {
	switch v := arg.(type) {
	case int64:
		stmt.BindInt64(param, v)
	case int:
		stmt.BindInt64(param, int64(v))
	case string:
		stmt.BindText(param, v)
	case []byte:
		stmt.BindBytes(param, v)
	default:
		panic(fmt.Sprintf("sqlite: a %T is never bound", arg))
	}
}

// blob reads a column into the session's scratch; it is valid until the next call.
func (s *session) blob(stmt *sqlite.Stmt, col int) []byte {
	n := stmt.ColumnLen(col)
	if cap(s.buf) < n {
		s.buf = make([]byte, n, 2*n)
	}
	s.buf = s.buf[:n]
	stmt.ColumnBytes(col, s.buf)
	return s.buf
}

func (s *session) close() error { return s.conn.Close() }
