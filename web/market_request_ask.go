package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"weir/errs"
	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/template"
	"weir/views/form"
	"weir/views/link"
	view "weir/views/request"
	"weir/views/ui"
)

// offersShown is how many products a search for more of them lists.
const offersShown = 6

// showAsk shows the form as it was filled, with what would come of it.
func (s *Site) showAsk(w http.ResponseWriter, r *http.Request, status int, f askForm) error {
	all, err := s.previews(r, &f)
	if err != nil {
		return err
	}
	p := view.Ask{
		Title: askTitle(all, f.Items), Crumbs: askCrumbs(all), Refused: f.refused,
		Draft: view.Draft{ID: string(f.ID), Key: f.Key, Kept: f.kept},
		Who:   f.who, Find: f.find, Why: f.Why, Until: f.until,
		Access: accessOptions(all, f.Access), Purposes: purposeOptions(all, f.Purpose), Environments: environmentOptions(all, f.Environment),
		Days: dayOptions(f.days), DaysHint: s.daysHint(all, f.Ask), Verdict: s.verdictOf(all, f),
	}
	if p.For, p.WhoNo, err = s.forOptions(r, f); err != nil {
		return err
	}
	if p.Offers, p.FindNo, err = s.offersOf(r, f); err != nil {
		return err
	}
	for n, one := range all {
		p.Items = append(p.Items, s.askItem(n, one, f))
	}
	placeErrors(&p, f.errors)
	return s.show(w, r, status, view.AskPage(s.shell(r), p))
}

// previews asks what would come of the request as it is, and fills in the kind of access that opens least, where none is said.
// What isn't said yet is taken as usual for it: the page says so.
func (s *Site) previews(r *http.Request, f *askForm) ([]marketplace.Preview, error) {
	if len(f.Items) == 0 {
		return nil, nil
	}
	choose := f.Access == ""
	if choose {
		f.Access = string(template.Masked)
	}
	all, err := s.preview(r, f)
	if err != nil {
		return nil, err
	}
	if best := usualAccess(all); choose && string(best) != f.Access {
		f.Access = string(best)
		if all, err = s.preview(r, f); err != nil {
			return nil, err
		}
	}
	if f.takeOnly(all) {
		return s.preview(r, f)
	}
	return all, nil
}

// preview asks it once. For whom it can't be asked is said in the form, and looked at as for the reader himself.
func (s *Site) preview(r *http.Request, f *askForm) ([]marketplace.Preview, error) {
	in := f.Ask
	in.Purpose = cmp.Or(in.Purpose, template.Purposes[0].Key)
	all, err := s.Market.Preview(r.Context(), in)
	e, ok := errs.As(err)
	if ok && e.Kind == errs.Invalid && len(e.Fields) > 0 && e.Fields[0].Name == "for" && in.For != "" {
		if !slices.ContainsFunc(f.errors, func(o errs.Field) bool { return o.Name == "for" }) {
			f.errors = append(f.errors, e.Fields...)
		}
		in.For = ""
		return s.Market.Preview(r.Context(), in)
	}
	return all, err
}

// takeOnly takes of an item only the columns that come at once, where that button was pressed; it tells whether it did.
func (f *askForm) takeOnly(all []marketplace.Preview) bool {
	for n, one := range all {
		id := f.Items[n].Target
		it := f.items[id]
		if !it.onlyAt {
			continue
		}
		f.Items[n].Columns = nil
		for _, c := range one.Offered {
			if c.Outcome == template.AtOnce && c.Asked {
				f.Items[n].Columns = append(f.Items[n].Columns, c.ID)
			}
		}
		it.onlyAt, it.none = false, false
		f.items[id] = it
		return true
	}
	return false
}

