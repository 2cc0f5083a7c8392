package sqlite

import (
	"context"
	"slices"

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
	nodesByID = "SELECT input.rowid, n.num, n.version, n.created, n.updated, n.props" +
		" FROM input CROSS JOIN node n INDEXED BY node_id ON n.id = input.a"
	nodesByNum = "SELECT n.num, n.id, n.version, n.created, n.updated, n.props" +
		" FROM input CROSS JOIN node n ON n.num = input.a"
	bareByNum = "SELECT n.num, n.id, n.version, n.created, n.updated" +
		" FROM input CROSS JOIN node n ON n.num = input.a"
	numsByID = "SELECT input.rowid, n.num FROM input CROSS JOIN node n INDEXED BY node_id ON n.id = input.a"
	idsByNum = "SELECT n.num, n.id FROM input CROSS JOIN node n ON n.num = input.a"
)

func idArguments(ids []graph.ID) arguments {
	values := make([]sqlite.Value, len(ids))
	for i, id := range ids {
		values[i] = sqlite.TextValue(string(id))
	}
	return arguments{1, values}
}

// find calls got with the rows of the nodes that exist, in the order of ids. props is valid until got returns.
func (s *session) find(ids []graph.ID, got func(i int, row nodeRow) error) error {
	return s.ask(nodesByID, idArguments(ids), func(stmt *sqlite.Stmt) error {
		i := int(stmt.ColumnInt64(0))
		return got(i, nodeRow{
			num: stmt.ColumnInt64(1), id: ids[i], version: stmt.ColumnInt64(2), created: stmt.ColumnInt64(3),
			updated: stmt.ColumnInt64(4), props: s.blob(stmt, 5),
		})
	})
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

func (s *session) nodes(ids []graph.ID) (map[graph.ID]graph.Node, error) {
	out := make(map[graph.ID]graph.Node, len(ids))
	err := s.find(ids, func(_ int, row nodeRow) error {
		n, err := s.node(row, nil)
		out[row.id] = n
		return err
	})
	return out, err
}

// load calls got with the nodes of these numbers that exist, in their order; with want, with those properties only.
func (s *session) load(nums []int64, want func(string) bool, got func(num int64, n graph.Node) error) error {
	return s.ask(nodesByNum, numbers(nums), func(stmt *sqlite.Stmt) error {
		row := nodeRow{
			num: stmt.ColumnInt64(0), id: graph.ID(stmt.ColumnText(1)), version: stmt.ColumnInt64(2),
			created: stmt.ColumnInt64(3), updated: stmt.ColumnInt64(4), props: s.blob(stmt, 5),
		}
		n, err := s.node(row, want)
		if err != nil {
			return err
		}
		return got(row.num, n)
	})
}

// loadBare is load without properties.
func (s *session) loadBare(nums []int64, got func(num int64, n graph.Node) error) error {
	return s.ask(bareByNum, numbers(nums), func(stmt *sqlite.Stmt) error {
		num := stmt.ColumnInt64(0)
		kind, err := s.kindName(num)
		if err != nil {
			return err
		}
		return got(num, graph.Node{
			ID: graph.ID(stmt.ColumnText(1)), Kind: kind, Props: graph.Props{}, Version: stmt.ColumnInt64(2),
			Created: fromMicros(stmt.ColumnInt64(3)), Updated: fromMicros(stmt.ColumnInt64(4)),
		})
	})
}

// loadAll returns the nodes of these numbers in their order.
func (s *session) loadAll(nums []int64) ([]graph.Node, error) {
	out := make([]graph.Node, 0, len(nums))
	err := s.load(nums, nil, func(_ int64, n graph.Node) error {
		out = append(out, n)
		return nil
	})
	return out, err
}

// numsOf returns the numbers of nodes in the order of ids; 0 for those that don't exist.
func (s *session) numsOf(ids []graph.ID) ([]int64, error) {
	out := make([]int64, len(ids))
	err := s.ask(numsByID, idArguments(ids), func(stmt *sqlite.Stmt) error {
		out[stmt.ColumnInt64(0)] = stmt.ColumnInt64(1)
		return nil
	})
	return out, err
}

// existing returns the numbers of the nodes that exist, in the order of ids.
func (s *session) existing(ids []graph.ID) ([]int64, error) {
	nums, err := s.numsOf(ids)
	return slices.DeleteFunc(nums, func(num int64) bool { return num == 0 }), err
}

// idsOf adds the ids of nodes to a map that may hold some already.
func (s *session) idsOf(nums []int64, ids map[int64]graph.ID) error {
	var unknown []int64
	for _, num := range nums {
		if _, ok := ids[num]; !ok {
			unknown = append(unknown, num)
			ids[num] = "" // asked for once
		}
	}
	return s.ask(idsByNum, numbers(unknown), func(stmt *sqlite.Stmt) error {
		ids[stmt.ColumnInt64(0)] = graph.ID(stmt.ColumnText(1))
		return nil
	})
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
