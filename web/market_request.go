package web

import (
	"net/http"
	"net/url"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
	"weir/views/link"
	view "weir/views/request"
)

// requestRoutes are the pages of those who ask for data.
func (s *Site) requestRoutes() []route {
	ask := may(authz.Request, authz.Write)
	return []route{
		{"GET /requests", ask, s.page(s.requestList)},
		{"POST /requests", ask, s.page(s.sendRequest)},
		{"GET /requests/new", ask, s.page(s.newRequest)},
		{"GET /requests/preview", ask, s.page(s.newRequest)},
		{"POST /requests/preview", ask, s.page(s.previewRequest)},
		{"GET /requests/draft", ask, s.page(s.newRequest)},
		{"POST /requests/draft", ask, s.page(s.keepDraft)},
		{"GET /requests/{id}", ask, s.page(s.requestPage)},
		{"POST /requests/{id}/discard", ask, s.page(s.discardDraft)},
		{"POST /requests/{id}/withdraw", ask, s.page(s.withdrawItem)},
		{"POST /requests/{id}/answer", ask, s.page(s.answerItem)},
	}
}

// newRequest shows the form: for what an address names, for more time, anew, or as a draft was left.
func (s *Site) newRequest(w http.ResponseWriter, r *http.Request) error {
	f, err := s.askOf(r, r.URL.Query())
	if err != nil {
		return err
	}
	return s.showAsk(w, r, http.StatusOK, f)
}

// askOf is the form that an address asks for.
func (s *Site) askOf(r *http.Request, q url.Values) (askForm, error) {
	f := askForm{}
	var err error
	switch {
	case q.Get("draft") != "":
		f.Ask, err = s.Market.DraftAsk(r.Context(), graph.ID(q.Get("draft")))
		f.kept = "This is your draft."
	case q.Get("extends") != "":
		f.Ask, err = s.Market.Renewal(r.Context(), graph.ID(q.Get("extends")))
	case q.Get("again") != "":
		f.Ask, err = s.askAgain(r, graph.ID(q.Get("again")))
	}
	if err != nil {
		return f, err
	}
	for _, id := range q["target"] {
		f.add(graph.ID(link.ID(id)))
	}
	f.begin(s.Now())
	return f, nil
}

// askAgain is a request that was sent, to be written anew.
func (s *Site) askAgain(r *http.Request, id graph.ID) (marketplace.Ask, error) {
	was, err := s.Market.Request(r.Context(), id)
	if err != nil {
		return marketplace.Ask{}, err
	}
	out := marketplace.Ask{For: was.Holder, Purpose: was.Purpose, Why: was.Why, Access: was.Access, Environment: was.Environment, Days: was.Days}
	for _, i := range was.Items {
		out.Items = append(out.Items, marketplace.AskItem{Target: i.Target})
	}
	return out, nil
}

// previewRequest shows the form as it was filled, with what would come of it. Its buttons add and remove things.
func (s *Site) previewRequest(w http.ResponseWriter, r *http.Request) error {
	f, err := readAsk(w, r)
	if err != nil {
		return err
	}
	f.press(r.PostForm)
	return s.showAsk(w, r, http.StatusOK, f)
}

// sendRequest sends a request, and leads to its page. What is wrong is said in the form as it was filled.
func (s *Site) sendRequest(w http.ResponseWriter, r *http.Request) error {
	f, err := readAsk(w, r)
	if err != nil {
		return err
	}
	if f.errors = f.untaken(); len(f.errors) > 0 {
		return s.showAsk(w, r, http.StatusUnprocessableEntity, f)
	}
	sent, err := s.Market.Submit(r.Context(), f.Ask)
	if err == nil {
		return saved(w, r, link.Request(string(sent.ID)))
	}
	id := f.ID
	if id == "" {
		id = marketplace.RequestID(graph.ID(authz.Actor(r.Context())), f.Key)
	}
	if errs.Is(err, errs.Conflict) {
		if was, e := s.Market.Request(r.Context(), id); e == nil && !was.Draft {
			http.Redirect(w, r, link.Request(string(id)), http.StatusSeeOther) // it was sent twice: the first one counts
			return nil
		}
	}
	return s.askAnew(w, r, f, err)
}

// askAnew shows the form with what a command said of it.
func (s *Site) askAnew(w http.ResponseWriter, r *http.Request, f askForm, err error) error {
	e, ok := errs.As(err)
	if !ok || e.Kind != errs.Invalid && e.Kind != errs.Conflict {
		return err
	}
	status := Status(err)
	if f.errors = e.Fields; e.Kind == errs.Invalid {
		status = http.StatusUnprocessableEntity
	}
	if len(e.Fields) == 0 {
		f.refused = errs.Shown(err)
	}
	return s.showAsk(w, r, status, f)
}

// keepDraft keeps the form as it is filled. A script is answered with the line that says so.
func (s *Site) keepDraft(w http.ResponseWriter, r *http.Request) error {
	f, err := readAsk(w, r)
	if err != nil {
		return err
	}
	kept, err := s.Market.SaveDraft(r.Context(), f.Ask)
	if partOf(r) == "" && err != nil {
		return s.askAnew(w, r, f, err)
	}
	if partOf(r) == "" {
		http.Redirect(w, r, link.GoOn(string(kept.ID))+"&"+savedMark+"=1", http.StatusSeeOther)
		return nil
	}
	d := view.Draft{ID: string(f.ID), Key: f.Key, Kept: "Draft kept at " + s.Now().UTC().Format("15:04 MST") + "."}
	if err != nil {
		d.Wrong = "The draft can't be kept: " + errs.Shown(err)
	} else {
		d.ID = string(kept.ID)
	}
	return s.show(w, r, http.StatusOK, view.Kept(d))
}

// discardDraft throws a draft away.
func (s *Site) discardDraft(w http.ResponseWriter, r *http.Request) error {
	if err := s.Market.Discard(r.Context(), idOf(r)); err != nil {
		return err
	}
	http.Redirect(w, r, link.Requests(), http.StatusSeeOther)
	return nil
}
