// Package inbox holds the pages on which people decide what others ask for: the list of what waits beside one item with all
// that a decision is made on, the forms that decide, and a decision shown again.
package inbox

import (
	"strconv"

	"weir/views/link"
	"weir/views/ui"
)

// List is what waits for the reader.
type List struct {
	Rows []Row
	At   link.InboxPage // the part that is shown
	Next string         // address of the next part; "" if there is none
	// Cut tells that the reader belongs to more teams and roles than a list has room for.
	Cut bool
	// Found tells that the list answers a search.
	Found bool
}

// Row is an item in the list.
type Row struct {
	ID, Href  string
	Who       ui.Owner // who asks
	What      string   // "Customer 360, reading in clear text"
	More      string   // "for Growth, 30 days"
	Sensitive int      // columns into which something sensitive flows in clear text
	Due       Due
	Stuck     bool // nobody can decide it
	Partial   bool // some have approved already
	Current   bool
}

// Due is by when somebody has to decide.
type Due struct {
	When ui.When
	Left string // "1 d 4 h left"; "" if there is no such time
	Soon bool
}

// Page is the list with one item beside it, or with none.
type Page struct {
	List   List
	Detail *Detail // nil: none is chosen
	Notice Notice  // what came of the decision before
}

// Notice says what was done, with a way to look at it.
type Notice struct {
	Text string // "" is none
	Link ui.Link
	Tone ui.Tone
}

// count is how many wait, as the head of the list says it.
func (l List) count() string {
	n := strconv.Itoa(len(l.Rows))
	if l.Next != "" {
		return n + "+"
	}
	return n
}

func (l List) sortedBy(by string) string {
	at := l.At
	at.Sort, at.After = by, ""
	return link.InboxList(at)
}

func (l List) sorted(by string) bool { return l.At.Sort == by || l.At.Sort == "" && by == "due" }

// current is the index of the row that is shown; -1 if none of the rows is.
func (p Page) current() int {
	for i, r := range p.List.Rows {
		if r.Current {
			return i
		}
	}
	return -1
}

// beside is the address of the row so many after the one that is shown, or before it; "" if there is none.
func (p Page) beside(by int) string {
	i := p.current()
	if i < 0 || i+by < 0 || i+by >= len(p.List.Rows) {
		return ""
	}
	return p.List.Rows[i+by].Href
}

// NextItem is the item to go on with after a decision: the following one, else the one before; "" if there is none.
func (p Page) NextItem() string {
	i := p.current()
	switch {
	case i >= 0 && i+1 < len(p.List.Rows):
		return p.List.Rows[i+1].ID
	case i > 0:
		return p.List.Rows[i-1].ID
	case i < 0 && len(p.List.Rows) > 0:
		return p.List.Rows[0].ID
	}
	return ""
}

func (p Page) position() string {
	i := p.current()
	if i < 0 {
		return ""
	}
	return strconv.Itoa(i+1) + " of " + p.List.count()
}

// lead says how it stands where no item is chosen.
func (p Page) lead() string {
	first := p.List.Rows[0]
	text := ui.Count(len(p.List.Rows), "request waits", "requests wait") + " for you here."
	if first.Due.Left != "" && p.List.sorted("due") {
		text += " For the first: " + first.Due.Left + "."
	}
	return text
}
