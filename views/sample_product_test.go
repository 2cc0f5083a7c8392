package views_test

import (
	"github.com/a-h/templ"

	"weir/views/form"
	"weir/views/link"
	"weir/views/product"
	datapolicy "weir/views/template"
	"weir/views/ui"
)

// productPages are those of products and policies; the names in some of them are odd.
func productPages() map[string]templ.Component {
	me := shell
	me.Viewer = ui.Owner{ID: "usr_a", Name: oddName, Kind: "person"}
	wrong := form.Errors{{Field: "title", Label: "Title", Message: "Is missing."}, {Field: "hours0", Label: "Hours", Message: "Has to be a number."}}
	kinds := []form.Option{{Value: "freshness", Label: "Freshness"}}
	return map[string]templ.Component{
		"products":      product.ListPage(me, product.List{Rows: []product.Row{{Title: odd(), Summary: oddName, Domain: oddName, Owner: person(), State: product.State{Word: "Ending", Icon: "clock-fading", Tone: ui.Amber}}}, New: "/products/new", States: productStates(), Domains: kinds}),
		"products-none": product.ListPage(me, product.List{States: productStates()}),
		"products-zero": product.ListPage(me, product.List{At: link.ProductPart{Text: oddName}, States: productStates()}),
		"product":       product.OnePage(me, oneProduct()),
		"product-bare":  product.OnePage(me, product.Page{Slug: "a", Title: oddName, Problem: "It can't be asked for. It is retired.", TermsLink: "/products/a/terms", None: "Nobody has it yet.", Acts: product.Acts{Edit: "/e", Data: "/d", Publish: "/p", Retire: "/r", Version: "1"}}),
		"product-form": product.FormPage(me, product.Form{Title: "Describe " + oddName, Crumb: odd(), Action: "/x", Cancel: "/x", Version: "3", Errors: wrong,
			Fields: product.Fields{Title: oddName, Summary: oddName, Domains: kinds, Visible: kinds, Promises: []product.PromiseRow{{Kinds: kinds, Text: oddName, Hours: "x"}}}}),
		"product-new": product.FormPage(me, product.Form{Title: "New product", New: true, Action: "/x", Cancel: "/x", Fields: product.Fields{Visible: kinds}}),
		"product-data": product.DataPage(me, product.Data{Slug: "a", Title: oddName, Version: "1", Looked: true, Text: oddName,
			Rows:  []product.DataRow{{ID: "ds_a", Name: odd(), Path: oddName, Summary: "1 of 2 columns", Columns: []form.Option{{Value: "col_a", Label: oddName, On: true}}}},
			Found: []product.Found{{ID: "ds_b", Name: odd(), Path: oddName}, {ID: "ds_c", Name: odd(), Why: "in it"}}}),
		"product-terms":   product.TermsPage(me, product.Terms{Slug: "a", Title: oddName, May: true, Version: "1", Text: oddName, Versions: []product.TermsVersion{{Name: "Version 1", Holds: true, By: oddName}}}),
		"product-end":     product.EndPage(me, product.Ending{Slug: "a", Title: oddName, Version: "1", Successors: kinds}),
		"templates":       datapolicy.ListPage(me, datapolicy.List{Holding: []datapolicy.Row{{Title: odd(), Summary: oddName, Applies: oddName, Note: "A change waits"}}, Waiting: []datapolicy.Row{{Title: odd()}}, Ended: []datapolicy.Row{{Title: odd()}}, New: "/x", Default: []string{"One owner decides."}}),
		"template":        datapolicy.OnePage(me, onePolicy()),
		"template-ends":   datapolicy.OnePage(me, datapolicy.Page{Name: "a", Title: oddName, Waiting: &datapolicy.Waiting{Number: "2", Version: "1", Ends: true, Refuse: "/r", Why: "You proposed this change. Somebody else has to confirm it."}}),
		"template-all":    datapolicy.VersionsPage(me, datapolicy.Versions{Name: "a", Title: oddName, All: []datapolicy.Version{{Name: "Version 1", Author: oddName, Reason: oddName, Decided: "Refused by x", Note: oddName, Words: []string{oddName}}}}),
		"template-form":   datapolicy.FormPage(me, policyForm()),
		"template-end":    datapolicy.EndPage(me, datapolicy.Ending{Name: "a", Title: oddName, Version: "1"}),
		"simulation":      datapolicy.SimulationPage(me, policySimulation()),
		"simulation-none": datapolicy.SimulationPage(me, datapolicy.Simulation{Name: "a", Title: oddName, Number: "2", Started: true, Done: true, Looked: "Looked at 3 grants and 1 request.", Progress: "All of them were looked at.", Rerun: "Look again", Back: "/x"}),
	}
}

