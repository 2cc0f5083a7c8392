package catalog_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"weir/catalog"
	"weir/graph"
)

// link lets a source say that a dataset is another one under another name.
func link(t *testing.T, c *catalog.Service, producer, name, other string, at time.Time) {
	t.Helper()
	raw := []byte(producer + name + other + at.String())
	e := catalog.Event{At: at, How: catalog.Declared, Producer: producer, Source: producer, Raw: raw, Hash: [32]byte(append(raw, make([]byte, 32)...)[:32]),
		Datasets: []catalog.DatasetFact{{Namespace: "db", Name: name, Role: catalog.Subject,
			Symlinks: []catalog.Symlink{{Namespace: "db", Name: other}}}}}
	p, err := catalog.Prepare("acc", e)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Apply(context.Background(), []catalog.Prepared{p}); err != nil {
		t.Fatal(err)
	}
}

// known are the names under which a dataset is known, its own too.
func known(t *testing.T, c *catalog.Service, name string) []string {
	t.Helper()
	v, err := c.Dataset(context.Background(), catalog.DatasetID("db", name))
	if err != nil {
		t.Fatal(err)
	}
	out := []string{v.Dataset.Name}
	for _, a := range v.Aliases {
		out = append(out, a.Name)
	}
	slices.Sort(out)
	return out
}

// A person's word outranks what sources say of the same two, also those that say so later and the other way round.
func TestSetSame_OutranksLaterSources(t *testing.T) {
	ctx := context.Background()
	c := catalog.New(memory(t), time.Now)
	a, b := catalog.DatasetID("db", "a"), catalog.DatasetID("db", "b")
	link(t, c, "p", "a", "b", day)
	if err := c.SetSame(ctx, catalog.SameInput{A: a, B: b}); err != nil {
		t.Fatal(err)
	}
	link(t, c, "q", "b", "a", day.Add(time.Hour))
	if got := known(t, c, "a"); len(got) != 1 {
		t.Errorf("a later source unites them: %v", got)
	}
	said, err := c.SaidSame(ctx, b)
	if err != nil || len(said) != 1 || !said[0].Refused || said[0].Person || !slices.Equal(said[0].Sources, []string{"p", "q"}) {
		t.Errorf("said: %+v, %v", said, err)
	}
	if err := c.SetSame(ctx, catalog.SameInput{A: b, B: a, Same: true}); err != nil {
		t.Fatal(err)
	}
	if got := known(t, c, "a"); len(got) != 2 {
		t.Errorf("taken back: %v", got)
	}
}

// A name that several say is the same leaves when each of them is refused, one after the other.
func TestSetSame_TakesANameOutOfThree(t *testing.T) {
	ctx := context.Background()
	c := catalog.New(memory(t), time.Now)
	link(t, c, "p", "a", "b", day)
	link(t, c, "p", "b", "x", day)
	link(t, c, "p", "a", "x", day)
	id := func(name string) graph.ID { return catalog.DatasetID("db", name) }
	if err := c.SetSame(ctx, catalog.SameInput{A: id("a"), B: id("x")}); err != nil {
		t.Fatal(err)
	}
	if got := known(t, c, "x"); len(got) != 3 {
		t.Fatalf("b holds them together, but the names are %v", got)
	}
	if err := c.SetSame(ctx, catalog.SameInput{A: id("b"), B: id("x")}); err != nil {
		t.Fatal(err)
	}
	if got, rest := known(t, c, "x"), known(t, c, "a"); len(got) != 1 || len(rest) != 2 {
		t.Errorf("x is called %v, the others %v", got, rest)
	}
}