func askTitle(all []marketplace.Preview, items []marketplace.AskItem) string {
	switch {
	case len(all) == 0:
		return "Ask for data"
	case len(all) == 1 && items[0].Extends != "":
		return "Ask for more time for " + previewName(all[0])
	case len(all) == 1:
		return "Ask for " + previewName(all[0])
	}
	return "Ask for " + ui.Count(len(all), "thing", "things")
}

func previewName(p marketplace.Preview) string { return cmp.Or(p.Title, "something that isn't there") }

func askCrumbs(all []marketplace.Preview) []ui.Link {
	if len(all) == 1 && all[0].Title != "" {
		return []ui.Link{previewLink(all[0]), {Text: "Ask"}}
	}
	return []ui.Link{{Text: "Requests", Href: link.Requests()}, {Text: "Ask"}}
}

// previewLink leads to the product or dataset that is asked for.
func previewLink(p marketplace.Preview) ui.Link {
	switch {
	case p.Title == "":
		return ui.Link{Text: previewName(p)}
	case p.Product != nil:
		return ui.Link{Text: p.Title, Href: link.Product(p.Product.Slug)}
	}
	return ui.Link{Text: p.Title, Href: link.Dataset(string(p.Target), p.Title)}
}

// accessTitles are the kinds of access as the form calls them.
var accessTitles = map[template.Access]string{
	template.Metadata: "Metadata only", template.Masked: "Read, masked", template.Read: "Read in clear text", template.Export: "Export a copy",
}

// usualAccess is what the form begins with: reading masked, or else what can be had.
func usualAccess(all []marketplace.Preview) template.Access {
	for _, access := range []template.Access{template.Masked, template.Read, template.Metadata, template.Export} {
		if wayWords(all, access) != notPossible {
			return access
		}
	}
	return template.Masked
}

const notPossible = "not possible"

// wayWords says what a kind of access takes, of all things together.
func wayWords(all []marketplace.Preview, access template.Access) string {
	approvals, stuck := 0, false
	for _, p := range all {
		for _, way := range p.Ways {
			if way.Access != access {
				continue
			}
			if way.Outcome == template.Impossible {
				return notPossible
			}
			approvals += way.Approvals
			stuck = stuck || way.Stuck
		}
	}
	switch {
	case stuck:
		return "nobody can decide"
	case approvals > 0:
		return ui.Count(approvals, "approval", "approvals")
	}
	return "granted at once"
}

func accessOptions(all []marketplace.Preview, chosen string) []form.Option {
	var out []form.Option
	for _, a := range template.Accesses {
		out = append(out, form.Option{Value: string(a), Label: accessTitles[a], Hint: wayWords(all, a), On: string(a) == chosen})
	}
	return out
}

func purposeOptions(all []marketplace.Preview, chosen string) []form.Option {
	out := []form.Option{{Label: "Choose what it is for", On: chosen == ""}}
	for _, p := range template.Purposes {
		o := form.Option{Value: p.Key, Label: p.Title, On: p.Key == chosen}
		if refusedBy(all, func(v template.Verdict) bool { return !slices.Contains(v.Purposes, p.Key) }) {
			o.Label += " (not possible here)"
		}
		out = append(out, o)
	}
	return out
}

// refusedBy tells whether the policies of any of the things are against something.
func refusedBy(all []marketplace.Preview, against func(template.Verdict) bool) bool {
	return slices.ContainsFunc(all, func(p marketplace.Preview) bool { return p.Problem == "" && against(p.Verdict) })
}

func environmentOptions(all []marketplace.Preview, chosen string) []form.Option {
	names := slices.Clone(template.Environments)
	for _, p := range all {
		names = append(names, p.Verdict.Environments...)
	}
	if chosen != "" {
		names = append(names, chosen)
	}
	out := []form.Option{{Label: "Not said", On: chosen == ""}}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			continue
		}
		o := form.Option{Value: name, Label: ui.Capital(name), On: name == chosen}
		if refusedBy(all, func(v template.Verdict) bool { return v.Environments != nil && !slices.Contains(v.Environments, name) }) {
			o.Label += " (not possible here)"
		}
		out = append(out, o)
	}
	return out
}

