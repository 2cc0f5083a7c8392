package gqlschema

import (
	"context"
	"math"
	"strconv"

	"weir/audit"
	"weir/errs"
	"weir/gqlschema/gen"
	"weir/graph"
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

// spotOf is the spot of a cursor; the zero one is before the first entry.
func spotOf(after *string) (spot, error) {
	if or(after, "") == "" {
		return spot{}, nil
	}
	bad := errs.Bad("after", "is not a cursor of this list; begin again without it.")
	at, err := graph.ParseCursor(feedField, *after)
	if err != nil || len(at) != 2 {
		return spot{}, bad
	}
	seq, err1 := strconv.ParseInt(at[0], 10, 64)
	index, err2 := strconv.Atoi(at[1])
	if err1 != nil || err2 != nil || seq < 0 || index < 0 {
		return spot{}, bad
	}
	return spot{seq, index}, nil
}

// Changes is the log in its order. Its cursors are positions in the log, so that who follows endCursor misses nothing;
// of an empty page it is where the reader stands then, behind what is hidden from him.
func (q queries) Changes(ctx context.Context, first *int, after *string, sealed *bool) (*gen.FeedConnection, error) {
	p, err := pageOf(feedField, first, nil)
	if err != nil {
		return nil, err
	}
	from, err := spotOf(after)
	if err != nil {
		return nil, err
	}
	f, err := q.feed(ctx, or(sealed, false), evidenceWanted(ctx, []string{"nodes"}, []string{"edges", "node"}))
	if err != nil {
		return nil, err
	}
	got, err := f.read(ctx, from, p.first)
	if err != nil {
		return nil, err
	}
	return f.connection(got, from)
}

func (f feed) connection(got feedPage, from spot) (*gen.FeedConnection, error) {
	out := &gen.FeedConnection{Edges: []*gen.FeedEdge{}, Nodes: []*gen.FeedItem{}, Checkpoint: f.checkpoint()}
	var cursors []string
	for _, s := range got.steps {
		edge, err := f.show(s)
		if err != nil {
			return nil, err
		}
		out.Edges, out.Nodes = append(out.Edges, edge), append(out.Nodes, edge.Node)
		cursors = append(cursors, edge.Cursor)
	}
	out.PageInfo = infoOf(cursors, got.more, from != spot{})
	if got.next != (spot{}) {
		end := got.next.cursor()
		out.PageInfo.EndCursor = &end
	}
	return out, nil
}

// step is an entry as a viewer may see it, or a part of one.
type step struct {
	entry   audit.Entry
	changes []audit.Change // those that may be seen of the part
	index   int            // where the part begins
	all     bool           // nothing of the part is hidden
	at      spot           // behind it
	exhibit exhibit
}

// show shows a step, with what was asked for to prove it.
func (f feed) show(s step) (*gen.FeedEdge, error) {
	e := s.entry
	item := &gen.FeedItem{
		Seq: int(e.Seq), ID: e.ID, At: e.At, Actor: e.Actor, Action: e.Action, Target: ref(e.Target), Allowed: e.Decision != audit.Denied,
		Index: s.index, HasMore: s.at.index > 0, Erased: e.Erased, Changes: all(s.changes, showChange),
	}
	if f.whole {
		if err := f.prove(item, s); err != nil {
			return nil, err
		}
	}
	return &gen.FeedEdge{Cursor: s.at.cursor(), Node: item}, nil
}

func (f feed) prove(item *gen.FeedItem, s step) (err error) {
	if f.want.leaf {
		item.Leaf = text(string(s.exhibit.leaf.Bytes))
	}
	if f.want.payload && s.all && len(s.changes) > 0 {
		if item.Payload, err = s.exhibit.part(s.index, len(s.changes)); err != nil {
			return err
		}
	}
	if f.want.proof {
		item.Proof, err = f.prover.prove(s.exhibit.leaf)
	}
	return err
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
	whole  bool // every entry, with its leaf: the viewer may read the log
	sealed bool // no further than the checkpoint goes
	want   evidence
	prover *prover
}

// feed is the feed for who asks. Errors: Unauthenticated or Forbidden if he may follow it no longer; Unavailable for a
// sealed one where nothing is sealed.
func (r *resolver) feed(ctx context.Context, sealed bool, want evidence) (feed, error) {
	if err := rules["Query"][feedField].require(ctx, r.policy); err != nil {
		return feed{}, err
	}
	f := feed{resolver: r, whole: r.mayRead(ctx), sealed: sealed, want: want}
	if sealed && r.audit == nil {
		return f, errNoProof
	}
	return f, f.prepare(ctx)
}

// prepare reads the checkpoint that this page is proved under, if it is needed.
func (f *feed) prepare(ctx context.Context) (err error) {
	if !f.whole {
		f.want = evidence{}
	}
	if f.sealed || f.want.proof || f.want.checkpoint {
		f.prover, err = f.resolver.prover(ctx)
	}
	return err
}

// until is the last entry that may be read.
func (f feed) until() int64 {
	switch {
	case !f.sealed:
		return math.MaxInt64
	case f.prover == nil:
		return 0
	}
	return f.prover.checkpoint.Size
}

// checkpoint is shown to who may read the log.
func (f feed) checkpoint() *gen.Checkpoint {
	if !f.whole {
		return nil
	}
	return f.prover.show()
}
