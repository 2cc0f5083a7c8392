package demo

import (
	"weir/catalog"
	"weir/graph"
)

// Product is something that the sample company's marketplace offers.
type Product struct {
	Slug, Title, Summary, Description string
	Domain, Owner                     string // name of a domain; login of who makes it
	Team                              string // that owns it; "" for the maker
	Purpose, Contact, Terms           string
	Questions                         []string
	Promises                          []Promise
	Datasets                          []string // names in the warehouse
	Draft                             bool
	Successor                         string // slug; of a deprecated one
}

// Promise is a service level of a product.
type Promise struct {
	Kind, Text string
	Hours      int
}

// Products are in an order in which a successor stands before what it replaces.
var Products = []Product{
	{
		Slug: "customer-insights", Title: "Customer insights", Domain: "customer", Owner: "tomas", Team: "customer-data",
		Summary:     "Who buys, how often, and who is about to stop. For analysis and planning; not for writing to single customers.",
		Description: "One row for each customer, with what he bought in the last twelve months, the segment that he is in, and what he is worth to us.\n\nTopics of care tickets come from **Customer care** and say something of health now and then: they are asked for apart.",
		Purpose:     "Planning campaigns and ranges, measuring what they bring.",
		Contact:     "customer-data@halden.example",
		Terms:       "You may use it to analyse and to plan.\n\nYou may not write to single customers with it, nor join it with data of Customer care.\n\nDelete your copies when your grant ends.",
		Questions:   []string{"How many customers bought twice last year?", "Which postcode areas lose customers?", "What did the spring mailing bring?"},
		Promises: []Promise{
			{Kind: "freshness", Text: "Fresh within 2 hours", Hours: 2},
			{Kind: "support", Text: "Answers within a working day"},
			{Kind: "retention", Text: "Kept for 25 months"},
		},
		Datasets: []string{"analytics.mart.customer_360", "analytics.mart.segments"},
	},
	{
		Slug: "orders", Title: "Shop orders", Domain: "orders", Owner: "oskar", Team: "web-shop",
		Summary:   "Every order of the web shop, from basket to parcel.",
		Purpose:   "Reporting and planning of stock.",
		Contact:   "web-shop@halden.example",
		Terms:     "You may use it for reports inside the company.",
		Questions: []string{"What did we sell yesterday?", "Which lines are sent back most?"},
		Promises:  []Promise{{Kind: "freshness", Text: "Fresh within 2 hours", Hours: 2}},
		Datasets:  []string{"halden.shop.orders"},
	},
	{
		Slug: "customer-extract", Title: "Customer extract", Domain: "customer", Owner: "tomas", Team: "customer-data",
		Summary:  "The nightly list of customers that the mail tool used to take. Customer insights has taken its place.",
		Purpose:  "Mailings.",
		Datasets: []string{"analytics.mart.segments"}, Successor: "customer-insights",
	},
	{
		Slug: "web-visits", Title: "Web visits", Domain: "customer", Owner: "tomas", Team: "customer-data",
		Summary: "Visits to the shop, by customer and day.", Datasets: []string{"analytics.stage.sessions"}, Draft: true,
	},
}

// Ask is a request of the story that the sample company tells, and what became of it.
type Ask struct {
	By, For      string // logins or names of accounts; an empty For is By
	Product      string // slug; or
	Dataset      string // name in the warehouse
	Columns      []string
	Purpose, Why string
	Access       string
	Days         int
	Then         []Say
}

// Say is what somebody says of a request. The verdict is approve, reject, ask or answer; one that fails is meant to: it is
// somebody who tries to decide for himself.
type Say struct {
	By, Verdict, Reason string
	Days                int // approves less
	Fails               bool
}

// Asks are the story, the oldest first.
var Asks = []Ask{
	{ // granted by its owner, who approved less than was asked for
		By: "maya", Product: "orders", Purpose: "reporting", Access: "read", Days: 90,
		Why:  "Weekly report for the growth team: orders by week and country.",
		Then: []Say{{By: "oskar", Verdict: "approve", Reason: "For the quarter; ask again for the next.", Days: 30}},
	},
	{ // granted at once by a policy
		By: "maya", Product: "customer-insights", Purpose: "analytics", Access: "masked", Days: 180,
		Why: "Size of segments, for the plan of the year.",
	},
	{ // about to end
		By: "noah", Product: "orders", Purpose: "analytics", Access: "read", Days: 1,
		Why:  "To learn my way around before I start on the stock report.",
		Then: []Say{{By: "oskar", Verdict: "approve"}},
	},
	{ // rejected
		By: "noah", Dataset: "analytics.mart.customer_360", Columns: []string{"full_name", "postcode", "revenue_12m"}, Purpose: "other", Access: "read", Days: 30,
		Why:  "I would like to see what is in there.",
		Then: []Say{{By: "tomas", Verdict: "reject", Reason: "Names aren't needed to get to know it. Ask for it masked: that is faster."}},
	},
	{ // somebody tried to decide for himself
		By: "tomas", Dataset: "analytics.mart.customer_360", Columns: []string{"postcode", "city", "revenue_12m"}, Purpose: "operations", Access: "read", Days: 14,
		Why:  "To check the figures of the spring campaign before they go out.",
		Then: []Say{{By: "tomas", Verdict: "approve", Fails: true}},
	},
	{ // waits for an answer
		By: "priya", For: "shop-assistant", Product: "orders", Purpose: "support", Access: "masked", Days: 60,
		Why:  "The assistant answers questions about parcels with it.",
		Then: []Say{{By: "oskar", Verdict: "ask", Reason: "Who reads the answers, customers or staff?"}},
	},
	{ // waits for its owner, and for the owner of what flows in
		By: "maya", Product: "customer-insights", Purpose: "campaign", Access: "read", Days: 30,
		Why: "Plan the spring win-back campaign: size of each churn band by postcode area, to decide where stores take part.",
	},
}

// Dataset is the id of a dataset of the company by its name. It panics if there is none: a mistake in the lists above.
func Dataset(name string) graph.ID { return catalog.DatasetID(tableOf(name).on.namespace, name) }
