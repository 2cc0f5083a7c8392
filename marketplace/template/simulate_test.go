package template_test

import (
	"fmt"
	"iter"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"weir/catalog"
	"weir/graph"
	"weir/marketplace/template"
)

func lives(n int, pending func(int) bool, of func(int) template.Case) iter.Seq[template.Live] {
	return func(yield func(template.Live) bool) {
		for i := range n {
			if !yield(template.Live{ID: graph.ID(fmt.Sprintf("live_%d", i)), Pending: pending(i), Case: of(i)}) {
				return
			}
		}
	}
}

func never(int) bool { return false }

func one(c template.Case) func(int) template.Case { return func(int) template.Case { return c } }

func TestSimulationNamesWhatFlips(t *testing.T) {
	policy := func(change func(*template.Body)) []template.Version {
		b := template.Body{
			Title: "X", Applies: template.Scope{Everything: true}, Who: template.Who{People: true}, Access: []template.Access{template.Read, template.Masked},
			Steps: []template.Step{{Name: "Owner", By: template.ByOwner, Mode: template.Any}}, MaxDays: 90,
		}
		if change != nil {
			change(&b)
		}
		return []template.Version{{Template: "pol_x", Number: 1, Name: "X", Body: b}}
	}
	steps := func(s ...template.Step) func(*template.Body) { return func(b *template.Body) { b.Steps = s } }
	all := template.Step{Name: "Owner", By: template.ByOwner, Mode: template.All}
	masking := func(m string) func(*template.Body) {
		return func(b *template.Body) { b.Masking = map[string]string{"pii": m} }
	}
	short := func(b *template.Body) { b.MaxDays = 7 }
	noRead := func(b *template.Body) { b.Access = []template.Access{template.Masked} }
	campaign := func(b *template.Body) { b.Purposes = []string{"campaign"} }
	open := func(b *template.Body) { b.PreApproved = &template.Condition{} }
	tests := map[string]struct {
		old, new func(*template.Body)
		kinds    []template.FlipKind
	}{
		"nothing":        {nil, nil, nil},
		"impossible":     {nil, noRead, []template.FlipKind{template.BecomesImpossible}},
		"too long":       {nil, short, []template.FlipKind{template.BecomesTooLong}},
		"stricter step":  {nil, steps(all), []template.FlipKind{template.MoreSteps}},
		"laxer step":     {steps(all), nil, []template.FlipKind{template.FewerSteps}},
		"other step":     {nil, steps(template.Step{Name: "S", By: template.BySecurity, Mode: template.Any}), []template.FlipKind{template.MoreSteps, template.FewerSteps}},
		"more masking":   {masking(template.Partial), masking(template.Redact), []template.FlipKind{template.MoreMasking}},
		"less masking":   {masking(template.Redact), nil, []template.FlipKind{template.LessMasking}},
		"at once":        {nil, open, []template.FlipKind{template.FewerSteps, template.BecomesAtOnce}},
		"no longer":      {open, nil, []template.FlipKind{template.MoreSteps}},
		"possible":       {noRead, nil, []template.FlipKind{template.BecomesPossible}},
		"other refusal":  {noRead, campaign, []template.FlipKind{template.OtherRefusal}},
		"longer to have": {short, nil, []template.FlipKind{template.BecomesPossible}},
	}
	c := customers(func(c *template.Case) { c.Access = template.Read })
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := template.Simulate(policy(tt.old), policy(tt.new), lives(2, func(i int) bool { return i == 1 }, one(c)), nil)
			if got.Grants != 1 || got.Pending != 1 {
				t.Fatalf("looked at %d grants and %d pending", got.Grants, got.Pending)
			}
			if len(tt.kinds) == 0 {
				if len(got.Items)+got.GrantsFlipped+got.PendingFlipped > 0 {
					t.Errorf("%+v flips", got.Items)
				}
				return
			}
			if got.GrantsFlipped != 1 || got.PendingFlipped != 1 || len(got.Items) != 2 || !slices.Equal(got.Items[0].Kinds, tt.kinds) {
				t.Fatalf("got %+v, want %v", got.Items, tt.kinds)
			}
			if !got.Items[1].Pending || got.Items[1].ID != "live_1" || got.PendingKinds[tt.kinds[0]] != 1 || got.GrantKinds[tt.kinds[0]] != 1 {
				t.Errorf("the pending one is %+v, counted %v", got.Items[1], got.PendingKinds)
			}
		})
	}
}

