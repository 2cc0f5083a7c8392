package views_test

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/a-h/templ"

	"weir/views/catalog"
	"weir/views/layout"
	"weir/views/lineage"
	"weir/views/link"
	"weir/views/playground"
	"weir/views/ui"
)

// pages is every page in the states worth looking at, by the name of its file.
func pages() map[string]templ.Component {
	all := map[string]templ.Component{
		"home":          catalog.HomePage(shell, home()),
		"home-empty":    catalog.HomePage(shell, catalog.Home{Hello: "What data do you need?", Empty: true}),
		"search":        catalog.SearchPage(shell, search()),
		"search-zero":   catalog.SearchPage(shell, zeroSearch()),
		"overview":      catalog.OverviewPage(noticed(), header(), tabs(link.Overview), overview()),
		"overview-bare": catalog.OverviewPage(shell, bareHeader(), nil, catalog.Overview{}),
		"columns":       catalog.ColumnsPage(shell, header(), tabs(link.Columns), columns()),
		"columns-none":  catalog.ColumnsPage(shell, header(), tabs(link.Columns), catalog.Columns{Filter: "zzz", Summary: "0 of 18 columns"}),
		"lineage-tab":   catalog.LineagePage(shell, header(), tabs(link.Flow), lineageTab()),
		"runs":          catalog.RunsPage(shell, header(), tabs(link.Runs), catalog.RunTable{Rows: runRows(), ShowJob: true, Bars: runBars(), Said: runsSaid, Pager: ui.Pager{Summary: "1 to 8 of 2,140", Next: "/?after=x"}, Show: runStates()}),
		"activity":      catalog.ActivityPage(shell, header(), tabs(link.Activity), activity()),
		"transform":     catalog.TransformPage(shell, transformHeader(), catalog.TransformTabs("tr_b", "build_customer_360", link.Overview, "2,140"), transform()),
		"consumer":      catalog.ConsumerPage(shell, consumerHeader(), catalog.ConsumerTabs("con_m", "Spring mailing", link.Overview), consumer()),
		"domain":        catalog.DomainPage(shell, domain()),
		"domains":       catalog.DomainsPage(shell, catalog.DomainList{Cards: domainCards()}),
		"run":           catalog.RunPage(shell, run()),
		"edit":          catalog.EditPage(shell, edit()),
		"edit-errors":   catalog.EditPage(shell, editErrors()),
		"lineage":       lineage.PicturePage(shell, lineagePage("")),
		"lineage-pic":   lineage.PicturePage(shell, lineagePage("picture")),
		"lineage-laid":  lineage.PicturePage(shell, laidPage()),
		"lineage-wide":  lineage.PicturePage(shell, widePage()),
		"lineage-table": lineage.PicturePage(shell, lineagePage("table")),
		"lineage-start": lineage.StartPage(shell, start()),
		"impact":        lineage.ImpactPage(shell, impact()),
		"path":          lineage.BetweenPage(shell, between()),
		"path-ask":      lineage.BetweenPage(shell, lineage.Between{From: lineage.Endpoint{Typed: "crm.custmers", Problem: "Nothing has this name."}}),
		"column":        lineage.ColumnPage(shell, column()),
		"playground":    playground.Page(shell, play()),
	}
	for _, status := range []int{400, 403, 404, 409, 422, 500, 503} {
		all[fmt.Sprintf("problem-%d", status)] = layout.ProblemPage(shell, problem(status))
	}
	maps.Copy(all, peoplePages())
	maps.Copy(all, productPages())
	return all
}

const runsSaid = "30 runs in the last 2 days, 2 of them failed; 3 min 20 s in the middle"

func noticed() layout.Shell {
	s := shell
	s.Notice = "Saved. Everyone sees the new description now."
	return s
}

func zeroSearch() catalog.Search {
	q := link.SearchQuery{Text: "chrun scroes", Filters: []link.Filter{{Name: "class", Value: "pii"}}}
	return catalog.Search{
		Query: q, Chips: []ui.Chip{{Name: "class", Value: "pii", Remove: link.Search("chrun scroes")}}, Total: "0 results", Facets: search().Facets[:2],
		Zero:    catalog.ZeroHelp{Spelling: []ui.Link{{Text: "churn scores", Href: link.Search("churn scores")}}, Drops: []catalog.Drop{{Label: "class:pii", Href: link.Search("chrun"), Brings: "41 results"}}},
		Problem: "“freshness:” is not a qualifier; it was searched as a word.",
	}
}

