package template_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"weir/catalog"
	"weir/graph"
	"weir/marketplace/template"
)

// starter is a template of the first set, as the version that a store would hold.
func starter(t testing.TB, key string) template.Version {
	t.Helper()
	for _, s := range template.Builtin {
		if s.Key == key {
			return template.Version{Template: graph.ID("pol_" + key), Number: 1, Name: s.Body.Title, Body: s.Body}
		}
	}
	t.Fatalf("no template %q comes with the program", key)
	return template.Version{}
}

func starters(t testing.TB) []template.Version {
	t.Helper()
	var out []template.Version
	for _, s := range template.Builtin {
		out = append(out, starter(t, s.Key))
	}
	return out
}

// customers is a case on which the first set answers: a table of customers that an analyst wants.
func customers(change func(*template.Case)) template.Case {
	c := template.Case{
		Product: "prd_360", Datasets: []graph.ID{"ds_cust"}, Domains: []graph.ID{"dom_cust"}, Levels: []catalog.Classification{catalog.Confidential},
		Columns: []template.Column{
			{ID: "col_id", Dataset: "ds_cust", Path: "customer_id"},
			{ID: "col_mail", Dataset: "ds_cust", Path: "email", Declared: []string{"pii"}},
		},
		Beneficiary: template.Person, Roles: []string{"consumer"}, Purpose: "analytics", Access: template.Masked, Environment: "notebook",
		Days: 30, TermsAccepted: true,
		Names: template.Names{"dom_cust": "Customer data", "prd_360": "Customer 360"},
	}
	if change != nil {
		change(&c)
	}
	return c
}

func health(c *template.Case) {
	c.Columns = append(c.Columns, template.Column{ID: "col_topics", Dataset: "ds_cust", Path: "support_topics", Inherited: []string{"phi"}})
	c.Access, c.Environment = template.Read, "local"
}

func cards(c *template.Case) {
	c.Columns = append(c.Columns, template.Column{ID: "col_pan", Dataset: "ds_cust", Path: "card_number", Declared: []string{"pci"}})
	c.Access = template.Read
}

func level(l catalog.Classification, a template.Access) func(*template.Case) {
	return func(c *template.Case) { c.Levels, c.Access = []catalog.Classification{l}, a }
}

func also(changes ...func(*template.Case)) func(*template.Case) {
	return func(c *template.Case) {
		for _, change := range changes {
			change(c)
		}
	}
}

func attached(c *template.Case) { c.Attached = []graph.ID{"pol_customer-masked-analytics"} }

