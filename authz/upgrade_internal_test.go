package authz

import (
	"context"
	"slices"
	"testing"
	"time"

	"weir/audit"
	"weir/graph"
	"weir/graph/graphtest"
)

func TestInstall_AddsTheRulesOfNewKindsOnce(t *testing.T) {
	ctx := t.Context()
	schema, err := graph.Merge(audit.Schema(), Schema())
	if err != nil {
		t.Fatal(err)
	}
	store := graphtest.Memory(schema)
	first := slices.DeleteFunc(slices.Clone(DefaultRules), func(r Rule) bool { return slices.Contains(marketKinds, r.Kind) })
	err = store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error { // as a store of the first release has them
		ws := []graph.NodeWrite{policyType.Write(policyID, graph.Create, policyNode{Edits: 7})}
		for i, r := range first {
			ws = append(ws, r.write(i))
		}
		_, err := tx.Put(ctx, ws...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := Install(ctx, store, time.Now()); err != nil {
			t.Fatal(err)
		}
		rules, edits, err := readRules(ctx, store)
		if err != nil {
			t.Fatal(err)
		}
		if len(rules) != len(DefaultRules) || edits != 8 {
			t.Fatalf("%d rules after %d edits, want %d after 8", len(rules), edits, len(DefaultRules))
		}
		if !slices.Contains(rules, Rule{Role: Member, Domain: Everywhere, Kind: Request, Action: Write}) {
			t.Error("members may not ask")
		}
	}
}
