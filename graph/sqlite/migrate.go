package sqlite

import (
	"fmt"

	"zombiezen.com/go/sqlite/sqlitex"

	"weir/errs"
)

// applicationID marks a SQLite file as a store of Weir ("Weir" in ASCII).
const applicationID = 0x57656972

// migrations bring an older file to the present layout, one step a version: the file's user_version says how many
// were done. A step is never changed once a release had it.
//
// Numbers: a node's num is counter<<8 | kind, so that a walk knows kinds without reading nodes. Relations, edge keys,
// property names and audiences are interned in term, which is append-only. Times are microseconds; forever and ever
// stand for open ends. Rows of edge are what the store holds now; what it gave up moves to past, so that the indexes
// that walks use stay small. entry holds everything that is derived from properties and is ordered: lists, search
// fields and unique values, each under the number of its declaration in idx.
var migrations = []string{`
CREATE TABLE state(
	one INTEGER PRIMARY KEY CHECK (one = 1),
	clock INTEGER NOT NULL, -- the time of the last transaction
	stamp INTEGER NOT NULL  -- grows when derived tables were rebuilt for another schema
);
INSERT INTO state VALUES (1, 0, 0);
CREATE TABLE done(num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, time INTEGER NOT NULL);
CREATE TABLE kind(num INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE term(num INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE idx(num INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE seq(name TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE node(
	num INTEGER PRIMARY KEY, id TEXT NOT NULL, version INTEGER NOT NULL,
	created INTEGER NOT NULL, updated INTEGER NOT NULL, props BLOB NOT NULL
);
CREATE UNIQUE INDEX node_id ON node(id);
CREATE TABLE edge(
	num INTEGER PRIMARY KEY, src INTEGER NOT NULL, rel INTEGER NOT NULL, dst INTEGER NOT NULL, key INTEGER NOT NULL,
	since INTEGER NOT NULL, until INTEGER NOT NULL, known INTEGER NOT NULL, props BLOB NOT NULL
);
CREATE UNIQUE INDEX edge_out ON edge(src, rel, dst, key, since, until);
CREATE INDEX edge_in ON edge(dst, rel, src, key, since, until);
CREATE TABLE past(
	num INTEGER PRIMARY KEY, src INTEGER NOT NULL, rel INTEGER NOT NULL, dst INTEGER NOT NULL, key INTEGER NOT NULL,
	since INTEGER NOT NULL, until INTEGER NOT NULL, known INTEGER NOT NULL, gone INTEGER NOT NULL, props BLOB NOT NULL
);
CREATE INDEX past_out ON past(src, rel, dst, key, since, until, known, gone);
CREATE INDEX past_in ON past(dst, rel, src, key, since, until, known, gone);
CREATE TABLE shape( -- which relations have ever led from one kind to another: walks look for no others
	src INTEGER NOT NULL, rel INTEGER NOT NULL, dst INTEGER NOT NULL, PRIMARY KEY (src, rel, dst)
) WITHOUT ROWID;
CREATE TABLE entry(
	idx INTEGER NOT NULL, aud INTEGER NOT NULL, key BLOB NOT NULL, node INTEGER NOT NULL,
	PRIMARY KEY (idx, aud, key, node)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE word USING fts5(
	words, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '_'", prefix='1 2 3'
);
`}

// migrate brings the file to the present layout. The caller holds the write transaction.
func (s *session) migrate() error {
	version, err := s.number("PRAGMA user_version")
	if err != nil {
		return err
	}
	app, err := s.number("PRAGMA application_id")
	if err != nil {
		return err
	}
	tables, err := s.number("SELECT count(*) FROM sqlite_schema")
	if err != nil {
		return err
	}
	if app != applicationID && (app != 0 || version != 0 || tables != 0) {
		return errs.E(errs.Invalid, "The file is a SQLite database, but not a store of Weir.")
	}
	if version > int64(len(migrations)) {
		return errs.Ef(errs.Invalid, "The store has layout %d, made by a newer Weir; this one knows up to %d. Use the newer Weir.",
			version, len(migrations))
	}
	for _, step := range migrations[version:] {
		if err := sqlitex.ExecScript(s.conn, step); err != nil {
			return err
		}
	}
	if err := s.exec(fmt.Sprintf("PRAGMA application_id = %d", applicationID)); err != nil {
		return err
	}
	return s.exec(fmt.Sprintf("PRAGMA user_version = %d", len(migrations)))
}

// layout tells whether migrate has something to do.
func (s *session) outdated() (bool, error) {
	version, err := s.number("PRAGMA user_version")
	return version != int64(len(migrations)), err
}
