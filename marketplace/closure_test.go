package marketplace_test

import (
	"flag"
	"maps"
	"os"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/neo4j/neo4jtest"
	"weir/marketplace"
	"weir/marketplace/template"
)

// runs is how many random runs a test makes on an engine: few, or as many as WEIR_TEST_RUNS says.
func runs(t testing.TB, otherwise int) int {
	t.Helper()
	text := os.Getenv("WEIR_TEST_RUNS")
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("WEIR_TEST_RUNS=%q is not a positive number", text)
	}
	return n
}

// castLasts is how many runs share a store where making one takes long. Who is who goes on from run to run.
const castLasts = 25

// eachCast makes random runs on every engine: few, or as many as WEIR_TEST_RUNS says, and on Neo4j a tenth of them.
func eachCast(t *testing.T, few int, run func(r *rapid.T, c *cast)) {
	t.Run("memory", func(t *testing.T) {
		checks := flag.Lookup("rapid.checks")
		before := checks.Value.String()
		defer func() {
			if err := checks.Value.Set(before); err != nil {
				t.Error(err)
			}
		}()
		if err := checks.Value.Set(strconv.Itoa(runs(t, few))); err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(r *rapid.T) {
			c := newCast(newBureau(t, graphtest.Memory(shopSchema(t))))
			c.fatal = r.Fatalf
			run(r, c)
		})
	})
	t.Run("sqlite", func(t *testing.T) { lasting(t, runs(t, few), run, shopFile) })
	t.Run("neo4j", func(t *testing.T) {
		lasting(t, (runs(t, few)+9)/10, run, func(t testing.TB) graph.Store { return neo4jtest.Open(t, shopSchema(t)) })
	})
}

// lasting makes runs that share a store, so many at a time. What goes wrong is repeated by its seed and those before it.
func lasting(t *testing.T, many int, run func(r *rapid.T, c *cast), open func(t testing.TB) graph.Store) {
	for begin := 0; begin < many; begin += castLasts {
		t.Run(strconv.Itoa(begin), func(t *testing.T) {
			c := newCast(newBureau(t, open(t)))
			for seed := begin; seed < min(begin+castLasts, many); seed++ {
				c.fatal = func(format string, args ...any) { t.Fatalf("seed %d: "+format, append([]any{seed}, args...)...) }
				rapid.Custom(func(r *rapid.T) int { run(r, c); return 0 }).Example(seed)
			}
		})
	}
}

// TestClosure_Random: whoever is who, people decide only for whom they have nothing to do with, by steps that ask for one, two
// or all; and if everybody who can has decided, it is approved, or it said from the start that nobody can.
func TestClosure_Random(t *testing.T) {
	eachCast(t, 40, func(r *rapid.T, c *cast) {
		for range rapid.IntRange(0, 6).Draw(r, "changes") {
			c.shuffle(r)
		}
		c.rule("drawn", bureauPlain, c.drawSteps(r)...)
		in, sender := c.drawAsk(r)
		if sender == "" {
			return
		}
		req, err := c.Submit(c.as(sender), in)
		if errs.Is(err, errs.Invalid) {
			return // such as a team that he isn't in
		}
		c.must(err)
		item := req.Items[0]
		c.everybodyTries(r, item, c.circle([]string{sender, c.name[item.Holder]}, item.Sent))
	})
}

// drawSteps are up to three steps of a template.
func (c *cast) drawSteps(r *rapid.T) []template.Step {
	some := []template.Step{
		{Name: "Owner", By: template.ByOwner}, {Name: "Steward", By: template.BySteward}, {Name: "Security", By: template.BySecurity},
		{Name: "Core", By: template.ByTeam, Team: c.id["core"]}, {Name: "Nobody", By: template.ByTeam, Team: c.id["empty"]},
		{Name: "Owners", By: template.ByRole, Role: "owner"},
	}
	steps := rapid.SliceOfNDistinct(rapid.SampledFrom(some), 0, 3, func(s template.Step) string { return s.Name }).Draw(r, "steps")
	for i := range steps {
		steps[i].Mode = rapid.SampledFrom([]template.Mode{template.Any, template.All, template.AtLeast}).Draw(r, "mode")
		if steps[i].Mode == template.AtLeast {
			steps[i].N = rapid.IntRange(2, 3).Draw(r, "n")
		}
	}
	return steps
}

