package web

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/klauspost/compress/gzhttp"

	"weir/errs"
)

// page wraps a handler whose errors are pages for people.
func (s *Site) page(h handler) http.Handler {
	return s.compress(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	}))
}

// minCompressed is the size in bytes from which an answer is worth compressing.
const minCompressed = 1024

// newCompressor compresses what readers load as text, for those who take gzip.
func newCompressor() func(http.Handler) http.HandlerFunc {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(minCompressed), gzhttp.ContentTypes([]string{"text/html", "text/csv"}))
	if err != nil {
		panic(err) // the options above are constants: a mistake here is one in the program
	}
	return wrap
}

// show renders a page whole, or the part of it that a script asked for, and then sends it.
func (s *Site) show(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	var out bytes.Buffer
	var err error
	if part := partOf(r); part != "" {
		err = templ.RenderFragments(r.Context(), &out, page, part)
	}
	if err == nil && out.Len() == 0 { // no part was asked for, or the page has none of that name
		err = page.Render(r.Context(), &out)
	}
	if err != nil {
		return errs.Wrap(err, errs.Internal, "")
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "HX-Request, HX-Target")
	w.WriteHeader(status)
	if _, err := w.Write(out.Bytes()); err != nil {
		slog.DebugContext(r.Context(), "the client went away", "error", err)
	}
	return nil
}

// partOf is the id of the element that a script will replace: htmx sends it as "tag#id". It is "" for ordinary visits.
func partOf(r *http.Request) string {
	if r.Header.Get("HX-Request") != "true" || r.Header.Get("HX-History-Restore-Request") == "true" {
		return ""
	}
	_, id, _ := strings.Cut(r.Header.Get("HX-Target"), "#")
	return id
}
