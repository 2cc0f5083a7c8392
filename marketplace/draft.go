package marketplace

import (
	"context"
	"slices"
	"strconv"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

func turnID(item graph.ID, step int, key string) graph.ID {
	return catalog.NewID(turnType.Spec.Prefix, string(item), strconv.Itoa(step), key)
}

func noRequest() error { return errs.E(errs.NotFound, "There is no such request.") }

// MaxDrafts is how many drafts one may keep.
const MaxDrafts = 100

// SaveDraft keeps what has been written so far, complete or not; nobody else sees it, and it leaves no entry. With an ID the
// draft is replaced. Errors: Unauthenticated, Forbidden, Invalid, NotFound, Conflict.
func (s *Service) SaveDraft(ctx context.Context, in Ask) (Request, error) {
	if err := s.policy.Require(ctx, authz.Request, authz.Everywhere, authz.Write); err != nil {
		return Request{}, err
	}
	if len(in.Items) > MaxItems {
		return Request{}, errs.Badf("items", "has to hold at most %d products or datasets.", MaxItems)
	}
	if len([]rune(in.Why)) > MaxWhy {
		return Request{}, errs.Badf("why", "has more than %d characters.", MaxWhy)
	}
	if in.Days == 0 && !in.Until.IsZero() {
		in.Days = max(0, min(daysUntil(s.now(), in.Until), maxDays))
	}
	var out Request
	err := s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		a, err := s.withAsker(ctx, tx, in)
		if err != nil {
			return err
		}
		if err := s.roomForDraft(ctx, tx, a); err != nil {
			return err
		}
		id, err := s.openRequest(ctx, tx, a, true)
		if err != nil {
			return err
		}
		for _, it := range in.Items {
			if err := s.draftItem(ctx, tx, a, id, it); err != nil {
				return err
			}
		}
		out, _, err = get(ctx, tx, requestType, id)
		return err
	})
	return out, err
}

func (s *Service) roomForDraft(ctx context.Context, tx graph.Tx, a asking) error {
	if a.ID != "" {
		return nil
	}
	page, err := list(ctx, tx, requestType, graph.Query{Sort: "at", Limit: MaxDrafts,
		Where: []graph.Filter{where("sender", string(a.who.Sender)), where("draft", true)}})
	if err == nil && len(page.Items) >= MaxDrafts {
		err = errs.Ef(errs.Conflict, "You keep %d drafts already. Send or discard some first.", MaxDrafts)
	}
	return err
}

// draftItem keeps an item of a draft. What it is about may be gone or hidden; sending it says so.
func (s *Service) draftItem(ctx context.Context, tx graph.Tx, a asking, request graph.ID, in AskItem) error {
	t, err := s.targetAt(ctx, tx, in.Target)
	if errs.Is(err, errs.NotFound) {
		return errs.Bad("items", "holds a product or dataset that isn't there, or that you may not see.")
	}
	if err != nil {
		return err
	}
	i := a.item(in, t)
	i.Request, i.State = request, Draft
	if i.Body, err = pack(itemBody{Columns: in.Columns, Terms: in.Terms}); err != nil {
		return err
	}
	_, err = put(ctx, tx, itemType, randomID(itemType.Spec.Prefix), graph.Create, i)
	return err
}

// draftAt reads a draft of the principal in ctx in the version that was looked at.
func (s *Service) draftAt(ctx context.Context, r graph.Reader, id graph.ID, version int64) (Request, error) {
	req, ok, err := get(ctx, r, requestType, id)
	if err != nil {
		return Request{}, err
	}
	if !ok || req.Sender != graph.ID(authz.Actor(ctx)) {
		return Request{}, noRequest()
	}
	if !req.Draft {
		return Request{}, errs.E(errs.Conflict, "This request has been sent already.")
	}
	return req, sameVersion(version, req.Version)
}

// itemsOf are the items of a request, in the order of their ids.
func (s *Service) itemsOf(ctx context.Context, r graph.Reader, request graph.ID) ([]Item, error) {
	page, err := list(ctx, r, itemType, graph.Query{Where: []graph.Filter{where("request", string(request))}, Limit: MaxItems + 1})
	return page.Items, err
}

func (s *Service) dropItems(ctx context.Context, tx graph.Tx, request graph.ID) error {
	items, err := s.itemsOf(ctx, tx, request)
	if err != nil || len(items) == 0 {
		return err
	}
	var ids []graph.ID
	for _, i := range items {
		ids = append(ids, i.ID)
	}
	return tx.Delete(ctx, ids...)
}

