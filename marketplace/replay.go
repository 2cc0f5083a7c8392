package marketplace

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"weir/errs"
	"weir/graph"
	"weir/marketplace/flow"
)

// Replay is a decision as it was made, beside what holds now.
type Replay struct {
	Decision DecisionView
	Item     Item
	// Then are the facts that were pinned; Exact tells that their bytes still have the hash that the log keeps, and are the one
	// spelling of what they say.
	Then     Facts
	ThenFlow flow.Snapshot // redacted for the viewer
	Exact    bool
	Bytes    []byte // as pinned, for those who may see all of it; nil if something in them is hidden from the viewer
	// Now are the facts as they are; Gone says why there are none.
	Now     Facts
	NowFlow flow.Snapshot
	Gone    string
	Differs []string // what is other now, in words
}

// Replay shows a decision with the facts that it was made on. Errors: NotFound, also for whom it is no business of.
func (s *Service) Replay(ctx context.Context, decision graph.ID) (Replay, error) {
	d, ok, err := get(ctx, s.store, decisionType, decision)
	if err != nil {
		return Replay{}, err
	}
	if !ok {
		return Replay{}, errs.E(errs.NotFound, "There is no such decision.")
	}
	item, ok, err := get(ctx, s.store, itemType, d.Item)
	if err != nil {
		return Replay{}, err
	}
	var body itemBody
	if err := unpack(item.Body, &body); err != nil {
		return Replay{}, err
	}
	if !ok || !s.seesItem(ctx, item, body) {
		return Replay{}, errs.E(errs.NotFound, "There is no such decision.")
	}
	out := Replay{Item: item}
	called, err := names(ctx, s.store, d.By, d.For)
	if err != nil {
		return Replay{}, err
	}
	out.Decision = DecisionView{d, called[d.By], called[d.For]}
	return out, s.fillReplay(ctx, &out, body)
}

func (s *Service) fillReplay(ctx context.Context, out *Replay, body itemBody) error {
	d := out.Decision.Decision
	var err error
	if out.Then, err = d.facts(); err != nil {
		return err
	}
	text, _, err := out.Then.canonical()
	if err != nil {
		return err
	}
	out.Exact = len(d.Facts) > 0 && hashOf(d.Facts) == d.Hash && string(text) == string(d.Facts)
	t, err := s.readTarget(ctx, s.store, out.Item.Target)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	then, err := s.withAudiences(ctx, out.Then.Flow)
	if err != nil {
		return err
	}
	out.ThenFlow = s.redacted(ctx, then, t)
	hidden := func(thing flow.Thing) bool { return thing.Name == HiddenName }
	if !slices.ContainsFunc(slices.Collect(maps.Values(out.ThenFlow.Names)), hidden) {
		out.Bytes = d.Facts
	}
	asked := out.Item
	if out.Then.Days > 0 {
		asked.Days = out.Then.Days
	}
	past := body
	past.Columns = nil
	for _, c := range out.Then.Columns {
		past.Columns = append(past.Columns, c.ID)
	}
	circle, err := s.circleOf(ctx, s.store, asked, past)
	if err != nil {
		return err
	}
	got, err := s.assessItem(ctx, s.seatsIn(s.store), asked, past, circle)
	if errs.Is(err, errs.Conflict) {
		out.Gone = err.Error()
		return nil
	}
	if err != nil {
		return err
	}
	out.Now = factsOf(asked, out.Then.Why, out.Then.Terms, got)
	out.NowFlow = s.redacted(ctx, got.Flow, got.Target)
	out.Differs = out.Now.differences(out.Then)
	return nil
}

// withAudiences adds who may see what to a snapshot that was pinned: that isn't part of the facts, and holds as it is now. What
// is gone meanwhile is hidden from everybody who doesn't see all.
func (s *Service) withAudiences(ctx context.Context, f flow.Snapshot) (flow.Snapshot, error) {
	ids := make([]graph.ID, 0, len(f.Names))
	for id, thing := range f.Names {
		if thing.Dataset == "" {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return f, nil
	}
	nodes, err := s.store.Nodes(ctx, ids...)
	if err != nil {
		return f, err
	}
	out := f
	out.Names = make(map[graph.ID]flow.Thing, len(f.Names))
	for id, thing := range f.Names {
		thing.Audience, _ = nodes[id].Props["audience"].(string)
		out.Names[id] = thing
	}
	return out, nil
}

// differences say in words what is other in f than in facts from before.
func (f Facts) differences(was Facts) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	old := map[graph.ID]FactColumn{}
	for _, c := range was.Columns {
		old[c.ID] = c
	}
	for _, c := range f.Columns {
		o, ok := old[c.ID]
		delete(old, c.ID)
		switch {
		case !ok:
			say("The column %s has come.", c.Path)
		case o.Flow != c.Flow:
			say("What flows into %s is other than it was.", c.Path)
		case o.Masking != c.Masking || o.Outcome != c.Outcome:
			say("The policies say something else of %s now.", c.Path)
		}
	}
	for _, c := range old {
		say("The column %s is gone.", c.Path)
	}
	versions := func(list []FactTemplate) string {
		var names []string
		for _, t := range list {
			names = append(names, fmt.Sprintf("%s, version %d", t.Name, t.Version))
		}
		return strings.Join(names, "; ")
	}
	if a, b := versions(was.Templates), versions(f.Templates); a != b {
		say("Other policies apply: then %s; now %s.", a, b)
	}
	if f.Outcome != was.Outcome {
		say("Asked today it would be: %s. Then it was: %s.", f.Outcome, was.Outcome)
	}
	steps := func(list []FactStep) string {
		var names []string
		for _, s := range list {
			names = append(names, s.Name)
		}
		return strings.Join(names, ", ")
	}
	if a, b := steps(was.Steps), steps(f.Steps); a != b {
		say("Others would have to decide: then %s; now %s.", a, b)
	}
	slices.Sort(out)
	return out
}
