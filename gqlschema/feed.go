package gqlschema

import (
	"context"
	"strconv"

	"weir/audit"
	"weir/authz"
	"weir/gqlschema/gen"
)

// feedField is the field of the schema whose cursors the feed and its subscription share.
const feedField = "changes"

// spot is where a reader of the feed stands: entry seq is dealt with, up to index of its changes, or as a whole where
// index is 0.
type spot struct {
	seq   int64
	index int
}

func (s spot) cursor() string {
	return page{field: feedField}.cursor(strconv.FormatInt(s.seq, 10), s.index)
}

func spotOf(p page) (spot, error) {
	seq, err := p.offset()
	return spot{int64(seq), p.skip}, err
}

// Changes is the log in its order. Its cursors are positions in the log, so that who follows endCursor misses nothing;
// of an empty page it is where the reader stands then, behind what is hidden from him.
func (q queries) Changes(ctx context.Context, first *int, after *string, sealed *bool) (*gen.FeedConnection, error) {
	p, err := pageOf(feedField, first, after)
	if err != nil {
		return nil, err
	}
	from, err := spotOf(p)
	if err != nil {
		return nil, err
	}
	f, err := q.feed(ctx, or(sealed, false))
	if err != nil {
		return nil, err
	}
	got, err := f.read(ctx, from, p.first)
	if err != nil {
		return nil, err
	}
	return feedConnection(got, from), nil
}

func feedConnection(got feedPage, from spot) *gen.FeedConnection {
	out := &gen.FeedConnection{Edges: []*gen.FeedEdge{}, Nodes: []*gen.FeedItem{}}
	var cursors []string
	for _, s := range got.steps {
		edge := s.show()
		out.Edges, out.Nodes = append(out.Edges, edge), append(out.Nodes, edge.Node)
		cursors = append(cursors, edge.Cursor)
	}
	out.PageInfo = infoOf(cursors, got.more, from != spot{})
	if got.next != (spot{}) {
		end := got.next.cursor()
		out.PageInfo.EndCursor = &end
	}
	return out
}

// step is an entry as a viewer may see it, or a part of one.
type step struct {
	entry   audit.Entry
	changes []audit.Change // those that may be seen of the part
	index   int            // where the part begins
	at      spot           // behind it
}

func (s step) show() *gen.FeedEdge {
	e := s.entry
	item := &gen.FeedItem{
		Seq: int(e.Seq), ID: e.ID, At: e.At, Actor: e.Actor, Action: e.Action, Allowed: e.Decision != audit.Denied,
		Index: s.index, HasMore: s.at.index > 0, Erased: e.Erased, Changes: all(s.changes, showChange),
	}
	if e.Target != "" {
		item.Target = &e.Target
	}
	return &gen.FeedEdge{Cursor: s.at.cursor(), Node: item}
}

func showChange(c audit.Change) *gen.Change {
	out := &gen.Change{Asset: c.Asset, Field: c.Field, Before: text(c.Before), After: text(c.After)}
	if kind, ok := shownKinds[kindOf(c.Asset)]; ok {
		out.Kind = &kind
	}
	return out
}

// feed reads the log for one viewer.
type feed struct {
	*resolver
	whole bool  // every entry, with its leaf: the viewer may read the log
	until int64 // the last entry to be read; 0: as far as the log goes
}

// feed is the feed for who asks. Errors: Unauthenticated or Forbidden if he may follow it no longer.
func (r *resolver) feed(ctx context.Context, sealed bool) (feed, error) {
	if err := rules["Query"][feedField].require(ctx, r.policy); err != nil {
		return feed{}, err
	}
	f := feed{resolver: r, whole: r.policy.Can(ctx, authz.Audit, authz.Everywhere, authz.View)}
	return f, nil
}