// drawAsk asks for something for somebody; the sender is "" if he has left.
func (c *cast) drawAsk(r *rapid.T) (marketplace.Ask, string) {
	sender := rapid.SampledFrom([]string{"ada", "mia", "tom", "lena", "bot", "etl", "sara"}).Draw(r, "sender")
	in := c.ask(sender, rapid.SampledFrom([]graph.ID{bureauPlain, bureauPlain, bureauMart}).Draw(r, "target"))
	holder := rapid.SampledFrom([]string{"", "", "growth", "core", "bot", "etl", "mia", "tom"}).Draw(r, "for")
	if holder != "" {
		in.For = c.id[holder]
	}
	if c.teams[holder] != nil && !slices.Contains(c.within(holder), sender) || c.accounts[holder] != "" && c.accounts[holder] != sender {
		in.For = "" // he would hear that this is none of his business
	}
	owner := c.accounts[sender]
	if c.gone[sender] || c.gone[owner] || c.gone[holder] {
		return in, ""
	}
	return in, sender
}

// everybodyTries lets everybody approve an item until nothing moves any more.
func (c *cast) everybodyTries(r *rapid.T, item marketplace.ItemView, circle map[string]bool) {
	everybody := slices.Concat(c.everybody, slices.Sorted(maps.Keys(c.accounts)))
	stuck := c.canEnd(stepsOf(item), circle, item.Sent)
	if item.Stuck != (stuck != "") {
		c.bad("it says stuck %t, but %q can't end: %+v", item.Stuck, stuck, stepsOf(item))
	}
	state := item.State
	for moved := true; moved && state == marketplace.Submitted; {
		moved = false
		for _, who := range rapid.Permutation(everybody).Draw(r, "who tries") {
			if owner := c.accounts[who]; c.gone[who] || c.gone[owner] || state != marketplace.Submitted {
				continue
			}
			after, err := c.says(who, item.ID, approves)
			if err != nil {
				if errs.KindOf(err) == errs.Internal || errs.KindOf(err) == errs.Unknown {
					c.bad("%s tries, and it broke: %v", who, err)
				}
				continue
			}
			if !slices.Contains(c.everybody, who) || c.circle([]string{c.name[item.Sender], c.name[item.Holder]}, item.Sent)[who] || circle[who] {
				c.bad("%s approved what %s asked for, for %s", who, c.name[item.Sender], c.name[item.Holder])
			}
			moved, state = true, after.State
		}
	}
	if (state == marketplace.Approved) == item.Stuck {
		c.bad("everybody has tried and it is %s, though it says stuck %t (%v)", state, item.Stuck, stuck)
	}
	c.ends(item.ID, state)
}

// ends looks at what has come of an item, and takes it back if it is still open.
func (c *cast) ends(id graph.ID, state marketplace.ItemState) {
	item, steps, _, err := c.Steps(c.t.Context(), id)
	c.must(err)
	if state == marketplace.Approved {
		c.counted(item, steps)
		return
	}
	if item.Grant != "" {
		c.bad("it is %s with the grant %s", state, item.Grant)
	}
	c.must(c.Withdraw(c.as(c.name[item.Sender]), id, 0))
}

// counted wants enough approvals of independent people in each step of what is approved.
func (c *cast) counted(item marketplace.Item, steps []marketplace.Step) {
	for _, st := range steps {
		var by []string
		for _, a := range st.Done {
			if who := c.name[a.By]; !slices.Contains(by, who) {
				by = append(by, who)
			}
		}
		want := 1
		if st.Mode == "atleast" {
			want = st.N
		}
		if got := c.independent(by, item.Sent); got < want {
			c.bad("%q was met by %v, who are %d, want %d", st.Name, by, got, want)
		}
	}
}

func stepsOf(v marketplace.ItemView) []marketplace.Step {
	var out []marketplace.Step
	for _, st := range v.Steps {
		out = append(out, st.Step)
		out[len(out)-1].Parties = nil
		for _, p := range st.Parties {
			out[len(out)-1].Parties = append(out[len(out)-1].Parties, p.Party)
		}
	}
	return out
}
