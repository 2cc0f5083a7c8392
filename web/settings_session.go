package web

import (
	"net/http"

	"weir/authz"
	"weir/graph"
	"weir/views/link"
	view "weir/views/settings"
)

// sessions answers the list of where one is signed in.
func (s *Site) sessions(w http.ResponseWriter, r *http.Request) error {
	id, err := me(r)
	if err != nil {
		return err
	}
	all, err := s.Sessions.List(r.Context(), id)
	if err != nil {
		return err
	}
	var p view.Sessions
	for _, v := range all {
		p.Rows = append(p.Rows, view.Session{ID: string(v.ID), Device: v.Device, Address: v.Address,
			Since: s.when(v.Began), Seen: s.when(v.Seen), Current: string(v.ID) == authz.From(r.Context()).Session})
	}
	return s.show(w, r, http.StatusOK, view.SessionsPage(s.shell(r), p))
}

// endSession ends one session, or all others.
func (s *Site) endSession(w http.ResponseWriter, r *http.Request) error {
	me, err := me(r)
	if err != nil {
		return err
	}
	if err := readForm(w, r); err != nil {
		return err
	}
	if id := r.PostForm.Get("id"); id == "others" {
		err = s.Sessions.RevokeOthers(r.Context(), me)
	} else {
		err = s.Sessions.Revoke(r.Context(), me, graph.ID(id))
	}
	if err != nil {
		return err
	}
	return saved(w, r, link.Settings(link.Sessions))
}
