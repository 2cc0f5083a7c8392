package template_test

import (
	"pgregory.net/rapid"

	"weir/catalog"
	"weir/graph"
	"weir/marketplace/template"
)

// The world of the generated cases is small, so that templates and cases meet.
var (
	someClasses  = []string{"pii", "phi", "pci"}
	someTeams    = []graph.ID{"tea_a", "tea_b"}
	someDomains  = []graph.ID{"dom_care", "dom_shop"}
	someDatasets = []graph.ID{"ds_1", "ds_2"}
	someRoles    = []string{"consumer", "owner", "steward"}
	somePlaces   = []string{"production", "local"}
	somePurposes = []string{"analytics", "modelling", "campaign"}
)

func some[T any](t *rapid.T, label string, from []T, least int) []T {
	list := rapid.Permutation(from).Draw(t, label)
	return list[:rapid.IntRange(least, len(from)).Draw(t, label+" n")]
}

func few[T any](t *rapid.T, label string, from []T) []T {
	if rapid.IntRange(0, 2).Draw(t, label+"?") > 0 {
		return nil
	}
	return some(t, label, from, 1)
}

func anyBody(t *rapid.T) template.Body {
	b := template.Body{
		Title: "T",
		Applies: template.Scope{
			Everything: rapid.Bool().Draw(t, "everything"), Datasets: few(t, "datasets", someDatasets),
			Domains: few(t, "domains", someDomains), Levels: few(t, "levels", catalog.Classifications),
			Classes: few(t, "classes", someClasses), ForKinds: few(t, "forKinds", template.Kinds),
			ForAccess: few(t, "forAccess", template.Accesses),
		},
		Who: template.Who{
			Roles: few(t, "roles", someRoles), Teams: few(t, "teams", someTeams),
			People: rapid.IntRange(0, 5).Draw(t, "people") > 0, Services: rapid.Bool().Draw(t, "services"), Agents: rapid.Bool().Draw(t, "agents"),
		},
		Purposes: few(t, "purposes", somePurposes), Access: some(t, "access", template.Accesses, 2),
		Environments: few(t, "places", somePlaces), Steps: anySteps(t),
		MaxDays: rapid.IntRange(1, 100).Draw(t, "maxDays"), Renewable: rapid.Bool().Draw(t, "renewable"),
		TermsRequired: rapid.Bool().Draw(t, "terms"), RenewBeforeDays: rapid.IntRange(0, 3).Draw(t, "renewBefore"),
		Masking: map[string]string{},
	}
	for _, class := range few(t, "masked", someClasses) {
		b.Masking[class] = rapid.SampledFrom(template.Maskings).Draw(t, "masking")
	}
	if rapid.Bool().Draw(t, "preApproved") {
		b.PreApproved = &template.Condition{
			Access: few(t, "pre access", b.Access), Purposes: few(t, "pre purposes", somePurposes), Kinds: few(t, "pre kinds", template.Kinds),
			Roles: few(t, "pre roles", someRoles), MaxDays: rapid.IntRange(0, 60).Draw(t, "pre days"), NoUnmasked: rapid.Bool().Draw(t, "no unmasked"),
		}
	}
	return b
}

func anySteps(t *rapid.T) []template.Step {
	var out []template.Step
	for _, by := range few(t, "steps", template.Bys) {
		s := template.Step{Name: "S", By: by, Mode: rapid.SampledFrom([]template.Mode{template.Any, template.AtLeast, template.All}).Draw(t, "mode")}
		switch by {
		case template.ByTeam:
			s.Team = rapid.SampledFrom(someTeams).Draw(t, "team")
		case template.ByRole:
			s.Role = rapid.SampledFrom(someRoles).Draw(t, "role")
		}
		if s.Mode == template.AtLeast {
			s.N = rapid.IntRange(1, 4).Draw(t, "n")
		}
		out = append(out, s)
	}
	return out
}

func anyVersion(number int) *rapid.Generator[template.Version] {
	return rapid.Custom(func(t *rapid.T) template.Version {
		id := graph.ID("pol_" + string(rune('a'+rapid.IntRange(0, 9).Draw(t, "id"))))
		return template.Version{Template: id, Number: number, Name: "Policy " + string(id), Body: anyBody(t)}
	})
}

func anyVersions(t *rapid.T, most int) []template.Version {
	vs := make([]template.Version, rapid.IntRange(0, most).Draw(t, "versions"))
	for i := range vs {
		vs[i] = anyVersion(i+1).Draw(t, "version")
	}
	return vs
}

func anyCase(t *rapid.T) template.Case {
	c := template.Case{
		Datasets: someDatasets, Domains: few(t, "in domains", someDomains), Levels: some(t, "of levels", catalog.Classifications, 0),
		Classes:     few(t, "coarse", someClasses),
		Beneficiary: rapid.SampledFrom(template.Kinds).Draw(t, "kind"), Roles: some(t, "has roles", someRoles, 0), Teams: few(t, "in teams", someTeams),
		Purpose: rapid.SampledFrom(somePurposes).Draw(t, "purpose"), Access: rapid.SampledFrom(template.Accesses).Draw(t, "for access"),
		Environment: rapid.SampledFrom(somePlaces).Draw(t, "place"), Days: rapid.IntRange(0, 60).Draw(t, "days"),
		TermsAccepted: rapid.Bool().Draw(t, "accepted"), Renewal: rapid.Bool().Draw(t, "renewal"),
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "columns") {
		c.Columns = append(c.Columns, template.Column{
			ID: graph.ID("col_" + string(rune('a'+i))), Dataset: rapid.SampledFrom(someDatasets).Draw(t, "of"), Path: "c" + string(rune('a'+i)),
			Declared: few(t, "declared", someClasses), Inherited: few(t, "inherited", someClasses), Masked: few(t, "arrives masked", someClasses),
		})
	}
	return c
}
