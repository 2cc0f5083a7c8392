package sqlite_test

import (
	"path/filepath"
	"testing"

	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/sqlite"
)

// plain is the test schema with nothing declared for a Thing but what change adds.
func plain(change func(spec *graph.Spec)) graph.Schema {
	s := graphtest.Schema()
	spec := graph.Spec{Prefix: s.Kinds[graphtest.Thing].Prefix}
	change(&spec)
	s.Kinds[graphtest.Thing] = spec
	return s
}

func TestASchemaThatChangedIsDerivedAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weir.db")
	fillSmall(t, path)
	bare := openAt(t, path, plain(func(*graph.Spec) {}), sqlite.Options{})
	put(t, bare, "th_late", graph.Props{"name": "thing late", "rank": int64(-1), "code": "late", "audience": "all"})
	put(t, bare, "th_3", graph.Props{"name": "renamed"})
	if err := bare.Close(); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, path, graphtest.Schema(), sqlite.Options{})
	page, err := s.List(t.Context(), graph.Query{
		Kind: graphtest.Thing, Sort: "name", Limit: 3, Visible: &graph.Visible{Audiences: []string{"all"}},
	})
	if err != nil || len(page.Nodes) != 3 || page.Nodes[0].ID != "th_3" {
		t.Fatalf("list: %v %v", page.Nodes, err)
	}
	for text, want := range map[string]int{"late": 1, "renamed": 1, "3": 0, "thing": 10} {
		res, err := s.Search(t.Context(), graph.Search{Text: text, Limit: 20})
		if err != nil || res.Total != want {
			t.Errorf("%q is found %d times instead of %d: %v", text, res.Total, want, err)
		}
	}
	if err := sqlite.Check(t.Context(), path); err != nil {
		t.Error(err)
	}
}

func TestAValueThatIsUniqueNowButThereTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weir.db")
	bare := openAt(t, path, plain(func(*graph.Spec) {}), sqlite.Options{})
	put(t, bare, "th_a", graph.Props{"code": "same"})
	put(t, bare, "th_b", graph.Props{"code": "same"})
	if err := bare.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), path, graphtest.Schema(), sqlite.Options{}); !errs.Is(err, errs.Conflict) {
		t.Fatalf("opened with %v", err)
	}
	again := openAt(t, path, plain(func(*graph.Spec) {}), sqlite.Options{}) // nothing was changed
	if n, err := graph.One(t.Context(), again, "th_b"); err != nil || n.Props["code"] != "same" {
		t.Fatal(n, err)
	}
}

func TestTheSchemaDoesNotChangeUnderAServer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weir.db")
	server := openAt(t, path, graphtest.Schema(), sqlite.Options{Serve: true})
	other := plain(func(*graph.Spec) {})
	if _, err := sqlite.Open(t.Context(), path, other, sqlite.Options{}); !errs.Is(err, errs.Conflict) {
		t.Fatalf("another version beside a server: %v", err)
	}
	put(t, server, "th_a", nil)
}

func TestAStoreWithAnOldSchemaStops(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weir.db")
	old := openAt(t, path, graphtest.Schema(), sqlite.Options{})
	openAt(t, path, plain(func(*graph.Spec) {}), sqlite.Options{})
	if _, err := old.Nodes(t.Context(), "th_a"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("read with a schema of the past: %v", err)
	}
	if err := old.Ready(t.Context()); !errs.Is(err, errs.Unavailable) {
		t.Errorf("ready with a schema of the past: %v", err)
	}
}
