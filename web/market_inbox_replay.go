package web

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/flow"
	"weir/marketplace/template"
	view "weir/views/inbox"
	"weir/views/link"
	"weir/views/ui"
)

// replay shows a decision again with what it was made on, beside what holds now.
func (s *Site) replay(w http.ResponseWriter, r *http.Request) error {
	got, err := s.Market.Replay(r.Context(), graph.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.ReplayPage(s.shell(r), s.replayPage(r.Context(), got)))
}

// replayFacts sends the pinned facts, byte for byte.
func (s *Site) replayFacts(w http.ResponseWriter, r *http.Request) error {
	got, err := s.Market.Replay(r.Context(), graph.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if got.Bytes == nil {
		return errs.E(errs.NotFound, "There is no such file, or some of what is in it is hidden from you.")
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="`+link.Head(string(got.Decision.ID))+`.json"`)
	if _, err := w.Write(got.Bytes); err != nil {
		slog.DebugContext(r.Context(), "the client went away", "error", err)
	}
	return nil
}

func (s *Site) replayPage(ctx context.Context, got marketplace.Replay) view.Replay {
	d := got.Decision
	what, _, _ := verdictWords(d.Decision)
	out := view.Replay{
		Title: nameOr(d.ByName) + " " + what, Asked: ui.Capital(wish(template.Access(got.Item.Access), got.Item.Title)), When: s.when(d.At),
		Reason: d.Reason, Void: d.Void, Why: got.Then.Why, Pinned: len(d.Facts) > 0, Exact: got.Exact, Hash: d.Hash, Gone: got.Gone, Differs: got.Differs,
		Item:    ui.Link{Text: got.Item.Title, Href: link.InboxItem(string(got.Item.ID), link.InboxPage{})},
		Request: ui.Link{Href: link.Sub(link.Requests(), string(got.Item.Request))},
	}
	if d.ForName != "" {
		out.Title += ", in place of " + d.ForName
	}
	if got.Bytes != nil {
		out.File = link.DecisionFacts(string(d.ID))
	}
	if s.Log != nil && s.Policy.Can(ctx, authz.Audit, authz.Everywhere, authz.View) {
		out.Audit = link.AuditQuery{Asset: string(got.Item.ID)}.URL()
	}
	if out.Pinned {
		out.Facts = comparedFacts(got.Then, got.Now)
		out.Then, out.Now = flowsIn(got.ThenFlow, got.Then), flowsIn(got.NowFlow, got.Now)
	}
	return out
}

func flowsIn(f flow.Snapshot, facts marketplace.Facts) view.Flows {
	out := view.Flows{Coarse: coarseOf(f), Partial: f.Partial}
	out.Inflows, out.More = inflowsOf(f, comesWith(facts.Access, facts.Masking))
	return out
}

// outcomeWords are how pages say what policies make of something.
var outcomeWords = map[string]string{string(template.AtOnce): "Granted at once", string(template.NeedsSteps): "Somebody has to decide", string(template.Impossible): "Not possible"}

// comparedFacts puts facts side by side. What flows in is shown by itself.
func comparedFacts(then, now marketplace.Facts) []view.Compared {
	each := func(name string, of func(marketplace.Facts) string) view.Compared {
		return view.Compared{Name: name, Then: of(then), Now: of(now)}
	}
	return []view.Compared{
		each("What", func(f marketplace.Facts) string { return f.Title }),
		each("How", func(f marketplace.Facts) string { return ui.Capital(template.Access(f.Access).Words()) }),
		each("Purpose", func(f marketplace.Facts) string { return template.PurposeTitle(f.Purpose) }),
		each("How long", func(f marketplace.Facts) string { return ui.Count(f.Days, "day", "days") }),
		each("Where", func(f marketplace.Facts) string { return f.Environment }),
		each("What policies say", func(f marketplace.Facts) string { return outcomeWords[f.Outcome] }),
		each("Who has to decide", stepNames),
		each("Policies", policyNames),
		each("Masking", maskingText),
		each("Columns", columnNames),
	}
}

func stepNames(f marketplace.Facts) string {
	var out []string
	for _, st := range f.Steps {
		out = append(out, st.Name)
	}
	return strings.Join(out, ", then ")
}

func policyNames(f marketplace.Facts) string {
	var out []string
	for _, t := range f.Templates {
		name := t.Name
		if t.Version > 0 {
			name += ", version " + ui.Number(int64(t.Version))
		}
		out = append(out, name)
	}
	return strings.Join(out, "; ")
}

func maskingText(f marketplace.Facts) string {
	var out []string
	for _, class := range slices.Sorted(maps.Keys(f.Masking)) {
		out = append(out, strings.ToUpper(class)+": "+f.Masking[class])
	}
	return strings.Join(out, ", ")
}

// mostNamed is how many columns a fact names.
const mostNamed = 30

func columnNames(f marketplace.Facts) string {
	var out []string
	for n, c := range f.Columns {
		if n == mostNamed {
			out = append(out, ui.Count(len(f.Columns)-n, "more", "more"))
			break
		}
		name := c.Path
		if c.Masking != "" {
			name += " (" + c.Masking + ")"
		}
		out = append(out, name)
	}
	return strings.Join(out, ", ")
}
