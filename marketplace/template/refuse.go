package template

import (
	"fmt"
	"slices"
	"strings"

	"weir/graph"
)

// refusals are the reasons why the version does not let the case pass. Of metadata only who and what for are asked.
func (r *rule) refusals(c *Case, a *allowed) []Refusal {
	var out []Refusal
	add := func(field, message, fix string) {
		out = append(out, Refusal{Template: r.Template, Version: r.Number, Name: r.Name, Field: field, Message: message, Fix: fix, Columns: r.about(c)})
	}
	b := &r.Body
	if !b.Who.admits(c) {
		add("who", fmt.Sprintf("“%s” lets only %s ask.", r.Name, b.Who.words(c.Names)), whoFix(b.Who, c))
	}
	if !narrowed(b.Purposes, c.Purpose) || !slices.Contains(purposeKeys(), c.Purpose) {
		add("purpose", r.refusedPurpose(c), purposeFix(a))
	}
	if c.Access == Metadata {
		return out
	}
	if !slices.Contains(b.Access, c.Access) {
		add("access", fmt.Sprintf("“%s” does not allow %s.", r.Name, c.Access.Words()), accessFix(a))
	}
	if !narrowed(b.Environments, c.Environment) {
		add("environment", fmt.Sprintf("“%s” allows use only in: %s.", r.Name, list(b.Environments, "and")), environmentFix(a))
	}
	if c.Days < 1 {
		add("duration", "It is not said for how long.", fmt.Sprintf("Ask for 1 to %s.", days(a.maxDays)))
	} else if c.Days > b.MaxDays {
		add("duration", fmt.Sprintf("“%s” allows %s, not %s.", r.Name, days(b.MaxDays), days(c.Days)), "Ask for "+days(a.maxDays)+" or fewer.")
	}
	if b.TermsRequired && !c.TermsAccepted {
		add("terms", fmt.Sprintf("“%s” wants the terms of use accepted.", r.Name), "Accept the terms of use.")
	}
	if c.Renewal && !b.Renewable {
		add("renewal", fmt.Sprintf("“%s” does not allow renewal.", r.Name), "Ask anew when it has ended.")
	}
	return append(out, r.denied(c)...)
}

// about are the columns that a refusal of the version is about; none: all.
func (r *rule) about(c *Case) []graph.ID {
	if r.whole || len(r.on) == len(c.Columns) {
		return nil
	}
	ids := make([]graph.ID, len(r.on))
	for n, i := range r.on {
		ids[n] = c.Columns[i].ID
	}
	return ids
}

// denied refuses the columns that carry a class which can't be had at all.
func (r *rule) denied(c *Case) []Refusal {
	var out []Refusal
	for _, class := range keys(r.Body.Masking) {
		if r.Body.Masking[class] != Deny {
			continue
		}
		refusal := Refusal{Template: r.Template, Version: r.Number, Name: r.Name, Field: "columns"}
		var paths []string
		for i := range c.Columns {
			if c.Columns[i].carries(class) {
				refusal.Columns, paths = append(refusal.Columns, c.Columns[i].ID), append(paths, c.Columns[i].Path)
			}
		}
		switch {
		case len(paths) > 0:
			refusal.Message = fmt.Sprintf("“%s” gives out no %s, which %s.", r.Name, classWord(class), carry(paths))
			refusal.Fix = "Leave out " + list(paths, "and") + "."
		case slices.Contains(c.Classes, class):
			refusal.Message = fmt.Sprintf("“%s” gives out no %s, and it is not known which column carries it.", r.Name, classWord(class))
			refusal.Fix = "Ask an owner to say which columns carry " + classWord(class) + "."
		default:
			continue
		}
		out = append(out, refusal)
	}
	return out
}

func carry(paths []string) string {
	if len(paths) == 1 {
		return paths[0] + " carries"
	}
	return list(paths, "and") + " carry"
}

func (r *rule) refusedPurpose(c *Case) string {
	if c.Purpose == "" {
		return "It is not said what it is for."
	}
	return fmt.Sprintf("“%s” does not allow the purpose %s.", r.Name, strings.ToLower(PurposeTitle(c.Purpose)))
}

func purposeFix(a *allowed) string {
	if len(a.purposes) == 0 {
		return "No purpose suits all policies here: ask an owner to have them changed."
	}
	return "Ask for: " + list(titles(a.purposes), "or") + "."
}

func accessFix(a *allowed) string {
	if len(a.access) == 0 {
		return "No kind of access suits all policies here: ask an owner to have them changed."
	}
	words := make([]string, len(a.access))
	for i, x := range a.access {
		words[i] = x.Words()
	}
	return "Ask for: " + list(words, "or") + "."
}

func environmentFix(a *allowed) string {
	if len(a.environments) == 0 {
		return "No place of use suits all policies here: ask an owner to have them changed."
	}
	return "Use it in: " + list(a.environments, "or") + "."
}

func whoFix(w Who, c *Case) string {
	if !w.kind(c.Beneficiary) {
		return "Ask for " + list(w.kinds(), "or") + " instead."
	}
	var ways []string
	if len(w.Roles) > 0 {
		ways = append(ways, "get the role "+list(w.Roles, "or"))
	}
	if len(w.Teams) > 0 {
		ways = append(ways, "join "+list(c.Names.all(w.Teams, "a named team"), "or"))
	}
	return "First " + strings.Join(ways, ", or ") + "."
}
