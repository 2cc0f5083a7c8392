package marketplace

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/marketplace/template"
)

// TemplateVerdict is what somebody says of a version that waits.
type TemplateVerdict struct {
	Template graph.ID
	Number   int    // of the version that was looked at
	Version  int64  // of the Template; 0 is any
	Note     string // to refuse needs one
}

// simulationHolds is how long a simulation may be the ground on which a change is confirmed.
const simulationHolds = 24 * time.Hour

// ConfirmTemplate makes a waiting version the one that holds, or ends the template. Whoever confirms is another person than
// the author, outside his circle (identity.Closure), and somebody has run the simulation since.
// Errors: Forbidden in words, also written down; NotFound, Conflict.
func (s *Service) ConfirmTemplate(ctx context.Context, in TemplateVerdict) (Template, error) {
	c := &checker{}
	in.Note = c.lines("note", in.Note, maxReason, false)
	if err := c.err(); err != nil {
		return Template{}, err
	}
	var out Template
	err := s.run(ctx, "marketplace.template-confirm", in.Template, func(ctx context.Context, tx graph.Tx) (deed, error) {
		t, v, err := in.waiting(ctx, tx)
		if err != nil {
			return deed{}, err
		}
		if err := s.mayConfirm(ctx, tx, t, v); err != nil {
			return deed{}, err
		}
		if err := s.simulated(ctx, tx, t, v); err != nil {
			return deed{}, err
		}
		was := t
		if t, err = s.confirm(ctx, tx, t, v); err != nil {
			return deed{}, err
		}
		if err := s.close(ctx, tx, v, VersionConfirmed, in.Note); err != nil {
			return deed{}, err
		}
		if out, err = put(ctx, tx, templateType, t.ID, graph.IfVersion, t); err != nil {
			return deed{}, err
		}
		changes := changed(nil, t.ID, "current", was.standing(), t.standing())
		return deed{target: t.ID, facts: map[string]string{"template": t.called(v.Number), "hash": v.Hash}, changes: changes}, nil
	})
	return out, err
}

// standing is what holds of a template, for an entry of the log.
func (t Template) standing() string {
	if t.Retired {
		return "retired"
	}
	return number(t.Current)
}

// waiting are the template and its version that waits, as they were looked at.
func (in TemplateVerdict) waiting(ctx context.Context, r graph.Reader) (Template, TemplateVersion, error) {
	t, err := templateAt(ctx, r, in.Template)
	if err != nil {
		return t, TemplateVersion{}, err
	}
	if t.Waiting == 0 || t.Waiting != in.Number {
		return t, TemplateVersion{}, errs.E(errs.Conflict, "This version doesn't wait to be confirmed any more.")
	}
	if err := sameVersion(in.Version, t.Version); err != nil {
		return t, TemplateVersion{}, err
	}
	v, err := versionAt(ctx, r, t.ID, t.Waiting)
	return t, v, err
}

// mayConfirm refuses whoever may not act where the template reaches or is to reach, the author, and all who must not decide
// for him.
func (s *Service) mayConfirm(ctx context.Context, r graph.Reader, t Template, v TemplateVersion) error {
	if err := s.mayRefuse(ctx, r, t, v); err != nil {
		return err
	}
	me := authz.From(ctx)
	if me.Type != authz.Person {
		return errs.E(errs.Forbidden, "Only a person confirms a change of a policy.")
	}
	circle, err := identity.Closure(ctx, r, []graph.ID{v.By}, v.At, s.now())
	if err != nil || !circle.Has(graph.ID(me.ID)) {
		return err
	}
	people, err := identity.Lookup(ctx, r, circle.Chain(graph.ID(me.ID))...)
	if err != nil {
		return err
	}
	names := map[graph.ID]string{}
	for id, who := range people {
		names[id] = who.Name
	}
	if graph.ID(me.ID) == v.By {
		return errs.E(errs.Forbidden, "You proposed this change. Somebody else has to confirm it.")
	}
	return errs.E(errs.Forbidden, circle.Why(graph.ID(me.ID), names))
}

// held are the body that is to hold and the one that holds, if any.
func (t Template) held(ctx context.Context, r graph.Reader, v TemplateVersion) ([]template.Body, error) {
	next, err := v.read(t)
	if err != nil || !t.holds() {
		return []template.Body{next.Body}, err
	}
	now, err := versionAt(ctx, r, t.ID, t.Current)
	if err != nil {
		return nil, err
	}
	old, err := now.read(t)
	return []template.Body{next.Body, old.Body}, err
}

