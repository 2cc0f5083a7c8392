package gqlschema

import (
	"net/http"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"weir/authz"
)

// Each field of a root has its rule, and there is no rule of what isn't there.
func TestEachRootFieldHasARule(t *testing.T) {
	s := schema()
	for name, root := range map[string]*ast.Definition{"Query": s.Query, "Mutation": s.Mutation, "Subscription": s.Subscription} {
		there := map[string]bool{}
		for _, f := range root.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			there[f.Name] = true
			r, ok := rules[name][f.Name]
			if !ok {
				t.Errorf("%s.%s has no rule: nobody may ask for it", name, f.Name)
			}
			if !r.public && !r.signedIn && len(r.rights) == 0 {
				t.Errorf("the rule of %s.%s lets nobody in", name, f.Name)
			}
			if name == "Mutation" && r.public {
				t.Errorf("anybody may ask for %s.%s", name, f.Name)
			}
		}
		for field := range rules[name] {
			if !there[field] {
				t.Errorf("there is a rule of %s.%s, which is not in the schema", name, field)
			}
		}
	}
	if len(rules) != 3 {
		t.Errorf("%d roots have rules", len(rules))
	}
}

// The rules hold whatever a resolver would do: what has no rule is refused, and an alias is no way around.
func TestRulesStandBeforeResolvers(t *testing.T) {
	w := newGuardedWorld(t)
	for name, tt := range map[string]struct {
		who   authz.Principal
		query string
		code  string
	}{
		"a member reads":              {member, `{ counts { datasets } }`, ""},
		"a token that reports only":   {token(member, authz.ScopeLineage), `{ counts { datasets } }`, "FORBIDDEN"},
		"the same by another name":    {token(member, authz.ScopeLineage), `{ x: counts { datasets } }`, "FORBIDDEN"},
		"the same in a fragment":      {token(member, authz.ScopeLineage), `{ ...f } fragment f on Query { datasets { nodes { id } } }`, "FORBIDDEN"},
		"a token that reads":          {token(member, authz.ScopeRead), `{ counts { datasets } }`, ""},
		"who asks":                    {token(member, authz.ScopeLineage), `{ viewer { id } __typename }`, ""},
		"an auditor follows the log":  {token(auditor, authz.ScopeAudit), `{ changes { nodes { seq } } }`, ""},
		"and does not read with that": {token(auditor, authz.ScopeAudit), `{ datasets { nodes { id } } }`, "FORBIDDEN"},
	} {
		r := w.as(tt.who).post(tt.query, nil)
		switch {
		case tt.code == "" && (r.Status != http.StatusOK || len(r.Errors) > 0):
			t.Errorf("%s: %d %s", name, r.Status, r.body)
		case tt.code != "" && (len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != tt.code || len(r.Errors[0].Message) < 10):
			t.Errorf("%s: %s, want %s", name, r.body, tt.code)
		}
	}
}

// Nobody in particular learns nothing, not even what the schema is.
func TestNobodyIsTurnedAway(t *testing.T) {
	w := newGuardedWorld(t).as(authz.Principal{})
	for _, query := range []string{`{ counts { datasets } }`, `{ __typename }`, introspection, `{ dataste }`, `{`, `mutation { setSame(a: "x", b: "y", same: true) { a { id } } }`} {
		for _, accept := range []string{mediaJSON, mediaResponse, mediaStream} {
			r := w.raw(http.MethodPost, mediaJSON, accept, body(t, query, nil))
			if r.Status != http.StatusUnauthorized || r.Data != nil || len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "UNAUTHENTICATED" {
				t.Errorf("%.40s as %s: %d %s", query, accept, r.Status, r.body)
			}
			if r.header.Get("WWW-Authenticate") == "" {
				t.Errorf("%.40s: doesn't say how to sign in", query)
			}
		}
	}
}

func TestViewer(t *testing.T) {
	w := newGuardedWorld(t)
	const query = `{ viewer { id name type teams roles { role domain } scopes owner
		edit: can(kind: ASSET, action: EDIT, domain: "dom_x") { allowed reason rule { role domain kind action deny } }
		rules: can(kind: POLICY, action: MANAGE) { allowed reason rule { role } } } }`
	v := dig(t, w.as(steward).ask(query, nil), "viewer")
	if dig(t, v, "id") != steward.ID || dig(t, v, "type") != "PERSON" || dig(t, v, "scopes") != nil || dig(t, v, "roles", 0, "role") != authz.Steward {
		t.Errorf("%v", v)
	}
	if dig(t, v, "edit", "allowed") != true || dig(t, v, "edit", "rule", "role") != authz.Steward || dig(t, v, "edit", "rule", "kind") != "ASSET" {
		t.Errorf("%v", v)
	}
	if dig(t, v, "rules", "allowed") != false || dig(t, v, "rules", "rule") != nil || as[string](t, v, "rules", "reason") == "" {
		t.Errorf("%v", v)
	}
	v = dig(t, w.as(token(steward, authz.ScopeRead)).ask(query, nil), "viewer")
	if dig(t, v, "edit", "allowed") != false || dig(t, v, "scopes", 0) != authz.ScopeRead {
		t.Errorf("with a token that reads: %v", v)
	}
}

// A token that only reads has a smaller allowance.
func TestCostOfReaders(t *testing.T) {
	w := newGuardedWorld(t)
	const query = `{ datasets(first: 100) { nodes { domain { name } } } }`
	if r := w.as(token(member, authz.ScopeRead)).post(query, nil); r.Status != http.StatusBadRequest || !strings.Contains(r.body, "more than 200") {
		t.Errorf("%d %s", r.Status, r.body)
	}
	w.as(token(member, authz.ScopeRead)).ask(`{ datasets(first: 99) { nodes { domain { name } } } }`, nil)
	w.as(member).ask(query, nil)
	w.as(token(member, authz.ScopeRead, authz.ScopeEdit)).ask(query, nil)
}
