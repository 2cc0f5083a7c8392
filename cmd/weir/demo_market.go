package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/demo"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/marketplace"
	"weir/marketplace/template"
)

// storyteller tells the story of the sample company's marketplace: each act by the person whose it is, through the commands
// that everybody uses.
type storyteller struct {
	s        *Server
	ctx      context.Context //nolint:containedctx // one run, from beginning to end
	people   map[string]graph.ID
	products map[string]graph.ID
}

// fillMarket makes the products of the sample company, and lets its people ask and decide. One that has products already is left
// as it is.
func (s *Server) fillMarket(ctx context.Context) error {
	t := &storyteller{s: s, ctx: ctx, people: map[string]graph.ID{}, products: map[string]graph.ID{}}
	if _, _, err := s.Market.ProductBySlug(ctx, demo.Products[0].Slug); !errs.Is(err, errs.NotFound) {
		return err
	}
	if err := t.meet(); err != nil {
		return err
	}
	for _, p := range demo.Products {
		if err := t.offer(p); err != nil {
			return fmt.Errorf("the product %s of the sample company: %w", p.Slug, err)
		}
	}
	if err := t.standIn(); err != nil {
		return fmt.Errorf("who stands in for whom in the sample company: %w", err)
	}
	if err := t.attach(); err != nil {
		return fmt.Errorf("the policy of the sample company: %w", err)
	}
	for _, a := range demo.Asks {
		if err := t.tell(a); err != nil {
			return fmt.Errorf("what %s of the sample company asks for: %w", a.By, err)
		}
	}
	return s.Market.Deliver(ctx)
}

// meet finds the people, teams and accounts by name.
func (t *storyteller) meet() error {
	for _, p := range demo.People {
		u, err := t.s.Identity.UserByLogin(t.ctx, p.Login)
		if err != nil {
			return err
		}
		t.people[p.Login] = u.ID
	}
	for _, h := range demo.Helpers {
		a, err := t.s.Identity.AccountByName(t.ctx, h.Name)
		if err != nil {
			return err
		}
		t.people[h.Name] = a.ID
	}
	known, err := identity.Resolve(t.ctx, t.s.Store, teamNames()...)
	for name, id := range known {
		t.people[name] = id
	}
	return err
}

func teamNames() []string {
	var out []string
	for _, team := range demo.Teams {
		out = append(out, team.Name)
	}
	return out
}

// as is a context in which somebody of the company acts.
func (t *storyteller) as(name string) (context.Context, error) {
	p, err := t.s.Identity.PrincipalOf(t.ctx, t.people[name])
	return authz.With(t.ctx, p), err
}

// offer makes a product and brings it to where it stands.
func (t *storyteller) offer(p demo.Product) error {
	ctx, err := t.as(p.Owner)
	if err != nil {
		return err
	}
	domain, owner := catalog.DomainID(p.Domain), t.people[p.Owner]
	if p.Team != "" {
		owner = t.people[p.Team]
	}
	var promises []marketplace.Promise
	for _, pr := range p.Promises {
		promises = append(promises, marketplace.Promise{Kind: pr.Kind, Text: pr.Text, Hours: pr.Hours})
	}
	made, err := t.s.Market.CreateProduct(ctx, p.Slug, marketplace.ProductEdit{
		Title: &p.Title, Summary: &p.Summary, Description: &p.Description, Domain: &domain, Owner: &owner,
		Contact: &p.Contact, Purpose: &p.Purpose, Questions: &p.Questions, Promises: &promises,
	})
	if err != nil {
		return err
	}
	t.products[p.Slug] = made.ID
	var parts []marketplace.Part
	for _, name := range p.Datasets {
		parts = append(parts, marketplace.Part{Dataset: demo.Dataset(name)})
	}
	if _, err := t.s.Market.SetParts(ctx, made.ID, 0, parts); err != nil {
		return err
	}
	if p.Terms != "" {
		if _, err := t.s.Market.SetTerms(ctx, made.ID, 0, p.Terms); err != nil {
			return err
		}
	}
	if p.Draft {
		return nil
	}
	_, err = t.s.Market.Publish(ctx, made.ID, 0)
	if err != nil || p.Successor == "" {
		return err
	}
	_, err = t.s.Market.Deprecate(ctx, made.ID, 0, t.products[p.Successor], time.Now().AddDate(0, 0, 40))
	return err
}

