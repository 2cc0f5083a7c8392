package authz

import "strings"

// NoDomain stands for the domain of what has none.
const NoDomain = "unassigned"

// verb and noun are what actions and kinds are called in a sentence.
func verb(a Action) string {
	switch a {
	case Any:
		return "do everything with"
	case ViewDomain:
		return "see"
	case ViewClosed:
		return "see closed"
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