func bareHeader() catalog.Header {
	return catalog.Header{ID: "ds_odd", Name: strings.Repeat(oddName, 60), Kind: "Topic", Path: "kafka / " + strings.Repeat("very_long_segment.", 40), Warning: "Deprecated: use mart.customer_360."}
}

func overview() catalog.Overview {
	near := func(name, kind string, level ui.Level, through string, stamps ...ui.Stamp) catalog.Neighbour {
		return catalog.Neighbour{Name: dataset(name), Kind: kind, Icon: "table-2", Level: level, Through: job(through), Stamps: stamps}
	}
	fact := func(name, value, note, source string) catalog.Fact {
		return catalog.Fact{Name: name, Value: ui.Link{Text: value}, Note: note, Source: source}
	}
	return catalog.Overview{
		About:       "<p>The one table to ask about a customer. It joins the CRM with orders, payments and care, <strong>one row per customer</strong>, keyed by <code>customer_id</code>.</p><ul><li>Consent is taken from the latest record.</li><li>Guests without an account are left out.</li></ul>",
		AboutSource: "written by Ines Okafor, 12 Nov",
		Facts: []catalog.Fact{
			fact("Fresh", "42 min ago", "promised: 2 h", ""), fact("Owner", "Customer data", "", "set by Ines Okafor"), fact("Domain", "Customer", "", "from dbt"),
			fact("Lifecycle", "In use", "", ""), fact("Kept for", "25 months", "", "from dbt"), fact("Rows", "1,204,331", "in the last load", ""), fact("First seen", "14 Aug", "", ""),
		},
		MadeFrom: []catalog.Neighbour{near("crm.customers", "Table", "confidential", "clean_names", pii), near("shop.orders", "Table", "internal", "stage"), near("pay.transactions", "Table", "restricted", "tokenise", pci), {Hidden: true}},
		GoesTo: []catalog.Neighbour{
			near("ml.churn_features", "Table", "restricted", "features", piiUp), near("mart.campaign_list_for_all_countries_and_brands", "Table", "confidential", "audience", piiUp),
			{Name: ui.Link{Text: "Shop assistant", Href: "/consumers/x"}, Kind: "Agent", Icon: "bot", Level: "internal", Unconfirmed: true},
		},
		MoreUp: ui.Link{Text: "All 9", Href: "/lineage?root=ds_mart"}, MoreDown: ui.Link{Text: "All 23", Href: "/lineage?root=ds_mart"},
		Uses: "23 things are made from it: 16 tables, 4 dashboards, 2 models, 1 agent.",
		Why:  []string{"It declares PII in 4 columns and inherits PHI along 1 path that is not masked.", "That path starts in a dataset hidden from you."}, WhyLink: ui.Link{Text: "Show the path", Href: "/lineage?root=ds_mart"},
		Paths: paths(), Runs: runBars(), RunsSaid: runsSaid, Aliases: []string{"s3://halden-lake/mart/customer_360", "hive://metastore/mart.customer_360"},
		Facets: []catalog.Facet{{Name: "acme_costCenter", Producer: "https://github.com/acme/lineage", JSON: "{\n  \"costCenter\": \"4711\"\n}"}},
	}
}

func columns() catalog.Columns {
	return catalog.Columns{
		Action: link.DatasetTab(mart, martName, link.Columns), Rows: columnRows(), Summary: "12 of 18 columns", All: ui.Link{Text: "Show all", Href: "/x"},
		Show: []ui.Option{{Label: "All", Href: "/a", Count: "18", Current: true}, {Label: "Sensitive", Href: "/b", Count: "8"}},
	}
}

func lineageTab() catalog.LineageTab {
	p := picture()
	p.Live = false
	return catalog.LineageTab{Picture: p, Totals: lineagePage("").Totals, Full: link.Lineage(mart, link.LineageQuery{}), Table: link.Lineage(mart, link.LineageQuery{View: "table"}), Paths: paths()}
}

func runStates() []ui.Option {
	return []ui.Option{{Label: "All", Href: "/a", Current: true}, {Label: "Failed", Href: "/b", Count: "2"}}
}