func odd() ui.Link { return ui.Link{Text: oddName, Href: "/x"} }

func productStates() []ui.Option {
	return []ui.Option{{Label: "All", Href: "/products", Current: true}, {Label: "Drafts", Href: "/products?state=draft"}}
}

func oneProduct() product.Page {
	return product.Page{
		Slug: "a", Title: oddName, Summary: oddName, Level: "confidential", Owner: person(), Ask: "/requests/new?target=prd_a",
		Stamps: []ui.Stamp{{Class: "pii", How: ui.Declared}, {Class: "phi", How: ui.Inherited}}, Warning: "It ends on 3 May 2026.", WarningLink: odd(),
		Purpose: oddName, Questions: []string{oddName}, Tried: "if you ask today, for analytics, 30 days",
		Have: []product.Have{{Text: odd(), Note: oddName, Gate: ui.GateHalf, Word: "Waiting"}},
		Ways: []product.Way{{Name: "Reading masked", Icon: "eye-off", Gate: ui.GatePart, Word: "Granted at once", Href: "/x", Act: "Get it"},
			{Name: "Export", Icon: "download", Gate: ui.GateSeal, Word: "Not possible", Why: oddName}},
		Trust:    []product.Signal{{Name: "Freshness", Icon: "triangle-alert", Tone: ui.Red, Word: "speaks against it", Text: oddName}},
		Parts:    []product.Part{{Name: odd(), Path: oddName, Level: "internal", Columns: "1 of 2 columns", Paths: []string{oddName, "b"}, More: 3}, {Name: ui.Link{Text: "A dataset that is gone"}, Gone: true}},
		Promises: []product.Promise{{Kind: "Freshness", Text: oddName}}, TermsOf: "Version 2", TermsLink: "/x", Terms: "<p>Use it well.</p>",
		Facts: []product.Fact{{Name: "Owner", Value: odd()}}, Policies: []product.Policy{{Name: odd(), Why: oddName, Says: []string{oddName}}}, Attach: "/x",
		Holders: []product.Holder{{Who: person(), Note: oddName}}, HoldersOf: odd(), Changes: []product.Change{{Text: oddName, By: oddName}},
		Acts: product.Acts{Edit: "/e", Data: "/d", Deprecate: "/x", Publish: "/p", Version: "2"},
	}
}

func onePolicy() datapolicy.Page {
	return datapolicy.Page{
		Name: "a", Title: oddName, Summary: oddName, Text: oddName, Words: []string{oddName}, Holds: "Version 1 holds.", Edit: "/e", End: "/x", Refused: oddName,
		Waiting: &datapolicy.Waiting{Number: "2", Version: "1", Author: person(), Reason: oddName, Changes: []datapolicy.Change{{Field: oddName, Before: oddName, After: oddName}},
			Simulate: "/s", Found: "None would come out otherwise.", Confirm: "/c", Refuse: "/r"},
	}
}

func policyForm() datapolicy.Form {
	some := []form.Option{{Value: "a", Label: oddName, On: true}, {Value: "b", Label: "b"}}
	return datapolicy.Form{
		Title: "Change " + oddName, Name: "a", Action: "/x", Cancel: "/x", Version: "1", Warning: oddName, Refused: oddName,
		Errors: form.Errors{{Field: "title", Label: "Title", Message: "Is missing."}, {Field: "masking", Label: "Masking", Message: "Of pii: is none."}, {Field: "access", Label: "Access", Message: "Is missing."}},
		Fields: datapolicy.Fields{Title: oddName, Domains: some, Levels: some, ForKinds: some, ForAccess: some, Who: some, Roles: some, Purposes: some, Access: some,
			PreAccess: some, PrePurposes: some, PreKinds: some, PreRoles: some, Steps: []datapolicy.StepRow{{At: "1", Name: oddName, By: some, Role: some, Mode: some}},
			Masking: []datapolicy.MaskRow{{At: "1", Class: "pii", How: some}}, MaxDays: "30"},
	}
}

func policySimulation() datapolicy.Simulation {
	return datapolicy.Simulation{
		Name: "a", Title: oddName, Number: "2", Started: true, Done: true, Looked: "Looked at 3 grants.", Progress: "All of them were looked at.", Rerun: "Look again", Back: "/x",
		Sums: []datapolicy.Sum{{Word: "Could no longer be had", Tone: ui.Red, Grants: "2", Pending: "0"}}, Rest: "2 of them",
		Flips: []datapolicy.Flip{{What: odd(), Sort: "Grant", Holder: person(), Before: "By approval", After: oddName, Why: []string{oddName}}},
	}
}
