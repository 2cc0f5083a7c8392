package views_test

import (
	"fmt"
	"strings"
	"time"

	"weir/views/catalog"
	"weir/views/layout"
	"weir/views/lineage"
	"weir/views/link"
	"weir/views/ui"
)

// The sample company is fixed, so that pages come out the same on every day.
var (
	now      = time.Date(2026, 11, 21, 8, 52, 0, 0, time.UTC)
	shell    = layout.Shell{Company: "Halden Home", Demo: true, Back: "/"}
	mart     = "ds_mart"
	martName = "mart.customer_360"

	customerData = ui.Owner{ID: "team_cd", Name: "Customer data", Kind: "team", Href: link.SearchFor("owner", "Customer data")}
	priya        = ui.Owner{ID: "usr_pr", Name: "Priya Raman", Kind: "person", Href: link.SearchFor("owner", "Priya Raman")}
	growth       = ui.Owner{ID: "team_gr", Name: "Growth", Kind: "team"}
	dbt          = ui.Owner{ID: "acc_dbt", Name: "dbt", Kind: "agent"}

	pii       = ui.Stamp{Class: "pii", How: ui.Declared}
	piiUp     = ui.Stamp{Class: "pii", How: ui.Inherited}
	piiMasked = ui.Stamp{Class: "pii", How: ui.Masked}
	phiUp     = ui.Stamp{Class: "phi", How: ui.Inherited}
	pciMasked = ui.Stamp{Class: "pci", How: ui.Masked}
	pci       = ui.Stamp{Class: "pci", How: ui.Declared}
)

func ago(d time.Duration) ui.When { return ui.NewWhen(now.Add(-d), now) }

func dataset(name string) ui.Link { return ui.Link{Text: name, Href: link.Dataset("ds_"+name, name)} }
func job(name string) ui.Link     { return ui.Link{Text: name, Href: link.Transform("tr_"+name, name)} }

func header() catalog.Header {
	return catalog.Header{
		ID: mart, Name: martName, Title: "Customer 360", Kind: "Table", Path: "snowflake / mart / customer_360",
		Summary: "One row per customer: identity, orders, baskets, consent, loyalty and churn risk. Rebuilt each hour from shop, payments and care.",
		Level:   "confidential", Stamps: []ui.Stamp{pii, phiUp, pciMasked}, Owners: []ui.Owner{customerData},
		Domain: ui.Link{Text: "Customer", Href: link.Domain("dom_customer", "Customer")},
		Tags:   []ui.Link{{Text: "gold", Href: link.SearchFor("tag", "gold")}, {Text: "hourly", Href: link.SearchFor("tag", "hourly")}},
		Fresh:  ago(42 * time.Minute), Lineage: link.Lineage(mart, link.LineageQuery{}),
		Impact: link.Impact(mart, link.LineageQuery{}), Edit: link.DatasetEdit(mart, martName),
	}
}

func tabs(current link.Tab) []ui.Tab {
	return catalog.DatasetTabs(mart, martName, current, catalog.TabCounts{Columns: "18", Lineage: "23", Runs: "2,140"})
}

