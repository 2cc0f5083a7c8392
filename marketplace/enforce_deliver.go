package marketplace

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

const (
	sendTime   = 30 * time.Second // for one message
	sendLease  = time.Minute      // after which a message whose outcome nobody wrote down is sent again
	mostDue    = 100              // commands of one run of the job
	mostLetter = 500              // of an error that is kept, in bytes
)

// pauses are how long to wait after each failed try; after the last one somebody has to start it again.
var pauses = []time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
}

// Deliver tells the systems outside what is due: each command at least once, those of one grant in their order. It is for a job;
// what two servers do at once is done by one of them, and what a server leaves half done is sent again with the same id.
// Commands that are carried out by hand wait for people.
func (s *Service) Deliver(ctx context.Context) error {
	var failed []error
	for _, state := range []CommandState{CommandSending, CommandWaiting} {
		page, err := list(ctx, s.store, commandType, graph.Query{Sort: "next", Limit: mostDue,
			Where: []graph.Filter{where("state", string(state)), before("next", s.now())}})
		if err != nil {
			return err
		}
		for _, c := range page.Items {
			if err := ctx.Err(); err != nil {
				return errors.Join(append(failed, err)...)
			}
			failed = append(failed, s.deliver(ctx, c.ID))
		}
	}
	return errors.Join(failed...)
}

// deliver sends one command, if it is still due.
func (s *Service) deliver(ctx context.Context, id graph.ID) error {
	c, ok, err := s.claim(ctx, id)
	if err != nil || !ok {
		return err
	}
	problem := s.send(ctx, c)
	if problem != nil {
		slog.WarnContext(ctx, "a system outside could not be told of a grant", "grant", c.Grant, "command", c.ID, "attempt", c.Attempts, "error", problem)
	}
	if ctx.Err() != nil {
		return ctx.Err() // it may have arrived: what became of it isn't known, so it is sent again
	}
	return s.settle(ctx, c.ID, c.Attempts, problem)
}

// claim marks a command as being sent. ok is false if that isn't to be done now, or no more.
func (s *Service) claim(ctx context.Context, id graph.ID) (c Command, ok bool, err error) {
	err = s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		ok = false
		if err := tx.Lock(ctx, authz.Lock); err != nil {
			return err
		}
		if c, ok, err = get(ctx, tx, commandType, id); err != nil || !ok {
			return err
		}
		if ok = c.due(s.now()); !ok {
			return nil
		}
		if ok, err = s.inTurn(ctx, tx, &c); err != nil {
			return err
		}
		c, err = put(ctx, tx, commandType, c.ID, graph.IfVersion, c)
		return err
	})
	return c, ok, err
}

// due tells whether a command is to be sent at a time.
func (c Command) due(now time.Time) bool {
	return (c.State == CommandWaiting || c.State == CommandSending) && !c.Next.IsZero() && c.Next.Before(graph.Time(now))
}

// inTurn makes a command one that is being sent, unless an earlier one of its grant is on its way, for which it waits, or a
// later one says all, for which it is dropped.
func (s *Service) inTurn(ctx context.Context, r graph.Reader, c *Command) (bool, error) {
	now := graph.Time(s.now())
	commands, err := commandsOf(ctx, r, c.Grant)
	if err != nil {
		return false, err
	}
	later := false
	for _, o := range commands {
		switch {
		case o.ID == c.ID:
			later = true
		case later:
			c.State, c.Next, c.Done = CommandDropped, time.Time{}, now
			return false, nil
		case o.State == CommandSending && !o.due(now):
			c.Next = o.Next
			return false, nil
		}
	}
	c.State, c.Next = CommandSending, now.Add(sendLease)
	c.Attempts++
	return true, nil
}

// send gives a message to whoever carries it out.
func (s *Service) send(ctx context.Context, c Command) error {
	e, ok := s.options.Enforcers[c.Channel]
	if !ok {
		return fmt.Errorf("nothing is set up for the channel %s", c.Channel)
	}
	var m Message
	if err := unpack(c.Body, &m); err != nil {
		return err
	}
	m, err := addressed(ctx, s.store, m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	return e.Enforce(ctx, m)
}

// settle writes down what became of a try: of this one, not of one that came after it.
func (s *Service) settle(ctx context.Context, id graph.ID, attempt int, problem error) error {
	return s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, authz.Lock); err != nil {
			return err
		}
		c, ok, err := get(ctx, tx, commandType, id)
		if err != nil || !ok || c.State != CommandSending || c.Attempts != attempt {
			return err
		}
		e, err := s.outcome(ctx, tx, c, problem, problem != nil && c.Attempts > len(pauses))
		if err != nil || e == nil {
			return err
		}
		return audit.Append(ctx, tx, s.now(), *e)
	})
}

// outcome writes what became of a command, and of its grant. Without an entry there is nothing to say yet: it is tried again.
func (s *Service) outcome(ctx context.Context, tx graph.Tx, c Command, problem error, over bool) (*audit.Entry, error) {
	now := graph.Time(s.now())
	switch {
	case problem == nil:
		c.State, c.Next, c.Error, c.Done = CommandDone, time.Time{}, "", now
	case over:
		c.State, c.Next, c.Error = CommandFailed, time.Time{}, problemText(problem)
	default:
		c.State, c.Next, c.Error = CommandWaiting, now.Add(pauses[c.Attempts-1]), problemText(problem)
	}
	if _, err := put(ctx, tx, commandType, c.ID, graph.IfVersion, c); err != nil || c.State == CommandWaiting {
		return nil, err
	}
	e := &audit.Entry{
		Actor: authz.Actor(ctx), Action: "marketplace.enforced", Target: c.Grant, Decision: audit.Allowed,
		Facts:   map[string]string{"command": string(c.ID), "verb": c.Verb, "attempts": decimal(c.Attempts)},
		Changes: []audit.Change{{Asset: c.Grant, Field: c.Verb + " outside", After: string(c.State)}},
	}
	action := Enforced
	if problem != nil {
		action, e.Action = EnforceFail, "marketplace.grant-failed"
		e.Changes[0].After += ": " + c.Error
	}
	return e, s.enforced(ctx, tx, c.Grant, action, e)
}

// enforced moves a grant on by what the system outside said, where that changes how it stands.
func (s *Service) enforced(ctx context.Context, tx graph.Tx, id graph.ID, action GrantAction, e *audit.Entry) error {
	g, err := grantAt(ctx, tx, id, 0)
	if err != nil || !g.Live() || !allows(Grants, g.State, action) {
		return err
	}
	before := g.State
	if g.State, err = next(Grants, g.State, action, ""); err != nil || g.State == before {
		return err
	}
	if g.State == Active {
		e.Action = "marketplace.grant-active"
	}
	e.Changes = changed(e.Changes, g.ID, "state", string(before), string(g.State))
	_, err = put(ctx, tx, grantType, g.ID, graph.IfVersion, g)
	return err
}

// problemText is an error as it is kept, for people to read.
func problemText(err error) string {
	text := err.Error()
	if e, ok := errs.As(err); ok {
		text = e.Message
	}
	return strings.ToValidUTF8(text[:min(len(text), mostLetter)], "")
}
