package demo

import "weir/authz"

// Person is somebody of the sample company.
type Person struct {
	Login string
	Name  string
	Does  string // in a few words, beside the button that signs him in
	Team  string // slug of a team; "" for none
	Roles []Role
}

// Role is a role in a domain by its name, or authz.Everywhere.
type Role struct {
	Role   string
	Domain string
}

// People are one of each role, the one to begin with first.
var People = []Person{
	{Login: "ada", Name: "Ada Novak", Does: "Administrator: people, roles and rules", Roles: []Role{{authz.Admin, authz.Everywhere}}},
	{Login: "maya", Name: "Maya Lindqvist", Does: "Analyst in marketing: finds and asks", Team: "growth", Roles: []Role{{authz.Consumer, "marketing"}, {authz.Consumer, "customer"}}},
	{Login: "tomas", Name: "Tomas Reyes", Does: "Owner of customer data: lets people in", Team: "customer-data", Roles: []Role{{authz.Owner, "customer"}}},
	{Login: "priya", Name: "Priya Raman", Does: "Steward of orders and marketing", Team: "growth", Roles: []Role{{authz.Steward, "orders"}, {authz.Steward, "marketing"}}},
	{Login: "ines", Name: "Ines Okafor", Does: "Security: decides on what is sensitive", Team: "security", Roles: []Role{{authz.Approver, authz.Everywhere}}},
	{Login: "lea", Name: "Lea Marchetti", Does: "Auditor: reads everything, changes nothing", Roles: []Role{{authz.Auditor, authz.Everywhere}}},
	{Login: "piotr", Name: "Piotr Zielinski", Does: "Platform: connects sources and runs it", Roles: []Role{{authz.Platform, authz.Everywhere}}},
	{Login: "ruth", Name: "Ruth Adler", Does: "Owner of care data: health notes among it", Team: "customer-care", Roles: []Role{{authz.Owner, "care"}}},
	{Login: "oskar", Name: "Oskar Lind", Does: "Owner of what the shop sells", Team: "web-shop", Roles: []Role{{authz.Owner, "orders"}}},
	{Login: "lena", Name: "Lena Fors", Does: "Stands in for Maya this month", Team: "growth", Roles: []Role{{authz.Owner, "marketing"}}},
	{Login: "noah", Name: "Noah Weber", Does: "New here: sees what is open, and no more"},
}

// Team is a team of the sample company.
type Team struct {
	Name, Title, Description string
	Within                   string // slug of the team that it is part of; "" for none
}

// Teams are in an order in which each stands behind the one that it is part of.
var Teams = []Team{
	{Name: "data-office", Title: "Data office", Description: "Everybody who answers for data."},
	{Name: "customer-data", Title: "Customer data", Description: "Builds and keeps what the company knows of its customers.", Within: "data-office"},
	{Name: "growth", Title: "Growth", Description: "Campaigns, and what they bring."},
	{Name: "customer-care", Title: "Customer care", Description: "Answers customers, and keeps what they wrote.", Within: "data-office"},
	{Name: "web-shop", Title: "Web shop", Description: "Runs the shop, and keeps its orders.", Within: "data-office"},
	{Name: "security", Title: "Data security", Description: "Looks after what is sensitive."},
}

// Helper is an account without a person of its own: a service or an agent.
type Helper struct {
	Name    string
	Type    authz.Type
	Owner   string // login
	Purpose string
	Roles   []Role
}

// Helpers report events and answer questions.
var Helpers = []Helper{
	{Name: "dbt-cloud", Type: authz.Account, Owner: "piotr", Purpose: "Reports what dbt runs.", Roles: []Role{{authz.Platform, authz.Everywhere}}},
	{Name: "shop-assistant", Type: authz.Agent, Owner: "priya", Purpose: "Answers questions about orders and campaigns.", Roles: []Role{{authz.Consumer, "marketing"}}},
}

// Guarded are the domains that not everybody sees, with their visibility.
var Guarded = map[string]authz.Visibility{"care": authz.InDomain, "payments": authz.Closed}
