package notify

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"weir/audit"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
)

// Market makes notices of what happens in the marketplace. Who is told follows from how things stand when the log is
// followed, a moment after they happened; what is over by then needs nobody any more.
type Market struct {
	market *marketplace.Service
	store  graph.Reader
	now    func() time.Time
	makers map[string]maker
}

// maker makes notices of an entry.
type maker func(ctx context.Context, e audit.Entry) ([]Notice, error)

// FromMarket makes the Source of the marketplace. It reads as the program itself: the context of its calls says so.
func FromMarket(market *marketplace.Service, store graph.Reader, now func() time.Time) *Market {
	m := &Market{market: market, store: store, now: now}
	m.makers = map[string]maker{
		"submit": m.submitted, "approve": m.approved, "approve-less": m.approved, "reject": m.rejected, "ask": m.asked,
		"answer": m.answered, "expire": m.lapsed, "remind": m.reminded, "escalate": m.escalated, "break-glass": m.glassBroken,
		"task-done": m.handDone, "grant-active": m.grantBegins, "grant-failed": m.grantFails, "grant-revoke": m.grantEnds, "review-revoke": m.grantEnds,
		"grant-shorten": m.grantShorter, "review-shorten": m.grantShorter, "grant-hand-back": m.handedBack,
		"grant-expire": m.grantExpires, "grant-warn": m.grantWarns,
		"campaign-open": m.campaignOpens, "campaign-remind": m.campaignReminds,
		"template-save": m.policyWaits, "template-retire": m.policyWaits,
		"template-confirm": m.policyDecided, "template-refuse": m.policyDecided,
		"product-deprecate": m.productEnds,
		"propose":           m.proposed, "refuse": m.proposalDecided, "proposal-run": m.proposalDecided, "proposal-fail": m.proposalDecided,
		"proposal-lapse": m.proposalDecided,
	}
	return m
}

// marketArea begins the actions of the marketplace.
const marketArea = "marketplace."

// Notices makes notices of entries of the marketplace. What can't be read any more is passed over, with a line in the log of
// the program: one thing that is gone must not keep everybody from being told of all else.
func (m *Market) Notices(ctx context.Context, entries []audit.Entry) ([]Notice, error) {
	var out []Notice
	for _, e := range entries {
		action, ours := strings.CutPrefix(e.Action, marketArea)
		makes, known := m.makers[action]
		if !ours || !known || e.Decision != audit.Allowed {
			continue
		}
		notices, err := makes(ctx, e)
		if err != nil && passing(ctx, err) {
			return nil, err
		}
		if err != nil {
			slog.WarnContext(ctx, "nobody can be told of an entry", "entry", e.ID, "action", e.Action, "error", err)
			continue
		}
		out = append(out, notices...)
	}
	return out, nil
}

// passing tells whether an error will be over when it is tried again.
func passing(ctx context.Context, err error) bool {
	return ctx.Err() != nil || slices.Contains([]errs.Kind{errs.Unavailable, errs.Unknown, errs.Timeout}, errs.KindOf(err))
}

// telling is one text about an entry, for one or several people.
type telling struct {
	e      audit.Entry
	what   string // tells several texts about one entry apart
	kind   Kind
	title  string
	body   []string // lines
	link   string
	names  []graph.ID // whom the text names
	urgent bool
	once   bool
}

// to makes the notices of a text.
func (t telling) to(people []graph.ID) []Notice {
	var out []Notice
	event := string(t.e.ID) + " " + t.what
	for _, p := range people {
		out = append(out, Notice{
			Key: event + " " + string(p), Event: event, To: p, Kind: t.kind, Title: t.title, Body: strings.Join(t.body, "\n"),
			Link: t.link, At: t.e.At, Names: t.names, Urgent: t.urgent, Once: t.once,
		})
	}
	return out
}

// after is what an entry says that a field of something is now; "" if it doesn't.
func after(e audit.Entry, prefix, field string) string {
	for _, c := range e.Changes {
		if c.Field == field && strings.HasPrefix(string(c.Asset), prefix+"_") {
			return c.After
		}
	}
	return ""
}

// about is the first thing of a kind that an entry names: its target, or what it changed.
func about(e audit.Entry, prefix string) graph.ID {
	if strings.HasPrefix(string(e.Target), prefix+"_") {
		return e.Target
	}
	for _, c := range e.Changes {
		if strings.HasPrefix(string(c.Asset), prefix+"_") {
			return c.Asset
		}
	}
	return ""
}
