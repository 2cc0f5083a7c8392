package marketplace

import (
	"context"
	"slices"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/marketplace/flow"
	"weir/marketplace/template"
)

// asker is who asks and who is to have it, read once for all items of a request.
type asker struct {
	Sender, Holder graph.ID
	Kind           template.Kind
	Teams          []graph.ID   // of the holder
	Roles          []authz.Held // of the holder
	Circle         identity.Circle
	seats          *seats
	Since          time.Time // who stood in for somebody then or later is tied to him
}

// terms are what one item is asked for with.
type conditions struct {
	Purpose, Access, Environment string
	Days                         int
	TermsAccepted                bool
	Renewal                      bool
}

// assessment is what comes of asking for one thing, by the store as it is now. Preview, Submit and Decide all make it, so
// what is shown is what happens.
type assessment struct {
	Target  target
	Case    template.Case
	Verdict template.Verdict
	Flow    flow.Snapshot
	Steps   []Step // without answers
	Stuck   bool   // a step has a party that nobody can decide for
	Columns []graph.ID
	Left    []graph.ID // columns that can't be had and were left out
}

// outcome is what happens: owners of unmasked origins are asked even where the policy would grant it at once.
func (a assessment) outcome() template.Outcome {
	if a.Verdict.Outcome == template.AtOnce && len(a.Steps) > 0 {
		return template.NeedsSteps
	}
	return a.Verdict.Outcome
}

// askerOf reads who asks and for whom, as circle has them.
func askerOf(ctx context.Context, seats *seats, sender, holder graph.ID, since time.Time, circle identity.Circle) (asker, error) {
	a := asker{Sender: sender, Holder: holder, Since: since, Circle: circle, seats: seats}
	found, err := identity.Lookup(ctx, seats.r, sender, holder)
	if err != nil {
		return a, err
	}
	who, ok := found[holder]
	if !ok || who.Disabled {
		return a, errs.Bad("for", "is nobody who is known here and can have data.")
	}
	a.Kind = kindOf(who)
	if a.Teams, a.Roles, err = identity.Standing(ctx, seats.r, holder); err != nil {
		return a, err
	}
	if who.Team {
		a.Teams = append(a.Teams, holder)
	}
	return a, nil
}

func kindOf(who identity.Somebody) template.Kind {
	switch {
	case who.Team:
		return template.Team
	case who.Type == authz.Agent:
		return template.Agent
	case who.Type == authz.Account:
		return template.Service
	}
	return template.Person
}

