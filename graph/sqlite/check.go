package sqlite

import (
	"context"
	"errors"
	"fmt"

	"zombiezen.com/go/sqlite"

	"weir/errs"
)

// Check reads the whole store in the file at path and reports the first damage, as errs.Conflict with what was found:
// of the file itself, or between what the store keeps and what it derived from it. It may run beside a server.
// Errors besides: NotFound without a file, Invalid for a file that is not a store, Unavailable if it can't be read.
func Check(ctx context.Context, path string) error {
	if err := exists(path); err != nil {
		return err
	}
	s, err := newSession(path, readerCache)
	if err != nil {
		return exit(ctx, err)
	}
	s.conn.SetInterrupt(ctx.Done())
	err = s.check()
	s.conn.SetInterrupt(nil)
	return exit(ctx, errors.Join(err, s.close()))
}

// invariants are what has to hold between the tables: each statement finds what breaks it.
var invariants = []struct{ statement, broken string }{
	{"SELECT num FROM edge WHERE src NOT IN (SELECT num FROM node) OR dst NOT IN (SELECT num FROM node)",
		"An edge has an end that does not exist"},
	{"SELECT num FROM past WHERE src NOT IN (SELECT num FROM node) OR dst NOT IN (SELECT num FROM node)",
		"A former edge has an end that does not exist"},
	{"SELECT num FROM edge WHERE since >= until", "An edge ends before it begins"},
	{"SELECT num FROM past WHERE since >= until OR known >= gone", "A former edge ends before it begins"},
	{"SELECT a.num FROM edge a JOIN edge b ON a.src = b.src AND a.rel = b.rel AND a.dst = b.dst AND a.key = b.key" +
		" AND a.since < b.since AND a.until >= b.since", "Two spans of an edge overlap"},
	{"SELECT num FROM edge WHERE known > (SELECT clock FROM state)", "An edge is known from a time to come"},
	{"SELECT num FROM edge WHERE rel NOT IN (SELECT num FROM term) OR key NOT IN (SELECT num FROM term)",
		"An edge has a relation or key without a name"},
	{"SELECT num FROM edge WHERE (src & 255, rel, dst & 255) NOT IN (SELECT src, rel, dst FROM shape)",
		"An edge is of a shape that walks don't look for"},
	{"SELECT num FROM past WHERE (src & 255, rel, dst & 255) NOT IN (SELECT src, rel, dst FROM shape)",
		"A former edge is of a shape that walks don't look for"},
	{"SELECT node FROM entry WHERE node NOT IN (SELECT num FROM node)", "An index entry has no node"},
	{"SELECT idx FROM entry WHERE idx NOT IN (SELECT num FROM idx)", "An index entry has no index"},
	{"SELECT num FROM node WHERE num & 255 NOT IN (SELECT num FROM kind)", "A node has no kind"},
}

func (s *session) check() error {
	app, err := s.number("PRAGMA application_id")
	if err != nil {
		return err
	}
	if app != applicationID {
		return errs.E(errs.Invalid, "The file is not a store of Weir.")
	}
	err = s.each("PRAGMA integrity_check(1)", func(stmt *sqlite.Stmt) error {
		if text := stmt.ColumnText(0); text != "ok" {
			return errs.Wrap(errors.New(text), errs.Conflict, "The store's file is damaged: "+text)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, i := range invariants {
		err := s.each(i.statement+" LIMIT 1", func(stmt *sqlite.Stmt) error {
			cause := fmt.Errorf("sqlite: number %d", stmt.ColumnInt64(0))
			return errs.Wrap(cause, errs.Conflict, "The store is damaged: "+i.broken+".")
		})
		if err != nil {
			return err
		}
	}
	return s.checkDerived()
}