func activity() catalog.ActivityList {
	return catalog.ActivityList{Pager: ui.Pager{Summary: "1 to 3 of 41", Next: "/n"}, Entries: []catalog.Entry{
		{What: "described it", Actor: ui.Owner{ID: "io", Name: "Ines Okafor", Kind: "person"}, When: ago(5 * time.Hour), Sequence: "48,211", Icon: "pencil", Tone: ui.Water, Changes: []catalog.FieldChange{
			{Field: "Title", After: "Customer 360"}, {Field: "Description", Before: "customer table", After: "The one table to ask about a customer. It joins the CRM with orders, payments and care."}, {Field: "Classification", Before: "internal", After: "confidential"},
		}},
		{What: "reported 1 new column", Actor: dbt, When: ago(26 * time.Hour), Sequence: "47,930", Icon: "git-compare", Tone: ui.Amber, Changes: []catalog.FieldChange{{Field: "Columns", After: "support_topics array"}}},
		{What: "first reported it", Actor: dbt, When: ago(99 * 24 * time.Hour), Sequence: "112", Icon: "plus"},
	}}
}

func transformHeader() catalog.Header {
	return catalog.Header{
		ID: "tr_b", Name: "build_customer_360", Kind: "SQL job", Path: "dbt / halden / build_customer_360", Level: "confidential", Owners: []ui.Owner{customerData},
		Summary: "Rebuilds the customer table each hour.", Domain: ui.Link{Text: "Customer", Href: "/domains/x"}, Lineage: "/lineage?root=tr_b", Edit: "/transforms/tr_b/edit",
	}
}

func transform() catalog.Transform {
	o := overview()
	return catalog.Transform{
		Language: "sql", Code: sampleSQL, Source: ui.Link{Text: "models/mart/customer_360.sql", Href: "https://git.example/halden/dbt/models/mart/customer_360.sql"}, SourceNote: "at 9f31c2a",
		Facts:  []catalog.Fact{{Name: "Kind", Value: ui.Link{Text: "dbt model"}}, {Name: "Runs", Value: ui.Link{Text: "each hour"}, Note: "at minute 10"}, {Name: "Repository", Value: ui.Link{Text: "halden/dbt", Href: "https://git.example/halden/dbt"}}, {Name: "Last success", Value: ui.Link{Text: "42 min ago"}}},
		Inputs: o.MadeFrom, Outputs: o.GoesTo[:1], Runs: runRows(), Bars: runBars(), RunsSaid: runsSaid, AllRuns: ui.Link{Text: "All 2,140", Href: "/x"},
	}
}

const sampleSQL = `-- One row per customer; guests are left out.
with latest_consent as (
  select customer_id, bool_or(granted) as consent_marketing
  from crm.consents
  where purpose = 'marketing' /* the only one
     that counts */
  group by customer_id
)
select
  c.customer_id,
  c.full_name,
  sha256(lower(c.email)) as email_hash,
  count(o.order_id) filter (where o.placed_at > now() - interval '12 months') as orders_12m
from crm.customers c
left join shop.orders o on o.customer_id = c.customer_id
left join latest_consent l on l.customer_id = c.customer_id
where c.kind <> 'guest' and c.score > 0.25 -- <script>alert(1)</script>
group by 1, 2, 3
`

func consumerHeader() catalog.Header {
	return catalog.Header{ID: "con_m", Name: "Spring mailing", Kind: "Dashboard", Path: "looker / growth / spring_mailing", Level: "internal", Owners: []ui.Owner{growth}, Summary: "Who gets the spring letter, by country and tier.", Lineage: "/lineage?root=con_m"}
}

func consumer() catalog.Consumer {
	return catalog.Consumer{
		Facts: []catalog.Fact{{Name: "Purpose", Value: ui.Link{Text: "Campaign planning"}}, {Name: "Used by", Value: ui.Link{Text: "Growth"}}}, Reads: overview().MadeFrom[:2],
		Says: "2 columns of personal data arrive here unmasked.", SaysBad: true, Open: ui.Link{Text: "Open in Looker", Href: "https://looker.example/d/1"},
		Receives: []catalog.ReceivedColumn{{Column: ui.Link{Text: "contact_name", Href: "/c"}, Of: dataset("mart.campaign_list"), Stamp: piiUp, From: "crm.customers.full_name"}},
	}
}

