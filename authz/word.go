package authz

import "strings"

// NoDomain stands for the domain of what has none.
const NoDomain = "unassigned"

// Words says in a sentence what an action does with a kind: "edit assets".
func Words(k Kind, a Action) string {
	if k != Asset {
		return verb(a) + " " + noun(k)
	}
	switch a { // who sees an asset depends on how far it is open
	case View:
		return "see open assets"
	case ViewDomain:
		return "see domain-only assets"
	case ViewClosed:
		return "see closed assets"
	}
	return verb(a) + " " + noun(k)
}

// verb and noun are what actions and kinds are called in a sentence.
func verb(a Action) string {
	switch a {
	case Any:
		return "do everything with"
	case View:
		return "see"
	case ViewDomain:
		return "see what is domain-only of"
	case ViewClosed:
		return "see what is closed of"
	case Link:
		return "correct the lineage of"
	}
	return string(a)
}

func noun(k Kind) string {
	switch k {
	case Any:
		return "everything"
	case Asset:
		return "assets"
	case Domain:
		return "domains"
	case Event:
		return "events"
	case Self:
		return "the own account"
	case Roles:
		return "roles"
	case Rules:
		return "the policy"
	case Audit:
		return "the audit log"
	case System:
		return "the system"
	case Product, Request, Grant:
		return string(k) + "s"
	case Template:
		return "policy templates"
	}
	return string(k)
}

func where(domain string) string {
	switch domain {
	case Everywhere:
		return ""
	case NoDomain:
		return " without a domain"
	}
	return " in this domain"
}

func words(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}
