package template_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"weir/catalog"
	"weir/graph"
	"weir/marketplace/template"
)

func everywhere(change func(*template.Body)) []template.Version {
	b := template.Body{
		Title: "X", Applies: template.Scope{Everything: true}, Who: template.Who{People: true, Services: true, Agents: true},
		Access: template.Accesses, MaxDays: 90, Renewable: true,
	}
	change(&b)
	return []template.Version{{Template: "pol_x", Number: 1, Name: "X", Body: b}}
}

func TestAtOnceTakesEveryCondition(t *testing.T) {
	full := template.Condition{
		Access: []template.Access{template.Read, template.Masked}, Purposes: []string{"analytics"}, Kinds: []template.Kind{template.Person},
		Roles: []string{"consumer", "owner"}, MaxDays: 30, NoUnmasked: true,
	}
	masks := func(b *template.Body) { b.Masking = map[string]string{"pii": template.Partial} }
	bare := func(c *template.Case) { c.Access = template.Read }
	tests := map[string]struct {
		policy func(*template.Body)
		change func(*template.Case)
		want   template.Outcome
	}{
		"all hold":               {nil, nil, template.AtOnce},
		"other access":           {nil, func(c *template.Case) { c.Access, c.Columns = template.Export, c.Columns[:1] }, template.NeedsSteps},
		"other purpose":          {nil, func(c *template.Case) { c.Purpose = "support" }, template.NeedsSteps},
		"other kind":             {nil, func(c *template.Case) { c.Beneficiary = template.Team }, template.NeedsSteps},
		"other role":             {nil, func(c *template.Case) { c.Roles = []string{"steward"} }, template.NeedsSteps},
		"a day more":             {nil, func(c *template.Case) { c.Days = 31 }, template.NeedsSteps},
		"in clear text":          {nil, bare, template.NeedsSteps},
		"in clear text, masked":  {masks, bare, template.AtOnce},
		"may carry anything":     {nil, func(c *template.Case) { c.Classes = []string{"phi"} }, template.NeedsSteps},
		"may, but clear is fine": {func(b *template.Body) { b.PreApproved.NoUnmasked = false }, func(c *template.Case) { c.Classes = []string{"phi"} }, template.AtOnce},
		"clear is fine":          {func(b *template.Body) { b.PreApproved.NoUnmasked = false }, bare, template.AtOnce},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			vs := everywhere(func(b *template.Body) {
				p := full
				b.PreApproved = &p
				if tt.policy != nil {
					tt.policy(b)
				}
			})
			if v := template.Evaluate(vs, customers(tt.change)); v.Outcome != tt.want {
				t.Errorf("%s, want %s; refusals %v", v.Outcome, tt.want, v.Refusals)
			}
		})
	}
}

func TestWhoMayAsk(t *testing.T) {
	tests := map[string]struct {
		who    template.Who
		change func(*template.Case)
		in     bool
	}{
		"everybody":        {template.Who{People: true}, nil, true},
		"role":             {template.Who{People: true, Roles: []string{"owner", "consumer"}}, nil, true},
		"no such role":     {template.Who{People: true, Roles: []string{"owner"}}, nil, false},
		"everybody's role": {template.Who{People: true, Roles: []string{"member"}}, nil, true},
		"team":             {template.Who{People: true, Teams: []graph.ID{"tea_g"}}, func(c *template.Case) { c.Teams = []graph.ID{"tea_a", "tea_g"} }, true},
		"no such team":     {template.Who{People: true, Teams: []graph.ID{"tea_g"}}, func(c *template.Case) { c.Teams = []graph.ID{"tea_a"} }, false},
		"team or role":     {template.Who{People: true, Teams: []graph.ID{"tea_g"}, Roles: []string{"consumer"}}, nil, true},
		"a team":           {template.Who{People: true}, func(c *template.Case) { c.Beneficiary = template.Team }, true},
		"a service":        {template.Who{People: true, Agents: true}, func(c *template.Case) { c.Beneficiary = template.Service }, false},
		"a service, too":   {template.Who{Services: true}, func(c *template.Case) { c.Beneficiary = template.Service }, true},
		"an agent":         {template.Who{People: true, Services: true}, func(c *template.Case) { c.Beneficiary = template.Agent }, false},
		"something else":   {template.Who{People: true, Services: true, Agents: true}, func(c *template.Case) { c.Beneficiary = "" }, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			v := template.Evaluate(everywhere(func(b *template.Body) { b.Who = tt.who }), customers(tt.change))
			if in := refused(v) == ""; in != tt.in {
				t.Errorf("may ask: %t, want %t; %+v", in, tt.in, v.Refusals)
			}
		})
	}
}

func TestWhatMayBeAnywhereIsDeniedAltogether(t *testing.T) {
	vs := everywhere(func(b *template.Body) { b.Masking = map[string]string{"phi": template.Deny} })
	v := template.Evaluate(vs, customers(func(c *template.Case) { c.Classes = []string{"phi"} }))
	if v.Outcome != template.Impossible || len(v.Possible()) > 0 || len(v.Refusals) != 1 || len(v.Refusals[0].Columns) > 0 {
		t.Errorf("%s, refusals %+v", v.Outcome, v.Refusals)
	}
}

// What is left out must not be what the rest is judged by: not its dataset, not its class.
func TestTheRestIsJudgedForItself(t *testing.T) {
	c := customers(func(c *template.Case) {
		c.Levels = []catalog.Classification{catalog.Internal}
		c.Datasets, c.Classes = []graph.ID{"ds_cust", "ds_mail"}, []string{"pii"}
		c.Columns[1].Dataset = "ds_mail"
	})
	deny := everywhere(func(b *template.Body) {
		b.Applies = template.Scope{Datasets: []graph.ID{"ds_mail"}}
		b.Masking = map[string]string{"pii": template.Deny}
	})
	vs := append(deny, starter(t, "internal-open"))
	less, v := template.Reduce(vs, c)
	if v.Outcome != template.AtOnce || !slices.Equal(less.Datasets, []graph.ID{"ds_cust"}) || len(less.Classes) > 0 || len(v.Applied) != 1 {
		t.Errorf("the rest is %s by %+v, of %v with %v", v.Outcome, v.Applied, less.Datasets, less.Classes)
	}
	if len(c.Columns) != 2 || len(c.Datasets) != 2 {
		t.Error("the case that was given has changed")
	}
}

func TestTheOrderOfColumnsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vs, c := anyVersions(t, 4), anyCase(t)
		want := template.Evaluate(vs, c)
		c.Columns = rapid.Permutation(c.Columns).Draw(t, "columns again")
		got := template.Evaluate(vs, c)
		for _, w := range want.Columns {
			g, ok := got.Of(w.Column)
			alike := g.Outcome == w.Outcome && g.Masking == w.Masking && slices.Equal(g.Clear, w.Clear) && slices.Equal(g.Steps, w.Steps) &&
				len(g.DecidedBy) == len(w.DecidedBy)
			if !ok || !alike || w.Outcome != template.Impossible && g.Reason != w.Reason {
				t.Fatalf("column %s is\n%+v\nnot\n%+v", w.Path, g, w)
			}
		}
	})
}
