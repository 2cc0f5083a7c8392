package scalar

import (
	"github.com/99designs/gqlgen/graphql"

	"weir/errs"
)

// MarshalInt writes a whole number.
func MarshalInt(n int) graphql.Marshaler { return graphql.MarshalInt(n) }

// UnmarshalInt reads a whole number; Invalid for anything else.
func UnmarshalInt(v any) (int, error) {
	n, err := graphql.UnmarshalInt(v)
	return n, errs.Wrap(err, errs.Invalid, "An Int is a whole number of at most 64 bits.")
}
