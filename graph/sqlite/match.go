package sqlite

import (
	"slices"

	"zombiezen.com/go/sqlite"

	"weir/graph"
)

// filter is a graph.Filter, prepared: its values as keys.
type filter struct {
	prop string
	op   graph.Op
	keys []string
}

func newFilters(where []graph.Filter) []filter {
	out := make([]filter, len(where))
	for i, f := range where {
		keys := make([]string, len(f.Values))
		for j, v := range f.Values {
			keys[j] = string(appendExact(nil, v))
		}
		out[i] = filter{f.Prop, f.Op, keys}
	}
	return out
}

// holds tells whether the filter holds for a property's value; nil is a missing one.
func (f filter) holds(v any) bool {
	if f.op == graph.Missing {
		return v == nil
	}
	if v == nil {
		return false
	}
	key := string(appendExact(nil, v))
	if key[0] == tagMissing {
		return false // of a type that is never compared
	}
	if f.op == graph.OneOf {
		return slices.Contains(f.keys, key)
	}
	if key[0] != f.keys[0][0] {
		return false // of another type
	}
	if f.op == graph.Less {
		return key < f.keys[0]
	}
	return key >= f.keys[0]
}

// matcher keeps nodes of some kinds, for which filters hold, that have edges to some others.
type matcher struct {
	s       *session
	kinds   map[int64]bool // nil: any
	filters []filter
	near    []map[int64]bool // one of each
	seen    *viewer          // nil: sees all
}

func (s *session) newMatcher(kinds []graph.Kind, where []graph.Filter, near []graph.Near) (*matcher, error) {
	m := &matcher{s: s, filters: newFilters(where)}
	if len(kinds) > 0 {
		m.kinds = map[int64]bool{}
		for _, kind := range kinds {
			m.kinds[s.plan.kinds[kind].num] = true
		}
	}
	for _, n := range near {
		set, err := s.neighbours(n)
		if err != nil {
			return nil, err
		}
		m.near = append(m.near, set)
	}
	return m, nil
}

// neighbours are the nodes that a Near holds for.
func (s *session) neighbours(n graph.Near) (map[int64]bool, error) {
	dir := graph.In // what has an edge out to To is found along the edges into To
	if n.Dir == graph.In {
		dir = graph.Out
	}
	to, err := s.existing(n.To)
	if err != nil {
		return nil, err
	}
	c := s.newScan(dir, []graph.Rel{n.Rel}, zeroTime, zeroTime, false)
	set := map[int64]bool{}
	err = c.others(to, func(other int64) { set[other] = true })
	return set, err
}

// candidate tells whether what is known without reading the node speaks for it.
func (m *matcher) candidate(num int64) bool {
	if m.kinds != nil && !m.kinds[kindOf(num)] {
		return false
	}
	for _, set := range m.near {
		if !set[num] {
			return false
		}
	}
	return true
}

// matches tells whether the filters hold for a node's properties.
func (m *matcher) matches(props graph.Props) bool {
	for _, f := range m.filters {
		if !f.holds(props[f.prop]) {
			return false
		}
	}
	return true
}

// wants accepts the properties that are filtered, and the audience if there is a viewer.
func (m *matcher) wants(name string) bool {
	return (m.seen != nil && name == graph.PropAudience) || slices.ContainsFunc(m.filters, func(f filter) bool { return f.prop == name })
}

const propsByNum = "SELECT n.num, n.props FROM input CROSS JOIN node n ON n.num = input.a"

// keep returns the nodes that match, and those that are always kept, in order.
func (m *matcher) keep(nums []int64, always map[int64]bool) ([]int64, error) {
	kept := make([]int64, 0, len(nums))
	var ask []int64
	for _, num := range nums {
		switch {
		case always[num]:
			kept = append(kept, num)
		case !m.candidate(num):
		case len(m.filters) == 0 && m.seen == nil:
			kept = append(kept, num)
		default:
			ask = append(ask, num)
		}
	}
	err := m.s.ask(propsByNum, numbers(ask), func(stmt *sqlite.Stmt) error {
		props, err := m.s.decodeProps(m.s.blob(stmt, 1), m.wants)
		num := stmt.ColumnInt64(0)
		if err == nil && m.seen.sees(num, props) && m.matches(props) {
			kept = append(kept, num)
		}
		return err
	})
	slices.Sort(kept)
	return kept, err
}
