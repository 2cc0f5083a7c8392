package lineage

import (
	"weir/views/link"
	"weir/views/ui"
)

// Page is the whole page of a lineage: figures, filters, picture, table, paths in words, time.
type Page struct {
	// Root is the id of what the picture starts from, Title its name.
	Root   string
	Title  string
	Query  link.LineageQuery
	Crumbs []ui.Link
	Totals []Total
	// Partial says why something is missing; empty when all is there.
	Partial string
	Chips   []ui.Chip
	Selects []FilterSelect
	// MaxDepth is the largest number of steps to choose, at least 1.
	MaxDepth  int
	Picture   Picture
	Twin      []TwinRow
	TwinPager ui.Pager
	Paths     []Path
	MorePaths ui.Link
	Time      TimeBar
	// Later is where the versions are, when they are not part of the page: a script fetches them, others follow the link.
	Later string
	// Impact is the list of all that depends on the root.
	Impact string
}

// FilterSelect is one filter with its values; the first is usually "any".
type FilterSelect struct {
	Name    string
	Label   string
	Options []SelectOption
}

// SelectOption is one value of a select.
type SelectOption struct {
	Value string
	Label string
	On    bool
}

// TwinRow is one line of the table twin. Steps is negative upstream, 0 for the root.
type TwinRow struct {
	Steps  int
	Name   ui.Link
	Kind   string
	Level  ui.Level
	Stamps []ui.Stamp
	Owner  ui.Owner
	Domain ui.Link
	// Through are the jobs of the last step in words: "clean_names; mask_email (masks)".
	Through     string
	Hidden      bool
	Unconfirmed bool
}

// TimeBar moves through the versions of a lineage. Versions run from the oldest to the newest.
type TimeBar struct {
	// Shown is the moment of the picture in words: "Today, 06:52".
	Shown    string
	Versions []Version
	// At is the index of the version shown.
	At int
	// Compare leads to the comparison with another version: "Compare with 1 Nov: 2 added, 1 gone".
	Compare ui.Link
	// Comparing leads out of a comparison; empty when nothing is compared.
	Comparing ui.Link
}

// Version is one state of the lineage. Big marks those where something sensitive changed.
type Version struct {
	Label string
	Href  string
	// Place is where its tick stands, 0 to 1, by time.
	Place float64
	Big   bool
}

// directions are the choices of the segmented control.
var directions = []SelectOption{{Value: "upstream", Label: "Upstream"}, {Value: "", Label: "Both"}, {Value: "downstream", Label: "Downstream"}}

// ownFields are what the filter form sends itself; the rest is carried along.
func (p Page) ownFields() []string {
	own := []string{"direction", "depth", "mode", "jobs", "indirect", "after"}
	for _, s := range p.Selects {
		own = append(own, s.Name)
	}
	return own
}

func (p Page) depth() int {
	if p.Query.Depth < 1 {
		return 1
	}
	return p.Query.Depth
}

// view is how the page shows itself; "auto" leaves it to the width of the screen.
func (p Page) view() string {
	if p.Query.View == "table" || p.Query.View == "picture" {
		return p.Query.View
	}
	return "auto"
}

// views are the two links of the switch; table says which of them is current.
func (p Page) views(table bool) []ui.Option {
	return []ui.Option{
		{Label: "Picture", Icon: "waypoints", Href: link.Lineage(p.Root, p.Query.As("picture")), Current: !table},
		{Label: "Table", Icon: "table-2", Href: link.Lineage(p.Root, p.Query.As("table")), Current: table},
	}
}

func (r TwinRow) steps() string {
	switch {
	case r.Steps < 0:
		return "−" + ui.Number(int64(-r.Steps))
	case r.Steps > 0:
		return "+" + ui.Number(int64(r.Steps))
	}
	return "0"
}

// tick is where a version stands in a strip of 1,000 units.
func (v Version) tick() string { return px(v.Place*999 + 0.5) }

func (v Version) height() string {
	if v.Big {
		return "9"
	}
	return "5"
}

// neighbour is the version some steps away, or the zero value beyond the ends.
func (t TimeBar) neighbour(steps int) Version {
	i := t.At + steps
	if i < 0 || i >= len(t.Versions) {
		return Version{}
	}
	return t.Versions[i]
}

// newestFirst is the order of the list.
func (t TimeBar) newestFirst() []Version {
	all := make([]Version, 0, len(t.Versions))
	for i := len(t.Versions) - 1; i >= 0; i-- {
		all = append(all, t.Versions[i])
	}
	return all
}
