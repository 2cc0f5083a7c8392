package marketplace

import (
	"context"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// CampaignList asks for campaigns, the one that is due next first; of closed ones the last first.
type CampaignList struct {
	Closed bool
	After  string
	Limit  int // 1 to graph.MaxPage
}

// CampaignRow is a campaign as lists show it.
type CampaignRow struct {
	Campaign
	ByName     string
	TargetName string // of what is looked through; HiddenName if the viewer may not see it
	Late       bool
}

// Campaigns lists the campaigns that the principal in ctx has to do with. A page may hold fewer than the limit and still have a
// Next. Errors: Unauthenticated, Invalid.
func (s *Service) Campaigns(ctx context.Context, in CampaignList) (Page[CampaignRow], error) {
	if err := s.mayLook(ctx); err != nil {
		return Page[CampaignRow]{}, err
	}
	state := CampaignOpen
	if in.Closed {
		state = CampaignClosed
	}
	page, err := list(ctx, s.store, campaignType, graph.Query{Where: []graph.Filter{where("state", state)}, Sort: "due", Desc: in.Closed,
		After: in.After, Limit: in.Limit})
	if err != nil {
		return Page[CampaignRow]{}, err
	}
	var own []Campaign
	for _, c := range page.Items {
		ok, err := s.inCampaign(ctx, s.store, c)
		if err != nil {
			return Page[CampaignRow]{}, err
		}
		if ok {
			own = append(own, c)
		}
	}
	rows, err := s.campaignRows(ctx, own)
	return Page[CampaignRow]{Items: rows, Next: page.Next}, err
}

func (s *Service) campaignRows(ctx context.Context, campaigns []Campaign) ([]CampaignRow, error) {
	var ids []graph.ID
	for _, c := range campaigns {
		ids = append(ids, c.By, c.Target)
	}
	called, err := names(ctx, s.store, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]CampaignRow, len(campaigns))
	for i, c := range campaigns {
		out[i] = CampaignRow{Campaign: c, ByName: called[c.By], TargetName: called[c.Target], Late: c.State == CampaignOpen && c.Due.Before(s.now())}
		if out[i].TargetName == "" {
			if out[i].TargetName, err = s.scopeName(ctx, c); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// scopeName is what the product, dataset or domain of a campaign is called, to whoever may see it.
func (s *Service) scopeName(ctx context.Context, c Campaign) (string, error) {
	if c.Scope == CampaignDomain {
		d, ok, err := get(ctx, s.store, catalog.DomainType, c.Target)
		if ok && d.Title != "" {
			return d.Title, err
		}
		return d.Name, err
	}
	t, err := s.targetAt(ctx, s.store, c.Target)
	if errs.Is(err, errs.NotFound) {
		return HiddenName, nil
	}
	return t.Title, err
}

// ReviewList asks for the reviews of a campaign, the grant that ends first at the top.
type ReviewList struct {
	Campaign graph.ID
	State    ReviewState // "" is all
	Mine     bool        // only those that ask the viewer
	After    string
	Limit    int // 1 to graph.MaxPage
}

// ReviewRow is a review as lists show it.
type ReviewRow struct {
	Review
	Given        GrantRow
	ReviewerName string // of a team or person; "" if a role is asked
	ReviewerRole string // "" if a team or person is asked
	ByName       string
	Barred       string // why the viewer may not keep or shorten it, in sentences; "" if he may
	MayAnswer    bool
}

// CampaignView is a campaign with a page of its reviews.
type CampaignView struct {
	CampaignRow
	Reviews  Page[ReviewRow]
	MayClose bool
}

// Campaign is a campaign with a page of its reviews. Errors: Unauthenticated, Invalid; NotFound, also to whoever has nothing
// to do with it.
func (s *Service) Campaign(ctx context.Context, in ReviewList) (CampaignView, error) {
	c, err := s.campaignFor(ctx, s.store, in.Campaign)
	if err != nil {
		return CampaignView{}, err
	}
	rows, err := s.campaignRows(ctx, []Campaign{c})
	if err != nil {
		return CampaignView{}, err
	}
	out := CampaignView{CampaignRow: rows[0], MayClose: c.State == CampaignOpen && s.mayClose(ctx, c)}
	q := graph.Query{Where: []graph.Filter{where("campaign", string(c.ID))}, Sort: "until", After: in.After, Limit: in.Limit}
	if in.State != "" {
		q.Where = append(q.Where, where("state", string(in.State)))
	}
	if in.Mine && !s.unbound(ctx) || !s.seesAll(ctx, c) {
		keys := reviewKeys(authz.From(ctx), c.Domain)
		q.Visible = &graph.Visible{Audiences: keys[:min(len(keys), graph.MaxAudiences)]}
	}
	page, err := list(ctx, s.store, reviewType, q)
	if err != nil {
		return CampaignView{}, err
	}
	out.Reviews.Next = page.Next
	out.Reviews.Items, err = s.reviewRows(ctx, page.Items)
	return out, err
}

// seesAll tells whether the principal in ctx may see all reviews of a campaign, not those alone that ask him.
func (s *Service) seesAll(ctx context.Context, c Campaign) bool {
	domain := string(c.Domain)
	if c.Scope == CampaignOwner {
		domain = authz.Everywhere
	}
	return s.unbound(ctx) || string(c.By) == authz.Actor(ctx) || s.policy.Can(ctx, authz.Grant, domain, authz.View)
}

// reviewRows adds grants and names to reviews, and whether the viewer may answer.
func (s *Service) reviewRows(ctx context.Context, reviews []Review) ([]ReviewRow, error) {
	var ids, who []graph.ID
	for _, rev := range reviews {
		ids, who = append(ids, rev.Grant), append(who, rev.By)
		if _, _, role := splitRole(rev.Audience); !role {
			who = append(who, graph.ID(rev.Audience))
		}
	}
	known, err := getAll(ctx, s.store, grantType, ids)
	if err != nil {
		return nil, err
	}
	called, err := names(ctx, s.store, who...)
	if err != nil {
		return nil, err
	}
	var grants []Grant
	for _, rev := range reviews {
		grants = append(grants, known[rev.Grant])
	}
	given, err := s.grantRows(ctx, grants)
	if err != nil {
		return nil, err
	}
	out := make([]ReviewRow, len(reviews))
	type around struct {
		sender, holder graph.ID
		since          time.Time
	}
	barred := map[around]string{}
	for i, rev := range reviews {
		g := given[i].Grant
		row := ReviewRow{Review: rev, Given: given[i], ReviewerName: called[graph.ID(rev.Audience)], ByName: called[rev.By]}
		if role, _, ok := splitRole(rev.Audience); ok {
			row.ReviewerRole = role
		}
		row.MayAnswer = rev.State == ReviewOpen && s.mayReview(ctx, rev, g)
		if row.MayAnswer {
			of := around{g.Sender, g.Holder, g.Since}
			if _, done := barred[of]; !done {
				if barred[of], err = s.barred(ctx, s.store, g); err != nil {
					return nil, err
				}
			}
			row.Barred = barred[of]
		}
		out[i] = row
	}
	return out, nil
}

// CampaignOf is the campaign of a review that the principal in ctx may answer. Errors: Unauthenticated, NotFound.
func (s *Service) CampaignOf(ctx context.Context, review graph.ID) (graph.ID, error) {
	_, c, _, err := s.reviewFor(ctx, s.store, review)
	return c.ID, err
}
