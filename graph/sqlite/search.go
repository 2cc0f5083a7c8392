package sqlite

import (
	"context"
	"errors"
	"slices"
	"strings"

	"weir/graph"
)

// searcher answers one Search. Matches are found by intersecting runs of indexes; or, where one condition alone leaves
// few nodes, by reading those.
type searcher struct {
	s       *session
	q       graph.Search
	words   []string
	match   *matcher
	among   map[int64]bool // nil: all
	auds    []int64        // of the viewer
	matches []int64        // at most MaxHits+1
}

// fewNodes is the number of nodes that are rather read than searched for. Only tests change it.
var fewNodes = 5_000

func (s *session) search(q graph.Search) (graph.Result, error) {
	f, err := s.newSearcher(q)
	if err != nil {
		return graph.Result{}, err
	}
	if err := f.find(); err != nil {
		return graph.Result{}, err
	}
	res := graph.Result{Total: len(f.matches)}
	if len(f.matches) > graph.MaxHits {
		f.matches = f.matches[:graph.MaxHits]
		res.Total, res.Capped = graph.MaxHits, true
	}
	return res, f.show(&res)
}

func (s *session) newSearcher(q graph.Search) (*searcher, error) {
	f := &searcher{s: s, q: q, words: graph.QueryWords(q.Text)}
	var err error
	if f.match, err = s.newMatcher(q.Kinds, q.Where, q.Near); err != nil {
		return nil, err
	}
	if q.Among != nil {
		nums, err := s.existing(q.Among)
		if err != nil {
			return nil, err
		}
		f.among = make(map[int64]bool, len(nums))
		for _, num := range nums {
			f.among[num] = true
		}
	}
	if q.Visible == nil {
		return f, nil
	}
	for _, a := range q.Visible.Audiences {
		num, ok, err := s.terms.num(s, a)
		if err != nil {
			return nil, err
		}
		if ok {
			f.auds = append(f.auds, num)
		}
	}
	return f, nil
}

// find fills matches.
func (f *searcher) find() error {
	few, ok, err := f.few()
	if err != nil {
		return err
	}
	if ok {
		f.matches, err = f.read(few)
		return err
	}
	if f.q.Visible == nil || len(f.auds) > 0 {
		if err := f.stream(); err != nil {
			return err
		}
		if err := f.addNamed(); err != nil {
			return err
		}
	}
	return f.addVisibleIDs()
}

// few returns the nodes that one of the conditions leaves, if they are few.
func (f *searcher) few() ([]int64, bool, error) {
	sets := slices.Clone(f.match.near)
	if f.among != nil {
		sets = append(sets, f.among)
	}
	for _, set := range sets {
		if len(set) <= fewNodes {
			return sorted(set), true, nil
		}
	}
	for _, filter := range f.match.filters {
		nums, err := f.filtered(filter, fewNodes+1)
		if err != nil {
			return nil, false, err
		}
		if len(nums) <= fewNodes {
			return nums, true, nil
		}
	}
	return nil, false, nil
}

func sorted(set map[int64]bool) []int64 {
	nums := make([]int64, 0, len(set))
	for num := range set {
		nums = append(nums, num)
	}
	slices.Sort(nums)
	return nums
}

// read returns those of few nodes that match, by looking at each.
func (f *searcher) read(nums []int64) ([]int64, error) {
	nums = slices.DeleteFunc(nums, func(num int64) bool { return !f.candidate(num) })
	var out []int64
	err := f.s.load(nums, nil, func(num int64, n graph.Node) error {
		if sees(f.q.Visible, n) && f.filtersHold(n) && f.found(n) {
			out = append(out, num)
		}
		return nil
	})
	return out, err
}

func (f *searcher) candidate(num int64) bool {
	return f.match.candidate(num) && (f.among == nil || f.among[num])
}

// filtersHold tells whether the filters hold. A property that the node's kind does not declare is missing.
func (f *searcher) filtersHold(n graph.Node) bool {
	k := f.s.plan.kinds[n.Kind]
	for _, filter := range f.match.filters {
		var v any
		if _, ok := k.fields[filter.prop]; ok {
			v = n.Props[filter.prop]
		}
		if !filter.holds(v) {
			return false
		}
	}
	return true
}

// found tells whether a node's text has every word, the last one perhaps as a beginning.
func (f *searcher) found(n graph.Node) bool {
	if len(f.words) == 0 {
		return true
	}
	var words []string
	for _, t := range f.s.plan.kinds[n.Kind].spec.Text {
		text, _ := n.Props[t.Prop].(string)
		words = append(words, graph.Words(text)...)
	}
	for i, q := range f.words {
		begins := f.q.Prefix && i == len(f.words)-1
		has := func(w string) bool { return w == q || begins && strings.HasPrefix(w, q) }
		if !slices.ContainsFunc(words, has) {
			return false
		}
	}
	return true
}

// stream intersects all conditions in the order of the nodes' numbers, as far as MaxHits. What a viewer may see by
// audience is a part of the full-text query.
func (f *searcher) stream() error {
	words, err := f.s.newWordRun(f.s.wordQuery(f.words, f.q.Prefix, f.q.Kinds, f.auds))
	if err != nil {
		return err
	}
	runs := []run{words}
	if f.among != nil {
		runs = append(runs, &listRun{sorted(f.among)})
	}
	for _, set := range f.match.near {
		runs = append(runs, &listRun{sorted(set)})
	}
	for _, filter := range f.match.filters {
		r, err := f.filterRun(filter)
		if err != nil {
			return err
		}
		runs = append(runs, r)
	}
	err = intersect(runs, func(num int64) (bool, error) {
		f.matches = append(f.matches, num)
		return len(f.matches) <= graph.MaxHits, nil
	})
	return errors.Join(err, words.close())
}

// addNamed puts what is called exactly as the text in front of matches that are more than can be ranked: it is the best
// of them, and must not be cut off.
func (f *searcher) addNamed() error {
	if len(f.words) == 0 || len(f.matches) <= graph.MaxHits {
		return nil
	}
	named, err := f.s.newWordRun(f.s.wordQuery([]string{wholeWord(f.words)}, false, f.q.Kinds, f.auds))
	if err != nil {
		return err
	}
	var nums []int64
	err = intersect([]run{named}, func(num int64) (bool, error) {
		nums = append(nums, num)
		return len(nums) < fewNodes, nil
	})
	if err = errors.Join(err, named.close()); err != nil {
		return err
	}
	return f.add(nums)
}

// add puts those of some nodes that match in front of the matches.
func (f *searcher) add(nums []int64) error {
	more, err := f.read(nums)
	if err != nil {
		return err
	}
	seen := make(map[int64]bool, len(more))
	f.matches = slices.DeleteFunc(append(more, f.matches...), func(num int64) bool {
		again := seen[num]
		seen[num] = true
		return again
	})
	return nil
}

// addVisibleIDs adds what the viewer may see by id.
func (f *searcher) addVisibleIDs() error {
	if f.q.Visible == nil || len(f.q.Visible.IDs) == 0 {
		return nil
	}
	nums, err := f.s.existing(f.q.Visible.IDs)
	if err != nil {
		return err
	}
	return f.add(nums)
}

// Search finds nodes by their words.
func (s *store) Search(ctx context.Context, q graph.Search) (res graph.Result, err error) {
	err = s.read(ctx, func(r *session) (err error) {
		res, err = r.search(q)
		return err
	})
	return res, err
}
