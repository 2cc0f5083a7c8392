package template

import (
	"slices"

	"weir/graph"
)

// columns says what comes of each column, for the templates that bear on it.
func columns(rules []rule, c *Case, v *Verdict) []ColumnVerdict {
	out := make([]ColumnVerdict, len(c.Columns))
	for i := range c.Columns {
		col := &c.Columns[i]
		like := slices.IndexFunc(c.Columns[:i], func(o Column) bool { return col.like(&o) })
		if like < 0 {
			out[i] = column(rules, c, v, i)
			continue
		}
		out[i] = out[like]
		out[i].Column, out[i].Path = col.ID, col.Path
	}
	return out
}

// like tells whether two columns differ in nothing that a template looks at: most of a wide table do not.
func (c *Column) like(o *Column) bool {
	return c.Dataset == o.Dataset && slices.Equal(c.Declared, o.Declared) && slices.Equal(c.Inherited, o.Inherited) && slices.Equal(c.Masked, o.Masked)
}

func column(rules []rule, c *Case, v *Verdict, i int) ColumnVerdict {
	col := &c.Columns[i]
	out := ColumnVerdict{Column: col.ID, Path: col.Path, Outcome: AtOnce}
	sensitive := col.sensitive()
	if c.Access != Metadata {
		for _, class := range sensitive {
			m := v.Masking[class]
			out.Masking = stricter(out.Masking, m)
			if m == "" {
				out.Clear = append(out.Clear, class)
			}
		}
	}
	var grants, waits []Source
	for n := range rules {
		switch r := &rules[n]; {
		case !r.bears(i):
		case r.free(c, i):
			grants = append(grants, r.source)
		default:
			waits = append(waits, r.source)
			out.Steps = append(out.Steps, r.indexes(v.Steps)...)
		}
	}
	out.Steps, out.DecidedBy = set(out.Steps), grants
	if len(waits) > 0 {
		out.Outcome, out.DecidedBy = NeedsSteps, waits
	}
	out.Reason = reason(c, col, sensitive, &out)
	refuse(&out, rules, v.Refusals)
	return out
}

// indexes are the places of the version's steps among those needed.
func (r *rule) indexes(steps []NeededStep) []int {
	var out []int
	for _, s := range r.Body.steps() {
		out = append(out, slices.IndexFunc(steps, func(n NeededStep) bool { return n.Key() == s.Key() }))
	}
	return out
}

// refuse makes the column impossible if a refusal is about it.
func refuse(out *ColumnVerdict, rules []rule, refusals []Refusal) {
	var by []Source
	for _, f := range refusals {
		if len(f.Columns) > 0 && !slices.Contains(f.Columns, out.Column) {
			continue
		}
		if out.Outcome != Impossible {
			out.Outcome, out.Reason, out.Steps = Impossible, f.Message, nil
		}
		i := slices.IndexFunc(rules, func(r rule) bool {
			return r.Template == f.Template && r.Number == f.Version && r.Name == f.Name
		})
		if !slices.Contains(by, rules[i].source) {
			by = append(by, rules[i].source)
		}
	}
	if out.Outcome == Impossible {
		out.DecidedBy = by
	}
}

// reason says what happens to the column, and why nobody else has to be asked about it.
func reason(c *Case, col *Column, sensitive []string, out *ColumnVerdict) string {
	arrives := ""
	if len(col.Masked) > 0 {
		arrives = " " + classList(col.Masked) + " is masked before it arrives."
	}
	switch {
	case c.Access == Metadata:
		return "Only what is known about it is opened, not its values."
	case len(sensitive) == 0:
		return "Carries nothing sensitive." + arrives
	case len(out.Clear) > 0 && out.Masking == "":
		return "Comes with " + classList(out.Clear) + " in clear text." + arrives
	case len(out.Clear) > 0:
		return "Comes masked (" + out.Masking + "); no policy masks its " + classList(out.Clear) + "." + arrives
	default:
		return "Comes masked (" + out.Masking + "), so the owners of where its " + classList(sensitive) + " comes from are not asked." + arrives
	}
}

func classList(classes []string) string {
	words := make([]string, len(classes))
	for i, class := range classes {
		words[i] = classWord(class)
	}
	return list(set(words), "and")
}

// Of is the verdict on one column; false if it was not asked for.
func (v Verdict) Of(column graph.ID) (ColumnVerdict, bool) {
	for _, c := range v.Columns {
		if c.Column == column {
			return c, true
		}
	}
	return ColumnVerdict{}, false
}
