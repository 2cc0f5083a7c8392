package template_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"weir/errs"
	"weir/graph"
	"weir/marketplace/template"
)

func sound() template.Body {
	return template.Body{
		Title: "Sound", Who: template.Who{People: true}, Access: []template.Access{template.Masked, template.Read}, Purposes: []string{"analytics"},
		Steps: []template.Step{{Name: "Owner", By: template.ByOwner, Mode: template.Any}}, MaxDays: 90, Renewable: true,
		PreApproved: &template.Condition{Access: []template.Access{template.Masked}},
	}
}

func TestCheckNamesTheFieldThatIsWrong(t *testing.T) {
	step := func(s template.Step) func(*template.Body) {
		return func(b *template.Body) { b.Steps = append(b.Steps, s) }
	}
	many := make([]graph.ID, template.MaxEntries+1)
	for i := range many {
		many[i] = graph.ID(fmt.Sprintf("prd_%d", i))
	}
	tests := map[string]struct {
		change func(*template.Body)
		field  string
	}{
		"sound":                  {func(*template.Body) {}, ""},
		"no title":               {func(b *template.Body) { b.Title = " \n" }, "title"},
		"long title":             {func(b *template.Body) { b.Title = strings.Repeat("ä", template.MaxTitle+1) }, "title"},
		"title at the limit":     {func(b *template.Body) { b.Title = strings.Repeat("ä", template.MaxTitle) }, ""},
		"long text":              {func(b *template.Body) { b.Text = strings.Repeat("a", template.MaxText+1) }, "text"},
		"broken text":            {func(b *template.Body) { b.Summary = "\xff" }, "summary"},
		"too many products":      {func(b *template.Body) { b.Applies.Products = many }, "applies.products"},
		"as many as allowed":     {func(b *template.Body) { b.Applies.Products = many[1:] }, ""},
		"empty id":               {func(b *template.Body) { b.Applies.Domains = []graph.ID{"dom_a", ""} }, "applies.domains[1]"},
		"unknown level":          {func(b *template.Body) { b.Applies.Levels = append(b.Applies.Levels, "secret") }, "applies.levels[0]"},
		"class in capitals":      {func(b *template.Body) { b.Applies.Classes = []string{"PII"} }, "applies.classes[0]"},
		"unknown kind":           {func(b *template.Body) { b.Applies.ForKinds = []template.Kind{"person", "robot"} }, "applies.forKinds[1]"},
		"nobody may ask":         {func(b *template.Body) { b.Who.People = false }, "who.people"},
		"for agents who may not": {func(b *template.Body) { b.Applies.ForKinds = []template.Kind{template.Agent} }, "applies.forKinds"},
		"unknown role":           {func(b *template.Body) { b.Who.Roles = []string{"king"} }, "who.roles[0]"},
		"unknown purpose":        {func(b *template.Body) { b.Purposes = []string{"analytics", "fun"} }, "purposes[1]"},
		"unknown access":         {func(b *template.Body) { b.Access = append(b.Access, "write") }, "access[2]"},
		"no access":              {func(b *template.Body) { b.Access, b.PreApproved = nil, nil }, "access"},
		"for access it refuses":  {func(b *template.Body) { b.Applies.ForAccess = []template.Access{template.Export} }, "applies.forAccess"},
		"place in words":         {func(b *template.Body) { b.Environments = []string{"my laptop"} }, "environments[0]"},
		"no days":                {func(b *template.Body) { b.MaxDays = 0 }, "maxDays"},
		"too many days":          {func(b *template.Body) { b.MaxDays = template.MaxDays + 1 }, "maxDays"},
		"most days":              {func(b *template.Body) { b.MaxDays = template.MaxDays }, ""},
		"negative days":          {func(b *template.Body) { b.RenewBeforeDays = -1 }, "renewBeforeDays"},
		"renewed never":          {func(b *template.Body) { b.Renewable, b.RenewBeforeDays = false, 3 }, "renewBeforeDays"},
		"renewed before given":   {func(b *template.Body) { b.RenewBeforeDays = 91 }, "renewBeforeDays"},
		"pre-approved export":    {func(b *template.Body) { b.PreApproved.Access = []template.Access{template.Export} }, "preApproved.access[0]"},
		"pre-approved campaign":  {func(b *template.Body) { b.PreApproved.Purposes = []string{"campaign"} }, "preApproved.purposes[0]"},
		"pre-approved agent":     {func(b *template.Body) { b.PreApproved.Kinds = []template.Kind{template.Agent} }, "preApproved.kinds[0]"},
		"pre-approved longer":    {func(b *template.Body) { b.PreApproved.MaxDays = 91 }, "preApproved.maxDays"},
		"unknown masking":        {func(b *template.Body) { b.Masking = map[string]string{"pii": "blur"} }, "masking.pii"},
		"masking of capitals":    {func(b *template.Body) { b.Masking = map[string]string{"PII": "hash"} }, "masking.PII"},
		"step by nobody":         {step(template.Step{Name: "x", By: "boss", Mode: template.Any}), "steps[1].by"},
		"step without a name":    {step(template.Step{By: template.BySecurity, Mode: template.Any}), "steps[1].name"},
		"step without a mode":    {step(template.Step{Name: "x", By: template.BySecurity}), "steps[1].mode"},
		"step of no team":        {step(template.Step{Name: "x", By: template.ByTeam, Mode: template.Any}), "steps[1].team"},
		"step of a team":         {step(template.Step{Name: "x", By: template.ByTeam, Team: "tea_a", Mode: template.Any}), ""},
		"owner with a team":      {step(template.Step{Name: "x", By: template.BySteward, Team: "tea_a", Mode: template.Any}), "steps[1].team"},
		"step of no role":        {step(template.Step{Name: "x", By: template.ByRole, Mode: template.Any}), "steps[1].role"},
		"step of an odd role":    {step(template.Step{Name: "x", By: template.ByRole, Role: "king", Mode: template.Any}), "steps[1].role"},
		"steward with a role":    {step(template.Step{Name: "x", By: template.BySteward, Role: "auditor", Mode: template.Any}), "steps[1].role"},
		"at least none":          {step(template.Step{Name: "x", By: template.BySecurity, Mode: template.AtLeast}), "steps[1].n"},
		"at least a crowd":       {step(template.Step{Name: "x", By: template.BySecurity, Mode: template.AtLeast, N: 21}), "steps[1].n"},
		"at least two":           {step(template.Step{Name: "x", By: template.BySecurity, Mode: template.AtLeast, N: 2}), ""},
		"all of two":             {step(template.Step{Name: "x", By: template.BySecurity, Mode: template.All, N: 2}), "steps[1].n"},
		"owner twice":            {step(template.Step{Name: "x", By: template.ByOwner, Mode: template.All}), "steps[1].by"},
		"escalated too soon": {step(template.Step{Name: "x", By: template.BySecurity, Mode: template.Any, RemindAfterDays: 3, EscalateAfterDays: 3}),
			"steps[1].escalateAfterDays"},
		"too many steps": {func(b *template.Body) {
			for i := range template.MaxSteps {
				step(template.Step{Name: "x", By: template.ByTeam, Team: graph.ID(fmt.Sprintf("tea_%d", i)), Mode: template.Any})(b)
			}
		}, "steps"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := sound()
			tt.change(&b)
			err := template.Check(b)
			if tt.field == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			e, ok := errs.As(err)
			if !ok || e.Kind != errs.Invalid || len(e.Fields) != 1 || e.Fields[0].Name != tt.field {
				t.Errorf("got %+v, want one field %s", err, tt.field)
			}
		})
	}
}

