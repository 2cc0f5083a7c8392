package lineage

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// policyOf installs the default rules in a store, if it has none.
func policyOf(t *testing.T, s graph.Store) *authz.Policy {
	t.Helper()
	if err := authz.Install(t.Context(), s, day0); err != nil {
		t.Fatal(err)
	}
	p, err := authz.NewPolicy(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// maze is a random graph of datasets with columns, transforms and consumers, each open, inside a domain, or closed.
type maze struct {
	*world
	r        *rand.Rand
	datasets []graph.ID
	keys     map[graph.ID]string // audience of each asset and column
	names    map[graph.ID]string
}

func newMaze(t *testing.T, store graph.Store, seed uint64) *maze {
	m := &maze{world: newWorld(t, store), r: rand.New(rand.NewPCG(seed, 3)), keys: map[graph.ID]string{}, names: map[graph.ID]string{}}
	m.prefix = fmt.Sprint("-", seed)
	columns := map[graph.ID][]graph.ID{}
	for i := range m.r.IntN(8) + 3 {
		key, name := m.audience(), fmt.Sprintf("table%dx", i)
		id := m.dataset(name, func(d *catalog.Dataset) { d.Audience, d.Description = key, "about "+name })
		m.note(id, key, name)
		m.datasets = append(m.datasets, id)
		for k := range m.r.IntN(3) {
			path := fmt.Sprintf("col%dof%dx", k, i)
			c := m.column(id, path)
			m.note(c, key, path)
			columns[id] = append(columns[id], c)
		}
	}
	for i := range m.r.IntN(8) + 2 {
		key, name := m.audience(), fmt.Sprintf("job%dx", i)
		id := m.transform(name, func(tr *catalog.Transform) { tr.Audience = key })
		m.note(id, key, name)
		from, to := m.any(m.datasets), m.any(m.datasets)
		m.through(from, id, to)
		if m.r.IntN(2) == 0 {
			m.link(m.any(m.datasets), catalog.RelInput, id)
		}
		if a, b := columns[from], columns[to]; len(a) > 0 && len(b) > 0 {
			m.link(m.any(a), catalog.RelDerives, m.any(b), prop(catalog.EdgeVia, string(id)))
		}
	}
	for i := range m.r.IntN(3) {
		key, name := m.audience(), fmt.Sprintf("board%dx", i)
		id := m.consumer(name, func(c *catalog.Consumer) { c.Audience = key })
		m.note(id, key, name)
		m.link(m.any(m.datasets), catalog.RelDelivers, id)
	}
	m.write()
	return m
}

func (m *maze) any(ids []graph.ID) graph.ID { return ids[m.r.IntN(len(ids))] }

func (m *maze) audience() string {
	v := authz.Visibilities[m.r.IntN(3)]
	return authz.Audience(v, graph.ID(fmt.Sprint("dom_", m.r.IntN(2))))
}

func (m *maze) note(id graph.ID, key, name string) { m.keys[id], m.names[id] = key, name }

// viewer is somebody with random roles.
func (m *maze) viewer() authz.Principal {
	p := authz.Principal{ID: fmt.Sprint("usr_", m.r.IntN(9)), Type: authz.Person}
	for d := range 2 {
		if role := []string{"", authz.Consumer, authz.Steward}[m.r.IntN(3)]; role != "" {
			p.Roles = append(p.Roles, authz.Held{Role: role, Domain: fmt.Sprint("dom_", d)})
		}
	}
	return p
}

// hiddenFrom are the ids and names that an answer to the viewer may not hold.
func (m *maze) hiddenFrom(ctx context.Context, p *authz.Policy) (ids []graph.ID, words []graph.ID) {
	shown := map[string]bool{}
	for id, name := range m.names {
		if p.Sees(ctx, m.keys[id]) {
			shown[name] = true
		}
	}
	for id, key := range m.keys {
		if !p.Sees(ctx, key) {
			ids = append(ids, id)
			words = append(words, id, graph.ID(m.names[id]))
		}
	}
	return ids, words
}

// TestGuard_TellsNothingAndKeepsTheShape asks random viewers' questions of random graphs: no answer holds an id, name or
// property of what is hidden, and with its pseudonyms put in, the whole picture is the answer to the viewer.
func TestGuard_TellsNothingAndKeepsTheShape(t *testing.T) {
	eachGraph(t, func(t *testing.T, store func() graph.Store) {
		for seed := range uint64(min(graphs(t), 120)) {
			s := store()
			m := newMaze(t, s, seed)
			policy := policyOf(t, s)
			who := m.viewer()
			ctx := authz.With(t.Context(), who)
			guarded := New(s, time.Now).Guarded(policy)
			hidden, words := m.hiddenFrom(ctx, policy)
			v := veil{}
			g := guarded.viewer.(*guard) //nolint:forcetypeassert // Guarded made it
			for _, id := range hidden {
				var err error
				if v[id], err = g.pseudonym(ctx, id); err != nil {
					t.Fatal(err)
				}
			}
			for i, root := range m.datasets {
				q := Query{Root: root, Direction: Direction(m.r.IntN(3)), Depth: 1 + m.r.IntN(8), Columns: true}
				got, err := guarded.Lineage(ctx, q)
				if v.hides(root) {
					if !errs.Is(err, errs.NotFound) {
						t.Fatalf("seed %d: a hidden root answers %v", seed, err)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				noLeak(t, got, words...)
				sameShape(t, seed, m.ask(q), got, v)
				if i < 2 {
					m.askAround(ctx, guarded, root, words)
				}
			}
			if t.Failed() {
				t.Fatalf("seed %d, %+v", seed, who)
			}
		}
	})
}

// sameShape compares the answer that hides nothing, with pseudonyms put in, to the one that hides.
func sameShape(t *testing.T, seed uint64, whole, got Answer, v veil) {
	t.Helper()
	shape := func(a Answer, v veil) []string {
		var out []string
		for _, n := range a.Nodes {
			out = append(out, fmt.Sprint(v.id(n.ID), " ", n.Depth, n.Side, n.Count))
		}
		for _, e := range a.Edges {
			out = append(out, fmt.Sprint(v.id(e.From), e.Kind, v.id(e.To)))
		}
		slices.Sort(out)
		return out
	}
	if want, have := shape(whole, v), shape(got, nil); !slices.Equal(want, have) {
		t.Errorf("seed %d: the picture is\n%v\nwant\n%v", seed, have, want)
	}
	for _, n := range got.Nodes {
		if n.Hidden != strings.HasPrefix(string(n.ID), PseudonymPrefix) || n.Hidden && n.Node.Props != nil {
			t.Errorf("seed %d: %+v", seed, n)
		}
	}
}

// askAround asks everything else about a visible dataset.
func (m *maze) askAround(ctx context.Context, s *Service, root graph.ID, words []graph.ID) {
	m.t.Helper()
	ask := func(answer any, err error) {
		m.t.Helper()
		if err != nil && !errs.Is(err, errs.NotFound) {
			m.t.Fatal(err)
		}
		if err != nil {
			answer = errs.Shown(err)
		}
		noLeak(m.t.(*testing.T), answer, words...) //nolint:forcetypeassert // a maze is made by a test
	}
	impact, err := s.Impact(ctx, ImpactQuery{Root: root, Depth: 9})
	ask(impact, err)
	diff, err := s.Diff(ctx, DiffQuery{Root: root, Direction: Both, Depth: 9, From: day(-1)})
	ask(diff, err)
	versions, err := s.Versions(ctx, VersionQuery{Root: root, Direction: Both, Depth: 4})
	ask(versions, err)
	other := m.any(m.datasets)
	paths, err := s.Paths(ctx, PathQuery{From: root, To: other, Max: 5})
	ask(paths, err)
	further, err := s.Lineage(ctx, Query{Root: root, Direction: Downstream, Depth: 2, Up: []graph.ID{other}})
	ask(further, err)
	labels, err := s.Labels(ctx, m.datasets...)
	ask(labels, err)
	for _, id := range slices.Sorted(maps.Keys(m.keys))[:min(4, len(m.keys))] { // columns come first
		if strings.HasPrefix(string(id), catalog.ColumnType.Spec.Prefix+"_") {
			columns, err := s.ColumnLineage(ctx, ColumnQuery{Column: id, Direction: Both, Depth: 9})
			ask(columns, err)
			origins, err := s.ColumnOrigins(ctx, OriginQuery{Column: id})
			ask(origins, err)
		}
	}
}

func TestGuard_PseudonymsAreStableAndOneViewersOwn(t *testing.T) {
	each(t, func(t *testing.T, s graph.Store) {
		w := newWorld(t, s)
		w.prefix = "-pseudonyms"
		open := w.dataset("open", func(d *catalog.Dataset) { d.Audience = "open" })
		closed := w.dataset("closed", func(d *catalog.Dataset) { d.Audience = "c:dom_x" })
		job := w.transform("job", func(tr *catalog.Transform) { tr.Audience = "open" })
		w.through(closed, job, open)
		w.write()
		policy := policyOf(t, s)
		see := func(who string) graph.ID {
			t.Helper()
			ctx := authz.With(t.Context(), authz.Principal{ID: who, Type: authz.Person})
			a, err := New(s, time.Now).Guarded(policy).Lineage(ctx, Query{Root: open, Direction: Upstream, Depth: 2})
			if err != nil || len(a.Nodes) != 3 || !a.Nodes[2].Hidden {
				t.Fatalf("%+v (%v)", a, err)
			}
			return a.Nodes[2].ID
		}
		ann, again, bob := see("usr_ann"), see("usr_ann"), see("usr_bob")
		if ann != again || ann == bob {
			t.Errorf("%s, %s and for another one %s", ann, again, bob)
		}
	})
}

// TestGuard_Filters: what is hidden passes no filter on what it would tell about itself, and nothing goes on from it.
func TestGuard_Filters(t *testing.T) {
	each(t, func(t *testing.T, s graph.Store) {
		w := newWorld(t, s)
		w.prefix = "-filters"
		owner, pii := w.owner("ann"), w.class("pii")
		set := func(key string) func(*catalog.Dataset) {
			return func(d *catalog.Dataset) {
				d.Audience, d.Domain, d.Classification, d.Written = key, "dom_x", catalog.Restricted, day(1)
			}
		}
		root := w.dataset("root", func(d *catalog.Dataset) { d.Audience = "open" })
		closed, open := w.dataset("closed", set("c:dom_x")), w.dataset("open", set("open"))
		job := w.transform("job", func(tr *catalog.Transform) { tr.Audience = "open" })
		w.through(root, job, closed)
		w.link(job, catalog.RelOutput, open)
		for _, id := range []graph.ID{closed, open} {
			w.link(id, catalog.RelOwned, owner)
			w.link(id, catalog.RelClass, pii)
		}
		w.write()
		ctx := authz.With(t.Context(), authz.Principal{ID: "usr_ann", Type: authz.Person})
		guarded := New(s, time.Now).Guarded(policyOf(t, s))
		for name, f := range map[string]Filter{
			"owner": {Owners: []graph.ID{owner}}, "domain": {Domains: []graph.ID{"dom_x"}}, "class": {Classes: []graph.ID{pii}},
			"level": {Classifications: []catalog.Classification{catalog.Restricted}}, "time": {Since: day(0), Until: day(2)},
		} {
			a, err := guarded.Lineage(ctx, Query{Root: root, Direction: Downstream, Depth: 4, Filter: f})
			if err != nil || len(a.Nodes) != 2 || a.Nodes[1].ID != open || total(a.Totals) != 1 {
				t.Errorf("%s: %+v, totals %v (%v)", name, a.Nodes, a.Totals, err)
			}
			i, err := guarded.Impact(ctx, ImpactQuery{Root: root, Depth: 4, Filter: f})
			if err != nil || i.Total != 1 {
				t.Errorf("%s: impact on %d (%v)", name, i.Total, err)
			}
		}
		for _, id := range []graph.ID{closed, "ds_missing"} {
			_, err := guarded.Lineage(ctx, Query{Root: root, Direction: Downstream, Depth: 1, Down: []graph.ID{id}})
			if !errs.Is(err, errs.NotFound) || errs.Shown(err) != errs.Shown(missingError(guarded)) {
				t.Errorf("going on from %s: %v", id, err)
			}
		}
	})
}
