package web

import (
	"net/http"
	"strconv"
	"time"

	"weir/authz"
	"weir/marketplace"
	"weir/marketplace/template"
	view "weir/views/grant"
	"weir/views/link"
	"weir/views/ui"
)

// grantRows is how many grants, tasks or campaigns a page lists.
const grantRows = 50

// grantRoutes are the pages of who has what. Whose business a grant is the queries decide.
func (s *Site) grantRoutes() []route {
	look, ask, decide := may(authz.Self, authz.View), may(authz.Request, authz.Write), may(authz.Request, authz.Decide)
	return []route{
		{"GET /grants", look, s.page(s.grantList)},
		{"GET /grants.csv", look, s.page(s.grantCSV)},
		{"GET /grants/{id}", look, s.page(s.grant)},
		{"POST /grants/{id}/revoke", decide, s.page(s.changeGrant("revoke", s.Market.Revoke))},
		{"POST /grants/{id}/shorten", decide, s.page(s.changeGrant("shorten", s.Market.Shorten))},
		{"POST /grants/{id}/hand-back", ask, s.page(s.changeGrant("hand-back", s.Market.HandBack))},
		{"POST /grants/{id}/retry", decide, s.page(s.changeGrant("retry", s.Market.Retry))},

		{"GET /tasks", look, s.page(s.taskList)},
		{"POST /tasks/{id}", decide, s.page(s.finishTask)},

		{"GET /campaigns", look, s.page(s.campaignList)},
		{"GET /campaigns/new", decide, s.page(s.newCampaign)},
		{"POST /campaigns/new", decide, s.page(s.openCampaign)},
		{"GET /campaigns/{id}", look, s.page(s.campaign)},
		{"POST /campaigns/{id}/close", decide, s.page(s.closeCampaign)},
		{"POST /reviews/{id}", decide, s.page(s.reviewGrant)},
	}
}

// grantBar is the bar of the pages that stand side by side.
func (s *Site) grantBar(r *http.Request, part view.Part) (view.Bar, error) {
	out := view.Bar{Part: part, Oversees: s.Policy.CanSomewhere(r.Context(), authz.Grant, authz.View)}
	n, capped, err := s.Market.TaskCount(r.Context())
	if n > 0 {
		out.Open = strconv.Itoa(n)
	}
	if capped {
		out.Open += "+"
	}
	return out, err
}

// grantList answers a list of grants: one's own, those of one's data, or all.
func (s *Site) grantList(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	at := link.GrantPart{View: q.Get("view"), State: q.Get("state"), After: q.Get("after")}
	page, err := s.Market.Grants(r.Context(), marketplace.GrantList{View: at.View, State: at.State, After: at.After, Limit: grantRows})
	if err != nil {
		return err
	}
	p := view.List{Ended: at.State == marketplace.GrantsEnded}
	part := view.Mine
	switch at.View {
	case marketplace.GrantsGiven:
		part = view.Given
	case marketplace.GrantsAll:
		part = view.All
	}
	if p.Bar, err = s.grantBar(r, part); err != nil {
		return err
	}
	if part == view.All && s.Policy.CanSomewhere(r.Context(), authz.Grant, authz.Export) {
		p.File = link.GrantFile(at.State)
	}
	for _, g := range page.Items {
		p.Rows = append(p.Rows, s.grantRow(g))
	}
	p.Pager = listPager(len(p.Rows), "grant", at.After != "", page.Next,
		link.GrantList(link.GrantPart{View: at.View, State: at.State}),
		link.GrantList(link.GrantPart{View: at.View, State: at.State, After: page.Next}))
	return s.show(w, r, http.StatusOK, view.ListPage(s.shell(r), p))
}

// listPager is the foot of a list that goes on by a cursor, with addresses that the caller made.
func listPager(shown int, noun string, later bool, next, first, more string) ui.Pager {
	p := ui.Pager{Summary: ui.Count(shown, noun, noun+"s")}
	if later {
		p.First = first
	}
	if next != "" {
		p.Next = more
	}
	if later || next != "" {
		p.Summary += " shown"
	}
	return p
}

func (s *Site) grantRow(g marketplace.GrantRow) view.Row {
	gate, word := accessGate(g.Access)
	return view.Row{
		Name: ui.Link{Text: g.Title, Href: link.Grant(string(g.ID))}, Holder: partyOwner(g.Holder, g.HolderName), Gate: gate, Access: word,
		For: template.PurposeTitle(g.Purpose), Until: s.grantUntil(g.Grant), State: grantState(g.State),
	}
}

// accessGate is a kind of access as a gate with its word.
func accessGate(access string) (ui.Gate, string) {
	switch template.Access(access) {
	case template.Masked:
		return ui.GatePart, "Masked"
	case template.Export:
		return ui.GateOpen, "Export"
	case template.Metadata:
		return ui.GateShut, "Metadata"
	}
	return ui.GateOpen, "Read"
}

// endsSoon is how long before its end a grant is shown as ending soon.
const endsSoon = 7 * 24 * time.Hour

// grantUntil words when a grant ends, or ended.
func (s *Site) grantUntil(g marketplace.Grant) view.Until {
	if !g.Live() {
		return view.Until{When: s.when(g.Ended)}
	}
	left := g.Until.Sub(s.Now())
	out := view.Until{When: s.when(g.Until), Soon: left < endsSoon, Left: span(left) + " left"}
	if left < 0 {
		out.Left = "over"
	}
	return out
}

// grantState is where a grant stands.
func grantState(state marketplace.GrantState) ui.State {
	switch state {
	case marketplace.Granting:
		return ui.State{Icon: "hourglass", Tone: ui.Amber, Word: "Being granted"}
	case marketplace.Active:
		return ui.State{Icon: "circle-check", Tone: ui.Green, Word: "Active"}
	case marketplace.Failed:
		return ui.State{Icon: "triangle-alert", Tone: ui.Red, Word: "Failed"}
	case marketplace.Revoked:
		return ui.State{Icon: "ban", Tone: ui.Red, Word: "Revoked"}
	case marketplace.HandedBack:
		return ui.State{Icon: "undo-2", Word: "Handed back"}
	}
	return ui.State{Icon: "clock-fading", Word: "Expired"}
}
