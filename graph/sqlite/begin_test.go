package sqlite_test

import (
	"path/filepath"
	"sync"
	"testing"

	"weir/graph/graphtest"
	"weir/graph/sqlite"
)

// A server and commands that begin at one time on a store that isn't there yet all begin.
func TestOpen_ByManyAtOnce(t *testing.T) {
	for range 10 {
		path := filepath.Join(t.TempDir(), "weir.db")
		var beside sync.WaitGroup
		for i := range 4 {
			beside.Go(func() {
				s, err := sqlite.Open(t.Context(), path, graphtest.Schema(), sqlite.Options{Serve: i == 0})
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
