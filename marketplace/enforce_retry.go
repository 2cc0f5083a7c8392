package marketplace

import (
	"context"
	"slices"
	"time"

	"weir/audit"
	"weir/errs"
	"weir/graph"
)

// Retry starts the command of a grant again that failed last. Errors: Unauthenticated, NotFound to whoever has nothing to do
// with the grant, Forbidden, Conflict if nothing failed or the grant was changed since Version.
func (s *Service) Retry(ctx context.Context, in GrantChange) (Grant, error) {
	return s.changeGrant(ctx, "marketplace.enforce-retry", in, s.mayEnforce, func(ctx context.Context, tx graph.Tx, g Grant) (Grant, deed, error) {
		c, err := failedOf(ctx, tx, g.ID)
		if err != nil {
			return Grant{}, deed{}, err
		}
		c.State, c.Channel, c.Attempts, c.Error = CommandWaiting, s.options.Channel, 0, "" // as things are set up now
		if c.Channel != Manual {
			c.Next = graph.Time(s.now())
		}
		if c, err = put(ctx, tx, commandType, c.ID, graph.IfVersion, c); err != nil {
			return Grant{}, deed{}, err
		}
		if c.Channel == Manual {
			if err := s.manualTask(ctx, tx, g, c); err != nil {
				return Grant{}, deed{}, err
			}
		}
		changes := []audit.Change{{Asset: g.ID, Field: c.Verb + " outside", Before: string(CommandFailed), After: string(CommandWaiting)}}
		if allows(Grants, g.State, Retry) {
			before := g.State
			if g.State, err = next(Grants, g.State, Retry, ""); err != nil {
				return Grant{}, deed{}, err
			}
			changes = changed(changes, g.ID, "state", string(before), string(g.State))
			if g, err = put(ctx, tx, grantType, g.ID, graph.IfVersion, g); err != nil {
				return Grant{}, deed{}, err
			}
		}
		return g, deed{facts: map[string]string{"command": string(c.ID), "verb": c.Verb}, changes: changes}, nil
	})
}

// failedOf is the command of a grant that failed. Errors: Conflict if none did.
func failedOf(ctx context.Context, r graph.Reader, grant graph.ID) (Command, error) {
	commands, err := commandsOf(ctx, r, grant)
	if err != nil {
		return Command{}, err
	}
	slices.Reverse(commands)
	for _, c := range commands {
		if c.State == CommandFailed {
			return c, nil
		}
	}
	return Command{}, errs.E(errs.Conflict, "Nothing has failed here, so there is nothing to try again.")
}

// TaskAnswer says that a task is done. Failed says that it can't be done, of one that carries a command out by hand; then Note
// has to say why.
type TaskAnswer struct {
	Task    graph.ID
	Version int64
	Note    string
	Failed  bool
}

// FinishTask ends a task on all lists that it stands on. Errors: Unauthenticated; NotFound to whoever doesn't have it on his
// list; Invalid; Conflict if somebody else has done it.
func (s *Service) FinishTask(ctx context.Context, in TaskAnswer) error {
	c := &checker{}
	in.Note = c.lines("note", in.Note, maxReason, in.Failed)
	if err := c.err(); err != nil {
		return err
	}
	return s.run(ctx, "marketplace.task-done", in.Task, func(ctx context.Context, tx graph.Tx) (deed, error) {
		t, err := s.taskFor(ctx, tx, in.Task)
		switch {
		case err != nil:
			return deed{}, err
		case t.State != TaskOpen || in.Version != 0 && t.Version != in.Version:
			return deed{}, errDone()
		case t.Kind != TaskEnforce && t.Kind != TaskDerived:
			return deed{}, errs.E(errs.Conflict, "This is done by what it is about: nothing has to be said here.")
		}
		now := graph.Time(s.now())
		if err := s.closeTasks(ctx, tx, t, in.Note); err != nil {
			return deed{}, err
		}
		d := deed{target: t.Grant, facts: map[string]string{"task": string(t.ID), "kind": t.Kind},
			changes: changed([]audit.Change{{Asset: t.Grant, Field: "task", Before: TaskOpen, After: t.Title + ": " + TaskDone}}, t.Grant, "note", "", in.Note)}
		if t.Kind != TaskEnforce {
			return d, nil
		}
		more, err := s.byHand(ctx, tx, t, in, now)
		d.changes = append(d.changes, more...)
		return d, err
	})
}

// byHand writes down what somebody did, or could not do, by hand.
func (s *Service) byHand(ctx context.Context, tx graph.Tx, t Task, in TaskAnswer, now time.Time) ([]audit.Change, error) {
	c, ok, err := get(ctx, tx, commandType, t.About)
	if err != nil || !ok || c.State != CommandWaiting {
		return nil, err
	}
	c.Attempts++
	var problem error
	if in.Failed {
		problem = errs.E(errs.Conflict, in.Note)
	}
	e, err := s.outcome(ctx, tx, c, problem, in.Failed)
	if err != nil {
		return nil, err
	}
	return e.Changes, nil
}
