// Package lineage draws lineage: the picture, its table twin, the paths in words, and the lists made from it.
//
// The picture is laid out before it comes here (views/lineage/layout); this package only paints boxes, pills and
// edges, each with a real link and a name that begins with the text that is seen.
package lineage

import (
	"slices"
	"strconv"
	"strings"

	"weir/views/ui"
)

// Geometry of the picture in pixels, which the layout has to keep to.
const (
	CardWidth  = 216
	HeadHeight = 48
	RowHeight  = 26
	MoreHeight = 24
	PillHeight = 22
	LayerGap   = 144
	// MarginLeft leaves room for the handles of the first layer, Margin is the room on the other sides.
	MarginLeft = 48
	Margin     = 24
)

// Picture is one drawn lineage. Coordinates are pixels from its upper left corner.
type Picture struct {
	// Name says what is seen: "Lineage of mart.customer_360, one step each way".
	Name   string
	Width  float64
	Height float64
	Boxes  []Box
	Pills  []Pill
	Edges  []Edge
	// Live replaces the page's picture when a link in it is followed; otherwise links are ordinary ones.
	Live bool
}

// Box is a card: a dataset, a consumer, a group of them, or something hidden from the reader.
type Box struct {
	ID   string
	Href string
	// Title is the name in full; it is cut to the card's width. Line is the second line: "Table, Customer data".
	Title string
	Line  string
	Icon  string
	Level ui.Level
	X     float64
	Y     float64
	W     float64
	H     float64
	Rows  []Row
	// More is the row for the columns that are not shown; nil for none.
	More    *Row
	Handles []Handle

	Root    bool
	Hidden  bool
	Group   bool
	Focused bool
	Dimmed  bool
	Added   bool
	Gone    bool
	// Says are further facts for the link's name: "receives unmasked PII".
	Says []string
}

// Row is one column in a card. Y is its upper edge.
type Row struct {
	ID    string
	Href  string
	Text  string
	Y     float64
	Stamp ui.Stamp
	// OnPath says that the row lies on the path that stands out.
	OnPath bool
	Dimmed bool
}

// Handle unfolds what is not shown: "+3". Upstream ones stand left of the head in the first layer, on the lower left
// corner elsewhere; others on the lower right corner.
type Handle struct {
	Href     string
	Count    int
	Upstream bool
}

// Pill is a transform between two layers.
type Pill struct {
	ID     string
	Href   string
	Title  string
	Icon   string
	X      float64
	Y      float64
	W      float64
	H      float64
	Masks  bool
	Hidden bool
	Dimmed bool
	Added  bool
	Gone   bool
}

// Edge is a line from one box or pill to another; D is its SVG path.
type Edge struct {
	From string
	To   string
	D    string
	// Indirect edges filter, join or sort; Sensitive ones carry a class in clear, Masked ones after its masking.
	Indirect    bool
	Sensitive   bool
	Masked      bool
	Unconfirmed bool
	Added       bool
	Gone        bool
	Dimmed      bool
}

// PillWidth is the width that a pill needs for its name.
func PillWidth(title string) float64 { return 25 + Width(pillText(title), 11, true) + 10 }

// pillText cuts a name to 12 letters, in the middle.
func pillText(title string) string {
	const most = 12
	runes := []rune(title)
	if len(runes) <= most {
		return title
	}
	return string(runes[:6]) + "…" + string(runes[len(runes)-5:])
}

