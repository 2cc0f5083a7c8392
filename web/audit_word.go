package web

import (
	"strconv"
	"strings"

	"weir/audit"
	"weir/graph"
	"weir/views/link"
	"weir/views/ui"
)

// auditActions are what the filter of the log offers: areas, and in them what is looked for most.
var auditActions = []string{
	"catalog", "catalog.describe", "catalog.close", "catalog.same", "catalog.read", "intake",
	"identity", "identity.sign-in", "identity.sign-in-refused", "identity.session-revoke", "identity.user-create", "identity.user-disable",
	"identity.token-create", "identity.token-revoke", "identity.member-add", "identity.member-remove", "identity.stand-in",
	"role", "role.grant", "role.revoke", "policy", "policy.edit", "audit", "audit.export", "audit.erase", "audit.redact",
}

// actionWords say in the past tense what an action did.
var actionWords = map[string]string{
	"catalog.describe": "described", "catalog.close": "closed lineage of", "catalog.same": "said what is the same as", "catalog.read": "read",
	"catalog.reassign": "moved what follows",
	"catalog.install":  "prepared the catalog", "intake.apply": "reported events", "audit.rewrap": "changed the key over personal data",
	"identity.sign-in": "signed in", "identity.sign-in-refused": "was refused at sign-in", "identity.sign-out": "signed out",
	"identity.session-revoke": "ended a session of", "identity.user-create": "added", "identity.user-edit": "changed the profile of",
	"identity.user-disable": "disabled", "identity.user-enable": "enabled", "identity.password-change": "changed the own password",
	"identity.password-set": "set a new password for", "identity.token-create": "created a token for", "identity.token-revoke": "revoked a token of",
	"identity.team-create": "created the team", "identity.team-edit": "changed the team", "identity.team-delete": "deleted a team",
	"identity.member-add": "added a member to", "identity.member-remove": "removed a member from",
	"identity.account-create": "created the account", "identity.account-edit": "changed the account",
	"identity.account-disable": "disabled", "identity.account-enable": "enabled", "identity.stand-in": "named a stand-in for",
	"identity.stand-in-end": "ended a stand-in of", "identity.set-up": "set the program up as", "identity.user-federate": "signed in for the first time as",
	"identity.user-sync": "took over the groups of", "role.grant": "gave a role to", "role.revoke": "took a role from",
	"policy.install": "installed the rules", "policy.edit": "changed the rules", "audit.export": "exported the log", "audit.erase": "erased the personal data of",
	"audit.redact": "redacted an entry", "audit.prune": "pruned the log", "audit.key": "added a signing key", "audit.key_retire": "retired a signing key",
}

// actionWord says what an entry did.
func actionWord(e audit.Entry) string {
	word, ok := actionWords[e.Action]
	if !ok {
		word = strings.ReplaceAll(e.Action, ".", " ")
	}
	if n, err := strconv.Atoi(e.Facts["events"]); err == nil && e.Action == "intake.apply" {
		word = "reported " + ui.Count(n, "event", "events")
	}
	if role := e.Facts["role"]; role != "" {
		word = strings.Replace(word, "a role", "the role "+role, 1)
	}
	return word
}

// kindOf is the prefix of an id, which tells its kind.
func kindOf(id string) string {
	prefix, _, _ := strings.Cut(id, "_")
	return prefix
}

// targetOf leads to what an entry is about, under its name where that is known.
func targetOf(id graph.ID, names map[graph.ID]string) ui.Link {
	if id == "" {
		return ui.Link{}
	}
	l := ui.Link{Text: string(id)}
	if name, ok := names[id]; ok {
		l.Text = name
	}
	switch kindOf(string(id)) {
	case "ds":
		l.Href = link.Dataset(string(id), "")
	case "tf":
		l.Href = link.Transform(string(id), "")
	case "con":
		l.Href = link.Consumer(string(id), "")
	case "dom":
		l.Href = link.Domain(string(id), "")
	case "plc":
		l.Text = ""
	}
	return l
}
