package lineage

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"weir/errs"
	"weir/graph"
)

// impactRows are all rows in order. What is hidden is sorted without its name, or its place would tell it.
func impactRows(r *reach, v veil) []ImpactRow {
	var rows []ImpactRow
	for _, n := range r.sorted() {
		if n.Side == SideRoot {
			continue
		}
		row := ImpactRow{Node: n}
		if v.hides(n.ID) {
			row.Node = Node{ID: v.id(n.ID), Depth: n.Depth, Side: n.Side, Hidden: true, Count: n.Count}
		} else {
			row.Name, _ = n.Node.Props[propName].(string)
			domain, _ := n.Node.Props[propDomain].(string)
			row.Domain = graph.ID(domain)
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, byName)
	return rows
}

func byName(a, b ImpactRow) int {
	return cmp.Or(cmp.Compare(a.Depth, b.Depth), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
}

// question identifies the list for its cursors.
func (q ImpactQuery) question(root graph.ID) string {
	f := q.Filter
	return "impact " + string(root) + " " + strconv.Itoa(q.Depth) + " " + strconv.FormatBool(q.Indirect) + " " +
		stamp(q.AsOf, q.KnownAt, f.Since, f.Until) + joined(f.Kinds) + joined(f.Owners) + joined(f.Domains) + joined(f.Classes) +
		joined(f.Classifications)
}

func stamp(times ...time.Time) string {
	var out string
	for _, t := range times {
		out += strconv.FormatInt(t.UnixMicro(), 10) + " "
	}
	return out
}

func joined[S ~string](in []S) string {
	var out string
	for _, v := range in {
		out += strconv.Quote(string(v))
	}
	return out + ";"
}

// after are the rows behind a cursor's position.
func after(rows []ImpactRow, question, cursor string) ([]ImpactRow, error) {
	position, err := graph.ParseCursor(question, cursor)
	if err != nil || position == nil {
		return rows, err
	}
	depth, err := strconv.Atoi(position[0])
	if err != nil || len(position) != 3 {
		return nil, errs.Bad("after", "is not a cursor of this list; begin again without it.")
	}
	last := ImpactRow{Node: Node{Depth: depth, ID: graph.ID(position[2])}, Name: position[1]}
	i, found := slices.BinarySearchFunc(rows, last, byName)
	if found {
		i++
	}
	return rows[i:], nil
}
