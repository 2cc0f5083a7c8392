package web

import (
	"net/http"
	"strings"

	"weir/authz"
	"weir/graph"
	"weir/identity"
	"weir/views/link"
	view "weir/views/people"
	"weir/views/ui"
)

// peopleRows is how many people, teams or accounts a page lists.
const peopleRows = 50

// personList answers the list of people, or those whose name or login begins with what was typed.
func (s *Site) personList(w http.ResponseWriter, r *http.Request) error {
	p := view.List{Of: view.Persons, Query: typed(r.URL.Query(), "q"), New: s.newLink(r, link.People(""))}
	if p.Query != "" {
		found, err := s.Identity.Find(r.Context(), p.Query, peopleRows)
		if err != nil {
			return err
		}
		for _, n := range found {
			if n.Kind == "user" {
				p.Rows = append(p.Rows, view.Row{Who: namedOwner(n), Detail: n.Detail, Disabled: n.Disabled})
			}
		}
		p.Pager = ui.Pager{Summary: ui.Count(len(p.Rows), "person found", "people found")}
		return s.show(w, r, http.StatusOK, view.ListPage(s.shell(r), p))
	}
	after := r.URL.Query().Get("after")
	page, err := s.Identity.Users(r.Context(), after, peopleRows)
	if err != nil {
		return err
	}
	for _, u := range page.Items {
		p.Rows = append(p.Rows, view.Row{Who: personOwner(u), Detail: u.Login, More: u.Email, Disabled: u.Disabled})
	}
	p.Pager = pager(link.People(""), after, page.Next, len(p.Rows), "person")
	p.Pager.Summary = strings.Replace(p.Pager.Summary, "persons", "people", 1)
	return s.show(w, r, http.StatusOK, view.ListPage(s.shell(r), p))
}

// newLink is the form for one more, for those who may add.
func (s *Site) newLink(r *http.Request, list string) string {
	if !s.Policy.Can(r.Context(), authz.People, authz.Everywhere, authz.Manage) {
		return ""
	}
	return link.New(list)
}

func personOwner(u identity.User) ui.Owner {
	return ui.Owner{ID: string(u.ID), Name: u.Name, Kind: "person", Href: link.Person(string(u.ID))}
}

// namedOwner is the badge of anybody, with his page.
func namedOwner(n identity.Named) ui.Owner {
	o := ui.Owner{ID: string(n.ID), Name: n.Name, Kind: ownerKind(n.Kind)}
	switch n.Kind {
	case "user":
		o.Href = link.Person(string(n.ID))
	case "team":
		o.Href = link.Team(string(n.ID))
	case "account":
		o.Href = link.Account(string(n.ID))
	}
	return o
}

// teamList answers the list of teams.
func (s *Site) teamList(w http.ResponseWriter, r *http.Request) error {
	after := r.URL.Query().Get("after")
	page, err := s.Identity.Teams(r.Context(), after, peopleRows)
	if err != nil {
		return err
	}
	p := view.List{Of: view.Teams, New: s.newLink(r, link.Teams()), Pager: pager(link.Teams(), after, page.Next, len(page.Items), "team")}
	for _, t := range page.Items {
		p.Rows = append(p.Rows, view.Row{Who: teamOwner(t), Detail: t.Name, More: firstLine(t.Description)})
	}
	return s.show(w, r, http.StatusOK, view.ListPage(s.shell(r), p))
}

func teamOwner(t identity.Team) ui.Owner {
	return ui.Owner{ID: string(t.ID), Name: teamName(t), Kind: "team", Href: link.Team(string(t.ID))}
}

// accountList answers the list of service accounts and agents. Everybody may make an agent of his own.
func (s *Site) accountList(w http.ResponseWriter, r *http.Request) error {
	after := r.URL.Query().Get("after")
	page, err := s.Identity.Accounts(r.Context(), after, peopleRows)
	if err != nil {
		return err
	}
	owners, err := s.ownerNames(r, page.Items)
	if err != nil {
		return err
	}
	p := view.List{Of: view.Accounts, New: link.New(link.Accounts()), Pager: pager(link.Accounts(), after, page.Next, len(page.Items), "account")}
	for _, a := range page.Items {
		row := view.Row{Who: accountOwner(a), Kind: accountWord(a.Type), More: a.Purpose, Disabled: a.Disabled}
		if a.Owner != "" {
			row.Owner = ui.Owner{ID: string(a.Owner), Name: owners[a.Owner], Kind: "person", Href: link.Person(string(a.Owner))}
		}
		p.Rows = append(p.Rows, row)
	}
	return s.show(w, r, http.StatusOK, view.ListPage(s.shell(r), p))
}

func (s *Site) ownerNames(r *http.Request, accounts []identity.Account) (map[graph.ID]string, error) {
	var ids []graph.ID
	for _, a := range accounts {
		if a.Owner != "" {
			ids = append(ids, a.Owner)
		}
	}
	return s.Identity.Names(r.Context(), ids...)
}

func accountOwner(a identity.Account) ui.Owner {
	return ui.Owner{ID: string(a.ID), Name: a.Name, Kind: "agent", Href: link.Account(string(a.ID))}
}

func accountWord(t authz.Type) string {
	if t == authz.Agent {
		return "Agent"
	}
	return "Service account"
}