func TestTheFirstSetDecides(t *testing.T) {
	agent := func(c *template.Case) { c.Beneficiary = template.Agent }
	days := func(n int) func(*template.Case) { return func(c *template.Case) { c.Days = n } }
	noRole := func(c *template.Case) { c.Roles = nil }
	plain := func(c *template.Case) { c.Columns = c.Columns[:1] }
	tests := map[string]struct {
		change  func(*template.Case)
		outcome template.Outcome
		steps   string // keys with modes
		fields  string // of the refusals
		maxDays int
	}{
		"masked customers, nothing attached":   {nil, template.NeedsSteps, "owner any", "", 90},
		"masked customers":                     {attached, template.AtOnce, "", "", 365},
		"masked customers without the role":    {also(attached, noRole), template.NeedsSteps, "owner any", "", 365},
		"masked customers for a campaign":      {also(attached, func(c *template.Case) { c.Purpose = "campaign" }), template.Impossible, "", "purpose", 365},
		"customers in clear text, attached":    {also(attached, level(catalog.Confidential, template.Read)), template.Impossible, "owner any", "access", 180},
		"customers in clear text":              {level(catalog.Confidential, template.Read), template.NeedsSteps, "owner any", "", 180},
		"too long":                             {also(level(catalog.Confidential, template.Read), days(181)), template.Impossible, "owner any", "duration", 180},
		"internal, masked":                     {level(catalog.Internal, template.Masked), template.AtOnce, "", "", 365},
		"internal, personal in clear text":     {level(catalog.Internal, template.Read), template.NeedsSteps, "owner any", "", 365},
		"internal, nothing personal":           {also(level(catalog.Internal, template.Read), plain), template.AtOnce, "", "", 365},
		"internal by an agent":                 {also(level(catalog.Internal, template.Masked), agent), template.NeedsSteps, "owner any", "", 90},
		"internal in clear text by an agent":   {also(level(catalog.Internal, template.Read), agent), template.Impossible, "owner any", "access", 90},
		"restricted":                           {level(catalog.Restricted, template.Read), template.NeedsSteps, "owner any,security any", "", 30},
		"restricted export":                    {level(catalog.Restricted, template.Export), template.Impossible, "owner any,steward any,security any", "access", 30},
		"confidential export":                  {level(catalog.Confidential, template.Export), template.NeedsSteps, "owner any,steward any,security any", "", 30},
		"restricted and internal together":     {func(c *template.Case) { c.Levels = []catalog.Classification{catalog.Internal, catalog.Restricted} }, template.NeedsSteps, "owner any,security any", "", 30},
		"health on a local machine":            {health, template.NeedsSteps, "owner any,security any", "", 30},
		"health elsewhere":                     {also(health, func(c *template.Case) { c.Environment = "production" }), template.Impossible, "owner any,security any", "environment", 30},
		"health without a role":                {also(health, noRole), template.Impossible, "owner any,security any", "who", 30},
		"health by an agent":                   {also(health, agent), template.Impossible, "owner any,security any", "access,who", 30},
		"cards":                                {cards, template.NeedsSteps, "owner all,security all", "", 90},
		"metadata of cards":                    {also(cards, func(c *template.Case) { c.Access, c.Days = template.Metadata, 4000 }), template.AtOnce, "", "", 90},
		"terms not accepted":                   {also(level(catalog.Restricted, template.Read), func(c *template.Case) { c.TermsAccepted = false }), template.Impossible, "owner any,security any", "terms", 30},
		"export again":                         {also(level(catalog.Confidential, template.Export), func(c *template.Case) { c.Renewal = true }), template.Impossible, "owner any,steward any,security any", "renewal", 30},
		"no purpose":                           {func(c *template.Case) { c.Purpose = "" }, template.Impossible, "owner any", "purpose", 90},
		"no duration":                          {days(0), template.Impossible, "owner any", "duration", 90},
		"cards somewhere, nobody knows where":  {also(level(catalog.Internal, template.Masked), func(c *template.Case) { c.Classes = []string{"pci"} }), template.NeedsSteps, "owner all,security all", "", 90},
		"pii of the dataset is in its columns": {also(level(catalog.Internal, template.Masked), func(c *template.Case) { c.Classes = []string{"pii"} }), template.AtOnce, "", "", 365},
	}
	vs := starters(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			v := template.Evaluate(vs, customers(tt.change))
			if v.Outcome != tt.outcome || stepWords(v.Steps) != tt.steps || refused(v) != tt.fields || v.MaxDays != tt.maxDays {
				t.Errorf("got %q, steps %q, refused %q, %d days; want %q, %q, %q, %d\nrefusals %+v\napplied %+v", v.Outcome, stepWords(v.Steps),
					refused(v), v.MaxDays, tt.outcome, tt.steps, tt.fields, tt.maxDays, v.Refusals, v.Applied)
			}
		})
	}
}

func stepWords(steps []template.NeededStep) string {
	var out []string
	for _, s := range steps {
		out = append(out, s.Key()+" "+string(s.Mode))
	}
	return strings.Join(out, ",")
}

func refused(v template.Verdict) string {
	fields := map[string]bool{}
	for _, f := range v.Refusals {
		fields[f.Field] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(fields)), ",")
}

func TestColumnsAreJudgedForThemselves(t *testing.T) {
	vs := starters(t)
	c := customers(also(level(catalog.Internal, template.Read), cards, health))
	c.Environment = "production"
	v := template.Evaluate(vs, c)
	want := map[graph.ID]struct {
		outcome template.Outcome
		masking string
		clear   string
		reason  string
	}{
		"col_id":     {template.AtOnce, "", "", "Carries nothing sensitive."},
		"col_mail":   {template.NeedsSteps, "", "pii", "Comes with PII in clear text."},
		"col_pan":    {template.NeedsSteps, template.Redact, "", "Comes masked (redact), so the owners of where its PCI comes from are not asked."},
		"col_topics": {template.Impossible, "", "phi", "“Health data, processed locally, limited roles only” allows use only in: local."},
	}
	for id, w := range want {
		got, ok := v.Of(id)
		if !ok || got.Outcome != w.outcome || got.Masking != w.masking || strings.Join(got.Clear, ",") != w.clear || got.Reason != w.reason {
			t.Errorf("%s: got %+v, want %+v", id, got, w)
		}
	}
	if v.Outcome != template.Impossible {
		t.Errorf("the whole is %q though one column is impossible", v.Outcome)
	}
	mail, _ := v.Of("col_mail")
	if len(mail.Steps) != 1 || v.Steps[mail.Steps[0]].Key() != "owner" || mail.DecidedBy[0].Template != "pol_internal-open" {
		t.Errorf("the address needs %+v by %+v, want one owner by internal-open", mail.Steps, mail.DecidedBy)
	}
	less, rest := template.Reduce(vs, c)
	if len(less.Columns) != 3 || rest.Outcome != template.NeedsSteps || stepWords(rest.Steps) != "owner all,security all" {
		t.Errorf("without what is impossible: %d columns, %q, %q", len(less.Columns), rest.Outcome, stepWords(rest.Steps))
	}
}

