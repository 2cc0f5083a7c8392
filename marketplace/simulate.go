package marketplace

import (
	"context"
	"iter"
	"slices"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/marketplace/template"
)

// simulationPage is how many grants or requests are looked at between two looks at the clock.
const simulationPage = 1_000

// maxFlips is how many changes a simulation keeps one by one; the rest is counted.
const maxFlips = 200

// SimulationBody is what a simulation found.
type SimulationBody struct {
	Grants         int                       `json:"grants"`  // looked at
	Pending        int                       `json:"pending"` // looked at
	GrantsFlipped  int                       `json:"grantsFlipped"`
	PendingFlipped int                       `json:"pendingFlipped"`
	GrantKinds     map[template.FlipKind]int `json:"grantKinds,omitempty"`
	PendingKinds   map[template.FlipKind]int `json:"pendingKinds,omitempty"`
	Flips          []SimulationFlip          `json:"flips,omitempty"` // the first ones, at most 200
}

// SimulationFlip is one grant or item that would come out otherwise.
type SimulationFlip struct {
	ID      graph.ID            `json:"id"`
	Pending bool                `json:"pending,omitempty"`
	Title   string              `json:"title"`
	Domain  graph.ID            `json:"domain,omitempty"`
	Holder  graph.ID            `json:"holder"`
	Kinds   []template.FlipKind `json:"kinds"`
	Before  template.Outcome    `json:"before"`
	After   template.Outcome    `json:"after"`
	Reasons []string            `json:"reasons,omitempty"` // of what could no longer be had, or who would have to decide
}

// simulationID is the id of the simulation of one version of a template.
func simulationID(of graph.ID, number int) graph.ID {
	return catalog.NewID(simulationType.Spec.Prefix, string(of), decimal(number))
}

// Simulate works out, for at most about so long, which grants in force and which requests that wait would come out otherwise
// if a waiting version held. Called again it goes on where it stood, or begins anew if it was whole or other policies changed
// meanwhile. It changes nothing else.
// Errors: Forbidden, NotFound, Conflict if the version doesn't wait.
func (s *Service) Simulate(ctx context.Context, of graph.ID, number int, budget time.Duration) (SimulationView, error) {
	const action = "marketplace.template-simulate"
	t, v, err := TemplateVerdict{Template: of, Number: number}.waiting(ctx, s.store)
	if err != nil {
		return SimulationView{}, err
	}
	if err := s.maySimulate(ctx, t, v); err != nil {
		return SimulationView{}, s.refused(ctx, action, of, err)
	}
	run, err := s.simulator(ctx, t, v)
	if err != nil {
		return SimulationView{}, err
	}
	deadline := time.Now().Add(budget)
	for run.sim.Finished.IsZero() {
		if err := run.page(ctx); err != nil {
			return SimulationView{}, err
		}
		if time.Now().After(deadline) {
			break
		}
	}
	if err := s.keepSimulation(ctx, action, t, run); err != nil {
		return SimulationView{}, err
	}
	return s.viewSimulation(ctx, run.sim)
}

// maySimulate refuses whoever may neither propose nor confirm the change.
func (s *Service) maySimulate(ctx context.Context, t Template, v TemplateVersion) error {
	bodies, err := t.held(ctx, s.store, v)
	if err != nil {
		return err
	}
	for _, b := range bodies {
		edit := s.requireReach(ctx, s.store, b, authz.Edit)
		if edit == nil {
			continue
		}
		if err := s.requireReach(ctx, s.store, b, authz.Manage); err != nil {
			return edit
		}
	}
	return nil
}

// keepSimulation writes how far a simulation came, and an entry once it is whole.
func (s *Service) keepSimulation(ctx context.Context, action string, t Template, run *simulator) error {
	body, err := pack(run.body)
	if err != nil {
		return err
	}
	run.sim.Body = body
	return s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		kept, err := put(ctx, tx, simulationType, run.sim.ID, graph.Upsert, run.sim)
		if err != nil || kept.Finished.IsZero() {
			return err
		}
		return audit.Append(ctx, tx, s.now(), audit.Entry{
			Actor: authz.Actor(ctx), Action: action, Target: t.ID, Decision: audit.Allowed,
			Facts: map[string]string{
				"template": t.called(kept.Number), "grants": decimal(run.body.Grants), "pending": decimal(run.body.Pending),
				"flipped": decimal(run.body.GrantsFlipped + run.body.PendingFlipped),
			},
		})
	})
}

// simulator is a simulation that runs.
type simulator struct {
	r         graph.Reader
	now       time.Time
	sim       Simulation
	body      SimulationBody
	old, next []template.Version
	crowd     *crowd
	shelf     *shelf
}

