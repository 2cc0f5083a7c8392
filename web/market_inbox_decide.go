package web

import (
	"net/http"
	"net/url"
	"strconv"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
	view "weir/views/inbox"
	"weir/views/link"
	"weir/views/ui"
)

// decideLabels are what stands above the fields of the forms that decide.
var decideLabels = labels{"reason": "Why", "days": "Days", "columns": "Columns"}

// verdictOf is what the button of a form says.
var verdictOf = map[string]marketplace.ItemAction{
	"approve": marketplace.Approve, "less": marketplace.Approve, "ask": marketplace.AskBack, "reject": marketplace.Reject,
	"break-glass": marketplace.BreakGlass,
}

// decideItem takes a decision, and goes on with the next item.
func (s *Site) decideItem(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	in, err := readDecide(r.PostForm, graph.ID(r.PathValue("item")))
	if err == nil {
		_, err = s.Market.Decide(r.Context(), in)
	}
	if err == nil {
		next := link.Decided(typed(r.PostForm, "next"), string(in.Item), partOfInbox(r.PostForm))
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	}
	return s.notDecided(w, r, err)
}

// readDecide reads a form that decides on an item.
func readDecide(values url.Values, item graph.ID) (marketplace.Decide, error) {
	in := marketplace.Decide{Item: item, Reason: typed(values, "reason"), Seen: values.Get("seen"), Verdict: verdictOf[values.Get("do")]}
	if in.Verdict == "" || in.Verdict == marketplace.BreakGlass {
		return in, errs.Bad("do", "is approve, less, ask or reject.")
	}
	var err error
	if in.Version, err = strconv.ParseInt(values.Get("version"), 10, 64); err != nil {
		return in, errs.Bad("version", "is not a number.")
	}
	if values.Get("do") != "less" {
		return in, nil
	}
	if in.Days, err = strconv.Atoi(typed(values, "days")); err != nil || in.Days < 1 {
		return in, errs.Bad("days", "has to be a number from 1 on.")
	}
	for _, id := range values["columns"] {
		in.Columns = append(in.Columns, graph.ID(id))
	}
	if values.Get("listed") != "" && len(in.Columns) == 0 {
		return in, errs.Bad("columns", "have to be at least one. To let none through, reject it.")
	}
	return in, nil
}

// notDecided shows the item again with why it wasn't decided; what was typed is kept.
func (s *Site) notDecided(w http.ResponseWriter, r *http.Request, err error) error {
	var t trouble
	switch {
	case errs.Is(err, errs.Forbidden):
		t = trouble{refused: errs.Shown(err), status: http.StatusForbidden}
	default:
		var other error
		if t, other = troubleOf(err, decideLabels); other != nil {
			return other
		}
	}
	return s.showItem(w, r, t.status, partOfInbox(r.PostForm), func(p *view.Page) {
		d := &p.Detail.Decide
		d.Open, d.Errors, d.Refused = r.PostForm.Get("do"), t.fields, t.refused
		if errs.Is(err, errs.Conflict) {
			d.Refused, d.Conflict = "", t.refused+" What you wrote is kept below."
		}
		keepTyped(d, r.PostForm)
	})
}

// keepTyped puts back what a form held. Columns that are asked for no more are dropped.
func keepTyped(d *view.Decide, values url.Values) {
	text := typed(values, "reason")
	switch values.Get("do") {
	case "ask":
		d.Typed.Ask = text
	case "reject":
		d.Typed.Reject = text
	case "less":
		d.Typed.Less, d.Typed.Days = text, typed(values, "days")
		on := map[string]bool{}
		for _, id := range values["columns"] {
			on[id] = true
		}
		for n := range d.Columns {
			d.Columns[n].On = on[d.Columns[n].ID]
		}
	}
}

// decidedNotice says what came of the decision that led here, by what the store has of it.
func (s *Site) decidedNotice(r *http.Request) (view.Notice, error) {
	id := r.URL.Query().Get("decided")
	if id == "" || r.Method != http.MethodGet {
		return view.Notice{}, nil
	}
	item, err := s.Market.Item(r.Context(), graph.ID(id))
	if errs.Is(err, errs.NotFound) {
		return view.Notice{}, nil
	}
	if err != nil {
		return view.Notice{}, err
	}
	return noticeOf(item, graph.ID(authz.Actor(r.Context()))), nil
}

// noticeOf words the last decision of somebody on an item.
func noticeOf(i marketplace.ItemView, me graph.ID) view.Notice {
	for n := len(i.Decisions) - 1; n >= 0; n-- {
		d := i.Decisions[n]
		if d.By != me {
			continue
		}
		asker := partyOwner(i.Sender, i.SenderName).Name
		out := view.Notice{Tone: ui.Green, Link: ui.Link{Text: "Look at it", Href: link.InboxItem(string(i.ID), link.InboxPage{})}}
		switch d.Verdict {
		case marketplace.Reject:
			out.Text = "You rejected what " + asker + " asked for. It can't be undone; it can be asked for again."
		case marketplace.AskBack:
			out.Text = "You asked " + asker + ". The request comes back once it is answered."
		case marketplace.BreakGlass:
			out.Text = "You broke the glass for " + asker + "."
			if i.State != marketplace.Approved {
				out.Text += " A second person has to do it, too, within a day."
			}
		default:
			out.Text = approvedText(i, asker)
		}
		if i.Grant != "" {
			out.Link = ui.Link{Text: "Look at the grant", Href: link.Sub(link.Grants(), string(i.Grant))}
		}
		return out
	}
	return view.Notice{}
}

func approvedText(i marketplace.ItemView, asker string) string {
	out := "You approved " + i.Title + " for " + asker + "."
	if i.State == marketplace.Approved {
		return out + " It is granted; the grant says when access begins. A decision can't be undone; a grant can be revoked."
	}
	return out + " Others have to approve, too, before access begins."
}
