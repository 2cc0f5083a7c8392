package web

import (
	"slices"
	"strings"

	"weir/catalog"
	"weir/catalog/lineage"
	"weir/graph"
)

// findMasked works out which classes reach a column masked only: they end at a masking edge, and the masked value goes on
// from there.
func (p *picture) findMasked() {
	p.masked = map[graph.ID][]graph.ID{}
	for changed := true; changed; {
		changed = false
		for _, e := range p.ColumnEdges {
			if e.Kind == catalog.RelAffects {
				continue
			}
			from := p.masked[e.From]
			if e.Masked() {
				from = slices.Concat(from, p.has(e.From))
			}
			for _, class := range from {
				if !slices.Contains(p.has(e.To), class) && !slices.Contains(p.masked[e.To], class) {
					p.masked[e.To] = append(p.masked[e.To], class)
					changed = true
				}
			}
		}
	}
}

// findPath works out what stands out: the ways of a column, or the ways between the root and a node.
func (p *picture) findPath() {
	focus := graph.ID(p.q.Focus)
	if c, ok := p.column[focus]; ok {
		p.path = map[graph.ID]bool{focus: true, c.Dataset: true}
		p.follow(focus, p.ColumnEdges, func(e lineage.Edge) (graph.ID, graph.ID) { return e.From, e.To })
		p.follow(focus, p.ColumnEdges, func(e lineage.Edge) (graph.ID, graph.ID) { return e.To, e.From })
		return
	}
	if _, ok := p.nodes[focus]; !ok || strings.HasPrefix(p.q.Focus, openGroup+".") {
		return
	}
	p.path = map[graph.ID]bool{focus: true, p.Root: true}
	from, to := p.reach(p.Root, p.out, true), p.reach(focus, p.in, false)
	if !from[focus] {
		from, to = p.reach(p.Root, p.in, false), p.reach(focus, p.out, true)
	}
	for id := range from {
		if to[id] {
			p.path[id] = true
		}
	}
}

// follow adds the columns that edges lead to, one way, with their datasets and the jobs between.
func (p *picture) follow(start graph.ID, edges []lineage.Edge, ends func(lineage.Edge) (near, far graph.ID)) {
	level := []graph.ID{start}
	seen := map[graph.ID]bool{start: true}
	for len(level) > 0 {
		var next []graph.ID
		for _, e := range edges {
			near, far := ends(e)
			if !slices.Contains(level, near) {
				continue
			}
			p.path[far], p.path[p.column[far].Dataset] = true, true
			for _, job := range e.Via {
				p.path[job] = true
			}
			if !seen[far] {
				seen[far] = true
				next = append(next, far)
			}
		}
		level = next
	}
}

// reach are the nodes that edges lead to from a node, itself too.
func (p *picture) reach(start graph.ID, edges map[graph.ID][]lineage.Edge, forward bool) map[graph.ID]bool {
	seen := map[graph.ID]bool{start: true}
	level := []graph.ID{start}
	for len(level) > 0 {
		var next []graph.ID
		for _, id := range level {
			for _, e := range edges[id] {
				far := e.From
				if forward {
					far = e.To
				}
				if !seen[far] {
					seen[far] = true
					next = append(next, far)
				}
			}
		}
		level = next
	}
	return seen
}

// dim tells whether something steps back because a path stands out.
func (p *picture) dim(ids ...graph.ID) bool {
	return p.path != nil && slices.ContainsFunc(ids, func(id graph.ID) bool { return !p.path[id] })
}
