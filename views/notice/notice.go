// Package notice holds what people are told, how they want to be told, and how it leaves the program.
package notice

import (
	"weir/views/form"
	"weir/views/layout"
	"weir/views/link"
	"weir/views/ui"
)

// List is what the reader was told.
type List struct {
	Rows   []Row
	Unread bool // only what he hasn't read
	Any    bool // there is something unread among Rows
	Pager  ui.Pager
}

// Row is one notification.
type Row struct {
	ID     string
	Kind   string // what it is about, in a word
	Title  string
	Body   string
	Href   string
	At     ui.When
	Unread bool
	Urgent bool
}

func (p List) views() []ui.Option {
	return []ui.Option{
		{Label: "All", Href: link.Notifications(), Current: !p.Unread},
		{Label: "Not read", Href: link.Unread(), Current: p.Unread},
	}
}

func (p List) empty() ui.Blank {
	if p.Unread {
		return ui.Blank{Title: "Nothing new", Text: "You have read everything that you were told.", Action: ui.Link{Text: "See all", Href: link.Notifications()}}
	}
	return ui.Blank{Title: "Nobody has told you anything yet", Text: "Here you find what waits for your decision, what became of your requests, and which grants end soon."}
}

// Operation is how the program tells the outside, and what it does by itself.
type Operation struct {
	Part   link.OperationPart
	Manage bool // the reader may change it

	Hooks    []Hook
	Made     Made
	Form     Form
	Result   string // of a test; "" if none was made
	ResultOK bool

	Rows  []Delivery
	State string
	Pager ui.Pager

	Jobs []Job
}

// Hook is a webhook.
type Hook struct {
	ID, Name, Host, Format string
	Kinds                  []string
	Off                    bool
	Since                  ui.When
}

// Made is the secret of a webhook that was just made: it is shown this once.
type Made struct{ Name, Secret string }

// Form adds a webhook.
type Form struct {
	Name, URL string
	Formats   []form.Option
	Kinds     []form.Option
	Errors    form.Errors
	Refused   string
}

// Delivery is something that is sent outside.
type Delivery struct {
	ID, To, Kind, State, Why string
	Tone                     ui.Tone
	Icon                     string
	Attempts                 string
	At, Next                 ui.When
	Again                    bool // it can be tried again
}

// Job is work that the program does by itself.
type Job struct {
	Name, Every, Holder, Error string
	Last                       ui.When
	Failures                   int64
}

func operationTabs(on link.OperationPart) []ui.Tab {
	var out []ui.Tab
	for _, t := range []struct {
		part  link.OperationPart
		label string
	}{{link.Webhooks, "Webhooks"}, {link.Deliveries, "Sent outside"}, {link.JobsPart, "Periodic work"}} {
		out = append(out, ui.Tab{Label: t.label, Href: link.Operation(t.part), Current: t.part == on})
	}
	return out
}

func (p Operation) states() []ui.Option {
	var out []ui.Option
	for _, s := range []struct{ state, label string }{{"", "All"}, {"pending", "Waiting"}, {"failed", "Failed"}, {"unknown", "Perhaps sent"}} {
		out = append(out, ui.Option{Label: s.label, Href: link.DeliveriesIn(s.state), Current: p.State == s.state})
	}
	return out
}

func head(title string, crumbs ...ui.Link) layout.Head {
	return layout.Head{Title: title, Section: layout.NotificationSection, Crumbs: crumbs}
}
