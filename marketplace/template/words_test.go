package template_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"weir/catalog"
	"weir/graph"
	"weir/marketplace/template"
)

func TestWordsSayTheWholeTemplate(t *testing.T) {
	vs := map[string][]string{
		"customer-masked-analytics": {
			"Applies to what it is attached to.",
			"People, service accounts and agents may ask, for analytics or training a model.",
			"It allows metadata and reading masked.",
			"Granted at once: metadata or reading masked, by a person or a team, with the role consumer, for at most 365 days, " +
				"if nothing sensitive comes in clear text.",
			"Anything else takes one owner.",
			"PII comes as a pseudonym (hash).",
			"Lasts at most 365 days, and can be renewed at any time.",
		},
		"health-local": {
			"Applies to columns that carry PHI.",
			"People with the role consumer, owner or steward may ask, for analytics, audit or control, running a service or research.",
			"It allows metadata, reading masked and reading in clear text, for use only in local.",
			"Reading masked or reading in clear text takes one owner and one of security.",
			"Lasts at most 30 days, and can be renewed in its last 7 days.",
			"The terms of use have to be accepted.",
		},
		"payment-cards": {
			"Applies to columns that carry PCI.",
			"People and service accounts may ask, for analytics, audit or control, running a service or helping a customer.",
			"It allows metadata, reading masked and reading in clear text.",
			"Reading masked or reading in clear text takes all of the owners and all of security.",
			"PCI is blanked out.",
			"Lasts at most 90 days, and can be renewed at any time.",
			"The terms of use have to be accepted.",
		},
		"export": {
			"Applies to everything, when what is asked for is export.",
			"People and service accounts may ask, for any purpose.",
			"It allows export.",
			"Export takes one owner, one steward and one of security.",
			"Lasts at most 30 days, and can't be renewed.",
			"The terms of use have to be accepted.",
		},
	}
	for key, want := range vs {
		if got := template.Words(starter(t, key).Body, nil); !slices.Equal(got, want) {
			t.Errorf("%s:\n%s\nwant\n%s", key, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func TestWordsUseNames(t *testing.T) {
	b := sound()
	b.Applies = template.Scope{Domains: []graph.ID{"dom_a", "dom_b"}, ForKinds: []template.Kind{template.Agent}}
	b.Who.Teams = []graph.ID{"tea_g"}
	b.Steps = []template.Step{{Name: "P", By: template.ByTeam, Team: "tea_p", Mode: template.AtLeast, N: 2}}
	got := strings.Join(template.Words(b, template.Names{"dom_a": "Care", "dom_b": "Shop", "tea_g": "Growth", "tea_p": "Privacy"}), " ")
	for _, want := range []string{
		"Applies to the domains Care and Shop, when it is used by an agent.", "People in Growth may ask", "takes 2 of the team Privacy.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in %q", want, got)
		}
	}
}

func TestDiffNamesWhatChanges(t *testing.T) {
	a := sound()
	b := sound()
	b.MaxDays, b.Purposes = 30, append(b.Purposes, "research")
	b.Steps = []template.Step{
		{Name: "Owner", By: template.ByOwner, Mode: template.All},
		{Name: "Security", By: template.BySecurity, Mode: template.Any, RemindAfterDays: 2},
	}
	b.Masking = map[string]string{"pii": template.Hash}
	b.Applies.Levels = []catalog.Classification{catalog.Restricted}
	b.PreApproved = nil
	want := []template.Change{
		{Field: "Applies to", Before: "what it is attached to", After: "data classified as restricted"},
		{Field: "Purposes", Before: "analytics", After: "analytics or research"},
		{Field: "Granted at once", Before: "reading masked, for at most 90 days", After: "never"},
		{Field: "Longest duration", Before: "90 days", After: "30 days"},
		{Field: "Step: owner", Before: "one owner (Owner)", After: "all of the owners (Owner)"},
		{Field: "Step: security", Before: "none", After: "one of security (Security), reminded after 2 days"},
		{Field: "Masking of pii", Before: "none", After: "hash"},
	}
	if got := template.Diff(a, b, nil); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
	if got := template.Diff(a, sound(), nil); len(got) != 0 {
		t.Errorf("the same differs in %+v", got)
	}
}

func TestDiffTellsTwoOfOneNameApart(t *testing.T) {
	a, b := sound(), sound()
	a.Who.Teams, b.Who.Teams = []graph.ID{"tea_1"}, []graph.ID{"tea_2"}
	if got := template.Diff(a, b, template.Names{"tea_1": "Growth", "tea_2": "Growth"}); len(got) != 1 || got[0].Before == got[0].After {
		t.Errorf("one team for another of the same name is said to be %+v", got)
	}
}

// changed is b with one part of another body.
func changed(t *rapid.T, b template.Body) template.Body {
	other := anyBody(t)
	from, to := reflect.ValueOf(other), reflect.ValueOf(&b).Elem()
	part := rapid.IntRange(0, from.NumField()-1).Draw(t, "part")
	to.Field(part).Set(from.Field(part))
	return b
}

func TestNoDifferenceMeansTheSameVerdict(t *testing.T) {
	same, others := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		a := anyBody(t)
		b, c := changed(t, a), anyCase(t)
		if len(template.Diff(a, b, nil)) > 0 {
			others++
			return
		}
		same++
		version := func(b template.Body) []template.Version {
			return []template.Version{{Template: "pol_x", Number: 1, Name: "X", Body: b.Clean()}}
		}
		c.Attached = []graph.ID{"pol_x"}
		before, after := template.Evaluate(version(a), c), template.Evaluate(version(b), c)
		if !reflect.DeepEqual(before, after) {
			t.Fatalf("nothing differs in words, but\n%+v\nbecomes\n%+v", before, after)
		}
	})
	t.Logf("%d without a difference, %d with one", same, others)
}
