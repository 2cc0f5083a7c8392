package main

import (
	"slices"
	"strings"

	"weir/authz"
)

// What each role is for, by hand and in the words of this test: it must not be worked out from the rules it checks. "see …"
// is by visibility; the words after it are what may be done.
var rights = map[string]string{
	authz.Member:   "see-open",
	authz.Consumer: "see-open see-domain",
	authz.Owner:    "see-open see-domain see-closed edit link every-request",
	authz.Steward:  "see-open see-domain see-closed edit link every-request",
	authz.Approver: "see-open see-domain see-closed every-request",
	authz.Auditor:  "see-open see-domain see-closed log rules system every-request",
	authz.Platform: "see-open see-domain see-closed link report system",
	authz.Admin:    "see-open see-domain see-closed edit link report log rules system people policy every-request",
}

// everyones are what whoever is signed in may do.
const everyones = "see-open people-list self market ask decide"

// scoped are what a token may do at most, by scope.
var scoped = map[string]string{
	authz.ScopeRead:    "see-open see-domain see-closed people-list market every-request",
	authz.ScopeEdit:    "see-open see-domain see-closed people-list edit link market every-request",
	authz.ScopeLineage: "report",
	authz.ScopeAudit:   "log",
	authz.ScopeAsk:     "see-open see-domain see-closed people-list market ask every-request",
	authz.ScopeDecide:  "see-open see-domain see-closed people-list market decide every-request",
	authz.ScopeAdmin:   "see-open see-domain see-closed people-list self edit link report log rules system people policy market ask decide every-request",
}

// may tells whether somebody has a right in a domain: its id, "" for what has none, or authz.Everywhere.
func (s somebody) may(right, domain string) bool {
	switch {
	case s.role == "":
		return false
	case s.scope != "" && !has(scoped[s.scope], right):
		return false
	case has(everyones, right):
		return true
	}
	held := s.where == authz.Everywhere || s.where != "" && s.where == domain
	return held && has(rights[s.role], right)
}

// sees tells whether somebody may see a place at all.
func (s somebody) sees(p place) bool { return s.may("see-"+string(p.visibility), p.domain) }

func has(words, word string) bool { return slices.Contains(strings.Fields(words), word) }
