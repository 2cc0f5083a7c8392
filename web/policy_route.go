package web

import "weir/authz"

// policyPages are those of roles and rules. Changing them asks for somebody who just signed in.
func (s *Site) policyPages() []route {
	return []route{
		{"GET /policy", may(authz.Rules, authz.View), s.known(s.policy)},
		{"GET /policy/edit", may(authz.Rules, authz.Manage), s.known(s.recently(s.editPolicy))},
		{"POST /policy/edit", may(authz.Rules, authz.Manage), s.known(s.recently(s.changePolicy))},
	}
}
