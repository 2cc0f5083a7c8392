package marketplace

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"weir/errs"
	"weir/graph"
)

// merge puts lists of grants, each by its end, together to one without doubles.
type merge struct {
	r        graph.Reader
	wheres   [][]graph.Filter
	desc     bool
	limit    int
	keep     func(Grant) bool // nil: all
	question string           // for the cursor
}

// page reads what comes after a cursor.
func (m merge) page(ctx context.Context, after string) (Page[Grant], error) {
	var last *Grant
	position, err := graph.ParseCursor(m.question, after)
	if err != nil {
		return Page[Grant]{}, err
	}
	if len(position) == 2 {
		at, err := time.Parse(time.RFC3339Nano, position[0])
		if err != nil {
			return Page[Grant]{}, errs.Bad("after", "is not a cursor of this list; begin again without it.")
		}
		last = &Grant{ID: graph.ID(position[1]), Until: at}
	}
	var found []Grant
	for _, w := range m.wheres {
		some, err := m.seek(ctx, w, last)
		if err != nil {
			return Page[Grant]{}, err
		}
		found = append(found, some...)
	}
	slices.SortFunc(found, m.compare)
	found = slices.CompactFunc(found, func(a, b Grant) bool { return a.ID == b.ID })
	out := Page[Grant]{Items: found[:min(len(found), m.limit)]}
	if len(found) > m.limit {
		end := out.Items[m.limit-1]
		out.Next = graph.Cursor(m.question, end.Until.UTC().Format(time.RFC3339Nano), string(end.ID))
	}
	return out, nil
}

func (m merge) compare(a, b Grant) int {
	c := cmp.Or(a.Until.Compare(b.Until), strings.Compare(string(a.ID), string(b.ID)))
	if m.desc {
		return -c
	}
	return c
}

// seek reads one more than the limit of one list, behind the last one shown.
func (m merge) seek(ctx context.Context, w []graph.Filter, last *Grant) ([]Grant, error) {
	q := graph.Query{Where: slices.Clone(w), Sort: "until", Desc: m.desc, Limit: min(m.limit+1, graph.MaxPage)}
	if last != nil && m.desc {
		q.Where = append(q.Where, before("until", last.Until.Add(time.Microsecond)))
	}
	if last != nil && !m.desc {
		q.Where = append(q.Where, graph.Filter{Prop: "until", Op: graph.More, Values: []any{last.Until}})
	}
	var out []Grant
	for {
		page, err := list(ctx, m.r, grantType, q)
		if err != nil {
			return nil, err
		}
		for _, g := range page.Items {
			if (last == nil || m.compare(*last, g) < 0) && (m.keep == nil || m.keep(g)) {
				out = append(out, g)
			}
		}
		if len(out) > m.limit || page.Next == "" {
			return out, nil
		}
		q.After = page.Next
	}
}
