package identity

import (
	"slices"
	"strings"

	"weir/authz"
	"weir/graph"
)

// Words says what a tie is, to be put behind a name: "stands in for Maya Lindqvist until 30 November 2026". Who has no name in
// names is named by his id. Dates are days in UTC.
func (t Tie) Words(names map[graph.ID]string) string {
	of := nameIn(names, t.Of)
	switch t.How {
	case Self:
		return "asks for this or is who it is for"
	case Membership:
		return "is in the team " + of + ", which this is for"
	case Owned:
		return "is " + sort(t.Type, "an agent", "a service account") + " of " + of
	case Ownership:
		return "owns " + sort(t.Type, "the agent", "the service account") + " " + of + ", which this is for"
	}
	if t.Over {
		return "stood in for " + of + " until " + t.Until.UTC().Format("2 January 2006") + ", after this was asked for"
	}
	return "stands in for " + of + " until " + t.Until.UTC().Format("2 January 2006")
}

func sort(t authz.Type, agent, service string) string {
	if t == authz.Agent {
		return agent
	}
	return service
}

func nameIn(names map[graph.ID]string, id graph.ID) string {
	if name := names[id]; name != "" {
		return name
	}
	return string(id)
}

// Chain are the ids by which somebody is in the circle: his own, the one that his tie leads to, and so on to one that the
// circle was drawn around. It is empty for who isn't in it.
func (c Circle) Chain(id graph.ID) []graph.ID {
	var out []graph.ID
	for c.Has(id) && !slices.Contains(out, id) {
		out = append(out, id)
		if c[id].How == Self {
			break
		}
		id = c[id].Of
	}
	return out
}

// Why says in sentences why somebody in the circle can't decide: "Lena Fors stands in for Maya Lindqvist until 30 November
// 2026, and so can't decide this. Maya Lindqvist asks for this or is who it is for." names are those of Chain. It is empty
// for who isn't in the circle.
func (c Circle) Why(id graph.ID, names map[graph.ID]string) string {
	var out []string
	said := false // whom this is for, by the sentence before
	for i, at := range c.Chain(id) {
		tie := c[at]
		if tie.How == Self && said {
			break
		}
		line := nameIn(names, at) + " " + tie.Words(names)
		if i == 0 {
			line += ", and so can't decide this"
		}
		out = append(out, line+".")
		said = tie.How == Membership || tie.How == Ownership
	}
	return strings.Join(out, " ")
}
