package marketplace

import (
	"context"
	"errors"
	"slices"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// CloseCampaign ends a campaign before its time; what nobody has looked at stays as it is. Who began it may, and whoever manages
// grants there, unless that keeps a grant for him. Errors: Unauthenticated, NotFound, Forbidden, Conflict if it is closed or was changed since version.
func (s *Service) CloseCampaign(ctx context.Context, id graph.ID, version int64) (Campaign, error) {
	var out Campaign
	err := s.run(ctx, "marketplace.campaign-close", id, func(ctx context.Context, tx graph.Tx) (deed, error) {
		c, err := s.campaignFor(ctx, tx, id)
		switch {
		case err != nil:
			return deed{}, err
		case !s.mayClose(ctx, c):
			return deed{}, errs.E(errs.Forbidden, "Only who began this campaign, or manages grants there, closes it.")
		case c.State != CampaignOpen || version != 0 && version != c.Version:
			return deed{}, errs.E(errs.Conflict, "This campaign was closed or changed meanwhile. Look at it again.")
		}
		if err := s.keepsOwn(ctx, tx, c); err != nil {
			return deed{}, err
		}
		var changes []audit.Change
		out, changes, err = s.closeCampaign(ctx, tx, c)
		return deed{target: id, facts: map[string]string{"open": decimal(c.Open())}, changes: changes}, err
	})
	return out, err
}

// keepsOwn refuses to close a campaign that would revoke what nobody looks at, while a grant waits in it with whose holder or sender
// the one who closes has to do: closing it would keep that grant for himself.
func (s *Service) keepsOwn(ctx context.Context, r graph.Reader, c Campaign) error {
	if c.Outcome != OutcomeRevoke || s.unbound(ctx) {
		return nil
	}
	open, err := listAll(ctx, r, reviewType, graph.Query{Sort: "until",
		Where: []graph.Filter{where("campaign", string(c.ID)), where("state", string(ReviewOpen))}})
	if err != nil {
		return err
	}
	var ids, around []graph.ID
	for _, rev := range open {
		ids = append(ids, rev.Grant)
	}
	grants, err := getAll(ctx, r, grantType, ids)
	if err != nil {
		return err
	}
	since := s.now()
	for _, g := range grants {
		around = append(around, g.Sender, g.Holder)
		if g.Since.Before(since) {
			since = g.Since
		}
	}
	slices.Sort(around)
	circle, err := identity.Closure(ctx, r, present(slices.Compact(around)), since, s.now())
	me := graph.ID(authz.From(ctx).ID)
	if err != nil || !circle.Has(me) {
		return err
	}
	called, err := names(ctx, r, circle.Chain(me)...)
	if err != nil {
		return err
	}
	return errs.E(errs.Forbidden, "To close this campaign keeps what nobody has looked at. "+circle.Why(me, called)+" Somebody else has to close it.")
}

// mayClose tells whether the principal in ctx may close a campaign.
func (s *Service) mayClose(ctx context.Context, c Campaign) bool {
	domain := string(c.Domain)
	if c.Scope == CampaignOwner {
		domain = authz.Everywhere
	}
	return string(c.By) == authz.Actor(ctx) || s.policy.Can(ctx, authz.Grant, domain, authz.Manage)
}

// closeCampaign ends a campaign in the caller's transaction. What is open is left.
func (s *Service) closeCampaign(ctx context.Context, tx graph.Tx, c Campaign) (Campaign, []audit.Change, error) {
	open, err := listAll(ctx, tx, reviewType, graph.Query{Sort: "until",
		Where: []graph.Filter{where("campaign", string(c.ID)), where("state", string(ReviewOpen))}})
	if err != nil {
		return c, nil, err
	}
	now := graph.Time(s.now())
	var writes []graph.NodeWrite
	for _, rev := range open {
		rev.State, rev.By, rev.At = ReviewGone, graph.ID(authz.Actor(ctx)), now
		writes = append(writes, reviewType.Write(rev.ID, graph.IfVersion, rev))
	}
	if len(writes) > 0 {
		if _, err := tx.Put(ctx, writes...); err != nil {
			return c, nil, err
		}
	}
	c.State, c.Next, c.Closed = CampaignClosed, time.Time{}, now
	c.Gone += len(open)
	if c, err = put(ctx, tx, campaignType, c.ID, graph.IfVersion, c); err != nil {
		return c, nil, err
	}
	return c, changed(nil, c.ID, "state", CampaignOpen, CampaignClosed), s.closeReviewTasks(ctx, tx, c.ID, "")
}

// CampaignsDue does what campaigns that are due say: it revokes the grants that nobody has looked at, or reminds of them. It is
// for a job; of two that work at once each does what the other has not.
func (s *Service) CampaignsDue(ctx context.Context) error {
	page, err := list(ctx, s.store, campaignType, graph.Query{Sort: "next", Limit: dueBatch,
		Where: []graph.Filter{where("state", CampaignOpen), before("next", s.now())}})
	if err != nil {
		return err
	}
	var failed []error
	for _, c := range page.Items {
		failed = append(failed, s.campaignDue(ctx, c.ID))
	}
	return errors.Join(failed...)
}

// campaignDue works through one campaign, some grants in each transaction.
func (s *Service) campaignDue(ctx context.Context, id graph.ID) error {
	for range mostReviews/reviewBatch + 1 {
		more := false
		err := s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
			if err := tx.Lock(ctx, authz.Lock); err != nil {
				return err
			}
			c, ok, err := get(ctx, tx, campaignType, id)
			if more = false; err != nil || !ok || c.State != CampaignOpen || !c.Next.Before(graph.Time(s.now())) {
				return err
			}
			var entries []audit.Entry
			if c.Outcome == OutcomeRemind {
				entries, err = s.remindReviewers(ctx, tx, c)
			} else {
				entries, more, err = s.revokeLeft(ctx, tx, c)
			}
			if err != nil {
				return err
			}
			return audit.Append(ctx, tx, s.now(), entries...)
		})
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// remindReviewers notes that people are late. Those whom it concerns hear of it by the entry.
func (s *Service) remindReviewers(ctx context.Context, tx graph.Tx, c Campaign) ([]audit.Entry, error) {
	c.Next = graph.Time(s.now()).Add(remindEvery)
	_, err := put(ctx, tx, campaignType, c.ID, graph.IfVersion, c)
	return []audit.Entry{{Actor: authz.Actor(ctx), Action: "marketplace.campaign-remind", Target: c.ID, Decision: audit.Allowed,
		Facts: map[string]string{"open": decimal(c.Open())}}}, err
}

// revokeLeft revokes some of the grants that nobody has looked at; more tells that there are others. With the last one the
// campaign is closed.
func (s *Service) revokeLeft(ctx context.Context, tx graph.Tx, c Campaign) (entries []audit.Entry, more bool, err error) {
	page, err := list(ctx, tx, reviewType, graph.Query{Sort: "until", Limit: reviewBatch,
		Where: []graph.Filter{where("campaign", string(c.ID)), where("state", string(ReviewOpen))}})
	if err != nil {
		return nil, false, err
	}
	reason := "Nobody confirmed by " + c.Due.Format("2 January 2006") + " that it is still needed (" + c.Name + ")."
	for _, rev := range page.Items {
		g, err := grantAt(ctx, tx, rev.Grant, 0)
		if err != nil {
			return nil, false, err
		}
		if c, _, err = get(ctx, tx, campaignType, c.ID); err != nil {
			return nil, false, err
		}
		rev.State, rev.Reason = ReviewRevoked, reason
		if _, err := s.answerReview(ctx, tx, c, rev); err != nil {
			return nil, false, err
		}
		_, d, err := s.revoke(ctx, tx, g, reason)
		if err != nil {
			return nil, false, err
		}
		d.facts["campaign"], d.facts["review"] = string(c.ID), string(rev.ID)
		entries = append(entries, audit.Entry{Actor: authz.Actor(ctx), Action: "marketplace.review-revoke", Target: g.ID,
			Decision: audit.Allowed, Facts: d.facts, Changes: d.changes})
	}
	if page.Next != "" {
		return entries, true, nil
	}
	return entries, false, s.stopCampaign(ctx, tx, c.ID)
}

// stopCampaign sees to it that a campaign with nothing left to look at is closed.
func (s *Service) stopCampaign(ctx context.Context, tx graph.Tx, id graph.ID) error {
	c, ok, err := get(ctx, tx, campaignType, id)
	if err != nil || !ok || c.State == CampaignClosed {
		return err
	}
	_, _, err = s.closeCampaign(ctx, tx, c)
	return err
}

// campaignFor reads a campaign for somebody who has to do with it: he is asked in it, began it, or may see grants there.
func (s *Service) campaignFor(ctx context.Context, r graph.Reader, id graph.ID) (Campaign, error) {
	if err := s.mayLook(ctx); err != nil {
		return Campaign{}, err
	}
	c, ok, err := get(ctx, r, campaignType, id)
	if err != nil {
		return Campaign{}, err
	}
	if ok {
		if ok, err = s.inCampaign(ctx, r, c); err != nil {
			return Campaign{}, err
		}
	}
	if !ok {
		return Campaign{}, errs.E(errs.NotFound, "There is no such campaign.")
	}
	return c, nil
}

// inCampaign tells whether the principal in ctx has to do with a campaign.
func (s *Service) inCampaign(ctx context.Context, r graph.Reader, c Campaign) (bool, error) {
	domain := string(c.Domain)
	if c.Scope == CampaignOwner {
		domain = authz.Everywhere
	}
	who := authz.From(ctx)
	if s.unbound(ctx) || string(c.By) == who.ID || s.policy.Can(ctx, authz.Grant, domain, authz.View) {
		return true, nil
	}
	keys := reviewKeys(who, c.Domain)
	asked, err := list(ctx, r, reviewType, graph.Query{Sort: "until", Limit: 1, Where: []graph.Filter{where("campaign", string(c.ID))},
		Visible: &graph.Visible{Audiences: keys[:min(len(keys), graph.MaxAudiences)]}})
	return len(asked.Items) > 0, err
}
