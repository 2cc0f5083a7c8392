// Package layout is the frame that all pages stand in: navigation, breadcrumb, search, theme, and the error pages.
package layout

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"weir/static"
	"weir/views/link"
	"weir/views/ui"
)

// Shell is what a request brings to every page, whatever the page is.
type Shell struct {
	// Company stands under the name of the program; may be empty.
	Company string
	// Theme is "light", "dark" or "" to follow the system.
	Theme string
	// KeysOff switches single-key shortcuts off.
	KeysOff bool
	// Demo shows what only the demo serves.
	Demo bool
	// Audit tells that the viewer may read the log.
	Audit bool
	// Back is the address that the settings forms return to: the path and query of this page.
	Back string
	// Notice is one sentence above the page, such as "Saved."; may be empty.
	Notice string
	// People and Policy tell that the viewer may see who there is, and by which rules.
	People bool
	Policy bool
	// System tells that the viewer may see how the program works.
	System bool
	// Market is what waits for the viewer; nil: there is no marketplace.
	Market *Market
	// Viewer is who is signed in; without a name nobody is.
	Viewer ui.Owner
	// CanSignOut tells that there is a session to end.
	CanSignOut bool
}

// Section is the entry of the navigation that a page belongs to.
type Section string

// The sections of this release.
const (
	HomeSection         Section = "home"
	SearchSection       Section = "search"
	LineageSection      Section = "lineage"
	DomainsSection      Section = "domains"
	PlaygroundSection   Section = "playground"
	AuditSection        Section = "audit"
	PeopleSection       Section = "people"
	PolicySection       Section = "policy"
	ProposalSection     Section = "proposals"
	NotificationSection Section = "notifications"
	OperationSection    Section = "operation"
	ProductSection      Section = "products"
	RequestSection      Section = "requests"
	InboxSection        Section = "inbox"
	GrantSection        Section = "grants"
	TemplateSection     Section = "templates"
	// SettingsSection stands in the viewer's own menu.
	SettingsSection Section = "settings"
)

// Head is what one page says about itself.
type Head struct {
	Title   string
	Section Section
	// Crumbs lead to the page; the last one is the page itself and needs no Href.
	Crumbs []ui.Link
	// Scripts are the files of ours that this page needs beside those of every page.
	Scripts []string
	// Rail keeps the navigation narrow, for pictures that need the width.
	Rail bool
	// NoSearch leaves the search out of the top bar, where the page has its own box.
	NoSearch bool
	// Full lets the page use the whole width without padding.
	Full bool
}

// sheets and scripts are loaded by every page, in this order.
var (
	sheets  = []string{"basecoat.min.css", "tokens.css", "app.css", "pages.css"}
	scripts = []string{"theme.js", "keys.js", "copy.js", "forms.js"}
)

// htmxConfig switches off what the content security policy forbids and what would keep pages in the browser.
const htmxConfig = `{"includeIndicatorCSS":false,"defaultTimeout":15000,"noSwap":[204,304,400,403,404,409,422,500,503]}`

// Assets lists the files that a page with the extra scripts loads, the font apart.
func Assets(extra ...string) []string {
	all := append([]string{"htmx.min.js", "early.js"}, sheets...)
	return append(append(all, scripts...), extra...)
}

type entry struct {
	section Section
	label   string
	icon    string
	href    string
	key     string
	phone   bool   // in the bar of a phone
	group   string // heading that begins above it; "": none
	count   int    // that waits; 0 shows none
	more    bool   // than count
	waits   string // what is counted, for a screen reader
}

// Market is what the shell shows of the marketplace.
type Market struct {
	Requests int // of the viewer's that need his answer
	Inbox    int // that wait for the viewer, as far as they were counted
	More     bool
	// Proposals that wait for the viewer, as far as they were counted.
	Proposals     int
	MoreProposals bool
	Unread        int  // notifications
	Grants        bool // the viewer may see more than his own
}

