package sqlite

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"weir/errs"
	"weir/graph"
)

var errCursor = errs.Bad("after", "is not a cursor of this list; begin again without it.")

// lister answers one Query: it walks ranges of a list's keys in order, one stream for each audience of the viewer.
type lister struct {
	s     *session
	q     graph.Query
	k     *kindPlan
	plan  listPlan
	spans []keySpan // in the order of the page: those with a value, then those without
	auds  []int64   // audiences whose streams are merged; {0} for everybody
	match *matcher  // of Near
	extra []place   // nodes that the viewer may see by id, in the order of the page

	// filtered says that streams drop what Near does not hold for; then budget is how many rows they may read before
	// it is cheaper to read the nodes that it holds for.
	filtered bool
	budget   int
}

// errTooFar says that the budget of a filtered list is spent.
var errTooFar = errors.New("sqlite: too far along a list")

// scanFactor is how many rows of a list are read for the price of one node.
const scanFactor = 4

// place is a node in a list.
type place struct {
	key string
	num int64
}

func (s *session) list(q graph.Query) (graph.Page, error) {
	l, err := s.newLister(q)
	if err != nil {
		return graph.Page{}, err
	}
	places, err := l.first(q.Limit + 1)
	if errors.Is(err, errTooFar) {
		if err = l.nearby(); err == nil {
			places, err = l.first(q.Limit + 1)
		}
	}
	if err != nil {
		return graph.Page{}, err
	}
	var page graph.Page
	if len(places) > q.Limit {
		places = places[:q.Limit]
		last := places[q.Limit-1].key
		page.Next = graph.Cursor(q.Question(), base64.RawURLEncoding.EncodeToString([]byte(last)))
	}
	nums := make([]int64, len(places))
	for i, p := range places {
		nums[i] = p.num
	}
	page.Nodes, err = s.loadAll(nums)
	return page, err
}

func (s *session) newLister(q graph.Query) (*lister, error) {
	k := s.plan.kinds[q.Kind]
	i, ok := k.spec.Match(q)
	if !ok {
		return nil, errs.Bad("where", "is not a list that the kind declares.")
	}
	l := &lister{s: s, q: q, k: k, plan: k.lists[i]}
	l.spans = l.ranges()
	if err := l.resume(); err != nil {
		return nil, err
	}
	var err error
	if l.match, err = s.newMatcher(nil, nil, q.Near); err != nil {
		return nil, err
	}
	return l, l.viewer()
}

// prefix is what the keys of all nodes begin with for which the filters with equality hold.
func (l *lister) prefix() []byte {
	b := make([]byte, 0, 64)
	for _, prop := range l.plan.where {
		for _, f := range l.q.Where {
			if f.Prop != prop || (f.Op != graph.OneOf && f.Op != graph.Missing) {
				continue
			}
			if f.Op == graph.Missing {
				b = append(b, tagMissing)
			} else {
				b = appendExact(b, f.Values[0])
			}
			break
		}
	}
	return b
}

// ranges are the spans of keys that the page comes from: nodes with a sort value come first in both directions.
func (l *lister) ranges() []keySpan {
	prefix := l.prefix()
	end := append(clip(prefix), tagEnd)
	if l.plan.sort == "" {
		return []keySpan{{prefix, end}}
	}
	missing := append(clip(prefix), tagMissing)
	with := keySpan{prefix, missing}
	bounded := false
	for _, f := range l.q.Where {
		if f.Op == graph.Less || f.Op == graph.More {
			with = with.narrow(prefix, f)
			bounded = true
		}
	}
	if bounded {
		return []keySpan{with}
	}
	return []keySpan{with, {missing, end}}
}

// resume drops from the spans what earlier pages have shown.
func (l *lister) resume() error {
	position, err := graph.ParseCursor(l.q.Question(), l.q.After)
	if position == nil || err != nil {
		return err
	}
	key, err := base64.RawURLEncoding.DecodeString(position[0])
	if err != nil {
		return errCursor
	}
	for i, span := range l.spans {
		if !span.holds(string(key)) {
			continue
		}
		if l.q.Desc {
			span.to = key
		} else {
			span.from = append(key, 0)
		}
		l.spans = append([]keySpan{span}, l.spans[i+1:]...)
		return nil
	}
	return errCursor
}

