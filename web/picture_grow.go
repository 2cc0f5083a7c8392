package web

import (
	"slices"
	"strings"

	"weir/catalog"
	"weir/catalog/lineage"
	"weir/graph"
)

// canvas is what a picture shows after some of its nodes were unfolded: the layer of each, and the edges that are drawn.
type canvas struct {
	*picture
	open []string
	step map[graph.ID]int
	fold map[graph.ID]*fold // by member, and by folded job
	// in and out hold the edges that are drawn. An answer that was asked for with more unfolded nodes knows of more edges
	// between the nodes that were there before; drawing them too early would move the picture under the reader's eyes.
	in, out map[graph.ID][]lineage.Edge
	drawn   map[ends]bool
}

// canvas shows the answer itself and what the first n unfolded nodes add.
func (p *picture) canvas(n int) *canvas {
	c := &canvas{
		picture: p, open: p.q.Open[:n], step: map[graph.ID]int{}, fold: map[graph.ID]*fold{},
		in: map[graph.ID][]lineage.Edge{}, out: map[graph.ID][]lineage.Edge{}, drawn: map[ends]bool{},
	}
	for _, e := range p.Edges {
		if p.plain(e) {
			c.draws(e)
		}
	}
	for _, node := range p.Nodes {
		if !node.Further {
			c.step[node.ID] = p.layer(node.ID)
		}
	}
	for _, token := range c.open {
		word, id, _ := strings.Cut(token, ".")
		switch word {
		case openUp:
			c.growUp(graph.ID(id))
		case openDown:
			c.growDown(graph.ID(id))
		}
	}
	c.foldGroups()
	return c
}

// plain tells whether an edge belongs to the answer before anything is unfolded: each side was walked for itself, so
// nothing but the root connects them.
func (p *picture) plain(e lineage.Edge) bool {
	from, to := p.nodes[e.From], p.nodes[e.To]
	across := from.Side == lineage.SideUpstream && to.Side == lineage.SideDownstream ||
		from.Side == lineage.SideDownstream && to.Side == lineage.SideUpstream
	return !from.Further && !to.Further && !across
}

// draws adds an edge to those that are drawn.
func (c *canvas) draws(e lineage.Edge) {
	if !c.drawn[endsOf(e)] {
		c.drawn[endsOf(e)] = true
		c.in[e.To] = append(c.in[e.To], e)
		c.out[e.From] = append(c.out[e.From], e)
	}
}

// layer is where a node of the answer stands: upstream negative, the root 0. A job is a pill between two layers and
// stands at the one on its left; a root that is a job shifts what is upstream of it.
func (p *picture) layer(id graph.ID) int {
	n := p.nodes[id]
	if id == p.Root {
		return 0
	}
	upstream := n.Side == lineage.SideUpstream
	shift := 0
	if upstream && p.isJob(p.Root) {
		shift = 1
	}
	switch {
	case p.isJob(id) && upstream:
		return -(n.Depth/2 + 1) + shift
	case p.isJob(id):
		return n.Depth / 2
	case upstream:
		return -(n.Depth+1)/2 + shift
	}
	return (n.Depth + 1) / 2
}

// growUp shows what a node is made from, one step.
func (c *canvas) growUp(id graph.ID) {
	at, ok := c.step[id]
	if !ok {
		return
	}
	for _, e := range c.picture.in[id] {
		c.place(e.From, at-1)
		c.draws(e)
		if !c.isJob(e.From) {
			continue
		}
		for _, further := range c.picture.in[e.From] {
			c.place(further.From, at-1)
			c.draws(further)
		}
	}
}

// growDown shows what is made of a node, one step.
func (c *canvas) growDown(id graph.ID) {
	at, ok := c.step[id]
	if !ok {
		return
	}
	for _, e := range c.picture.out[id] {
		c.draws(e)
		if !c.isJob(e.To) {
			c.place(e.To, at+1)
			continue
		}
		c.place(e.To, at)
		for _, further := range c.picture.out[e.To] {
			c.place(further.To, at+1)
			c.draws(further)
		}
	}
}

// place shows a node at a layer, unless it is shown already.
func (c *canvas) place(id graph.ID, layer int) {
	if _, ok := c.step[id]; !ok && len(c.step) < 2*maxPicture {
		c.step[id] = layer
	}
}

func (c *canvas) shows(id graph.ID) bool {
	_, ok := c.step[id]
	return ok
}

// ids are the nodes that are shown, in an order that is the same for the same answer.
func (c *canvas) ids() []graph.ID {
	out := make([]graph.ID, 0, len(c.step))
	for id := range c.step {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// hiddenUp and hiddenDown count the neighbours of a card that are not shown: behind it, and behind the jobs that are.
func (c *canvas) hiddenUp(id graph.ID) int {
	missing := c.nodes[id].In
	for _, e := range c.in[id] {
		if !c.shows(e.From) {
			continue
		}
		missing--
		if c.isJob(e.From) {
			missing += c.nodes[e.From].In
			for _, further := range c.in[e.From] {
				if c.shows(further.From) {
					missing--
				}
			}
		}
	}
	return missing
}

func (c *canvas) hiddenDown(id graph.ID) int {
	missing := c.nodes[id].Out
	for _, e := range c.out[id] {
		if !c.shows(e.To) {
			continue
		}
		missing--
		if c.isJob(e.To) {
			missing += c.nodes[e.To].Out
			for _, further := range c.out[e.To] {
				if c.shows(further.To) {
					missing--
				}
			}
		}
	}
	return missing
}

// isCard tells whether a node is drawn as a card: everything but jobs.
func (c *canvas) isCard(id graph.ID) bool { return c.assets[id].Kind != catalog.TransformType.Kind }