func TestTheFirstSetIsSound(t *testing.T) {
	keys := map[string]bool{}
	for _, s := range template.Builtin {
		if err := template.Check(s.Body); err != nil {
			t.Errorf("%s: %v", s.Key, err)
		}
		if keys[s.Key] {
			t.Errorf("%s comes twice", s.Key)
		}
		keys[s.Key] = true
		back, err := template.Parse(s.Body.Canonical())
		if err != nil || !reflect.DeepEqual(back, s.Body.Clean()) {
			t.Errorf("%s: read back as %+v, %v", s.Key, back, err)
		}
	}
	if err := template.Check(template.Default.Body); err != nil {
		t.Errorf("the default: %v", err)
	}
}

func TestParseRefusesWhatItDoesNotKnow(t *testing.T) {
	tests := map[string]struct {
		json string
		kind errs.Kind
		part string // of the message
	}{
		"unknown field":        {`{"title":"x","maxday":3}`, errs.Invalid, "maxday"},
		"unknown inner field":  {`{"who":{"everyone":true}}`, errs.Invalid, "everyone"},
		"twice":                {`{"maxDays":1,"title":"x","maxDays":3650}`, errs.Invalid, "twice"},
		"twice in other case":  {`{"maxDays":1,"MAXDAYS":3650}`, errs.Invalid, "twice"},
		"twice within":         {`{"steps":[{"by":"owner"},{"by":"team","by":"owner"}]}`, errs.Invalid, "twice"},
		"two classes in cases": {`{"masking":{"pii":"hash","PII":"partial"}}`, errs.Invalid, "twice"},
		"wrong kind":           {`{"maxDays":"many"}`, errs.Invalid, "maxDays"},
		"more after the end":   {`{"title":"x"} {"title":"y"}`, errs.Invalid, "follows"},
		"cut":                  {`{"title":"x"`, errs.Invalid, "JSON"},
		"empty":                {``, errs.Invalid, "JSON"},
		"list":                 {`[]`, errs.Invalid, "JSON"},
		"huge":                 {`{"text":"` + strings.Repeat("a", template.MaxJSON) + `"}`, errs.TooLarge, "bytes"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := template.Parse([]byte(tt.json))
			if !errs.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.part) {
				t.Errorf("got %v, want %v with %q", err, tt.kind, tt.part)
			}
		})
	}
	b, err := template.Parse([]byte(`{"title":"x","steps":[{"name":"a","by":"owner","mode":"any"},{"name":"a","by":"steward","mode":"any"}],"purposes":["a","a"]}`))
	if err != nil || len(b.Steps) != 2 || len(b.Purposes) != 2 {
		t.Errorf("read %+v, %v: what is repeated in lists is left to Check and Clean", b, err)
	}
}