func domain() catalog.Domain {
	when := ago(42 * time.Minute)
	return catalog.Domain{
		ID: "dom_c", Name: "Customer", Summary: "Who our customers are, what they agreed to, how they come back.", Owner: customerData, Totals: home().Totals[:4],
		Levels: []catalog.LevelCount{{Level: "restricted", Count: "2", Href: "/s"}, {Level: "confidential", Count: "7", Href: "/s"}, {Level: "internal", Count: "5", Href: "/s"}},
		Rows: []catalog.AssetRow{
			{Name: dataset("crm.customers"), Kind: "Table", Level: "confidential", Stamps: []ui.Stamp{pii}, Owner: customerData, Fresh: when},
			{Name: dataset(martName), Kind: "Table", Level: "confidential", Stamps: []ui.Stamp{pii, phiUp, pciMasked}, Owner: customerData, Fresh: when},
			{Name: dataset("crm.addresses"), Kind: "Table", Level: "restricted", Stamps: []ui.Stamp{pii}, Fresh: ago(9 * time.Hour), Late: true},
			{Name: ui.Link{Text: "Retention weekly", Href: "/consumers/r"}, Kind: "Dashboard", Owner: growth},
		},
		Shown: "4 of 14", All: ui.Link{Text: "All 14", Href: "/s"}, Failing: home().Failing[:1], Edit: "/domains/x/edit",
	}
}

func run() catalog.Run {
	return catalog.Run{
		ID: "0192c4e1-7d0a-7f2e-9b1c-6f5e4d3c2b1a", Title: "build_customer_360, 21 Nov 05:10", Job: job("build_customer_360"), State: "failed", Started: ago(3 * time.Hour), Took: "42 s",
		Facts: []catalog.Fact{{Name: "Started by", Value: ui.Link{Text: "Airflow, scheduled"}}, {Name: "Attempts", Value: ui.Link{Text: "3"}}, {Name: "Environment", Value: ui.Link{Text: "production"}}, {Name: "Producer", Value: ui.Link{Text: "dbt-ol 1.34"}}},
		Error: `relation "stg.addresses_v2" does not exist at line 14`, Stack: "Traceback (most recent call last):\n  File \"run.py\", line 12\nUndefinedTable",
		Inputs:  []catalog.RunData{{Name: dataset("crm.customers"), Level: "confidential", Version: "v8812", Records: "1,204,331", Size: "412 MB"}, {Hidden: true}},
		Outputs: []catalog.RunData{{Name: dataset(martName), Level: "confidential"}}, Back: []ui.Link{{Text: "build_customer_360", Href: "/transforms/x"}},
		Events: []catalog.RunEvent{{What: "Started", When: ago(3 * time.Hour), Icon: "play", Tone: ui.Water}, {What: "Failed", When: ago(3*time.Hour - time.Minute), Icon: "circle-x", Tone: ui.Red, Note: "third attempt"}},
	}
}

func edit() catalog.Edit {
	return catalog.Edit{
		Action: "/datasets/x/edit", Cancel: "/datasets/x", Of: "Customer 360", Kind: "dataset", Version: "12", Title: "Customer 360", Description: "The one table to ask about a customer.", Tags: "gold, hourly",
		Crumbs: []ui.Link{{Text: "Customer 360", Href: "/datasets/x"}, {Text: "Describe"}},
		Owners: []catalog.Choice{{Label: "Nobody yet"}, {Value: "team_cd", Label: "Customer data", On: true}}, Domains: []catalog.Choice{{Label: "None"}, {Value: "dom_c", Label: "Customer", On: true}},
		Levels: []catalog.Choice{
			{Value: "public", Hint: "May be on the website."}, {Value: "internal", Hint: "For everyone in the company."},
			{Value: "confidential", Hint: "For those who need it for their work.", On: true}, {Value: "restricted", Hint: "For named people only."},
		},
		Classes: []catalog.Choice{{Value: "pii", Label: "Personal", On: true}, {Value: "phi", Label: "Health"}, {Value: "pci", Label: "Payment cards"}},
	}
}