func TestStepsAreMergedToTheStrictest(t *testing.T) {
	policy := func(id graph.ID, steps ...template.Step) template.Version {
		return template.Version{Template: id, Number: 1, Name: string(id), Body: template.Body{
			Title: string(id), Applies: template.Scope{Everything: true}, Who: template.Who{People: true}, Access: template.Accesses,
			Steps: steps, MaxDays: 10,
		}}
	}
	step := func(by template.By, mode template.Mode, n, remind int) template.Step {
		return template.Step{Name: string(by), By: by, Mode: mode, N: n, RemindAfterDays: remind}
	}
	security, owner := step(template.BySecurity, template.Any, 0, 3), step(template.ByOwner, template.AtLeast, 2, 0)
	team := template.Step{Name: "Privacy", By: template.ByTeam, Team: "tea_priv", Mode: template.Any}
	v := template.Evaluate([]template.Version{
		policy("pol_a", security, owner),
		policy("pol_b", step(template.ByOwner, template.AtLeast, 3, 4), team, step(template.BySteward, template.Any, 0, 0)),
		policy("pol_c", step(template.BySecurity, template.All, 0, 1)),
		policy("pol_d"), // names no step: any owner
	}, customers(nil))
	if got := stepWords(v.Steps); got != "owner atleast,steward any,team:tea_priv any,security all" {
		t.Fatalf("steps %q", got)
	}
	if s := v.Steps[0]; s.N != 3 || s.RemindAfterDays != 4 || len(s.Because) != 3 {
		t.Errorf("owner step %+v: want 3 of them, reminded after 4 days, because of a, b and d", s)
	}
	if s := v.Steps[3]; s.RemindAfterDays != 1 || len(s.Because) != 2 {
		t.Errorf("security step %+v: want a reminder after 1 day, because of a and c", s)
	}
	if by := v.DecidedBy["steps.owner"]; len(by) != 1 || by[0].Template != "pol_b" {
		t.Errorf("the owners' step was decided by %+v, want pol_b", by)
	}
}

func TestMaskingTakesTheStrictestAndDenies(t *testing.T) {
	policy := func(id graph.ID, masking map[string]string) template.Version {
		return template.Version{Template: id, Number: 1, Name: string(id), Body: template.Body{
			Title: string(id), Applies: template.Scope{Everything: true}, Who: template.Who{People: true}, Access: template.Accesses,
			Masking: masking, MaxDays: 100,
		}}
	}
	part, hash := policy("pol_part", map[string]string{"pii": template.Partial}), policy("pol_hash", map[string]string{"pii": template.Hash})
	deny, silent := policy("pol_deny", map[string]string{"pii": template.Deny}), policy("pol_silent", nil)
	tests := map[string]struct {
		vs      []template.Version
		access  template.Access
		masking string
		by      graph.ID
		outcome template.Outcome
	}{
		"clear text":           {[]template.Version{silent}, template.Read, "", "", template.NeedsSteps},
		"masked by default":    {[]template.Version{silent}, template.Masked, template.Hash, "pol_silent", template.NeedsSteps},
		"masked as told":       {[]template.Version{part}, template.Masked, template.Partial, "pol_part", template.NeedsSteps},
		"read as told":         {[]template.Version{part, silent}, template.Read, template.Partial, "pol_part", template.NeedsSteps},
		"the strictest":        {[]template.Version{part, hash}, template.Read, template.Hash, "pol_hash", template.NeedsSteps},
		"can't be had":         {[]template.Version{part, deny}, template.Masked, template.Deny, "pol_deny", template.Impossible},
		"metadata can be had":  {[]template.Version{deny}, template.Metadata, "", "", template.AtOnce},
		"masked, one is vague": {[]template.Version{part, silent}, template.Masked, template.Hash, "pol_silent", template.NeedsSteps},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			v := template.Evaluate(tt.vs, customers(func(c *template.Case) { c.Access = tt.access }))
			mail, _ := v.Of("col_mail")
			if v.Masking["pii"] != tt.masking || mail.Masking != tt.masking || mail.Outcome != tt.outcome {
				t.Errorf("masking %q, column %+v; want %q, %q", v.Masking["pii"], mail, tt.masking, tt.outcome)
			}
			if by := v.DecidedBy["masking.pii"]; tt.by != "" && (len(by) != 1 || by[0].Template != tt.by) {
				t.Errorf("decided by %+v, want %s", by, tt.by)
			}
			if id, _ := v.Of("col_id"); tt.outcome == template.Impossible && id.Outcome == template.Impossible {
				t.Error("a column without the class is refused, too")
			}
		})
	}
}

