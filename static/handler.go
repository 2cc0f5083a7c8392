package static

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// immutable lets browsers keep a file for a year without asking again: its address changes with its content.
const immutable = "public, max-age=31536000, immutable"

// lazyGzip compresses a body once, when it is first asked for, so that starting the program costs nothing.
type lazyGzip struct {
	once sync.Once
	body []byte
	err  error
}

func (z *lazyGzip) get(plain []byte) ([]byte, error) {
	z.once.Do(func() {
		var out bytes.Buffer
		w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
		if err != nil {
			z.err = err
			return
		}
		if _, z.err = w.Write(plain); z.err != nil {
			return
		}
		z.err = w.Close()
		z.body = out.Bytes()
	})
	return z.body, z.err
}

// Handler serves the files under their hashed addresses below Prefix and answers 404 to everything else,
// the short names included: an address without a hash could not be cached for ever.
func Handler() http.Handler {
	return http.HandlerFunc(serve)
}

func serve(w http.ResponseWriter, r *http.Request) {
	a, ok := assets.byURL[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	header := w.Header()
	header.Set("Content-Type", a.contentType)
	header.Set("Cache-Control", immutable)
	header.Set("X-Content-Type-Options", "nosniff")
	body := encoded(header, r, a)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return
	}
	// A failed write means that the client has gone; there is nobody left to tell.
	_, _ = w.Write(body)
}

// encoded picks the gzip form where the client takes it and it is smaller. A font is compressed already.
func encoded(header http.Header, r *http.Request, a *asset) []byte {
	if strings.HasPrefix(a.contentType, "font/") {
		return a.body
	}
	header.Set("Vary", "Accept-Encoding")
	if !acceptsGzip(r.Header.Get("Accept-Encoding")) {
		return a.body
	}
	zipped, err := a.zipped.get(a.body)
	if err != nil || len(zipped) >= len(a.body) {
		return a.body
	}
	header.Set("Content-Encoding", "gzip")
	return zipped
}

// acceptsGzip reads an Accept-Encoding header; "gzip;q=0" refuses it.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		q, found := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		if !found {
			return true
		}
		weight, err := strconv.ParseFloat(q, 64)
		return err == nil && weight > 0
	}
	return false
}