// standIn lets Lena stand in for Maya: she owns what Maya works with, and may not decide what Maya asks for.
func (t *storyteller) standIn() error {
	ctx, err := t.as("maya")
	if err != nil {
		return err
	}
	_, err = t.s.Identity.NameStandIn(ctx, identity.NewStandIn{To: t.people["lena"], Until: time.Now().AddDate(0, 0, 21), Reason: "Parental leave"})
	return err
}

// attach puts the policy for masked customer data on customer insights: security proposes it, an administrator looks at what
// would change and confirms it.
func (t *storyteller) attach() error {
	const name = "customer-masked-analytics"
	author, err := t.as("ines")
	if err != nil {
		return err
	}
	confirmer, err := t.as("ada")
	if err != nil {
		return err
	}
	body, err := builtinTemplate(name)
	if err != nil {
		return err
	}
	body.Applies.Products = []graph.ID{t.products["customer-insights"]}
	body.Applies.ForAccess = []template.Access{template.Metadata, template.Masked}
	made, version, err := t.s.Market.SaveTemplateVersion(author, marketplace.TemplateEdit{Name: name, Body: body, Reason: "Analysts wait days for what is masked anyway."})
	if err != nil {
		return err
	}
	if _, err := t.s.Market.Simulate(confirmer, made.ID, version.Number, time.Minute); err != nil {
		return err
	}
	_, err = t.s.Market.ConfirmTemplate(confirmer, marketplace.TemplateVerdict{Template: made.ID, Number: version.Number})
	return err
}

func builtinTemplate(name string) (template.Body, error) {
	for _, b := range template.Builtin {
		if b.Key == name {
			return b.Body, nil
		}
	}
	return template.Body{}, errs.Ef(errs.Internal, "There is no policy %s.", name)
}

// tell sends a request and lets everybody say what he says of it.
func (t *storyteller) tell(a demo.Ask) error {
	by, err := t.as(a.By)
	if err != nil {
		return err
	}
	item := marketplace.AskItem{Target: t.products[a.Product], Terms: t.termsOf(a.Product)}
	if a.Dataset != "" {
		item.Target = demo.Dataset(a.Dataset)
		for _, c := range a.Columns {
			item.Columns = append(item.Columns, catalog.ColumnID(item.Target, c))
		}
	}
	req, err := t.s.Market.Submit(by, marketplace.Ask{
		For: t.people[a.For], Purpose: a.Purpose, Why: a.Why, Access: a.Access, Environment: "production", Days: a.Days,
		Items: []marketplace.AskItem{item},
	})
	if err != nil {
		return err
	}
	for _, say := range a.Then {
		if err := t.say(req.Items[0].ID, say); err != nil {
			return err
		}
	}
	return nil
}

func (t *storyteller) termsOf(slug string) int {
	for _, p := range demo.Products {
		if p.Slug == slug && p.Terms != "" {
			return 1
		}
	}
	return 0
}

// say is what somebody says of an item. What is meant to fail has to.
func (t *storyteller) say(item graph.ID, say demo.Say) error {
	ctx, err := t.as(say.By)
	if err != nil {
		return err
	}
	seen, err := t.s.Market.Item(ctx, item)
	if err != nil {
		return err
	}
	_, err = t.s.Market.Decide(ctx, marketplace.Decide{
		Item: item, Verdict: marketplace.ItemAction(say.Verdict), Reason: say.Reason, Days: say.Days, Seen: seen.Facts,
	})
	if !say.Fails {
		return err
	}
	if !errs.Is(err, errs.Forbidden) {
		return errors.Join(errs.E(errs.Internal, "Somebody decided for himself."), err)
	}
	return nil
}
