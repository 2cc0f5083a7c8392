package marketplace

import (
	"context"
	"slices"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// The kinds of tasks.
const (
	TaskEnforce     = "enforce"     // let somebody in, or out, by hand
	TaskDerived     = "derived"     // look after what was made of data that is no longer granted
	TaskReview      = "review"      // look through grants: About is a campaign
	TaskUndecidable = "undecidable" // nobody can decide an item
)

// The states of a task.
const (
	TaskOpen = "open"
	TaskDone = "done"
)

// How long there is for tasks.
const (
	enforceTime = 2 * 24 * time.Hour
	derivedTime = 14 * 24 * time.Hour
)

// manualTask puts a command that is carried out by hand on the lists of the owner and of the platform people.
func (s *Service) manualTask(ctx context.Context, tx graph.Tx, g Grant, c Command) error {
	t := Task{Kind: TaskEnforce, About: c.ID, Grant: g.ID, Title: enforceTitle(c.Verb, g.Title), Due: c.At.Add(enforceTime), Since: c.At}
	return s.addTask(ctx, tx, t, enforceKeys(g)...)
}

// enforceKeys are who carries commands of a grant out by hand.
func enforceKeys(g Grant) []string {
	keys := []string{roleKey(authz.Platform, g.Domain)}
	if g.Owner != "" {
		keys = append(keys, string(g.Owner))
	}
	return keys
}

func enforceTitle(verb, title string) string {
	switch verb {
	case VerbRevoke:
		return "Take away access to " + title
	case VerbChange:
		return "Change access to " + title
	}
	return "Give access to " + title
}

// addTask puts a task on the lists of all who answer for keys. The copies have About in common; whoever does one does all.
func (s *Service) addTask(ctx context.Context, tx graph.Tx, t Task, keys ...string) error {
	t.State, t.Among = TaskOpen, nil
	for _, key := range keys {
		for _, audience := range audiences(key) {
			if !slices.Contains(t.Among, audience) {
				t.Among = append(t.Among, audience)
			}
		}
	}
	var writes []graph.NodeWrite
	for _, audience := range t.Among {
		t.Audience = audience
		id := catalog.NewID(taskType.Spec.Prefix, t.Kind, string(t.About), string(t.Grant), audience)
		writes = append(writes, taskType.Write(id, graph.Upsert, t))
	}
	_, err := tx.Put(ctx, writes...)
	return err
}

// closeTasks ends the copies of a task on all lists.
func (s *Service) closeTasks(ctx context.Context, tx graph.Tx, of Task, note string) error {
	open, err := listAll(ctx, tx, taskType, graph.Query{Sort: "due",
		Where: []graph.Filter{where("about", string(of.About)), where("state", TaskOpen)}})
	if err != nil {
		return err
	}
	for _, t := range open {
		if t.Kind != of.Kind || t.Grant != of.Grant {
			continue
		}
		t.State, t.DoneBy, t.DoneAt, t.Note = TaskDone, graph.ID(authz.Actor(ctx)), graph.Time(s.now()), note
		if _, err := put(ctx, tx, taskType, t.ID, graph.IfVersion, t); err != nil {
			return err
		}
	}
	return nil
}

// taskFor reads a task that the principal in ctx has on his list; for everybody else there is none. Who works at the machine
// has all.
func (s *Service) taskFor(ctx context.Context, r graph.Reader, id graph.ID) (Task, error) {
	if err := s.mayLook(ctx); err != nil {
		return Task{}, err
	}
	t, ok, err := get(ctx, r, taskType, id)
	if err != nil {
		return Task{}, err
	}
	keys, _ := keysOf(authz.From(ctx))
	if !ok || !s.unbound(ctx) && !slices.Contains(keys, t.Audience) {
		return Task{}, errs.E(errs.NotFound, "There is no such task.")
	}
	return t, s.policy.Require(ctx, authz.Request, authz.Everywhere, authz.Decide)
}

// unbound tells whether no rules bind whoever acts.
func (s *Service) unbound(ctx context.Context) bool {
	who := authz.From(ctx)
	return who.Type == authz.Machine || s.policy == nil && !who.Known()
}
