package web

import (
	"weir/marketplace"
	view "weir/views/inbox"
	"weir/views/link"
	"weir/views/ui"
)

// eventsOf is what happened with an item so far, the first first.
func (s *Site) eventsOf(i marketplace.ItemView) []view.Event {
	out := []view.Event{{Icon: "send", Who: partyOwner(i.Sender, i.SenderName).Name, What: "asked", When: s.when(i.Sent)}}
	for _, d := range i.Decisions {
		out = append(out, s.decisionEvent(d))
	}
	if i.State == marketplace.NeedsInfo {
		out = append(out, view.Event{Icon: "hourglass", Tone: ui.Amber, Who: partyOwner(i.Sender, i.SenderName).Name, What: "has to answer"})
	}
	return out
}

// decisionEvent is a decision as the history of an item says it.
func (s *Site) decisionEvent(d marketplace.DecisionView) view.Event {
	e := view.Event{Who: nameOr(d.ByName), Said: d.Reason, When: s.when(d.At)}
	if len(d.Facts) > 0 {
		e.Link = ui.Link{Text: "What it was decided on", Href: link.Decision(string(d.ID))}
	}
	e.What, e.Icon, e.Tone = verdictWords(d.Decision)
	if d.ForName != "" {
		e.What += ", in place of " + d.ForName
	}
	if d.Void != "" {
		e.What += ". It counts no more: " + d.Void
		e.Tone = ui.Grey
	}
	return e
}

// verdictWords says what somebody decided.
func verdictWords(d marketplace.Decision) (what, icon string, tone ui.Tone) {
	switch d.Verdict {
	case marketplace.Approve:
		if len(d.Columns) > 0 {
			return "approved less: " + scope(len(d.Columns), d.Days), "check", ui.Green
		}
		if d.Days > 0 {
			return "approved it for less time: " + ui.Count(d.Days, "day", "days"), "check", ui.Green
		}
		return "approved", "check", ui.Green
	case marketplace.Reject:
		return "rejected", "x", ui.Red
	case marketplace.AskBack:
		return "asked", "message-circle-question-mark", ui.Violet
	case marketplace.Answer:
		return "answered", "undo-2", ui.Grey
	case marketplace.BreakGlass:
		return "broke the glass", "triangle-alert", ui.Red
	}
	return string(d.Verdict), "pencil", ui.Grey
}
