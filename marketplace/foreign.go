package marketplace

import (
	"slices"

	"weir/catalog"
	"weir/graph"
	"weir/marketplace/template"
)

// foreign are the datasets of a product which somebody else owns, and of which no policy speaks by itself. A policy of the product
// says nothing for their owners: asked for by themselves, they would have to agree.
func (a *assessment) foreign(versions []template.Version) []graph.ID {
	p := a.Target.Product
	if p == nil || a.asksOwners() {
		return nil
	}
	var out []graph.ID
	for _, id := range a.Case.Datasets {
		d, owners := a.Target.Datasets[id], a.Target.Owners[id]
		if slices.Contains(owners, string(p.Owner)) || len(owners) == 0 && d.Domain == p.Domain {
			continue
		}
		v := template.Evaluate(versions, alone(a.Case, d))
		if v.Outcome != template.AtOnce && !slices.ContainsFunc(v.Applied, func(src template.Source) bool { return src.Template != "" }) {
			out = append(out, id)
		}
	}
	return out
}

// asksOwners tells whether policies ask owners anyway: those of each dataset then.
func (a *assessment) asksOwners() bool {
	return a.Verdict.Outcome == template.NeedsSteps &&
		slices.ContainsFunc(a.Verdict.Steps, func(st template.NeededStep) bool { return st.By == template.ByOwner })
}

// alone is the case of one dataset of a product, as if it were asked for by itself.
func alone(c template.Case, d catalog.Dataset) template.Case {
	c.Product, c.Attached, c.Classes, c.Domains, c.Levels = "", nil, nil, nil, nil
	c.Datasets = []graph.ID{d.ID}
	if d.Domain != "" {
		c.Domains = []graph.ID{d.Domain}
	}
	if d.Classification != "" {
		c.Levels = []catalog.Classification{d.Classification}
	}
	c.Columns = slices.DeleteFunc(slices.Clone(c.Columns), func(col template.Column) bool { return col.Dataset != d.ID })
	return c
}

// addForeign adds a step for the owners of datasets of others in a product.
func (a *assessment) addForeign(datasets []graph.ID) {
	if len(datasets) == 0 {
		return
	}
	step := Step{Name: "Owner", By: string(template.ByOwner), Mode: string(template.Any), Remind: remindAfter, Late: lateAfter,
		Because: []string{"Data of theirs is in the product, and no policy speaks of it by itself"}}
	for _, id := range datasets {
		step.Parties = joinParty(step.Parties, a.Target.Owners[id], id)
	}
	a.Steps = append([]Step{step}, a.Steps...)
}
