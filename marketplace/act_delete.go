package marketplace

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// DeleteAct marks a dataset as deleted.
type DeleteAct struct {
	Dataset graph.ID `json:"dataset"`
}

type deleteAct struct {
	DeleteAct
	s *Service
}

func (in DeleteAct) name() string        { return ActDelete }
func (in DeleteAct) bind(s *Service) act { return deleteAct{in, s} }

// second: what nobody reads is deleted by its editors alone.
func (in DeleteAct) second(ctx context.Context, r graph.Reader) (bool, error) {
	d, ok, err := in.dataset(ctx, r)
	if err != nil || !ok {
		return false, err
	}
	return catalog.HasReaders(ctx, r, d.ID)
}

// dataset is what is to be deleted; another name of a dataset stands for it.
func (in DeleteAct) dataset(ctx context.Context, r graph.Reader) (catalog.Dataset, bool, error) {
	d, ok, err := get(ctx, r, catalog.DatasetType, in.Dataset)
	if err == nil && ok && d.Head != "" {
		d, ok, err = get(ctx, r, catalog.DatasetType, d.Head)
	}
	return d, ok, err
}

func (a deleteAct) check(ctx context.Context) error {
	d, ok, err := a.dataset(ctx, a.s.store)
	if err != nil {
		return err
	}
	if !ok || !a.s.policy.Sees(ctx, d.Audience) {
		return errs.E(errs.NotFound, "There is no such dataset.")
	}
	if err := a.s.policy.Require(ctx, authz.Asset, string(d.Domain), authz.Edit); err != nil {
		return err
	}
	if strings.EqualFold(d.Lifecycle, catalog.Dropped) {
		return errs.E(errs.Conflict, "This dataset is deleted already.")
	}
	return nil
}

func (a deleteAct) may(ctx context.Context, r graph.Reader) error {
	d, ok, err := a.dataset(ctx, r)
	if err != nil {
		return err
	}
	if !ok || !a.s.policy.Sees(ctx, d.Audience) {
		return errs.E(errs.NotFound, "There is no such dataset.")
	}
	return a.s.policy.Require(ctx, authz.Asset, string(d.Domain), authz.Edit)
}

// deleteFacts are what a deletion is judged by.
type deleteFacts struct {
	Dataset   graph.ID `json:"dataset"`
	Name      string   `json:"name"`
	Readers   int      `json:"readers"`   // jobs and uses next to it
	Datasets  int      `json:"datasets"`  // made of it, directly or not
	Consumers int      `json:"consumers"` // dashboards, reports, models, agents and applications that it reaches
	Products  int      `json:"products"`
	Grants    int      `json:"grants"` // in force
}

func (a deleteAct) describe(ctx context.Context, r graph.Reader) (Effect, error) {
	d, ok, err := a.dataset(ctx, r)
	if err != nil {
		return Effect{}, err
	}
	if !ok {
		return Effect{}, errs.E(errs.NotFound, "There is no such dataset.")
	}
	f := deleteFacts{Dataset: d.ID, Name: titleOf(d)}
	if err := f.reach(ctx, r); err != nil {
		return Effect{}, err
	}
	if err := f.offers(ctx, r); err != nil {
		return Effect{}, err
	}
	return Effect{Title: "Delete the dataset " + f.Name, About: d.ID, Domain: d.Domain, Facts: f, Lines: f.lines(),
		keys: a.s.rolesThat(authz.Asset, string(d.Domain), authz.Edit)}, nil
}

// reach counts what the dataset flows into.
func (f *deleteFacts) reach(ctx context.Context, r graph.Reader) error {
	sub, err := r.Traverse(ctx, graph.Walk{From: []graph.ID{f.Dataset}, Dir: graph.Out, Rels: catalog.LineageRels, Depth: graph.MaxDepth,
		Max: graph.MaxNodes, Fields: []string{}})
	if err != nil {
		return err
	}
	for _, n := range sub.Nodes {
		switch {
		case n.Node.ID == f.Dataset:
		case n.Node.Kind == catalog.DatasetType.Kind:
			f.Datasets++
		case n.Node.Kind == catalog.ConsumerKind.Kind:
			f.Consumers++
		}
		if n.Depth == 1 {
			f.Readers++
		}
	}
	return nil
}

// offers counts the products and grants that the dataset is in.
func (f *deleteFacts) offers(ctx context.Context, r graph.Reader) error {
	page, err := r.Edges(ctx, graph.EdgeQuery{Of: []graph.ID{f.Dataset}, Dir: graph.In, Rels: []graph.Rel{RelOffers, RelGrants}})
	if err != nil {
		return err
	}
	var ids []graph.ID
	for _, e := range page.Edges {
		if e.Rel == RelOffers {
			f.Products++
		} else {
			ids = append(ids, e.From)
		}
	}
	grants, err := getAll(ctx, r, grantType, ids)
	if err != nil {
		return err
	}
	for _, g := range grants {
		if slices.Contains(live, g.State) {
			f.Grants++
		}
	}
	return nil
}

func (f *deleteFacts) lines() []string {
	out := []string{
		fmt.Sprintf("%s is marked as deleted for everybody. All lineage to and from it ends; what was known of it before stays in its history and in the log.", f.Name),
		fmt.Sprintf("%s it directly; from then on nothing shows that.", count(f.Readers, "job or use reads", "jobs and uses read")),
	}
	if f.Readers == 0 {
		out[1] = "Nothing that is known here reads it."
	}
	if f.Datasets > 0 {
		out = append(out, fmt.Sprintf("Made of it, directly or not: %s. They stay as they are, without this origin.", count(f.Datasets, "dataset", "datasets")))
	}
	if f.Consumers > 0 {
		out = append(out, fmt.Sprintf("It reaches %s.", count(f.Consumers, "dashboard, report, model, agent or application", "dashboards, reports, models, agents and applications")))
	}
	if f.Products > 0 {
		out = append(out, fmt.Sprintf("It is offered in %s, and stays listed there until the owner takes it out.", count(f.Products, "product", "products")))
	}
	if f.Grants > 0 {
		out = append(out, fmt.Sprintf("%s in force on it; they aren't ended by this.", count(f.Grants, "grant is", "grants are")))
	}
	return append(out, "The data itself isn't touched: this program holds none. Lineage that an event states after then opens again.")
}

// run is safe to repeat: a dataset that is deleted stays so.
func (a deleteAct) run(ctx context.Context) (string, error) {
	d, ok, err := a.dataset(ctx, a.s.store)
	if err != nil {
		return "", err
	}
	if ok && strings.EqualFold(d.Lifecycle, catalog.Dropped) {
		return string(d.ID), nil
	}
	return string(a.Dataset), a.s.catalog.DeleteDataset(ctx, catalog.DeleteInput{ID: a.Dataset, Despite: true})
}

// DeleteNow deletes a dataset at once, where that needs nobody else.
// Errors: Forbidden, NotFound, Conflict if it needs a second person or is deleted already.
func (s *Service) DeleteNow(ctx context.Context, in DeleteAct) error {
	if err := s.Direct(ctx, in); err != nil {
		return err
	}
	rule, err := actRuleOf(ctx, s.store, in.name())
	if err != nil {
		return err
	}
	return s.catalog.DeleteDataset(ctx, catalog.DeleteInput{ID: in.Dataset, Despite: !rule.Confirm})
}
