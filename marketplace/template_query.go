package marketplace

import (
	"context"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/marketplace/template"
)

// TemplateView is a template as its page shows it.
type TemplateView struct {
	Template Template
	Holds    template.Version // a zero Number: none does
	Waiting  *WaitingVersion  // nil: none waits
	Names    template.Names   // of what the bodies name, as far as the viewer may see it
	CanEdit  bool             // to hide buttons
}

// WaitingVersion is a version that waits to be confirmed.
type WaitingVersion struct {
	Version TemplateVersion
	Body    template.Body
	Changes []template.Change // against what holds; of a new template none
	Author  string
	// CanConfirm tells whether the viewer may; else Why says why not, where he has a part in it at all.
	CanConfirm, CanRefuse, CanSimulate bool
	Mine                               bool
	Why                                string
}

// Templates are all templates by title, those that hold no more too. Errors: Unauthenticated.
func (s *Service) Templates(ctx context.Context) ([]TemplateView, error) {
	if err := s.mayLookAtTemplates(ctx); err != nil {
		return nil, err
	}
	all, err := allTemplates(ctx, s.store)
	if err != nil {
		return nil, err
	}
	var ids []graph.ID
	for _, t := range all {
		if t.Current > 0 {
			ids = append(ids, versionID(t.ID, t.Current))
		}
	}
	versions, err := getAll(ctx, s.store, versionType, ids)
	if err != nil {
		return nil, err
	}
	out := make([]TemplateView, len(all))
	bodies := make([]template.Body, 0, len(all))
	for i, t := range all {
		out[i].Template = t
		if v, ok := versions[versionID(t.ID, t.Current)]; ok {
			if out[i].Holds, err = v.read(t); err != nil {
				return nil, err
			}
			bodies = append(bodies, out[i].Holds.Body)
		}
	}
	names, err := s.namedIn(ctx, s.store, bodies...)
	for i := range out {
		out[i].Names = names
	}
	return out, err
}

func (s *Service) mayLookAtTemplates(ctx context.Context) error {
	return s.policy.Require(ctx, authz.Template, authz.Everywhere, authz.View)
}

// TemplateByName is one template. Errors: Unauthenticated, NotFound.
func (s *Service) TemplateByName(ctx context.Context, name string) (TemplateView, error) {
	return s.Template(ctx, TemplateID(name))
}

// Template is one template. Errors: Unauthenticated, NotFound.
func (s *Service) Template(ctx context.Context, id graph.ID) (TemplateView, error) {
	if err := s.mayLookAtTemplates(ctx); err != nil {
		return TemplateView{}, err
	}
	t, err := templateAt(ctx, s.store, id)
	if err != nil {
		return TemplateView{}, err
	}
	out := TemplateView{Template: t}
	bodies := []template.Body{}
	if t.Current > 0 {
		v, err := versionAt(ctx, s.store, id, t.Current)
		if err != nil {
			return out, err
		}
		if out.Holds, err = v.read(t); err != nil {
			return out, err
		}
		bodies = append(bodies, out.Holds.Body)
		if out.CanEdit, err = s.canReach(ctx, s.store, out.Holds.Body, authz.Edit); err != nil {
			return out, err
		}
	}
	if t.Waiting > 0 {
		if out.Waiting, err = s.waitingVersion(ctx, t); err != nil {
			return out, err
		}
		bodies = append(bodies, out.Waiting.Body)
	}
	if out.Names, err = s.namedIn(ctx, s.store, bodies...); err != nil {
		return out, err
	}
	if out.Waiting != nil && t.Current > 0 && !out.Waiting.Version.Retires {
		out.Waiting.Changes = template.Diff(out.Holds.Body, out.Waiting.Body, out.Names)
	}
	return out, nil
}

// waitingVersion is the version of a template that waits, and what the viewer may do about it.
func (s *Service) waitingVersion(ctx context.Context, t Template) (*WaitingVersion, error) {
	v, err := versionAt(ctx, s.store, t.ID, t.Waiting)
	if err != nil {
		return nil, err
	}
	read, err := v.read(t)
	if err != nil {
		return nil, err
	}
	out := &WaitingVersion{Version: v, Body: read.Body, Mine: string(v.By) == authz.Actor(ctx)}
	who, err := s.calledAs(ctx, []graph.ID{v.By})
	if err != nil {
		return nil, err
	}
	out.Author = who[v.By]
	out.CanSimulate = s.maySimulate(ctx, t, v) == nil
	out.CanRefuse = out.Mine || s.mayRefuse(ctx, s.store, t, v) == nil
	if out.Mine {
		out.Why = "You proposed this change. Somebody else has to confirm it: a person with the right to, who doesn't stand in for you."
		return out, nil
	}
	if out.CanRefuse {
		why := s.mayConfirm(ctx, s.store, t, v)
		if why == nil {
			why = s.simulated(ctx, s.store, t, v)
		}
		if out.CanConfirm = why == nil; !out.CanConfirm {
			out.Why = errs.Shown(why)
		}
	}
	return out, nil
}

// TemplateVersionView is one version of a template.
type TemplateVersionView struct {
	Version TemplateVersion
	Body    template.Body
	Author  string
	Decider string
}

// TemplateVersions are all versions of a template, the newest first, at most graph.MaxPage. Errors: Unauthenticated, NotFound.
func (s *Service) TemplateVersions(ctx context.Context, id graph.ID) ([]TemplateVersionView, template.Names, error) {
	if err := s.mayLookAtTemplates(ctx); err != nil {
		return nil, nil, err
	}
	t, err := templateAt(ctx, s.store, id)
	if err != nil {
		return nil, nil, err
	}
	page, err := list(ctx, s.store, versionType, graph.Query{
		Where: []graph.Filter{where("template", string(id))}, Sort: "number", Desc: true, Limit: graph.MaxPage,
	})
	if err != nil {
		return nil, nil, err
	}
	out := make([]TemplateVersionView, len(page.Items))
	var people []graph.ID
	var bodies []template.Body
	for i, v := range page.Items {
		read, err := v.read(t)
		if err != nil {
			return nil, nil, err
		}
		out[i] = TemplateVersionView{Version: v, Body: read.Body}
		people, bodies = append(people, v.By, v.Decider), append(bodies, read.Body)
	}
	who, err := s.calledAs(ctx, people)
	if err != nil {
		return nil, nil, err
	}
	for i, v := range page.Items {
		out[i].Author, out[i].Decider = who[v.By], who[v.Decider]
	}
	names, err := s.namedIn(ctx, s.store, bodies...)
	return out, names, err
}

// calledAs are the names of people, accounts and the operator; the id of who isn't known any more.
func (s *Service) calledAs(ctx context.Context, ids []graph.ID) (map[graph.ID]string, error) {
	people, err := identity.Lookup(ctx, s.store, ids...)
	if err != nil {
		return nil, err
	}
	out := map[graph.ID]string{graph.ID(authz.Operator.ID): authz.Operator.Name}
	for _, id := range ids {
		if who, ok := people[id]; ok {
			out[id] = who.Name
		} else if _, done := out[id]; !done {
			out[id] = string(id)
		}
	}
	return out, nil
}