// drawn is the edges in the order of painting: what carries sensitive data lies above all others.
func (p Picture) drawn() []Edge {
	edges := slices.Clone(p.Edges)
	rank := func(e Edge) int {
		switch {
		case e.Sensitive:
			return 2
		case e.Masked:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(edges, func(a, b Edge) int { return rank(a) - rank(b) })
	return edges
}

func (p Picture) viewBox() string { return "0 0 " + px(p.Width) + " " + px(p.Height) }

func (e Edge) class() string {
	return classes("edge", named{"indirect", e.Indirect}, named{"hot", e.Sensitive}, named{"cool", e.Masked && !e.Sensitive},
		named{"dim", e.Dimmed}, named{"unconfirmed", e.Unconfirmed}, named{"added", e.Added}, named{"gone", e.Gone})
}

// says is what a pointer over the edge tells; plain edges need no words.
func (e Edge) says() string {
	var words []string
	for _, w := range []named{{"carries sensitive data", e.Sensitive}, {"masked", e.Masked}, {"indirect: filters, joins or sorts", e.Indirect},
		{"unconfirmed: the last run did not state it", e.Unconfirmed}, {"added", e.Added}, {"gone", e.Gone}} {
		if w.on {
			words = append(words, w.name)
		}
	}
	return strings.Join(words, ", ")
}

func (b Box) class() string {
	return classes("", named{"root", b.Root}, named{"dim", b.Dimmed}, named{"focused", b.Focused}, named{"added", b.Added}, named{"gone", b.Gone})
}

// label begins with the text that is seen, in that order.
func (b Box) label() string {
	if b.Hidden {
		return b.title() + " " + b.line()
	}
	words := append([]string{b.title() + " " + b.line()}, inFull(b.title(), b.Title)...)
	if b.Level != "" && !b.Group {
		words = append(words, string(b.Level))
	}
	for _, w := range []named{{"the start of this picture", b.Root}, {"added", b.Added}, {"gone", b.Gone}} {
		if w.on {
			words = append(words, w.name)
		}
	}
	return strings.Join(append(words, b.Says...), ", ")
}

// title is the name as it fits between the icon and the gauge; an added card begins with "+".
func (b Box) title() string {
	room := b.W - 34 - 12
	if b.Level != "" || b.Group {
		room -= 20
	}
	if b.Added {
		return "+ " + Fit(b.Title, room-12, 13, true)
	}
	return Fit(b.Title, room, 13, true)
}

func (b Box) line() string { return Fit(b.Line, b.W-34-12, 11, false) }

// gauge is the four bars of the level, from the top.
func (b Box) gauge() []bar {
	bars := make([]bar, 4)
	for i := range bars {
		bars[i] = bar{class: "off", y: b.Y + 11.5 + 3.25*float64(i)}
		if i >= 4-b.Level.Bars() {
			bars[i].class = "lv-" + string(b.Level)
		}
	}
	return bars
}

type bar struct {
	class string
	y     float64
}

func (r Row) class() string {
	return classes("row", named{"row-on", r.OnPath && r.Stamp.How != ui.Masked}, named{"row-ok", r.OnPath && r.Stamp.How == ui.Masked})
}

// stamp is the word at the right end of a row.
func (r Row) stamp() string {
	if r.Stamp.How == ui.Masked {
		return "masked"
	}
	return strings.ToUpper(r.Stamp.Class)
}

func (r Row) stampClass() string {
	if r.Stamp.How == ui.Masked {
		return "k ok"
	}
	return "k " + r.Stamp.Class
}

func (r Row) text(width float64) string {
	return Fit(r.Text, width-24-Width(r.stamp(), 10.5, true)-8, 12, false)
}

func (r Row) label(box string, width float64) string {
	seen := r.text(width)
	if r.stamp() != "" {
		seen += " " + r.stamp()
	}
	words := append([]string{seen}, inFull(r.text(width), r.Text)...)
	return strings.Join(append(words, "column of "+box, "show its path"), ", ")
}

func (h Handle) label(box string) string {
	return "+" + strconv.Itoa(h.Count) + " " + h.side() + " of " + box + ", show"
}

func (h Handle) side() string {
	if h.Upstream {
		return "upstream"
	}
	return "downstream"
}

// corner is the upper left corner of the handle beside its box. Left of a box there is room in the first layer alone;
// elsewhere jobs stand there, and the upstream handle takes the lower left corner.
func (h Handle) corner(p Picture, b Box) (float64, float64) {
	switch {
	case !h.Upstream:
		return b.X + b.W - 15, b.Y + b.H - 12
	case p.first(b):
		return b.X - 38, b.Y + 12
	}
	return b.X - 15, b.Y + b.H - 12
}

// first tells whether a box is in the first layer.
func (p Picture) first(b Box) bool {
	return !slices.ContainsFunc(p.Boxes, func(other Box) bool { return other.X < b.X })
}

func (p Pill) label() string {
	words := append([]string{pillText(p.Title)}, inFull(pillText(p.Title), p.Title)...)
	words = append(words, "job")
	for _, w := range []named{{"masks", p.Masks}, {"added", p.Added}, {"gone", p.Gone}} {
		if w.on {
			words = append(words, w.name)
		}
	}
	return strings.Join(words, ", ")
}

func (p Pill) class() string { return classes("pill", named{"pill-mask", p.Masks}) }

func (p Pill) icon() string {
	switch {
	case p.Masks:
		return "shield-check"
	case p.Hidden:
		return "eye-off"
	case p.Icon == "":
		return "code-xml"
	}
	return p.Icon
}

// inFull adds the whole name where only a part of it is seen. What is seen comes first, so that a voice command for it
// works, and the tooltip comes right behind it, as in the markup.
func inFull(seen, full string) []string {
	if strings.HasSuffix(seen, full) {
		return nil
	}
	return []string{full}
}

type named struct {
	name string
	on   bool
}

// classes joins the names that are on.
func classes(base string, more ...named) string {
	all := []string{}
	if base != "" {
		all = append(all, base)
	}
	for _, m := range more {
		if m.on {
			all = append(all, m.name)
		}
	}
	return strings.Join(all, " ")
}

// px writes a coordinate with at most two digits after the point.
func px(v float64) string {
	text := strconv.FormatFloat(v, 'f', 2, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}
