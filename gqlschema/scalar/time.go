// Package scalar reads and writes the scalars of the GraphQL schema that are our own.
package scalar

import (
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"weir/errs"
	"weir/graph"
)

// Layout is how a DateTime is written: always UTC, always microseconds, so that equal moments are equal texts.
const Layout = "2006-01-02T15:04:05.000000Z"

// MarshalDateTime writes a moment.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		// The transport renders into memory, which takes every write.
		_, _ = io.WriteString(w, strconv.Quote(t.UTC().Format(Layout)))
	})
}

// UnmarshalDateTime reads RFC 3339 with any offset and any precision; what is finer than the store keeps is cut off.
func UnmarshalDateTime(v any) (time.Time, error) {
	text, ok := v.(string)
	if !ok {
		return time.Time{}, errs.E(errs.Invalid, "A DateTime is a string in RFC 3339, such as 2026-11-21T09:50:46Z.")
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, errs.Wrap(err, errs.Invalid, "A DateTime is a string in RFC 3339, such as 2026-11-21T09:50:46Z.")
	}
	t = graph.Time(t)
	if t.Before(graph.MinTime) || !t.Before(graph.MaxTime) {
		return time.Time{}, errs.E(errs.Invalid, "A DateTime lies between the years 1 and 9999.")
	}
	return t, nil
}
