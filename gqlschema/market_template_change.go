package gqlschema

import (
	"context"
	"time"

	"weir/gqlschema/gen"
	"weir/graph"
	"weir/marketplace"
)

// simulationTime is about how long one call works on a simulation.
const simulationTime = 2 * time.Second

func (m mutations) SaveTemplate(ctx context.Context, in gen.SaveTemplateInput) (*gen.Template, error) {
	e := marketplace.TemplateEdit{
		Name: in.Name, New: in.IsNew, Version: number64(in.Version), Retire: in.Body == nil, Reason: or(in.Reason, ""),
	}
	if in.Body != nil {
		e.Body = bodyOf(*in.Body)
	}
	t, _, err := m.market.SaveTemplateVersion(ctx, e)
	return m.templateAfter(ctx, t, err)
}

func (m mutations) ConfirmTemplate(ctx context.Context, in gen.TemplateVerdictInput) (*gen.Template, error) {
	t, err := m.market.ConfirmTemplate(ctx, templateVerdict(in))
	return m.templateAfter(ctx, t, err)
}

func (m mutations) RefuseTemplate(ctx context.Context, in gen.TemplateVerdictInput) (*gen.Template, error) {
	t, err := m.market.RefuseTemplate(ctx, templateVerdict(in))
	return m.templateAfter(ctx, t, err)
}

func templateVerdict(in gen.TemplateVerdictInput) marketplace.TemplateVerdict {
	return marketplace.TemplateVerdict{Template: in.Template, Number: in.Number, Version: number64(in.Version), Note: or(in.Note, "")}
}

func (m mutations) templateAfter(ctx context.Context, t marketplace.Template, err error) (*gen.Template, error) {
	if err != nil {
		return nil, err
	}
	v, err := m.market.Template(ctx, t.ID)
	return shownAfter(v, err, showTemplate)
}

func (m mutations) SimulateTemplate(ctx context.Context, of graph.ID, number int) (*gen.Simulation, error) {
	v, err := m.market.Simulate(ctx, of, number, simulationTime)
	return shownAfter(v, err, showSimulation)
}
