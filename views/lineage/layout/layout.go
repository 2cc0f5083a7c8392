// Package layout places the boxes of a lineage picture in layers from left to
// right and draws the edges between them.
//
// It is pure: the same graph gives the same picture, byte for byte, in
// whatever order its nodes and edges are listed and on every machine (all
// arithmetic is on whole pixels). It knows nothing of catalogs or markup.
//
// The steps are the classic ones of layered drawing, one file each: cycles are
// broken, layers assigned, long edges cut by waypoints, crossings reduced,
// heights settled, edges routed. When the positions of an earlier picture are
// given, the boxes that were in it keep their place instead.
package layout

// Graph is what is to be drawn. The order of Nodes and Edges has no meaning.
type Graph struct {
	// Nodes have distinct, non-empty IDs.
	Nodes []Node
	// Edges have distinct IDs and name nodes of the graph. Cycles, self-loops
	// and several edges between the same two nodes are allowed.
	Edges []Edge
	// Prev is the picture the reader looks at now, or nil. A node that is in it
	// keeps its height and moves sideways by at most one layer; an edge keeps
	// its way as long as both of its ends keep their places.
	Prev *Picture
	// Spacing holds the distances; the zero value means DefaultSpacing.
	Spacing Spacing
}

// Node is a box: a card that stands in a layer, or a pill (a transform) that
// stands in the gap between two layers.
type Node struct {
	ID string
	// Width and Height are in pixels, at least 1.
	Width, Height int
	// Ports are the rows at which edges may attach. Their IDs are distinct
	// within the node.
	Ports []Port
	// Layer is the wished layer if HasLayer is set: upstream negative, the root
	// 0, downstream positive. A node gives way, further from the root, when
	// an edge would otherwise not run from left to right, and layers in which
	// nothing stands are left out. For a pill it is the layer at its left.
	Layer    int
	HasLayer bool
	Pill     bool
}

// Port is a row of a node: Y is the distance in pixels from the node's top to
// the point where edges attach, within the node's height.
type Port struct {
	ID string
	Y  int
}

// Edge leads from the right side of From to the left side of To. An empty or
// unknown port means the middle of the node's head.
type Edge struct {
	ID             string
	From, FromPort string
	To, ToPort     string
}

// Spacing holds the distances of a picture, all in pixels.
type Spacing struct {
	// Layer is the least free width between the cards of two layers. A gap
	// grows if it has a pill too wide for it.
	Layer int
	// Card is the width of a layer in which no card stands.
	Card int
	// Node, Pill and Edge are the least free heights between two cards, two
	// pills and two edges that pass through a layer side by side.
	Node, Pill, Edge int
	// PillPad is the least free width between a pill and the layers beside it.
	PillPad int
	// Straight is the length for which a waypoint in a gap runs level.
	Straight int
	// Head is the height of a card's head, where edges without a port attach.
	Head int
	// MarginX and MarginY are left free around the picture.
	MarginX, MarginY int
}

// DefaultSpacing fits cards of 216 pixels with a head of 48.
var DefaultSpacing = Spacing{
	Layer: 144, Card: 216, Node: 32, Pill: 14, Edge: 14, PillPad: 22,
	Straight: 40, Head: 48, MarginX: 48, MarginY: 24,
}

// Picture is a finished layout. Boxes and Routes are sorted by ID.
type Picture struct {
	// MinX and MinY are the left and upper border: 0 in a picture made without
	// Prev. With Prev, coordinates stay in the frame of the earlier picture,
	// so that what grows to the left or upwards makes them negative.
	MinX, MinY int
	// Width and Height include the margins.
	Width, Height int
	Boxes         []Box
	Routes        []Route
}

// Box is where a node stands: X and Y are its upper left corner. Layer counts
// from the root (0); for a pill it is the layer at its left.
type Box struct {
	ID         string
	X, Y, W, H int
	Layer      int
	Pill       bool
}

// ByID returns the boxes by node ID.
func (p Picture) ByID() map[string]Box {
	m := make(map[string]Box, len(p.Boxes))
	for _, b := range p.Boxes {
		m[b.ID] = b
	}
	return m
}

// Compute lays the graph out. The only errors are mistakes in the graph: they
// wrap ErrGraph and say which node or edge is wrong.
func Compute(g Graph) (Picture, error) {
	c, err := newChart(g)
	if err != nil {
		return Picture{}, err
	}
	if len(c.nodes) == 0 {
		return Picture{Width: 2 * c.space.MarginX, Height: 2 * c.space.MarginY}, nil
	}
	if c.hasKept() {
		c.keepLayers()
		c.buildLevels()
		c.keepPlaces()
	} else {
		c.assignLayers()
		c.buildLevels()
		c.orderLevels()
		c.settleAll()
	}
	c.placeColumns()
	return c.picture(), nil
}
