package layout

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// ErrGraph is wrapped by every error of this package.
var ErrGraph = errors.New("layout: bad graph")

// maxLayer bounds layers that are given from outside, so that a wrong one
// can't ask for millions of waypoints.
const maxLayer = 1_000

// maxSize bounds widths and heights, far from any overflow.
const maxSize = 1_000_000

// chart is a layout in progress. Nodes and arcs are sorted by ID and from then
// on known by their index, which makes every later step independent of the
// order of the input.
type chart struct {
	space  Spacing
	nodes  []Node
	arcs   []arc
	before *Picture
	prev   []Box // by node; meaningful where kept
	kept   []bool
	layer  []int // by node
	items  []item
	levels []level
}

// arc is an edge between node indexes; fromY and toY are where it attaches,
// measured from the tops of the nodes.
type arc struct {
	id         string
	from, to   int
	fromY, toY int
	// chain holds the items the arc passes, left to right. It is empty for an
	// arc within one level, which is drawn as a bracket.
	chain    []int
	backward bool // drawn from right to left
}

// rank counts levels: twice the layer for cards, the odd number between for
// the pills of the gap at its right.
func (c *chart) rank(node int) int {
	if c.nodes[node].Pill {
		return 2*c.layer[node] + 1
	}
	return 2 * c.layer[node]
}

func newChart(g Graph) (*chart, error) {
	c := &chart{space: g.Spacing, before: g.Prev, nodes: slices.Clone(g.Nodes)}
	if c.space == (Spacing{}) {
		c.space = DefaultSpacing
	}
	slices.SortStableFunc(c.nodes, func(a, b Node) int { return cmp.Compare(a.ID, b.ID) })
	index := make(map[string]int, len(c.nodes))
	for i, n := range c.nodes {
		if err := checkNode(n); err != nil {
			return nil, err
		}
		if _, twice := index[n.ID]; twice {
			return nil, fmt.Errorf("%w: node %q is listed twice", ErrGraph, n.ID)
		}
		index[n.ID] = i
	}
	c.layer = make([]int, len(c.nodes))
	if err := c.addArcs(g.Edges, index); err != nil {
		return nil, err
	}
	return c, c.addPrev()
}

func checkNode(n Node) error {
	if n.ID == "" {
		return fmt.Errorf("%w: a node has no ID", ErrGraph)
	}
	if n.Width < 1 || n.Height < 1 || n.Width > maxSize || n.Height > maxSize {
		return fmt.Errorf("%w: node %q measures %d by %d", ErrGraph, n.ID, n.Width, n.Height)
	}
	if n.HasLayer && (n.Layer > maxLayer || n.Layer < -maxLayer) {
		return fmt.Errorf("%w: node %q wishes layer %d", ErrGraph, n.ID, n.Layer)
	}
	for _, p := range n.Ports {
		if p.Y < 0 || p.Y > n.Height {
			return fmt.Errorf("%w: port %q of node %q is outside at %d", ErrGraph, p.ID, n.ID, p.Y)
		}
	}
	return nil
}

func (c *chart) addArcs(edges []Edge, index map[string]int) error {
	sorted := slices.Clone(edges)
	slices.SortStableFunc(sorted, func(a, b Edge) int { return cmp.Compare(a.ID, b.ID) })
	ports := make([]map[string]int, len(c.nodes))
	for i, n := range c.nodes {
		ports[i] = make(map[string]int, len(n.Ports))
		for _, p := range n.Ports {
			ports[i][p.ID] = p.Y
		}
	}
	for i, e := range sorted {
		if i > 0 && sorted[i-1].ID == e.ID {
			return fmt.Errorf("%w: edge %q is listed twice", ErrGraph, e.ID)
		}
		from, okFrom := index[e.From]
		to, okTo := index[e.To]
		if !okFrom || !okTo {
			return fmt.Errorf("%w: edge %q joins %q and %q, which are not both nodes", ErrGraph, e.ID, e.From, e.To)
		}
		c.arcs = append(c.arcs, arc{
			id: e.ID, from: from, to: to,
			fromY: c.attach(from, ports[from], e.FromPort),
			toY:   c.attach(to, ports[to], e.ToPort),
		})
	}
	c.fanParallel()
	return nil
}

func (c *chart) attach(node int, ports map[string]int, port string) int {
	if y, ok := ports[port]; ok {
		return y
	}
	return min(c.nodes[node].Height, c.space.Head) / 2
}

// fanParallel moves the ends of arcs with the same two ends apart, so that
// none hides another.
func (c *chart) fanParallel() {
	type ends struct{ from, to, fromY, toY int }
	groups := make(map[ends][]int)
	for i, a := range c.arcs {
		k := ends{a.from, a.to, a.fromY, a.toY}
		groups[k] = append(groups[k], i)
	}
	for _, group := range groups {
		for i, a := range group {
			arc := &c.arcs[a]
			arc.fromY += fan(i, len(group), arc.fromY, c.nodes[arc.from].Height)
			arc.toY += fan(i, len(group), arc.toY, c.nodes[arc.to].Height)
		}
	}
}

// fan is the shift of the i-th of n arcs that attach at y of a node. The fan
// stays 6 pixels high on either side, and within the node.
func fan(i, n, y, height int) int {
	room := min(6, y, height-y)
	if n < 2 || room < 1 {
		return 0
	}
	return 2*room*i/(n-1) - room
}

func (c *chart) addPrev() error {
	c.prev = make([]Box, len(c.nodes))
	c.kept = make([]bool, len(c.nodes))
	if c.before == nil {
		return nil
	}
	boxes := c.before.ByID()
	for i, n := range c.nodes {
		b, ok := boxes[n.ID]
		if !ok || b.Pill != n.Pill {
			continue
		}
		if b.Layer > maxLayer || b.Layer < -maxLayer {
			return fmt.Errorf("%w: node %q was in layer %d", ErrGraph, n.ID, b.Layer)
		}
		c.prev[i], c.kept[i] = b, true
	}
	return nil
}

func (c *chart) hasKept() bool { return slices.Contains(c.kept, true) }
