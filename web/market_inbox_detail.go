package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"weir/authz"
	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/template"
	view "weir/views/inbox"
	"weir/views/link"
	"weir/views/ui"
)

// itemDetail is an item with all that a decision on it is made on.
func (s *Site) itemDetail(r *http.Request, i marketplace.ItemView) view.Detail {
	d := view.Detail{
		ID: string(i.ID), Number: shortID(i.ID), Title: asks(i), Sent: s.when(i.Sent), Why: i.Why,
		Changed: i.Changed, Gone: i.Gone, Partial: i.Flow.Partial, Lineage: lineageOf(i),
		Request: ui.Link{Text: "Whole request", Href: link.Sub(link.Requests(), string(i.Request))},
		Steps:   s.stepsOf(r, i), Rules: rulesOf(i), Log: s.eventsOf(i),
	}
	if i.State == marketplace.Submitted {
		d.Due = s.due(i.Due)
	} else {
		d.State = itemState(i.State)
	}
	d.Facts = s.itemFacts(i)
	d.Inflows, d.More = inflowsOf(i.Flow, comes(i))
	d.Coarse = coarseOf(i.Flow)
	d.Risks, d.Help = risksOf(i), s.helpOf(i)
	d.Decide = decideOf(r, i)
	return d
}

// shortID is an id as people say it: its last characters.
func shortID(id graph.ID) string {
	text := string(id)
	if n := len(text); n > 6 {
		text = text[n-6:]
	}
	return "R-" + strings.ToUpper(text)
}

// asks says in a sentence who wants what.
func asks(i marketplace.ItemView) string {
	out := partyOwner(i.Sender, i.SenderName).Name + " asks "
	if i.Extends != "" {
		out += "for more time "
	}
	out += wish(template.Access(i.Access), i.Title)
	if i.Holder != i.Sender {
		out += ", for " + partyOwner(i.Holder, i.HolderName).Name
	}
	return out
}

// wish is what somebody wants to do with data.
func wish(a template.Access, title string) string {
	switch a {
	case template.Metadata:
		return "to see the metadata of " + title
	case template.Masked:
		return "to read " + title + " masked"
	case template.Read:
		return "to read " + title + " in clear text"
	case template.Export:
		return "to export " + title
	}
	return "for " + title
}

// itemState is where an item stands.
func itemState(state marketplace.ItemState) ui.State {
	switch state {
	case marketplace.Draft:
		return ui.State{Icon: "circle-dashed", Word: "Draft"}
	case marketplace.NeedsInfo:
		return ui.State{Icon: "message-circle-question-mark", Tone: ui.Violet, Word: "Asked back"}
	case marketplace.Approved:
		return ui.State{Icon: "circle-check", Tone: ui.Green, Word: "Approved"}
	case marketplace.Rejected:
		return ui.State{Icon: "circle-x", Tone: ui.Red, Word: "Rejected"}
	case marketplace.Withdrawn:
		return ui.State{Icon: "undo-2", Word: "Withdrawn"}
	case marketplace.Expired:
		return ui.State{Icon: "clock-fading", Word: "Expired"}
	}
	return ui.State{Icon: "hourglass", Tone: ui.Amber, Word: "Waiting"}
}

func lineageOf(i marketplace.ItemView) string {
	if kindOfID(i.Target) == "ds" {
		return link.Lineage(string(i.Target), link.LineageQuery{Direction: "upstream", Columns: true})
	}
	for _, c := range i.Columns {
		if c.Dataset != "" {
			return link.Lineage(string(c.Dataset), link.LineageQuery{Direction: "upstream", Columns: true})
		}
	}
	return ""
}

