package layout

// keepBoxes gives the kept nodes their old heights.
func (k *keeper) keepBoxes() {
	for id := range k.c.items {
		it := &k.c.items[id]
		if it.node >= 0 && k.c.kept[it.node] {
			old := k.c.prev[it.node]
			it.y, k.oldH[id], k.known[id] = old.Y, old.H, true
		}
	}
}

// keepWaypoints lets arcs whose ends are where they were pass the levels
// between as before. When a layer is opened the levels of the two pictures
// don't match any more, and all ways are found anew.
func (k *keeper) keepWaypoints() {
	for v, kept := range k.c.kept {
		if kept && k.c.layer[v] != k.c.prev[v].Layer {
			return
		}
	}
	columns := k.oldColumns()
	routes := make(map[string]Route, len(k.c.before.Routes))
	for _, r := range k.c.before.Routes {
		routes[r.ID] = r
	}
	for _, a := range k.c.arcs {
		r, ok := routes[a.id]
		if !ok || len(a.chain) < 3 || !k.c.kept[a.from] || !k.c.kept[a.to] {
			continue
		}
		for _, id := range a.chain[1 : len(a.chain)-1] {
			column, ok := columns[k.c.levels[k.c.items[id].level].rank]
			if !ok {
				continue
			}
			if y, ok := r.levelAt(column); ok {
				k.c.items[id].y, k.known[id] = y, true
			}
		}
	}
}

// oldColumns returns a place in the middle of each level of the earlier
// picture, by rank.
func (k *keeper) oldColumns() map[int]int {
	middle := make(map[int]int)
	widest := make(map[int]int)
	for _, b := range k.c.before.Boxes {
		rank := 2 * b.Layer
		if b.Pill {
			rank++
		}
		if b.W > widest[rank] {
			widest[rank], middle[rank] = b.W, b.X+b.W/2
		}
	}
	return middle
}

// levelAt is the height at which the route passes a place on a level line.
func (r Route) levelAt(x int) (y int, ok bool) {
	from := r.Start
	for _, s := range r.Segments {
		if s.Line && min(from.X, s.To.X) <= x && x <= max(from.X, s.To.X) {
			return s.To.Y, true
		}
		from = s.To
	}
	return 0, false
}
