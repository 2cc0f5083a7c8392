package neo4j

import (
	"context"

	"weir/graph"
)

// ScansOf is what Explain finds wrong with the plan of any statement.
func ScansOf(ctx context.Context, s graph.Store, text string) (string, error) {
	e := s.(interface{ Unwrap() graph.Store }).Unwrap().(*engine)
	plan, err := e.plan(ctx, statement{text, nil})
	return scans(plan), err
}
