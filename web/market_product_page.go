package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"weir/catalog"
	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/template"
	"weir/views/link"
	view "weir/views/product"
	"weir/views/ui"
)

// How much of the lists on a product's page is shown.
const (
	shownHolders = 8
	shownChanges = 8
	shownColumns = 40
)

// product answers the page of one product.
func (s *Site) product(w http.ResponseWriter, r *http.Request) error {
	v, err := s.Market.ProductPage(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.OnePage(s.shell(r), s.productOf(v)))
}

func (s *Site) productOf(v marketplace.ProductView) view.Page {
	p := v.Product
	out := view.Page{
		Slug: p.Slug, Title: p.Title, Summary: p.Summary, State: productState(p.State), Closed: v.Closed,
		Owner: partyOwner(p.Owner, v.OwnerName), Domain: ui.Link{Text: v.DomainName, Href: link.Domain(string(p.Domain), v.DomainName)},
		About: markdown(p.Description), Purpose: p.Purpose, Questions: p.Questions, Terms: markdown(v.Terms.Text),
		TermsLink: link.ProductSub(p.Slug, "terms"), Acts: actsOf(v),
	}
	if v.Terms.Number > 0 {
		out.TermsOf = "Version " + strconv.Itoa(v.Terms.Number)
	}
	if v.Closed == "" {
		out.Ask = link.NewRequest(string(p.ID))
	}
	if v.MayEdit {
		out.Attach = link.NewTemplateFor(string(p.ID))
	}
	out.Level, out.Stamps = sensitivity(v.Parts)
	out.Warning, out.WarningLink = productWarning(v)
	out.Have, out.Trust, out.Parts = s.haveOf(v), s.trustOf(v), s.productParts(v.Parts)
	s.addWays(&out, v)
	for _, promise := range v.Promises {
		out.Promises = append(out.Promises, view.Promise{Kind: ui.Capital(promise.Kind), Text: promiseText(promise)})
	}
	out.Facts, out.Changes = s.productFacts(v), s.productChanges(v)
	out.Holders, out.HoldersOf, out.None = s.holdersOf(v)
	return out
}

// promiseText is a promise in words; the hours of a fresh one are said where the words don't.
func promiseText(p marketplace.Promise) string {
	if p.Text == "" {
		return "At most " + ui.Count(p.Hours, "hour", "hours") + " old"
	}
	return p.Text
}

// actsOf are the addresses of what the reader may do.
func actsOf(v marketplace.ProductView) view.Acts {
	p, out := v.Product, view.Acts{Version: strconv.FormatInt(v.Product.Version, 10)}
	if v.MayEdit {
		out.Edit, out.Data = link.ProductSub(p.Slug, "edit"), link.ProductSub(p.Slug, "data")
	}
	if !v.MayManage {
		return out
	}
	switch p.State {
	case marketplace.ProductDraft:
		out.Publish, out.Retire = link.ProductSub(p.Slug, "publish"), link.ProductSub(p.Slug, "retire")
	case marketplace.ProductPublished:
		out.Deprecate = link.ProductSub(p.Slug, "deprecate")
	case marketplace.ProductDeprecated:
		out.Publish, out.Retire = link.ProductSub(p.Slug, "publish"), link.ProductSub(p.Slug, "retire")
	}
	return out
}

// sensitivity is the highest level of the datasets, and all classes that they carry.
func sensitivity(parts []marketplace.PartView) (ui.Level, []ui.Stamp) {
	rank := func(l catalog.Classification) int { return slices.Index(catalog.Classifications, l) }
	var level catalog.Classification
	how := map[string]ui.How{}
	for _, p := range parts {
		if rank(p.Level) > rank(level) {
			level = p.Level
		}
		for _, class := range p.Inherited {
			if how[class] == "" {
				how[class] = ui.Inherited
			}
		}
		for _, class := range p.Declared {
			how[class] = ui.Declared
		}
	}
	var stamps []ui.Stamp
	for class, h := range how {
		stamps = append(stamps, ui.Stamp{Class: class, How: h})
	}
	sortStamps(stamps)
	return levelOf(level), stamps
}

// productWarning is what changes what the reader does.
func productWarning(v marketplace.ProductView) (string, ui.Link) {
	p := v.Product
	switch {
	case p.State == marketplace.ProductDraft:
		return "This is a draft: only its domain sees it. Publish it so that others can ask for it.", ui.Link{}
	case p.State == marketplace.ProductRetired:
		return "This product is retired: nobody can ask for it any more.", ui.Link{}
	case p.State != marketplace.ProductDeprecated:
		return "", ui.Link{}
	}
	text := "It ends on " + p.Sunset.UTC().Format("2 January 2006") + ": nobody has it from that day on."
	if v.Successor == nil {
		return text, ui.Link{}
	}
	return text + " What takes its place:", ui.Link{Text: v.Successor.Title, Href: link.Product(v.Successor.Slug)}
}

// haveOf is what the reader has, and what he waits for.
func (s *Site) haveOf(v marketplace.ProductView) []view.Have {
	var out []view.Have
	for _, g := range v.Mine {
		h := view.Have{Text: ui.Link{Text: ui.Capital(template.Access(g.Access).Words()), Href: link.Sub(link.Grants(), string(g.ID))}, Gate: ui.GateOpen, Word: "Granted"}
		switch {
		case g.State == marketplace.Granting:
			h.Gate, h.Word = ui.GateHalf, "Being granted"
		case g.State == marketplace.Failed:
			h.Gate, h.Word = ui.GateSeal, "Failed"
		case template.Access(g.Access) == template.Masked:
			h.Gate, h.Word = ui.GatePart, "Masked"
		}
		h.Note = "for " + partyOwner(g.Holder, g.HolderName).Name
		if !g.Until.IsZero() {
			h.Note += ", until " + g.Until.UTC().Format("2 January 2006")
		}
		out = append(out, h)
	}
	for _, i := range v.Waiting {
		note := "for " + partyOwner(i.Holder, i.HolderName).Name
		if len(i.WaitsFor) > 0 {
			note = strings.Join(i.WaitsFor, ", ") + " has to act"
			if len(i.WaitsFor) > 1 {
				note = strings.Join(i.WaitsFor, ", ") + " have to act"
			}
		}
		out = append(out, view.Have{Text: ui.Link{Text: ui.Capital(template.Access(i.Access).Words()), Href: link.Request(string(i.Request))},
			Note: note, Gate: ui.GateHalf, Word: "Waiting"})
	}
	return out
}

