package web

import (
	"slices"
	"strings"

	"weir/catalog"
	"weir/graph"
)

// canvas is what a picture shows after some of its nodes were unfolded: the layer of each.
type canvas struct {
	*picture
	open []string
	step map[graph.ID]int
	fold map[graph.ID]*fold // by member, and by folded job
}

// canvas shows the answer itself and what the first n unfolded nodes add.
func (p *picture) canvas(n int) *canvas {
	c := &canvas{picture: p, open: p.q.Open[:n], step: map[graph.ID]int{}, fold: map[graph.ID]*fold{}}
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

// layer is where a node of the answer stands: upstream negative, the root 0. A job is a pill between two layers and
// stands at the one on its left; a root that is a job shifts what is upstream of it.
func (p *picture) layer(id graph.ID) int {
	n := p.nodes[id]
	if id == p.Root {
		return 0
	}
	upstream := n.Side.String() == "UPSTREAM"
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
	for _, e := range c.in[id] {
		c.place(e.From, at-1)
		if !c.isJob(e.From) {
			continue
		}
		for _, further := range c.in[e.From] {
			c.place(further.From, at-1)
		}
	}
}

// growDown shows what is made of a node, one step.
func (c *canvas) growDown(id graph.ID) {
	at, ok := c.step[id]
	if !ok {
		return
	}
	for _, e := range c.out[id] {
		if !c.isJob(e.To) {
			c.place(e.To, at+1)
			continue
		}
		c.place(e.To, at)
		for _, further := range c.out[e.To] {
			c.place(further.To, at+1)
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
