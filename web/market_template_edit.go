package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"weir/authz"
	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/template"
	"weir/views/form"
	"weir/views/link"
	view "weir/views/template"
)

// The rows that the form has beyond those that are filled.
const (
	moreSteps   = 2
	moreMasking = 2
)

var bodyLabels = labels{
	"name": "Name in addresses", "title": "Title", "summary": "In short", "text": "Why there is such a policy", "reason": "Why it is to be so",
	"applies.products": "Products", "applies.datasets": "Datasets", "applies.domains": "Domains", "applies.levels": "Classifications",
	"applies.classes": "Data classes", "applies.forKinds": "Only where one of these will use it", "applies.forAccess": "Only where one of these is asked for",
	"who.people": "For whom", "who.roles": "Only with one of these roles", "who.teams": "Or in one of these teams",
	"access": "Kinds of access", "purposes": "Purposes", "environments": "Where it may be used", "masking": "What comes masked",
	"preApproved.access": "Granted at once: kinds of access", "preApproved.purposes": "Granted at once: purposes", "preApproved.kinds": "Granted at once: used by",
	"preApproved.roles": "Granted at once: roles", "preApproved.maxDays": "Granted at once: for at most so many days",
	"maxDays": "Longest duration in days", "renewBeforeDays": "Renewed from so many days before its end",
}

// stepLabels are the fields of a step.
var stepLabels = []struct{ name, label string }{
	{"name", "Name"}, {"by", "By"}, {"team", "Team"}, {"role", "Role"}, {"mode", "How many"}, {"n", "At least"},
	{"remindAfterDays", "Remind after days"}, {"escalateAfterDays", "Escalate after days"},
}

// newTemplate answers the form of a new policy, and takes it.
func (s *Site) newTemplate(w http.ResponseWriter, r *http.Request) error {
	f := view.Form{Title: "New policy", New: true, Action: link.New(link.Templates()), Cancel: link.Templates()}
	if r.Method == http.MethodPost {
		return s.takeTemplate(w, r, f, marketplace.TemplateEdit{New: true})
	}
	b := template.Body{Who: template.Who{People: true, Services: true, Agents: true}, Access: []template.Access{template.Metadata, template.Masked},
		MaxDays: 90, Renewable: true, Steps: []template.Step{{Name: "Owner", By: template.ByOwner, Mode: template.Any}}}
	if id := graph.ID(r.URL.Query().Get("product")); id != "" {
		b.Applies.Products = []graph.ID{id}
	}
	values, err := s.bodyValues(r.Context(), b, nil)
	if err != nil {
		return err
	}
	return s.showTemplateForm(w, r, http.StatusOK, f, values)
}

// editTemplate answers the form that proposes a change of a policy, and takes it.
func (s *Site) editTemplate(w http.ResponseWriter, r *http.Request) error {
	t, err := s.templateOf(r)
	if err != nil {
		return err
	}
	name := t.Template.Name
	f := view.Form{Title: "Change " + t.Template.Title, Name: name, Action: link.TemplateSub(name, "edit"), Cancel: link.Template(name),
		Version: strconv.FormatInt(t.Template.Version, 10)}
	if r.Method == http.MethodPost {
		return s.takeTemplate(w, r, f, marketplace.TemplateEdit{Name: name})
	}
	b := t.Holds.Body
	if t.Waiting != nil && (t.Waiting.Mine || t.Holds.Number == 0) && !t.Waiting.Version.Retires {
		b = t.Waiting.Body
		f.Warning = "You go on from your version that waits. The one that you propose now takes its place."
	}
	values, err := s.bodyValues(r.Context(), b, t.Names)
	if err != nil {
		return err
	}
	return s.showTemplateForm(w, r, http.StatusOK, f, values)
}

