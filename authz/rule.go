package authz

// Kind is what a rule is about.
type Kind string

// The kinds of things that rules are about. Columns, runs and lineage follow their dataset or transform.
const (
	Asset  Kind = "asset"  // datasets, transforms, consumers and what belongs to them
	Domain Kind = "domain" // domains themselves
	Event  Kind = "event"  // OpenLineage events that come in
	People Kind = "people" // users, teams, service accounts, agents
	Self   Kind = "self"   // one's own profile, sessions, tokens, stand-ins
	Roles  Kind = "role"   // who holds which role
	Rules  Kind = "policy" // the rules themselves
	Audit  Kind = "audit"  // the log, its proofs and checkpoints
	System Kind = "system" // operation: metrics, keys, retention

	Product  Kind = "product"  // what the marketplace offers
	Template Kind = "template" // policy templates: who may ask for what, and who decides
	Request  Kind = "request"  // requests for data, and proposals of other acts
	Grant    Kind = "grant"    // who has what
)

// Action is what somebody does.
type Action string

// The actions.
const (
	View       Action = "view"        // what is open to everybody who is signed in
	ViewDomain Action = "view-domain" // what is visible inside its domain
	ViewClosed Action = "view-closed" // what is closed: visible to named roles of its domain
	Edit       Action = "edit"        // describe, correct, classify
	Link       Action = "link"        // close lineage, say that two are the same
	Write      Action = "write"       // report events
	Manage     Action = "manage"      // create, change, disable, grant, revoke
	Export     Action = "export"      // take a list out
	Erase      Action = "erase"       // erase personal data, redact, prune
	Decide     Action = "decide"      // approve or reject what waits for one; being asked is a matter of each request
)

// The roles that come with the program. Everybody who is signed in holds Member everywhere.
const (
	Member   = "member"
	Consumer = "consumer"
	Owner    = "owner"
	Steward  = "steward"
	Approver = "approver"
	Auditor  = "auditor"
	Platform = "platform"
	Admin    = "admin"
)

// Any stands in a Rule for every kind or every action.
const Any = "*"

// Rule is one line of the policy: a holder of Role may, or with Deny may not, do Action with things of Kind where he holds
// the role. A denial outweighs every permission.
type Rule struct {
	Role   string
	Domain string // id of a domain: the rule holds there alone; Everywhere: wherever the role is held
	Kind   Kind
	Action Action
	Deny   bool
}

// The scopes of API tokens. A token may do what both its principal and one of its scopes may.
const (
	ScopeLineage = "lineage:write"
	ScopeRead    = "catalog:read"
	ScopeEdit    = "catalog:write"
	ScopeAudit   = "audit:read"
	ScopeAsk     = "requests:write"
	ScopeDecide  = "requests:decide"
	ScopeAdmin   = "admin"
)

// Scopes are all scopes with what they mean, in the order in which they are offered.
var Scopes = []struct{ Name, Meaning string }{
	{ScopeRead, "Read the catalog and its lineage"},
	{ScopeEdit, "Describe assets and correct lineage"},
	{ScopeLineage, "Report OpenLineage events"},
	{ScopeAudit, "Read the audit log, its proofs and the change feed"},
	{ScopeAsk, "Read the marketplace and ask for data"},
	{ScopeDecide, "Decide requests as the person whose token it is"},
	{ScopeAdmin, "Everything its owner may do"},
}
