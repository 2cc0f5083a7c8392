package template

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Words says in sentences what the template wants, for pages. What is missing in names is called "a named team" and so on.
func Words(b Body, names Names) []string {
	b = b.Clean()
	out := []string{"Applies to " + b.Applies.words(names) + ".", sentence(b.Who.words(names) + " may ask, for " + b.purposeWords() + ".")}
	out = append(out, "It allows "+list(accessWords(b.Access), "and")+placeWords(b.Environments)+".")
	if p := b.PreApproved; p != nil {
		out = append(out, "Granted at once: "+p.words(b)+".")
	}
	out = append(out, b.decisionWords(names))
	for _, class := range keys(b.Masking) {
		out = append(out, maskWords(class, b.Masking[class]))
	}
	return append(out, b.timeWords()...)
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func (b Body) purposeWords() string {
	if len(b.Purposes) == 0 {
		return "any purpose"
	}
	return list(titles(b.Purposes), "or")
}

func placeWords(environments []string) string {
	if len(environments) == 0 {
		return ""
	}
	return ", for use only in " + list(environments, "or")
}

// words say what the scope holds: "the domain Care and data classified as restricted, where agents use it".
func (s Scope) words(names Names) string {
	var of []string
	add := func(n int, one, many string, what []string) {
		if n == 1 {
			of = append(of, one+" "+list(what, "and"))
		} else if n > 1 {
			of = append(of, many+" "+list(what, "and"))
		}
	}
	if s.Everything {
		of = append(of, "everything")
	}
	add(len(s.Products), "the product", "the products", names.all(s.Products, "not shown here"))
	add(len(s.Datasets), "the dataset", "the datasets", names.all(s.Datasets, "not shown here"))
	add(len(s.Domains), "the domain", "the domains", names.all(s.Domains, "not shown here"))
	levels := make([]string, len(s.Levels))
	for i, l := range s.Levels {
		levels[i] = string(l)
	}
	add(len(levels), "data classified as", "data classified as", levels)
	classes := make([]string, len(s.Classes))
	for i, class := range s.Classes {
		classes[i] = classWord(class)
	}
	add(len(classes), "columns that carry", "columns that carry", classes)
	out := cmp.Or(list(of, "and"), "what it is attached to")
	if len(s.ForAccess) > 0 {
		out += ", when what is asked for is " + list(accessWords(s.ForAccess), "or")
	}
	if len(s.ForKinds) > 0 {
		out += ", when it is used by " + list(kindWords(s.ForKinds), "or")
	}
	return out
}

func kindWords(kinds []Kind) []string {
	out := make([]string, len(kinds))
	for i, k := range kinds {
		out[i] = k.Words()
	}
	return out
}

// Words are how sentences call what will use the data: "a service account".
func (k Kind) Words() string {
	switch k {
	case Person:
		return "a person"
	case Team:
		return "a team"
	case Service:
		return "a service account"
	case Agent:
		return "an agent"
	default:
		return string(k)
	}
}

// words say when the condition holds: "reading masked, for analytics, by people with the role consumer, for at most 90 days".
func (p Condition) words(b Body) string {
	access := p.Access
	if len(access) == 0 {
		access = b.Access
	}
	parts := []string{list(accessWords(access), "or")}
	if len(p.Purposes) > 0 {
		parts = append(parts, "for "+list(titles(p.Purposes), "or"))
	}
	if len(p.Kinds) > 0 {
		parts = append(parts, "by "+list(kindWords(p.Kinds), "or"))
	}
	if len(p.Roles) > 0 {
		parts = append(parts, "with the role "+list(p.Roles, "or"))
	}
	parts = append(parts, "for at most "+days(cmp.Or(p.MaxDays, b.MaxDays)))
	if p.NoUnmasked {
		parts = append(parts, "if nothing sensitive comes in clear text")
	}
	return strings.Join(parts, ", ")
}

func (b Body) decisionWords(names Names) string {
	steps := b.steps()
	who := make([]string, len(steps))
	for i, s := range steps {
		who[i] = s.Words(names)
	}
	if b.PreApproved != nil {
		return "Anything else takes " + list(who, "and") + "."
	}
	return sentence(list(accessWords(b.decided()), "or")) + " takes " + list(who, "and") + "."
}

// decided are the kinds of access that take a decision: metadata never does, but a template may allow nothing else.
func (b Body) decided() []Access {
	rest := slices.DeleteFunc(slices.Clone(b.Access), func(a Access) bool { return a == Metadata })
	if len(rest) == 0 {
		return b.Access
	}
	return rest
}

// Words say who has to approve: "one owner", "all of the owners", "2 of the team Privacy".
func (s Step) Words(names Names) string {
	group := map[By]string{ByOwner: "owners", BySteward: "stewards", BySecurity: "security"}[s.By]
	switch s.By {
	case ByTeam:
		group = "the team " + cmp.Or(names[s.Team], "not shown here")
	case ByRole:
		group = "those with the role " + s.Role
	}
	switch {
	case s.Mode == All:
		return "all of " + strings.Replace(group, "owners", "the owners", 1)
	case s.Mode == AtLeast && s.N > 1:
		return fmt.Sprintf("%d of %s", s.N, group)
	case s.By == ByOwner:
		return "one owner"
	case s.By == BySteward:
		return "one steward"
	default:
		return "one of " + group
	}
}

func maskWords(class, masking string) string {
	what := classWord(class)
	switch masking {
	case Deny:
		return what + " can't be had at all."
	case Redact:
		return what + " is blanked out."
	case Hash:
		return what + " comes as a pseudonym (hash)."
	case Generalise:
		return what + " comes coarser than it is."
	case Partial:
		return "Only a part of " + what + " is shown."
	default:
		return what + " comes masked: " + masking + "."
	}
}

func (b Body) timeWords() []string {
	out := []string{"Lasts at most " + days(b.MaxDays) + ", and can't be renewed."}
	if b.Renewable {
		out[0] = "Lasts at most " + days(b.MaxDays) + ", and can be renewed" + renewWords(b.RenewBeforeDays) + "."
	}
	if b.TermsRequired {
		out = append(out, "The terms of use have to be accepted.")
	}
	return out
}

func renewWords(before int) string {
	if before == 0 {
		return " at any time"
	}
	return " in its last " + days(before)
}
