package web

import (
	"net/http"
	"strconv"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
	view "weir/views/inbox"
	"weir/views/link"
)

// breakGlass asks once more before the glass is broken, and then breaks it.
func (s *Site) breakGlass(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodPost {
		return s.showBreak(w, r, http.StatusOK, func(*view.Decide) {})
	}
	if err := readForm(w, r); err != nil {
		return err
	}
	in := marketplace.Decide{Item: graph.ID(r.PathValue("item")), Verdict: marketplace.BreakGlass, Reason: typed(r.PostForm, "reason"), Seen: r.PostForm.Get("seen")}
	var err error
	if in.Version, err = strconv.ParseInt(r.PostForm.Get("version"), 10, 64); err != nil {
		return errs.Bad("version", "is not a number.")
	}
	_, err = s.Market.Decide(r.Context(), in)
	if err == nil {
		http.Redirect(w, r, link.Decided("", string(in.Item), link.InboxPage{}), http.StatusSeeOther)
		return nil
	}
	t := trouble{refused: errs.Shown(err), status: http.StatusForbidden}
	if !errs.Is(err, errs.Forbidden) {
		if t, err = troubleOf(err, decideLabels); err != nil {
			return err
		}
	}
	return s.showBreak(w, r, t.status, func(d *view.Decide) {
		d.Typed.Break, d.Errors, d.Refused = in.Reason, t.fields, t.refused
	})
}

func (s *Site) showBreak(w http.ResponseWriter, r *http.Request, status int, change func(*view.Decide)) error {
	item, err := s.Market.Item(r.Context(), graph.ID(r.PathValue("item")))
	if err != nil {
		return err
	}
	if !item.MayBreak && r.Method != http.MethodPost {
		return errs.E(errs.Forbidden, "Only security can break the glass, for what somebody else waits for.")
	}
	b := view.Break{Detail: s.itemDetail(r, item), First: s.brokenBy(item, graph.ID(authz.Actor(r.Context())))}
	change(&b.Detail.Decide)
	return s.show(w, r, status, view.BreakPage(s.shell(r), b))
}

// brokenBy is who else has broken the glass within the last day.
func (s *Site) brokenBy(i marketplace.ItemView, me graph.ID) string {
	for _, d := range i.Decisions {
		if d.Verdict == marketplace.BreakGlass && d.By != me && s.Now().Sub(d.At) <= 24*time.Hour {
			return nameOr(d.ByName)
		}
	}
	return ""
}
