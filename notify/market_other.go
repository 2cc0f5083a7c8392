package notify

import (
	"context"
	"slices"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/graph"
	"weir/identity"
	"weir/marketplace"
)

// taskSlack is how far the time of a task and that of its entry may lie apart: both come from one transaction.
const taskSlack = 10 * time.Second

func domainKey(domain graph.ID) string {
	if domain == "" {
		return authz.NoDomain
	}
	return string(domain)
}

// campaignOpens tells those who are asked to look through grants.
func (m *Market) campaignOpens(ctx context.Context, e audit.Entry) ([]Notice, error) {
	return m.tellReviewers(ctx, e, "begin", "Look through grants: ", false)
}

// campaignReminds reminds them.
func (m *Market) campaignReminds(ctx context.Context, e audit.Entry) ([]Notice, error) {
	return m.tellReviewers(ctx, e, "reminder", "Late: look through grants: ", true)
}

func (m *Market) tellReviewers(ctx context.Context, e audit.Entry, what, begins string, once bool) ([]Notice, error) {
	var keys []string
	list := marketplace.ReviewList{Campaign: e.Target, State: marketplace.ReviewOpen, Limit: graph.MaxPage}
	var c marketplace.CampaignView
	for {
		var err error
		if c, err = m.market.Campaign(ctx, list); err != nil {
			return nil, err
		}
		for _, r := range c.Reviews.Items {
			if !slices.Contains(keys, r.Audience) {
				keys = append(keys, r.Audience)
			}
		}
		if list.After = c.Reviews.Next; list.After == "" {
			break
		}
	}
	people, err := m.answering(ctx, keys...)
	becomes := "they are revoked"
	if c.Outcome == marketplace.OutcomeRemind {
		becomes = "you are reminded each week"
	}
	t := telling{e: e, names: []graph.ID{c.By}, what: what, kind: Review, title: begins + c.Name, link: "/campaigns/" + string(c.ID), once: once, body: []string{
		"Who began it: " + orSomebody(c.ByName), "What: the grants of " + c.TargetName, "What to do: say for each whether it is kept, shortened or revoked.",
		"By when: " + day(c.Due), "Of those that nobody has looked at then " + becomes + ".",
	}}
	return t.to(people), err
}

// policyWaits tells those who may confirm a change of a policy.
func (m *Market) policyWaits(ctx context.Context, e audit.Entry) ([]Notice, error) {
	v, err := m.market.Template(ctx, e.Target)
	if err != nil || v.Waiting == nil {
		return nil, err // confirmed or refused meanwhile, or it came with the program
	}
	people, err := m.answering(ctx, authz.Approver+"@"+authz.Everywhere, authz.Admin+"@"+authz.Everywhere)
	if err != nil {
		return nil, err
	}
	circle, err := identity.Closure(ctx, m.store, []graph.ID{graph.ID(e.Actor)}, e.At, m.now())
	if err != nil {
		return nil, err
	}
	author, err := m.name(ctx, e.Actor)
	t := telling{e: e, names: []graph.ID{graph.ID(e.Actor)}, what: "policy", kind: Confirm, title: author + " proposes a change of the policy " + v.Template.Title, link: "/templates/" + v.Template.Name,
		body: []string{"Who: " + author, "What: the policy " + v.Template.Title, "What to do: run the simulation, see which grants and requests would change, then confirm or refuse it.",
			"Who decides: somebody of security or an administrator, other than who proposes it. Nothing changes before."}}
	return t.to(slices.DeleteFunc(people, circle.Has)), err
}

// policyDecided tells the author what became of his change.
func (m *Market) policyDecided(ctx context.Context, e audit.Entry) ([]Notice, error) {
	v, err := m.market.Template(ctx, e.Target)
	if err != nil {
		return nil, err
	}
	versions, _, err := m.market.TemplateVersions(ctx, e.Target)
	if err != nil {
		return nil, err
	}
	who, err := m.name(ctx, e.Actor)
	if err != nil {
		return nil, err
	}
	n := slices.IndexFunc(versions, func(x marketplace.TemplateVersionView) bool {
		return v.Template.Name+"@"+decimal(x.Version.Number) == e.Facts["template"]
	})
	if n < 0 {
		return nil, nil
	}
	became := "confirmed"
	if e.Action == marketArea+"template-refuse" {
		became = "refused"
	}
	t := telling{e: e, names: []graph.ID{graph.ID(e.Actor)}, what: "policy-" + became, kind: Confirm, title: who + " has " + became + " the change of the policy " + v.Template.Title,
		link: "/templates/" + v.Template.Name, body: []string{"Said: " + reason(versions[n].Version.Note)}}
	people, err := m.persons(ctx, versions[n].Version.By)
	return t.to(without(people, graph.ID(e.Actor))), err
}

// productEnds tells everybody who has a product that it ends, and what takes its place.
func (m *Market) productEnds(ctx context.Context, e audit.Entry) ([]Notice, error) {
	p, _, err := m.market.Product(ctx, e.Target)
	if err != nil {
		return nil, err
	}
	body := []string{"What: " + p.Title, "Ends: " + day(p.Sunset)}
	if p.Successor != "" {
		next, _, err := m.market.Product(ctx, p.Successor)
		if err != nil {
			return nil, err
		}
		if next.Visibility == authz.Open { // else not everybody who is told may know of it; the product's page tells those who may
			body = append(body, "What to do: ask for "+next.Title+", which takes its place.")
		}
	}
	var holders []graph.ID
	list := marketplace.GrantList{View: marketplace.GrantsTarget, ID: p.ID, Limit: graph.MaxPage}
	for {
		page, err := m.market.Grants(ctx, list)
		if err != nil {
			return nil, err
		}
		for _, g := range page.Items {
			holders = append(holders, g.Holder, g.Sender)
		}
		if list.After = page.Next; list.After == "" {
			break
		}
	}
	people, err := m.persons(ctx, sorted(holders)...)
	t := telling{e: e, what: "ends", kind: Expiring, title: p.Title + " ends on " + day(p.Sunset), link: "/products/" + p.Slug, body: body}
	return t.to(without(people, graph.ID(e.Actor))), err
}