// roles are those held in a domain or everywhere.
func (a asker) roles(domain graph.ID) []string {
	if domain == "" {
		domain = authz.NoDomain
	}
	out := []string{authz.Member}
	for _, h := range a.Roles {
		if h.Domain == string(domain) || h.Domain == authz.Everywhere {
			out = append(out, h.Role)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// assess works out what comes of asking. all tells that all columns on offer are meant: those that can't be had are then left
// out, if others can.
func (s *Service) assess(ctx context.Context, r graph.Reader, who asker, t target, c conditions, all bool) (assessment, error) {
	f, err := flow.Read(ctx, r, t.Asked, s.now())
	if err != nil {
		return assessment{Target: t}, err
	}
	versions, err := s.templates(ctx, r)
	if err != nil {
		return assessment{Target: t}, err
	}
	return s.weigh(ctx, r, who, t, c, all, f, versions)
}

// weigh works it out of what flows in and of the templates that hold.
func (s *Service) weigh(ctx context.Context, r graph.Reader, who asker, t target, c conditions, all bool, f flow.Snapshot, versions []template.Version) (assessment, error) {
	a := assessment{Target: t, Flow: f}
	a.Case = caseOf(who, t, c, a.Flow)
	if all {
		before := a.Case.Columns
		a.Case, a.Verdict = template.Reduce(versions, a.Case)
		a.Left = missingFrom(before, a.Case.Columns)
	} else {
		a.Verdict = template.Evaluate(versions, a.Case)
	}
	for _, col := range a.Case.Columns {
		a.Columns = append(a.Columns, col.ID)
	}
	if len(a.Left) > 0 {
		a.Flow = a.Flow.Of(a.Columns...)
	}
	if a.Verdict.Outcome == template.Impossible {
		return a, nil
	}
	return a, s.addSteps(ctx, r, &a, who, a.foreign(versions))
}

func missingFrom(before, after []template.Column) []graph.ID {
	var out []graph.ID
	for _, c := range before {
		if !slices.ContainsFunc(after, func(o template.Column) bool { return o.ID == c.ID }) {
			out = append(out, c.ID)
		}
	}
	return out
}

// caseOf puts together what templates are asked about.
func caseOf(who asker, t target, c conditions, f flow.Snapshot) template.Case {
	out := template.Case{
		Beneficiary: who.Kind, Roles: who.roles(t.Domain), Teams: who.Teams,
		Purpose: c.Purpose, Access: template.Access(c.Access), Environment: c.Environment, Days: c.Days,
		TermsAccepted: c.TermsAccepted || t.Product == nil || t.Product.Terms == 0, Renewal: c.Renewal,
		Columns: casesOf(f), Names: template.Names{},
	}
	if t.Product != nil {
		out.Product = t.ID
		out.Names[t.ID] = t.Title
	}
	if t.Domain != "" {
		out.Domains = append(out.Domains, t.Domain)
	}
	for _, p := range t.Parts {
		d := t.Datasets[p.Dataset]
		out.Datasets = append(out.Datasets, p.Dataset)
		if d.Domain != "" && !slices.Contains(out.Domains, d.Domain) {
			out.Domains = append(out.Domains, d.Domain)
		}
		if d.Classification != "" && !slices.Contains(out.Levels, d.Classification) {
			out.Levels = append(out.Levels, d.Classification)
		}
	}
	for _, coarse := range f.Coarse {
		if !slices.Contains(out.Classes, coarse.Class) {
			out.Classes = append(out.Classes, coarse.Class)
		}
	}
	slices.Sort(out.Levels)
	slices.Sort(out.Classes)
	return out
}

// casesOf are the columns that are asked for, with what flows into them.
func casesOf(f flow.Snapshot) []template.Column {
	clear, masked := map[graph.ID][]string{}, map[graph.ID][]string{}
	add := func(to map[graph.ID][]string, id graph.ID, class string) {
		if !slices.Contains(to[id], class) {
			to[id] = append(to[id], class)
		}
	}
	for _, in := range f.Inflows {
		switch {
		case in.ByDeclaration:
		case in.Masked:
			add(masked, in.Column, in.Class)
		default:
			add(clear, in.Column, in.Class)
		}
	}
	out := make([]template.Column, 0, len(f.Columns))
	for _, c := range f.Columns {
		hidden := slices.DeleteFunc(masked[c.ID], func(class string) bool { return slices.Contains(clear[c.ID], class) })
		out = append(out, template.Column{ID: c.ID, Dataset: c.Dataset, Path: c.Path, Declared: c.Declared, Inherited: clear[c.ID], Masked: hidden})
	}
	return out
}

// clearOrigins are the datasets, other than those asked for, from which something sensitive comes in clear text as it would be
// had, with the classes.
func (a assessment) clearOrigins() map[graph.ID][]string {
	clear := map[graph.ID][]string{}
	for _, c := range a.Verdict.Columns {
		clear[c.Column] = c.Clear
	}
	asked := map[graph.ID]bool{}
	for _, d := range a.Case.Datasets {
		asked[d] = true
	}
	out := map[graph.ID][]string{}
	add := func(origin graph.ID, class string) {
		if !asked[origin] && !slices.Contains(out[origin], class) {
			out[origin] = append(out[origin], class)
		}
	}
	for _, in := range a.Flow.Unmasked() {
		if slices.Contains(clear[in.Column], in.Class) {
			add(in.OriginDataset, in.Class)
		}
	}
	if a.Case.Access == template.Read || a.Case.Access == template.Export {
		for _, c := range a.Flow.Coarse {
			add(c.Origin, c.Class)
		}
	}
	for _, classes := range out {
		slices.Sort(classes)
	}
	return out
}

// domainOf is the domain of a dataset that the target or its lineage names.
func (a assessment) domainOf(id graph.ID) graph.ID {
	if d, ok := a.Target.Datasets[id]; ok {
		return d.Domain
	}
	if isA(id, catalog.DatasetType) {
		return a.Flow.Names[id].Domain
	}
	return a.Target.Domain
}
