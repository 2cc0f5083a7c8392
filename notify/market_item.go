package notify

import (
	"context"
	"slices"
	"strings"

	"weir/audit"
	"weir/graph"
	"weir/marketplace"
)

// itemPrefix and the like begin the ids of what entries are about.
const (
	itemPrefix  = "itm"
	grantPrefix = "grt"
)

// item reads the item that an entry is about, as the program itself.
func (m *Market) item(ctx context.Context, e audit.Entry) (marketplace.ItemView, error) {
	return m.market.Item(ctx, about(e, itemPrefix))
}

// submitted tells who has to decide, or who asked, where the policies grant at once.
func (m *Market) submitted(ctx context.Context, e audit.Entry) ([]Notice, error) {
	v, err := m.item(ctx, e)
	if err != nil {
		return nil, err
	}
	if after(e, itemPrefix, "state") == string(marketplace.Approved) {
		return m.granted(ctx, e, v)
	}
	return m.waits(ctx, e, v)
}

// waits tells those whose turn it is that a request waits for them, and security where nobody can decide.
func (m *Market) waits(ctx context.Context, e audit.Entry, v marketplace.ItemView) ([]Notice, error) {
	if v.State != marketplace.Submitted {
		return nil, nil
	}
	people, err := m.deciders(ctx, v)
	if err != nil {
		return nil, err
	}
	t := telling{e: e, names: itemNames(v), what: "decide", kind: Decide, title: asker(v) + " asks for " + v.Title, link: inboxLink(v),
		body: append(details(v), whoDecides(v), byWhen(v))}
	out := t.to(people)
	if !v.Stuck && len(people) > 0 {
		return out, nil
	}
	security, err := m.security(ctx, v)
	if err != nil {
		return nil, err
	}
	t = telling{e: e, names: itemNames(v), what: "stuck", kind: Alarm, title: "Nobody can decide: " + asker(v) + " asks for " + v.Title, link: inboxLink(v), urgent: true,
		body: append(details(v), whoDecides(v), "What to do: name an owner or a steward of the data, or let two of security break the glass.")}
	return append(out, t.to(security)...), nil
}

// approved tells who asked once nothing more is needed, else those whose turn it is now.
func (m *Market) approved(ctx context.Context, e audit.Entry) ([]Notice, error) {
	v, err := m.item(ctx, e)
	if err != nil {
		return nil, err
	}
	if after(e, itemPrefix, "state") == string(marketplace.Approved) {
		return m.granted(ctx, e, v)
	}
	if e.Facts["step"] == decimal(v.Step) {
		return nil, nil // the same people were asked when the step began
	}
	return m.waits(ctx, e, v)
}

// granted tells who asked, and who is to have it, that a request is approved, and who has to let him in by hand.
func (m *Market) granted(ctx context.Context, e audit.Entry, v marketplace.ItemView) ([]Notice, error) {
	people, err := m.persons(ctx, v.Sender, v.Holder)
	if err != nil {
		return nil, err
	}
	t := telling{e: e, names: itemNames(v), what: "approved", kind: Decided, title: "Approved: " + v.Title + " for " + orSomebody(v.HolderName), link: requestLink(v)}
	t.body = append(details(v), decidedBy(v, e)...)
	if v.Grant == "" {
		return t.to(without(people, graph.ID(e.Actor))), nil
	}
	g, err := m.market.Grant(ctx, v.Grant)
	if err != nil {
		return nil, err
	}
	t.body = append(t.body, "Until when: "+day(g.Until))
	if g.State == marketplace.Granting {
		t.body = append(t.body, "What happens now: access is being set up. You are told when it works.")
	}
	tasks, err := m.tasks(ctx, e, g)
	return append(t.to(without(people, graph.ID(e.Actor))), tasks...), err
}

// decidedBy says who decided, and what he said.
func decidedBy(v marketplace.ItemView, e audit.Entry) []string {
	d, ok := decision(v, e)
	if !ok {
		return []string{"Who decided: the policies grant this at once"}
	}
	who := orSomebody(d.ByName)
	if d.ForName != "" {
		who += " (stands in for " + d.ForName + ")"
	}
	out := []string{"Who decided: " + who}
	if strings.HasSuffix(e.Action, "approve-less") {
		out = append(out, "Approved is less than was asked for: look at what is left of it.")
	}
	if d.Reason != "" {
		out = append(out, "Said: “"+line(d.Reason)+"”")
	}
	return out
}

// decision is the one that an entry is about.
func decision(v marketplace.ItemView, e audit.Entry) (marketplace.DecisionView, bool) {
	n := slices.IndexFunc(v.Decisions, func(d marketplace.DecisionView) bool { return string(d.ID) == e.Facts["decision"] })
	if n < 0 {
		return marketplace.DecisionView{}, false
	}
	return v.Decisions[n], true
}

// rejected tells who asked.
func (m *Market) rejected(ctx context.Context, e audit.Entry) ([]Notice, error) {
	return m.tellAskers(ctx, e, func(v marketplace.ItemView) telling {
		return telling{what: "rejected", kind: Decided, title: "Rejected: " + v.Title + " for " + orSomebody(v.HolderName),
			body: append(details(v), decidedBy(v, e)...)}
	})
}

