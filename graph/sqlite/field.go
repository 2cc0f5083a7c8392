package sqlite

import (
	"slices"

	"zombiezen.com/go/sqlite"

	"weir/graph"
)

const fieldRange = "SELECT node FROM entry WHERE idx = ? AND aud = 0 AND key >= ? AND key < ? LIMIT ?"

// fieldsOf are the indexes of a filter's property, one for each kind searched that declares it. The kinds that don't are
// in without.
func (f *searcher) fieldsOf(prop string) (idx []int64, without []graph.Kind) {
	for _, kind := range f.q.Kinds {
		if i, ok := f.s.plan.kinds[kind].fields[prop]; ok {
			idx = append(idx, i)
		} else {
			without = append(without, kind)
		}
	}
	return idx, without
}

// bounds are the keys for which a filter holds, as ranges.
func (f filter) bounds() []keySpan {
	switch f.op {
	case graph.OneOf:
		out := make([]keySpan, len(f.keys))
		for i, key := range f.keys {
			out[i] = keySpan{[]byte(key), append([]byte(key), 0)}
		}
		return out
	case graph.Less:
		return []keySpan{{[]byte{f.keys[0][0]}, []byte(f.keys[0])}}
	case graph.More:
		return []keySpan{{[]byte(f.keys[0]), []byte{f.keys[0][0] + 1}}}
	}
	return []keySpan{{[]byte{tagMissing}, []byte{tagEnd}}}
}

// filtered returns up to limit nodes for which a filter holds, ordered. Where kinds without the property count as
// missing it, there is no index of them: the answer is limit numbers that mean "many".
func (f *searcher) filtered(filter filter, limit int) ([]int64, error) {
	idx, without := f.fieldsOf(filter.prop)
	if filter.op == graph.Missing && len(without) > 0 {
		return make([]int64, limit), nil
	}
	var out []int64
	for _, i := range idx {
		for _, span := range filter.bounds() {
			err := f.s.each(fieldRange, func(stmt *sqlite.Stmt) error {
				out = append(out, stmt.ColumnInt64(0))
				return nil
			}, i, span.from, span.to, limit-len(out))
			if err != nil || len(out) >= limit {
				return out, err
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// noLimit is a LIMIT that never ends anything.
const noLimit = 1 << 62

// filterRun is the run of nodes for which a filter holds.
func (f *searcher) filterRun(filter filter) (run, error) {
	idx, without := f.fieldsOf(filter.prop)
	if filter.op == graph.Less || filter.op == graph.More {
		nums, err := f.filtered(filter, noLimit) // a range of values is not in the order of nodes
		return &listRun{nums}, err
	}
	keys := filter.keys
	if filter.op == graph.Missing {
		keys = []string{missingKey}
	}
	u := &unionRun{}
	for _, i := range idx {
		for _, key := range keys {
			u.runs = append(u.runs, &fieldRun{s: f.s, idx: i, key: []byte(key)})
		}
	}
	if filter.op == graph.Missing {
		for _, kind := range without {
			u.runs = append(u.runs, &kindRun{kind: f.s.plan.kinds[kind].num})
		}
	}
	return u, nil
}

// kindRun is the run of all numbers that a node of a kind could have: it leaves to other runs which ones there are.
type kindRun struct{ kind int64 }

func (r *kindRun) from(num int64) (int64, bool, error) {
	n := num&^maxKinds | r.kind
	if n < num {
		n += maxKinds + 1
	}
	return n, true, nil
}
