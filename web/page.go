package web

import (
	"net/http"

	"weir/errs"
	"weir/views/layout"
	"weir/views/link"
	"weir/views/ui"
)

// problemPage shows what went wrong to a person. What may not be seen reads as what is not there: who asks for it gets
// NotFound from below. Forbidden is for acts, and says why.
func (s *Site) problemPage(w http.ResponseWriter, r *http.Request, err error) {
	status := Status(err)
	logError(r.Context(), err, status)
	retryHeader(w, err)
	if e := s.show(w, r, status, layout.ProblemPage(s.shell(r), s.problem(r, err, status))); e != nil {
		writeProblem(w, r, e)
	}
}

func (s *Site) problem(r *http.Request, err error, status int) layout.Problem {
	p := layout.Problem{Status: status, Back: ui.Link{Text: "Home", Href: link.Home()}}
	switch {
	case status >= http.StatusInternalServerError:
		now := s.Now()
		p.Number, p.When = requestID(r.Context()), ui.NewWhen(now, now)
		if r.Method == http.MethodGet {
			p.Retry = here(r)
		}
		if errs.Is(err, errs.Unknown) {
			p.Text = "The answer of the store was lost: what you sent may have been saved. Look before you send it again."
		}
	case status == http.StatusForbidden:
		p.Title, p.Text = "You may not do this", errs.Shown(err)
	case status == http.StatusBadRequest || status == http.StatusRequestEntityTooLarge:
		p.Text = wrongText(err)
	}
	return p
}

// wrongText says which part of an address or a form is not right.
func wrongText(err error) string {
	e, ok := errs.As(err)
	if !ok || len(e.Fields) == 0 {
		return errs.Shown(err)
	}
	text := ""
	for _, f := range e.Fields {
		text += f.Name + " " + f.Message + " "
	}
	return text + "Nothing was changed."
}

// missing answers every address that no route has.
func (s *Site) missing(http.ResponseWriter, *http.Request) error {
	return errs.E(errs.NotFound, "There is no such page.")
}