func TestCanonicalIsOneForAllOrders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyBody(t)
		other := b
		other.Purposes = rapid.Permutation(append(b.Purposes, b.Purposes...)).Draw(t, "purposes again")
		other.Access = rapid.Permutation(b.Access).Draw(t, "access again")
		other.Steps = rapid.Permutation(b.Steps).Draw(t, "steps again")
		other.Applies.Classes = rapid.Permutation(b.Applies.Classes).Draw(t, "classes again")
		other.Environments = rapid.Permutation(append(b.Environments, b.Environments...)).Draw(t, "places again")
		other.Title = "  " + b.Title + "\n"
		if b.Hash() != other.Hash() || len(b.Hash()) != 64 {
			t.Fatalf("%s\nis not\n%s", b.Canonical(), other.Canonical())
		}
		back, err := template.Parse(b.Canonical())
		if err != nil || back.Hash() != b.Hash() || !json.Valid(b.Canonical()) {
			t.Fatalf("read back: %v\n%s\n%s", err, back.Canonical(), b.Canonical())
		}
	})
}

func TestTheHashIsStable(t *testing.T) {
	const want = "00f0d41c216b23408a232a3fd6585ccedaae88faa529ac363ce0d530429da5dc"
	if got := sound().Hash(); got != want {
		t.Errorf("hash %s of %s: pinned decisions would no longer match", got, sound().Canonical())
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range template.Builtin {
		f.Add(s.Body.Canonical())
	}
	f.Add([]byte(`{"a":[{"b":[]},1,"x"],"c":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := template.Parse(data)
		if err != nil {
			if errs.KindOf(err) == errs.Internal {
				t.Fatalf("foreign error: %v", err)
			}
			return
		}
		back, err := template.Parse(b.Canonical())
		if err != nil || back.Hash() != b.Hash() {
			t.Fatalf("%q is read back otherwise: %v", b.Canonical(), err)
		}
		if template.Check(b) == nil {
			template.Words(b, nil)
		}
	})
}
