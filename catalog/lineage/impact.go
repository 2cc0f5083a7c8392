package lineage

import (
	"cmp"
	"context"
	"maps"
	"strconv"
	"time"

	"weir/errs"
	"weir/graph"
)

// DefaultRows are the rows of an impact list unless a query says otherwise.
const DefaultRows = 100

// The properties that an impact list is made of.
const propName = "name"

// ImpactQuery asks what depends on an asset, as a list.
type ImpactQuery struct {
	Root          graph.ID
	Depth         int // edges, 1 to graph.MaxDepth
	AsOf, KnownAt time.Time
	Filter        Filter
	Indirect      bool   // follow AFFECTS too when the root is a column
	After         string // Next of the page before
	Limit         int    // rows, at most MostNodes; 0: DefaultRows
}

// ImpactRow is an asset that depends on the root.
type ImpactRow struct {
	Node
	Name   string // "" when hidden
	Domain graph.ID
	Labels
	Via graph.ID // the asset before it on a shortest way from the root; the one with the smallest id if there are several
}

// Impact is a page of what depends on a root, ordered by (Depth, Name, ID).
type Impact struct {
	Root graph.ID
	Rows []ImpactRow
	// Related holds the nodes that Owners, Classes, Inherited, Domain and Via name, as far as the viewer may see them.
	Related       map[graph.ID]graph.Node
	Totals        []KindCount // of all pages
	Total         int
	IsPartial     bool
	PartialReason Reason
	Next          string // empty on the last page
}

// Impact answers a query. Errors are those of Lineage.
func (s *Service) Impact(ctx context.Context, q ImpactQuery) (Impact, error) {
	if q.Limit < 0 || q.Limit > MostNodes {
		return Impact{}, errs.Badf("limit", "is %d; it lies between 1 and %d.", q.Limit, MostNodes)
	}
	walk := Query{
		Root: q.Root, Direction: Downstream, Depth: q.Depth, AsOf: q.AsOf, KnownAt: q.KnownAt, Filter: q.Filter,
		Indirect: q.Indirect, MaxNodes: MostNodes, Fields: CardFields,
	}
	if err := walk.check(); err != nil {
		return Impact{}, err
	}
	root, err := s.asset(ctx, "root", q.Root)
	if err != nil {
		return Impact{}, err
	}
	r, err := s.reachInTime(ctx, root, walk)
	if err != nil {
		return Impact{}, err
	}
	out := Impact{Root: root.ID, Totals: counts(r.totals), IsPartial: r.reason != "", PartialReason: r.reason}
	for _, t := range out.Totals {
		out.Total += t.Count
	}
	if err := s.fill(ctx, q, root, walk, &r, &out); err != nil {
		return Impact{}, err
	}
	return out, nil
}

// fill makes the page: its rows, and what they name.
func (s *Service) fill(ctx context.Context, q ImpactQuery, root graph.Node, walk Query, r *reach, out *Impact) error {
	v, err := s.veil(ctx, assets(r.stored())...)
	if err != nil {
		return err
	}
	question := q.question(root.ID)
	rows, err := after(impactRows(r, v), question, q.After)
	if err != nil {
		return err
	}
	if most := cmp.Or(q.Limit, DefaultRows); len(rows) > most {
		rows = rows[:most]
		last := rows[most-1]
		out.Next = graph.Cursor(question, strconv.Itoa(last.Depth), last.Name, string(last.ID))
	}
	if err := s.findVia(ctx, root, walk, r, rows); err != nil {
		return err
	}
	out.Rows = rows
	return s.relate(ctx, v, out)
}

// findVia finds for each row the asset before it. A filtered walk lacks these, so another one without filter tells them.
func (s *Service) findVia(ctx context.Context, root graph.Node, q Query, r *reach, rows []ImpactRow) error {
	whole := *r
	if q.Filter.late() || q.Filter.keep(nil) != nil {
		q.Filter, q.Fields = Filter{}, []string{}
		var err error
		if whole, err = s.reachInTime(ctx, root, q); err != nil {
			return err
		}
	}
	before := map[graph.ID]graph.ID{}
	for _, e := range whole.rows {
		old, ok := before[e.To]
		if whole.nodes[e.From].Depth+1 == whole.nodes[e.To].Depth && (!ok || e.From < old) {
			before[e.To] = e.From
		}
	}
	for i, row := range rows {
		if !row.Hidden {
			rows[i].Via = before[row.ID]
		}
	}
	return nil
}

// relate adds the labels of the rows and the nodes that the rows name, and hides what the viewer may not see of them.
func (s *Service) relate(ctx context.Context, v veil, out *Impact) error {
	var shown []graph.ID
	for _, row := range out.Rows {
		if !row.Hidden {
			shown = append(shown, row.ID)
		}
	}
	labels, err := s.labels(ctx, shown)
	if err != nil {
		return err
	}
	var named []graph.ID
	for i, row := range out.Rows {
		out.Rows[i].Labels = labels[row.ID]
		named = append(named, labels[row.ID].ids()...)
		for _, id := range []graph.ID{row.Domain, row.Via} {
			if id != "" {
				named = append(named, id)
			}
		}
	}
	out.Related, err = fetch(ctx, s.store, named)
	if err != nil {
		return err
	}
	more, err := s.veil(ctx, assets(out.Related)...)
	if err != nil {
		return err
	}
	both := veil(maps.Clone(v))
	if both == nil {
		both = veil{}
	}
	maps.Copy(both, more)
	out.Related = both.known(out.Related)
	for i, row := range out.Rows {
		out.Rows[i].Via = both.id(row.Via)
		if both.hides(row.Domain) {
			out.Rows[i].Domain = ""
		}
	}
	return nil
}
