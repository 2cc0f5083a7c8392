package audit_test

import (
	"context"
	"slices"
	"testing"

	"weir/audit"
	"weir/graph"
)

// late is a store that shows an entry only from the second read on, as an engine may whose reads aren't of one moment.
type late struct {
	graph.Store
	hidden []int64
}

func (l *late) List(ctx context.Context, q graph.Query) (graph.Page, error) {
	page, err := l.Store.List(ctx, q)
	page.Nodes = slices.DeleteFunc(page.Nodes, func(n graph.Node) bool {
		seq, _ := n.Props["seq"].(int64)
		return slices.Contains(l.hidden, seq)
	})
	l.hidden = nil
	return page, err
}

func TestHeads_SkipNoEntryThatIsCommittedLate(t *testing.T) {
	for _, hidden := range [][]int64{{1}, {2}, {3}, {4}, {1, 3}, {2, 3}} {
		s := &late{Store: newStore(t)}
		fill(t, s, 4)
		s.hidden = hidden
		var got []int64
		for after := int64(0); ; after = got[len(got)-1] {
			heads, err := audit.Heads(t.Context(), s, after, 3)
			if err != nil {
				t.Fatal(err)
			}
			if len(heads) == 0 {
				break
			}
			for _, e := range heads {
				got = append(got, e.Seq)
			}
		}
		if !slices.Equal(got, []int64{1, 2, 3, 4}) {
			t.Errorf("with %v late: %v", hidden, got)
		}
	}
}
