package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"weir/authz"
	"weir/graph"
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

// grantList answers a list of grants: one's own, those of one's data, all, or those of something or somebody.
func (s *Site) grantList(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	at := link.GrantPart{View: q.Get("view"), Of: q.Get("of"), State: q.Get("state"), After: q.Get("after")}
	p := view.List{Ended: at.State == marketplace.GrantsEnded, At: at}
	if err := s.grantListOf(r, &p); err != nil {
		return err
	}
	page, err := s.grantsAt(r.Context(), at)
	if err != nil {
		return err
	}
	parts := map[string]view.Part{"": view.Mine, marketplace.GrantsMine: view.Mine, marketplace.GrantsGiven: view.Given, marketplace.GrantsAll: view.All}
	if p.Bar, err = s.grantBar(r, parts[at.View]); err != nil {
		return err
	}
	if at.View == marketplace.GrantsAll && s.Policy.CanSomewhere(r.Context(), authz.Grant, authz.Export) {
		p.File = link.GrantFile(at.State)
	}
	for _, g := range page.Items {
		p.Rows = append(p.Rows, s.grantRow(g))
	}
	first, next := at, at
	first.After, next.After = "", page.Next
	p.Pager = listPager(len(p.Rows), "grant", at.After != "", page.Next, link.GrantList(first), link.GrantList(next))
	return s.show(w, r, http.StatusOK, view.ListPage(s.shell(r), p))
}

// grantsAt reads a part of a list. Who has a dataset now has it by itself or within products.
func (s *Site) grantsAt(ctx context.Context, at link.GrantPart) (marketplace.Page[marketplace.GrantRow], error) {
	id := graph.ID(at.Of)
	if at.View == marketplace.GrantsTarget && kindOfID(id) == "ds" && at.State == "" {
		return s.Market.DatasetGrants(ctx, id, at.After, grantRows)
	}
	return s.Market.Grants(ctx, marketplace.GrantList{View: at.View, ID: id, State: at.State, After: at.After, Limit: grantRows})
}

// grantListOf names what a list is of, where an address says so. What is hidden answers like what is missing.
func (s *Site) grantListOf(r *http.Request, p *view.List) error {
	id := graph.ID(p.At.Of)
	switch p.At.View {
	case marketplace.GrantsTarget:
		of, err := s.Market.CampaignScope(r.Context(), id)
		if err != nil {
			return err
		}
		p.Of = ui.Link{Text: of.Name}
		if kindOfID(id) == "ds" {
			p.Of.Href = link.Dataset(string(id), of.Name)
		}
		if s.Policy.CanSomewhere(r.Context(), authz.Grant, authz.Manage) {
			p.Look = link.NewCampaignFor(string(id))
		}
	case marketplace.GrantsHolder:
		name, err := s.Market.HolderName(r.Context(), id)
		if err != nil {
			return err
		}
		p.Of = ui.Link{Text: name, Href: partyOwnerHref(id)}
	}
	return nil
}

// partyOwnerHref is the page of a person, team or account.
func partyOwnerHref(id graph.ID) string {
	switch kindOfID(id) {
	case "tea":
		return link.Team(string(id))
	case "acc":
		return link.Account(string(id))
	}
	return link.Person(string(id))
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
