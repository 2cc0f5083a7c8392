package identity

import (
	"os"
	"testing"
)

// TestMain makes hashes cheap: what they cost is tested where it matters, with atCost.
func TestMain(m *testing.M) {
	today = cost{memory: 64, rounds: 1, threads: 1}
	os.Exit(m.Run())
}

// atCost makes hashes cost what they cost outside tests.
func atCost(t testing.TB) {
	cheap := today
	today = standard
	t.Cleanup(func() { today = cheap })
}
