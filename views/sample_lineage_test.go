package views_test

import (
	"fmt"

	"weir/views/lineage"
	"weir/views/link"
	"weir/views/ui"
)

type at struct{ x, y float64 }

// curve is an edge with its control points at half the distance.
func curve(from, to at) string {
	mid := (from.x + to.x) / 2
	return fmt.Sprintf("M%g %gC%g %g %g %g %g %g", from.x, from.y, mid, from.y, mid, to.y, to.x, to.y)
}

func card(id, title, line string, level ui.Level, x, y float64, rows ...lineage.Row) lineage.Box {
	b := lineage.Box{ID: id, Href: link.Dataset(id, title), Title: title, Line: line, Level: level, X: x, Y: y, W: lineage.CardWidth, H: lineage.HeadHeight}
	for i, r := range rows {
		r.ID, r.Y = id+"."+r.Text, y+lineage.HeadHeight+float64(i)*lineage.RowHeight
		r.Href = link.Lineage(mart, link.LineageQuery{Focus: r.ID, Columns: true})
		b.Rows = append(b.Rows, r)
		b.H += lineage.RowHeight
	}
	return b
}

func withMore(b lineage.Box, text string) lineage.Box {
	b.More = &lineage.Row{ID: b.ID + ".more", Href: link.Lineage(mart, link.LineageQuery{Open: []string{b.ID}}), Text: text, Y: b.Y + b.H}
	b.H += lineage.MoreHeight
	return b
}

func handle(b lineage.Box, count int, up bool) lineage.Box {
	b.Handles = append(b.Handles, lineage.Handle{Href: link.Lineage(mart, link.LineageQuery{Open: []string{b.ID}}), Count: count, Upstream: up})
	return b
}

func pill(id, title string, center, y float64, masks bool) lineage.Pill {
	w := lineage.PillWidth(title)
	return lineage.Pill{ID: id, Href: link.Transform(id, title), Title: title, X: center - w/2, Y: y, W: w, H: lineage.PillHeight, Masks: masks}
}

func row(text string, s ui.Stamp, on bool) lineage.Row {
	return lineage.Row{Text: text, Stamp: s, OnPath: on}
}

// picture is the one of the notes on the look: four layers, a masked path, a group and a hidden node.
func picture() lineage.Picture {
	crm := handle(withMore(card("ds_crm", "crm.customers", "Table, Customer data", "confidential", 48, 24, row("full_name", pii, true), row("email", pii, true), row("postcode", pii, false)), "11 more columns"), 2, true)
	orders := handle(card("ds_orders", "shop.orders", "Table, Orders", "internal", 48, 216), 4, true)
	pay := handle(card("ds_pay", "pay.transactions", "Table, Payments", "restricted", 48, 296, row("card_number", pci, false)), 1, true)
	hidden := lineage.Box{ID: "hid_1", Title: "Restricted", Line: "1 dataset, hidden from you", X: 48, Y: 408, W: 216, H: 48, Hidden: true}
	root := withMore(card(mart, martName, "Table, Customer data", "confidential", 408, 108, row("full_name", piiUp, true), row("email_hash", piiMasked, true), row("postcode", pii, false), row("card_token", pciMasked, true), row("support_topics", phiUp, true)), "13 more columns")
	root.Root = true
	features := handle(card("ds_feat", "ml.churn_features_for_the_weekly_model", "Table, Machine learning", "restricted", 768, 40), 1, false)
	list := handle(card("ds_list", "mart.campaign_list", "Table, Growth", "confidential", 768, 148, row("contact_name", piiUp, true), row("email_hash", piiMasked, true), row("area", ui.Stamp{}, false)), 2, false)
	group := card("grp_mart", "14 tables in mart.*", "2 confidential, 12 internal", "", 768, 352)
	group.Group = true
	model := card("con_churn", "Churn model v7", "Model, Machine learning", "confidential", 1128, 40)
	model.Icon = "brain-circuit"
	agent := card("con_agent", "Shop assistant", "Agent of Priya Raman", "internal", 1128, 128)
	agent.Icon = "bot"
	mailing := card("con_mail", "Spring mailing", "Dashboard, Growth", "internal", 1128, 216)
	mailing.Icon, mailing.Says = "chart-column", []string{"receives unmasked PII"}
	report := card("con_rep", "Board revenue", "Report, Finance", "internal", 1128, 352)
	report.Icon = "file-text"
	pills := []lineage.Pill{
		pill("tr_clean", "clean_names", 336, 74, false), pill("tr_mask", "mask_email", 336, 139, true), pill("tr_stage", "stage", 336, 251, false),
		pill("tr_tok", "tokenise", 336, 311, true), {ID: "hid_2", Title: "hidden", X: 300.5, Y: 417, W: 71, H: 22, Hidden: true},
		pill("tr_feat", "features", 696, 53, false), pill("tr_aud", "audience_builder_v2", 696, 155, false),
	}
	return lineage.Picture{
		Name: "Lineage of " + martName + ", one step each way", Width: 1384, Height: 474, Live: true, Pills: pills, Edges: edges(pills),
		Boxes: []lineage.Box{crm, orders, pay, hidden, root, features, list, group, model, agent, mailing, report},
	}
}