var signalWords = map[string]string{
	marketplace.TrustFresh: "Freshness", marketplace.TrustChecks: "Checks", marketplace.TrustFailing: "Open incidents",
	marketplace.TrustLineage: "Lineage", marketplace.TrustOwner: "Owner", marketplace.TrustRun: "Last run",
}

func (s *Site) trustOf(v marketplace.ProductView) []view.Signal {
	var out []view.Signal
	for _, sig := range v.Trust {
		row := view.Signal{Name: signalWords[sig.Aspect], Text: sig.Text, Icon: "circle-help", Word: "not known", When: s.when(sig.At)}
		switch sig.State {
		case marketplace.SignalGood:
			row.Icon, row.Tone, row.Word = "circle-check", ui.Green, "speaks for it"
		case marketplace.SignalBad:
			row.Icon, row.Tone, row.Word = "triangle-alert", ui.Red, "speaks against it"
		}
		out = append(out, row)
	}
	return out
}

// productParts are the datasets as the table shows them.
func (s *Site) productParts(parts []marketplace.PartView) []view.Part {
	var out []view.Part
	for _, p := range parts {
		row := view.Part{Name: ui.Link{Text: p.Title}, Level: levelOf(p.Level), Gone: p.Gone, Fresh: s.when(p.Written)}
		if p.Title != p.Name {
			row.Path = p.Name
		}
		if p.Gone {
			row.Name.Text = "A dataset that is gone"
		}
		if p.Visible {
			row.Name.Href = link.Dataset(string(p.ID), p.Name)
		}
		row.Columns = "All " + ui.Count(p.Total, "column", "columns")
		if len(p.Columns) < p.Total {
			row.Columns = strconv.Itoa(len(p.Columns)) + " of " + ui.Count(p.Total, "column", "columns")
		}
		row.Paths = p.Columns[:min(len(p.Columns), shownColumns)]
		row.More = len(p.Columns) - len(row.Paths)
		_, row.Stamps = sensitivity([]marketplace.PartView{p})
		out = append(out, row)
	}
	return out
}

func (s *Site) productFacts(v marketplace.ProductView) []view.Fact {
	p := v.Product
	facts := []view.Fact{{Name: "Owner", Value: ui.Link{Text: partyOwner(p.Owner, v.OwnerName).Name, Href: ownerPage(p.Owner)}}}
	if v.DomainName != "" {
		facts = append(facts, view.Fact{Name: "Domain", Value: ui.Link{Text: v.DomainName, Href: link.Domain(string(p.Domain), v.DomainName)}})
	}
	if p.Contact != "" {
		facts = append(facts, view.Fact{Name: "Contact", Value: ui.Link{Text: p.Contact}})
	}
	if !p.Published.IsZero() {
		facts = append(facts, view.Fact{Name: "Published", Value: ui.Link{Text: p.Published.UTC().Format("2 January 2006")}})
	}
	return append(facts, view.Fact{Name: "Datasets", Value: ui.Link{Text: strconv.Itoa(len(v.Parts))}})
}

func ownerPage(id graph.ID) string {
	switch kindOfID(id) {
	case "tea":
		return link.Team(string(id))
	case "usr":
		return link.Person(string(id))
	}
	return ""
}

// holdersOf are those who have it, as far as the reader may see.
func (s *Site) holdersOf(v marketplace.ProductView) (out []view.Holder, all ui.Link, none string) {
	for _, g := range v.Holders[:min(len(v.Holders), shownHolders)] {
		note := template.Access(g.Access).Words()
		if !g.Until.IsZero() {
			note += ", until " + g.Until.UTC().Format("2 Jan 2006")
		}
		out = append(out, view.Holder{Who: partyOwner(g.Holder, g.HolderName), Note: note})
	}
	if len(v.Holders) > 0 {
		count := ui.Count(len(v.Holders), "grant", "grants")
		if v.More {
			count = "more than " + count
		}
		all = ui.Link{Text: "All, " + count, Href: link.GrantsOf(string(v.Product.ID))}
	}
	none = "Nobody that you may know of. Its owner sees everybody who has it."
	if v.MayManage {
		none = "Nobody has it yet."
	}
	return out, all, none
}

var productActs = map[string]string{
	"marketplace.product-create": "Made", "marketplace.product-edit": "Changed", "marketplace.product-publish": "Published",
	"marketplace.product-deprecate": "Said to end", "marketplace.product-retire": "Retired", "marketplace.terms": "New terms of use",
}

// productChanges are the last changes, each with the fields that changed.
func (s *Site) productChanges(v marketplace.ProductView) []view.Change {
	var out []view.Change
	for _, e := range v.History {
		text, known := productActs[e.Action]
		if !known {
			continue
		}
		if e.Action == "marketplace.product-edit" {
			text += " " + strings.ReplaceAll(strings.Join(e.Fields, ", "), "parts", "datasets")
		}
		out = append(out, view.Change{Text: text, By: e.By, When: s.when(e.At)})
		if len(out) == shownChanges {
			break
		}
	}
	return out
}
