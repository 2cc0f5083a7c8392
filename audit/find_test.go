package audit_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"weir/audit"
	"weir/errs"
	"weir/graph"
)

// mixed writes entries of all sorts, some at the same moment, and returns what each asset has to do with which of them.
func mixed(t *testing.T, s graph.Store, n int) map[graph.ID]map[int64]bool {
	t.Helper()
	about := map[graph.ID]map[int64]bool{"th_0": {}, "th_1": {}, "th_2": {}}
	inTx(t, s, func(ctx context.Context, tx graph.Tx) error {
		for id := range about {
			if _, err := tx.Put(ctx, thingType.Write(id, graph.Upsert, thing{Name: "x"})); err != nil {
				return err
			}
		}
		return nil
	})
	for i := range n {
		e := audit.Entry{Actor: fmt.Sprint("usr_", rand.IntN(3)), Decision: audit.Allowed,
			Action: []string{"catalog.describe", "catalog.tag", "intake.apply", "catalogue.x"}[rand.IntN(4)]}
		if rand.IntN(2) == 0 {
			e.Target = graph.ID(fmt.Sprint("th_", rand.IntN(3)))
			about[e.Target][int64(i+1)] = true
		}
		if rand.IntN(2) == 0 {
			changed := graph.ID(fmt.Sprint("th_", rand.IntN(3)))
			e.Changes = []audit.Change{{Asset: changed, Field: "name", After: "y"}}
			about[changed][int64(i+1)] = true
		}
		at := noon.Add(time.Duration(i/5) * time.Minute)
		inTx(t, s, func(ctx context.Context, tx graph.Tx) error { return audit.Append(ctx, tx, at, e) })
	}
	return about
}

func all(t *testing.T, s graph.Store, f audit.Filter, limit int) []int64 {
	t.Helper()
	var out []int64
	after := ""
	for {
		found, err := audit.Find(t.Context(), s, f, limit, after)
		if err != nil || len(found.Entries) > limit {
			t.Fatalf("%d entries, %v", len(found.Entries), err)
		}
		for i, e := range found.Entries {
			if i > 0 && e.At.After(found.Entries[i-1].At) {
				t.Fatal("not the newest first")
			}
			out = append(out, e.Seq)
		}
		if after = found.Next; after == "" {
			slices.Sort(out)
			return out
		}
	}
}

// Every filter finds what going through the whole log finds, in pages of any size.
func TestFind_AgreesWithAScan(t *testing.T) {
	eachStore(t, func(t *testing.T, s graph.Store) {
		about := mixed(t, s, 90)
		log, err := audit.Heads(t.Context(), s, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		actions := map[string]func(string) bool{
			"":             func(string) bool { return true },
			"catalog.tag":  func(a string) bool { return a == "catalog.tag" },
			"catalog":      func(a string) bool { return a == "catalog.tag" || a == "catalog.describe" },
			"intake.":      func(a string) bool { return a == "intake.apply" },
			"catalog.none": func(string) bool { return false },
		}
		for _, actor := range []string{"", "usr_1"} {
			for action, is := range actions {
				for _, asset := range []graph.ID{"", "th_2"} {
					f := audit.Filter{Actor: actor, Action: action, Asset: asset}
					if rand.IntN(2) == 0 {
						f.From, f.To = noon.Add(3*time.Minute).Truncate(time.Microsecond), noon.Add(12*time.Minute).Truncate(time.Microsecond)
					}
					want := []int64{}
					for _, e := range log {
						if (actor == "" || e.Actor == actor) && is(e.Action) && (asset == "" || about[asset][e.Seq]) &&
							(f.From.IsZero() || !e.At.Before(f.From) && e.At.Before(f.To)) {
							want = append(want, e.Seq)
						}
					}
					if got := all(t, s, f, 1+rand.IntN(12)); !slices.Equal(got, want) {
						t.Errorf("%+v finds %v, want %v", f, got, want)
					}
				}
			}
		}
	})
}

// More entries of one moment than are read at once.
func TestFind_PassesOverAMoment(t *testing.T) {
	s := newStore(t)
	fill(t, s, 1300)
	if got := all(t, s, audit.Filter{Actor: "ann"}, 450); len(got) != 1300 {
		t.Errorf("found %d of 1300", len(got))
	}
}

func TestFind_RefusesForeignCursors(t *testing.T) {
	s := newStore(t)
	fill(t, s, 5)
	page, err := audit.Find(t.Context(), s, audit.Filter{Actor: "ann"}, 2, "")
	if err != nil || page.Next == "" {
		t.Fatal(page, err)
	}
	for _, after := range []string{page.Next, "x", graph.Cursor("audit", "1")} {
		if _, err := audit.Find(t.Context(), s, audit.Filter{Actor: "bob"}, 2, after); !errs.Is(err, errs.Invalid) {
			t.Errorf("cursor %q: %v", after, err)
		}
	}
	for _, limit := range []int{0, graph.MaxPage + 1} {
		if _, err := audit.Find(t.Context(), s, audit.Filter{}, limit, ""); !errs.Is(err, errs.Invalid) {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
}

func TestHead_RefusesListsThatDiffer(t *testing.T) {
	for name, value := range map[string]any{"actor": "bob", "action": "act.2", "area": "x", "target": "th_b", "at": noon.Add(time.Hour), "leaf": []byte("{}")} {
		s := newStore(t)
		write(t, s, "act.1", "th_a")
		leaves, err := audit.Leaves(t.Context(), s, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		change(t, s, leaves[0].ID, graph.Props{name: value})
		if _, err := audit.Heads(t.Context(), s, 0, 10); !errs.Is(err, errs.Internal) {
			t.Errorf("another %s is not noticed: %v", name, err)
		}
	}
}
