package marketplace

import (
	"context"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/marketplace/template"
)

// TemplateEdit is a new version of a template, or the first of a new one. Nothing changes until another person confirms it.
type TemplateEdit struct {
	Name    string // lower case; never changed after
	New     bool   // it is a new template; Exists if there is one of the name
	Version int64  // of the Template that was looked at; 0 is any
	Body    template.Body
	Retire  bool   // instead of a Body: the template is to hold no more
	Reason  string // why, for whoever confirms it
}

// SaveTemplateVersion proposes what a template is to say. A version of the author's own that waits gives way to it.
// Errors: Forbidden, Invalid with the fields of the body, "name" and "reason", NotFound, Exists, Conflict.
func (s *Service) SaveTemplateVersion(ctx context.Context, e TemplateEdit) (Template, TemplateVersion, error) {
	action := "marketplace.template-save"
	if e.Retire {
		action = "marketplace.template-retire"
	}
	c := &checker{}
	e.Name = c.handle("name", e.Name)
	e.Reason = c.lines("reason", e.Reason, maxReason, !e.New)
	if e.New && e.Retire {
		c.field("name", "is of no policy that holds.")
	}
	if err := c.with(e.check()); err != nil {
		return Template{}, TemplateVersion{}, err
	}
	var t Template
	var v TemplateVersion
	id := TemplateID(e.Name)
	err := s.run(ctx, action, id, func(ctx context.Context, tx graph.Tx) (deed, error) {
		was, err := e.base(ctx, tx, id)
		if err != nil {
			return deed{}, err
		}
		before, after, err := s.bodies(ctx, tx, was, e)
		if err != nil {
			return deed{}, err
		}
		if t, v, err = s.propose(ctx, tx, was, e, after); err != nil {
			return deed{}, err
		}
		return deed{
			target: id, facts: map[string]string{"template": t.called(v.Number), "hash": v.Hash},
			changes: changed([]audit.Change{{Asset: id, Field: "waiting", Before: number(was.Waiting), After: number(t.Waiting)}},
				id, "body", before, string(v.Body)),
		}, nil
	})
	return t, v, err
}

// check is what is wrong with the body.
func (e TemplateEdit) check() error {
	if e.Retire {
		return nil
	}
	return template.Check(e.Body)
}

// with adds the fields of a check made elsewhere.
func (c *checker) with(err error) error {
	if err == nil {
		return c.err()
	}
	e, ok := errs.As(err)
	if !ok || e.Kind != errs.Invalid {
		return err
	}
	c.bad = append(c.bad, e.Fields...)
	return c.err()
}

// base is the template that the edit is about, as it was looked at.
func (e TemplateEdit) base(ctx context.Context, r graph.Reader, id graph.ID) (Template, error) {
	t, there, err := get(ctx, r, templateType, id)
	switch {
	case err != nil:
		return t, err
	case e.New && there:
		return t, taken("name")
	case e.New:
		return Template{ID: id, Name: e.Name}, nil
	case !there:
		return t, errNoTemplate()
	case e.Retire && !t.holds():
		return t, errs.E(errs.Conflict, "This policy doesn't hold, so there is nothing to end.")
	}
	return t, sameVersion(e.Version, t.Version)
}

// bodies are what the template says now, "" if nothing holds, and what it is to say: the actor may edit templates wherever one
// of both reaches, and names only what there is.
func (s *Service) bodies(ctx context.Context, tx graph.Tx, t Template, e TemplateEdit) (before string, after template.Body, err error) {
	after = e.Body.Clean()
	var was template.Body
	if t.Current > 0 {
		v, err := versionAt(ctx, tx, t.ID, t.Current)
		if err != nil {
			return "", after, err
		}
		old, err := v.read(t)
		if err != nil {
			return "", after, err
		}
		was, before = old.Body, string(v.Body)
		if e.Retire {
			after = was
		} else if t.holds() && v.Hash == after.Hash() {
			return "", after, errs.Bad("body", "says just what holds already.")
		}
		if err := s.requireReach(ctx, tx, was, authz.Edit); err != nil {
			return "", after, err
		}
	}
	if err := s.requireReach(ctx, tx, after, authz.Edit); err != nil {
		return "", after, err
	}
	if e.Retire {
		return before, after, nil
	}
	return before, after, s.checkNamed(ctx, tx, was, after)
}

// propose writes the version and makes it the one that waits.
func (s *Service) propose(ctx context.Context, tx graph.Tx, t Template, e TemplateEdit, body template.Body) (Template, TemplateVersion, error) {
	now, me := graph.Time(s.now()), graph.ID(authz.Actor(ctx))
	if t.Waiting > 0 {
		old, err := versionAt(ctx, tx, t.ID, t.Waiting)
		if err != nil {
			return t, old, err
		}
		if old.By != me {
			return t, old, errs.E(errs.Conflict, "A change of this policy waits to be confirmed. It has to be confirmed or refused first.")
		}
		old.State, old.Decider, old.Decided = VersionWithdrawn, me, now
		if _, err := put(ctx, tx, versionType, old.ID, graph.IfVersion, old); err != nil {
			return t, old, err
		}
	}
	t.Latest++
	t.Waiting = t.Latest
	if t.Current == 0 {
		t.Title = body.Title
	}
	v := TemplateVersion{
		Template: t.ID, Number: t.Latest, Body: body.Canonical(), Hash: body.Hash(), Retires: e.Retire, Reason: e.Reason,
		By: me, At: now, State: VersionWaiting,
	}
	v, err := put(ctx, tx, versionType, versionID(t.ID, v.Number), graph.Create, v)
	if err != nil {
		return t, v, err
	}
	mode := graph.IfVersion
	if t.Version == 0 {
		mode = graph.Create
	}
	t, err = put(ctx, tx, templateType, t.ID, mode, t)
	return t, v, err
}