// asked tells who asked that an approver wants to know something.
func (m *Market) asked(ctx context.Context, e audit.Entry) ([]Notice, error) {
	return m.tellAskers(ctx, e, func(v marketplace.ItemView) telling {
		d, _ := decision(v, e)
		return telling{what: "question", kind: Question, title: orSomebody(d.ByName) + " asks about the request for " + v.Title,
			body: append([]string{"Question: “" + line(d.Reason) + "”", "What to do: answer. Nothing is decided before."}, details(v)...)}
	})
}

// lapsed tells who asked that nobody decided in time.
func (m *Market) lapsed(ctx context.Context, e audit.Entry) ([]Notice, error) {
	return m.tellAskers(ctx, e, func(v marketplace.ItemView) telling {
		return telling{what: "lapsed", kind: Decided, title: "Ended without a decision: " + v.Title,
			body: append(details(v), "What to do: ask again if you still need it.")}
	})
}

// tellAskers tells who asked and who is to have it, but for whoever acted.
func (m *Market) tellAskers(ctx context.Context, e audit.Entry, text func(marketplace.ItemView) telling) ([]Notice, error) {
	v, err := m.item(ctx, e)
	if err != nil {
		return nil, err
	}
	people, err := m.persons(ctx, v.Sender, v.Holder)
	if err != nil {
		return nil, err
	}
	t := text(v)
	t.e, t.link, t.names = e, requestLink(v), itemNames(v)
	return t.to(without(people, graph.ID(e.Actor))), nil
}

// answered tells those whose turn it is again.
func (m *Market) answered(ctx context.Context, e audit.Entry) ([]Notice, error) {
	v, err := m.item(ctx, e)
	if err != nil || v.State != marketplace.Submitted {
		return nil, err
	}
	people, err := m.deciders(ctx, v)
	t := telling{e: e, names: itemNames(v), what: "answer", kind: Question, title: asker(v) + " has answered about " + v.Title, link: inboxLink(v),
		body: append([]string{"Answer: “" + line(after(e, itemPrefix, "answer")) + "”"}, append(details(v), whoDecides(v), byWhen(v))...)}
	return t.to(people), err
}

// reminded reminds those whose turn it is, at most once for each reminder.
func (m *Market) reminded(ctx context.Context, e audit.Entry) ([]Notice, error) {
	v, err := m.item(ctx, e)
	if err != nil || v.State != marketplace.Submitted {
		return nil, err
	}
	people, err := m.deciders(ctx, v)
	return m.reminder(e, v, "reminder", "Still waits for you: ").to(people), err
}

func (m *Market) reminder(e audit.Entry, v marketplace.ItemView, what, begins string) telling {
	return telling{e: e, names: itemNames(v), what: what, kind: Reminder, title: begins + asker(v) + " asks for " + v.Title, link: inboxLink(v), once: true,
		body: append(details(v), "Sent: "+day(v.Sent), whoDecides(v), byWhen(v))}
}

// escalated reminds those whose turn it is, and tells security that they are late.
func (m *Market) escalated(ctx context.Context, e audit.Entry) ([]Notice, error) {
	v, err := m.item(ctx, e)
	if err != nil || v.State != marketplace.Submitted {
		return nil, err
	}
	people, err := m.deciders(ctx, v)
	if err != nil {
		return nil, err
	}
	security, err := m.security(ctx, v)
	if err != nil {
		return nil, err
	}
	late := m.reminder(e, v, "late", "Late: ")
	late.urgent = true
	return append(late.to(people), m.reminder(e, v, "escalated", "Nobody has decided yet: ").to(without(security, people...))...), nil
}

// glassBroken tells security and the owners that somebody is let in without those who would decide, or wants to be.
func (m *Market) glassBroken(ctx context.Context, e audit.Entry) ([]Notice, error) {
	v, err := m.item(ctx, e)
	if err != nil {
		return nil, err
	}
	security, err := m.security(ctx, v)
	if err != nil {
		return nil, err
	}
	d, _ := decision(v, e)
	t := telling{e: e, names: itemNames(v), what: "glass", kind: Alarm, urgent: true, link: inboxLink(v), title: orSomebody(d.ByName) + " breaks the glass: " + asker(v) + " asks for " + v.Title}
	t.body = append(details(v), "Reason: “"+line(d.Reason)+"”")
	if after(e, itemPrefix, "state") != string(marketplace.Approved) {
		t.body = append(t.body, "What to do: look at it. A second, independent person of security has to agree before anybody is let in.")
		return t.to(without(security, graph.ID(e.Actor))), nil
	}
	t.title = "Emergency access: " + v.Title + " for " + orSomebody(v.HolderName)
	t.body = append(t.body, "What happens now: access is given for a day. Whoever owns the data can revoke it.")
	owners, err := m.persons(ctx, v.Owner)
	if err != nil {
		return nil, err
	}
	told := sorted(slices.Concat(security, owners))
	more, err := m.granted(ctx, e, v)
	return append(t.to(without(told, graph.ID(e.Actor))), more...), err
}