func edges(pills []lineage.Pill) []lineage.Edge {
	in := func(i int) at { return at{pills[i].X, pills[i].Y + 11} }
	out := func(i int) at { return at{pills[i].X + pills[i].W, pills[i].Y + 11} }
	sensitive := func(from, to string, a, b at) lineage.Edge {
		return lineage.Edge{From: from, To: to, D: curve(a, b), Sensitive: true}
	}
	masked := func(from, to string, a, b at) lineage.Edge {
		return lineage.Edge{From: from, To: to, D: curve(a, b), Masked: true}
	}
	plain := func(from, to string, a, b at) lineage.Edge { return lineage.Edge{From: from, To: to, D: curve(a, b)} }
	all := []lineage.Edge{
		sensitive("ds_crm.full_name", "tr_clean", at{264, 85}, in(0)), sensitive("tr_clean", mart+".full_name", out(0), at{408, 169}),
		sensitive("ds_crm.email", "tr_mask", at{264, 111}, in(1)), masked("tr_mask", mart+".email_hash", out(1), at{408, 195}),
		plain("ds_orders", "tr_stage", at{264, 240}, in(2)), plain("tr_stage", mart+".more", out(2), at{408, 298}),
		sensitive("ds_pay.card_number", "tr_tok", at{264, 357}, in(3)), masked("tr_tok", mart+".card_token", out(3), at{408, 247}),
		sensitive("hid_1", "hid_2", at{264, 432}, in(4)), sensitive("hid_2", mart+".support_topics", out(4), at{408, 273}),
		plain(mart, "tr_feat", at{624, 132}, in(5)), plain("tr_feat", "ds_feat", out(5), at{768, 64}),
		sensitive(mart+".full_name", "tr_aud", at{624, 169}, in(6)), sensitive("tr_aud", "ds_list.contact_name", out(6), at{768, 209}),
		masked(mart+".email_hash", "ds_list.email_hash", at{624, 195}, at{768, 235}),
		plain(mart, "grp_mart", at{624, 298}, at{768, 376}), plain("ds_feat", "con_churn", at{984, 64}, at{1128, 64}),
		sensitive("ds_list.contact_name", "con_mail", at{984, 209}, at{1128, 240}), plain("grp_mart", "con_rep", at{984, 376}, at{1128, 376}),
	}
	indirect := plain("ds_list", "con_agent", at{984, 172}, at{1128, 152})
	indirect.Indirect, indirect.Unconfirmed = true, true
	area := plain(mart+".postcode", "ds_list.area", at{624, 221}, at{768, 261})
	area.Indirect = true
	return append(all, indirect, area)
}

