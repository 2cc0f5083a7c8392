package graphtest

import (
	"testing"

	"weir/graph"
)

// The oracle is held to the contract as every engine is.
func TestMemory(t *testing.T) {
	Run(t, func(_ *testing.T, s graph.Schema) graph.Store { return Memory(s) })
}

func BenchmarkMemory(b *testing.B) {
	Bench(b, func(_ *testing.B, s graph.Schema) graph.Store { return Memory(s) })
}