func TestWhyItApplies(t *testing.T) {
	scope := func(s template.Scope) []template.Version {
		return []template.Version{{Template: "pol_x", Number: 3, Name: "X", Body: template.Body{
			Title: "X", Applies: s, Who: template.Who{People: true}, Access: template.Accesses, MaxDays: 100}}}
	}
	tests := map[string]struct {
		scope  template.Scope
		change func(*template.Case)
		want   string
	}{
		"everything":  {template.Scope{Everything: true}, nil, "because it applies to everything"},
		"product":     {template.Scope{Products: []graph.ID{"prd_360"}}, nil, "because the product is Customer 360"},
		"domain":      {template.Scope{Domains: []graph.ID{"dom_cust"}}, nil, "because the domain is Customer data"},
		"dataset":     {template.Scope{Datasets: []graph.ID{"ds_cust"}}, nil, "because the dataset is this one"},
		"level":       {template.Scope{Levels: []catalog.Classification{catalog.Confidential}}, nil, "because data is classified as confidential"},
		"class":       {template.Scope{Classes: []string{"pii"}}, nil, "because column email carries PII"},
		"coarse":      {template.Scope{Classes: []string{"phi"}}, func(c *template.Case) { c.Classes = []string{"phi"} }, "because the data may carry PHI"},
		"attached":    {template.Scope{}, func(c *template.Case) { c.Attached = []graph.ID{"pol_x"} }, "because it is attached to what you ask for"},
		"nowhere":     {template.Scope{}, nil, "because no policy applies"},
		"other kinds": {template.Scope{Everything: true, ForKinds: []template.Kind{template.Agent}}, nil, "because no policy applies"},
		"masked class": {template.Scope{Classes: []string{"phi"}}, func(c *template.Case) {
			c.Columns[0].Masked = []string{"phi"}
		}, "because no policy applies"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			v := template.Evaluate(scope(tt.scope), customers(tt.change))
			if len(v.Applied) != 1 || v.Applied[0].Why != tt.want {
				t.Errorf("applied %+v, want %q", v.Applied, tt.want)
			}
		})
	}
}

func TestRefusalsShowTheWayOut(t *testing.T) {
	vs := []template.Version{{Template: "pol_x", Number: 3, Name: "Growth only", Body: template.Body{
		Title: "Growth only", Applies: template.Scope{Everything: true}, Who: template.Who{Teams: []graph.ID{"tea_g"}, Roles: []string{"owner"}, People: true},
		Purposes: []string{"research"}, Access: []template.Access{template.Metadata, template.Masked}, Environments: []string{"local", "staging"},
		MaxDays: 7, Masking: map[string]string{"pii": template.Deny},
	}}}
	v := template.Evaluate(vs, customers(func(c *template.Case) {
		c.Names["tea_g"], c.Access, c.Renewal = "Growth", template.Read, true
	}))
	want := map[string][2]string{
		"who":         {"“Growth only” lets only people with the role owner or in Growth ask.", "First get the role owner, or join Growth."},
		"purpose":     {"“Growth only” does not allow the purpose analytics.", "Ask for: research."},
		"access":      {"“Growth only” does not allow reading in clear text.", "Ask for: metadata or reading masked."},
		"environment": {"“Growth only” allows use only in: local and staging.", "Use it in: local or staging."},
		"duration":    {"“Growth only” allows 7 days, not 30 days.", "Ask for 7 days or fewer."},
		"renewal":     {"“Growth only” does not allow renewal.", "Ask anew when it has ended."},
		"columns":     {"“Growth only” gives out no PII, which email carries.", "Leave out email."},
	}
	if len(v.Refusals) != len(want) {
		t.Errorf("%d refusals, want %d", len(v.Refusals), len(want))
	}
	for _, f := range v.Refusals {
		if w := want[f.Field]; f.Message != w[0] || f.Fix != w[1] || f.Template != "pol_x" || f.Version != 3 {
			t.Errorf("%s: %q %q by %s, want %q %q", f.Field, f.Message, f.Fix, f.Template, w[0], w[1])
		}
	}
}