// Discard throws a draft away. Errors: NotFound, Conflict if it was sent.
func (s *Service) Discard(ctx context.Context, request graph.ID) error {
	return s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		req, err := s.draftAt(ctx, tx, request, 0)
		if err != nil {
			return err
		}
		if err := s.dropItems(ctx, tx, req.ID); err != nil {
			return err
		}
		return tx.Delete(ctx, req.ID)
	})
}

// DraftAsk is a draft as an Ask again, to go on with. Errors: NotFound, Conflict.
func (s *Service) DraftAsk(ctx context.Context, request graph.ID) (Ask, error) {
	req, err := s.draftAt(ctx, s.store, request, 0)
	if err != nil {
		return Ask{}, err
	}
	out := Ask{ID: req.ID, Version: req.Version, For: req.Holder, Purpose: req.Purpose, Why: req.Why, Access: req.Access,
		Environment: req.Environment, Days: req.Days}
	items, err := s.itemsOf(ctx, s.store, req.ID)
	for _, i := range items {
		var body itemBody
		if err := unpack(i.Body, &body); err != nil {
			return Ask{}, err
		}
		out.Items = append(out.Items, AskItem{Target: i.Target, Columns: body.Columns, Terms: body.Terms, Extends: i.Extends})
	}
	return out, err
}

// notTwice refuses what is asked for already, and an extension of what can't be extended.
func (s *Service) notTwice(ctx context.Context, r graph.Reader, a asking, t target, in AskItem, field string) error {
	if err := waitsAlready(ctx, r, a, t, field); err != nil {
		return err
	}
	if in.Extends == "" {
		return nil
	}
	g, ok, err := get(ctx, r, grantType, in.Extends)
	switch {
	case err != nil:
		return err
	case !ok || g.Holder != a.who.Holder:
		return errs.Bad(field+".extends", "is no grant of whoever this is for.")
	case g.Target != t.ID || g.Access != a.Access:
		return errs.Bad(field+".extends", "is a grant of something else. Ask for the same data and kind of access.")
	case g.Purpose != a.Purpose || g.Environment != a.Environment: // else what is easily had for one purpose would last longer for another
		return errs.Bad(field+".extends", "is for another purpose or environment. Ask for the same, or ask for it anew without extending.")
	case g.State != Active && g.State != Granting:
		return errs.Bad(field+".extends", "has ended. Ask for it anew, without extending.")
	case !s.now().Add(time.Duration(a.Days) * 24 * time.Hour).After(g.Until):
		return errs.Badf("days", "ends before the grant does on %s. Choose a longer time.", g.Until.UTC().Format("2 January 2006"))
	}
	return nil
}

// notEarly refuses to renew a grant sooner before its end than policies let it; 0 is at any time.
func (s *Service) notEarly(ctx context.Context, r graph.Reader, grant graph.ID, before int, field string) error {
	if grant == "" || before == 0 {
		return nil
	}
	g, err := grantAt(ctx, r, grant, 0)
	if err != nil {
		return err
	}
	from := g.Until.Add(-time.Duration(before) * 24 * time.Hour)
	if !s.now().Before(from) {
		return nil
	}
	return errs.Badf(field+".extends", "can be renewed from %s on, %d days before it ends.", from.UTC().Format("2 January 2006"), before)
}

// waitsAlready refuses what waits for a decision already.
func waitsAlready(ctx context.Context, r graph.Reader, a asking, t target, field string) error {
	for _, state := range []ItemState{Submitted, NeedsInfo} {
		page, err := list(ctx, r, itemType, graph.Query{Sort: "sent", Desc: true, Limit: graph.MaxPage,
			Where: []graph.Filter{where("holder", string(a.who.Holder)), where("state", string(state))}})
		if err != nil {
			return err
		}
		if at := slices.IndexFunc(page.Items, func(i Item) bool { return i.Target == t.ID && i.Access == a.Access }); at >= 0 {
			return errs.Badf(field+".target", "has been asked for already, on %s, and waits for a decision. Withdraw that request first to ask anew.",
				page.Items[at].Sent.UTC().Format("2 January 2006"))
		}
	}
	return nil
}

// sameVersion refuses a change of what has changed since it was looked at; 0 is any version.
func sameVersion(looked, is int64) error {
	if looked != 0 && looked != is {
		return errs.E(errs.Conflict, "This has changed since you looked at it. Look again, then decide.")
	}
	return nil
}