func home() catalog.Home {
	return catalog.Home{
		Hello: "What data do you need?",
		Narrow: []catalog.Shortcut{
			{Name: "domain", Value: "marketing", Href: link.SearchFor("domain", "marketing")}, {Name: "class", Value: "pii", Href: link.SearchFor("class", "pii")},
			{Name: "kind", Value: "dashboard", Href: link.SearchFor("kind", "dashboard")}, {Name: "level", Value: "restricted", Href: link.SearchFor("level", "restricted")},
		},
		Questions: []catalog.Question{
			{Text: "Which upstream systems feed this model?", Icon: "brain-circuit", Answer: "Upstream of Churn model v7", Href: link.Lineage("con_churn", link.LineageQuery{Direction: "upstream", Depth: 3})},
			{Text: "If I correct data in this table, which reports and agents change?", Icon: "route", Answer: "Impact of shop.orders", Href: link.Impact("ds_orders", link.LineageQuery{})},
			{Text: "Which datasets contain customer data?", Icon: "users", Answer: "Search for class:pii", Href: link.SearchFor("class", "pii")},
			{Text: "Where did this column come from, and where was it masked?", Icon: "shield-check", Answer: "Column email_hash of mart.customer_360", Href: link.Column(mart, martName, "col_email")},
		},
		Totals: []catalog.Total{
			{Count: "61", Noun: "datasets", Href: link.SearchFor("kind", "dataset")}, {Count: "742", Noun: "columns", Href: link.Search("")},
			{Count: "45", Noun: "jobs", Href: link.SearchFor("kind", "transform")}, {Count: "12,408", Noun: "runs", Href: link.Search("")},
			{Count: "11", Noun: "dashboards and reports", Href: link.SearchFor("kind", "dashboard")}, {Count: "3", Noun: "models and agents", Href: link.SearchFor("kind", "model")},
		},
		Changed: []catalog.Changed{
			{Name: ui.Link{Text: "Customer 360", Href: link.Dataset(mart, martName)}, What: "gained column support_topics, which inherits PHI from a restricted dataset", Icon: "git-compare", Tone: ui.Amber, When: ago(2 * time.Hour)},
			{Name: dataset("shop.orders"), What: "is described by Ines Okafor", Icon: "pencil", Tone: ui.Water, When: ago(5 * time.Hour)},
			{Name: dataset("web.sessions"), What: "lost column legacy_uid", Icon: "git-compare", Tone: ui.Amber, When: ago(26 * time.Hour)},
		},
		Failing: []catalog.FailingRun{
			{Job: job("load_payments"), Run: link.Run("run_1"), Error: "column \"iban\" does not exist in pay.raw_transactions", When: ago(3 * time.Hour), Reaches: "6 datasets wait for it"},
			{Job: job("sync_loyalty_tiers"), Run: link.Run("run_2"), Error: "timeout after 30 minutes", When: ago(19 * time.Hour)},
		},
		Domains: domainCards(),
	}
}

func domainCards() []catalog.DomainCard {
	card := func(name, icon, holds, summary string, owner ui.Owner, failing string, stamps ...ui.Stamp) catalog.DomainCard {
		return catalog.DomainCard{Name: name, Href: link.Domain("dom_"+name, name), Icon: icon, Holds: holds, Summary: summary, Owner: owner, Failing: failing, Stamps: stamps}
	}
	return []catalog.DomainCard{
		card("Customer", "users", "14 datasets, 9 jobs", "Who our customers are, what they agreed to, how they come back.", customerData, "", pii, phiUp),
		card("Orders", "shopping-bag", "12 datasets, 8 jobs", "What was ordered, where, and what became of it.", ui.Owner{ID: "t1", Name: "Order platform", Kind: "team"}, "", piiUp),
		card("Payments", "credit-card", "8 datasets, 7 jobs", "Money in and out.", ui.Owner{ID: "t2", Name: "Payments", Kind: "team"}, "1 job fails", pci),
		card("Marketing", "megaphone", "11 datasets, 10 jobs", "Campaigns and what they brought.", growth, "", piiUp),
		card("Care", "headset", "7 datasets, 4 jobs", "Tickets, calls and their topics.", ui.Owner{ID: "t3", Name: "Care operations", Kind: "team"}, "", phiUp),
		card("Supply", "truck", "9 datasets, 7 jobs", "Stock, deliveries, suppliers.", ui.Owner{ID: "t4", Name: "Supply", Kind: "team"}, ""),
	}
}

func segments(text, hit string) []ui.Segment {
	at := strings.Index(text, hit)
	if hit == "" || at < 0 {
		return ui.Plain(text)
	}
	return []ui.Segment{{Text: text[:at]}, {Text: hit, Hit: true}, {Text: text[at+len(hit):]}}
}

