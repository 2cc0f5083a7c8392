package graph

import (
	"context"
	"time"

	"weir/errs"
)

// checkedReader is what a checked store and a checked transaction have in common.
type checkedReader struct {
	reader Reader
	rules  *rules
	// doom is told every error and returns the one to answer with; nil outside of transactions.
	doom func(error) error
}

// out is the exit of every read.
func (c *checkedReader) out(ctx context.Context, err error) error {
	err = kinded(ctx, err)
	if c.doom != nil {
		return c.doom(err)
	}
	return err
}

// in is the entrance of every read: it refuses bad arguments, ended contexts and doomed transactions.
func (c *checkedReader) in(ctx context.Context, bad error) error {
	if bad == nil {
		bad = ended(ctx)
	}
	return c.out(ctx, bad)
}

func (c *checkedReader) Nodes(ctx context.Context, ids ...ID) (map[ID]Node, error) {
	ids, err := checkIDs("ids", ids, MaxBatch)
	if err := c.in(ctx, err); err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return map[ID]Node{}, nil
	}
	nodes, err := c.reader.Nodes(ctx, ids...)
	return nodes, c.out(ctx, err)
}

func (c *checkedReader) Edges(ctx context.Context, q EdgeQuery) (EdgePage, error) {
	q, err := c.rules.edges(q)
	if err := c.in(ctx, err); err != nil {
		return EdgePage{}, err
	}
	if len(q.Of) == 0 || len(q.Rels) == 0 {
		return EdgePage{}, nil
	}
	page, err := c.reader.Edges(ctx, q)
	return page, c.out(ctx, err)
}

func (c *checkedReader) Degrees(ctx context.Context, ids []ID, rels []Rel, at time.Time) (map[ID]Degree, error) {
	ids, err := checkIDs("ids", ids, MaxBatch)
	if err == nil {
		rels, err = c.rules.relations("rels", rels)
	}
	if err == nil {
		at, err = checkTime("at", at)
	}
	if err := c.in(ctx, err); err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return map[ID]Degree{}, nil
	}
	degrees, err := c.reader.Degrees(ctx, ids, rels, at)
	return degrees, c.out(ctx, err)
}

func (c *checkedReader) List(ctx context.Context, q Query) (Page, error) {
	q, err := c.rules.list(q)
	if err := c.in(ctx, err); err != nil {
		return Page{}, err
	}
	if q.Visible.blind() {
		return Page{}, nil
	}
	page, err := c.reader.List(ctx, q)
	return page, c.out(ctx, err)
}

func (c *checkedReader) Traverse(ctx context.Context, w Walk) (Subgraph, error) {
	w, err := c.rules.walk(w)
	if err == nil && (w.Max < 1 || w.Max > MaxNodes) {
		err = outside("max", w.Max, 1, MaxNodes)
	}
	if err := c.in(ctx, err); err != nil {
		return Subgraph{}, err
	}
	if len(w.From) == 0 {
		return Subgraph{Totals: map[Kind]int{}}, nil
	}
	sub, err := c.reader.Traverse(ctx, w)
	return sub, c.out(ctx, err)
}

func (c *checkedReader) Path(ctx context.Context, from, to ID, w Walk) ([][]Edge, error) {
	w, err := c.rules.path(from, to, w)
	if err := c.in(ctx, err); err != nil {
		return nil, err
	}
	if from == to || len(w.Rels) == 0 {
		return nil, nil
	}
	paths, err := c.reader.Path(ctx, from, to, w)
	return paths, c.out(ctx, err)
}

// outside refuses a number that is not between least and most.
func outside(field string, n, least, most int) error {
	if n > most {
		return tooLarge(field, "is %d; at most %d are allowed.", n, most)
	}
	return errs.Badf(field, "is %d; it must be between %d and %d.", n, least, most)
}

// tooLarge is like errs.Badf, of kind TooLarge.
func tooLarge(field, format string, args ...any) error {
	e := errs.Badf(field, format, args...)
	e.Kind = errs.TooLarge
	return e
}
