package web

import (
	"cmp"
	"slices"
	"strings"

	"weir/authz"
	"weir/catalog"
	view "weir/views/catalog"
	"weir/views/ui"
)

// The choices that the form offers. What is chosen is always among them, also when a source sent something unusual.

func ownerChoices(all []catalog.Owner, chosen string, e editable) []view.Choice {
	out := []view.Choice{{Label: "Nobody", On: chosen == ""}}
	if len(e.Owners) > 1 {
		var names []string
		for _, o := range e.Owners {
			names = append(names, ownerOf(o).Name)
		}
		out = append(out, view.Choice{Value: sameOwners, Label: strings.Join(names, ", "), On: chosen == sameOwners})
	}
	for _, o := range all {
		out = append(out, view.Choice{Value: o.Name, Label: ownerOf(o).Name, On: o.Name == chosen})
	}
	return withTyped(out, chosen)
}

func domainChoices(all []catalog.Domain, chosen string) []view.Choice {
	out := []view.Choice{{Label: "None", On: chosen == ""}}
	for _, d := range all {
		out = append(out, view.Choice{Value: d.Name, Label: cmp.Or(domainName(d), d.Name), On: d.Name == chosen})
	}
	return withTyped(out, chosen)
}

func withTyped(choices []view.Choice, chosen string) []view.Choice {
	if slices.ContainsFunc(choices, func(c view.Choice) bool { return c.On }) {
		return choices
	}
	return append(choices, view.Choice{Value: chosen, Label: chosen, On: true})
}

// levelHints say what each classification means for readers.
var levelHints = map[catalog.Classification]string{
	catalog.Public: "May leave the company.", catalog.Internal: "For everybody who works here.",
	catalog.Confidential: "For those who need it.", catalog.Restricted: "For few, by name.",
}

func levelChoices(chosen string) []view.Choice {
	var out []view.Choice
	for _, l := range catalog.Classifications {
		out = append(out, view.Choice{Value: string(l), Label: levelOf(l).Word(), Hint: levelHints[l], On: string(l) == chosen})
	}
	return append(out, view.Choice{Label: "Not classified", Hint: "Nobody has decided yet.", On: chosen == ""})
}

// classWords are what the stamps stand for.
var classWords = map[string]string{"pii": "Personal", "phi": "Health", "pci": "Payment cards"}

func classChoices(chosen []string) []view.Choice {
	var out []view.Choice
	for _, c := range usualClasses {
		out = append(out, view.Choice{Value: c, Label: classWords[c], On: slices.Contains(chosen, c)})
	}
	for _, c := range chosen {
		if classRank(c) == len(usualClasses) {
			out = append(out, view.Choice{Value: c, Label: ui.Capital(c), On: true})
		}
	}
	return out
}

// visibleChoices are who may see an asset, or the assets of a domain.
func visibleChoices(chosen string, domain bool) []view.Choice {
	unsaid := "As its domain says"
	if domain {
		unsaid = "Everybody who is signed in, unless an asset says otherwise"
	}
	return []view.Choice{
		{Value: "", Label: unsaid, On: chosen == ""},
		{Value: string(authz.Open), Label: "Everybody who is signed in", On: chosen == string(authz.Open)},
		{Value: string(authz.InDomain), Label: "Whoever holds a role in its domain", On: chosen == string(authz.InDomain)},
		{Value: string(authz.Closed), Label: "Owners, stewards, approvers and auditors of its domain", On: chosen == string(authz.Closed)},
	}
}

// visibilityOf is who may see an asset, as a person set it. It is not known of jobs.
func visibilityOf(a catalog.Asset) (v authz.Visibility, known bool) {
	switch of := a.Value.(type) {
	case catalog.Dataset:
		return of.Visibility, true
	case catalog.Consumer:
		return of.Visibility, true
	case catalog.Domain:
		return of.Visibility, true
	}
	return "", false
}
