package sqlite

import (
	"slices"

	"weir/graph"
)

// viewer is a graph.Visible, prepared.
type viewer struct {
	audiences map[string]bool
	nums      map[int64]bool
}

func (s *session) newViewer(v *graph.Visible) (*viewer, error) {
	if v == nil {
		return nil, nil
	}
	nums, err := s.existing(v.IDs)
	if err != nil {
		return nil, err
	}
	out := &viewer{audiences: map[string]bool{}, nums: map[int64]bool{}}
	for _, a := range v.Audiences {
		out.audiences[a] = true
	}
	for _, num := range nums {
		out.nums[num] = true
	}
	return out, nil
}

// sees tells whether the viewer may see a node.
func (v *viewer) sees(num int64, props graph.Props) bool {
	if v == nil || v.nums[num] {
		return true
	}
	audience, ok := props[graph.PropAudience].(string)
	return ok && v.audiences[audience]
}

// sees tells whether a viewer may see a node.
func sees(v *graph.Visible, n graph.Node) bool {
	if v == nil || slices.Contains(v.IDs, n.ID) {
		return true
	}
	audience, ok := n.Props[graph.PropAudience].(string)
	return ok && slices.Contains(v.Audiences, audience)
}
