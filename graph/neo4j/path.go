package neo4j

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"weir/graph"
)

// Path finds the length of the shortest path from both ends at once, then goes half the way from each end, and then
// back from the middle over those nodes only that lie on shortest paths. Listing all paths would be exponential.
func (r reader) Path(ctx context.Context, from, to graph.ID, w graph.Walk) ([][]graph.Edge, error) {
	p := pathFinder{reader: r, walk: w, moment: momentOf(w.At, w.Known), from: from, to: to}
	length, err := p.length(ctx)
	if err != nil || length == 0 {
		return nil, err
	}
	ahead, err := p.ball(ctx, from, w.Dir, (length+1)/2)
	if err != nil {
		return nil, err
	}
	behind, err := p.ball(ctx, to, 1-w.Dir, length/2)
	if err != nil {
		return nil, err
	}
	if err := p.join(ctx, ahead, behind, length); err != nil {
		return nil, err
	}
	p.step(from, nil)
	return p.found, nil
}

// pathFinder answers one Path.
type pathFinder struct {
	reader
	walk     graph.Walk
	moment   moment
	from, to graph.ID
	next     map[graph.ID]map[graph.ID]graph.Edge // from each node of a shortest path to the next ones
	found    [][]graph.Edge
}

// length is the number of edges of the shortest path; 0 when there is none.
func (p *pathFinder) length(ctx context.Context) (int, error) {
	params := p.moment.params()
	params["from"], params["to"] = string(p.from), string(p.to)
	rows, err := p.run(ctx, lengthStatement(p.walk, p.moment), params)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return int(number(rows[0][0])), nil
}

func lengthStatement(w graph.Walk, m moment) string {
	return `MATCH (a:_Node {_id: $from}) USING INDEX SEEK a:_Node(_id)
	MATCH (b:_Node {_id: $to}) USING INDEX SEEK b:_Node(_id)
	MATCH p = shortestPath((a)` + arrow(w.Dir, ":"+relTypes(w.Rels, m.past)+"*.."+strconv.Itoa(w.Depth)) + `(b))
	WHERE all(r IN relationships(p) WHERE ` + m.holds("r") + `)
	RETURN length(p)`
}

// ball are the nodes around one, with their distance.
func (p *pathFinder) ball(ctx context.Context, center graph.ID, dir graph.Dir, radius int) (map[graph.ID]int, error) {
	params := p.moment.params()
	params["from"] = string(center)
	rows, err := gathered(p.run(ctx, ballStatement(dir, p.walk.Rels, radius, p.moment), params))
	if err != nil {
		return nil, err
	}
	out := make(map[graph.ID]int, len(rows))
	for _, row := range rows {
		out[graph.ID(text(row[0]))] = int(number(row[1]))
	}
	return out, nil
}

func ballStatement(dir graph.Dir, rels []graph.Rel, radius int, m moment) string {
	return `MATCH (s:_Node {_id: $from}) USING INDEX SEEK s:_Node(_id)
	MATCH p = (s)` + arrow(dir, ":"+relTypes(rels, m.past)+"*0.."+strconv.Itoa(radius)) + `(n)
	WHERE all(r IN relationships(p) WHERE ` + m.holds("r") + `)
	WITH n, min(length(p)) AS depth
	RETURN collect([n._id, depth])`
}

// join collects the edges of all shortest paths: from the middle, where the balls meet, towards each end.
func (p *pathFinder) join(ctx context.Context, ahead, behind map[graph.ID]int, length int) error {
	half := (length + 1) / 2
	var middle []graph.ID
	for id, depth := range ahead {
		if left, ok := behind[id]; ok && depth == half && left == length-half {
			middle = append(middle, id)
		}
	}
	p.next = map[graph.ID]map[graph.ID]graph.Edge{}
	if err := p.descend(ctx, middle, 1-p.walk.Dir, ahead, half); err != nil {
		return err
	}
	return p.descend(ctx, middle, p.walk.Dir, behind, length-half)
}

// descend goes along dir to the center of a ball, one step nearer each time.
func (p *pathFinder) descend(ctx context.Context, ids []graph.ID, dir graph.Dir, ball map[graph.ID]int, distance int) error {
	for ; distance > 0; distance-- {
		edges, err := p.hop(ctx, ids, dir)
		if err != nil {
			return err
		}
		nearer := map[graph.ID]bool{}
		for _, e := range edges {
			end := far(e, dir)
			if depth, ok := ball[end]; ok && depth == distance-1 {
				nearer[end] = true
				p.keep(e)
			}
		}
		ids = slices.Sorted(maps.Keys(nearer))
	}
	return nil
}

// far is the end of an edge that dir leads to.
func far(e graph.Edge, dir graph.Dir) graph.ID {
	if dir == graph.In {
		return e.From
	}
	return e.To
}

// keep notes an edge of a shortest path; of parallel ones the smallest.
func (p *pathFinder) keep(e graph.Edge) {
	near, end := far(e, 1-p.walk.Dir), far(e, p.walk.Dir)
	if p.next[near] == nil {
		p.next[near] = map[graph.ID]graph.Edge{}
	}
	if old, ok := p.next[near][end]; !ok || compareEdges(e, old) < 0 {
		p.next[near][end] = e
	}
}

// hop are the edges of nodes along dir.
func (p *pathFinder) hop(ctx context.Context, ids []graph.ID, dir graph.Dir) ([]graph.Edge, error) {
	params := p.moment.params()
	params["ids"] = strs(ids)
	rows, err := gathered(p.run(ctx, hopStatement(dir, p.walk.Rels, p.moment), params))
	if err != nil {
		return nil, err
	}
	u := newUnpacker()
	edges := make([]graph.Edge, len(rows))
	for i, row := range rows {
		from, to := graph.ID(text(row[0])), graph.ID(text(row[1]))
		if dir == graph.In {
			from, to = to, from
		}
		edges[i] = u.edge(from, to, row[2])
	}
	return edges, u.err
}

func hopStatement(dir graph.Dir, rels []graph.Rel, m moment) string {
	return `UNWIND $ids AS id
	MATCH (n:_Node {_id: id}) USING INDEX SEEK n:_Node(_id)
	MATCH (n)` + arrow(dir, "r:"+relTypes(rels, m.past)) + `(b)
	WHERE ` + m.holds("r") + `
	RETURN collect([id, b._id, r._p])`
}

// step lists paths in the order of their ids until there are enough. Every step leads to the end.
func (p *pathFinder) step(id graph.ID, path []graph.Edge) {
	if id == p.to {
		p.found = append(p.found, slices.Clone(path))
		return
	}
	for _, next := range slices.Sorted(maps.Keys(p.next[id])) {
		if len(p.found) == p.walk.Paths {
			return
		}
		p.step(next, append(path, p.next[id][next]))
	}
}