func search() catalog.Search {
	query := link.SearchQuery{Text: "churn", Filters: []link.Filter{{Name: "domain", Value: "customer"}}}
	group := func(name, legend string, values ...catalog.FacetValue) catalog.FacetGroup {
		return catalog.FacetGroup{Name: name, Legend: legend, Values: values}
	}
	return catalog.Search{
		Query: query, Chips: []ui.Chip{{Name: "domain", Value: "customer", Remove: query.Without(query.Filters[0]).URL()}},
		Facets: []catalog.FacetGroup{
			group("kind", "Kind", catalog.FacetValue{Value: "dataset", Label: "Dataset", Count: "14"}, catalog.FacetValue{Value: "job", Label: "Job", Count: "6"}, catalog.FacetValue{Value: "dashboard", Label: "Dashboard", Count: "3"}, catalog.FacetValue{Value: "model", Label: "Model", Count: "0"}),
			group("domain", "Domain", catalog.FacetValue{Value: "customer", Label: "Customer", Count: "25", On: true}, catalog.FacetValue{Value: "marketing", Label: "Marketing", Count: "9"}),
			group("level", "Classification", catalog.FacetValue{Value: "public", Level: "public", Count: "1"}, catalog.FacetValue{Value: "internal", Level: "internal", Count: "9"}, catalog.FacetValue{Value: "confidential", Level: "confidential", Count: "11"}, catalog.FacetValue{Value: "restricted", Level: "restricted", Count: "4"}),
			group("class", "Data class", catalog.FacetValue{Value: "pii", Class: "pii", Count: "12"}, catalog.FacetValue{Value: "phi", Class: "phi", Count: "1"}, catalog.FacetValue{Value: "pci", Class: "pci", Count: "2"}),
			group("owner", "Owner", catalog.FacetValue{Value: "cd", Label: "Customer data", Count: "13"}, catalog.FacetValue{Value: "ml", Label: "Machine learning and decision science platform", Count: "6"}),
		},
		Total: "25 results", Took: "38 ms",
		Sorts: []catalog.SortOption{{Value: "", Label: "Best match", On: true}, {Value: "name", Label: "Name"}, {Value: "fresh", Label: "Freshest"}},
		Hits:  hits(),
		Pager: ui.Pager{Summary: "1 to 5 of 25", Next: query.At("c2").URL()},
	}
}

func hits() []catalog.Hit {
	return []catalog.Hit{
		{
			Title: segments("churn_scores", "churn"), Href: link.Dataset("ds_1", "ml.churn_scores"), Kind: "Table", Path: ui.Plain("snowflake / ml / churn_scores"),
			Summary: ui.Plain("Weekly probability, per customer, of no order in the next 90 days."), Matched: []catalog.MatchedIn{{Field: "name"}, {Field: "column", Text: segments("churn_score", "churn")}},
			Level: "confidential", Stamps: []ui.Stamp{piiUp}, Owner: priya, Fresh: ago(3 * time.Hour), Uses: "48 downstream", Lineage: "/lineage?root=ds_1", Domain: ui.Link{Text: "Customer", Href: "/domains/x"},
		},
		{
			Title: ui.Plain("Customer 360"), Href: link.Dataset(mart, martName), Kind: "Table", Path: ui.Plain("snowflake / mart / customer_360"),
			Summary: segments("One row per customer: identity, orders, baskets, consent, loyalty and churn risk.", "churn"), Matched: []catalog.MatchedIn{{Field: "description"}, {Field: "column", Text: segments("churn_score", "churn")}},
			Level: "confidential", Stamps: []ui.Stamp{pii, phiUp, pciMasked}, Owner: customerData, Fresh: ago(42 * time.Minute), Uses: "23 downstream", Lineage: "/lineage?root=ds_2", Domain: ui.Link{Text: "Customer", Href: "/domains/x"},
		},
		{
			Title: segments("churn_features", "churn"), Href: link.Dataset("ds_3", "ml.churn_features"), Kind: "Table", Path: ui.Plain("databricks / ml / churn_features"),
			Summary: segments("61 features for the churn model, rebuilt each night from orders, sessions and care tickets.", "churn"), Matched: []catalog.MatchedIn{{Field: "name"}},
			Level: "restricted", Stamps: []ui.Stamp{piiUp, phiUp}, Owner: priya, Fresh: ago(9 * time.Hour), Late: true, Uses: "6 downstream", Lineage: "/lineage?root=ds_3",
		},
		{
			Title: ui.Plain("Retention weekly"), Href: link.Consumer("con_1", "retention_weekly"), Kind: "Dashboard", Path: ui.Plain("looker / growth / retention_weekly"),
			Summary: segments("Return rate, churn and win-back by loyalty tier and country.", "churn"), Matched: []catalog.MatchedIn{{Field: "description"}},
			Level: "internal", Owner: growth, Fresh: ago(3 * time.Hour), Lineage: "/lineage?root=con_1",
		},
		{
			Title: ui.Plain("\u202eodd <script>alert(1)</script> 🦫 " + strings.Repeat("very_long_name.", 20)), Href: link.Dataset("ds_5", oddName), Kind: "Topic", Path: ui.Plain("kafka / " + oddName),
			Matched: []catalog.MatchedIn{{Field: "name"}}, Lineage: "/lineage?root=ds_5",
		},
	}
}

