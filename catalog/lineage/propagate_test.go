package lineage

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"weir/catalog"
	"weir/graph"
)

// inherited reads what the store holds as flowing into assets.
func inherited(t testing.TB, store graph.Store, assets []graph.ID) marks {
	t.Helper()
	rows, err := hop(context.Background(), store, assets, graph.EdgeQuery{Rels: []graph.Rel{catalog.RelInherits}})
	if err != nil {
		t.Fatal(err)
	}
	_, stored := sortMarks(rows)
	return stored
}

func propagate(t testing.TB, p *Propagator, changed ...graph.ID) int {
	t.Helper()
	n, err := p.Propagate(context.Background(), changed...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func noDrift(t testing.TB, p *Propagator) {
	t.Helper()
	drift, err := p.Check(context.Background())
	if err != nil || len(drift) != 0 {
		t.Fatalf("drift %+v (%v)", drift, err)
	}
}

func TestPropagate(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := newColumns(t, store)
		pii, board := c.class("pii"), c.consumer("board")
		c.link(c.crmName, catalog.RelClass, pii)
		c.link(c.martDS, catalog.RelDelivers, board)
		c.write()
		p := NewPropagator(store)
		if n := propagate(t, p, c.crmDS); n != 6 {
			t.Errorf("wrote %d edges, want 6: two columns, three datasets, a consumer", n)
		}
		all := []graph.ID{c.webName, c.crmName, c.stageName, c.stageDay, c.martName, c.martHash, c.webDS, c.crmDS, c.stageDS, c.martDS, board}
		want := map[graph.ID]Mark{
			c.stageName: {1, c.crmName}, c.martName: {2, c.crmName}, c.crmDS: {0, c.crmName}, c.stageDS: {1, c.crmName},
			c.martDS: {2, c.crmName}, board: {3, c.crmName},
		}
		got := inherited(t, store, all)
		if len(got) != len(want) {
			t.Errorf("%v, want %v", got, want)
		}
		for id, m := range want {
			if got[id][pii] != m {
				t.Errorf("%s has %+v, want %+v", id, got[id], m)
			}
		}
		if n := propagate(t, p, c.crmDS); n != 0 {
			t.Errorf("a second call wrote %d edges", n)
		}
		noDrift(t, p)
		c.unlink(day(9), graph.Edge{From: c.crmName, Rel: catalog.RelClass, To: pii})
		propagate(t, p, c.crmDS)
		if got := inherited(t, store, all); len(got) != 0 {
			t.Errorf("nothing declares the class, but %v", got)
		}
		noDrift(t, p)
	})
}

func TestMaskingEndsAClass(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store)
		d, e := w.dataset("d"), w.dataset("e")
		a, b, pii := w.column(d, "a"), w.column(e, "b"), w.class("pii")
		w.link(a, catalog.RelClass, pii)
		w.link(a, catalog.RelDerives, b, key("x"))
		w.link(a, catalog.RelMasked, b, key("y"))
		w.write()
		p := NewPropagator(store)
		propagate(t, p, d)
		if got := inherited(t, store, []graph.ID{b}); got[b][pii] != (Mark{1, a}) {
			t.Errorf("one way is clear, but %v", got)
		}
		w.unlink(day(1), graph.Edge{From: a, Rel: catalog.RelDerives, To: b, Key: "x"})
		propagate(t, p, e)
		if got := inherited(t, store, []graph.ID{b, e}); len(got) != 0 {
			t.Errorf("all ways are masked, but %v", got)
		}
		noDrift(t, p)
	})
}

func TestCirclesKeepNoGhost(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store)
		d, e := w.dataset("d"), w.dataset("e")
		a, b, c, pii := w.column(d, "a"), w.column(e, "b"), w.column(e, "c"), w.class("pii")
		w.link(a, catalog.RelClass, pii)
		for _, edge := range [][2]graph.ID{{a, b}, {b, c}, {c, b}, {c, c}} {
			w.link(edge[0], catalog.RelDerives, edge[1])
		}
		w.write()
		p := NewPropagator(store)
		propagate(t, p, d)
		noDrift(t, p)
		w.unlink(day(1), graph.Edge{From: a, Rel: catalog.RelDerives, To: b})
		propagate(t, p, e)
		if got := inherited(t, store, []graph.ID{b, c, e}); len(got) != 0 {
			t.Errorf("the circle keeps %v", got)
		}
	})
}

