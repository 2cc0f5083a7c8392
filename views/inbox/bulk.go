package inbox

import (
	"weir/views/form"
	"weir/views/link"
	"weir/views/ui"
)

// Bulk asks once more before several items are decided, each by itself.
type Bulk struct {
	Do     string // approve or reject
	Rows   []BulkRow
	Left   []BulkRow // items that can't be decided so, with why
	At     link.InboxPage
	Reason string
	Errors form.Errors
}

// BulkRow is one of several items.
type BulkRow struct {
	ID, Version, Seen string
	Title             ui.Link
	Scope             string // "8 columns for 14 days"
	Risks             []Risk
	Changed           string
	Why               string // in Left
}

// Outcomes say what came of several decisions.
type Outcomes struct {
	Summary string // "12 approved, 1 has changed since you looked"
	Tone    ui.Tone
	Rows    []Outcome
	At      link.InboxPage
}

// Outcome is what came of one of them.
type Outcome struct {
	Title ui.Link
	Text  string
	Icon  string
	Tone  ui.Tone
}

func (b Bulk) title() string {
	n := ui.Count(len(b.Rows), "request", "requests")
	if b.Do == "reject" {
		return "Reject " + n
	}
	return "Approve " + n
}

func (b Bulk) lead() string {
	if b.Do == "reject" {
		return "Each is rejected by itself, with the reason that you write. It can't be undone; each can be asked for again."
	}
	return "Each is approved by itself, as asked, by what you see here. One that has changed meanwhile is left alone. It can't be undone."
}

func (b Bulk) variant() string {
	if b.Do == "reject" {
		return "destructive"
	}
	return "primary"
}

func (b Bulk) hidden() []link.Field {
	out := []link.Field{{Name: "do", Value: b.Do}}
	for _, f := range []link.Field{{Name: "q", Value: b.At.Text}, {Name: "sort", Value: b.At.Sort}, {Name: "after", Value: b.At.After}} {
		if f.Value != "" {
			out = append(out, f)
		}
	}
	for _, r := range b.Rows {
		out = append(out, link.Field{Name: "item", Value: r.ID}, link.Field{Name: "version", Value: r.Version}, link.Field{Name: "seen", Value: r.Seen})
	}
	return out
}

// Break asks once more before the glass is broken.
type Break struct {
	Detail Detail
	First  string // who has done it already; "" if nobody
}
