package marketplace

import (
	"context"
	"slices"
	"time"

	"weir/authz"
	"weir/graph"
	"weir/identity"
	"weir/marketplace/template"
)

// liveThing is a grant in force or an item that waits.
type liveThing struct {
	pending    bool
	title      string
	domain     graph.ID
	holder     graph.ID
	target     graph.ID
	parts      []Part     // of a grant
	columns    []graph.ID // of an item; none: all on offer
	conditions conditions
}

// read is the next page of what is live, by id, and the cursor after it.
func (m *simulator) read(ctx context.Context) (map[graph.ID]liveThing, string, error) {
	if m.sim.Phase < len(live) {
		return m.readGrants(ctx, live[m.sim.Phase])
	}
	return m.readItems(ctx, waiting[m.sim.Phase-len(live)])
}

func (m *simulator) readGrants(ctx context.Context, state GrantState) (map[graph.ID]liveThing, string, error) {
	page, err := list(ctx, m.r, grantType, graph.Query{
		Where: []graph.Filter{where("state", string(state))}, Sort: "until", After: m.sim.After, Limit: simulationPage,
	})
	if err != nil {
		return nil, "", err
	}
	out := make(map[graph.ID]liveThing, len(page.Items))
	for _, g := range page.Items {
		body, err := g.body()
		if err != nil {
			return nil, "", err
		}
		out[g.ID] = liveThing{
			title: g.Title, domain: g.Domain, holder: g.Holder, target: g.Target, parts: body.Parts,
			conditions: conditions{Purpose: g.Purpose, Access: g.Access, Environment: g.Environment,
				Days: spanDays(g.Since, g.Until), TermsAccepted: body.Terms > 0},
		}
	}
	return out, page.Next, nil
}

func (m *simulator) readItems(ctx context.Context, state ItemState) (map[graph.ID]liveThing, string, error) {
	page, err := list(ctx, m.r, itemType, graph.Query{
		Where: []graph.Filter{where("state", string(state))}, Sort: "sent", After: m.sim.After, Limit: simulationPage,
	})
	if err != nil {
		return nil, "", err
	}
	out := make(map[graph.ID]liveThing, len(page.Items))
	for _, i := range page.Items {
		var body itemBody
		if err := unpack(i.Body, &body); err != nil {
			return nil, "", err
		}
		out[i.ID] = liveThing{
			pending: true, title: i.Title, domain: i.Domain, holder: i.Holder, target: i.Target, columns: body.Columns,
			conditions: conditions{Purpose: i.Purpose, Access: i.Access, Environment: i.Environment,
				Days: i.Days, TermsAccepted: body.Terms > 0, Renewal: i.Extends != ""},
		}
	}
	return out, page.Next, nil
}

// spanDays is how many days something was given for, begun ones counted whole; 0 is for ever.
func spanDays(since, until time.Time) int {
	if until.IsZero() {
		return 0
	}
	const day = 24 * time.Hour
	return int((until.Sub(since) + day - 1) / day)
}

// chosen are the parts of a target that chosen columns belong to; none are all that it offers.
func (s *shelf) chosen(t target, columns []graph.ID) []Part {
	if len(columns) == 0 {
		return t.Parts
	}
	var out []Part
	for _, p := range t.Parts {
		var of []graph.ID
		for _, c := range s.columns[p.Dataset] {
			if slices.Contains(columns, c.ID) {
				of = append(of, c.ID)
			}
		}
		if len(of) > 0 {
			out = append(out, Part{Dataset: p.Dataset, Columns: of})
		}
	}
	return out
}

// SimulationView is a simulation as the viewer may see it: what reaches into domains whose grants he may not see is counted
// and not told one by one.
type SimulationView struct {
	Simulation
	Found  SimulationBody
	Names  template.Names // of the holders
	Hidden int            // flips that are counted in Found and not shown
}

// viewSimulation takes out what the viewer in ctx may not see.
func (s *Service) viewSimulation(ctx context.Context, sim Simulation) (SimulationView, error) {
	out := SimulationView{Simulation: sim}
	if err := unpack(sim.Body, &out.Found); err != nil {
		return out, err
	}
	all := out.Found.Flips
	out.Found.Flips = nil
	out.Names = template.Names{}
	var holders []graph.ID
	for _, f := range all {
		kind := authz.Grant
		if f.Pending {
			kind = authz.Request
		}
		if !s.policy.Can(ctx, kind, domainOf(&f.Domain), authz.View) {
			out.Hidden++
			continue
		}
		out.Found.Flips = append(out.Found.Flips, f)
		holders = append(holders, f.Holder)
	}
	people, err := identity.Lookup(ctx, s.store, holders...)
	for id, who := range people {
		out.Names[id] = who.Name
	}
	return out, err
}
