package web

import (
	"net/http"
	"strconv"
	"time"

	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/template"
	view "weir/views/campaign"
	"weir/views/form"
	"weir/views/grant"
	"weir/views/link"
	"weir/views/ui"
)

// campaignList answers the campaigns that the reader has to do with.
func (s *Site) campaignList(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	in := marketplace.CampaignList{Closed: q.Get("state") == "closed", After: q.Get("after"), Limit: grantRows}
	page, err := s.Market.Campaigns(r.Context(), in)
	if err != nil {
		return err
	}
	scopes, err := s.Market.CampaignScopes(r.Context())
	if err != nil {
		return err
	}
	p := view.List{Closed: in.Closed}
	if len(scopes) > 0 {
		p.New = link.New(link.Campaigns())
	}
	if p.Bar, err = s.grantBar(r, grant.Campaigns); err != nil {
		return err
	}
	for _, c := range page.Items {
		p.Rows = append(p.Rows, s.campaignRow(c))
	}
	p.Pager = listPager(len(p.Rows), "campaign", in.After != "", page.Next, link.CampaignsPart(in.Closed, ""), link.CampaignsPart(in.Closed, page.Next))
	return s.show(w, r, http.StatusOK, view.ListPage(s.shell(r), p))
}

func (s *Site) campaignRow(c marketplace.CampaignRow) view.Row {
	out := view.Row{
		Name: ui.Link{Text: c.Name, Href: link.Campaign(string(c.ID), link.CampaignPart{})}, Over: c.TargetName,
		By: partyOwner(c.By, c.ByName), Done: c.Total - c.Open(), Total: c.Total,
	}
	if c.State == marketplace.CampaignClosed {
		out.Due.When = s.when(c.Closed)
		return out
	}
	d := s.due(c.Due)
	out.Due = grant.Until{When: d.When, Left: d.Left, Soon: d.Soon}
	return out
}

// outcomes are what may become of grants that nobody has looked at.
var outcomes = []form.Option{
	{Value: marketplace.OutcomeRemind, Label: "They stay", Hint: "Those who are asked are reminded each week."},
	{Value: marketplace.OutcomeRevoke, Label: "They are revoked", Hint: "At the end of that day, each with the reason that nobody confirmed it."},
}

// newCampaign answers the form of a new campaign: over what an address names, or what the reader chooses.
func (s *Site) newCampaign(w http.ResponseWriter, r *http.Request) error {
	f := view.Form{Due: s.Now().UTC().AddDate(0, 0, 14).Format(time.DateOnly), Outcome: form.Choose(outcomes, marketplace.OutcomeRemind)}
	return s.showCampaignForm(w, r, http.StatusOK, f, "", graph.ID(r.URL.Query().Get("target")))
}

// showCampaignForm shows the form with what can be looked through: what the reader owns or manages, and target, if one is named.
func (s *Site) showCampaignForm(w http.ResponseWriter, r *http.Request, status int, f view.Form, chosen string, target graph.ID) error {
	scopes, err := s.Market.CampaignScopes(r.Context())
	if err != nil {
		return err
	}
	if target != "" {
		one, err := s.Market.CampaignScope(r.Context(), target)
		if err != nil {
			return err
		}
		scopes = append([]marketplace.ScopeOption{one}, scopes...)
	}
	words := map[string]string{marketplace.CampaignProduct: "", marketplace.CampaignDomain: "Domain ", marketplace.CampaignOwner: "What belongs to "}
	for _, o := range scopes {
		value := o.Scope + " " + string(o.Target)
		f.Over = append(f.Over, form.Option{Value: value, Label: words[o.Scope] + o.Name, On: value == chosen})
	}
	return s.show(w, r, status, view.NewPage(s.shell(r), f))
}

// openCampaign begins a campaign as the form says.
func (s *Site) openCampaign(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	in := marketplace.NewCampaign{Name: r.PostForm.Get("name"), Outcome: r.PostForm.Get("outcome")}
	due, err := lastDay("due", typed(r.PostForm, "due"))
	if err == nil {
		in.Due = due
		in.Scope, in.Target, err = marketplace.ScopeOf(r.PostForm.Get("target"))
	}
	if err == nil {
		var c marketplace.Campaign
		if c, err = s.Market.OpenCampaign(r.Context(), in); err == nil {
			return saved(w, r, link.Campaign(string(c.ID), link.CampaignPart{}))
		}
	}
	t, err := troubleOf(err, labels{"name": "Name", "target": "What is looked through", "due": "Until", "outcome": "What becomes of the rest"})
	if err != nil {
		return err
	}
	f := view.Form{Name: in.Name, Due: typed(r.PostForm, "due"), Outcome: form.Choose(outcomes, in.Outcome), Errors: t.fields, Refused: t.refused}
	target := graph.ID("")
	if in.Scope == marketplace.CampaignProduct {
		target = in.Target
	}
	return s.showCampaignForm(w, r, t.status, f, r.PostForm.Get("target"), target)
}

// campaign answers the page of one campaign.
func (s *Site) campaign(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	return s.showCampaign(w, r, http.StatusOK, idOf(r), link.CampaignPart{Show: q.Get("show"), After: q.Get("after")}, func(*view.Page) {})
}

