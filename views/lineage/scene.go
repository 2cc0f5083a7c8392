package lineage

import (
	"fmt"

	"weir/views/lineage/layout"
)

// Scene is what a picture shows before anything has a place: cards, jobs and the links between them.
type Scene struct {
	// Name and Live are those of the picture.
	Name  string
	Live  bool
	Cards []Card
	Jobs  []Job
	Links []Link
}

// Card is a box without coordinates; the Y of its rows is not read.
type Card struct {
	Box
	// Step is its distance from the root in cards: negative upstream, 0 for the root.
	Step int
}

// Job is a pill without coordinates. It stands behind the layer of the given step.
type Job struct {
	Pill
	Step int
}

// Link is an edge without its path. FromRow and ToRow are the ids of the rows that it joins; a row that is not shown
// ends at the row of the columns that are not shown, or else at the head.
type Link struct {
	Edge
	FromRow string
	ToRow   string
}

// Laid is a picture with the layout it came from, which the next picture can be laid out to resemble.
type Laid struct {
	Picture Picture
	Layout  layout.Picture
}

// Lay gives everything a place. With prev, what the reader looks at now, boxes that stay keep theirs; it may be nil.
// The only errors are mistakes in the scene, such as a link to a card that is not there; they wrap layout.ErrGraph.
func (s Scene) Lay(prev *layout.Picture) (Laid, error) {
	laid, err := layout.Compute(s.graph(prev))
	if err != nil {
		return Laid{}, err
	}
	drawn := laid.AtOrigin()
	boxes := drawn.ByID()
	p := Picture{Name: s.Name, Live: s.Live, Width: float64(drawn.Width), Height: float64(drawn.Height)}
	for _, c := range s.Cards {
		p.Boxes = append(p.Boxes, c.place(boxes[c.ID]))
	}
	for _, j := range s.Jobs {
		p.Pills = append(p.Pills, j.place(boxes[j.ID]))
	}
	p.Edges = s.route(drawn)
	return Laid{Picture: p, Layout: laid}, nil
}

func (s Scene) graph(prev *layout.Picture) layout.Graph {
	g := layout.Graph{Prev: prev}
	for _, c := range s.Cards {
		g.Nodes = append(g.Nodes, c.node())
	}
	for _, j := range s.Jobs {
		g.Nodes = append(g.Nodes, layout.Node{
			ID: j.ID, Width: int(PillWidth(j.Title)) + 1, Height: PillHeight, Layer: j.Step, HasLayer: true, Pill: true,
		})
	}
	ports := s.ports()
	for i, l := range s.Links {
		g.Edges = append(g.Edges, layout.Edge{
			ID: linkID(i), From: l.From, FromPort: ports.find(l.From, l.FromRow), To: l.To, ToPort: ports.find(l.To, l.ToRow),
		})
	}
	return g
}

// linkID keeps the order of the links, so that the same scene gives the same picture.
func linkID(i int) string { return fmt.Sprintf("e%06d", i) }

// node is the card as the layout sees it: its size, and a port in the middle of each row.
func (c Card) node() layout.Node {
	n := layout.Node{ID: c.ID, Width: CardWidth, Height: HeadHeight, Layer: c.Step, HasLayer: true}
	for _, r := range c.Rows {
		n.Ports = append(n.Ports, layout.Port{ID: r.ID, Y: n.Height + RowHeight/2})
		n.Height += RowHeight
	}
	if c.More != nil {
		n.Ports = append(n.Ports, layout.Port{ID: c.More.ID, Y: n.Height + MoreHeight/2})
		n.Height += MoreHeight
	}
	return n
}

func (c Card) place(at layout.Box) Box {
	b := c.Box
	b.X, b.Y, b.W, b.H = float64(at.X), float64(at.Y), float64(at.W), float64(at.H)
	b.Rows = make([]Row, len(c.Rows))
	y := b.Y + HeadHeight
	for i, r := range c.Rows {
		r.Y = y
		y += RowHeight
		b.Rows[i] = r
	}
	if c.More != nil {
		more := *c.More
		more.Y = y
		b.More = &more
	}
	return b
}

func (j Job) place(at layout.Box) Pill {
	p := j.Pill
	p.X, p.Y, p.W, p.H = float64(at.X), float64(at.Y), float64(at.W), float64(at.H)
	return p
}

// portIndex knows the rows of each card, and the row for those that are not shown.
type portIndex map[string]map[string]string

func (s Scene) ports() portIndex {
	index := portIndex{}
	for _, c := range s.Cards {
		rows := map[string]string{}
		for _, r := range c.Rows {
			rows[r.ID] = r.ID
		}
		if c.More != nil {
			rows[""] = c.More.ID
		}
		index[c.ID] = rows
	}
	return index
}

// find is the port where a link to the row attaches; without a row it is the head.
func (p portIndex) find(card, row string) string {
	if row == "" {
		return ""
	}
	if port, shown := p[card][row]; shown {
		return port
	}
	return p[card][""]
}

func (s Scene) route(drawn layout.Picture) []Edge {
	paths := make(map[string]string, len(drawn.Routes))
	for _, r := range drawn.Routes {
		paths[r.ID] = r.Path()
	}
	ports := s.ports()
	edges := make([]Edge, len(s.Links))
	for i, l := range s.Links {
		e := l.Edge
		e.D = paths[linkID(i)]
		// The keys move between what an edge touches: the row where it is shown, else the whole card.
		if port := ports.find(l.From, l.FromRow); port != "" {
			e.From = port
		}
		if port := ports.find(l.To, l.ToRow); port != "" {
			e.To = port
		}
		edges[i] = e
	}
	return edges
}
