package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"weir/audit"
	"weir/errs"
)

type requestKey struct{}

// requestID is the number of the request in ctx, under which the log has more.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// numbered gives each request a number of its own.
func numbered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b := make([]byte, 8)
		if _, err := rand.Read(b); err != nil {
			panic(err) // crypto/rand doesn't fail on the systems we run on
		}
		id := hex.EncodeToString(b)
		w.Header().Set("Request-Id", id)
		ctx := audit.Asked(r.Context(), id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, requestKey{}, id)))
	})
}

// csp allows what our own files need, and nothing else.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"

// secured sets the headers that every answer carries.
func (s *Site) secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if s.overTLS(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// overTLS tells whether the reader's browser speaks TLS.
func (s *Site) overTLS(r *http.Request) bool { return s.Secure || r.TLS != nil }

// recovered turns a panic into a problem page, and the server goes on.
func (s *Site) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			what := recover()
			if what == nil {
				return
			}
			if err, ok := what.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(what) // how net/http is told to cut the connection
			}
			slog.ErrorContext(r.Context(), "panic", "request", requestID(r.Context()), "panic", fmt.Sprint(what), "stack", string(debug.Stack()))
			s.fail(w, r, errs.E(errs.Internal, ""))
		}()
		next.ServeHTTP(w, r)
	})
}

// recorder remembers the status for the log and the metrics. It stays a Flusher, which event streams need.
type recorder struct {
	http.ResponseWriter
	status int
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the writer below.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// logged writes a line for each request, at a level that keeps a busy server's log readable, and counts it.
func (s *Site) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		rec := &recorder{ResponseWriter: w}
		next.ServeHTTP(rec, r)
		took := time.Since(begin)
		s.metrics.observe(r, rec.status, took)
		slog.DebugContext(r.Context(), "request", "request", requestID(r.Context()), "method", r.Method, "path", r.URL.Path,
			"status", rec.status, "took", took)
	})
}
