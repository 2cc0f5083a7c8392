package web

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"weir/errs"
	"weir/marketplace"
	"weir/marketplace/template"
	view "weir/views/grant"
	"weir/views/link"
	"weir/views/ui"
)

// grant answers the page of one grant.
func (s *Site) grant(w http.ResponseWriter, r *http.Request) error {
	return s.showGrant(w, r, http.StatusOK, view.Forms{})
}

func (s *Site) showGrant(w http.ResponseWriter, r *http.Request, status int, forms view.Forms) error {
	g, err := s.Market.Grant(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	p := s.grantPage(g)
	p.Forms = forms
	return s.show(w, r, status, view.OnePage(s.shell(r), p))
}

// changeGrant answers a form of the page of a grant. What can't be done comes back as it was typed.
func (s *Site) changeGrant(name string, do func(context.Context, marketplace.GrantChange) (marketplace.Grant, error)) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := readForm(w, r); err != nil {
			return err
		}
		in := marketplace.GrantChange{Grant: idOf(r), Reason: r.PostForm.Get("reason")}
		var err error
		if in.Version, err = versionOf(r); err != nil {
			return err
		}
		last, err := lastDay("until", typed(r.PostForm, "until"))
		if err == nil {
			in.Until = last
			_, err = do(r.Context(), in)
		}
		if err == nil {
			return saved(w, r, link.Grant(string(in.Grant)))
		}
		t, err := troubleOf(err, labels{"reason": "Why", "until": "Last day"})
		if err != nil {
			return err
		}
		return s.showGrant(w, r, t.status, view.Forms{Open: name, Reason: in.Reason, Until: typed(r.PostForm, "until"), Errors: t.fields, Refused: t.refused})
	}
}

// versionOf is the version that a form carries; none is any.
func versionOf(r *http.Request) (int64, error) {
	text := r.PostForm.Get("version")
	if text == "" {
		return 0, nil
	}
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil || v < 1 {
		return 0, errs.Bad("version", "is not a number. Open the page again.")
	}
	return v, nil
}

// lastDay is the end of a day, in UTC, that a form holds; "" is zero.
func lastDay(field, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, errs.Bad(field, "is not a day such as 2026-11-30.")
	}
	return at.Add(24*time.Hour - time.Second), nil
}

// grantPage makes a page of a grant.
func (s *Site) grantPage(g marketplace.GrantView) view.Page {
	p := view.Page{
		ID: string(g.ID), Version: strconv.FormatInt(g.Version, 10), Title: targetLink(g), State: grantState(g.State), Lead: s.grantLead(g),
		Notes: s.grantNotes(g), Facts: s.grantFacts(g), Decisions: s.grantDecisions(g), Events: s.grantEvents(g),
		May: view.May{Revoke: g.MayRevoke, Shorten: g.MayShorten, HandBack: g.MayHandBack, Retry: g.MayRetry},
	}
	if g.MayRenew {
		p.May.Renew = link.Extend(string(g.ID))
	}
	if g.MayAskAgain {
		p.May.Again = link.AskAgain(string(g.Request))
	}
	for _, part := range g.Parts {
		d := view.Data{Hidden: part.Dataset == "", Columns: part.Columns}
		if !d.Hidden {
			d.Name = ui.Link{Text: part.Name, Href: link.Dataset(string(part.Dataset), part.Name)}
		}
		p.Parts = append(p.Parts, d)
	}
	for _, class := range slices.Sorted(maps.Keys(g.Masking)) {
		p.Masking = append(p.Masking, strings.ToUpper(class)+" is masked: "+g.Masking[class])
	}
	for _, c := range g.Commands {
		p.Commands = append(p.Commands, s.grantCommand(c))
	}
	for _, t := range g.Tasks {
		p.Tasks = append(p.Tasks, ui.Link{Text: t.Title, Href: link.Tasks()})
	}
	return p
}

// targetLink names what a grant is for, with its page for those who may see it.
func targetLink(g marketplace.GrantView) ui.Link {
	out := ui.Link{Text: g.Title}
	switch {
	case g.Slug != "":
		out.Href = link.Product(g.Slug)
	case kindOfID(g.Target) == "ds" && len(g.Parts) > 0 && g.Parts[0].Dataset != "":
		out.Href = link.Dataset(string(g.Target), g.Title)
	}
	return out
}

// grantLead says in a sentence who may do what, until when.
func (s *Site) grantLead(g marketplace.GrantView) string {
	who := partyOwner(g.Holder, g.HolderName).Name
	what := mayWords(template.Access(g.Access)) + " for " + strings.ToLower(template.PurposeTitle(g.Purpose))
	until := g.Until.UTC().Format("2 January 2006")
	switch g.State {
	case marketplace.Active:
		return who + " may " + what + " until " + until + "."
	case marketplace.Granting:
		return who + " is to " + what + " until " + until + ". The system that holds the data hasn't said yet that it is done."
	case marketplace.Failed:
		return who + " is to " + what + " until " + until + ", but the system that holds the data couldn't do it."
	}
	return "Until " + g.Ended.UTC().Format("2 January 2006") + " " + who + " could " + what + "."
}