func (s *Site) showCampaign(w http.ResponseWriter, r *http.Request, status int, id graph.ID, at link.CampaignPart, change func(*view.Page)) error {
	in := marketplace.ReviewList{Campaign: id, After: at.After, Limit: grantRows, Mine: true, State: marketplace.ReviewOpen}
	if at.Show == "all" {
		in.Mine, in.State = false, ""
	}
	c, err := s.Market.Campaign(r.Context(), in)
	if err != nil {
		return err
	}
	p := view.Page{
		ID: string(c.ID), Version: strconv.FormatInt(c.Version, 10), Name: c.Name, Lead: s.campaignLead(c), Open: c.State == marketplace.CampaignOpen,
		Done: c.Total - c.Open(), Total: c.Total, All: at.Show == "all", MayClose: c.MayClose,
		Counts: []view.Count{{Word: "kept", N: c.Kept}, {Word: "shortened", N: c.Shortened}, {Word: "revoked", N: c.Revoked}},
	}
	for _, row := range c.Reviews.Items {
		p.Rows = append(p.Rows, s.reviewRow(row))
	}
	next := link.CampaignPart{Show: at.Show, After: c.Reviews.Next}
	p.Pager = listPager(len(p.Rows), "grant", at.After != "", c.Reviews.Next, link.Campaign(p.ID, link.CampaignPart{Show: at.Show}), link.Campaign(p.ID, next))
	change(&p)
	return s.show(w, r, status, view.OnePage(s.shell(r), p))
}

func (s *Site) campaignLead(c marketplace.CampaignView) string {
	over := c.TargetName
	if c.Scope == marketplace.CampaignOwner {
		over = "what belongs to " + over
	}
	begun := partyOwner(c.By, c.ByName).Name + " began this over " + over + "."
	if c.State == marketplace.CampaignClosed {
		return begun + " It was closed on " + c.Closed.UTC().Format("2 January 2006") + "."
	}
	due := c.Due.UTC().Format("2 January 2006")
	if c.Outcome == marketplace.OutcomeRevoke {
		return begun + " Grants that nobody has looked at by " + due + " are revoked."
	}
	return begun + " Those who are asked have until " + due + "; then they are reminded each week."
}

func (s *Site) reviewRow(row marketplace.ReviewRow) view.Review {
	gate, word := accessGate(row.Given.Access)
	out := view.Review{
		ID: string(row.ID), Version: strconv.FormatInt(row.Version, 10), Grant: ui.Link{Text: row.Given.Title, Href: link.Grant(string(row.Grant))},
		Holder: partyOwner(row.Given.Holder, row.Given.HolderName), Gate: gate, Access: word, For: template.PurposeTitle(row.Given.Purpose),
		Since: s.when(row.Given.Since), Until: s.grantUntil(row.Given.Grant), Reviewer: row.ReviewerName,
		May: row.MayAnswer, Barred: row.Barred, Reason: row.Reason,
	}
	if row.ReviewerRole != "" {
		out.Reviewer = "whoever is " + row.ReviewerRole + " here"
	}
	if row.State != marketplace.ReviewOpen {
		out.Done, out.When, out.Reviewer = reviewState(row.State), s.when(row.At), ""
		if kindOfID(row.By) == "usr" {
			out.By = partyOwner(row.By, row.ByName).Name
		}
	}
	return out
}

func reviewState(state marketplace.ReviewState) ui.State {
	switch state {
	case marketplace.ReviewKept:
		return ui.State{Icon: "check", Tone: ui.Green, Word: "Kept"}
	case marketplace.ReviewShortened:
		return ui.State{Icon: "clock-fading", Tone: ui.Amber, Word: "Shortened"}
	case marketplace.ReviewRevoked:
		return ui.State{Icon: "ban", Tone: ui.Red, Word: "Revoked"}
	}
	return ui.State{Icon: "minus", Word: "Left"}
}

// closeCampaign closes a campaign before its time.
func (s *Site) closeCampaign(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	version, err := versionOf(r)
	if err != nil {
		return err
	}
	c, err := s.Market.CloseCampaign(r.Context(), idOf(r), version)
	if err == nil {
		return saved(w, r, link.Campaign(string(c.ID), link.CampaignPart{}))
	}
	t, err := troubleOf(err, nil)
	if err != nil {
		return err
	}
	return s.showCampaign(w, r, t.status, idOf(r), link.CampaignPart{}, func(p *view.Page) { p.Refused = t.refused })
}

// reviewGrant answers the form of one grant of a campaign, and leads to the next.
func (s *Site) reviewGrant(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	in := marketplace.ReviewAnswer{Review: idOf(r), Verdict: marketplace.ReviewAction(r.PostForm.Get("do")), Reason: r.PostForm.Get("reason")}
	var err error
	if in.Version, err = versionOf(r); err != nil {
		return err
	}
	last, err := lastDay("until", typed(r.PostForm, "until"))
	if err == nil {
		in.Until = last
		var done marketplace.Review
		if done, err = s.Market.Review(r.Context(), in); err == nil {
			http.Redirect(w, r, link.Campaign(string(done.Campaign), link.CampaignPart{})+"?answered=1", http.StatusSeeOther)
			return nil
		}
	}
	t, err := troubleOf(err, labels{"reason": "Why", "until": "Last day"})
	if err != nil {
		return err
	}
	campaign, err := s.Market.CampaignOf(r.Context(), in.Review)
	if err != nil {
		return err
	}
	return s.showCampaign(w, r, t.status, campaign, link.CampaignPart{}, func(p *view.Page) {
		p.Refused = t.refused
		for i, row := range p.Rows {
			if row.ID == string(in.Review) {
				p.Rows[i].Opened, p.Rows[i].Typed, p.Rows[i].LastDay, p.Rows[i].Errors = string(in.Verdict), in.Reason, typed(r.PostForm, "until"), t.fields
			}
		}
	})
}
