package authz

import (
	"fmt"
	"testing"
	"time"
)

// TestPolicy_Noted: whoever tries without end fills no log, not with any number of agents; others are not held up by him.
func TestPolicy_Noted(t *testing.T) {
	p, now := policyOf(t, DefaultRules), time.Unix(1_800_000_000, 0)
	owner := Principal{ID: "usr_eve", Type: Person}
	noted := 0
	for i := range 2 * refusalsAtOnce {
		who := Principal{ID: fmt.Sprint("acc_", i), Type: Agent, Owner: &owner}
		if p.Noted(With(t.Context(), who), now) {
			noted++
		}
	}
	if noted != refusalsAtOnce {
		t.Errorf("%d are noted, want %d", noted, refusalsAtOnce)
	}
	if eve := With(t.Context(), owner); p.Noted(eve, now) || !p.Noted(eve, now.Add(refusalEvery)) {
		t.Error("the person behind the agents counts by himself, or never again")
	}
	if !p.Noted(With(t.Context(), person()), now) {
		t.Error("somebody else is not noted")
	}
}
