package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/views/form"
	"weir/views/link"
	view "weir/views/settings"
	"weir/views/ui"
)

// standIns answers who stands in for whom.
func (s *Site) standIns(w http.ResponseWriter, r *http.Request) error {
	today := s.Now().UTC()
	return s.showStandIns(w, r, http.StatusOK, view.StandIns{Since: today.Format(time.DateOnly), Until: today.AddDate(0, 0, 14).Format(time.DateOnly)})
}

func (s *Site) showStandIns(w http.ResponseWriter, r *http.Request, status int, p view.StandIns) error {
	id, err := me(r)
	if err != nil {
		return err
	}
	all, err := s.Identity.StandIns(r.Context(), id)
	if err != nil {
		return err
	}
	names, err := s.namesOf(r.Context(), all)
	if err != nil {
		return err
	}
	for _, v := range all {
		row := view.StandIn{ID: string(v.ID), Since: s.when(v.Since), Until: s.when(v.Until.Add(-time.Second)), Reason: v.Reason, State: s.stateOf(v)}
		if v.From == id {
			row.Who = ui.Owner{ID: string(v.To), Name: names[v.To], Kind: "person"}
			p.Mine = append(p.Mine, row)
		} else {
			row.Who = ui.Owner{ID: string(v.From), Name: names[v.From], Kind: "person"}
			p.Others = append(p.Others, row)
		}
	}
	if p.People, err = s.logins(r.Context()); err != nil {
		return err
	}
	return s.show(w, r, status, view.StandInsPage(s.shell(r), p))
}

func (s *Site) namesOf(ctx context.Context, all []identity.StandIn) (map[graph.ID]string, error) {
	var ids []graph.ID
	for _, v := range all {
		ids = append(ids, v.From, v.To)
	}
	return s.Identity.Names(ctx, ids...)
}

func (s *Site) stateOf(v identity.StandIn) string {
	switch now := s.Now(); {
	case v.Holds(now):
		return "now"
	case v.Ended.IsZero() && now.Before(v.Since):
		return "later"
	}
	return "over"
}

// suggested is how many people a field offers; others can be typed.
const suggested = 200

// logins are the people that a field offers, to those who may see who there is.
func (s *Site) logins(ctx context.Context) ([]form.Option, error) {
	if !s.Policy.Can(ctx, authz.People, authz.Everywhere, authz.View) {
		return nil, nil
	}
	page, err := s.Identity.Users(ctx, "", suggested)
	var out []form.Option
	for _, u := range page.Items {
		if !u.Disabled {
			out = append(out, form.Option{Value: u.Login, Label: u.Name})
		}
	}
	return out, err
}

var standLabels = labels{"to": "Who", "since": "From", "until": "Until", "reason": "Why"}

// nameStandIn takes the form that names a stand-in.
func (s *Site) nameStandIn(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	p := view.StandIns{To: typed(r.PostForm, "to"), Since: typed(r.PostForm, "since"), Until: typed(r.PostForm, "until"), Reason: typed(r.PostForm, "reason")}
	in, err := s.readStandIn(r.Context(), r.PostForm)
	if err == nil {
		_, err = s.Identity.NameStandIn(r.Context(), in)
	}
	if err == nil {
		return saved(w, r, link.Settings(link.StandIns))
	}
	t, err := troubleOf(err, standLabels)
	if err != nil {
		return err
	}
	p.Errors, p.Refused = t.fields, t.refused
	return s.showStandIns(w, r, t.status, p)
}

// readStandIn reads the form. The last day counts whole; one that begins today begins now.
func (s *Site) readStandIn(ctx context.Context, values url.Values) (identity.NewStandIn, error) {
	in := identity.NewStandIn{Reason: typed(values, "reason")}
	var bad []errs.Field
	u, err := s.Identity.UserByLogin(ctx, typed(values, "to"))
	switch {
	case errs.Is(err, errs.NotFound) || errs.Is(err, errs.Invalid):
		bad = append(bad, errs.Field{Name: "to", Message: "is nobody's login."})
	case err != nil:
		return in, err
	}
	in.To = u.ID
	since, err := time.Parse(time.DateOnly, typed(values, "since"))
	if err != nil {
		bad = append(bad, errs.Field{Name: "since", Message: "is not a day."})
	}
	if since.After(s.Now()) {
		in.Since = since
	}
	until, err := time.Parse(time.DateOnly, typed(values, "until"))
	if err != nil {
		bad = append(bad, errs.Field{Name: "until", Message: "is not a day."})
	}
	in.Until = until.AddDate(0, 0, 1)
	if len(bad) > 0 {
		return in, errs.Fields(bad)
	}
	return in, nil
}

// endStandIn ends the period of a stand-in before its time.
func (s *Site) endStandIn(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	if err := s.Identity.EndStandIn(r.Context(), graph.ID(r.PostForm.Get("id"))); err != nil {
		return err
	}
	return saved(w, r, link.Settings(link.StandIns))
}