func dayOptions(chosen string) []form.Option {
	var out []form.Option
	for _, n := range presets {
		out = append(out, form.Option{Value: strconv.Itoa(n), Label: ui.Count(n, "day", "days")})
	}
	return form.Choose(append(out, form.Option{Value: untilDay, Label: "Until"}), chosen)
}

// daysHint says when it would end, and how long is possible.
func (s *Site) daysHint(all []marketplace.Preview, in marketplace.Ask) string {
	var out []string
	if in.Days > 0 && in.Until.IsZero() {
		end := s.Now().UTC().Add(time.Duration(in.Days) * 24 * time.Hour)
		out = append(out, "If it is granted today, it ends on "+end.Format("2 Jan 2006")+".")
	}
	most := 0
	for _, p := range all {
		if m := p.Verdict.MaxDays; m > 0 && (most == 0 || m < most) {
			most = m
		}
	}
	if most > 0 {
		out = append(out, "At most "+ui.Count(most, "day", "days")+".")
	}
	return strings.Join(out, " ")
}

// offersOf are products that can be added, where one was searched for.
func (s *Site) offersOf(r *http.Request, f askForm) ([]view.Offer, string, error) {
	if f.find == "" {
		return nil, "", nil
	}
	found, err := s.Market.Products(r.Context(), marketplace.ProductList{Text: f.find, Limit: offersShown + len(f.Items)})
	if err != nil {
		return nil, "", err
	}
	var out []view.Offer
	for _, p := range found.Items {
		taken := slices.ContainsFunc(f.Items, func(i marketplace.AskItem) bool { return i.Target == p.ID })
		if !taken && p.State != marketplace.ProductDraft && len(out) < offersShown {
			out = append(out, view.Offer{ID: string(p.ID), Title: p.Title, Summary: p.Summary})
		}
	}
	if len(out) == 0 {
		return nil, fmt.Sprintf("No other product was found for “%s”.", f.find), nil
	}
	return out, "", nil
}

// placeErrors says what is wrong beside the fields that it is about: those of an item stand in it.
func placeErrors(p *view.Ask, fields []errs.Field) {
	for _, e := range fields {
		at, rest, ok := strings.Cut(strings.TrimPrefix(e.Name, "items["), "]")
		n, err := strconv.Atoi(at)
		if ok && err == nil && strings.HasPrefix(e.Name, "items[") && n >= 0 && n < len(p.Items) {
			text := itemErrorText(strings.TrimPrefix(rest, "."), e.Message)
			p.Items[n].Errors = append(p.Items[n].Errors, text)
			p.Errors = append(p.Errors, form.Error{Field: "item-" + at, Label: p.Items[n].Name.Text, Message: text})
			continue
		}
		if label, known := askLabels[e.Name]; known {
			p.Errors = append(p.Errors, form.Error{Field: e.Name, Label: label, Message: ui.Capital(e.Message)})
			continue
		}
		p.Refused = strings.TrimSpace(p.Refused + " " + ui.Capital(e.Name+" "+e.Message))
	}
}

// itemErrorText is a message about a field of an item as a sentence.
func itemErrorText(field, message string) string {
	if first := []rune(message + " ")[0]; strings.ToLower(string(first)) == string(first) && first != '“' {
		return ui.Capital(cmp.Or(map[string]string{"columns": "columns", "terms": "the terms of use", "target": "it", "extends": "what is extended"}[field], field) + " " + message)
	}
	return message
}

// askLabels are what stands above the fields of the form.
var askLabels = labels{"for": "For whom", "access": "How", "purpose": "Purpose", "why": "In your words", "days": "How long", "environment": "Where it is used", "items": "What"}

// forID is who a form is for: "" is the reader.
func forID(id graph.ID, me string) string {
	if string(id) == me {
		return ""
	}
	return string(id)
}
