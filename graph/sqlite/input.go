package sqlite

import (
	"slices"

	"zombiezen.com/go/sqlite"
)

// input is a table of a statement's arguments, one row for each of many questions. To start a statement costs five
// times as much as to find a row, so what is asked of many nodes or edges is asked at once:
//
//	SELECT … FROM input CROSS JOIN edge e ON e.src = input.a …
//
// CROSS JOIN keeps the order: answers come in the order of the arguments. input.rowid is the number of the question.
type input struct{ args arguments }

// arguments are rows of so many values each.
type arguments struct {
	width  int
	values []sqlite.Value
}

func (a *arguments) rows() int {
	if a.width == 0 {
		return 0
	}
	return len(a.values) / a.width
}

// add appends a row.
func (a *arguments) add(row ...sqlite.Value) {
	a.width = len(row)
	if cap(a.values)-len(a.values) < len(row) {
		a.values = slices.Grow(a.values, max(len(a.values), 32*len(row)))
	}
	a.values = append(a.values, row...)
}

// numbers are arguments of one column.
func numbers(nums []int64) arguments {
	values := make([]sqlite.Value, len(nums))
	for i, num := range nums {
		values[i] = sqlite.IntegerValue(num)
	}
	return arguments{1, values}
}

// ask runs a statement that reads input, with these arguments in it.
func (s *session) ask(query string, args arguments, row func(*sqlite.Stmt) error, bound ...any) error {
	if args.rows() == 0 {
		return nil
	}
	s.in.args = args
	return s.each(query, row, bound...)
}

// inputTable has as many columns as any statement needs.
const inputTable = "CREATE TABLE input(a, b, c, d, e, f, g, h, i)"

// module makes the table known to a connection.
func (in *input) module() *sqlite.Module {
	return &sqlite.Module{
		Connect: func(*sqlite.Conn, *sqlite.VTableConnectOptions) (sqlite.VTable, *sqlite.VTableConfig, error) {
			return in, &sqlite.VTableConfig{Declaration: inputTable}, nil
		},
	}
}

// BestIndex says that there is one way to read the table: all of it.
func (in *input) BestIndex(*sqlite.IndexInputs) (*sqlite.IndexOutputs, error) {
	return &sqlite.IndexOutputs{EstimatedCost: 100, EstimatedRows: 100}, nil
}

// Open begins to read.
func (in *input) Open() (sqlite.VTableCursor, error) { return &inputCursor{in: in}, nil }

// Disconnect has nothing to free.
func (in *input) Disconnect() error { return nil }

// Destroy has nothing to free.
func (in *input) Destroy() error { return nil }

// inputCursor reads the arguments that were there when its statement began.
type inputCursor struct {
	in   *input
	args arguments
	row  int
}

// Filter begins anew with the arguments of now.
func (c *inputCursor) Filter(sqlite.IndexID, []sqlite.Value) error {
	c.args, c.row = c.in.args, 0
	return nil
}

// Next goes to the next row.
func (c *inputCursor) Next() error {
	c.row++
	return nil
}

// Column returns an argument.
func (c *inputCursor) Column(i int, _ bool) (sqlite.Value, error) {
	return c.args.values[c.row*c.args.width+i], nil
}

// RowID numbers the rows.
func (c *inputCursor) RowID() (int64, error) { return int64(c.row), nil }

// EOF tells whether all rows were read.
func (c *inputCursor) EOF() bool { return c.row >= c.args.rows() }

// Close has nothing to free.
func (c *inputCursor) Close() error { return nil }
