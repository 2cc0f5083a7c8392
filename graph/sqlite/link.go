package sqlite

import (
	"bytes"
	"context"
	"math"
	"time"

	"zombiezen.com/go/sqlite"

	"weir/errs"
	"weir/graph"
)

// The open ends of spans.
const (
	ever    = math.MinInt64 // since
	forever = math.MaxInt64 // until
)

func sinceMicros(t time.Time) int64 {
	if t.IsZero() {
		return ever
	}
	return t.UnixMicro()
}

func untilMicros(t time.Time) int64 {
	if t.IsZero() {
		return forever
	}
	return t.UnixMicro()
}

// zeroTime leaves a time of a question out: now.
var zeroTime time.Time

// openMicros is the time of a number that may be an open end.
func openMicros(t int64) time.Time {
	if t == ever || t == forever {
		return time.Time{}
	}
	return fromMicros(t)
}

// held is a row of one edge that the store holds now.
type held struct {
	num, since, until, known int64
	props                    []byte
}

// edgeNums names an edge by numbers.
type edgeNums struct{ src, rel, dst, key int64 }

const (
	heldEdge = "SELECT num, since, until, known, props FROM edge INDEXED BY edge_out" +
		" WHERE src = ? AND rel = ? AND dst = ? AND key = ? ORDER BY since"
	insertEdge = "INSERT INTO edge(src, rel, dst, key, since, until, known, props) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
	deleteEdge = "DELETE FROM edge WHERE num = ?"
	updateEdge = "UPDATE edge SET props = ? WHERE num = ?"
	insertPast = "INSERT INTO past(src, rel, dst, key, since, until, known, gone, props) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)

// Link makes edges hold over their spans.
func (t *tx) Link(ctx context.Context, es ...graph.Edge) error {
	return t.do(ctx, func() error {
		for _, e := range es {
			name, err := t.nameEdge(e, true)
			if err != nil {
				return err
			}
			if err := t.link(name, sinceMicros(e.Valid.Since), untilMicros(e.Valid.Until), e.Props); err != nil {
				return err
			}
		}
		return nil
	})
}

// nameEdge finds the numbers of an edge. With must, both ends have to exist; else zero numbers stand for what is missing.
func (t *tx) nameEdge(e graph.Edge, must bool) (edgeNums, error) {
	name := edgeNums{rel: t.s.plan.rels[e.Rel]}
	var err error
	if name.src, err = t.end(e.From); err != nil {
		return name, err
	}
	if name.dst, err = t.end(e.To); err != nil {
		return name, err
	}
	if !must {
		name.key, _, err = t.s.terms.num(t.s, e.Key)
		return name, err
	}
	if name.src == 0 || name.dst == 0 {
		return name, errs.E(errs.NotFound, "An end of the edge does not exist.")
	}
	name.key, err = t.s.terms.intern(t.s, e.Key)
	return name, err
}

// end is the number of a node that an edge names; 0 if it is missing.
func (t *tx) end(id graph.ID) (int64, error) {
	if num, ok := t.ends[id]; ok {
		return num, nil
	}
	num, err := t.s.number(numByID, string(id))
	if err == nil && num != 0 {
		t.ends[id] = num
	}
	return num, err
}

func (t *tx) held(e edgeNums) ([]held, error) {
	var out []held
	err := t.s.each(heldEdge, func(stmt *sqlite.Stmt) error {
		out = append(out, held{
			stmt.ColumnInt64(0), stmt.ColumnInt64(1), stmt.ColumnInt64(2), stmt.ColumnInt64(3),
			bytes.Clone(t.s.blob(stmt, 4)),
		})
		return nil
	}, e.src, e.rel, e.dst, e.key)
	return out, err
}

// link unites a span with those that it touches. Inside of one that is there, only the properties change.
func (t *tx) link(e edgeNums, since, until int64, given graph.Props) error {
	all, err := t.held(e)
	if err != nil {
		return err
	}
	var touched []held
	var props graph.Props
	for _, h := range all {
		if h.since > until || since > h.until {
			continue
		}
		was, err := t.s.decodeProps(h.props, nil)
		if err != nil {
			return err
		}
		touched = append(touched, h)
		props = merge(props, was)
	}
	props = merge(props, given)
	if props.Size() > graph.MaxProps {
		return errs.Ef(errs.TooLarge, "The edge's properties would have %d bytes; at most %d are allowed.", props.Size(), graph.MaxProps)
	}
	b, err := t.s.encodeProps(props)
	if err != nil {
		return err
	}
	if len(touched) == 1 && touched[0].since <= since && until <= touched[0].until {
		if bytes.Equal(b, touched[0].props) {
			return nil
		}
		return t.s.exec(updateEdge, b, touched[0].num)
	}
	for _, h := range touched {
		since, until = min(since, h.since), max(until, h.until)
		if err := t.giveUp(e, h); err != nil {
			return err
		}
	}
	return t.hold(e, since, until, b)
}

// hold adds a row that is known from now on.
func (t *tx) hold(e edgeNums, since, until int64, props []byte) error {
	return t.s.exec(insertEdge, e.src, e.rel, e.dst, e.key, since, until, t.now, props)
}

// giveUp ends a row's Known. What was born in this transaction was never known to anybody, and is not kept.
func (t *tx) giveUp(e edgeNums, h held) error {
	if err := t.s.exec(deleteEdge, h.num); err != nil {
		return err
	}
	if h.known >= t.now {
		return nil
	}
	return t.s.exec(insertPast, e.src, e.rel, e.dst, e.key, h.since, h.until, h.known, t.now, h.props)
}

// Unlink cuts [at, …) from the spans of edges.
func (t *tx) Unlink(ctx context.Context, at time.Time, es ...graph.Edge) error {
	return t.do(ctx, func() error {
		for _, e := range es {
			name, err := t.nameEdge(e, false)
			if err != nil {
				return err
			}
			if err := t.unlink(name, sinceMicros(at)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *tx) unlink(e edgeNums, at int64) error {
	all, err := t.held(e)
	if err != nil {
		return err
	}
	for _, h := range all {
		if h.until <= at {
			continue
		}
		if err := t.giveUp(e, h); err != nil {
			return err
		}
		if h.since >= at {
			continue
		}
		if err := t.hold(e, h.since, at, h.props); err != nil {
			return err
		}
	}
	return nil
}