// simulator takes up the simulation of a version, or begins it.
func (s *Service) simulator(ctx context.Context, t Template, v TemplateVersion) (*simulator, error) {
	old, err := s.templates(ctx, s.store)
	if err != nil {
		return nil, err
	}
	next, err := v.read(t)
	if err != nil {
		return nil, err
	}
	rules, err := s.rulesHash(ctx, s.store)
	if err != nil {
		return nil, err
	}
	sim, ok, err := get(ctx, s.store, simulationType, simulationID(t.ID, v.Number))
	if err != nil {
		return nil, err
	}
	run := &simulator{r: s.store, now: s.now(), old: old, crowd: newCrowd(), shelf: newShelf()}
	if ok && sim.Finished.IsZero() && sim.Rules == rules {
		run.sim = sim
		err = unpack(sim.Body, &run.body)
	} else {
		run.sim = Simulation{ID: simulationID(t.ID, v.Number), Template: t.ID, Number: v.Number, Rules: rules,
			By: graph.ID(authz.Actor(ctx)), At: graph.Time(s.now())}
	}
	if run.body.GrantKinds == nil {
		run.body.GrantKinds = map[template.FlipKind]int{}
	}
	if run.body.PendingKinds == nil {
		run.body.PendingKinds = map[template.FlipKind]int{}
	}
	run.next = slices.DeleteFunc(slices.Clone(old), func(o template.Version) bool { return o.Template == t.ID })
	if !v.Retires {
		run.next = append(run.next, next)
	}
	return run, err
}

// page looks at the next page of grants, or of items that wait once there are no more grants.
func (m *simulator) page(ctx context.Context) error {
	lives, next, err := m.read(ctx)
	if err != nil {
		return err
	}
	cases, err := m.cases(ctx, lives)
	if err != nil {
		return err
	}
	flips := template.Simulate(m.old, m.next, cases, nil)
	m.add(flips, lives)
	m.sim.Done += len(lives)
	m.sim.After = next
	if next == "" {
		m.sim.Phase++
	}
	if m.sim.Phase >= len(live)+len(waiting) {
		m.sim.Finished = graph.Time(m.now)
	}
	return nil
}

// add counts what a page found, and keeps the first flips.
func (m *simulator) add(f template.Flips, lives map[graph.ID]liveThing) {
	m.body.Grants += f.Grants
	m.body.Pending += f.Pending
	m.body.GrantsFlipped += f.GrantsFlipped
	m.body.PendingFlipped += f.PendingFlipped
	for kind, n := range f.GrantKinds {
		m.body.GrantKinds[kind] += n
	}
	for kind, n := range f.PendingKinds {
		m.body.PendingKinds[kind] += n
	}
	for _, flip := range f.Items {
		if len(m.body.Flips) >= maxFlips {
			return
		}
		of := lives[flip.ID]
		out := SimulationFlip{ID: flip.ID, Pending: flip.Pending, Title: of.title, Domain: of.domain, Holder: of.holder,
			Kinds: flip.Kinds, Before: flip.Before, After: flip.After}
		for _, r := range flip.Refusals {
			out.Reasons = append(out.Reasons, r.Message)
		}
		if flip.After == template.NeedsSteps {
			for _, step := range flip.Steps {
				out.Reasons = append(out.Reasons, step.Name)
			}
		}
		m.body.Flips = append(m.body.Flips, out)
	}
}

// waiting are the states of an item that waits.
var waiting = []ItemState{Submitted, NeedsInfo}

// cases are the things of a page as the templates are asked about them, in the order of their ids.
func (m *simulator) cases(ctx context.Context, lives map[graph.ID]liveThing) (iter.Seq[template.Live], error) {
	var holders, targets []graph.ID
	var parts []Part
	ids := map[graph.ID]bool{}
	for id, l := range lives {
		ids[id] = true
		holders, targets, parts = append(holders, l.holder), append(targets, l.target), append(parts, l.parts...)
	}
	if err := m.crowd.read(ctx, m.r, holders); err != nil {
		return nil, err
	}
	if err := m.shelf.read(ctx, m.r, targets, parts); err != nil {
		return nil, err
	}
	order := sortedIDs(ids)
	return func(yield func(template.Live) bool) {
		for _, id := range order {
			if !yield(m.live(id, lives[id])) {
				return
			}
		}
	}, nil
}

// live is one thing as the templates are asked about it.
func (m *simulator) live(id graph.ID, l liveThing) template.Live {
	t := m.shelf.targets[l.target]
	parts := l.parts
	if parts == nil {
		parts = m.shelf.chosen(t, l.columns)
	}
	t.Parts = parts
	c := caseOf(m.crowd.of[l.holder], t, l.conditions, m.shelf.snapshot(parts))
	return template.Live{ID: id, Pending: l.pending, Case: c}
}

// SimulationOf is the simulation of a version as far as it came; a zero Number if there is none.
// Errors: Forbidden, NotFound.
func (s *Service) SimulationOf(ctx context.Context, of graph.ID, number int) (SimulationView, error) {
	t, err := templateAt(ctx, s.store, of)
	if err != nil {
		return SimulationView{}, err
	}
	v, err := versionAt(ctx, s.store, of, number)
	if err != nil {
		return SimulationView{}, err
	}
	if err := s.maySimulate(ctx, t, v); err != nil {
		return SimulationView{}, err
	}
	sim, ok, err := get(ctx, s.store, simulationType, simulationID(of, number))
	if err != nil || !ok {
		return SimulationView{}, err
	}
	return s.viewSimulation(ctx, sim)
}
