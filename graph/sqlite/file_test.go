package sqlite_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	zombie "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/sqlite"
)

func TestOnlyOneServes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weir.db")
	server := openAt(t, path, graphtest.Schema(), sqlite.Options{Serve: true})
	if _, err := sqlite.Open(t.Context(), path, graphtest.Schema(), sqlite.Options{Serve: true}); !errs.Is(err, errs.Conflict) {
		t.Fatalf("a second server: %v", err)
	}
	beside := openAt(t, path, graphtest.Schema(), sqlite.Options{})
	put(t, beside, "th_beside", graph.Props{"name": "from beside", "audience": "new audience"})
	put(t, server, "th_server", graph.Props{"name": "from the server", "note": "and its audience", "audience": "another"})
	put(t, beside, "th_both", graph.Props{"name": "both", "audience": "another"})
	for _, s := range []graph.Store{server, beside} {
		for id, name := range map[graph.ID]string{"th_beside": "from beside", "th_server": "from the server", "th_both": "both"} {
			if n, err := graph.One(t.Context(), s, id); err != nil || n.Props["name"] != name {
				t.Errorf("%s: %v %v", id, n.Props, err)
			}
		}
		page, err := s.List(t.Context(), graph.Query{Kind: graphtest.Thing, Sort: "name", Limit: 9, Visible: &graph.Visible{Audiences: []string{"another"}}})
		if err != nil || len(page.Nodes) != 2 {
			t.Errorf("listed %d: %v", len(page.Nodes), err)
		}
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	openAt(t, path, graphtest.Schema(), sqlite.Options{Serve: true})
}

func put(t *testing.T, s graph.Store, id graph.ID, props graph.Props) {
	t.Helper()
	err := s.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, graph.NodeWrite{Node: graph.Node{ID: id, Kind: graphtest.Thing, Props: props}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFilesArePrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	s := openAt(t, filepath.Join(dir, "weir.db"), graphtest.Schema(), sqlite.Options{Serve: true})
	put(t, s, "th_a", nil)
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		files++
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", path, info.Mode())
		}
		return nil
	})
	if err != nil || files < 4 { // folder, file, log and its index
		t.Fatalf("%d files: %v", files, err)
	}
}

func TestForeignFilesAreRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		script string
		kind   errs.Kind
		says   string
	}{
		"newer":    {"PRAGMA application_id = 0x57656972; PRAGMA user_version = 999;", errs.Invalid, "newer"},
		"foreign":  {"CREATE TABLE people(name TEXT);", errs.Invalid, "not a store"},
		"no store": {"", errs.Unavailable, "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "weir.db")
			if tc.script == "" {
				if err := os.WriteFile(path, []byte(strings.Repeat("no database at all ", 100)), 0o600); err != nil {
					t.Fatal(err)
				}
			} else {
				script(t, path, tc.script)
			}
			_, err := sqlite.Open(t.Context(), path, graphtest.Schema(), sqlite.Options{})
			if !errs.Is(err, tc.kind) || !strings.Contains(errs.Shown(err), tc.says) {
				t.Fatalf("opened with %v", err)
			}
		})
	}
}

// script runs SQL on a file, past the engine.
func script(t *testing.T, path, sql string) {
	t.Helper()
	conn, err := zombie.OpenConn(path, zombie.OpenReadWrite, zombie.OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	if err := sqlitex.ExecScript(conn, sql); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestCheckFindsDamage(t *testing.T) {
	for name, sql := range map[string]string{
		"":                  "UPDATE state SET clock = clock",
		"edge without end":  "DELETE FROM edge WHERE num = 1; INSERT INTO edge SELECT 1, 99999, rel, dst, key, since, until, known, props FROM edge LIMIT 1;",
		"lost list entry":   "DELETE FROM entry WHERE node = (SELECT max(node) FROM entry);",
		"wrong list entry":  "UPDATE entry SET key = x'00' WHERE node = (SELECT max(node) FROM entry) AND aud = 0;",
		"entry too many":    "INSERT INTO entry SELECT idx, aud, x'0000', node FROM entry LIMIT 1;",
		"lost words":        "DELETE FROM word WHERE rowid = (SELECT max(num) FROM node);",
		"span upside down":  "UPDATE edge SET until = since - 1 WHERE num = 2;",
		"known from future": "UPDATE edge SET known = 9223372036854775806 WHERE num = 2;",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "weir.db")
			fillSmall(t, path)
			script(t, path, sql)
			err := sqlite.Check(t.Context(), path)
			if name == "" && err != nil {
				t.Fatalf("a sound store: %v", err)
			}
			if name != "" && !errs.Is(err, errs.Conflict) {
				t.Fatalf("the damage was not found: %v", err)
			}
		})
	}
	if err := sqlite.Check(t.Context(), filepath.Join(t.TempDir(), "nothing.db")); !errs.Is(err, errs.NotFound) {
		t.Errorf("no file: %v", err)
	}
}

// fillSmall makes a store of ten nodes in a chain and closes it.
func fillSmall(t *testing.T, path string) {
	t.Helper()
	s := openAt(t, path, graphtest.Schema(), sqlite.Options{})
	err := s.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		var ws []graph.NodeWrite
		var es []graph.Edge
		for i := range 10 {
			id := graph.ID(fmt.Sprintf("th_%d", i))
			ws = append(ws, graph.NodeWrite{Node: graph.Node{ID: id, Kind: graphtest.Thing, Props: graph.Props{
				"name": fmt.Sprintf("thing %d", i), "rank": int64(i), "code": fmt.Sprint("c", i), "audience": "all",
			}}})
			es = append(es, graph.Edge{From: id, To: graph.ID(fmt.Sprintf("th_%d", (i+1)%10)), Rel: graphtest.Feeds})
		}
		if _, err := tx.Put(ctx, ws...); err != nil {
			return err
		}
		return tx.Link(ctx, es...)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
