package neo4j_test

import (
	"sync"
	"testing"

	"weir/graph/graphtest"
	"weir/graph/neo4j"
	"weir/graph/neo4j/neo4jtest"
)

// Servers that begin at one time on a database without constraints and indexes all begin.
func TestOpen_ByManyAtOnce(t *testing.T) {
	uri := neo4jtest.URI(t)
	neo4jtest.Wipe(t)
	for range 3 {
		for _, row := range neo4jtest.Run(t, "SHOW CONSTRAINTS YIELD name WHERE name STARTS WITH 'weir_'", nil) {
			neo4jtest.Run(t, "DROP CONSTRAINT `"+row.Values[0].(string)+"`", nil)
		}
		for _, row := range neo4jtest.Run(t, "SHOW INDEXES YIELD name WHERE name STARTS WITH 'weir_'", nil) {
			neo4jtest.Run(t, "DROP INDEX `"+row.Values[0].(string)+"`", nil)
		}
		var beside sync.WaitGroup
		for range 4 {
			beside.Go(func() {
				s, err := neo4j.Open(t.Context(), neo4j.Options{URI: uri}, graphtest.Schema())
				if err != nil {
					t.Error(err)
					return
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		beside.Wait()
	}
}