func TestCheckFindsDrift(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := newColumns(t, store)
		pii := c.class("pii")
		c.link(c.crmName, catalog.RelClass, pii)
		c.write()
		p := NewPropagator(store)
		propagate(t, p, c.crmDS)
		c.link(c.webName, catalog.RelInherits, pii, prop(catalog.EdgeOrigin, "col_x"), prop(catalog.EdgeDepth, int64(1)))
		c.link(c.stageName, catalog.RelInherits, pii, prop(catalog.EdgeOrigin, "col_x"))
		c.write()
		c.unlink(time.Time{}, graph.Edge{From: c.martDS, Rel: catalog.RelInherits, To: pii})
		drift, err := p.Check(context.Background())
		got := map[graph.ID][2]bool{}
		for _, d := range drift {
			got[d.Asset] = [2]bool{d.Want != nil, d.Stored != nil}
		}
		want := map[graph.ID][2]bool{c.webName: {false, true}, c.stageName: {true, true}, c.martDS: {true, false}}
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("drift %v (%v), want %v", got, err, want)
		}
	})
}

func TestPropagateInATransaction(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := newColumns(t, store)
		pii := c.class("pii")
		c.write()
		p := NewPropagator(store)
		c.update(func(ctx context.Context, tx graph.Tx) error {
			if err := tx.Lock(ctx, LockKey); err != nil {
				return err
			}
			if err := tx.Link(ctx, graph.Edge{From: c.webName, Rel: catalog.RelClass, To: pii}); err != nil {
				return err
			}
			return p.PropagateIn(ctx, tx, c.webDS)
		})
		if got := inherited(t, store, []graph.ID{c.martName}); got[c.martName][pii] != (Mark{2, c.webName}) {
			t.Errorf("%v", got)
		}
		noDrift(t, p)
	})
}

// flows is a random graph of columns that changes, and the oracle for what flows in.
type flows struct {
	*world
	rnd       *rand.Rand
	datasets  []graph.ID
	columns   []graph.ID
	consumers []graph.ID
	classes   []graph.ID
	home      map[graph.ID]graph.ID // dataset of a column
	gone      map[graph.ID]bool     // columns that no schema names any more
	holds     map[endsOf]bool
	turned    map[endsOf]bool
	changed   []graph.ID
}

func newFlows(t testing.TB, store graph.Store, number int) *flows {
	t.Helper()
	f := &flows{world: newWorld(t, store), rnd: rand.New(rand.NewPCG(uint64(number), 7)), home: map[graph.ID]graph.ID{}, holds: map[endsOf]bool{},
		turned: map[endsOf]bool{}, gone: map[graph.ID]bool{}}
	f.prefix = "-" + strconv.Itoa(number)
	for i := range 2 + f.rnd.IntN(4) {
		d := f.dataset("d" + strconv.Itoa(i))
		f.datasets = append(f.datasets, d)
		for j := range 1 + f.rnd.IntN(4) {
			c := f.column(d, "c"+strconv.Itoa(j))
			f.columns, f.home[c] = append(f.columns, c), d
		}
	}
	for i := range 1 + f.rnd.IntN(2) {
		f.consumers = append(f.consumers, f.consumer("k"+strconv.Itoa(i)))
	}
	f.classes = []graph.ID{f.class("pii"), f.class("phi")}
	f.write()
	return f
}

func pick(rnd *rand.Rand, ids []graph.ID) graph.ID { return ids[rnd.IntN(len(ids))] }

// edit turns a random edge on or off and notes what changed, as Propagate wants it told.
func (f *flows) edit() {
	var e endsOf
	switch n := f.rnd.IntN(20); {
	case n < 9:
		e = endsOf{pick(f.rnd, f.columns), pick(f.rnd, f.columns), catalog.RelDerives}
		f.changed = append(f.changed, f.home[e.to])
	case n < 11:
		e = endsOf{pick(f.rnd, f.columns), pick(f.rnd, f.columns), catalog.RelMasked}
		f.changed = append(f.changed, f.home[e.to])
	case n < 14:
		e = endsOf{pick(f.rnd, f.columns), pick(f.rnd, f.classes), catalog.RelClass}
		f.changed = append(f.changed, e.from)
	case n < 16:
		e = endsOf{pick(f.rnd, f.datasets), pick(f.rnd, f.classes), catalog.RelClass}
		f.changed = append(f.changed, e.from)
	case n < 17:
		e = endsOf{pick(f.rnd, f.consumers), pick(f.rnd, f.classes), catalog.RelClass}
		f.changed = append(f.changed, e.from)
	case n < 19:
		e = endsOf{pick(f.rnd, f.datasets), pick(f.rnd, f.consumers), catalog.RelDelivers}
		f.changed = append(f.changed, e.to)
	default:
		c := pick(f.rnd, f.columns)
		f.changed = append(f.changed, f.home[c])
		f.gone[c] = !f.gone[c]
		col := catalog.Column{Dataset: f.home[c], Path: "p", Gone: f.gone[c]}
		f.nodes = append(f.nodes, catalog.ColumnType.Write(c, graph.Upsert, col))
		return
	}
	f.toggle(e)
}

