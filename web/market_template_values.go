package web

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"weir/errs"
	"weir/graph"
	"weir/marketplace/template"
)

// bodyValues are the values of the form that say what a body says.
func (s *Site) bodyValues(ctx context.Context, b template.Body, names template.Names) (url.Values, error) {
	v := url.Values{"title": {b.Title}, "summary": {b.Summary}, "text": {b.Text}}
	flag := func(name string, on bool) {
		if on {
			v.Set(name, "1")
		}
	}
	var lines, products []string
	for _, id := range b.Applies.Datasets {
		lines = append(lines, strings.TrimSpace(string(id)+" "+names[id]))
	}
	for _, id := range b.Applies.Products {
		p, _, err := s.Market.Product(ctx, id)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return nil, err
		}
		if err == nil {
			products = append(products, p.Slug)
		}
	}
	flag("applies.everything", b.Applies.Everything)
	v.Set("applies.datasets", strings.Join(lines, "\n"))
	v.Set("applies.products", strings.Join(products, ", "))
	v.Set("applies.classes", strings.Join(b.Applies.Classes, ", "))
	v["applies.domains"], v["applies.levels"] = texts(b.Applies.Domains), texts(b.Applies.Levels)
	v["applies.forKinds"], v["applies.forAccess"] = texts(b.Applies.ForKinds), texts(b.Applies.ForAccess)
	for name, on := range map[string]bool{"people": b.Who.People, "services": b.Who.Services, "agents": b.Who.Agents} {
		if on {
			v.Add("who.people", name)
		}
	}
	teams, err := s.teamHandles(ctx, b.Who.Teams)
	v.Set("who.teams", strings.Join(teams, ", "))
	v["who.roles"], v["purposes"], v["access"] = b.Who.Roles, b.Purposes, texts(b.Access)
	v.Set("environments", strings.Join(b.Environments, ", "))
	v.Set("maxDays", digits(b.MaxDays))
	v.Set("renewBeforeDays", digits(b.RenewBeforeDays))
	flag("renewable", b.Renewable)
	flag("termsRequired", b.TermsRequired)
	if p := b.PreApproved; p != nil {
		flag("pre", true)
		flag("preApproved.noUnmasked", p.NoUnmasked)
		v["preApproved.access"], v["preApproved.kinds"] = texts(p.Access), texts(p.Kinds)
		v["preApproved.purposes"], v["preApproved.roles"] = p.Purposes, p.Roles
		v.Set("preApproved.maxDays", digits(p.MaxDays))
	}
	if err != nil {
		return nil, err
	}
	return v, s.addRows(ctx, v, b)
}

// addRows adds the rows of steps and maskings, and some empty ones.
func (s *Site) addRows(ctx context.Context, v url.Values, b template.Body) error {
	for i := range len(b.Steps) + moreSteps {
		at, step := "."+strconv.Itoa(i+1), template.Step{By: template.ByOwner, Mode: template.Any}
		if i < len(b.Steps) {
			step = b.Steps[i]
		}
		if step.Team != "" {
			team, err := s.teamHandles(ctx, []graph.ID{step.Team})
			if err != nil {
				return err
			}
			v.Set("steps.team"+at, strings.Join(team, ""))
		}
		v.Set("steps.name"+at, step.Name)
		v.Set("steps.by"+at, string(step.By))
		v.Set("steps.role"+at, step.Role)
		v.Set("steps.mode"+at, string(step.Mode))
		v.Set("steps.n"+at, digits(step.N))
		v.Set("steps.remindAfterDays"+at, digits(step.RemindAfterDays))
		v.Set("steps.escalateAfterDays"+at, digits(step.EscalateAfterDays))
	}
	classes := make([]string, 0, len(b.Masking))
	for class := range b.Masking {
		classes = append(classes, class)
	}
	slices.Sort(classes)
	for i := range len(classes) + moreMasking {
		at := "." + strconv.Itoa(i+1)
		v.Set("masking.class"+at, "")
		v.Set("masking.how"+at, template.Hash)
		if i < len(classes) {
			v.Set("masking.class"+at, classes[i])
			v.Set("masking.how"+at, b.Masking[classes[i]])
		}
	}
	return nil
}

// teamHandles are the names by which teams are typed.
func (s *Site) teamHandles(ctx context.Context, ids []graph.ID) ([]string, error) {
	var out []string
	for _, id := range ids {
		handle, err := s.Market.Handle(ctx, id)
		if err != nil {
			return nil, err
		}
		if name := strings.TrimPrefix(handle, "team:"); name != "" {
			out = append(out, name)
		}
	}
	return out, nil
}

func texts[T ~string](list []T) []string {
	var out []string
	for _, v := range list {
		out = append(out, string(v))
	}
	return out
}

// digits is a number in a form; 0 is an empty field.
func digits(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
