package web

import (
	"net/http"
	"strconv"
	"strings"

	"weir/authz"
	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/template"
	"weir/views/link"
	view "weir/views/template"
	"weir/views/ui"
)

// templateRoutes are the pages of policy templates.
func (s *Site) templateRoutes() []route {
	look, edit := may(authz.Template, authz.View), may(authz.Template, authz.Edit)
	return []route{
		{"GET /templates", look, s.known(s.templates)},
		{"GET /templates/new", edit, s.known(s.newTemplate)},
		{"POST /templates/new", edit, s.known(s.newTemplate)},
		{"GET /templates/{name}", look, s.known(s.template)},
		{"GET /templates/{name}/versions", look, s.known(s.templateVersions)},
		{"GET /templates/{name}/edit", edit, s.known(s.editTemplate)},
		{"POST /templates/{name}/edit", edit, s.known(s.editTemplate)},
		{"GET /templates/{name}/end", edit, s.known(s.endTemplate)},
		{"POST /templates/{name}/end", edit, s.known(s.endTemplate)},
		{"GET /templates/{name}/simulate", edit, s.known(s.simulation)},
		{"POST /templates/{name}/simulate", edit, s.known(s.simulate)},
		{"POST /templates/{name}/confirm", may(authz.Template, authz.Manage), s.known(s.confirmTemplate)},
		{"POST /templates/{name}/refuse", edit, s.known(s.refuseTemplate)},
	}
}

// templates answers the list.
func (s *Site) templates(w http.ResponseWriter, r *http.Request) error {
	all, err := s.Market.Templates(r.Context())
	if err != nil {
		return err
	}
	p := view.List{Default: template.Words(template.Default.Body, nil)[1:]}
	if s.Policy.CanSomewhere(r.Context(), authz.Template, authz.Edit) {
		p.New = link.New(link.Templates())
	}
	for _, t := range all {
		row := view.Row{Title: ui.Link{Text: t.Template.Title, Href: link.Template(t.Template.Name)}, Summary: t.Holds.Body.Summary}
		if t.Holds.Number > 0 {
			row.Applies = strings.TrimSuffix(strings.TrimPrefix(template.Words(t.Holds.Body, t.Names)[0], "Applies to "), ".")
		}
		if t.Template.Waiting > 0 {
			row.Note = "A change waits"
		}
		switch {
		case t.Template.Retired:
			p.Ended = append(p.Ended, row)
		case t.Template.Current > 0:
			p.Holding = append(p.Holding, row)
		case t.Template.Waiting > 0:
			p.Waiting = append(p.Waiting, row)
		default:
			p.Ended = append(p.Ended, row)
		}
	}
	return s.show(w, r, http.StatusOK, view.ListPage(s.shell(r), p))
}

// templateOf reads the template that an address names, by its name or its id.
func (s *Site) templateOf(r *http.Request) (marketplace.TemplateView, error) {
	name := r.PathValue("name")
	if strings.Contains(name, "_") { // no name holds one, every id does
		return s.Market.Template(r.Context(), graph.ID(name))
	}
	return s.Market.TemplateByName(r.Context(), name)
}

// template answers the page of one policy.
func (s *Site) template(w http.ResponseWriter, r *http.Request) error {
	t, err := s.templateOf(r)
	if err != nil {
		return err
	}
	return s.showTemplate(w, r, http.StatusOK, t, "")
}

func (s *Site) showTemplate(w http.ResponseWriter, r *http.Request, status int, t marketplace.TemplateView, refused string) error {
	p := view.Page{Name: t.Template.Name, Title: t.Template.Title, Refused: refused}
	switch {
	case t.Template.Retired:
		p.State, p.Holds = view.State{Word: "Ended", Icon: "ban"}, "It holds no more."
	case t.Holds.Number == 0:
		p.State, p.Holds = view.State{Word: "Not confirmed", Icon: "hourglass", Tone: ui.Amber}, "No version of it holds yet."
	default:
		p.Holds = "Version " + strconv.Itoa(t.Holds.Number) + " holds, since " + t.Template.Confirmed.UTC().Format("2 January 2006") + "."
	}
	if t.Holds.Number > 0 {
		p.Summary, p.Text, p.Words = t.Holds.Body.Summary, t.Holds.Body.Text, template.Words(t.Holds.Body, t.Names)
	}
	if t.CanEdit && (t.Waiting == nil || t.Waiting.Mine) {
		p.Edit = link.TemplateSub(t.Template.Name, "edit")
		if !t.Template.Retired {
			p.End = link.TemplateSub(t.Template.Name, "end")
		}
	}
	if t.Waiting != nil {
		var err error
		if p.Waiting, err = s.waitingOf(r, t); err != nil {
			return err
		}
		if t.Waiting.Mine && t.Holds.Number == 0 {
			p.Edit = link.TemplateSub(t.Template.Name, "edit")
		}
	}
	return s.show(w, r, status, view.OnePage(s.shell(r), p))
}

