package marketplace

import (
	"context"
	"fmt"
	"slices"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/identity"
	"weir/marketplace/template"
)

// reach are the domains in which a body has a say; authz.Everywhere if that isn't told by names of things.
func reach(ctx context.Context, r graph.Reader, b template.Body) ([]string, error) {
	a := b.Applies
	if a.Everything || len(a.Levels)+len(a.Classes) > 0 || len(a.Products)+len(a.Datasets)+len(a.Domains) == 0 {
		return []string{authz.Everywhere}, nil
	}
	var out []string
	for _, id := range a.Domains {
		out = append(out, string(id))
	}
	products, err := getAll(ctx, r, productType, a.Products)
	if err != nil {
		return nil, err
	}
	for _, p := range products {
		out = append(out, domainOf(&p.Domain))
	}
	datasets, err := getAll(ctx, r, catalog.DatasetType, a.Datasets)
	if err != nil {
		return nil, err
	}
	for _, d := range datasets {
		out = append(out, domainOf(&d.Domain))
	}
	slices.Sort(out)
	if out = slices.Compact(out); len(out) == 0 {
		out = []string{authz.Everywhere} // all of it is gone
	}
	return out, nil
}

// requireReach refuses who may not act on templates in all domains that a body reaches.
func (s *Service) requireReach(ctx context.Context, r graph.Reader, b template.Body, act authz.Action) error {
	domains, err := reach(ctx, r, b)
	if err != nil {
		return err
	}
	for _, d := range domains {
		if err := s.policy.Require(ctx, authz.Template, d, act); err != nil {
			return err
		}
	}
	return nil
}

// canReach tells whether requireReach would let the principal in ctx through.
func (s *Service) canReach(ctx context.Context, r graph.Reader, b template.Body, act authz.Action) (bool, error) {
	domains, err := reach(ctx, r, b)
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(domains, func(d string) bool { return !s.policy.Can(ctx, authz.Template, d, act) }), nil
}

// checkNamed refuses a body that names what there isn't, or what the actor may not see; what it named before may stay.
func (s *Service) checkNamed(ctx context.Context, r graph.Reader, was, b template.Body) error {
	known, err := s.namedIn(ctx, r, b)
	if err != nil {
		return err
	}
	old := idsIn(was)
	c := &checker{}
	check := func(field string, ids []graph.ID) {
		for i, id := range ids {
			if _, ok := known[id]; !ok && !slices.Contains(old, id) {
				c.field(fmt.Sprintf("%s[%d]", field, i), "is none that there is.")
			}
		}
	}
	check("applies.products", b.Applies.Products)
	check("applies.datasets", b.Applies.Datasets)
	check("applies.domains", b.Applies.Domains)
	check("who.teams", b.Who.Teams)
	for i, step := range b.Steps {
		if step.Team == "" {
			continue
		}
		people, err := identity.People(ctx, r, step.Team)
		if err != nil {
			return err
		}
		if len(people[step.Team]) == 0 {
			c.field(fmt.Sprintf("steps[%d].team", i), "has nobody in it who could decide.")
		}
	}
	return c.err()
}

// idsIn are all ids that a body names.
func idsIn(b template.Body) []graph.ID {
	out := slices.Concat(b.Applies.Products, b.Applies.Datasets, b.Applies.Domains, b.Who.Teams)
	for _, step := range b.Steps {
		if step.Team != "" {
			out = append(out, step.Team)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// namedIn are the names of what bodies name by id, as far as the viewer in ctx may see it.
func (s *Service) namedIn(ctx context.Context, r graph.Reader, bodies ...template.Body) (template.Names, error) {
	var ids []graph.ID
	for _, b := range bodies {
		ids = append(ids, idsIn(b)...)
	}
	ids = slices.DeleteFunc(ids, func(id graph.ID) bool { return !graph.ValidID(id) })
	return s.names(ctx, r, ids)
}

// names are what products, datasets, domains, people, teams and accounts are called, as far as the viewer in ctx may see them.
func (s *Service) names(ctx context.Context, r graph.Reader, ids []graph.ID) (template.Names, error) {
	out := template.Names{}
	if len(ids) == 0 {
		return out, nil
	}
	nodes, err := r.Nodes(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for id, n := range nodes {
		switch n.Kind {
		case productType.Kind:
			p, err := productType.Read(n)
			if err != nil {
				return nil, broken(err)
			}
			if s.sees(ctx, p) {
				out[id] = p.Title
			}
		default:
			a, ok, err := catalog.AssetOf(n)
			if err != nil {
				return nil, err
			}
			if key, _ := n.Props[graph.PropAudience].(string); ok && s.policy.Sees(ctx, key) {
				out[id] = a.Shown()
			}
		}
	}
	people, err := identity.Lookup(ctx, r, ids...)
	if err != nil {
		return nil, err
	}
	for id, who := range people {
		out[id] = who.Name
	}
	return out, nil
}
