package demo

// Question is a question that people come with, and what it is asked about. Pages and documentation link to its answer.
type Question struct {
	Title   string
	Answer  Answer
	Subject Subject
}

// Answer is the view that answers a question.
type Answer string

// The views.
const (
	Upstream Answer = "upstream" // lineage of the subject, upwards
	Impact   Answer = "impact"   // reports, dashboards, models and agents downstream of the subject
	Search   Answer = "search"   // a search for Subject.Query
	Origin   Answer = "origin"   // where the subject, a column, comes from
)

// Subject is what a question is about: a consumer, a dataset or a column of it, or a search.
type Subject struct {
	IsConsumer      bool
	Namespace, Name string
	Column          string // "" unless it is about a column
	Query           string // of a search; then the others are ""
}

// Questions are the four questions that the demo answers with one click each.
var Questions = []Question{
	{
		Title: "Which upstream systems feed the churn model?", Answer: Upstream,
		Subject: Subject{IsConsumer: true, Namespace: mlflow.namespace, Name: "churn/7"},
	},
	{
		Title: "If I correct data in the shop's orders, which reports and agents change?", Answer: Impact,
		Subject: Subject{Namespace: shop.namespace, Name: "halden.shop.orders"},
	},
	{
		Title: "Which datasets contain customer data?", Answer: Search,
		Subject: Subject{Query: "kind:dataset class:pii"},
	},
	{
		Title: "Where did the e-mail hash on the campaign list come from, which transforms touched it, and where was it masked?", Answer: Origin,
		Subject: Subject{Namespace: warehouse.namespace, Name: "analytics.mart.campaign_list", Column: "email_hash"},
	},
}
