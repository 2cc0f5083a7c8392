package web

import (
	"net/url"
	"strconv"

	"weir/catalog"
	"weir/marketplace/template"
	"weir/views/form"
	view "weir/views/template"
	"weir/views/ui"
)

// bodyForm puts values into the fields.
func bodyForm(v url.Values) view.Fields {
	out := view.Fields{
		Name: typed(v, "name"), Title: v.Get("title"), Summary: v.Get("summary"), Text: v.Get("text"), Reason: v.Get("reason"),
		Everything: v.Has("applies.everything"), Products: v.Get("applies.products"), Datasets: v.Get("applies.datasets"), Classes: v.Get("applies.classes"),
		Teams: v.Get("who.teams"), Environments: v.Get("environments"), Pre: v.Has("pre"), PreMaxDays: v.Get("preApproved.maxDays"),
		PreNoUnmasked: v.Has("preApproved.noUnmasked"), MaxDays: v.Get("maxDays"), RenewBeforeDays: v.Get("renewBeforeDays"),
		Renewable: v.Has("renewable"), TermsRequired: v.Has("termsRequired"),
	}
	var levels, kinds, access, purposes []form.Option
	for _, l := range catalog.Classifications {
		levels = append(levels, form.Option{Value: string(l), Label: ui.Capital(string(l))})
	}
	for _, k := range template.Kinds {
		kinds = append(kinds, form.Option{Value: string(k), Label: ui.Capital(userWord(k))})
	}
	for _, a := range template.Accesses {
		access = append(access, form.Option{Value: string(a), Label: ui.Capital(a.Words())})
	}
	for _, p := range template.Purposes {
		purposes = append(purposes, form.Option{Value: p.Key, Label: p.Title})
	}
	out.Levels, out.ForKinds = form.Choose(levels, v["applies.levels"]...), form.Choose(kinds, v["applies.forKinds"]...)
	out.ForAccess, out.Access = form.Choose(access, v["applies.forAccess"]...), form.Choose(access, v["access"]...)
	out.Purposes, out.Roles = form.Choose(purposes, v["purposes"]...), roleChoices(v["who.roles"]...)
	out.PreAccess, out.PrePurposes = form.Choose(access, v["preApproved.access"]...), form.Choose(purposes, v["preApproved.purposes"]...)
	out.PreKinds, out.PreRoles = form.Choose(kinds, v["preApproved.kinds"]...), roleChoices(v["preApproved.roles"]...)
	out.Who = form.Choose([]form.Option{{Value: "people", Label: "People, and teams of people"}, {Value: "services", Label: "Service accounts"}, {Value: "agents", Label: "Agents"}}, v["who.people"]...)
	addStepRows(&out, v)
	return out
}

func userWord(k template.Kind) string {
	if k == template.Service {
		return "service account"
	}
	return string(k)
}

// addStepRows adds the rows of steps and maskings.
func addStepRows(out *view.Fields, v url.Values) {
	by := []form.Option{{Value: "owner", Label: "Owners"}, {Value: "steward", Label: "Stewards"}, {Value: "team", Label: "A team"}, {Value: "role", Label: "A role"}, {Value: "security", Label: "Data security"}}
	modes := []form.Option{{Value: "any", Label: "Any one"}, {Value: "atleast", Label: "At least so many"}, {Value: "all", Label: "All of them"}}
	roles := append([]form.Option{{Label: "None"}}, roleChoices()...)
	for i := 1; v.Has("steps.by." + strconv.Itoa(i)); i++ {
		at := "." + strconv.Itoa(i)
		out.Steps = append(out.Steps, view.StepRow{
			At: strconv.Itoa(i), Name: v.Get("steps.name" + at), Team: v.Get("steps.team" + at), N: v.Get("steps.n" + at),
			Remind: v.Get("steps.remindAfterDays" + at), Escalate: v.Get("steps.escalateAfterDays" + at),
			By: form.Choose(by, v.Get("steps.by"+at)), Role: form.Choose(roles, v.Get("steps.role"+at)), Mode: form.Choose(modes, v.Get("steps.mode"+at)),
		})
	}
	var how []form.Option
	for _, m := range template.Maskings {
		how = append(how, form.Option{Value: m, Label: maskLabels[m]})
	}
	for i := 1; v.Has("masking.class." + strconv.Itoa(i)); i++ {
		at := "." + strconv.Itoa(i)
		out.Masking = append(out.Masking, view.MaskRow{At: strconv.Itoa(i), Class: v.Get("masking.class" + at), How: form.Choose(how, v.Get("masking.how"+at))})
	}
}

var maskLabels = map[string]string{
	template.Partial: "A part of it stays", template.Generalise: "A coarser value", template.Hash: "A pseudonym",
	template.Redact: "Blanked out", template.Deny: "It can't be had at all",
}
