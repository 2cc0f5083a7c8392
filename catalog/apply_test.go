package catalog_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/graph/graphtest"
)

func schema(t testing.TB) graph.Schema {
	t.Helper()
	s, err := graph.Merge(catalog.Schema(), audit.Schema(), authz.Schema())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func memory(t testing.TB) graph.Store {
	t.Helper()
	return graphtest.Memory(schema(t))
}

var day = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// universe makes random events about a few datasets and jobs, so that they meet and contradict each other.
type universe struct {
	r *rand.Rand
	n int
}

func (u *universe) pick(names ...string) string { return names[u.r.IntN(len(names))] }

func (u *universe) event() catalog.Event {
	u.n++
	e := catalog.Event{
		At:  day.Add(time.Duration(u.r.IntN(30)) * time.Hour),
		How: catalog.Observed, Producer: "https://example.com/" + u.pick("spark", "dbt"),
	}
	e.Source = e.Producer
	if u.r.IntN(5) > 0 {
		e.Job = &catalog.JobFact{Namespace: "jobs", Name: u.pick("a", "b", "c"), Values: u.values()}
		if e.Job.Name == "c" {
			e.Job.Consumer = catalog.Dashboard
		}
		e.Run = &catalog.RunFact{UUID: u.pick("1", "2", "3"), Type: catalog.EventType(u.pick("START", "RUNNING", "COMPLETE", "FAIL", "OTHER"))}
		if u.r.IntN(4) == 0 {
			e.Run.Parent = &catalog.ParentFact{Namespace: "flows", Name: "daily", UUID: "p"}
		}
		if u.r.IntN(4) == 0 {
			e.Run.Error = u.pick("out of memory", "no such table")
		}
	} else {
		e.How = catalog.Declared
	}
	for range u.r.IntN(3) + 1 {
		e.Datasets = append(e.Datasets, u.dataset(e.Job != nil))
	}
	if u.r.IntN(6) == 0 {
		e.Links = append(e.Links, u.link())
	}
	raw, err := json.Marshal(struct {
		E catalog.Event
		N int
	}{e, u.n})
	if err != nil {
		panic(err)
	}
	e.Raw, e.Hash = raw, sha256.Sum256(raw)
	return e
}

func (u *universe) dataset(job bool) catalog.DatasetFact {
	f := catalog.DatasetFact{Namespace: "db", Name: u.pick("p", "q", "r", "s", "t"), Role: catalog.Subject, Values: u.values()}
	if job {
		f.Role = []catalog.Role{catalog.Input, catalog.Output}[u.r.IntN(2)]
	}
	if u.r.IntN(2) == 0 {
		for _, c := range []string{"id", "name", "mail"}[:u.r.IntN(3)+1] {
			f.Columns = append(f.Columns, catalog.ColumnFact{Path: c, Type: u.pick("int", "text"), Description: u.pick("", "words")})
		}
	}
	if u.r.IntN(3) == 0 {
		f.ColumnValues = map[string]catalog.Values{u.pick("id", "mail"): {catalog.FieldClasses: []string{u.pick("pii", "pci")}}}
	}
	if f.Role != catalog.Input && u.r.IntN(2) == 0 {
		f.Derivations = []catalog.Derivation{{
			Column: u.pick("", "id", "mail"), Namespace: "db", Name: u.pick("p", "q", "x"), From: u.pick("id", "mail"),
			Indirect: u.r.IntN(3) == 0, Masked: u.r.IntN(3) == 0, Subtype: u.pick("IDENTITY", "JOIN"),
		}, {Column: "name", Namespace: "db", Name: "s", From: "name"}}
	}
	if u.r.IntN(6) == 0 {
		f.Symlinks = []catalog.Symlink{{Namespace: u.pick("db", "file"), Name: u.pick("p", "q", "r", "/path"), Type: u.pick("TABLE", "LOCATION")}}
	}
	if f.Role == catalog.Output {
		f.Rows = int64(u.r.IntN(100))
	}
	f.Facets = []catalog.Facet{{Key: "custom", Body: []byte(u.pick(`{"a":1}`, `{"a":"`+strings.Repeat("x", 600)+`"}`))}}
	return f
}

func (u *universe) link() catalog.LinkFact {
	l := catalog.LinkFact{Target: catalog.Ref{Namespace: "db", Name: u.pick("p", "q", "r")}}
	if u.r.IntN(2) == 0 {
		l.Via = &catalog.Ref{Job: true, Namespace: "jobs", Name: u.pick("a", "b")}
	}
	for range u.r.IntN(3) {
		l.Inputs = append(l.Inputs, catalog.Ref{Job: u.r.IntN(3) == 0, Namespace: "db", Name: u.pick("s", "t")})
	}
	if u.r.IntN(4) == 0 {
		l.Target = catalog.Ref{Job: true, Namespace: "jobs", Name: "a"}
	}
	return l
}

func (u *universe) values() catalog.Values {
	v := catalog.Values{}
	set := func(f catalog.Field, values ...string) {
		if u.r.IntN(3) == 0 {
			v[f] = values
		}
	}
	set(catalog.FieldDescription, u.pick("one", "two", ""))
	set(catalog.FieldOwners, u.pick("ann", "bob"))
	set(catalog.FieldTags, "x", u.pick("y", "z"))
	set(catalog.FieldDomain, u.pick("sales", "care"))
	if u.r.IntN(8) == 0 {
		v[catalog.FieldLifecycle] = []string{u.pick("DROP", "CREATE")}
	}
	return v
}

// apply joins events in groups of random size.
func apply(t testing.TB, s graph.Store, events []catalog.Event, r *rand.Rand) {
	t.Helper()
	c := catalog.New(s, time.Now)
	for len(events) > 0 {
		n := min(len(events), r.IntN(5)+1)
		var group []catalog.Prepared
		for _, e := range events[:n] {
			p, err := catalog.Prepare("acc", e)
			if err != nil {
				t.Fatal(err)
			}
			group = append(group, p)
		}
		if err := c.Apply(context.Background(), group); err != nil {
			t.Fatal(err)
		}
		events = events[n:]
	}
}

// picture writes down all that a store holds but what may differ between orders: versions, times of the store, the log.
func picture(t testing.TB, s graph.Store) string {
	t.Helper()
	var lines []string
	names := map[graph.ID]string{}
	for rec, err := range s.Dump(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		if n := rec.Node; n != nil && !slices.Contains([]graph.Kind{"Entry", "Payload", "Position"}, n.Kind) {
			names[n.ID] = fmt.Sprint(n.Kind, " ", n.Props["name"], n.Props["path"], n.Props["uuid"])
			lines = append(lines, fmt.Sprintf("%s %s %v", n.ID, n.Kind, n.Props))
		}
		if e := rec.Edge; e != nil && e.Rel != audit.RelAbout && e.Known.Until.IsZero() {
			lines = append(lines, fmt.Sprintf("%s[%s] -%s(%s)-> %s[%s] %v %v %v", e.From, names[e.From], e.Rel, e.Key, e.To, names[e.To], e.Valid.Since, e.Valid.Until, e.Props))
		}
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

// orders is how many random sets of events are tried; WEIR_TEST_FULL tries more.
func orders() uint64 {
	if os.Getenv("WEIR_TEST_FULL") != "" {
		return 500
	}
	return 60
}

func TestApply_AnyOrderWithDuplicatesEndsInTheSameGraph(t *testing.T) {
	for seed := range orders() {
		r := rand.New(rand.NewPCG(seed, 1))
		u := &universe{r: r}
		var events []catalog.Event
		for range r.IntN(25) + 2 {
			events = append(events, u.event())
		}
		a := memory(t)
		apply(t, a, events, r)
		want := picture(t, a)
		for range 2 {
			shuffled := slices.Concat(events, events[:r.IntN(len(events))])
			r.Shuffle(len(shuffled), func(i, k int) { shuffled[i], shuffled[k] = shuffled[k], shuffled[i] })
			b := memory(t)
			apply(t, b, shuffled, r)
			if got := picture(t, b); got != want {
				t.Fatalf("seed %d: another order gives another graph:\n%s", seed, difference(want, got))
			}
		}
	}
}

func difference(a, b string) string {
	var out []string
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for _, l := range as {
		if !slices.Contains(bs, l) {
			out = append(out, "- "+l)
		}
	}
	for _, l := range bs {
		if !slices.Contains(as, l) {
			out = append(out, "+ "+l)
		}
	}
	return strings.Join(out, "\n")
}
