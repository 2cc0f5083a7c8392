package gqlschema

import (
	"maps"
	"slices"

	"weir/catalog"
	"weir/gqlschema/gen"
	"weir/marketplace/template"
)

// What a template says, as the schema and as the marketplace spell it.

func showBody(b template.Body) *gen.TemplateBody {
	return &gen.TemplateBody{
		Title: b.Title, Summary: text(b.Summary), Text: text(b.Text), Applies: showScope(b.Applies),
		Who: &gen.TemplateWho{
			Roles: full(b.Who.Roles), Teams: full(b.Who.Teams), People: b.Who.People, Services: b.Who.Services, Agents: b.Who.Agents,
		},
		Purposes: full(b.Purposes), Access: words[gen.AccessKind](b.Access), Environments: full(b.Environments),
		PreApproved: showCondition(b.PreApproved), Steps: all(b.Steps, showTemplateStep), Masking: showMasking(b.Masking), MaxDays: b.MaxDays,
		Renewable: b.Renewable, RenewBeforeDays: b.RenewBeforeDays, TermsRequired: b.TermsRequired,
	}
}

func showScope(s template.Scope) *gen.TemplateScope {
	return &gen.TemplateScope{
		Everything: s.Everything, Products: full(s.Products), Datasets: full(s.Datasets), Domains: full(s.Domains),
		Levels: words[gen.Classification](s.Levels), Classes: full(s.Classes), ForKinds: words[gen.UserKind](s.ForKinds),
		ForAccess: words[gen.AccessKind](s.ForAccess),
	}
}

func showCondition(c *template.Condition) *gen.TemplateCondition {
	if c == nil {
		return nil
	}
	return &gen.TemplateCondition{
		Access: words[gen.AccessKind](c.Access), Purposes: full(c.Purposes), Kinds: words[gen.UserKind](c.Kinds), Roles: full(c.Roles),
		MaxDays: c.MaxDays, NoUnmasked: c.NoUnmasked,
	}
}

// stepMode is how many have to approve, as the schema spells it.
func stepMode(m template.Mode) gen.StepMode {
	if m == template.AtLeast {
		return gen.StepModeAtLeast
	}
	return word[gen.StepMode](m)
}

func showTemplateStep(s template.Step) *gen.TemplateStep {
	return &gen.TemplateStep{
		Name: s.Name, By: word[gen.StepBy](s.By), Team: ref(s.Team), Role: text(s.Role), Mode: stepMode(s.Mode), N: atLeastOne(s.N),
		RemindAfterDays: s.RemindAfterDays, EscalateAfterDays: s.EscalateAfterDays,
	}
}

func showMasking(in map[string]string) []*gen.ClassMasking {
	out := []*gen.ClassMasking{}
	for _, class := range slices.Sorted(maps.Keys(in)) {
		out = append(out, &gen.ClassMasking{Class: class, Masking: in[class]})
	}
	return out
}

func bodyOf(in gen.TemplateBodyInput) template.Body {
	out := template.Body{
		Title: in.Title, Summary: or(in.Summary, ""), Text: or(in.Text, ""), Applies: scopeOf(or(in.Applies, gen.TemplateScopeInput{})),
		Purposes: in.Purposes, Access: unwords[template.Access](in.Access), Environments: in.Environments, MaxDays: in.MaxDays,
		Renewable: in.Renewable, RenewBeforeDays: in.RenewBeforeDays, TermsRequired: in.TermsRequired,
	}
	if w := in.Who; w != nil {
		out.Who = template.Who{Roles: w.Roles, Teams: w.Teams, People: w.People, Services: w.Services, Agents: w.Agents}
	}
	if c := in.PreApproved; c != nil {
		out.PreApproved = &template.Condition{
			Access: unwords[template.Access](c.Access), Purposes: c.Purposes, Kinds: unwords[template.Kind](c.Kinds), Roles: c.Roles,
			MaxDays: c.MaxDays, NoUnmasked: c.NoUnmasked,
		}
	}
	for _, s := range in.Steps {
		out.Steps = append(out.Steps, stepOf(s))
	}
	for _, m := range in.Masking {
		if out.Masking == nil {
			out.Masking = map[string]string{}
		}
		out.Masking[m.Class] = m.Masking
	}
	return out
}

func scopeOf(in gen.TemplateScopeInput) template.Scope {
	return template.Scope{
		Everything: in.Everything, Products: in.Products, Datasets: in.Datasets, Domains: in.Domains,
		Levels: unwords[catalog.Classification](in.Levels), Classes: in.Classes, ForKinds: unwords[template.Kind](in.ForKinds),
		ForAccess: unwords[template.Access](in.ForAccess),
	}
}

func stepOf(in *gen.TemplateStepInput) template.Step {
	mode := unword[template.Mode](in.Mode)
	if in.Mode == gen.StepModeAtLeast {
		mode = template.AtLeast
	}
	return template.Step{
		Name: in.Name, By: unword[template.By](in.By), Team: or(in.Team, ""), Role: or(in.Role, ""), Mode: mode, N: in.N,
		RemindAfterDays: in.RemindAfterDays, EscalateAfterDays: in.EscalateAfterDays,
	}
}