func (s *Site) itemFacts(i marketplace.ItemView) []view.Fact {
	out := []view.Fact{{Name: "Who asks", Who: partyOwner(i.Sender, i.SenderName)}}
	holder := view.Fact{Name: "For whom", Who: partyOwner(i.Holder, i.HolderName)}
	switch {
	case i.Holder == i.Sender:
		holder = view.Fact{Name: "For whom", Text: ui.Link{Text: "The same"}}
	case i.HolderKind != template.Person:
		holder.More = i.HolderKind.Words()
	}
	if i.HolderKind == "" {
		holder.More = "has left or was disabled"
	}
	long := view.Fact{Name: "How long", Text: ui.Link{Text: ui.Count(i.Days, "day", "days")}}
	if undecided(i.State) {
		long.More = "to " + s.Now().UTC().Add(time.Duration(i.Days)*24*time.Hour).Format("2 Jan 2006") + ", if granted now"
	}
	out = append(out, holder, view.Fact{Name: "Purpose", Text: ui.Link{Text: template.PurposeTitle(i.Purpose)}},
		view.Fact{Name: "How", Text: ui.Link{Text: ui.Capital(template.Access(i.Access).Words())}}, long, view.Fact{Name: "Columns", Text: ui.Link{Text: columnsText(i)}})
	if i.Environment != "" {
		out = append(out, view.Fact{Name: "Where it is used", Text: ui.Link{Text: i.Environment}})
	}
	if i.Terms > 0 {
		out = append(out, view.Fact{Name: "Terms of use", Text: ui.Link{Text: "Version " + ui.Number(int64(i.Terms)) + " accepted"}})
	}
	if i.Extends != "" {
		out = append(out, view.Fact{Name: "Extends", Text: ui.Link{Text: "A grant that there is", Href: link.Sub(link.Grants(), string(i.Extends))}})
	}
	if i.Grant != "" {
		out = append(out, view.Fact{Name: "Led to", Text: ui.Link{Text: "This grant", Href: link.Sub(link.Grants(), string(i.Grant))}})
	}
	return out
}

// undecided tells whether an item can still be decided.
func undecided(state marketplace.ItemState) bool {
	return state == marketplace.Submitted || state == marketplace.NeedsInfo
}

func columnsText(i marketplace.ItemView) string {
	if len(i.Columns) == 0 {
		return "The whole of it; no columns are known"
	}
	return ui.Count(len(i.Columns), "column", "columns")
}

// decideOf is what the reader may do with an item.
func decideOf(r *http.Request, i marketplace.ItemView) view.Decide {
	waits, asked := i.State == marketplace.Submitted, isAsked(i, graph.ID(authz.Actor(r.Context())))
	d := view.Decide{
		May: i.MayDecide && waits && i.Gone == "", Ask: asked && waits, Reject: asked, WhyNot: i.WhyNot, Break: i.MayBreak,
		Version: strconv.FormatInt(i.Version, 10), Seen: i.Facts, Days: i.Days, Asker: firstName(partyOwner(i.Sender, i.SenderName).Name), After: afterApproval(i, graph.ID(authz.Actor(r.Context()))),
	}
	d.Typed.Days = strconv.Itoa(i.Days)
	many := severalDatasets(i)
	for _, c := range i.Columns {
		name := c.Path
		if many {
			name = shortDataset(i.Flow, c.Dataset) + "." + c.Path
		}
		d.Columns = append(d.Columns, view.Column{ID: string(c.ID), Name: name, Stamps: classStamps(i.Flow, c.ID), On: true})
	}
	d.Label = scope(len(i.Columns), i.Days)
	if i.Sender == graph.ID(authz.Actor(r.Context())) && d.WhyNot == "" && undecided(i.State) {
		d.WhyNot = "You asked for this yourself, so others decide."
	}
	return d
}

// isAsked tells whether somebody belongs to those whom any step asks: they may ask back and reject also when it isn't their turn.
func isAsked(i marketplace.ItemView, me graph.ID) bool {
	if !undecided(i.State) {
		return false
	}
	if i.MayDecide {
		return true
	}
	for _, st := range i.Steps {
		for _, p := range st.Parties {
			if slices.ContainsFunc(p.Can, func(w marketplace.WhoView) bool { return w.ID == me }) {
				return true
			}
		}
	}
	return false
}

// scope is how much an approval gives: "8 columns for 14 days".
func scope(columns, days int) string {
	out := "all of it"
	if columns > 0 {
		out = ui.Count(columns, "column", "columns")
	}
	return out + " for " + ui.Count(days, "day", "days")
}

// firstName is how a form calls somebody.
func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}
