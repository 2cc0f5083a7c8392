package template_test

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"weir/graph"
	"weir/marketplace/template"
)

var outcomes = []template.Outcome{template.AtOnce, template.NeedsSteps, template.Impossible}

// approvals is how many of ten people who may decide a step have to.
func approvals(s template.Step) int {
	switch s.Mode {
	case template.All:
		return 10
	case template.AtLeast:
		return s.N
	default:
		return 1
	}
}

// looser says in which way b is looser than a; "" if in none.
func looser(a, b template.Verdict) string {
	switch {
	case slices.Index(outcomes, b.Outcome) < slices.Index(outcomes, a.Outcome):
		return "outcome"
	case b.MaxDays > a.MaxDays:
		return "duration"
	case b.Renewable && !a.Renewable:
		return "renewal"
	case b.Renewable && a.RenewBeforeDays > 0 && (b.RenewBeforeDays == 0 || b.RenewBeforeDays > a.RenewBeforeDays):
		return "time of renewal"
	case a.TermsRequired && !b.TermsRequired:
		return "terms"
	case !inside(b.Purposes, a.Purposes) || !inside(b.Access, a.Access):
		return "what is allowed"
	case a.Environments != nil && (b.Environments == nil || !inside(b.Environments, a.Environments)):
		return "places"
	case len(b.Refusals) < len(a.Refusals):
		return "refusals"
	}
	for _, s := range a.Steps {
		i := slices.IndexFunc(b.Steps, func(n template.NeededStep) bool { return n.Key() == s.Key() })
		if i < 0 || approvals(b.Steps[i].Step) < approvals(s.Step) {
			return "step " + s.Key()
		}
	}
	for class, m := range a.Masking {
		if slices.Index(template.Maskings, b.Masking[class]) < slices.Index(template.Maskings, m) {
			return "masking of " + class
		}
	}
	return looserColumn(a, b)
}

func looserColumn(a, b template.Verdict) string {
	for i, x := range a.Columns {
		y := b.Columns[i]
		if slices.Index(outcomes, y.Outcome) < slices.Index(outcomes, x.Outcome) || !inside(y.Clear, x.Clear) ||
			slices.Index(template.Maskings, y.Masking) < slices.Index(template.Maskings, x.Masking) {
			return "column " + x.Path
		}
		for _, n := range x.Steps {
			asked := func(m int) bool { return b.Steps[m].Key() == a.Steps[n].Key() }
			if y.Outcome != template.Impossible && !slices.ContainsFunc(y.Steps, asked) {
				return "step of column " + x.Path
			}
		}
	}
	return ""
}

func inside[T comparable](list, in []T) bool {
	return !slices.ContainsFunc(list, func(v T) bool { return !slices.Contains(in, v) })
}

func TestOneMoreTemplateNeverLoosens(t *testing.T) {
	kinds := map[template.Outcome]int{}
	rapid.Check(t, func(t *rapid.T) {
		vs, c := anyVersions(t, 4), anyCase(t)
		before := template.Evaluate(vs, c)
		kinds[before.Outcome]++
		if before.Applied[0].Template == "" {
			return // the default gives way to the first template
		}
		more := append(slices.Clone(vs), anyVersion(9).Draw(t, "more"))
		if how := looser(before, template.Evaluate(more, c)); how != "" {
			t.Fatalf("looser: %s\nbefore %+v\nafter  %+v", how, before, template.Evaluate(more, c))
		}
	})
	t.Logf("outcomes %v", kinds)
}

func TestOrderAndRepetitionDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vs, c := anyVersions(t, 5), anyCase(t)
		want := template.Evaluate(vs, c)
		shuffled := rapid.Permutation(append(slices.Clone(vs), vs...)).Draw(t, "shuffled")
		if got := template.Evaluate(shuffled, c); !reflect.DeepEqual(got, want) {
			t.Fatalf("another order says\n%+v\nnot\n%+v", got, want)
		}
	})
}

func TestEveryVerdictIsExplained(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vs, c := anyVersions(t, 4), anyCase(t)
		v := template.Evaluate(vs, c)
		for _, f := range v.Refusals {
			if f.Name == "" || f.Field == "" || f.Message == "" || f.Fix == "" || (f.Template == "") != (v.Applied[0].Template == "") {
				t.Fatalf("refusal %+v does not name its rule and the way out", f)
			}
		}
		if (v.Outcome == template.Impossible) != (len(v.Refusals) > 0) {
			t.Fatalf("%s with refusals %v", v.Outcome, v.Refusals)
		}
		if v.Outcome == template.NeedsSteps && len(v.Steps) == 0 || v.Outcome == template.AtOnce && len(v.Steps) > 0 {
			t.Fatalf("%s with steps %v", v.Outcome, v.Steps)
		}
		for _, s := range v.Steps {
			if len(s.Because) == 0 || len(v.DecidedBy["steps."+s.Key()]) == 0 {
				t.Fatalf("step %+v: nobody demands it", s)
			}
		}
		for class := range v.Masking {
			if len(v.DecidedBy["masking."+class]) == 0 {
				t.Fatalf("masking of %s: nobody demands it", class)
			}
		}
		for _, key := range []string{"duration", "renewal", "pre-approval"} {
			if len(v.DecidedBy[key]) == 0 {
				t.Fatalf("%s was decided by nobody", key)
			}
		}
		explainedColumns(t, c, v)
	})
}

// explainedColumns wants the columns to add up to the verdict on the whole.
func explainedColumns(t *rapid.T, c template.Case, v template.Verdict) {
	worst := template.AtOnce
	for i, col := range v.Columns {
		if col.Column != c.Columns[i].ID || col.Reason == "" || len(col.DecidedBy) == 0 && col.Outcome != template.AtOnce {
			t.Fatalf("column %+v is not explained", col)
		}
		if slices.Index(outcomes, col.Outcome) > slices.Index(outcomes, worst) {
			worst = col.Outcome
		}
		if (col.Outcome == template.NeedsSteps) != (len(col.Steps) > 0) {
			t.Fatalf("column %+v: outcome and steps don't fit", col)
		}
		carries := len(c.Columns[i].Declared)+len(c.Columns[i].Inherited) > 0
		if c.Access == template.Masked && carries && (col.Masking == "" || len(col.Clear) > 0) {
			t.Fatalf("column %+v comes in clear text in masked access", col)
		}
	}
	if slices.Index(outcomes, worst) > slices.Index(outcomes, v.Outcome) {
		t.Fatalf("a column is %s, the whole is %s", worst, v.Outcome)
	}
}

func TestReducedCasesKeepWhatIsPossible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vs, c := anyVersions(t, 4), anyCase(t)
		whole := template.Evaluate(vs, c)
		less, v := template.Reduce(vs, c)
		possible := whole.Possible()
		if len(possible) == 0 {
			possible = ids(c)
		}
		if !slices.Equal(ids(less), possible) {
			t.Fatalf("kept %v, want %v", ids(less), possible)
		}
		if !reflect.DeepEqual(v, template.Evaluate(vs, less)) {
			t.Fatal("the verdict is not that of the rest")
		}
	})
}

func ids(c template.Case) []graph.ID {
	var out []graph.ID
	for _, col := range c.Columns {
		out = append(out, col.ID)
	}
	return out
}