func twinRows() []lineage.TwinRow {
	r := func(steps int, name, kind string, level ui.Level, owner ui.Owner, through string, stamps ...ui.Stamp) lineage.TwinRow {
		return lineage.TwinRow{Steps: steps, Name: dataset(name), Kind: kind, Level: level, Owner: owner, Through: through, Stamps: stamps}
	}
	return []lineage.TwinRow{
		r(-1, "crm.customers", "Table", "confidential", customerData, "clean_names; mask_email (masks)", pii),
		r(-1, "shop.orders", "Table", "internal", ui.Owner{Name: "Orders"}, "stage"),
		r(-1, "pay.transactions", "Table", "restricted", ui.Owner{Name: "Payments"}, "tokenise (masks)", pci),
		{Steps: -1, Hidden: true, Through: "hidden"},
		r(0, martName, "Table", "confidential", customerData, "", pii, phiUp),
		r(1, "ml.churn_features", "Table", "restricted", priya, "features", piiUp),
		r(1, "mart.campaign_list", "Table", "confidential", growth, "audience", piiUp),
		r(2, "Spring mailing", "Dashboard", "internal", growth, "", piiUp),
		{Steps: 2, Name: dataset("Shop assistant"), Kind: "Agent", Level: "internal", Owner: priya, Unconfirmed: true},
	}
}

func lineagePage(view string) lineage.Page {
	query := link.LineageQuery{Columns: true, View: view, Focus: "col_x", Filters: []link.Filter{{Name: "class", Value: "pii"}}}
	return lineage.Page{
		Root: mart, Title: "Customer 360", Query: query, Crumbs: []ui.Link{{Text: "Customer 360", Href: link.Dataset(mart, martName)}, {Text: "Lineage"}},
		Totals: []lineage.Total{{Count: "9", Label: "upstream"}, {Count: "23", Label: "downstream"}, {Count: "4", Label: "restricted"}, {Count: "3", Label: "unmasked paths"}, {Count: "1", Label: "hidden from you", Mute: true}},
		Chips:  []ui.Chip{{Name: "class", Value: "pii", Remove: link.Lineage(mart, query.Without(query.Filters[0]))}}, Selects: selects(), MaxDepth: 5,
		Picture: picture(), Twin: twinRows(), Paths: paths(), MorePaths: ui.Link{Text: "2 more paths", Href: link.Lineage(mart, query.As("table"))},
		Time: timeBar(), Impact: link.Impact(mart, link.LineageQuery{}),
	}
}

func selects() []lineage.FilterSelect {
	return []lineage.FilterSelect{
		{Name: "kind", Label: "Kind", Options: []lineage.SelectOption{{Label: "Any", On: true}, {Value: "dashboard", Label: "Dashboard"}, {Value: "model", Label: "Model"}}},
		{Name: "domain", Label: "Domain", Options: []lineage.SelectOption{{Label: "Any", On: true}, {Value: "Customer", Label: "Customer"}}},
		{Name: "class", Label: "Data class", Options: []lineage.SelectOption{{Label: "Any"}, {Value: "pii", Label: "PII", On: true}}},
	}
}

func timeBar() lineage.TimeBar {
	bar := lineage.TimeBar{Shown: "Today, 06:52", At: 27, Compare: ui.Link{Text: "Compare with 1 Nov: 2 added, 1 gone", Href: "/lineage?root=ds_mart&compare=2026-11-01T00%3A00%3A00Z"}}
	for i := range 28 {
		bar.Versions = append(bar.Versions, lineage.Version{
			Label: fmt.Sprintf("%d Nov, 06:%02d", i+1, i), Href: link.Lineage(mart, link.LineageQuery{AsOf: fmt.Sprintf("2026-11-%02dT06:00:00Z", i+1)}),
			Place: float64(i*i%17+i*11) / 315, Big: i == 9 || i == 20,
		})
	}
	return bar
}
