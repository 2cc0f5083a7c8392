package marketplace

import (
	"context"
	"strings"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// Whose requests a list shows.
const (
	MyRequests     = "mine"   // sent by the viewer
	RequestsFor    = "for"    // for somebody: the viewer, a team of his, an account of his (List.ID)
	RequestsAbout  = "about"  // for a product or dataset (List.ID)
	RequestsDomain = "domain" // of a domain (List.ID), for those who see all of them there
	AllRequests    = "all"    // of everybody, for those who see all of them
)

// OpenItems and ClosedItems stand for several states in a RequestList: those that wait for somebody, and those that have ended.
const (
	OpenItems   ItemState = "open"
	ClosedItems ItemState = "closed"
)

// filter adds a condition on the state to another one.
func (s ItemState) filter(other graph.Filter) []graph.Filter {
	if s == "" || s == OpenItems || s == ClosedItems {
		return []graph.Filter{other}
	}
	return []graph.Filter{other, where("state", string(s))}
}

// RequestList asks for items of requests.
type RequestList struct {
	View  string // "" is mine
	ID    graph.ID
	State ItemState // of mine and for alone: one state, OpenItems or ClosedItems; "" is every state but drafts
	After string
	Limit int // 1 to graph.MaxPage
}

// ItemRow is an item in a list.
type ItemRow struct {
	Item
	SenderName, HolderName string
	WaitsFor               []string // the sides that have to act, each by names ("Care or Sales"); of an open item
}

// Requests lists items, those sent last first. Errors: Unauthenticated, Forbidden, Invalid.
func (s *Service) Requests(ctx context.Context, q RequestList) (Page[ItemRow], error) {
	f, err := s.requestFilter(ctx, q)
	if err != nil {
		return Page[ItemRow]{}, err
	}
	page, err := s.itemPage(ctx, f, q)
	if err != nil {
		return Page[ItemRow]{}, err
	}
	rows, err := s.itemRows(ctx, page.Items)
	return Page[ItemRow]{rows, page.Next}, err
}

func (s *Service) requestFilter(ctx context.Context, q RequestList) ([]graph.Filter, error) {
	me := authz.From(ctx)
	if err := s.policy.Require(ctx, authz.Request, authz.Everywhere, authz.Write); err != nil && q.View != AllRequests && q.View != RequestsDomain {
		return nil, err
	}
	switch q.View {
	case "", MyRequests:
		return q.State.filter(where("sender", me.ID)), nil
	case RequestsFor:
		if err := s.mine(ctx, q.ID); err != nil {
			return nil, err
		}
		return q.State.filter(where("holder", string(q.ID))), nil
	case RequestsAbout:
		t, err := s.targetAt(ctx, s.store, q.ID)
		if err != nil {
			return nil, err
		}
		return []graph.Filter{where("target", string(t.ID))}, s.mayViewAll(ctx, t)
	case RequestsDomain:
		return []graph.Filter{where("domain", string(q.ID))}, s.policy.Require(ctx, authz.Request, string(q.ID), authz.View)
	case AllRequests:
		return nil, s.policy.Require(ctx, authz.Request, authz.Everywhere, authz.View)
	}
	return nil, errs.Bad("view", "has to be mine, for, about, domain or all.")
}

// mayViewAll lets the owner of a target see what is asked for of it, and who sees all requests of its domain.
func (s *Service) mayViewAll(ctx context.Context, t target) error {
	if t.Owner != "" && s.answersFor(authz.From(ctx), []string{string(t.Owner)}) {
		return nil
	}
	return s.policy.Require(ctx, authz.Request, string(t.Domain), authz.View)
}

// mine refuses somebody else than the viewer, a team of his or an account of his.
func (s *Service) mine(ctx context.Context, id graph.ID) error {
	me := authz.From(ctx)
	if string(id) == me.ID {
		return nil
	}
	for _, t := range me.Teams {
		if string(id) == t {
			return nil
		}
	}
	found, err := identity.Lookup(ctx, s.store, id)
	if err != nil {
		return err
	}
	if who, ok := found[id]; ok && who.Owner != "" && string(who.Owner) == me.ID {
		return nil
	}
	return errs.E(errs.NotFound, "There is nobody of yours under this id.")
}

// itemRows adds names to items, and who has to act.
func (s *Service) itemRows(ctx context.Context, items []Item) ([]ItemRow, error) {
	out := make([]ItemRow, len(items))
	var ids []graph.ID
	waits := make([][][]string, len(items)) // of each item the keys of each side that hasn't agreed yet
	for n, i := range items {
		out[n] = ItemRow{Item: i}
		ids = append(ids, i.Sender, i.Holder, i.Asker)
		if i.State != Submitted {
			continue
		}
		var body itemBody
		if err := unpack(i.Body, &body); err != nil {
			return nil, err
		}
		for _, p := range body.Steps[i.Step].Parties {
			keys := body.Steps[i.Step].waitsFor(p)
			if len(keys) > 0 {
				waits[n] = append(waits[n], keys)
			}
			for _, k := range keys {
				ids = append(ids, graph.ID(k))
				if _, domain, ok := splitRole(k); ok {
					ids = append(ids, graph.ID(domain))
				}
			}
		}
	}
	called, err := s.called(ctx, s.store, ids)
	if err != nil {
		return nil, err
	}
	for n := range out {
		out[n].SenderName, out[n].HolderName = called[out[n].Sender], called[out[n].Holder]
		for _, keys := range waits[n] {
			var side []string
			for _, k := range keys {
				side = append(side, keyName(k, called))
			}
			out[n].WaitsFor = append(out[n].WaitsFor, strings.Join(side, " or "))
		}
		if out[n].State == NeedsInfo {
			out[n].WaitsFor = []string{out[n].SenderName}
		}
	}
	return out, nil
}

// Drafts lists the drafts of the principal in ctx, those touched last first.
func (s *Service) Drafts(ctx context.Context, after string, limit int) (Page[RequestView], error) {
	me := authz.Actor(ctx)
	page, err := list(ctx, s.store, requestType, graph.Query{Sort: "at", Desc: true, After: after, Limit: limit,
		Where: []graph.Filter{where("sender", me), where("draft", true)}})
	if err != nil {
		return Page[RequestView]{}, err
	}
	out := Page[RequestView]{Next: page.Next}
	for _, req := range page.Items {
		items, err := s.itemsOf(ctx, s.store, req.ID)
		if err != nil {
			return Page[RequestView]{}, err
		}
		v := RequestView{Request: req}
		for _, i := range items {
			v.Items = append(v.Items, ItemView{Item: i})
		}
		out.Items = append(out.Items, v)
	}
	return out, nil
}

// Withdraw takes an item back that isn't decided yet: who asked for it may, and who was to have it.
// Errors: NotFound, Conflict.
func (s *Service) Withdraw(ctx context.Context, item graph.ID, version int64) error {
	return s.byAsker(ctx, "marketplace.withdraw", item, version, func(i *Item, _ *itemBody) ([]audit.Change, error) {
		var err error
		was := i.State
		i.State, err = next(Items, was, Withdraw, "")
		i.Decided, i.Stuck = graph.Time(s.now()), false
		return changed(nil, i.ID, "state", string(was), string(i.State)), err
	})
}

// Answer answers the question that an approver has asked; it is then his turn again.
// Errors: NotFound, Invalid, Conflict.
func (s *Service) Answer(ctx context.Context, item graph.ID, version int64, text string) error {
	in := Decide{Verdict: AskBack, Reason: text}
	if err := in.check(); err != nil {
		return errs.Bad("answer", "is missing or longer than it may be: write at most 2,000 characters.")
	}
	return s.byAsker(ctx, "marketplace.answer", item, version, func(i *Item, _ *itemBody) ([]audit.Change, error) {
		var err error
		was, question := i.State, i.Question
		i.State, err = next(Items, was, Answer, "")
		i.Question, i.Asker = "", ""
		changes := changed(nil, i.ID, "state", string(was), string(i.State))
		return append(changes, audit.Change{Asset: i.ID, Field: "answer", Before: question, After: in.Reason}), err
	})
}

// byAsker runs what only who asked, or who is to have it, may do.
func (s *Service) byAsker(ctx context.Context, action string, item graph.ID, version int64, do func(*Item, *itemBody) ([]audit.Change, error)) error {
	if err := s.policy.Require(ctx, authz.Request, authz.Everywhere, authz.Write); err != nil {
		return s.refused(ctx, action, item, err)
	}
	return s.run(ctx, action, item, func(ctx context.Context, tx graph.Tx) (deed, error) {
		i, ok, err := get(ctx, tx, itemType, item)
		if err != nil {
			return deed{}, err
		}
		var body itemBody
		if err := unpack(i.Body, &body); err != nil {
			return deed{}, err
		}
		me := graph.ID(authz.Actor(ctx))
		switch {
		case !ok || !s.seesItem(ctx, i, body):
			return deed{}, noRequest()
		case i.Sender != me && i.Holder != me:
			return deed{}, errs.E(errs.Forbidden, "Only who asked for it, or is to have it, can do this.")
		}
		if err := sameVersion(version, i.Version); err != nil {
			return deed{}, err
		}
		changes, err := do(&i, &body)
		if err != nil {
			return deed{}, err
		}
		if i.State == Submitted {
			d := Decision{ID: randomID(decisionType.Spec.Prefix), Item: i.ID, Request: i.Request, By: me, Step: i.Step, Verdict: Answer,
				Reason: changes[len(changes)-1].After, At: graph.Time(s.now())}
			if _, err := put(ctx, tx, decisionType, d.ID, graph.Create, d); err != nil {
				return deed{}, err
			}
		}
		return deed{target: i.ID, changes: changes, facts: map[string]string{"request": string(i.Request)}},
			s.writeItem(ctx, tx, i, body, graph.IfVersion)
	})
}
