package web

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"weir/authz"
	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/template"
	"weir/views/link"
	view "weir/views/request"
	"weir/views/ui"
)

// requestRows is how many requests a part of the list shows.
const requestRows = 50

// draftState stands in an address for what was never sent.
const draftState = "draft"

// requestList lists what the reader asked for, or what was asked for on behalf of one of his.
func (s *Site) requestList(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	at := link.RequestPart{For: q.Get("for"), State: q.Get("state"), Text: typed(q, "q"), After: q.Get("after")}
	p := view.List{Text: at.Text, State: at.State, For: at.For, States: stateTabs(at)}
	var err error
	if p.Whose, err = s.whoseRequests(r, at.For); err != nil {
		return err
	}
	switch {
	case at.Text != "":
		err = s.foundRequests(r, at, &p)
	case at.State == draftState:
		err = s.draftList(r, at, &p)
	default:
		err = s.listedRequests(r, at, &p)
	}
	if err != nil {
		return err
	}
	if len(p.Rows)+len(p.Drafts) == 0 && at.After == "" {
		p.Blank = blankRequests(at)
	}
	return s.show(w, r, http.StatusOK, view.ListPage(s.shell(r), p))
}

// stateTabs are the parts of the list by state.
func stateTabs(at link.RequestPart) []ui.Option {
	var out []ui.Option
	for _, tab := range []struct{ state, label string }{
		{"", "All"}, {string(marketplace.OpenItems), "Waiting"}, {string(marketplace.ClosedItems), "Decided"}, {draftState, "Drafts"},
	} {
		to := link.RequestPart{For: at.For, State: tab.state}
		out = append(out, ui.Option{Label: tab.label, Href: link.RequestList(to), Current: at.State == tab.state && at.Text == ""})
	}
	return out
}

// whoseRequests are for whom requests can be listed.
func (s *Site) whoseRequests(r *http.Request, chosen string) ([]view.Choice, error) {
	options, _, err := s.forOptions(r, askForm{Ask: marketplace.Ask{For: graph.ID(chosen)}})
	if err != nil {
		return nil, err
	}
	out := []view.Choice{{Label: "Sent by me", On: chosen == ""}}
	if me := authz.Actor(r.Context()); len(options) > 0 && options[0].Value == "" && s.Identity != nil {
		out = append(out, view.Choice{Value: me, Label: "For me", On: chosen == me})
	}
	for _, o := range options[1:] {
		out = append(out, view.Choice{Value: o.Value, Label: "For " + o.Label, On: chosen == o.Value})
	}
	return out, nil
}

func (s *Site) listedRequests(r *http.Request, at link.RequestPart, p *view.List) error {
	q := marketplace.RequestList{State: marketplace.ItemState(at.State), After: at.After, Limit: requestRows}
	if at.For != "" {
		q.View, q.ID = marketplace.RequestsFor, graph.ID(at.For)
	}
	page, err := s.Market.Requests(r.Context(), q)
	if err != nil {
		return err
	}
	p.Rows = s.requestLines(r, page.Items)
	p.Pager = ui.Pager{Summary: ui.Count(len(p.Rows), "request", "requests") + " shown"}
	if at.After != "" {
		first := at
		first.After = ""
		p.Pager.First = link.RequestList(first)
	}
	if page.Next != "" {
		at.After = page.Next
		p.Pager.Next = link.RequestList(at)
	}
	return nil
}

func (s *Site) foundRequests(r *http.Request, at link.RequestPart, p *view.List) error {
	rows, err := s.Market.FindRequests(r.Context(), marketplace.RequestFind{Text: at.Text, For: graph.ID(at.For), Limit: requestRows})
	if err != nil {
		return err
	}
	p.Rows = s.requestLines(r, rows)
	p.Pager = ui.Pager{Summary: ui.Count(len(rows), "request", "requests") + " found", First: link.RequestList(link.RequestPart{For: at.For})}
	return nil
}

func (s *Site) draftList(r *http.Request, at link.RequestPart, p *view.List) error {
	page, err := s.Market.Drafts(r.Context(), at.After, requestRows)
	if err != nil {
		return err
	}
	for _, d := range page.Items {
		row := view.DraftRow{ID: string(d.ID), Title: ui.Link{Text: requestTitle(d), Href: link.GoOn(string(d.ID))}, When: s.when(d.At)}
		if d.Purpose != "" {
			row.About = template.PurposeTitle(d.Purpose)
		}
		p.Drafts = append(p.Drafts, row)
	}
	p.Pager = ui.Pager{Summary: ui.Count(len(p.Drafts), "draft", "drafts")}
	if page.Next != "" {
		at.After = page.Next
		p.Pager.Next = link.RequestList(at)
	}
	return nil
}

