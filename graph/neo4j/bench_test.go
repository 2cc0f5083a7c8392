package neo4j_test

import (
	"testing"

	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/neo4j/neo4jtest"
)

func BenchmarkStore(b *testing.B) {
	neo4jtest.URI(b)
	graphtest.Bench(b, func(b *testing.B, s graph.Schema) graph.Store { return neo4jtest.Open(b, s) })
}
