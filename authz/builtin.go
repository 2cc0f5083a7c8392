package authz

// Role is a role with what it is for.
type Role struct {
	Name    string
	Title   string
	Meaning string
}

// Builtin are the roles that come with the program.
var Builtin = []Role{
	{Member, "Member", "Everybody who is signed in: finds and reads what is open."},
	{Consumer, "Consumer", "Finds and reads what is visible inside a domain, too."},
	{Owner, "Owner", "Describes, classifies and lets people in to the data of a domain."},
	{Steward, "Steward", "Keeps the metadata of a domain right on behalf of its owners."},
	{Approver, "Approver", "Decides for security and privacy; sees what is closed."},
	{Auditor, "Auditor", "Reads everything, the audit log and its proofs; changes nothing."},
	{Platform, "Platform", "Connects sources, reports events and operates the program."},
	{Admin, "Administrator", "Manages people, roles and rules, everywhere."},
}

// marketKinds came with the second release of the rules: a store that has rules of the first gets theirs once.
var marketKinds = []Kind{Product, Template, Request, Grant}

// DefaultRules are the rules of a new program.
var DefaultRules = defaultRules()

func defaultRules() []Rule {
	var out []Rule
	allow := func(role string, kind Kind, actions ...Action) {
		for _, a := range actions {
			out = append(out, Rule{Role: role, Domain: Everywhere, Kind: kind, Action: a})
		}
	}
	allow(Member, Asset, View, Export)
	allow(Member, Domain, View)
	allow(Member, People, View)
	allow(Member, Self, View, Manage)
	allow(Member, Product, View)
	allow(Member, Template, View)
	allow(Member, Request, Write, Decide)
	allow(Consumer, Asset, ViewDomain)
	for _, role := range []string{Owner, Steward} {
		allow(role, Asset, ViewDomain, ViewClosed, Edit, Link)
		allow(role, Domain, Edit)
		allow(role, Roles, View)
		allow(role, Product, Edit)
		allow(role, Request, View)
		allow(role, Grant, View)
		allow(role, Template, Edit)
	}
	allow(Owner, Product, Manage)
	allow(Owner, Grant, Manage)
	allow(Approver, Request, View, Manage)
	allow(Approver, Grant, View, Manage)
	allow(Approver, Template, Edit, Manage)
	allow(Approver, Asset, ViewDomain, ViewClosed)
	allow(Approver, Roles, View)
	allow(Auditor, Asset, ViewDomain, ViewClosed)
	allow(Auditor, Audit, View, Export)
	allow(Auditor, Roles, View)
	allow(Auditor, Rules, View)
	allow(Auditor, System, View)
	allow(Auditor, Request, View)
	allow(Auditor, Grant, View, Export)
	allow(Platform, Asset, ViewDomain, ViewClosed, Link)
	allow(Platform, Event, Write)
	allow(Platform, System, View, Manage)
	allow(Platform, Grant, View)
	allow(Admin, Any, Any)
	return out
}

// RuleKinds and RuleActions are what a rule may name besides Any, for forms.
var (
	RuleKinds   = []Kind{Asset, Domain, Event, People, Self, Roles, Rules, Audit, System, Product, Template, Request, Grant}
	RuleActions = []Action{View, ViewDomain, ViewClosed, Edit, Link, Write, Manage, Export, Erase, Decide}
)