// mayWords are what an access lets somebody do, behind "may".
func mayWords(a template.Access) string {
	switch a {
	case template.Metadata:
		return "see the metadata of this"
	case template.Masked:
		return "read this masked"
	case template.Export:
		return "read and export this"
	}
	return "read this in clear text"
}

// grantNotes are what changes what the reader does.
func (s *Site) grantNotes(g marketplace.GrantView) []view.Note {
	var out []view.Note
	add := func(tone ui.Tone, icon, text string, l ui.Link) {
		out = append(out, view.Note{Text: text, Icon: icon, Tone: tone, Link: l})
	}
	if g.Emergency {
		add(ui.Red, "triangle-alert", "The glass was broken for this: two people let somebody in without those who would have had to decide.", ui.Link{})
	}
	if g.Reason != "" {
		add(ui.Grey, "file-text", "“"+g.Reason+"”", ui.Link{})
	}
	if g.Renewal != nil {
		add(ui.Amber, "hourglass", "More time was asked for, and somebody has to decide.", ui.Link{Text: "See the request", Href: link.Request(string(g.Renewal.Request))})
	} else if left := g.Until.Sub(s.Now()); g.State == marketplace.Active && left > 0 && left < endsSoon {
		add(ui.Amber, "clock", "It ends in "+span(left)+".", ui.Link{})
	}
	if len(g.Commands) > 0 && g.Commands[0].State == marketplace.CommandFailed {
		text := "The system that holds the data couldn't be told: " + g.Commands[0].Error
		if !g.Live() {
			text = "Access is over here, but may still work in the system that holds the data: " + g.Commands[0].Error
		}
		add(ui.Red, "triangle-alert", text, ui.Link{})
	}
	return out
}

func (s *Site) grantFacts(g marketplace.GrantView) []view.Fact {
	out := []view.Fact{{Name: view.HolderFact, Who: partyOwner(g.Holder, g.HolderName)}}
	if g.Sender != g.Holder {
		out = append(out, view.Fact{Name: "Asked by", Who: partyOwner(g.Sender, g.SenderName)})
	}
	if g.Owner != "" {
		out = append(out, view.Fact{Name: "Owner", Who: partyOwner(g.Owner, g.OwnerName)})
	}
	gate := template.Access(g.Access).Words()
	out = append(out, view.Fact{Name: "Access", Text: ui.Link{Text: ui.Capital(gate)}}, view.Fact{Name: "For", Text: ui.Link{Text: template.PurposeTitle(g.Purpose)}})
	if g.Why != "" {
		out = append(out, view.Fact{Name: "In their words", Text: ui.Link{Text: g.Why}})
	}
	if g.Environment != "" {
		out = append(out, view.Fact{Name: "Where", Text: ui.Link{Text: g.Environment}})
	}
	out = append(out, view.Fact{Name: "Since", When: s.when(g.Since)}, view.Fact{Name: "Until", When: s.when(g.Until)})
	if !g.Ended.IsZero() {
		out = append(out, view.Fact{Name: "Ended", When: s.when(g.Ended)})
	}
	if g.EndedByName != "" && kindOfID(g.EndedBy) == "usr" {
		out = append(out, view.Fact{Name: "Ended by", Who: partyOwner(g.EndedBy, g.EndedByName)})
	}
	if g.Terms > 0 {
		out = append(out, view.Fact{Name: "Terms of use", Text: ui.Link{Text: "Version " + strconv.Itoa(g.Terms)}})
	}
	if g.Request != "" {
		out = append(out, view.Fact{Name: "Request", Text: ui.Link{Text: "See the request", Href: link.Request(string(g.Request))}})
	}
	return out
}

func (s *Site) grantDecisions(g marketplace.GrantView) []view.Event {
	var out []view.Event
	for _, d := range g.Decisions {
		e := view.Event{Who: partyOwner(d.By, d.ByName).Name, What: verdictWord(d.Verdict), Said: d.Reason, When: s.when(d.At), Icon: "check", Tone: ui.Green,
			Link: ui.Link{Text: "What it was decided on", Href: link.Decision(string(d.ID))}}
		if d.ForName != "" {
			e.What += " for " + d.ForName
		}
		if d.Days > 0 {
			e.What += ", for " + ui.Count(d.Days, "day", "days")
		}
		if d.Void != "" {
			e.What += ", which counts no more"
		}
		if d.Verdict != marketplace.Approve {
			e.Icon, e.Tone = "message-circle-question-mark", ui.Violet
		}
		if d.Verdict == marketplace.BreakGlass {
			e.Icon, e.Tone = "triangle-alert", ui.Red
		}
		out = append(out, e)
	}
	return out
}