func editErrors() catalog.Edit {
	e := edit()
	e.Title = strings.Repeat("x", 300)
	e.Errors = []catalog.FieldError{{Field: "title", Label: "Title", Message: "At most 200 characters; this has 300."}, {Field: "tags", Label: "Tags", Message: "“go ld!” holds a character that tags can't have."}}
	e.Conflicts = []catalog.FieldChange{{Field: "Classification", Before: "confidential", After: "restricted"}}
	return e
}

func start() lineage.Start {
	return lineage.Start{Suggested: []lineage.Suggestion{
		{Name: ui.Link{Text: "shop.orders", Href: "/lineage?root=1"}, Icon: "table-2", Why: "38 things are made from it"},
		{Name: ui.Link{Text: "Churn model v7", Href: "/lineage?root=2"}, Icon: "brain-circuit", Why: "fed by 21 datasets, 4 of them restricted"},
	}}
}

func impact() lineage.Impact {
	return lineage.Impact{
		Root: mart, Title: "Customer 360", Crumbs: []ui.Link{{Text: "Customer 360", Href: "/d"}, {Text: "What depends on it"}}, Totals: []lineage.Total{{Count: "23", Label: "things"}, {Count: "4", Label: "dashboards"}, {Count: "1", Label: "agent"}},
		Selects: selects(), Rows: twinRows()[4:], Pager: ui.Pager{Summary: "1 to 5 of 23", Next: "/n"}, Partial: "Only the first 100,000 things were walked; the rest was not counted.",
	}
}

func between() lineage.Between {
	p := paths()[0]
	p.Stamp, p.Name, p.Verdict, p.Tone = ui.Stamp{}, ui.Link{}, "", ui.Grey
	return lineage.Between{From: lineage.Endpoint{Typed: "crm.customers"}, To: lineage.Endpoint{Candidates: []lineage.SelectOption{{Value: "1", Label: "Spring mailing (dashboard)", On: true}}}, Asked: true, Said: "One way, in 3 steps", Paths: []lineage.Path{p}, Reverse: ui.Link{Text: "The other direction", Href: "/r"}}
}

func column() lineage.ColumnTrace {
	return lineage.ColumnTrace{
		Column: "email_hash", Type: "varchar", Meaning: "SHA-256 of the e-mail", Stamps: []ui.Stamp{piiMasked}, Of: dataset(martName), Crumbs: []ui.Link{{Text: "Customer 360", Href: "/d"}, {Text: "Columns", Href: "/c"}, {Text: "email_hash"}},
		Said:  "It comes from crm.customers.email through 2 jobs, and was masked by mask_email (SHA-256) one step before it got here.",
		Paths: paths()[1:2], Onward: paths()[:1], Picture: "/lineage?root=ds_mart&focus=col", Jobs: []lineage.TouchedBy{
			{Job: job("mask_email"), What: "masks it (SHA-256)", Masks: true, Last: ago(42 * time.Minute)}, {Job: job("build_customer_360"), What: "copies it", Last: ago(42 * time.Minute)}, {Hidden: true, What: "joins on it"},
		},
	}
}

func play() playground.Props {
	return playground.Props{
		Query: "query Upstream($id: ID!) {\n  lineage(id: $id, direction: UPSTREAM, depth: 3) {\n    totals { kind count }\n    nodes { id depth node { ... on Dataset { name } } }\n  }\n}", Variables: "{\n  \"id\": \"con_churn\"\n}",
		Examples: []ui.Link{{Text: "Which upstream systems feed this model?", Href: "/playground?example=1"}, {Text: "Which datasets contain customer data?", Href: "/playground?example=2"}},
		Types:    []playground.Type{{Name: "Query", Kind: "object", Fields: []playground.Field{{Signature: "dataset(namespace: String!, name: String!): Dataset", About: "A dataset by its name."}}}, {Name: "LineageDirection", Kind: "enum", About: "Where to walk.", Fields: []playground.Field{{Signature: "UPSTREAM"}}}},
	}
}

func problem(status int) layout.Problem {
	p := layout.Problem{Status: status, Back: ui.Link{Text: "Back to the start", Href: "/"}}
	if status >= 500 {
		p.Title, p.Number, p.When, p.Retry = "The lineage of Customer 360 could not be read", "01JD7-8K2MX", ago(0), "/lineage?root=x"
	}
	return p
}
