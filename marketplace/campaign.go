package marketplace

import (
	"context"
	"slices"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

const (
	mostReviews  = 2_000              // grants of one campaign
	maxName      = 200                // bytes of the name of a campaign
	longCampaign = 366                // days until a campaign is due at most
	remindEvery  = 7 * 24 * time.Hour // after a campaign is due
	reviewBatch  = 50                 // grants that one transaction revokes
	day24        = 24 * time.Hour
)

// NewCampaign is a campaign to begin.
type NewCampaign struct {
	Name    string
	Scope   string   // CampaignProduct, CampaignDomain, CampaignOwner
	Target  graph.ID // product or dataset, domain, person or team
	Due     time.Time
	Outcome string // OutcomeRevoke, OutcomeRemind
}

func (in *NewCampaign) check(now time.Time) error {
	c := &checker{}
	in.Name = c.line("name", in.Name, maxName, true)
	if !slices.Contains([]string{CampaignProduct, CampaignDomain, CampaignOwner}, in.Scope) {
		c.field("scope", "is missing: choose what is looked through.")
	}
	if !graph.ValidID(in.Target) {
		c.field("target", "is missing.")
	}
	if in.Outcome != OutcomeRevoke && in.Outcome != OutcomeRemind {
		c.field("outcome", "is missing: choose what becomes of grants that nobody has looked at.")
	}
	switch {
	case in.Due.IsZero():
		c.field("due", "is missing: say until when.")
	case !in.Due.After(now):
		c.field("due", "has to be later than now.")
	case in.Due.After(now.Add(longCampaign * day24)):
		c.field("due", "is more than a year from now.")
	}
	return c.err()
}

// OpenCampaign begins a campaign over the grants that hold now, and puts it on the lists of those who own them. It is for the
// owner of what is looked through, and for whoever manages grants there.
// Errors: Unauthenticated, Forbidden, Invalid with the fields.
func (s *Service) OpenCampaign(ctx context.Context, in NewCampaign) (Campaign, error) {
	const action = "marketplace.campaign-open"
	if err := in.check(s.now()); err != nil {
		return Campaign{}, err
	}
	var out Campaign
	err := s.run(ctx, action, in.Target, func(ctx context.Context, tx graph.Tx) (deed, error) {
		c, err := s.campaignScope(ctx, tx, in)
		if err != nil {
			return deed{}, err
		}
		grants, err := s.scopeGrants(ctx, tx, c)
		if err != nil {
			return deed{}, err
		}
		now := graph.Time(s.now())
		c.Name, c.Outcome, c.State, c.Due, c.Next = in.Name, in.Outcome, CampaignOpen, graph.Time(in.Due), graph.Time(in.Due)
		c.By, c.At, c.Total = graph.ID(authz.Actor(ctx)), now, len(grants)
		if out, err = put(ctx, tx, campaignType, randomID(campaignType.Spec.Prefix), graph.Create, c); err != nil {
			return deed{}, err
		}
		if err := s.openReviews(ctx, tx, out, grants); err != nil {
			return deed{}, err
		}
		return deed{target: out.ID, facts: map[string]string{"grants": decimal(len(grants)), "outcome": in.Outcome},
			changes: []audit.Change{{Asset: out.ID, Field: "state", After: CampaignOpen}, {Asset: out.ID, Field: "name", After: in.Name}}}, nil
	})
	return out, err
}

// campaignScope checks what is to be looked through, and that whoever acts may have it looked through.
func (s *Service) campaignScope(ctx context.Context, tx graph.Tx, in NewCampaign) (Campaign, error) {
	v, err := s.viewerOf(ctx, tx)
	if err != nil {
		return Campaign{}, err
	}
	c, owner := Campaign{Scope: in.Scope, Target: in.Target}, graph.ID("")
	switch in.Scope {
	case CampaignProduct:
		t, err := s.targetAt(ctx, tx, in.Target)
		if errs.Is(err, errs.NotFound) {
			return c, errs.Bad("target", "is no product or dataset that there is, or that you may see.")
		}
		if err != nil {
			return c, err
		}
		c.Target, c.Domain, owner = t.ID, t.Domain, t.Owner
	case CampaignDomain:
		if err := s.policy.Require(ctx, authz.Grant, string(in.Target), authz.Manage); err != nil {
			return c, err // before it is said whether there is such a domain
		}
		if d, ok, err := get(ctx, tx, catalog.DomainType, in.Target); err != nil || !ok || !s.policy.Sees(ctx, d.Audience) {
			return c, missingOr(err, errs.Bad("target", "is no domain that there is."))
		}
		c.Domain = in.Target
	case CampaignOwner:
		found, err := identity.Lookup(ctx, tx, in.Target)
		if err != nil || found[in.Target].ID == "" {
			return c, missingOr(err, errs.Bad("target", "is nobody who is known here."))
		}
		owner = in.Target
	}
	domain := string(c.Domain)
	if in.Scope == CampaignOwner {
		domain = authz.Everywhere
	}
	why := s.policy.Require(ctx, authz.Grant, domain, authz.Manage)
	if why != nil && owner != "" && slices.Contains(v.ids, string(owner)) && v.who.Type == authz.Person {
		return c, s.policy.Require(ctx, authz.Request, authz.Everywhere, authz.Decide)
	}
	return c, why
}

func missingOr(err, missing error) error {
	if err != nil {
		return err
	}
	return missing
}

// scopeGrants are the grants that hold now in the scope of a campaign. Errors: Invalid if there are none, or too many.
func (s *Service) scopeGrants(ctx context.Context, tx graph.Tx, c Campaign) ([]Grant, error) {
	prop := map[string]string{CampaignProduct: "target", CampaignDomain: "domain", CampaignOwner: "owner"}[c.Scope]
	var out []Grant
	for _, state := range live {
		some, err := listAll(ctx, tx, grantType, graph.Query{Sort: "until",
			Where: []graph.Filter{where(prop, string(c.Target)), where("state", string(state))}})
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	switch {
	case len(out) == 0:
		return nil, errs.Bad("target", "has no grants that hold now: there is nothing to look through.")
	case len(out) > mostReviews:
		return nil, errs.Badf("target", "has %d grants; one campaign takes %d. Choose something smaller.", len(out), mostReviews)
	}
	return out, nil
}