func TestSimulationTellsProgressAndEnds(t *testing.T) {
	var seen []int
	got := template.Simulate(nil, starters(t), lives(450, never, one(customers(nil))), func(done int) { seen = append(seen, done) })
	if !slices.Equal(seen, []int{200, 400, 450}) || got.Grants != 450 {
		t.Errorf("progress %v of %d", seen, got.Grants)
	}
	seen = nil
	template.Simulate(nil, nil, lives(0, never, nil), func(done int) { seen = append(seen, done) })
	if !slices.Equal(seen, []int{0}) {
		t.Errorf("progress of nothing %v", seen)
	}
}

func TestSimulationIsSilentWhereTheVerdictIsTheSame(t *testing.T) {
	flips := 0
	rapid.Check(t, func(t *rapid.T) {
		old, c := anyVersions(t, 3), anyCase(t)
		now := append(slices.Clone(old), anyVersions(t, 1)...)
		before, after := template.Evaluate(old, c), template.Evaluate(now, c)
		got := template.Simulate(old, now, lives(1, never, one(c)), nil)
		flips += len(got.Items)
		if reflect.DeepEqual(before, after) && len(got.Items) > 0 {
			t.Fatalf("%+v flips, but nothing changed", got.Items)
		}
		if before.Outcome != after.Outcome && len(got.Items) == 0 {
			t.Fatalf("%s becomes %s, and nobody says so", before.Outcome, after.Outcome)
		}
	})
	t.Logf("%d flips", flips)
}

// wide is a case of 40 columns, a quarter of them sensitive.
func wide(i int) template.Case {
	levels := catalog.Classifications
	return customers(func(c *template.Case) {
		c.Columns = nil
		for n := range 40 {
			col := template.Column{ID: graph.ID(fmt.Sprintf("col_%d", n)), Dataset: "ds_cust", Path: fmt.Sprintf("c%d", n)}
			if n%4 == 0 {
				col.Inherited = []string{[]string{"pii", "phi", "pci"}[(i+n/4)%3]}
			}
			c.Columns = append(c.Columns, col)
		}
		c.Levels = levels[i%4 : i%4+1]
		c.Access = template.Accesses[i/4%4]
	})
}

func BenchmarkEvaluate(b *testing.B) {
	vs, c := starters(b), wide(0)
	b.ReportAllocs()
	for b.Loop() {
		template.Evaluate(vs, c)
	}
}

// BenchmarkSimulate looks at 10,000 cases of 40 columns under 30 templates; the goal is one second.
func BenchmarkSimulate(b *testing.B) {
	var old []template.Version
	for n := range 30 {
		v := starters(b)[n%8]
		v.Template = graph.ID(fmt.Sprintf("pol_%02d", n))
		if n >= 8 {
			v.Body.Applies.Domains, v.Body.Applies.Everything = []graph.ID{graph.ID(fmt.Sprintf("dom_%d", n))}, false
			v.Body.Applies.Levels, v.Body.Applies.Classes = nil, nil
		}
		old = append(old, v)
	}
	now := slices.Clone(old)
	now[3].Body.MaxDays = 7
	cases := make([]template.Case, 64)
	for i := range cases {
		cases[i] = wide(i)
	}
	b.ReportAllocs()
	for b.Loop() {
		template.Simulate(old, now, lives(10_000, never, func(i int) template.Case { return cases[i%64] }), nil)
	}
}
