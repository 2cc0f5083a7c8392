package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"weir/errs"
	"weir/graph"
	"weir/marketplace"
	view "weir/views/inbox"
	"weir/views/link"
	"weir/views/ui"
)

// bulkConfirm asks once more before several items are decided.
func (s *Site) bulkConfirm(w http.ResponseWriter, r *http.Request) error {
	values := r.URL.Query()
	b := view.Bulk{Do: values.Get("do"), At: partOfInbox(values)}
	return s.showBulk(w, r, http.StatusOK, b, values["item"])
}

func (s *Site) showBulk(w http.ResponseWriter, r *http.Request, status int, b view.Bulk, ids []string) error {
	switch {
	case b.Do != "approve" && b.Do != "reject":
		return errs.Bad("do", "is approve or reject.")
	case len(ids) == 0:
		return errs.Bad("item", "is missing: choose at least one request in the list.")
	case len(ids) > marketplace.MaxDecisions:
		return errs.Badf("item", "has to be at most %d times there.", marketplace.MaxDecisions)
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		item, err := s.Market.Item(r.Context(), graph.ID(id))
		if errs.Is(err, errs.NotFound) {
			b.Left = append(b.Left, view.BulkRow{Title: ui.Link{Text: id}, Why: "There is no such request, or it is not for you."})
			continue
		}
		if err != nil {
			return err
		}
		row := bulkRow(item)
		if row.Why = notSo(item, b.Do); row.Why != "" {
			b.Left = append(b.Left, row)
			continue
		}
		b.Rows = append(b.Rows, row)
	}
	return s.show(w, r, status, view.BulkPage(s.shell(r), b))
}

func bulkRow(i marketplace.ItemView) view.BulkRow {
	return view.BulkRow{ID: string(i.ID), Version: strconv.FormatInt(i.Version, 10), Seen: i.Facts, Scope: scope(len(i.Columns), i.Days),
		Title: ui.Link{Text: asks(i), Href: link.InboxItem(string(i.ID), link.InboxPage{})}, Risks: risksOf(i), Changed: i.Changed}
}

// notSo says why an item can't be decided so by the reader; "" if it can.
func notSo(i marketplace.ItemView, do string) string {
	switch {
	case !undecided(i.State):
		return "It is decided already: " + strings.ToLower(itemState(i.State).Word) + "."
	case !i.MayDecide && i.WhyNot != "":
		return i.WhyNot
	case !i.MayDecide:
		return "It isn't yours to decide."
	case do == "approve" && i.Gone != "":
		return i.Gone
	case do == "approve" && i.State != marketplace.Submitted:
		return "It waits for an answer."
	}
	return ""
}

// bulkDecide decides each item by itself, and says what came of each.
func (s *Site) bulkDecide(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	b := view.Bulk{Do: r.PostForm.Get("do"), At: partOfInbox(r.PostForm), Reason: typed(r.PostForm, "reason")}
	all, err := readBulk(r, b)
	if err != nil {
		return err
	}
	if b.Do == "reject" && b.Reason == "" {
		t, err := troubleOf(errs.Bad("reason", "is missing: say why, so that they know what to do."), decideLabels)
		if err != nil {
			return err
		}
		b.Errors = t.fields
		return s.showBulk(w, r, t.status, b, r.PostForm["item"])
	}
	out, err := s.Market.DecideAll(r.Context(), all)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.OutcomePage(s.shell(r), s.outcomes(r, b, out)))
}

func readBulk(r *http.Request, b view.Bulk) ([]marketplace.Decide, error) {
	items, versions, seen := r.PostForm["item"], r.PostForm["version"], r.PostForm["seen"]
	if len(items) == 0 || len(items) != len(versions) || len(items) != len(seen) {
		return nil, errs.Bad("item", "is missing, or comes without what was looked at.")
	}
	if b.Do != "approve" && b.Do != "reject" {
		return nil, errs.Bad("do", "is approve or reject.")
	}
	var out []marketplace.Decide
	for n, id := range items {
		version, err := strconv.ParseInt(versions[n], 10, 64)
		if err != nil {
			return nil, errs.Bad("version", "is not a number.")
		}
		out = append(out, marketplace.Decide{Item: graph.ID(id), Version: version, Seen: seen[n], Reason: b.Reason, Verdict: verdictOf[b.Do]})
	}
	return out, nil
}

// outcomes words what came of several decisions.
func (s *Site) outcomes(r *http.Request, b view.Bulk, all []marketplace.Outcome) view.Outcomes {
	out := view.Outcomes{At: b.At, Tone: ui.Green}
	counts := map[string]int{}
	for _, o := range all {
		row := s.outcomeOf(r, b.Do, o)
		counts[row.Text]++
		if row.Tone != ui.Green {
			out.Tone = ui.Amber
		}
		out.Rows = append(out.Rows, row)
	}
	var parts []string
	for _, row := range out.Rows {
		if n := counts[row.Text]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d: %s", n, row.Text))
			delete(counts, row.Text)
		}
	}
	out.Summary = strings.Join(parts, "; ") + "."
	return out
}

func (s *Site) outcomeOf(r *http.Request, do string, o marketplace.Outcome) view.Outcome {
	out := view.Outcome{Title: ui.Link{Text: string(o.Item), Href: link.InboxItem(string(o.Item), link.InboxPage{})}}
	if o.Err == nil {
		out.Title.Text = asks(o.View)
	} else if item, err := s.Market.Item(r.Context(), o.Item); err == nil {
		out.Title.Text = asks(item)
	}
	switch {
	case o.Err == nil && do == "reject":
		out.Text, out.Icon, out.Tone = "rejected", "circle-check", ui.Green
	case o.Err == nil && o.View.State == marketplace.Approved:
		out.Text, out.Icon, out.Tone = "approved, and granted", "circle-check", ui.Green
	case o.Err == nil:
		out.Text, out.Icon, out.Tone = "approved, others decide next", "circle-check", ui.Green
	case errs.Is(o.Err, errs.Conflict):
		out.Text, out.Icon, out.Tone = "changed or decided since you looked", "history", ui.Amber
	case errs.Is(o.Err, errs.Forbidden):
		out.Text, out.Icon, out.Tone = "not yours to decide", "ban", ui.Red
	case errs.Is(o.Err, errs.NotFound):
		out.Text, out.Icon, out.Tone = "not there any more", "circle-x", ui.Red
	case errs.Is(o.Err, errs.Unknown):
		out.Text, out.Icon, out.Tone = "the answer of the store was lost: look before you send it again", "triangle-alert", ui.Amber
	default:
		out.Text, out.Icon, out.Tone = "not decided: "+errs.Shown(o.Err), "triangle-alert", ui.Red
	}
	return out
}