const oddName = "\u202egnp.exe\" onmouseover='x' <img src=x onerror=alert(1)> 🏞️"

func columnRows() []catalog.ColumnRow {
	row := func(path, kind, meaning string, declared []ui.Stamp, from ...catalog.Origin) catalog.ColumnRow {
		return catalog.ColumnRow{Path: path, Href: link.Column(mart, martName, "col_"+path), Type: kind, Meaning: meaning, Declared: declared, From: from}
	}
	crm := func(s ui.Stamp, text string) catalog.Origin {
		return catalog.Origin{Stamp: s, Text: text, Href: link.Dataset("ds_x", text)}
	}
	return []catalog.ColumnRow{
		row("customer_id", "varchar", "Key, same as in CRM", []ui.Stamp{pii}),
		row("full_name", "varchar", "As on the loyalty card", []ui.Stamp{pii}, crm(piiUp, "crm.customers")),
		row("email_hash", "varchar", "SHA-256 of the e-mail", nil, crm(piiMasked, "crm.customers")),
		row("birth_year", "int", "Year only", nil, crm(piiUp, "crm.customers")),
		row("address.postcode", "varchar", "Delivery postcode", []ui.Stamp{pii}, crm(piiUp, "crm.addresses")),
		row("country", "varchar", "ISO 3166 code", nil),
		row("orders_12m", "int", "Orders in the last 12 months", nil),
		row("revenue_12m", "number(12,2)", "EUR, no VAT, no returns", nil),
		row("card_token", "varchar", "Vault token, not reversible", nil, crm(pciMasked, "pay.transactions")),
		row("support_topics", "array<struct<topic:string,score:double>>", "Topics of care tickets", nil, catalog.Origin{Stamp: phiUp, Hidden: true}),
		row("consent_marketing", "boolean", "May be written to", nil),
		row("churn_score", "float", "0 to 1, model v7", []ui.Stamp{pii}),
	}
}

func runBars() []catalog.RunBar {
	bars := make([]catalog.RunBar, 30)
	for i := range bars {
		bars[i] = catalog.RunBar{Height: 0.35 + float64((i*7)%10)/18, Failed: i == 11 || i == 12, Last: i == 29}
	}
	return bars
}

func runRows() []catalog.RunRow {
	rows := make([]catalog.RunRow, 0, 8)
	for i := range 8 {
		r := catalog.RunRow{
			Href: link.Run(fmt.Sprintf("run_%d", i)), State: "complete", Job: job("build_customer_360"), Started: ago(time.Duration(i*60+42) * time.Minute),
			Took: "3 min 20 s", Attempts: "1", Written: ui.Number(int64(1_204_331 - i*913)),
		}
		switch i {
		case 0:
			r.State, r.Took, r.Written = "running", "", ""
		case 3:
			r.State, r.Error, r.Written, r.Attempts = "failed", `relation "stg.addresses_v2" does not exist at line 14`, "", "3"
		}
		rows = append(rows, r)
	}
	return rows
}

func paths() []lineage.Path {
	step := func(name string) lineage.Step { return lineage.Step{Text: dataset(name)} }
	pill := func(name string) lineage.Step { return lineage.Step{Text: job(name), Job: true} }
	strong := func(name string) lineage.Step { return lineage.Step{Text: dataset(name), Strong: true} }
	masks := lineage.Step{Text: job("mask_email"), Job: true, Masks: true, How: "SHA-256"}
	hidden := lineage.Step{Hidden: true, Text: ui.Link{Text: "restricted, hidden from you"}}
	return []lineage.Path{
		{Stamp: pii, Name: ui.Link{Text: "full_name"}, Steps: []lineage.Step{step("crm.customers"), pill("clean_names"), strong("customer_360"), pill("audience"), step("campaign_list.contact_name"), strong("Spring mailing")}, Verdict: "Not masked", Tone: ui.Red},
		{Stamp: pii, Name: ui.Link{Text: "email"}, Steps: []lineage.Step{step("crm.customers"), masks, strong("customer_360.email_hash"), step("campaign_list")}, Verdict: "Masked at step 1", Tone: ui.Green},
		{Stamp: ui.Stamp{Class: "phi", How: ui.Declared}, Name: ui.Link{Text: "support_topics"}, Steps: []lineage.Step{hidden, {Hidden: true, Job: true}, strong("customer_360.support_topics")}, Verdict: "Not masked", Tone: ui.Red},
	}
}
