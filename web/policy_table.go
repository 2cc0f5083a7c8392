package web

import (
	"net/http"

	"weir/authz"
	view "weir/views/policy"
)

// policy answers the table of what each role may do.
func (s *Site) policy(w http.ResponseWriter, r *http.Request) error {
	if err := s.Policy.Require(r.Context(), authz.Rules, authz.Everywhere, authz.View); err != nil {
		return err
	}
	roles, err := s.roles(r.Context())
	if err != nil {
		return err
	}
	all, err := s.places(r.Context())
	if err != nil {
		return err
	}
	rules, _ := s.Policy.Rules()
	p := view.Table{Roles: policyRoles(roles), Rules: len(rules), Edit: s.Policy.Can(r.Context(), authz.Rules, authz.Everywhere, authz.Manage)}
	for _, kind := range append([]authz.Kind{authz.Any}, authz.RuleKinds...) {
		row := view.Row{Kind: kindName(kind)}
		for _, role := range roles {
			row.Cells = append(row.Cells, grantsOf(rules, role.Name, kind, all))
		}
		if spoken(row) {
			p.Rows = append(p.Rows, row)
		}
	}
	return s.show(w, r, http.StatusOK, view.TablePage(s.shell(r), p))
}

// spoken tells whether any rule speaks of the kind of a row.
func spoken(row view.Row) bool {
	for _, c := range row.Cells {
		if len(c) > 0 {
			return true
		}
	}
	return false
}

func policyRoles(roles roleNames) []view.Role {
	var out []view.Role
	for _, r := range roles {
		out = append(out, view.Role{Name: r.Name, Title: r.Title, Meaning: r.Meaning})
	}
	return out
}

// grantsOf are what rules say of a role and a kind.
func grantsOf(rules []authz.Rule, role string, kind authz.Kind, all places) []view.Grant {
	var out []view.Grant
	for _, r := range rules {
		if r.Role != role || r.Kind != kind {
			continue
		}
		g := view.Grant{Action: actionName(r.Action), Deny: r.Deny}
		if r.Domain != authz.Everywhere {
			g.Where = all.link(r.Domain).Text
		}
		out = append(out, g)
	}
	return out
}
