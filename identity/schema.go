// Package identity knows who there is: people, teams, service accounts and agents, their passwords and API tokens, and who
// stands in for whom. It makes one authz.Principal of whoever shows that he is one of them.
//
// Everything that changes who may do what takes authz.Lock and writes its entry in the same transaction.
package identity

import (
	"time"

	"weir/authz"
	"weir/graph"
)

// RelMember goes from a person, an account or a team to the team that it is in. Key says who keeps it: "" is people here,
// keyFederated the groups of the OIDC provider.
const RelMember graph.Rel = "MEMBER"

const keyFederated = "oidc"

// User is a person.
type User struct {
	ID     graph.ID `graph:",id"`
	Login  string   `graph:"login"` // lower case, unique
	Name   string   `graph:"name"`
	Email  string   `graph:"email"`
	Issuer string   `graph:"issuer"` // of the OIDC provider, with Subject: who the person is there
	// Subject is the provider's name for the person; never an e-mail address, which can change hands.
	Subject  string `graph:"subject"`
	Identity string `graph:"identity"` // hash of Issuer and Subject, unique; "" for local people
	Local    bool   `graph:"local"`    // has a password here
	// PasswordDue: the password was given by somebody else. It has to be changed, and ends soon by itself.
	PasswordDue bool `graph:"due"`
	Disabled    bool `graph:"disabled"`
	// SessionsAfter ends every session that began before: the password was changed or the person disabled.
	SessionsAfter time.Time `graph:"sessions"`
	Version       int64     `graph:",version"`
	Created       time.Time `graph:",created"`
	Updated       time.Time `graph:",updated"`
}

// Team is a group of people, accounts and teams.
type Team struct {
	ID          graph.ID  `graph:",id"`
	Name        string    `graph:"name"` // short, lower case, unique
	Title       string    `graph:"title"`
	Description string    `graph:"description"`
	Deleted     bool      `graph:"deleted"` // kept for the log; it has no members, no roles and no name
	Version     int64     `graph:",version"`
	Created     time.Time `graph:",created"`
}

// Account is a service account or an agent.
type Account struct {
	ID       graph.ID   `graph:",id"`
	Name     string     `graph:"name"` // short, lower case, unique
	Type     authz.Type `graph:"type"` // authz.Account or authz.Agent
	Owner    graph.ID   `graph:"owner"`
	Purpose  string     `graph:"purpose"`
	Disabled bool       `graph:"disabled"`
	Version  int64      `graph:",version"`
	Created  time.Time  `graph:",created"`
}

// Token is an API token; its text is shown once and never kept.
type Token struct {
	ID         graph.ID  `graph:",id"`
	Name       string    `graph:"name"`
	Hash       string    `graph:"hash"` // SHA-256 of the text, hex; unique
	Principal  graph.ID  `graph:"principal"`
	Scopes     []string  `graph:"scopes"`
	Namespaces []string  `graph:"namespaces"` // of jobs that it may report; none: all
	Expires    time.Time `graph:"expires"`
	Used       time.Time `graph:"used"`    // last use, kept to the minute; zero: never
	Revoked    time.Time `graph:"revoked"` // zero: not revoked
	Created    time.Time `graph:",created"`
}

// Good tells whether the token is neither revoked nor expired.
func (t Token) Good(now time.Time) bool { return t.Revoked.IsZero() && now.Before(t.Expires) }

// StandIn says that To holds the roles of From, too, for a period.
type StandIn struct {
	ID     graph.ID  `graph:",id"`
	From   graph.ID  `graph:"from"`
	To     graph.ID  `graph:"to"`
	Since  time.Time `graph:"since"`
	Until  time.Time `graph:"until"`
	Ended  time.Time `graph:"ended"` // before its time; zero: not
	Reason string    `graph:"reason"`
}

// Holds tells whether the period has begun and not ended.
func (s StandIn) Holds(now time.Time) bool {
	return s.Ended.IsZero() && !now.Before(s.Since) && now.Before(s.Until)
}

// credential is the password of a person, apart from him so that nothing that reads people ever holds it.
type credential struct {
	ID      graph.ID  `graph:",id"`
	Hash    string    `graph:"hash"`    // PHC string
	Expires time.Time `graph:"expires"` // of a temporary one; zero: never
}

// attempts counts failures to sign in, of one login or one address.
type attempts struct {
	ID    graph.ID  `graph:",id"`
	Count int       `graph:"count"`
	First time.Time `graph:"first"` // failure that counts
	Until time.Time `graph:"until"` // no try before
	Seen  time.Time `graph:"seen"`
}

// setupCode lets its bearer make the first administrator. Its id is the hash of the code.
type setupCode struct {
	ID      graph.ID  `graph:",id"`
	Expires time.Time `graph:"expires"`
}

var (
	userType = graph.Declare[User]("User", graph.Spec{
		Prefix: "usr", Unique: []string{"login", "identity"},
		Lists: []graph.List{{Where: []string{"login"}}, {Where: []string{"identity"}}, {Sort: "name"}},
		Text:  []graph.Text{{Prop: "name", Weight: 4}, {Prop: "login", Weight: 3}, {Prop: "email", Weight: 1}},
	})
	teamType = graph.Declare[Team]("Team", graph.Spec{
		Prefix: "tea", Unique: []string{"name"},
		Lists: []graph.List{{Where: []string{"name"}}, {Where: []string{"deleted"}, Sort: "name"}},
		Text:  []graph.Text{{Prop: "title", Weight: 4}, {Prop: "name", Weight: 3}},
	})
	accountType = graph.Declare[Account]("Account", graph.Spec{
		Prefix: "acc", Unique: []string{"name"},
		Lists: []graph.List{{Where: []string{"name"}}, {Where: []string{"owner"}, Sort: "name"}, {Sort: "name"}},
		Text:  []graph.Text{{Prop: "name", Weight: 4}},
	})
	tokenType = graph.Declare[Token]("Token", graph.Spec{
		Prefix: "tok", Unique: []string{"hash"},
		Lists: []graph.List{{Where: []string{"hash"}}, {Where: []string{"principal"}, Sort: "expires"}, {Sort: "expires"}},
	})
	standInType = graph.Declare[StandIn]("StandIn", graph.Spec{
		Prefix: "sti",
		Lists:  []graph.List{{Where: []string{"from"}, Sort: "until"}, {Where: []string{"to"}, Sort: "until"}, {Sort: "until"}},
	})
	credentialType = graph.Declare[credential]("Credential", graph.Spec{Prefix: "crd"})
	attemptsType   = graph.Declare[attempts]("Attempts", graph.Spec{Prefix: "att", Lists: []graph.List{{Sort: "seen"}}})
	setupType      = graph.Declare[setupCode]("SetupCode", graph.Spec{Prefix: "set", Lists: []graph.List{{Sort: "expires"}}})
)

// Schema declares what is kept of people in the store.
func Schema() graph.Schema {
	return graph.Schema{
		Kinds: map[graph.Kind]graph.Spec{
			userType.Kind: userType.Spec, teamType.Kind: teamType.Spec, accountType.Kind: accountType.Spec,
			tokenType.Kind: tokenType.Spec, standInType.Kind: standInType.Spec, credentialType.Kind: credentialType.Spec,
			attemptsType.Kind: attemptsType.Spec, setupType.Kind: setupType.Spec,
		},
		Rels: []graph.Rel{RelMember},
	}
}
