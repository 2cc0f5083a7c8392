package web

import (
	"weir/authz"
	"weir/views/form"
	"weir/views/ui"
)

// ruleKinds and ruleActions are what kinds and actions of rules are called in tables and forms.
var ruleKinds = map[authz.Kind]string{
	authz.Any: "Everything", authz.Asset: "Data assets", authz.Domain: "Domains", authz.Event: "Events that come in",
	authz.People: "People, teams, accounts", authz.Self: "One's own account", authz.Roles: "Roles of others",
	authz.Rules: "The policy", authz.Audit: "The audit log", authz.System: "The running of the program",
}

var ruleActions = map[authz.Action]string{
	authz.Any: "Everything", authz.View: "See", authz.ViewDomain: "See domain-only", authz.ViewClosed: "See closed",
	authz.Edit: "Describe", authz.Link: "Correct lineage", authz.Write: "Report", authz.Manage: "Manage", authz.Export: "Export", authz.Erase: "Erase",
}

func kindName(k authz.Kind) string {
	if name, ok := ruleKinds[k]; ok {
		return name
	}
	return string(k)
}

func actionName(a authz.Action) string {
	if name, ok := ruleActions[a]; ok {
		return name
	}
	return string(a)
}

// kindOptions and actionOptions are what forms offer, any first where all is nameable.
func kindOptions(all bool) []form.Option {
	var out []form.Option
	if all {
		out = append(out, form.Option{Value: authz.Any, Label: ruleKinds[authz.Any]})
	}
	for _, k := range authz.RuleKinds {
		out = append(out, form.Option{Value: string(k), Label: ruleKinds[k]})
	}
	return out
}

func actionOptions(all bool) []form.Option {
	var out []form.Option
	if all {
		out = append(out, form.Option{Value: authz.Any, Label: ruleActions[authz.Any]})
	}
	for _, a := range authz.RuleActions {
		out = append(out, form.Option{Value: string(a), Label: ruleActions[a]})
	}
	return out
}

// ruleText says a rule without its role: "may edit assets in Finance".
func ruleText(r authz.Rule, all places) string {
	may := "may "
	if r.Deny {
		may = "may not "
	}
	return may + authz.Words(r.Kind, r.Action) + all.where(r.Domain)
}

// ruleSentence is the rule with its role.
func ruleSentence(r authz.Rule, roles roleNames, all places) string {
	return roles.of(r.Role).Title + ": " + ruleText(r, all)
}

// rightText is a right in words, with its place.
func rightText(r authz.Right, all places) string {
	return ui.Capital(r.String()) + all.where(r.Domain)
}