// viewer finds the streams that the viewer may see, and the nodes that are looked up instead of being in a stream.
func (l *lister) viewer() error {
	if len(l.match.near) > 0 {
		few := l.nearest()
		if len(few) <= fewNodes {
			return l.nearby()
		}
		l.filtered, l.budget = true, scanFactor*len(few)
	}
	v := l.q.Visible
	if v == nil {
		l.auds = []int64{0}
		return nil
	}
	for _, a := range v.Audiences {
		num, ok, err := l.s.terms.num(l.s, a)
		if err != nil {
			return err
		}
		if ok {
			l.auds = append(l.auds, num)
		}
	}
	nums, err := l.s.existing(v.IDs)
	if err != nil {
		return err
	}
	return l.lookUp(nums, nil)
}

// nearest is the smallest of the sets of nodes that have the edges asked for.
func (l *lister) nearest() map[int64]bool {
	return slices.MinFunc(l.match.near, func(a, b map[int64]bool) int { return cmp.Compare(len(a), len(b)) })
}

// nearby makes the page of the nodes that have the edges asked for: they are read, not searched along the list.
func (l *lister) nearby() error {
	l.auds, l.extra, l.filtered = nil, nil, false
	return l.lookUp(sorted(l.nearest()), l.q.Visible)
}

// lookUp places nodes that are known by number; with v, those that it shows.
func (l *lister) lookUp(nums []int64, v *graph.Visible) error {
	nums = slices.DeleteFunc(nums, func(num int64) bool { return kindOf(num) != l.k.num || !l.match.candidate(num) })
	err := l.s.load(nums, l.wants, func(num int64, n graph.Node) error {
		if !sees(v, n) {
			return nil
		}
		key := string(l.plan.key(n.ID, n.Props))
		for _, span := range l.spans {
			if span.holds(key) {
				l.extra = append(l.extra, place{key, num})
			}
		}
		return nil
	})
	slices.SortFunc(l.extra, l.compare)
	return err
}

// wants accepts the properties that a key is made of, and the audience.
func (l *lister) wants(name string) bool {
	return name == l.plan.sort || name == graph.PropAudience || slices.Contains(l.plan.where, name)
}

// compare orders places as the page does.
func (l *lister) compare(a, b place) int {
	aSpan, bSpan := l.spanOf(a.key), l.spanOf(b.key)
	if aSpan != bSpan {
		return cmp.Compare(aSpan, bSpan)
	}
	if l.q.Desc {
		a, b = b, a
	}
	return strings.Compare(a.key, b.key)
}

func (l *lister) spanOf(key string) int {
	return slices.IndexFunc(l.spans, func(span keySpan) bool { return span.holds(key) })
}

// first merges the streams into the first n places.
func (l *lister) first(n int) ([]place, error) {
	var out []place
	streams := l.streams(n)
	for len(out) < n {
		var best *stream
		for _, st := range streams {
			ok, err := st.fill()
			if err != nil {
				return nil, err
			}
			if ok && (best == nil || l.compare(st.rest[0], best.rest[0]) < 0) {
				best = st
			}
		}
		if best == nil {
			return out, nil
		}
		p := best.rest[0]
		best.rest = best.rest[1:]
		if len(out) == 0 || out[len(out)-1].num != p.num { // else it was seen by id and by audience
			out = append(out, p)
		}
	}
	return out, nil
}

// List returns a page of one kind.
func (s *store) List(ctx context.Context, q graph.Query) (page graph.Page, err error) {
	err = s.read(ctx, func(r *session) (err error) {
		page, err = r.list(q)
		return err
	})
	return page, err
}

// List returns a page of one kind.
func (t *tx) List(ctx context.Context, q graph.Query) (page graph.Page, err error) {
	err = t.do(ctx, func() (err error) {
		page, err = t.s.list(q)
		return err
	})
	return page, err
}
