// Package catalog is the pages about what the catalog holds: home, search, datasets, transforms, consumers, domains, runs.
//
// Every page takes the frame of the request and a struct of plain values, and does no I/O. Addresses and permissions
// are worked out before: an empty address means that there is nothing to go to or that the reader may not.
package catalog

import (
	"weir/views/layout"
	"weir/views/link"
	"weir/views/ui"
)

// Header is what stands on top of every asset's page.
type Header struct {
	ID string
	// Name is the asset's own name ("mart.customer_360"), Title the one that people gave it; Title may be empty.
	Name  string
	Title string
	// Kind is a word for the reader: "Table", "SQL job", "Dashboard".
	Kind string
	// Path says where it lives, for copying: "snowflake / mart / customer_360".
	Path    string
	Summary string
	Level   ui.Level
	Stamps  []ui.Stamp
	Owners  []ui.Owner
	Domain  ui.Link
	Tags    []ui.Link
	// Fresh is the last load; Late says that it is older than promised.
	Fresh ui.When
	Late  bool
	// Warning is one sentence that changes what the reader does ("Deprecated: use …"); may be empty.
	Warning string
	// Ask is where it can be asked for; "" where it can't. Gate and GateWord say what the reader has of it.
	Ask      string
	Gate     ui.Gate
	GateWord string
	// Lineage, Impact, Edit and Delete are the addresses of the actions; "" where there is none.
	Lineage string
	Impact  string
	Edit    string
	Delete  string
	// Section is the part of the navigation the page belongs to; by its breadcrumb unless said.
	Section layout.Section
}

// Shown is the title, or the name where nobody gave one.
func (h Header) Shown() string {
	if h.Title != "" {
		return h.Title
	}
	return h.Name
}

func (h Header) crumbs() []ui.Link {
	trail := []ui.Link{{Text: "Search", Href: link.Search("")}}
	if h.Domain.Href != "" {
		trail = []ui.Link{{Text: "Domains", Href: link.Domains()}, h.Domain}
	}
	return append(trail, ui.Link{Text: h.Shown()})
}

func (h Header) head(part string, scripts ...string) layout.Head {
	title := h.Shown()
	if part != "" {
		title = part + " of " + title
	}
	section := h.Section
	if section == "" {
		section = layout.SearchSection
		if h.Domain.Href != "" {
			section = layout.DomainsSection
		}
	}
	return layout.Head{Title: title, Section: section, Crumbs: h.crumbs(), Scripts: scripts}
}

// TabCounts are the figures on the tabs of a dataset, as they are shown; empty ones are left out.
type TabCounts struct {
	Columns string
	Lineage string
	Runs    string
}

// DatasetTabs is the tab bar of a dataset with one tab chosen.
func DatasetTabs(id, name string, current link.Tab, counts TabCounts) []ui.Tab {
	tab := func(label string, t link.Tab, count string) ui.Tab {
		return ui.Tab{Label: label, Href: link.DatasetTab(id, name, t), Count: count, Current: t == current}
	}
	return []ui.Tab{
		tab("Overview", link.Overview, ""),
		tab("Columns", link.Columns, counts.Columns),
		tab("Lineage", link.Flow, counts.Lineage),
		tab("Runs", link.Runs, counts.Runs),
		tab("Activity", link.Activity, ""),
	}
}

// TransformTabs is the tab bar of a job with one tab chosen; runs is the figure on the tab of runs.
func TransformTabs(id, name string, current link.Tab, runs string) []ui.Tab {
	return []ui.Tab{
		{Label: "Overview", Href: link.Transform(id, name), Current: current == link.Overview},
		{Label: "Runs", Href: link.TransformTab(id, name, link.Runs), Count: runs, Current: current == link.Runs},
		{Label: "Activity", Href: link.TransformTab(id, name, link.Activity), Current: current == link.Activity},
	}
}

// ConsumerTabs is the tab bar of a consumer with one tab chosen.
func ConsumerTabs(id, name string, current link.Tab) []ui.Tab {
	return []ui.Tab{
		{Label: "Overview", Href: link.Consumer(id, name), Current: current == link.Overview},
		{Label: "Activity", Href: link.ConsumerTab(id, name, link.Activity), Current: current == link.Activity},
	}
}

// Fact is one name and value. Value may lead somewhere; Source says who stated it.
type Fact struct {
	Name   string
	Value  ui.Link
	Note   string
	Source string
}

// Neighbour is a thing one step away. A hidden one has neither name nor address.
type Neighbour struct {
	Name   ui.Link
	Kind   string
	Icon   string
	Level  ui.Level
	Stamps []ui.Stamp
	// Through is the job between.
	Through ui.Link
	Hidden  bool
	// Unconfirmed says that its source's last run did not state it any more.
	Unconfirmed bool
}

// Facet is something that a source sent and the catalog keeps without understanding it.
type Facet struct {
	Name     string
	Producer string
	// JSON is indented text.
	JSON string
}
