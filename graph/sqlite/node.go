package sqlite

import (
	"context"
	"slices"
	"time"

	"zombiezen.com/go/sqlite"

	"weir/graph"
)

// nodeRow is a node as it is kept. Its kind is a part of its number.
type nodeRow struct {
	num                       int64
	id                        graph.ID
	version, created, updated int64
	props                     []byte
}

const (
	nodeByID  = "SELECT num, version, created, updated, props FROM node WHERE id = ?"
	nodeByNum = "SELECT id, version, created, updated, props FROM node WHERE num = ?"
	numByID   = "SELECT num FROM node WHERE id = ?"
	idByNum   = "SELECT id FROM node WHERE num = ?"
)

// find returns the row of a node; false if there is none.
func (s *session) find(id graph.ID) (nodeRow, bool, error) {
	row := nodeRow{id: id}
	err := s.each(nodeByID, func(stmt *sqlite.Stmt) error {
		row.num = stmt.ColumnInt64(0)
		row.version, row.created, row.updated = stmt.ColumnInt64(1), stmt.ColumnInt64(2), stmt.ColumnInt64(3)
		row.props = slices.Clone(s.blob(stmt, 4))
		return nil
	}, string(id))
	return row, row.num != 0, err
}

// node makes a node of a row; with want, only of the properties that it accepts.
func (s *session) node(row nodeRow, want func(string) bool) (graph.Node, error) {
	kind, err := s.kindName(row.num)
	if err != nil {
		return graph.Node{}, err
	}
	props, err := s.decodeProps(row.props, want)
	return graph.Node{
		ID: row.id, Kind: kind, Props: props, Version: row.version,
		Created: fromMicros(row.created), Updated: fromMicros(row.updated),
	}, err
}

func fromMicros(t int64) time.Time { return time.UnixMicro(t).UTC() }

func (s *session) nodes(ids []graph.ID) (map[graph.ID]graph.Node, error) {
	out := make(map[graph.ID]graph.Node, len(ids))
	for _, id := range ids {
		row, ok, err := s.find(id)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if out[id], err = s.node(row, nil); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// load calls got with the nodes of these numbers, in their order; with want, with those properties only.
func (s *session) load(nums []int64, want func(string) bool, got func(i int, n graph.Node) error) error {
	stmt, err := s.conn.Prepare(nodeByNum)
	if err != nil {
		return err
	}
	for i, num := range nums {
		stmt.BindInt64(1, num)
		row := nodeRow{num: num}
		var n graph.Node
		found := false
		err := s.rows(stmt, func(stmt *sqlite.Stmt) error {
			row.id, found = graph.ID(stmt.ColumnText(0)), true
			row.version, row.created, row.updated = stmt.ColumnInt64(1), stmt.ColumnInt64(2), stmt.ColumnInt64(3)
			row.props = s.blob(stmt, 4)
			n, err = s.node(row, want)
			return err
		})
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		if err := got(i, n); err != nil {
			return err
		}
	}
	return nil
}

// loadAll returns the nodes of these numbers in their order.
func (s *session) loadAll(nums []int64) ([]graph.Node, error) {
	out := make([]graph.Node, 0, len(nums))
	err := s.load(nums, nil, func(_ int, n graph.Node) error {
		out = append(out, n)
		return nil
	})
	return out, err
}

// numsOf returns the numbers of nodes that exist, in the order of ids.
func (s *session) numsOf(ids []graph.ID) ([]int64, error) {
	out := make([]int64, 0, len(ids))
	for _, id := range ids {
		num, err := s.number(numByID, string(id))
		if err != nil {
			return nil, err
		}
		if num != 0 {
			out = append(out, num)
		}
	}
	return out, nil
}

// idsOf adds the ids of nodes to a map that may hold some already.
func (s *session) idsOf(nums []int64, ids map[int64]graph.ID) error {
	stmt, err := s.conn.Prepare(idByNum)
	if err != nil {
		return err
	}
	for _, num := range nums {
		if _, ok := ids[num]; ok {
			continue
		}
		stmt.BindInt64(1, num)
		err := s.rows(stmt, func(stmt *sqlite.Stmt) error {
			ids[num] = graph.ID(stmt.ColumnText(0))
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Nodes returns the nodes with these ids.
func (s *store) Nodes(ctx context.Context, ids ...graph.ID) (out map[graph.ID]graph.Node, err error) {
	err = s.read(ctx, func(r *session) (err error) {
		out, err = r.nodes(ids)
		return err
	})
	return out, err
}

// Nodes returns the nodes with these ids.
func (t *tx) Nodes(ctx context.Context, ids ...graph.ID) (out map[graph.ID]graph.Node, err error) {
	err = t.do(ctx, func() (err error) {
		out, err = t.s.nodes(ids)
		return err
	})
	return out, err
}
