package catalog

import (
	"slices"
	"strings"

	"weir/graph"
)

// valueProps are the properties behind the fields whose values stand in the assets themselves.
var valueProps = map[string]string{
	byClassification: "classification", byPlatform: "platform", byType: "type", byState: "lastState", byNamespace: "namespace",
}

// fromValues works out the fields whose values stand in the assets themselves.
func (p *plan) fromValues() {
	for _, field := range sortedKeys(valueProps) {
		var values []any
		for _, v := range p.typed.of(field) {
			for _, spelt := range spellings(field, v) {
				values = append(values, spelt)
			}
		}
		if len(values) > 0 {
			p.filter(field, valueProps[field], values)
		}
	}
}

// spellings are how a source may have written a value: levels and states are lower case, types are either way.
func spellings(field, v string) []string {
	switch field {
	case byClassification, byState:
		return []string{strings.ToLower(v)}
	case byNamespace:
		return []string{v}
	}
	out := []string{v, strings.ToLower(v), strings.ToUpper(v)}
	slices.Sort(out)
	return slices.Compact(out)
}

// fromHas works has: out.
func (p *plan) fromHas() {
	for _, v := range p.typed.of(byHas) {
		v = strings.ToLower(v)
		switch v {
		case "description", "domain":
			p.where = append(p.where, fieldFilter{byHas, graph.Filter{Prop: v, Op: graph.More, Values: []any{""}}})
			continue
		}
		p.check(hasCheck(v), "has: does not know “"+v+"”.")
	}
}

// fromIs works is: out.
func (p *plan) fromIs() {
	for _, v := range p.typed.of(byIs) {
		v = strings.ToLower(v)
		switch v {
		case "inferred", "silent":
			p.filter(byIs, v, []any{true})
			continue
		case "failed":
			p.filter(byIs, "lastState", []any{string(Failed)})
			continue
		}
		p.check(isCheck(v), "is: does not know “"+v+"”.")
	}
}

// fromColumns works column: out: the words are searched among all, then the names of the columns are looked at.
func (p *plan) fromColumns() {
	for _, v := range p.typed.of(byColumn) {
		p.check(columnCheck(v), "")
	}
}

// fromNegatives works out what is to be left out.
func (p *plan) fromNegatives() {
	for _, t := range p.typed.Terms {
		if !t.Not || t.Field == bySort {
			continue
		}
		c := p.checkOf(t)
		if c.holds == nil {
			p.notes = append(p.notes, t.String()+" could not be understood.")
			continue
		}
		positive := c.holds
		c.holds = func(f *seen) bool { return !positive(f) }
		p.checks = append(p.checks, c)
	}
}

// checkOf is the check that a term asks for; its holds is nil if it is not understood.
func (p *plan) checkOf(t Term) check {
	switch t.Field {
	case "":
		return wordCheck(t.Value)
	case byKind:
		return kindCheck(t.Value)
	case byHas:
		return hasCheck(strings.ToLower(t.Value))
	case byIs:
		return isCheck(strings.ToLower(t.Value))
	case byColumn:
		return columnCheck(t.Value)
	case byDomain, byOwner, byTag, byClass:
		return namedCheck(t.Field, t.Value)
	}
	return valueCheck(t.Field, t.Value)
}

func (p *plan) check(c check, unknown string) {
	if c.holds == nil {
		p.notes = append(p.notes, unknown)
		return
	}
	p.checks = append(p.checks, c)
}