// waitingOf is the version that waits, with what the reader may do.
func (s *Site) waitingOf(r *http.Request, t marketplace.TemplateView) (*view.Waiting, error) {
	v, name := t.Waiting, t.Template.Name
	out := &view.Waiting{
		Number: strconv.Itoa(v.Version.Number), Version: strconv.FormatInt(t.Template.Version, 10), Author: partyOwner(v.Version.By, v.Author),
		When: s.when(v.Version.At), Reason: v.Version.Reason, Ends: v.Version.Retires, Mine: v.Mine, Why: v.Why,
	}
	for _, c := range v.Changes {
		out.Changes = append(out.Changes, view.Change(c))
	}
	if t.Holds.Number == 0 {
		out.Words = template.Words(v.Body, t.Names)
	}
	if v.CanConfirm {
		out.Confirm = link.TemplateSub(name, "confirm")
	}
	if v.CanRefuse {
		out.Refuse = link.TemplateSub(name, "refuse")
	}
	if !v.CanSimulate {
		return out, nil
	}
	out.Simulate = link.TemplateSub(name, "simulate")
	sim, err := s.Market.SimulationOf(r.Context(), t.Template.ID, v.Version.Number)
	if err == nil && !sim.Finished.IsZero() {
		out.Found = lookedAt(sim) + " " + flipped(sim.Found) + " Looked at " + s.when(sim.Finished).Text + "."
	}
	return out, err
}

// lookedAt says how much a simulation looked at.
func lookedAt(sim marketplace.SimulationView) string {
	return "Of " + ui.Count(sim.Found.Grants, "grant", "grants") + " in force and " + ui.Count(sim.Found.Pending, "request", "requests") + " that wait:"
}

// flipped says how many would come out otherwise.
func flipped(f marketplace.SimulationBody) string {
	if f.GrantsFlipped+f.PendingFlipped == 0 {
		return "none would come out otherwise."
	}
	return ui.Count(f.GrantsFlipped, "grant", "grants") + " and " + ui.Count(f.PendingFlipped, "request", "requests") + " would come out otherwise."
}

var versionStates = map[marketplace.VersionState]view.State{
	marketplace.VersionWaiting:   {Word: "Waits", Icon: "hourglass", Tone: ui.Amber},
	marketplace.VersionRefused:   {Word: "Refused", Icon: "circle-x", Tone: ui.Red},
	marketplace.VersionWithdrawn: {Word: "Withdrawn", Icon: "undo-2"},
}

// templateVersions answers all versions of a policy.
func (s *Site) templateVersions(w http.ResponseWriter, r *http.Request) error {
	t, err := s.templateOf(r)
	if err != nil {
		return err
	}
	all, names, err := s.Market.TemplateVersions(r.Context(), t.Template.ID)
	if err != nil {
		return err
	}
	p := view.Versions{Name: t.Template.Name, Title: t.Template.Title}
	for _, v := range all {
		row := view.Version{Name: "Version " + strconv.Itoa(v.Version.Number), State: versionStates[v.Version.State], Author: v.Author,
			When: s.when(v.Version.At), Reason: v.Version.Reason, Note: v.Version.Note, Words: template.Words(v.Body, names)}
		if v.Version.Retires {
			row.Words = []string{"The policy ends."}
		}
		if v.Version.Number == t.Template.Current && !t.Template.Retired {
			row.State = view.State{Word: "Holds", Icon: "circle-check", Tone: ui.Green}
		}
		if v.Decider != "" && v.Version.State != marketplace.VersionWaiting {
			row.Decided = ui.Capital(string(v.Version.State)) + " by " + v.Decider + ", " + s.when(v.Version.Decided).Text
		}
		p.All = append(p.All, row)
	}
	return s.show(w, r, http.StatusOK, view.VersionsPage(s.shell(r), p))
}

// verdictIn is what a form says of a version that waits.
func verdictIn(r *http.Request, of graph.ID) (marketplace.TemplateVerdict, error) {
	version, err := versionIn(r.PostForm)
	if err != nil {
		return marketplace.TemplateVerdict{}, err
	}
	n, err := numberIn(r.PostForm)
	return marketplace.TemplateVerdict{Template: of, Number: n, Version: version, Note: typed(r.PostForm, "note")}, err
}

// confirmTemplate takes the button that lets a version hold.
func (s *Site) confirmTemplate(w http.ResponseWriter, r *http.Request) error {
	return s.decideTemplate(w, r, func(in marketplace.TemplateVerdict) error {
		_, err := s.Market.ConfirmTemplate(r.Context(), in)
		return err
	})
}

// refuseTemplate takes the form that refuses or withdraws a version.
func (s *Site) refuseTemplate(w http.ResponseWriter, r *http.Request) error {
	return s.decideTemplate(w, r, func(in marketplace.TemplateVerdict) error {
		_, err := s.Market.RefuseTemplate(r.Context(), in)
		return err
	})
}

func (s *Site) decideTemplate(w http.ResponseWriter, r *http.Request, do func(marketplace.TemplateVerdict) error) error {
	t, err := s.templateOf(r)
	if err != nil {
		return err
	}
	if err := readForm(w, r); err != nil {
		return err
	}
	in, err := verdictIn(r, t.Template.ID)
	if err != nil {
		return err
	}
	if err = do(in); err == nil {
		return saved(w, r, link.Template(t.Template.Name))
	}
	trouble, err := troubleOf(err, nil)
	if err != nil {
		return err
	}
	return s.showTemplate(w, r, trouble.status, t, trouble.refused)
}
