package gqlschema

import (
	"context"

	"weir/gqlschema/gen"
	"weir/graph"
	"weir/marketplace"
)

func (r *resolver) Campaign() gen.CampaignResolver { return &campaigns{r} }

type campaigns struct{ *resolver }

func (q queries) Campaigns(ctx context.Context, closed *bool, first *int, after *string) (*gen.CampaignConnection, error) {
	w, err := reading("campaigns", first, after, func(after string, limit int) ([]marketplace.CampaignRow, string, error) {
		return marketPage(q.market.Campaigns(ctx, marketplace.CampaignList{Closed: or(closed, false), After: after, Limit: limit}))
	})
	if err != nil {
		return nil, err
	}
	out := &gen.CampaignConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showCampaign, func(at string, n *gen.Campaign) *gen.CampaignEdge {
		return &gen.CampaignEdge{Cursor: at, Node: n}
	})
	return out, nil
}

func (q queries) Campaign(ctx context.Context, id graph.ID) (*gen.Campaign, error) {
	v, err := q.market.Campaign(ctx, marketplace.ReviewList{Campaign: id, Limit: 1})
	return found(v.CampaignRow, err, showCampaign)
}

func showCampaign(c marketplace.CampaignRow) *gen.Campaign {
	return &gen.Campaign{
		ID: c.ID, Name: c.Name, Scope: word[gen.CampaignScope](c.Scope), Target: c.Target, TargetName: text(c.TargetName),
		Outcome: word[gen.CampaignOutcome](c.Outcome), IsClosed: c.State == marketplace.CampaignClosed, IsLate: c.Late, Due: c.Due,
		By: called(c.By, c.ByName), At: c.At, ClosedAt: when(c.Closed), Total: c.Total, Open: c.Open(), Kept: c.Kept, Shortened: c.Shortened,
		Revoked: c.Revoked, Gone: c.Gone, Version: int(c.Version),
	}
}

func (r campaigns) MayClose(ctx context.Context, c *gen.Campaign) (bool, error) {
	v, err := r.market.Campaign(ctx, marketplace.ReviewList{Campaign: c.ID, Limit: 1})
	return v.MayClose, err
}

func (r campaigns) Reviews(ctx context.Context, c *gen.Campaign, state *gen.ReviewState, mine *bool, first *int, after *string) (*gen.ReviewConnection, error) {
	list := marketplace.ReviewList{Campaign: c.ID, State: unwordOr[marketplace.ReviewState](state), Mine: or(mine, false)}
	w, err := reading("reviews", first, after, func(after string, limit int) ([]marketplace.ReviewRow, string, error) {
		list.After, list.Limit = after, limit
		v, err := r.market.Campaign(ctx, list)
		return marketPage(v.Reviews, err)
	})
	if err != nil {
		return nil, err
	}
	out := &gen.ReviewConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showReview, func(at string, n *gen.Review) *gen.ReviewEdge { return &gen.ReviewEdge{Cursor: at, Node: n} })
	return out, nil
}

func showReview(r marketplace.ReviewRow) *gen.Review {
	out := &gen.Review{
		ID: r.ID, Grant: showGrant(r.Given), ReviewerRole: text(r.ReviewerRole), State: word[gen.ReviewState](r.State), Until: r.Until,
		By: called(r.By, r.ByName), At: when(r.At), Reason: text(r.Reason), MayAnswer: r.MayAnswer, Barred: text(r.Barred), Version: int(r.Version),
	}
	if r.ReviewerRole == "" {
		out.Reviewer = called(graph.ID(r.Audience), r.ReviewerName)
	}
	return out
}

func (m mutations) OpenCampaign(ctx context.Context, in gen.OpenCampaignInput) (*gen.Campaign, error) {
	c, err := m.market.OpenCampaign(ctx, marketplace.NewCampaign{
		Name: in.Name, Scope: unword[string](in.Scope), Target: in.Target, Due: in.Due, Outcome: unword[string](in.Outcome),
	})
	return m.campaignAfter(ctx, c, err)
}

func (m mutations) CloseCampaign(ctx context.Context, id graph.ID, version *int) (*gen.Campaign, error) {
	c, err := m.market.CloseCampaign(ctx, id, number64(version))
	return m.campaignAfter(ctx, c, err)
}

func (m mutations) campaignAfter(ctx context.Context, c marketplace.Campaign, err error) (*gen.Campaign, error) {
	if err != nil {
		return nil, err
	}
	v, err := m.market.Campaign(ctx, marketplace.ReviewList{Campaign: c.ID, Limit: 1})
	return shownAfter(v.CampaignRow, err, showCampaign)
}

func (m mutations) AnswerReview(ctx context.Context, in gen.AnswerReviewInput) (*gen.ReviewAnswered, error) {
	rev, err := m.market.Review(ctx, marketplace.ReviewAnswer{
		Review: in.Review, Version: number64(in.Version), Verdict: unword[marketplace.ReviewAction](in.Verdict),
		Reason: or(in.Reason, ""), Until: at(in.Until),
	})
	return shownAfter(rev, err, func(r marketplace.Review) *gen.ReviewAnswered {
		return &gen.ReviewAnswered{ID: r.ID, State: word[gen.ReviewState](r.State), Version: int(r.Version)}
	})
}