// simulated refuses a change that nobody has looked ahead at under the policies that hold now.
func (s *Service) simulated(ctx context.Context, r graph.Reader, t Template, v TemplateVersion) error {
	sim, ok, err := get(ctx, r, simulationType, simulationID(t.ID, v.Number))
	if err != nil {
		return err
	}
	if !ok || sim.Finished.IsZero() {
		return errs.E(errs.Conflict, "Run the simulation first: it shows which grants and requests this would change.")
	}
	rules, err := s.rulesHash(ctx, r)
	if err != nil {
		return err
	}
	if sim.Rules != rules || s.now().Sub(sim.Finished) > simulationHolds {
		return errs.E(errs.Conflict, "The simulation is out of date: other policies changed since, or it is older than a day. Run it again.")
	}
	return nil
}

// rulesHash is the hash of all versions that hold.
func (s *Service) rulesHash(ctx context.Context, r graph.Reader) (string, error) {
	versions, err := s.templates(ctx, r)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, v := range versions {
		h.Write([]byte(string(v.Template) + "@" + decimal(v.Number) + "\n"))
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// confirm is the template after a version was confirmed.
func (s *Service) confirm(ctx context.Context, r graph.Reader, t Template, v TemplateVersion) (Template, error) {
	t.Waiting, t.Confirmed = 0, graph.Time(s.now())
	if v.Retires {
		t.Retired = true
		return t, nil
	}
	if !t.holds() {
		all, err := s.templates(ctx, r)
		if err != nil {
			return t, err
		}
		if len(all) >= MaxTemplates {
			return t, errs.Ef(errs.TooLarge, "%d policies hold already, which is the most there can be. End one first.", MaxTemplates)
		}
	}
	next, err := v.read(t)
	t.Current, t.Retired, t.Title = v.Number, false, next.Body.Title
	return t, err
}

// close writes what became of a version.
func (s *Service) close(ctx context.Context, tx graph.Tx, v TemplateVersion, state VersionState, note string) error {
	v.State, v.Decider, v.Decided, v.Note = state, graph.ID(authz.Actor(ctx)), graph.Time(s.now()), note
	_, err := put(ctx, tx, versionType, v.ID, graph.IfVersion, v)
	return err
}

// RefuseTemplate ends a version that waits: its author withdraws it, anybody else who might have confirmed it refuses it with
// a note. What holds goes on holding.
// Errors: Forbidden, Invalid with the field "note", NotFound, Conflict.
func (s *Service) RefuseTemplate(ctx context.Context, in TemplateVerdict) (Template, error) {
	var out Template
	err := s.run(ctx, "marketplace.template-refuse", in.Template, func(ctx context.Context, tx graph.Tx) (deed, error) {
		t, v, err := in.waiting(ctx, tx)
		if err != nil {
			return deed{}, err
		}
		state := VersionWithdrawn
		if string(v.By) != authz.Actor(ctx) {
			state = VersionRefused
			if err := s.mayRefuse(ctx, tx, t, v); err != nil {
				return deed{}, err
			}
		}
		c := &checker{}
		in.Note = c.lines("note", in.Note, maxReason, state == VersionRefused)
		if err := c.err(); err != nil {
			return deed{}, err
		}
		if err := s.close(ctx, tx, v, state, in.Note); err != nil {
			return deed{}, err
		}
		t.Waiting = 0
		out, err = put(ctx, tx, templateType, t.ID, graph.IfVersion, t)
		changes := []audit.Change{{Asset: t.ID, Field: "waiting", Before: number(v.Number), After: string(state)}}
		return deed{target: t.ID, facts: map[string]string{"template": t.called(v.Number), "state": string(state)}, changes: changes}, err
	})
	return out, err
}

// mayRefuse refuses whoever may not act where the template reaches or is to reach.
func (s *Service) mayRefuse(ctx context.Context, r graph.Reader, t Template, v TemplateVersion) error {
	bodies, err := t.held(ctx, r, v)
	if err != nil {
		return err
	}
	for _, b := range bodies {
		if err := s.requireReach(ctx, r, b, authz.Manage); err != nil {
			return err
		}
	}
	return nil
}
