package web

import (
	"net/http"
)

// auditExport sends the whole sealed log as one file that anybody can check without the program.
func (s *Site) auditExport(w http.ResponseWriter, r *http.Request) error {
	out := &attachment{ResponseWriter: w, media: "application/x-tar", name: "weir-audit.tar"}
	if _, err := s.Log.Export(r.Context(), out); err != nil {
		if out.begun {
			panic(http.ErrAbortHandler) // a file that ends early must not look like a whole one
		}
		return err
	}
	return nil
}

// attachment sends the headers of a file with its first bytes, so that what fails before is still answered as a problem.
type attachment struct {
	http.ResponseWriter
	media, name string
	begun       bool
}

func (a *attachment) Write(b []byte) (int, error) {
	if !a.begun {
		a.begun = true
		a.Header().Set("Content-Type", a.media)
		a.Header().Set("Content-Disposition", `attachment; filename="`+a.name+`"`)
	}
	return a.ResponseWriter.Write(b)
}
