package marketplace

import (
	"context"
	"slices"
	"strings"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// mostScopes is how many domains a form offers to look through.
const mostScopes = 200

// ScopeOption is something that the viewer may have looked through.
type ScopeOption struct {
	Scope  string
	Target graph.ID
	Name   string
}

// CampaignScopes are what the principal in ctx may begin a campaign over: what he or his teams own, and domains where he manages
// grants. Products and datasets are offered where they are shown. Errors: Unauthenticated.
func (s *Service) CampaignScopes(ctx context.Context) ([]ScopeOption, error) {
	v, err := s.viewerOf(ctx, s.store)
	if err != nil {
		return nil, err
	}
	var out []ScopeOption
	if v.who.Type == authz.Person {
		var ids []graph.ID
		for _, id := range v.ids {
			ids = append(ids, graph.ID(id))
		}
		called, err := names(ctx, s.store, ids...)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if called[id] != "" {
				out = append(out, ScopeOption{CampaignOwner, id, called[id]})
			}
		}
	}
	page, err := list(ctx, s.store, catalog.DomainType, graph.Query{Sort: "name", Limit: mostScopes, Visible: s.policy.Visible(ctx)})
	if err != nil {
		return nil, err
	}
	for _, d := range page.Items {
		if s.policy.Can(ctx, authz.Grant, string(d.ID), authz.Manage) {
			name := d.Title
			if name == "" {
				name = d.Name
			}
			out = append(out, ScopeOption{CampaignDomain, d.ID, name})
		}
	}
	return out, nil
}

// CampaignScope names one product or dataset, for the form of a campaign over it. Errors: NotFound, also if it is hidden.
func (s *Service) CampaignScope(ctx context.Context, target graph.ID) (ScopeOption, error) {
	if !isA(target, productType) && !isDataset(target) {
		return ScopeOption{}, noTarget()
	}
	t, err := s.targetAt(ctx, s.store, target)
	return ScopeOption{CampaignProduct, t.ID, t.Title}, err
}

// ScopeOf takes the value of a form apart: a scope and what is looked through, with a space between.
func ScopeOf(value string) (scope string, target graph.ID, err error) {
	scope, id, ok := strings.Cut(value, " ")
	if !ok || !slices.Contains([]string{CampaignProduct, CampaignDomain, CampaignOwner}, scope) {
		return "", "", errs.Bad("target", "is missing: choose what is looked through.")
	}
	return scope, graph.ID(id), nil
}
