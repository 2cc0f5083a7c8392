package lineage

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// blind hides the nodes whose ids it holds.
type blind map[graph.ID]graph.ID

func (b blind) Visible(context.Context) *graph.Visible { return nil }

func (b blind) Hide(_ context.Context, nodes []graph.Node) (map[graph.ID]graph.ID, error) {
	out := map[graph.ID]graph.ID{}
	for _, n := range nodes {
		if pseudonym, ok := b[n.ID]; ok {
			out[n.ID] = pseudonym
		}
	}
	return out, nil
}

func TestHidden(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := newCompany(t, store)
		hidden := blind{c.stage: "hid_stg", c.shape: "hid_shp"}
		s := c.service().For(hidden)
		a, err := s.Lineage(context.Background(), Query{Root: c.raw, Direction: Downstream, Depth: 9})
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Nodes) != 8 || len(a.Edges) != 7 || a.IsPartial {
			t.Errorf("%d nodes, %d edges, partial %t: what is hidden has to stay connected", len(a.Nodes), len(a.Edges), a.IsPartial)
		}
		for _, n := range a.Nodes {
			if n.Hidden != strings.HasPrefix(string(n.ID), "hid_") || n.Hidden && (n.Node.ID != "" || n.Node.Props != nil || n.Count != 1) {
				t.Errorf("%+v", n)
			}
		}
		if !slices.ContainsFunc(a.Edges, func(e Edge) bool { return e.From == "hid_stg" && e.To == "hid_shp" }) {
			t.Errorf("edges %v lack the one between the hidden nodes", a.Edges)
		}
		noLeak(t, a, c.stage, c.shape, "stage", "shape")
	})
}

// noLeak fails if a word stands anywhere in what is answered.
func noLeak(t *testing.T, answer any, words ...graph.ID) {
	t.Helper()
	text, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range words {
		if strings.Contains(string(text), string(word)) {
			t.Errorf("%T tells %s: %s", answer, word, text)
		}
	}
}

func TestHiddenRootIsMissing(t *testing.T) {
	c := newCompany(t, openMemory(t))
	alias := c.dataset("alias", func(d *catalog.Dataset) { d.Head = c.raw })
	c.write()
	s := c.service().For(blind{c.raw: "hid_raw"})
	for _, id := range []graph.ID{c.raw, alias} {
		_, err := s.Lineage(context.Background(), Query{Root: id, Depth: 1})
		if !errs.Is(err, errs.NotFound) || errs.Shown(err) != errs.Shown(missingError(s)) {
			t.Errorf("a hidden root answers %v", err)
		}
	}
}

func missingError(s *Service) error {
	_, err := s.Lineage(context.Background(), Query{Root: "ds_none", Depth: 1})
	return err
}

func TestHiddenEverywhere(t *testing.T) {
	c := newColumns(t, openMemory(t))
	hidden := blind{c.crmDS: "hid_1", c.crmName: "hid_2", c.hash: "hid_3"}
	s := c.service().For(hidden)
	words := []graph.ID{c.crmDS, c.crmName, c.hash, "secret", "hashing"}
	ctx := context.Background()
	col, err := s.ColumnLineage(ctx, ColumnQuery{Column: c.martName, Direction: Upstream, Depth: 9})
	if err != nil || len(col.Nodes) != 4 {
		t.Errorf("%d columns (%v), want 4", len(col.Nodes), err)
	}
	noLeak(t, col, words...)
	origins, err := s.ColumnOrigins(ctx, OriginQuery{Column: c.martName})
	if err != nil || len(origins.Origins) != 2 || !origins.Hidden["hid_2"] {
		t.Errorf("%+v (%v)", origins, err)
	}
	noLeak(t, origins, words...)
	paths, err := s.Paths(ctx, PathQuery{From: c.webName, To: c.martHash})
	if err != nil || len(paths.Paths) != 1 || !slices.Equal(paths.Paths[0].Edges[1].Via, []graph.ID{"hid_3"}) {
		t.Errorf("%+v (%v)", paths, err)
	}
	noLeak(t, paths, words...)
	d, err := s.Diff(ctx, DiffQuery{Root: c.martName, Direction: Upstream, Depth: 9, From: day(-1)})
	if err != nil || len(d.AddedNodes) != 3 {
		t.Errorf("%+v (%v)", d, err)
	}
	noLeak(t, d, words...)
}

func TestHiddenRows(t *testing.T) {
	c := newCompany(t, openMemory(t))
	s := c.service().For(blind{c.load: "hid_9", c.stage: "hid_1", c.mart: "hid_2"})
	got, err := s.Impact(context.Background(), ImpactQuery{Root: c.raw, Depth: 9})
	if err != nil || got.Total != 7 || len(got.Rows) != 7 {
		t.Fatalf("%d of %d rows (%v)", len(got.Rows), got.Total, err)
	}
	noLeak(t, got, c.load, c.stage, c.mart, "stage", "mart")
	if first := got.Rows[0]; !first.Hidden || first.ID != "hid_9" || first.Via != "" {
		t.Errorf("the first row is %+v: a hidden one is sorted without its name", first)
	}
	for _, row := range got.Rows {
		if row.ID == c.dashboard && row.Via != "hid_2" {
			t.Errorf("the dashboard is reached via %s", row.Via)
		}
	}
}
