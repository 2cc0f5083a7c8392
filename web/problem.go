package web

import (
	"context"
	"encoding/json"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"weir/errs"
)

// statuses maps each kind of error to its HTTP status, once for the whole site.
var statuses = map[errs.Kind]int{
	errs.Internal:        http.StatusInternalServerError,
	errs.Invalid:         http.StatusBadRequest,
	errs.Unauthenticated: http.StatusUnauthorized,
	errs.Forbidden:       http.StatusForbidden,
	errs.NotFound:        http.StatusNotFound,
	errs.Exists:          http.StatusConflict,
	errs.Conflict:        http.StatusConflict,
	errs.TooLarge:        http.StatusRequestEntityTooLarge,
	errs.Unavailable:     http.StatusServiceUnavailable,
	errs.Unknown:         http.StatusServiceUnavailable,
	errs.Timeout:         http.StatusServiceUnavailable,
	errs.TooMany:         http.StatusTooManyRequests,
}

// Status is the HTTP status of an error.
func Status(err error) int { return statuses[errs.KindOf(err)] }

// problem is a Problem Details object of RFC 9457.
type problem struct {
	Type     string       `json:"type"`
	Title    string       `json:"title"`
	Status   int          `json:"status"`
	Detail   string       `json:"detail"`
	Instance string       `json:"instance,omitempty"` // the number under which the log has more
	Errors   []errs.Field `json:"errors,omitempty"`
}

// writeProblem answers a request of the API with what went wrong.
func writeProblem(w http.ResponseWriter, r *http.Request, err error) {
	kind, status := errs.KindOf(err), Status(err)
	p := problem{
		Type: "urn:weir:problem:" + kind.String(), Title: titles[kind], Status: status,
		Detail: errs.Shown(err), Instance: "urn:weir:request:" + requestID(r.Context()),
	}
	if e, ok := errs.As(err); ok {
		p.Errors = e.Fields
	}
	logError(r.Context(), err, status)
	retryHeader(w, err)
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(p); err != nil {
		slog.DebugContext(r.Context(), "the client went away", "error", err)
	}
}

// titles are the same for every problem of a kind, as RFC 9457 asks.
var titles = map[errs.Kind]string{
	errs.Internal:        "Something went wrong",
	errs.Invalid:         "The request is not right",
	errs.Unauthenticated: "Sign in first",
	errs.Forbidden:       "Not allowed",
	errs.NotFound:        "Not found",
	errs.Exists:          "It is there already",
	errs.Conflict:        "It was changed meanwhile",
	errs.TooLarge:        "Too large",
	errs.Unavailable:     "Not available now",
	errs.Unknown:         "Not known whether it was saved",
	errs.Timeout:         "It took too long",
	errs.TooMany:         "Too many tries",
}

// retryHeader tells clients when to try again: some give up on a 503 or 429 that doesn't say so.
func retryHeader(w http.ResponseWriter, err error) {
	if s := Status(err); s != http.StatusServiceUnavailable && s != http.StatusTooManyRequests {
		return
	}
	after := time.Second
	if e, ok := errs.As(err); ok && e.RetryAfter > after {
		after = e.RetryAfter
	}
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(after.Seconds()))))
}

// logError writes what the client is not told.
func logError(ctx context.Context, err error, status int) {
	level := slog.LevelInfo
	if status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	slog.Log(ctx, level, "request failed", "request", requestID(ctx), "status", status, "error", err.Error())
}