// requestTitle names a request by what is asked for.
func requestTitle(v marketplace.RequestView) string {
	if len(v.Items) == 0 {
		return "Nothing yet"
	}
	if more := len(v.Items) - 1; more > 0 {
		return v.Items[0].Title + " and " + ui.Count(more, "more thing", "more things")
	}
	return v.Items[0].Title
}

func (s *Site) requestLines(r *http.Request, items []marketplace.ItemRow) []view.Line {
	me := authz.Actor(r.Context())
	var out []view.Line
	for _, i := range items {
		if i.State == marketplace.Draft {
			continue
		}
		line := view.Line{Title: ui.Link{Text: i.Title, Href: link.Request(string(i.Request))}, State: askerState(i.State, string(i.Sender) == me),
			About: aboutItem(i.Item), When: s.when(i.Sent)}
		if i.Holder != i.Sender {
			line.About += ", for " + nameOr(i.HolderName)
		}
		if string(i.Sender) != me {
			line.About += ", asked by " + nameOr(i.SenderName)
		}
		line.Acts, line.Late = s.actsWords(i.Item, i.WaitsFor, string(i.Sender) == me)
		out = append(out, line)
	}
	return out
}

// aboutItem says in a few words what is asked for: "Reporting, reading masked, 30 days".
func aboutItem(i marketplace.Item) string {
	return strings.Join([]string{template.PurposeTitle(i.Purpose), template.Access(i.Access).Words(), ui.Count(i.Days, "day", "days")}, ", ")
}

// askerState is where an item stands, as whoever asked for it reads it.
func askerState(state marketplace.ItemState, mine bool) ui.State {
	out := itemState(state)
	if mine && state == marketplace.NeedsInfo {
		out.Word = "Needs your answer"
	}
	return out
}

// actsWords says who has to act on an item and by when, or what came of it.
func (s *Site) actsWords(i marketplace.Item, waits []string, mine bool) (text string, late bool) {
	switch i.State {
	case marketplace.NeedsInfo:
		if mine {
			return "You have to answer", false
		}
		return strings.Join(few(waits, 2), ", ") + " has to answer", false
	case marketplace.Submitted:
		if i.Stuck {
			return "Nobody can decide: an administrator has to name somebody", true
		}
		left, over := s.leftWords(i.Due)
		has := " has to decide"
		if len(waits) > 1 {
			has = " have to decide"
		}
		return strings.Join(few(waits, 2), " and ") + has + left, over
	case marketplace.Approved:
		if i.Grant != "" {
			return "Granted on " + i.Decided.UTC().Format("2 Jan 2006"), false
		}
	case marketplace.Rejected, marketplace.Withdrawn, marketplace.Expired:
		return "Ended on " + i.Decided.UTC().Format("2 Jan 2006"), false
	}
	return "", false
}

// leftWords says how much time is left, after a comma; over tells that none is.
func (s *Site) leftWords(due time.Time) (text string, over bool) {
	if due.IsZero() {
		return "", false
	}
	left := due.Sub(s.Now())
	if left < 0 {
		return ", " + span(-left) + " late", true
	}
	return ", " + span(left) + " left", false
}

// orWords names those of whom one has to act: "Ines Okafor or one of 2 more".
func orWords(names []string) string {
	switch len(names) {
	case 0:
		return "Somebody"
	case 1:
		return nameOr(names[0])
	case 2:
		return nameOr(names[0]) + " or " + nameOr(names[1])
	}
	return fmt.Sprintf("%s or one of %d more", nameOr(names[0]), len(names)-1)
}

func blankRequests(at link.RequestPart) ui.Blank {
	ask := ui.Link{Text: "Ask for data", Href: link.NewRequest()}
	switch {
	case at.Text != "":
		return ui.Blank{Title: "Nothing found", Text: fmt.Sprintf("No request of this list has “%s” in what is asked for or in its purpose.", at.Text),
			Action: ui.Link{Text: "Show all", Href: link.RequestList(link.RequestPart{For: at.For})}}
	case at.State == draftState:
		return ui.Blank{Title: "No drafts", Text: "What you begin to ask for and don't send yet is kept here. Nobody else sees it.", Action: ask}
	case at.State != "":
		return ui.Blank{Title: "None in this part", Text: "No request of this list is in this state now.", Action: ui.Link{Text: "Show all", Href: link.RequestList(link.RequestPart{For: at.For})}}
	}
	return ui.Blank{Whole: true, Title: "Nothing asked for yet", Text: "Find a product, ask for it, and follow here who decides and by when.",
		Action: ui.Link{Text: "Look at products", Href: link.Products()}, Other: ask}
}
