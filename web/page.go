package web

import "net/http"

// problemPage shows what went wrong to a person.
func (s *Site) problemPage(w http.ResponseWriter, r *http.Request, err error) {
	writeProblem(w, r, err)
}
