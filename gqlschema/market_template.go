package gqlschema

import (
	"context"
	"maps"
	"slices"

	"weir/errs"
	"weir/gqlschema/gen"
	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/template"
)

func (r *resolver) Template() gen.TemplateResolver { return &templates{r} }

type templates struct{ *resolver }

func (q queries) Templates(ctx context.Context, first *int, after *string) (*gen.TemplateConnection, error) {
	p, err := pageOf("templates", first, after)
	if err != nil {
		return nil, err
	}
	found, err := q.market.Templates(ctx)
	if err != nil {
		return nil, err
	}
	w, err := cut(p, found)
	if err != nil {
		return nil, err
	}
	out := &gen.TemplateConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showTemplate, func(at string, n *gen.Template) *gen.TemplateEdge {
		return &gen.TemplateEdge{Cursor: at, Node: n}
	})
	return out, nil
}

func (q queries) Template(ctx context.Context, name string) (*gen.Template, error) {
	v, err := q.market.TemplateByName(ctx, name)
	return found(v, err, showTemplate)
}

func showTemplate(v marketplace.TemplateView) *gen.Template {
	t := v.Template
	out := &gen.Template{
		ID: t.ID, Name: t.Name, Title: t.Title, WaitingNumber: atLeastOne(t.Waiting), IsRetired: t.Retired, IsBuiltin: t.Builtin,
		ConfirmedAt: when(t.Confirmed), Version: int(t.Version), UpdatedAt: t.Updated,
	}
	if v.Holds.Number > 0 {
		out.Holds = showTemplateText(v.Holds.Number, v.Holds.Body, v.Names)
	}
	return out
}

func showTemplateText(number int, b template.Body, names template.Names) *gen.TemplateText {
	return &gen.TemplateText{Number: number, Body: showBody(b), Words: full(template.Words(b, names))}
}

// Waiting is the version of a template that waits, with what the viewer may do about it.
func (r templates) Waiting(ctx context.Context, t *gen.Template) (*gen.WaitingVersion, error) {
	v, err := r.market.Template(ctx, t.ID)
	if err != nil || v.Waiting == nil {
		return nil, err
	}
	w := v.Waiting
	return &gen.WaitingVersion{
		Version: showVersion(w.Version, w.Body, v.Names, w.Author, ""),
		Changes: all(w.Changes, func(c template.Change) *gen.TemplateChange {
			return &gen.TemplateChange{Field: c.Field, Before: c.Before, After: c.After}
		}),
		IsMine: w.Mine, CanConfirm: w.CanConfirm, CanRefuse: w.CanRefuse, CanSimulate: w.CanSimulate, Why: text(w.Why),
	}, nil
}

func (r templates) Versions(ctx context.Context, t *gen.Template) ([]*gen.TemplateVersion, error) {
	found, names, err := r.market.TemplateVersions(ctx, t.ID)
	return all(found, func(v marketplace.TemplateVersionView) *gen.TemplateVersion {
		return showVersion(v.Version, v.Body, names, v.Author, v.Decider)
	}), err
}

func (r templates) CanEdit(ctx context.Context, t *gen.Template) (bool, error) {
	v, err := r.market.Template(ctx, t.ID)
	return v.CanEdit, err
}

func showVersion(v marketplace.TemplateVersion, b template.Body, names template.Names, author, decider string) *gen.TemplateVersion {
	return &gen.TemplateVersion{
		Number: v.Number, Text: showTemplateText(v.Number, b, names), Hash: v.Hash, Retires: v.Retires, Reason: text(v.Reason),
		Author: called(v.By, author), At: v.At, State: word[gen.VersionState](v.State), Decider: called(v.Decider, decider),
		DecidedAt: when(v.Decided), Note: text(v.Note),
	}
}

func (q queries) Purposes(context.Context) ([]*gen.Purpose, error) {
	return all(template.Purposes, func(p template.Purpose) *gen.Purpose { return &gen.Purpose{Key: p.Key, Title: p.Title} }), nil
}

func (q queries) Simulation(ctx context.Context, of graph.ID, number int) (*gen.Simulation, error) {
	v, err := q.market.SimulationOf(ctx, of, number)
	if errs.Is(err, errs.NotFound) || err == nil && v.Number == 0 {
		return nil, nil
	}
	return shownAfter(v, err, showSimulation)
}

func showSimulation(v marketplace.SimulationView) *gen.Simulation {
	found := v.Found
	out := &gen.Simulation{
		Number: v.Number, StartedAt: v.At, FinishedAt: when(v.Finished), Done: v.Done, Total: v.Total, Grants: found.Grants,
		Pending: found.Pending, GrantsFlipped: found.GrantsFlipped, PendingFlipped: found.PendingFlipped, Hidden: v.Hidden,
		Kinds: []*gen.FlipCount{}, Flips: all(found.Flips, func(f marketplace.SimulationFlip) *gen.Flip { return showFlip(f, v.Names) }),
	}
	kinds := maps.Clone(found.GrantKinds)
	if kinds == nil {
		kinds = map[template.FlipKind]int{}
	}
	maps.Copy(kinds, found.PendingKinds)
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		out.Kinds = append(out.Kinds, &gen.FlipCount{Kind: word[gen.FlipKind](k), Grants: found.GrantKinds[k], Pending: found.PendingKinds[k]})
	}
	return out
}

func showFlip(f marketplace.SimulationFlip, names template.Names) *gen.Flip {
	return &gen.Flip{
		ID: f.ID, Pending: f.Pending, Title: f.Title, Holder: called(f.Holder, names[f.Holder]), Kinds: words[gen.FlipKind](f.Kinds),
		Before: word[gen.Outcome](f.Before), After: word[gen.Outcome](f.After), Reasons: full(f.Reasons),
	}
}
