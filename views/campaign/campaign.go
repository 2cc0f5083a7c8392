// Package campaign holds the pages on which owners look through grants: keep, shorten, revoke.
package campaign

import (
	"strconv"

	"weir/views/form"
	"weir/views/grant"
	"weir/views/link"
	"weir/views/ui"
)

// List is a list of campaigns.
type List struct {
	Bar    grant.Bar
	Closed bool
	Rows   []Row
	Pager  ui.Pager
	// New is the address of the form for one more; "" for those who have nothing to be looked through.
	New string
}

// Row is one campaign.
type Row struct {
	Name   ui.Link
	Over   string // what is looked through
	By     ui.Owner
	Due    grant.Until
	Done   int
	Total  int
	Closed ui.When
}

// Form is the form of a new campaign.
type Form struct {
	Name    string
	Over    []form.Option
	Due     string
	Outcome []form.Option
	Errors  form.Errors
	Refused string
}

// Page is one campaign.
type Page struct {
	ID      string
	Version string
	Name    string
	Lead    string
	Open    bool
	Done    int
	Total   int
	Counts  []Count
	All     bool // all reviews are shown, not only those that are open and ask the reader
	Rows    []Review
	Pager   ui.Pager
	// MayClose tells that the reader may close it before its time.
	MayClose bool
	Refused  string
}

// Count is how many reviews ended in some way.
type Count struct {
	Word string
	N    int
}

// Review is one grant to be looked at.
type Review struct {
	ID       string
	Version  string
	Grant    ui.Link
	Holder   ui.Owner
	Gate     ui.Gate
	Access   string
	For      string
	Since    ui.When
	Until    grant.Until
	Reviewer string // who is asked
	// May tells that the reader may answer; Barred says why he may not keep or shorten it.
	May    bool
	Barred string
	// Done is what was said, by whom and why.
	Done   ui.State
	By     string
	When   ui.When
	Reason string
	// Forms as they were sent back.
	Opened  string // "shorten", "revoke"
	Typed   string // reason
	LastDay string // last day, as it was typed
	Errors  form.Errors
}

func (p Page) progress() string {
	return ui.Number(int64(p.Done)) + " of " + ui.Count(p.Total, "grant", "grants") + " looked at"
}

// width is how much of a bar of 100 is filled.
func width(done, total int) string {
	if total == 0 {
		return "0"
	}
	return strconv.Itoa(100 * done / total)
}

func (p Page) blank() ui.Blank {
	if p.All {
		return ui.Blank{Title: "Nothing here", Text: "This campaign has no grants that you may see."}
	}
	return ui.Blank{Title: "Nothing left for you to look at", Text: "All grants that ask you have an answer. " + p.progress() + ".",
		Action: ui.Link{Text: "See what was said of each", Href: link.Campaign(p.ID, link.CampaignPart{Show: "all"})}}
}

func (l List) blank() ui.Blank {
	if l.Closed {
		return ui.Blank{Title: "No campaign has ended yet", Text: "Campaigns in which everything was looked at stay here."}
	}
	return ui.Blank{Title: "No campaigns", Text: "In a campaign owners look through the grants of their data and say of each whether it is still needed: keep, shorten, revoke.",
		Action: ui.Link{Text: "Begin a campaign", Href: l.New}, Whole: true}
}

func (r Review) opened(name string) bool { return r.Opened == name }

func (r Review) typed(name string) string {
	if r.Opened != name {
		return ""
	}
	return r.Typed
}

func (r Review) wrong(name, field string) string {
	if r.Opened != name {
		return ""
	}
	return r.Errors.Of(field)
}

// about is what a button adds for those who hear the page.
func (r Review) about() string { return ": " + r.Grant.Text + " of " + r.Holder.Name }
