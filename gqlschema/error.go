package gqlschema

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"weir/errs"
)

// codes maps each kind of error to the code in extensions, once for the whole schema.
var codes = map[errs.Kind]string{
	errs.Internal:        "INTERNAL",
	errs.Invalid:         "INVALID",
	errs.Unauthenticated: "UNAUTHENTICATED",
	errs.Forbidden:       "FORBIDDEN",
	errs.NotFound:        "NOT_FOUND",
	errs.Exists:          "EXISTS",
	errs.Conflict:        "CONFLICT",
	errs.TooLarge:        "TOO_LARGE",
	errs.Unavailable:     "UNAVAILABLE",
	errs.Unknown:         "UNKNOWN",
	errs.Timeout:         "TIMEOUT",
	errs.TooMany:         "TOO_MANY",
}

// present makes what a client sees of an error: its path, a message that is safe to show, a code, and for Invalid the
// fields. What went wrong inside is logged under the number of the request.
func present(ctx context.Context, err error) *gqlerror.Error {
	out := graphql.DefaultErrorPresenter(ctx, err)
	if _, ok := out.Extensions["code"]; ok {
		return numbered(ctx, out) // of the document, from the parser, the validator or our limits
	}
	err = kinded(err)
	kind := errs.KindOf(err)
	if kind == errs.Internal && first(ctx, err) {
		slog.ErrorContext(ctx, "graphql", "request", requestID(ctx), "path", out.Path.String(), "error", err)
	}
	out.Message = errs.Shown(err)
	out.Extensions = map[string]any{"code": codes[kind]}
	if e, ok := errs.As(err); ok {
		if len(e.Fields) > 0 {
			out.Extensions["fields"] = e.Fields
		}
		if e.RetryAfter > 0 {
			out.Extensions["retryAfter"] = e.RetryAfter.Seconds()
		}
	}
	return numbered(ctx, out)
}

// first tells whether an error is new to the request: one failed read fails every field that needed it.
func first(ctx context.Context, err error) bool {
	l, ok := ctx.Value(loadersKey{}).(*loaders)
	if !ok {
		return true
	}
	if inner := errors.Unwrap(err); inner != nil {
		err = inner // without the path
	}
	_, seen := l.reported.LoadOrStore(err.Error(), true)
	return !seen
}

// kinded gives a kind to the errors of contexts.
func kinded(err error) error {
	if _, ok := errs.As(err); ok {
		return err
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return errs.Wrap(err, errs.Timeout, tooLate)
	}
	return err
}

func numbered(ctx context.Context, e *gqlerror.Error) *gqlerror.Error {
	id := requestID(ctx)
	if id == "" {
		return e
	}
	if e.Extensions == nil {
		e.Extensions = map[string]any{}
	}
	e.Extensions["requestId"] = id
	return e
}

// recovered turns a panic of a resolver into an error of its field.
func recovered(ctx context.Context, what any) error {
	slog.ErrorContext(ctx, "panic", "request", requestID(ctx), "panic", fmt.Sprint(what), "stack", string(debug.Stack()))
	return errs.E(errs.Internal, "")
}