// daily are the sections that everybody needs.
func (s Shell) daily() []entry {
	home := entry{section: HomeSection, label: "Home", icon: "house", href: link.Home(), key: "h", phone: true}
	search := entry{section: SearchSection, label: "Search", icon: "search", href: link.Search(""), key: "s", phone: true}
	lineage := entry{section: LineageSection, label: "Lineage", icon: "waypoints", href: link.Lineage("", link.LineageQuery{}), key: "l"}
	domains := entry{section: DomainsSection, label: "Domains", icon: "shapes", href: link.Domains(), key: "d"}
	if s.Market == nil {
		lineage.phone, domains.phone = true, true
		return []entry{home, search, lineage, domains}
	}
	m := s.Market
	return []entry{
		home, search,
		{section: ProductSection, label: "Products", icon: "package", href: link.Products(), key: "o", phone: true},
		lineage, domains,
		{section: RequestSection, label: "Requests", icon: "send", href: link.Requests(), key: "q", phone: true, group: "My work", count: m.Requests, waits: "need your answer"},
		{section: InboxSection, label: "Inbox", icon: "inbox", href: link.Inbox(), key: "i", phone: true, count: m.Inbox, more: m.More, waits: "to decide"},
		{section: GrantSection, label: "Grants", icon: "key-round", href: link.Grants(), key: "g"},
		{section: ProposalSection, label: "Proposals", icon: "scale", href: link.Proposals(), key: "c", count: m.Proposals, more: m.MoreProposals, waits: "to confirm"},
	}
}

// rest are the sections for those who look after others; a phone has them in the viewer's menu.
func (s Shell) rest() []entry {
	var out []entry
	if s.Market != nil {
		out = append(out, entry{section: TemplateSection, label: "Data policies", icon: "file-text", href: link.Templates(), key: "t"})
	}
	if s.People {
		out = append(out, entry{section: PeopleSection, label: "People", icon: "users", href: link.People(""), key: "e"})
	}
	if s.Policy {
		out = append(out, entry{section: PolicySection, label: "Roles", icon: "lock", href: link.Policy(), key: "r"})
	}
	if s.Audit {
		out = append(out, entry{section: AuditSection, label: "Audit", icon: "shield-check", href: link.Audit(), key: "a"})
	}
	if s.System {
		out = append(out, entry{section: OperationSection, label: "Operation", icon: "zap", href: link.Operation(link.Webhooks), key: "w"})
	}
	if s.Demo {
		out = append(out, entry{section: PlaygroundSection, label: "GraphQL", icon: "square-terminal", href: link.Playground(), key: "p"})
	}
	if s.Market != nil && len(out) > 0 {
		out[0].group = "Oversight"
	}
	return out
}

// elsewhere are the sections that the bar of a phone has no room for.
func (s Shell) elsewhere() []entry {
	return slices.DeleteFunc(s.entries(), func(e entry) bool { return e.phone })
}

// counted is the number beside an entry.
func (e entry) counted() string {
	if e.more {
		return strconv.Itoa(e.count) + "+"
	}
	return strconv.Itoa(e.count)
}

func (s Shell) entries() []entry { return append(s.daily(), s.rest()...) }

// navClass keeps the bar of a phone as wide as its entries are many.
func (s Shell) navClass() string {
	return "nav nav-" + strconv.Itoa(len(s.entries())-len(s.elsewhere()))
}

// meLabel names the viewer's menu.
func (s Shell) meLabel() string {
	if s.Viewer.Name == "" {
		return "More"
	}
	return "You: " + s.Viewer.Name
}

// theme is the choice in words that the form speaks.
func (s Shell) theme() string {
	if s.Theme == "light" || s.Theme == "dark" {
		return s.Theme
	}
	return "system"
}

// nextTheme is what a press of the button changes to.
func (s Shell) nextTheme() string {
	switch s.theme() {
	case "system":
		return "light"
	case "light":
		return "dark"
	}
	return "system"
}

func themeWord(theme string) string {
	if theme == "system" {
		return "follow system"
	}
	return theme
}

func (s Shell) themeLabel() string {
	return "Theme: " + themeWord(s.theme()) + ". Change to " + themeWord(s.nextTheme())
}

// root is the attributes of <html>.
func (s Shell) root() templ.Attributes {
	attributes := templ.Attributes{"lang": "en"}
	if s.theme() != "system" {
		attributes["class"] = s.theme()
	}
	if s.KeysOff {
		attributes["data-keys"] = "off"
	}
	return attributes
}

func (s Shell) keysValue() string {
	if s.KeysOff {
		return "on"
	}
	return "off"
}

func title(h Head) string {
	if h.Title == "" {
		return "Weir"
	}
	return h.Title + " · Weir"
}

func asset(name string) string { return static.URL(name) }

func currentSection(on bool) templ.Attributes {
	if !on {
		return nil
	}
	return templ.Attributes{"aria-current": "page"}
}
