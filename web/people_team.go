package web

import (
	"context"
	"net/http"
	"path"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/views/form"
	"weir/views/link"
	view "weir/views/people"
	"weir/views/ui"
)

// pageOf is the address of the page whose form was sent: the form's own without its last part.
func pageOf(r *http.Request) string { return path.Dir(r.URL.EscapedPath()) }

// setState disables or enables a person or an account.
func (s *Site) setState(w http.ResponseWriter, r *http.Request, show shower, address func(string) string,
	disable, enable func(context.Context, graph.ID) error,
) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	do := disable
	switch r.PostForm.Get("state") {
	case "disabled":
	case "enabled":
		do = enable
	default:
		return errs.Bad("state", "is enabled or disabled.")
	}
	if err := do(r.Context(), idOf(r)); err != nil {
		return s.refusedPage(w, r, show, err)
	}
	return saved(w, r, address(string(idOf(r))))
}

// team answers the page of one team.
func (s *Site) team(w http.ResponseWriter, r *http.Request) error {
	return s.showTeam(w, r, http.StatusOK, func(*view.Page) {})
}

func (s *Site) showTeam(w http.ResponseWriter, r *http.Request, status int, change func(*view.Page)) error {
	t, err := s.Identity.Team(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	p := view.Page{Of: view.Teams, Who: teamOwner(t), Href: link.Team(string(t.ID)), Summary: t.Description, Facts: []view.Fact{
		{Name: "Short name", Value: ui.Link{Text: t.Name}}, {Name: "Here since", When: s.when(t.Created)},
	}}
	p.May.Delete = s.Policy.Can(r.Context(), authz.People, authz.Everywhere, authz.Manage)
	p.May.Edit = p.May.Delete
	if err := s.fillPage(r, t.ID, &p); err != nil {
		return err
	}
	if p.Members, err = s.members(r, t.ID, p.May.Delete); err != nil {
		return err
	}
	change(&p)
	return s.show(w, r, status, view.OnePage(s.shell(r), p))
}

var memberWords = map[string]string{"user": "", "team": "team", "account": "account"}

func (s *Site) members(r *http.Request, team graph.ID, manage bool) (*view.Members, error) {
	after := r.URL.Query().Get("after")
	page, err := s.Identity.Members(r.Context(), team, after, peopleRows)
	if err != nil {
		return nil, err
	}
	m := &view.Members{Manage: manage, Pager: pager(link.Team(string(team)), after, page.Next, len(page.Items), "member")}
	for _, n := range page.Items {
		m.Rows = append(m.Rows, view.Member{ID: string(n.ID), Who: namedOwner(n), Kind: memberWords[n.Kind], Detail: n.Detail})
	}
	if manage {
		m.Known, err = s.memberOptions(r.Context())
	}
	return m, err
}

// memberOptions are the people, teams and accounts that the form offers.
func (s *Site) memberOptions(ctx context.Context) ([]form.Option, error) {
	out, err := s.logins(ctx)
	if err != nil {
		return nil, err
	}
	teams, err := s.Identity.Teams(ctx, "", suggested)
	if err != nil {
		return nil, err
	}
	for _, t := range teams.Items {
		out = append(out, form.Option{Value: t.Name, Label: teamName(t) + ", team"})
	}
	accounts, err := s.Identity.Accounts(ctx, "", suggested)
	for _, a := range accounts.Items {
		out = append(out, form.Option{Value: a.Name, Label: a.Purpose})
	}
	return out, err
}

var memberLabels = labels{"member": "Add"}

// changeMembers adds a member to a team or removes one.
func (s *Site) changeMembers(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	name, team := typed(r.PostForm, "member"), idOf(r)
	err := s.changeMember(r, team, name)
	if err == nil {
		return saved(w, r, pageOf(r))
	}
	t, err := troubleOf(err, memberLabels)
	if err != nil {
		return err
	}
	return s.showTeam(w, r, t.status, func(p *view.Page) {
		p.Members.Typed, p.Members.Errors, p.Members.Refused = name, t.fields, t.refused
	})
}

func (s *Site) changeMember(r *http.Request, team graph.ID, name string) error {
	switch r.PostForm.Get("do") {
	case "add":
		id, err := s.memberID(r.Context(), name)
		if err != nil {
			return err
		}
		return s.Identity.AddMember(r.Context(), team, id)
	case "remove":
		return s.Identity.RemoveMember(r.Context(), team, graph.ID(r.PostForm.Get("id")))
	}
	return errs.Bad("do", "is add or remove.")
}

// memberID finds a person by his login, or a team or account by its short name.
func (s *Site) memberID(ctx context.Context, name string) (graph.ID, error) {
	u, err := s.Identity.UserByLogin(ctx, name)
	if err == nil {
		return u.ID, nil
	}
	if !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Invalid) {
		return "", err
	}
	found, err := s.Identity.Find(ctx, name, suggested)
	if err != nil {
		return "", err
	}
	for _, n := range found {
		if n.Kind == "team" && n.Detail == name || n.Kind == "account" && n.Name == name {
			return n.ID, nil
		}
	}
	return "", errs.Bad("member", "is no login, and no short name of a team or account.")
}

// deleteTeam deletes a team; its members lose what it held.
func (s *Site) deleteTeam(w http.ResponseWriter, r *http.Request) error {
	if err := s.Identity.DeleteTeam(r.Context(), idOf(r)); err != nil {
		return s.refusedPage(w, r, s.showTeam, err)
	}
	return saved(w, r, link.Teams())
}

// account answers the page of a service account or agent.
func (s *Site) account(w http.ResponseWriter, r *http.Request) error {
	return s.showAccount(w, r, http.StatusOK, func(*view.Page) {})
}

func (s *Site) showAccount(w http.ResponseWriter, r *http.Request, status int, change func(*view.Page)) error {
	a, err := s.Identity.Account(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	p, err := s.accountPage(r, a)
	if err != nil {
		return err
	}
	change(&p)
	return s.show(w, r, status, view.OnePage(s.shell(r), p))
}

func (s *Site) accountPage(r *http.Request, a identity.Account) (view.Page, error) {
	ctx := r.Context()
	p := view.Page{Of: view.Accounts, Who: accountOwner(a), Agent: a.Type == authz.Agent, Href: link.Account(string(a.ID)), Summary: a.Purpose, Disabled: a.Disabled}
	names, err := s.Identity.Names(ctx, a.Owner)
	if err != nil {
		return p, err
	}
	if a.Owner != "" {
		p.Facts = append(p.Facts, view.Fact{Name: "Who answers for it", Value: ui.Link{Text: names[a.Owner], Href: link.Person(string(a.Owner))}})
	}
	p.Facts = append(p.Facts, view.Fact{Name: "Here since", When: s.when(a.Created)})
	own := authz.From(ctx).ID == string(a.Owner) || s.Policy.Can(ctx, authz.People, authz.Everywhere, authz.Manage)
	p.May.Disable, p.May.Edit = own, own
	if err := s.fillPage(r, a.ID, &p); err != nil || !own {
		return p, err
	}
	tokens := s.emptyToken()
	p.Tokens = &tokens
	return p, s.fillAccountTokens(r, a, p.Tokens)
}
