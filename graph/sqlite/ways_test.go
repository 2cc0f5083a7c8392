package sqlite

import (
	"path/filepath"
	"testing"

	"weir/graph"
	"weir/graph/graphtest"
)

// TestBothWaysOfFindingAgree runs the suite with the threshold at nothing, so that lists walk along their index and
// searches intersect runs where they would else read the few nodes that one condition leaves.
func TestBothWaysOfFindingAgree(t *testing.T) {
	few := fewNodes
	fewNodes = 0
	t.Cleanup(func() { fewNodes = few })
	graphtest.Run(t, func(t *testing.T, schema graph.Schema) graph.Store {
		s, err := Open(t.Context(), filepath.Join(t.TempDir(), "weir.db"), schema, Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s
	})
}
