package neo4j_test

import (
	"testing"

	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/neo4j/neo4jtest"
)

func TestStore(t *testing.T) {
	neo4jtest.URI(t)
	graphtest.Run(t, func(t *testing.T, s graph.Schema) graph.Store { return neo4jtest.Open(t, s) })
}