// toggle turns an edge on or off; commit writes that.
func (f *flows) toggle(e endsOf) {
	f.turned[e] = !f.turned[e]
	if f.holds[e] {
		delete(f.holds, e)
		return
	}
	f.holds[e] = true
}

func (f *flows) commit() {
	f.t.Helper()
	var off []graph.Edge
	for e, turned := range f.turned {
		edge := graph.Edge{From: e.from, Rel: e.kind, To: e.to, Valid: graph.Span{Since: day0}}
		switch {
		case !turned:
		case f.holds[e]:
			f.edges = append(f.edges, edge)
		default:
			off = append(off, edge)
		}
	}
	clear(f.turned)
	if len(off) > 0 {
		f.unlink(day(1), off...)
	}
	f.write()
}

// expected is what flows in, found the simplest way: by walking back from every asset until nothing new comes.
func (f *flows) expected() marks {
	want := marks{}
	for _, class := range f.classes {
		for _, c := range f.columns {
			if m, ok := f.nearest(c, class); ok {
				want.set(c, class, m)
			}
		}
		for _, d := range f.datasets {
			if f.holds[endsOf{d, class, catalog.RelClass}] {
				want.set(d, class, Mark{0, d})
				continue
			}
			for _, c := range f.columns {
				if m, ok := want[c][class]; ok && f.home[c] == d && !f.gone[c] {
					want.offer(d, class, m)
				}
			}
		}
		for _, k := range f.consumers {
			for _, d := range f.datasets {
				if m, ok := want[d][class]; ok && f.holds[endsOf{d, k, catalog.RelDelivers}] {
					want.offer(k, class, Mark{m.Depth + 1, m.Origin})
				}
			}
		}
	}
	out := marks{}
	for asset, classes := range want {
		for class, m := range classes {
			if !f.holds[endsOf{asset, class, catalog.RelClass}] {
				out.set(asset, class, m)
			}
		}
	}
	return out
}

// nearest walks back from a column to the nearest one that declares the class.
func (f *flows) nearest(c, class graph.ID) (Mark, bool) {
	seen := map[graph.ID]bool{c: true}
	level := []graph.ID{c}
	for depth := int64(0); len(level) > 0; depth++ {
		slices.Sort(level)
		var next []graph.ID
		for _, id := range level {
			if f.holds[endsOf{id, class, catalog.RelClass}] {
				return Mark{depth, id}, true
			}
			for _, from := range f.columns {
				if !seen[from] && f.holds[endsOf{from, id, catalog.RelDerives}] {
					seen[from] = true
					next = append(next, from)
				}
			}
		}
		level = next
	}
	return Mark{}, false
}

func TestPropagateRandom(t *testing.T) {
	eachGraph(t, func(t *testing.T, store func() graph.Store) {
		for number := range graphs(t) {
			f := newFlows(t, store(), number)
			p := NewPropagator(f.store)
			if number%2 == 1 {
				p.columns, p.edits = 3, 2 // in steps, as for a huge region
			}
			for round := range 4 {
				for range 2 + f.rnd.IntN(12) {
					f.edit()
				}
				f.commit()
				propagate(t, p, f.changed...)
				f.changed = nil
				want, got := f.expected(), inherited(t, f.store, slices.Concat(f.columns, f.datasets, f.consumers))
				if !maps.EqualFunc(got, want, maps.Equal[map[graph.ID]Mark, map[graph.ID]Mark]) {
					t.Fatalf("graph %d, round %d: got %v, want %v", number, round, got, want)
				}
			}
			if number%30 == 29 {
				noDrift(t, p)
			}
		}
	})
}
