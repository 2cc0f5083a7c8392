package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/template"
	view "weir/views/inbox"
	"weir/views/link"
	"weir/views/ui"
)

// inboxRows is how many requests a part of the inbox lists.
const inboxRows = 50

// inboxRoutes are the pages on which people decide.
func (s *Site) inboxRoutes() []route {
	decide, look := may(authz.Request, authz.Decide), may(authz.Request, authz.Write) // whose business an item is the queries decide
	return []route{
		{"GET /inbox", decide, s.page(s.inbox)},
		{"GET /inbox/{item}", decide, s.page(s.inboxItem)},
		{"POST /inbox/{item}", decide, s.page(s.decideItem)},
		{"GET /inbox/{item}/break-glass", decide, s.page(s.breakGlass)},
		{"POST /inbox/{item}/break-glass", decide, s.page(s.breakGlass)},
		{"GET /inbox/bulk", decide, s.page(s.bulkConfirm)},
		{"POST /inbox/bulk", decide, s.page(s.bulkDecide)},
		{"GET /decisions/{id}", look, s.page(s.replay)},
		{"GET /decisions/{id}/facts.json", look, s.page(s.replayFacts)},
	}
}

// inbox answers the list with nothing beside it.
func (s *Site) inbox(w http.ResponseWriter, r *http.Request) error {
	p, err := s.inboxPage(r, partOfInbox(r.URL.Query()), "")
	if err != nil {
		return err
	}
	if p.Notice, err = s.decidedNotice(r); err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.InboxPage(s.shell(r), p))
}

func partOfInbox(values url.Values) link.InboxPage {
	return link.InboxPage{Text: typed(values, "q"), Sort: values.Get("sort"), After: values.Get("after")}
}

// inboxPage reads a part of the list. current is the item that stands beside it; "" is none.
func (s *Site) inboxPage(r *http.Request, at link.InboxPage, current graph.ID) (view.Page, error) {
	p := view.Page{List: view.List{At: at, Found: at.Text != ""}}
	got, err := s.Market.Inbox(r.Context(), marketplace.InboxList{Text: at.Text, Sort: at.Sort, After: at.After, Limit: inboxRows})
	if err != nil {
		return p, err
	}
	p.List.Cut = got.Cut
	for _, row := range got.Items {
		p.List.Rows = append(p.List.Rows, s.inboxRow(row, at, current))
	}
	if got.Next != "" {
		next := at
		next.After = got.Next
		p.List.Next = link.InboxList(next)
	}
	return p, nil
}

func (s *Site) inboxRow(row marketplace.InboxRow, at link.InboxPage, current graph.ID) view.Row {
	out := view.Row{
		ID: string(row.ID), Href: link.InboxItem(string(row.ID), at), Who: partyOwner(row.Sender, row.SenderName),
		What: row.Title + ", " + template.Access(row.Access).Words(), More: ui.Count(row.Days, "day", "days"),
		Sensitive: row.Sensitive, Due: s.due(row.Due), Stuck: row.Stuck, Partial: row.Partial, Current: row.ID == current,
	}
	if row.Extends != "" {
		out.More += " more"
	}
	if row.Holder != row.Sender {
		out.More = "for " + row.HolderName + ", " + out.More
	}
	return out
}

// partyOwner is the badge of a person, team or account by its id. Whoever was erased has no name.
func partyOwner(id graph.ID, name string) ui.Owner {
	out := ui.Owner{ID: string(id), Name: name, Kind: "person"}
	if name == "" {
		out.Name = "Somebody who was erased"
	}
	switch kindOfID(id) {
	case "tea":
		out.Kind = "team"
	case "acc":
		out.Kind = "agent"
	}
	return out
}

// kindOfID is what the id of a node says of its kind.
func kindOfID(id graph.ID) string {
	prefix, _, _ := strings.Cut(string(id), "_")
	return prefix
}

// soon is how long before its time something counts as urgent.
const soon = 24 * time.Hour

// due words by when somebody has to decide.
func (s *Site) due(at time.Time) view.Due {
	if at.IsZero() {
		return view.Due{}
	}
	left := at.Sub(s.Now())
	out := view.Due{When: s.when(at), Soon: left < soon}
	switch {
	case left < 0:
		out.Left = span(-left) + " late"
	default:
		out.Left = span(left) + " left"
	}
	return out
}

// span words a time in days and hours, in hours, or in minutes.
func span(d time.Duration) string {
	days, hours := int(d.Hours())/24, int(d.Hours())%24
	switch {
	case days > 3 || days > 0 && hours == 0:
		return fmt.Sprintf("%d d", days)
	case days > 0:
		return fmt.Sprintf("%d d %d h", days, hours)
	case hours > 0:
		return fmt.Sprintf("%d h", hours)
	}
	return fmt.Sprintf("%d min", int(d.Minutes()))
}

// inboxItem answers an item beside the list.
func (s *Site) inboxItem(w http.ResponseWriter, r *http.Request) error {
	return s.showItem(w, r, http.StatusOK, partOfInbox(r.URL.Query()), func(*view.Page) {})
}

// showItem shows an item beside its part of the list, with what a form has to add to it.
func (s *Site) showItem(w http.ResponseWriter, r *http.Request, status int, at link.InboxPage, change func(*view.Page)) error {
	id := graph.ID(r.PathValue("item"))
	item, err := s.Market.Item(r.Context(), id)
	if err != nil {
		return err
	}
	p, err := s.inboxPage(r, at, id)
	if errs.Is(err, errs.Invalid) && r.Method == http.MethodPost {
		p, err = s.inboxPage(r, link.InboxPage{}, id) // the part of the list that was left is gone; the item is not
	}
	if err != nil {
		return err
	}
	d := s.itemDetail(r, item)
	d.Decide.At, d.Decide.Next = p.List.At, p.NextItem()
	p.Detail = &d
	if p.Notice, err = s.decidedNotice(r); err != nil {
		return err
	}
	change(&p)
	return s.show(w, r, status, view.InboxPage(s.shell(r), p))
}
