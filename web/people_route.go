package web

import "weir/authz"

// peoplePages are those of people, teams, accounts and their roles.
func (s *Site) peoplePages() []route {
	look, manage, give := may(authz.People, authz.View), may(authz.People, authz.Manage), may(authz.Roles, authz.Manage)
	own := may(authz.Self, authz.Manage) // of one's own account; what is somebody else's the command refuses
	return []route{
		{"GET /people", look, s.known(s.personList)},
		{"GET /people/new", manage, s.known(s.newPerson)},
		{"POST /people/new", manage, s.known(s.addPerson)},
		{"GET /people/{id}", look, s.known(s.person)},
		{"GET /people/{id}/edit", manage, s.known(s.editRecord(s.personRecord))},
		{"POST /people/{id}/edit", manage, s.known(s.editRecord(s.personRecord))},
		{"POST /people/{id}/state", manage, s.known(s.setPersonState)},
		{"POST /people/{id}/password", manage, s.known(s.recently(s.resetPassword))},
		{"POST /people/{id}/roles", give, s.known(s.recently(s.changeRoles(s.showPerson)))},

		{"GET /teams", look, s.known(s.teamList)},
		{"GET /teams/new", manage, s.known(s.newTeam)},
		{"POST /teams/new", manage, s.known(s.addTeam)},
		{"GET /teams/{id}", look, s.known(s.team)},
		{"GET /teams/{id}/edit", manage, s.known(s.editRecord(s.teamRecord))},
		{"POST /teams/{id}/edit", manage, s.known(s.editRecord(s.teamRecord))},
		{"POST /teams/{id}/members", manage, s.known(s.recently(s.changeMembers))},
		{"POST /teams/{id}/delete", manage, s.known(s.recently(s.deleteTeam))},
		{"POST /teams/{id}/roles", give, s.known(s.recently(s.changeRoles(s.showTeam)))},

		{"GET /accounts", look, s.known(s.accountList)},
		{"GET /accounts/new", own, s.known(s.newAccount)},
		{"POST /accounts/new", own, s.known(s.addAccount)},
		{"GET /accounts/{id}", look, s.known(s.account)},
		{"GET /accounts/{id}/edit", own, s.known(s.editRecord(s.accountRecord))},
		{"POST /accounts/{id}/edit", own, s.known(s.editRecord(s.accountRecord))},
		{"POST /accounts/{id}/state", own, s.known(s.setAccountState)},
		{"POST /accounts/{id}/tokens", own, s.known(s.recently(s.makeAccountToken))},
		{"POST /accounts/{id}/tokens/revoke", own, s.known(s.revokeAccountToken)},
		{"POST /accounts/{id}/roles", give, s.known(s.recently(s.changeRoles(s.showAccount)))},
	}
}
