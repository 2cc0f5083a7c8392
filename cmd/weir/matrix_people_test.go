package main

import (
	"fmt"
	"net/http"
	"net/url"

	"weir/authz"
	"weir/views/link"
)

// domainCells are what is done with a domain itself.
func (w *world) domainCells() []cell {
	edits := func(s somebody) bool { return s.may("edit", w.sales) }
	known := func(s somebody) bool { return s.may("see-open", "") }
	path := link.DomainEdit(w.sales, "sales")
	return []cell{
		w.page("domains", link.Domains(), known),
		w.page("a domain", link.Domain(w.sales, "sales"), known),
		w.form("describing a domain", edits, path, func(s somebody) url.Values {
			form := url.Values{"version": {"0"}, "title": {""}, "description": {"By " + s.name}, "owner": {""}, "visibility": {""}}
			if m := versionField.FindStringSubmatch(w.browse(s, http.MethodGet, path, nil).body); m != nil {
				form.Set("version", m[1])
			}
			return form
		}),
		w.question("describing a domain", "describe", `mutation($in: DescribeInput!) { describe(input: $in) { asset { id } } }`,
			map[string]any{"in": map[string]any{"id": w.sales, "description": "What is sold."}}, edits),
		w.question("domains", "domains", `{ domains { nodes { id } } }`, nil, known),
	}
}

// peopleCells are people, teams, tokens, and one's own account.
func (w *world) peopleCells() []cell {
	lists := func(s somebody) bool { return s.may("people-list", "") }
	manages := func(s somebody) bool { return s.may("people", authz.Everywhere) }
	self := func(s somebody) bool { return s.may("self", "") }
	nobody := func(somebody) bool { return false }
	u := w.person(authz.Member, "")
	var made int
	named := func(field string) func(somebody) url.Values {
		return func(somebody) url.Values {
			made++
			return url.Values{field: {fmt.Sprintf("new%d", made)}, "name": {fmt.Sprintf("new%d", made)}, "title": {"New"}}
		}
	}
	theirs := url.Values{"id": {"tok_none"}, "token": {"tok_none"}}
	return []cell{
		w.page("people", link.People(""), lists),
		w.page("a person", link.Person(string(u.id)), lists),
		w.page("teams", link.Teams(), lists),
		w.page("accounts", link.Accounts(), lists),
		w.form("a new person", manages, link.New("/people"), named("login")),
		w.form("a new team", manages, link.New(link.Teams()), named("name")),
		w.form("a password of another", manages, link.Sub(link.Person(string(u.id)), "password"), func(somebody) url.Values { return url.Values{} }),
		w.own("profile", link.Settings(link.Profile), self),
		w.own("own sessions", link.Settings(link.Sessions), self),
		w.own("own tokens", link.Settings(link.Tokens), self),
		w.form("a token that is nobody's", nobody, link.Revoke(link.Tokens), func(somebody) url.Values { return theirs }),
	}
}

// systemCells are rules, the log, events and operation.
func (w *world) systemCells() []cell {
	rules := func(s somebody) bool { return s.may("rules", authz.Everywhere) }
	log := func(s somebody) bool { return s.may("log", authz.Everywhere) }
	reports := func(s somebody) bool { return s.may("report", authz.Everywhere) }
	n := 0
	send := func(path, format string) func(somebody) (verdict, error) {
		return func(s somebody) (verdict, error) {
			n++
			return judged(w.call(s, http.MethodPost, path, fmt.Sprintf(format, jobEvent(fmt.Sprintf("matrix %d", n)))))
		}
	}
	return []cell{
		w.page("rules", link.Policy(), rules),
		w.page("audit", link.Audit(), log),
		w.question("audit entries", "auditEntries", `{ auditEntries(first: 1) { nodes { seq } } }`, nil, log),
		w.question("state of the log", "auditState", `{ auditState { __typename } }`, nil, log),
		{name: "an event", may: reports, token: true, try: send("/api/v1/lineage", "%s")},
		{name: "events", may: reports, token: true, try: send("/api/v1/lineage/batch", "[%s]")},
		// Who is nobody asks from this machine, as the operator does.
		w.door("metrics", "/metrics", func(s somebody) bool { return s.role == "" || s.may("system", authz.Everywhere) }),
	}
}