// verdictWord is what somebody did, behind his name.
func verdictWord(v marketplace.ItemAction) string {
	switch v {
	case marketplace.Approve:
		return "approved"
	case marketplace.Reject:
		return "rejected"
	case marketplace.AskBack:
		return "asked back"
	case marketplace.BreakGlass:
		return "broke the glass"
	}
	return string(v)
}

// grantWords are what happened to a grant, behind who did it, with an icon and a tone.
var grantWords = map[string]struct {
	what, icon string
	tone       ui.Tone
}{
	"marketplace.submit":          {"granted it at once, as the policies say", "zap", ui.Green},
	"marketplace.approve":         {"approved", "check", ui.Green},
	"marketplace.approve-less":    {"approved less than was asked for", "check", ui.Green},
	"marketplace.break-glass":     {"broke the glass", "triangle-alert", ui.Red},
	"marketplace.grant-active":    {"heard that access is given", "circle-check", ui.Green},
	"marketplace.grant-failed":    {"heard that the system couldn't do it", "triangle-alert", ui.Red},
	"marketplace.enforced":        {"heard that the system did it", "circle-check", ui.Grey},
	"marketplace.enforce-retry":   {"started it again", "rotate-cw", ui.Grey},
	"marketplace.task-done":       {"said how it went by hand", "check", ui.Grey},
	"marketplace.grant-shorten":   {"let it end earlier", "clock-fading", ui.Amber},
	"marketplace.grant-revoke":    {"revoked it", "ban", ui.Red},
	"marketplace.grant-hand-back": {"handed it back", "undo-2", ui.Grey},
	"marketplace.grant-expire":    {"ended it: its time was over", "clock-fading", ui.Grey},
	"marketplace.grant-warn":      {"told who has it that it ends soon", "bell", ui.Amber},
	"marketplace.review-keep":     {"looked at it and kept it", "check", ui.Green},
	"marketplace.review-shorten":  {"looked at it and let it end earlier", "clock-fading", ui.Amber},
	"marketplace.review-revoke":   {"looked at it and revoked it", "ban", ui.Red},
}

func (s *Site) grantEvents(g marketplace.GrantView) []view.Event {
	var out []view.Event
	for _, e := range g.History {
		words, ok := grantWords[e.Action]
		if !ok {
			continue
		}
		ev := view.Event{Who: e.ByName, What: words.what, Icon: words.icon, Tone: words.tone, When: s.when(e.At)}
		if ev.Who == "" {
			ev.Who = partyOwner(e.By, "").Name
		}
		if e.Denied {
			ev.What, ev.Icon, ev.Tone = "tried what is not allowed: "+words.what, "ban", ui.Red
		}
		out = append(out, ev)
	}
	return out
}

// grantCommand is what a system outside was told, as the page shows it.
func (s *Site) grantCommand(c marketplace.Command) view.Command {
	out := view.Command{What: map[string]string{marketplace.VerbGrant: "Give access", marketplace.VerbChange: "Change access", marketplace.VerbRevoke: "Take access away"}[c.Verb],
		When: s.when(c.At), Text: c.Error}
	switch c.State {
	case marketplace.CommandDone:
		out.State, out.When = ui.State{Icon: "circle-check", Tone: ui.Green, Word: "Done"}, s.when(c.Done)
	case marketplace.CommandFailed:
		out.State = ui.State{Icon: "triangle-alert", Tone: ui.Red, Word: "Failed"}
	case marketplace.CommandDropped:
		out.State, out.Text = ui.State{Icon: "minus", Word: "Not needed"}, "A later change says it all."
	default:
		out.State = ui.State{Icon: "hourglass", Tone: ui.Amber, Word: "Waiting"}
		out.Text = waitingText(c, s.Now())
	}
	return out
}

// waitingText says who has to act, or when it is tried again.
func waitingText(c marketplace.Command, now time.Time) string {
	switch {
	case c.Channel == marketplace.Manual:
		return "The owner, or whoever runs the systems, does this by hand and says so under Tasks."
	case c.Attempts == 0:
		return "It is sent within a minute."
	case c.State == marketplace.CommandSending:
		return "It is on its way."
	case c.Next.After(now):
		return c.Error + " It is tried again in " + span(c.Next.Sub(now)) + ", for the " + ordinal(c.Attempts+1) + " time."
	}
	return c.Error + " It is tried again now."
}

func ordinal(n int) string {
	switch n {
	case 2:
		return "second"
	case 3:
		return "third"
	}
	return strconv.Itoa(n) + "th"
}
