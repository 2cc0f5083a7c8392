package web

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/template"
	"weir/views/form"
	"weir/views/link"
)

// readBody reads a body from the form. What people type by name is looked up.
func (s *Site) readBody(ctx context.Context, v url.Values) (template.Body, error) {
	b := template.Body{
		Title: v.Get("title"), Summary: v.Get("summary"), Text: v.Get("text"),
		Applies: template.Scope{
			Everything: v.Has("applies.everything"), Datasets: datasetLines(v.Get("applies.datasets")),
			Domains: listOf[graph.ID](v, "applies.domains"), Levels: listOf[catalog.Classification](v, "applies.levels"),
			Classes: lowered(commaList(v, "applies.classes")), ForKinds: listOf[template.Kind](v, "applies.forKinds"),
			ForAccess: listOf[template.Access](v, "applies.forAccess"),
		},
		Who: template.Who{Roles: v["who.roles"], People: slices.Contains(v["who.people"], "people"),
			Services: slices.Contains(v["who.people"], "services"), Agents: slices.Contains(v["who.people"], "agents")},
		Purposes: v["purposes"], Access: listOf[template.Access](v, "access"), Environments: commaList(v, "environments"),
		Renewable: v.Has("renewable"), TermsRequired: v.Has("termsRequired"),
	}
	for _, slug := range commaList(v, "applies.products") {
		b.Applies.Products = append(b.Applies.Products, marketplace.ProductID(strings.ToLower(slug)))
	}
	c := &numbers{values: v}
	b.MaxDays, b.RenewBeforeDays = c.days("maxDays"), c.days("renewBeforeDays")
	if v.Has("pre") {
		b.PreApproved = &template.Condition{
			Access: listOf[template.Access](v, "preApproved.access"), Purposes: v["preApproved.purposes"], Kinds: listOf[template.Kind](v, "preApproved.kinds"),
			Roles: v["preApproved.roles"], MaxDays: c.days("preApproved.maxDays"), NoUnmasked: v.Has("preApproved.noUnmasked"),
		}
	}
	var err error
	if b.Who.Teams, err = s.teamsNamed(ctx, commaList(v, "who.teams"), "who.teams"); err != nil {
		return b, err
	}
	if b.Steps, err = s.readSteps(ctx, v, c); err != nil {
		return b, err
	}
	b.Masking = readMasking(v)
	return b, errs.Fields(c.bad)
}

// listOf are the values of a field with many.
func listOf[T ~string](v url.Values, name string) []T {
	var out []T
	for _, value := range v[name] {
		out = append(out, T(value))
	}
	return out
}

func lowered(list []string) []string {
	for i := range list {
		list[i] = strings.ToLower(list[i])
	}
	return list
}

// datasetLines are the ids in lines that hold an id, or an address that ends in one.
func datasetLines(text string) []graph.ID {
	var out []graph.ID
	for line := range strings.Lines(text) {
		first, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if first == "" {
			continue
		}
		first = strings.TrimSuffix(first, "/")
		if u, err := url.Parse(first); err == nil && strings.Contains(first, "/") {
			parts := strings.Split(strings.Trim(u.Path, "/"), "/")
			first = parts[len(parts)-1]
			if len(parts) > 1 && parts[0] == "datasets" {
				first = parts[1]
			}
		}
		out = append(out, graph.ID(link.ID(first)))
	}
	return out
}

// numbers reads numbers of days, and gathers what is none.
type numbers struct {
	values url.Values
	bad    []errs.Field
}

func (c *numbers) days(name string) int {
	text := typed(c.values, name)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		c.bad = append(c.bad, errs.Field{Name: name, Message: "has to be a number."})
	}
	return n
}

// teamsNamed are the ids of teams by their names.
func (s *Site) teamsNamed(ctx context.Context, list []string, field string) ([]graph.ID, error) {
	var out []graph.ID
	for _, name := range list {
		name = strings.TrimPrefix(name, "team:")
		id, err := s.Market.Somebody(ctx, "team:"+name)
		if errs.Is(err, errs.Invalid) {
			return nil, errs.Badf(field, "names %q, which is no team.", name)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, nil
}

// readSteps reads the rows of steps; those that name nothing are left out.
func (s *Site) readSteps(ctx context.Context, v url.Values, c *numbers) ([]template.Step, error) {
	var out []template.Step
	for i := 1; v.Has("steps.by." + strconv.Itoa(i)); i++ {
		at := "." + strconv.Itoa(i)
		step := template.Step{
			Name: typed(v, "steps.name"+at), By: template.By(v.Get("steps.by" + at)), Mode: template.Mode(v.Get("steps.mode" + at)),
			RemindAfterDays: c.days("steps.remindAfterDays" + at), EscalateAfterDays: c.days("steps.escalateAfterDays" + at), N: c.days("steps.n" + at),
		}
		if step.Name == "" {
			continue
		}
		if step.By == template.ByRole {
			step.Role = v.Get("steps.role" + at)
		}
		if team := typed(v, "steps.team"+at); team != "" && step.By == template.ByTeam {
			ids, err := s.teamsNamed(ctx, []string{team}, "steps.team"+at)
			if err != nil {
				return nil, err
			}
			step.Team = ids[0]
		}
		if step.Mode != template.AtLeast {
			step.N = 0
		}
		out = append(out, step)
	}
	return out, nil
}

func readMasking(v url.Values) map[string]string {
	out := map[string]string{}
	for i := 1; v.Has("masking.class." + strconv.Itoa(i)); i++ {
		at := "." + strconv.Itoa(i)
		if class := strings.ToLower(typed(v, "masking.class"+at)); class != "" {
			out[class] = v.Get("masking.how" + at)
		}
	}
	return out
}

// bodyFields are the fields of errors as the form names them: "steps[1].n" of the second step that was typed is "steps.n.2",
// "applies.domains[0]" is "applies.domains", "masking.pii" is "masking".
func bodyFields(err error, v url.Values) error {
	e, ok := errs.As(err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	rows := typedSteps(v)
	out := *e
	out.Fields = nil
	for _, f := range e.Fields {
		if rest, ok := strings.CutPrefix(f.Name, "steps["); ok {
			at, name, _ := strings.Cut(rest, "]")
			if n, err := strconv.Atoi(at); err == nil && n < len(rows) {
				f.Name = "steps" + cmp.Or(name, ".name") + "." + strconv.Itoa(rows[n])
			}
		}
		if class, ok := strings.CutPrefix(f.Name, "masking."); ok && !strings.HasPrefix(class, "class.") {
			f.Name, f.Message = "masking", "Of "+class+": "+f.Message
		}
		out.Fields = append(out.Fields, f)
	}
	return &out
}

// typedSteps are the places of the rows of the form that hold a step.
func typedSteps(v url.Values) []int {
	var out []int
	for i := 1; v.Has("steps.by." + strconv.Itoa(i)); i++ {
		if typed(v, "steps.name."+strconv.Itoa(i)) != "" {
			out = append(out, i)
		}
	}
	return out
}

// roleChoices are the roles that a policy may name.
func roleChoices(chosen ...string) []form.Option {
	var out []form.Option
	for _, r := range authz.Builtin {
		if r.Name != authz.Member {
			out = append(out, form.Option{Value: r.Name, Label: r.Title})
		}
	}
	return form.Choose(out, chosen...)
}
