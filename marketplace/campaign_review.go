package marketplace

import (
	"context"
	"slices"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// ReviewAnswer says what becomes of a grant. Version is the one of the review that was looked at; 0 is any.
type ReviewAnswer struct {
	Review  graph.ID
	Version int64
	Verdict ReviewAction
	Reason  string    // needed but for ReviewKeep
	Until   time.Time // of ReviewShorten
}

// reviewEntries are the actions of entries.
var reviewEntries = map[ReviewAction]string{
	ReviewKeep: "marketplace.review-keep", ReviewShorten: "marketplace.review-shorten", ReviewRevoke: "marketplace.review-revoke",
}

// Review answers one review of a campaign: the one who is asked does, or somebody who manages grants of the domain. To keep or
// shorten a grant is to give it anew, so nobody does that who has to do with its holder; to revoke it, its owner always may.
// Errors: Unauthenticated, NotFound to whoever isn't asked, Forbidden, Invalid with the fields, Conflict if it was answered
// meanwhile.
func (s *Service) Review(ctx context.Context, in ReviewAnswer) (Review, error) {
	c := &checker{}
	in.Reason = c.lines("reason", in.Reason, maxReason, in.Verdict != ReviewKeep)
	if reviewEntries[in.Verdict] == "" {
		c.field("verdict", "has to be keep, shorten or revoke.")
	}
	if err := c.err(); err != nil {
		return Review{}, err
	}
	var out Review
	err := s.run(ctx, reviewEntries[in.Verdict], in.Review, func(ctx context.Context, tx graph.Tx) (deed, error) {
		rev, camp, g, err := s.reviewFor(ctx, tx, in.Review)
		switch {
		case err != nil:
			return deed{}, err
		case rev.State != ReviewOpen || camp.State != CampaignOpen || in.Version != 0 && in.Version != rev.Version:
			return deed{}, errDone()
		}
		if in.Verdict != ReviewRevoke {
			if err := s.apart(ctx, tx, g); err != nil {
				return deed{}, err
			}
		}
		rev.State = map[ReviewAction]ReviewState{ReviewKeep: ReviewKept, ReviewShorten: ReviewShortened, ReviewRevoke: ReviewRevoked}[in.Verdict]
		rev.Reason = in.Reason
		if out, err = s.answerReview(ctx, tx, camp, rev); err != nil {
			return deed{}, err
		}
		d, err := s.applyReview(ctx, tx, g, in)
		d.target = g.ID
		d.changes = append(d.changes, audit.Change{Asset: g.ID, Field: "review", After: string(out.State)})
		if d.facts == nil {
			d.facts = map[string]string{}
		}
		d.facts["campaign"], d.facts["review"] = string(camp.ID), string(rev.ID)
		return d, err
	})
	return out, err
}

// applyReview does to a grant what a reviewer said.
func (s *Service) applyReview(ctx context.Context, tx graph.Tx, g Grant, in ReviewAnswer) (d deed, err error) {
	switch in.Verdict {
	case ReviewShorten:
		_, d, err = s.shorten(ctx, tx, g, in.Until, in.Reason)
	case ReviewRevoke:
		_, d, err = s.revoke(ctx, tx, g, in.Reason)
	}
	return d, err
}

// reviewFor reads a review for somebody who may answer it; for everybody else there is none.
func (s *Service) reviewFor(ctx context.Context, r graph.Reader, id graph.ID) (Review, Campaign, Grant, error) {
	none := errs.E(errs.NotFound, "There is no such review.")
	if err := s.mayLook(ctx); err != nil {
		return Review{}, Campaign{}, Grant{}, err
	}
	rev, ok, err := get(ctx, r, reviewType, id)
	if err != nil || !ok {
		return Review{}, Campaign{}, Grant{}, missingOr(err, none)
	}
	camp, ok, err := get(ctx, r, campaignType, rev.Campaign)
	if err != nil || !ok {
		return Review{}, Campaign{}, Grant{}, missingOr(err, none)
	}
	g, err := grantAt(ctx, r, rev.Grant, 0)
	if err != nil {
		return Review{}, Campaign{}, Grant{}, err
	}
	if s.mayReview(ctx, rev, g) {
		return rev, camp, g, s.policy.Require(ctx, authz.Request, string(g.Domain), authz.Decide)
	}
	return Review{}, Campaign{}, Grant{}, none
}

// mayReview tells whether the principal in ctx is asked, or manages grants of the domain. Only people answer for owners.
func (s *Service) mayReview(ctx context.Context, rev Review, g Grant) bool {
	if s.unbound(ctx) || s.policy.Can(ctx, authz.Grant, string(g.Domain), authz.Manage) {
		return true
	}
	return slices.Contains(reviewKeys(authz.From(ctx), g.Domain), rev.Audience)
}

// reviewKeys are the assignee keys that somebody answers for in a domain: also those of roles that he holds everywhere.
func reviewKeys(who authz.Principal, domain graph.ID) []string {
	keys, _ := keysOf(who)
	for _, role := range reviewRoles {
		if key := roleKey(role, domain); who.Type == authz.Person && who.Holds(role, key[len(role)+1:]) {
			keys = append(keys, key)
		}
	}
	return keys
}

// apart refuses who has to do with the holder of a grant, or with who asked for it. Errors: Forbidden with the reason.
func (s *Service) apart(ctx context.Context, r graph.Reader, g Grant) error {
	why, err := s.barred(ctx, r, g)
	if err != nil || why == "" {
		return err
	}
	return errs.E(errs.Forbidden, why)
}

// barred says why the principal in ctx may not give a grant anew; "" if he may.
func (s *Service) barred(ctx context.Context, r graph.Reader, g Grant) (string, error) {
	who := authz.From(ctx)
	if who.Type != authz.Person && !s.unbound(ctx) {
		return "Agents and service accounts ask for data; people decide who has it.", nil
	}
	circle, err := identity.Closure(ctx, r, present([]graph.ID{g.Sender, g.Holder}), g.Since, s.now())
	if err != nil || !circle.Has(graph.ID(who.ID)) {
		return "", err
	}
	called, err := names(ctx, r, circle.Chain(graph.ID(who.ID))...)
	return circle.Why(graph.ID(who.ID), called), err
}

// answerReview writes the answer, counts it, and ends what is done by it: the task of the reviewer, and the campaign.
func (s *Service) answerReview(ctx context.Context, tx graph.Tx, c Campaign, rev Review) (Review, error) {
	rev.By, rev.At = graph.ID(authz.Actor(ctx)), graph.Time(s.now())
	rev, err := put(ctx, tx, reviewType, rev.ID, graph.IfVersion, rev)
	if err != nil {
		return rev, err
	}
	count := map[ReviewState]*int{ReviewKept: &c.Kept, ReviewShortened: &c.Shortened, ReviewRevoked: &c.Revoked, ReviewGone: &c.Gone}[rev.State]
	*count++
	if c.Open() <= 0 {
		c.State, c.Next, c.Closed = CampaignClosed, time.Time{}, rev.At
	}
	if _, err := put(ctx, tx, campaignType, c.ID, graph.IfVersion, c); err != nil {
		return rev, err
	}
	left, err := list(ctx, tx, reviewType, graph.Query{Sort: "until", Limit: 1, Visible: &graph.Visible{Audiences: []string{rev.Audience}},
		Where: []graph.Filter{where("campaign", string(c.ID)), where("state", string(ReviewOpen))}})
	if err != nil || len(left.Items) > 0 {
		return rev, err
	}
	return rev, s.closeReviewTasks(ctx, tx, c.ID, rev.Audience)
}

// closeReviewTasks ends the task of those who answer for an assignee key; of all where it is "".
func (s *Service) closeReviewTasks(ctx context.Context, tx graph.Tx, campaign graph.ID, key string) error {
	open, err := listAll(ctx, tx, taskType, graph.Query{Sort: "due",
		Where: []graph.Filter{where("about", string(campaign)), where("state", TaskOpen)}})
	if err != nil {
		return err
	}
	for _, t := range open {
		if key != "" && !slices.Contains(t.Among, key) {
			continue
		}
		t.State, t.DoneBy, t.DoneAt = TaskDone, graph.ID(authz.Actor(ctx)), graph.Time(s.now())
		if _, err := put(ctx, tx, taskType, t.ID, graph.IfVersion, t); err != nil {
			return err
		}
	}
	return nil
}

// dropReviews ends the open reviews of a grant that has ended.
func (s *Service) dropReviews(ctx context.Context, tx graph.Tx, grant graph.ID) error {
	open, err := listAll(ctx, tx, reviewType, graph.Query{Sort: "until",
		Where: []graph.Filter{where("grant", string(grant)), where("state", string(ReviewOpen))}})
	if err != nil {
		return err
	}
	for _, rev := range open {
		c, ok, err := get(ctx, tx, campaignType, rev.Campaign)
		if err != nil || !ok {
			return err
		}
		rev.State = ReviewGone
		if _, err := s.answerReview(ctx, tx, c, rev); err != nil {
			return err
		}
	}
	return nil
}