// takeTemplate reads the form and proposes what it says.
func (s *Site) takeTemplate(w http.ResponseWriter, r *http.Request, f view.Form, e marketplace.TemplateEdit) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	v := r.PostForm
	if e.New {
		e.Name = typed(v, "name")
	} else {
		var err error
		if e.Version, err = versionIn(v); err != nil {
			return err
		}
		f.Version = v.Get("version")
	}
	e.Reason = v.Get("reason")
	var err error
	if e.Body, err = s.readBody(r.Context(), v); err == nil {
		var made marketplace.Template
		if made, _, err = s.Market.SaveTemplateVersion(r.Context(), e); err == nil {
			return saved(w, r, link.Template(made.Name))
		}
	}
	known := labels{}
	for name, label := range bodyLabels {
		known[name] = label
	}
	for i := 1; v.Has("steps.by." + strconv.Itoa(i)); i++ {
		for _, l := range stepLabels {
			known["steps."+l.name+"."+strconv.Itoa(i)] = "Step " + strconv.Itoa(i) + ": " + l.label
		}
	}
	t, err := troubleOf(bodyFields(err, v), known)
	if err != nil {
		return err
	}
	f.Errors, f.Refused = t.fields, t.refused
	return s.showTemplateForm(w, r, t.status, f, v)
}

// showTemplateForm shows the form with these values in it.
func (s *Site) showTemplateForm(w http.ResponseWriter, r *http.Request, status int, f view.Form, v url.Values) error {
	all, err := s.places(r.Context())
	if err != nil {
		return err
	}
	var domains []form.Option
	for _, d := range all {
		domains = append(domains, form.Option{Value: string(d.ID), Label: domainName(d)})
	}
	f.Fields = bodyForm(v)
	f.Fields.Domains = form.Choose(domains, v["applies.domains"]...)
	if f.Fields.TeamSuggest, err = s.teamSuggest(r.Context()); err != nil {
		return err
	}
	found, err := s.Market.Products(r.Context(), marketplace.ProductList{Limit: suggested})
	if err != nil {
		return err
	}
	for _, p := range found.Items {
		f.Fields.ProductSuggest = append(f.Fields.ProductSuggest, form.Option{Value: p.Slug, Label: p.Title})
	}
	return s.show(w, r, status, view.FormPage(s.shell(r), f))
}

func (s *Site) teamSuggest(ctx context.Context) ([]form.Option, error) {
	if !s.Policy.Can(ctx, authz.People, authz.Everywhere, authz.View) {
		return nil, nil
	}
	teams, err := s.Identity.Teams(ctx, "", suggested)
	var out []form.Option
	for _, t := range teams.Items {
		out = append(out, form.Option{Value: t.Name, Label: teamName(t)})
	}
	return out, err
}

// endTemplate answers the form that proposes to end a policy, and takes it.
func (s *Site) endTemplate(w http.ResponseWriter, r *http.Request) error {
	t, err := s.templateOf(r)
	if err != nil {
		return err
	}
	p := view.Ending{Name: t.Template.Name, Title: t.Template.Title, Version: strconv.FormatInt(t.Template.Version, 10)}
	if r.Method != http.MethodPost {
		return s.show(w, r, http.StatusOK, view.EndPage(s.shell(r), p))
	}
	if err := readForm(w, r); err != nil {
		return err
	}
	version, err := versionIn(r.PostForm)
	if err != nil {
		return err
	}
	p.Version, p.Reason = r.PostForm.Get("version"), typed(r.PostForm, "reason")
	_, _, err = s.Market.SaveTemplateVersion(r.Context(), marketplace.TemplateEdit{Name: p.Name, Version: version, Retire: true, Reason: p.Reason})
	if err == nil {
		return saved(w, r, link.Template(p.Name))
	}
	trouble, err := troubleOf(err, labels{"reason": "Why it is to end"})
	if err != nil {
		return err
	}
	p.Errors, p.Refused = trouble.fields, trouble.refused
	return s.show(w, r, trouble.status, view.EndPage(s.shell(r), p))
}
