package web

import (
	"cmp"
	"net/http"
	"strconv"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
	"weir/views/link"
	view "weir/views/proposal"
	"weir/views/ui"
)

// proposalRows is how many proposals a page lists.
const proposalRows = 50

// proposalRoutes are the pages of acts that a second person confirms. Who has the right to which the commands say.
func (s *Site) proposalRoutes() []route {
	propose, decide := may(authz.Request, authz.Write), may(authz.Request, authz.Decide)
	return []route{
		{"GET /proposals", propose, s.page(s.proposals)},
		{"POST /proposals/new", propose, s.page(s.propose)},
		{"GET /proposals/rules", propose, s.page(s.actRules)},
		{"POST /proposals/rules", may(authz.Rules, authz.Manage), s.page(s.recently(s.changeActRule))},
		{"GET /proposals/{id}", propose, s.page(s.proposal)},
		{"POST /proposals/{id}", decide, s.page(s.recently(s.decideProposal))},
		{"POST /proposals/{id}/take", propose, s.page(s.recently(s.takeList))},
		{"GET /datasets/{id}/delete", may(authz.Asset, authz.Edit), s.page(s.deleteDataset)},
		{"POST /datasets/{id}/delete", may(authz.Asset, authz.Edit), s.page(s.deleteDataset)},
	}
}

// proposals answers the list.
func (s *Site) proposals(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in := marketplace.ProposalList{View: r.URL.Query().Get("view"), After: r.URL.Query().Get("after"), Limit: proposalRows}
	got, err := s.Market.ProposalsOf(ctx, in)
	if err != nil {
		return err
	}
	n, more, err := s.Market.ProposalCount(ctx)
	if err != nil {
		return err
	}
	p := view.List{View: in.View, All: s.Policy.Can(ctx, authz.Request, authz.Everywhere, authz.View),
		Pager: pager(link.ProposalList(link.ProposalPage{View: in.View}), in.After, "", len(got.Items), "proposal")}
	if n > 0 {
		p.Count = strconv.Itoa(n)
	}
	if more {
		p.Count += "+"
	}
	if got.Next != "" {
		p.Pager.Next = link.ProposalList(link.ProposalPage{View: in.View, After: got.Next})
	}
	for _, row := range got.Items {
		p.Rows = append(p.Rows, s.proposalRow(row))
	}
	return s.show(w, r, http.StatusOK, view.ListPage(s.shell(r), p))
}

func (s *Site) proposalRow(row marketplace.ProposalRow) view.Row {
	out := view.Row{Act: secondWords[row.Act].title, Who: partyOwner(row.Proposer, row.ProposerName), State: proposalState(row.State), When: s.when(row.At)}
	if row.Title != "" {
		out.Title = ui.Link{Text: row.Title, Href: link.Proposal(string(row.ID))}
	}
	if row.State == marketplace.Proposed {
		due := s.due(row.Due)
		out.Left, out.Soon = due.Left, due.Soon
	}
	return out
}

// secondWords are what acts are called, and what it means that they need a second person.
var secondWords = map[string]struct{ title, meaning string }{
	marketplace.ActRole:   {"Giving a role that decides", "Administrator, approver or owner. Taking a role away never waits, so that it is quick."},
	marketplace.ActRules:  {"Changing the rules", "Which role may do what, and where."},
	marketplace.ActAgent:  {"Registering an agent", "Security or a steward where its owner works confirms it."},
	marketplace.ActDelete: {"Deleting a dataset that others read", "One that nothing reads is deleted by its editors alone."},
	marketplace.ActExport: {"Taking out the list of all grants", "It names people. It can be downloaded once, within a day."},
}

// proposalState is a state as a pill.
func proposalState(state marketplace.ProposalState) ui.State {
	switch state {
	case marketplace.Proposed:
		return ui.State{Icon: "hourglass", Tone: ui.Amber, Word: "Waiting"}
	case marketplace.Confirmed:
		return ui.State{Icon: "circle-check", Tone: ui.Water, Word: "Confirmed"}
	case marketplace.Done:
		return ui.State{Icon: "circle-check", Tone: ui.Green, Word: "Done"}
	case marketplace.Refused:
		return ui.State{Icon: "circle-x", Tone: ui.Red, Word: "Refused"}
	case marketplace.Broken:
		return ui.State{Icon: "triangle-alert", Tone: ui.Red, Word: "Failed"}
	case marketplace.Retracted:
		return ui.State{Icon: "undo-2", Word: "Taken back"}
	}
	return ui.State{Icon: "clock-fading", Word: "Lapsed"}
}

func (s *Site) proposal(w http.ResponseWriter, r *http.Request) error {
	return s.showProposal(w, r, http.StatusOK, func(*view.Page) {})
}

// showProposal shows one proposal, with what a form has to add to it.
func (s *Site) showProposal(w http.ResponseWriter, r *http.Request, status int, change func(*view.Page)) error {
	v, err := s.Market.Proposal(r.Context(), graph.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	p := s.proposalPage(v)
	if !s.recent(r.Context()) {
		p.Again = link.SignInAgain(link.Proposal(p.ID))
	}
	change(&p)
	return s.show(w, r, status, view.OnePage(s.shell(r), p))
}

func (s *Site) proposalPage(v marketplace.ProposalView) view.Page {
	p := view.Page{
		ID: string(v.ID), Title: v.Title, Act: secondWords[v.Act].title, State: proposalState(v.State), Who: partyOwner(v.Proposer, v.ProposerName),
		Reason: v.Reason, At: s.when(v.At), Due: s.until(v.Due), About: aboutLink(v.Proposal), Lines: v.Lines, Before: v.Before, Gone: v.Gone,
		Waits: v.State == marketplace.Proposed, Note: v.Note, Outcome: s.proposalOutcome(v),
		Can: v.Confirmers, More: v.More, Stuck: v.Stuck, Version: strconv.FormatInt(v.Version, 10), Seen: v.Seen,
		May: view.May{Confirm: v.MayConfirm, Refuse: v.MayRefuse, Retract: v.MayRetract, Take: v.MayTake}, Why: v.Why,
	}
	if v.Decider != "" {
		p.Decider, p.Decided, p.Verdict = partyOwner(v.Decider, v.DeciderName), s.when(v.Decided), "Confirmed by"
		if v.State == marketplace.Refused {
			p.Verdict = "Refused by"
		}
	}
	return p
}

// proposalOutcome says how a proposal ended; nil while it waits.
func (s *Site) proposalOutcome(v marketplace.ProposalView) *view.Outcome {
	switch v.State {
	case marketplace.Confirmed:
		return &view.Outcome{Tone: ui.Water, Icon: "rotate-cw", Text: "It was confirmed and is being done."}
	case marketplace.Done:
		out := &view.Outcome{Tone: ui.Green, Icon: "circle-check", Text: "It was confirmed and done.", Link: resultLink(v.Proposal)}
		switch {
		case v.Act != marketplace.ActExport:
		case !v.Taken.IsZero():
			out.Text = "It was confirmed, and the list was taken out " + s.when(v.Taken).Text + "."
		case v.MayTake:
			out.Text = "It was confirmed. Until " + s.until(v.Until).Text + " you can download the list once."
		default:
			out.Text = "It was confirmed. The list could be taken out until " + s.until(v.Until).Text + "."
		}
		return out
	case marketplace.Broken:
		return &view.Outcome{Tone: ui.Red, Icon: "triangle-alert", Text: "It was confirmed, but couldn't be done: " + v.Error + " Nothing was changed; it can be proposed anew."}
	}
	return nil
}

// resultLink leads to what an act made; deleted datasets keep their page.
func resultLink(p marketplace.Proposal) ui.Link {
	l := nodeLink(graph.ID(p.Result))
	if l != "" {
		return ui.Link{Text: "Look at it", Href: l}
	}
	return ui.Link{}
}

// aboutLink leads to who or what an act is done to.
func aboutLink(p marketplace.Proposal) ui.Link {
	words := map[string]string{"usr": "The person", "tea": "The team", "acc": "The account", "ds": "The dataset"}
	if at := nodeLink(p.About); at != "" {
		return ui.Link{Text: cmp.Or(words[kindOfID(p.About)], "Look at it"), Href: at}
	}
	return ui.Link{}
}

// nodeLink is the page of a person, team, account or dataset; "" for others.
func nodeLink(id graph.ID) string {
	switch kindOfID(id) {
	case "usr":
		return link.Person(string(id))
	case "tea":
		return link.Team(string(id))
	case "acc":
		return link.Account(string(id))
	case "ds":
		return link.Dataset(string(id), "")
	}
	return ""
}

// decideProposal takes the forms of a proposal's page.
func (s *Site) decideProposal(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	ctx := r.Context()
	in := marketplace.ProposalVerdict{Proposal: graph.ID(r.PathValue("id")), Seen: r.PostForm.Get("seen"), Note: typed(r.PostForm, "note")}
	var err error
	if in.Version, err = strconv.ParseInt(r.PostForm.Get("version"), 10, 64); err != nil {
		return errs.Bad("version", "is not a number.")
	}
	do := r.PostForm.Get("do")
	switch do {
	case "confirm":
		_, err = s.Market.ConfirmProposal(ctx, in)
	case "refuse":
		err = s.Market.RefuseProposal(ctx, in)
	case "retract":
		err = s.Market.RetractProposal(ctx, in)
	default:
		return errs.Bad("do", "is confirm, refuse or retract.")
	}
	if err == nil {
		return saved(w, r, link.Proposal(string(in.Proposal)))
	}
	t := trouble{refused: errs.Shown(err), status: http.StatusForbidden}
	if !errs.Is(err, errs.Forbidden) {
		if t, err = troubleOf(err, labels{"note": "Say why"}); err != nil {
			return err
		}
	}
	return s.showProposal(w, r, t.status, func(p *view.Page) {
		p.Errors, p.Refused, p.Typed, p.Open = t.fields, t.refused, in.Note, do == "refuse"
	})
}

// actRules answers which acts need a second person.
func (s *Site) actRules(w http.ResponseWriter, r *http.Request) error {
	return s.showActRules(w, r, http.StatusOK, "")
}

func (s *Site) showActRules(w http.ResponseWriter, r *http.Request, status int, refused string) error {
	ctx := r.Context()
	rules, err := s.Market.ActRules(ctx)
	if err != nil {
		return err
	}
	p := view.Rules{Edit: s.Policy.Can(ctx, authz.Rules, authz.Everywhere, authz.Manage), Refused: refused}
	if p.Edit && !s.recent(ctx) {
		p.Again = link.SignInAgain(link.ActRules())
	}
	for _, rule := range rules {
		words := secondWords[rule.Act]
		row := view.Rule{Act: rule.Act, Title: words.title, Meaning: words.meaning, Confirm: rule.Confirm, Version: strconv.FormatInt(rule.Version, 10)}
		if !rule.At.IsZero() {
			row.By = "Changed " + s.when(rule.At).Text
		}
		p.Rows = append(p.Rows, row)
	}
	return s.show(w, r, status, view.RulesPage(s.shell(r), p))
}

// changeActRule takes the form of one act.
func (s *Site) changeActRule(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	version, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err != nil {
		return errs.Bad("version", "is not a number.")
	}
	err = s.Market.SetActRule(r.Context(), r.PostForm.Get("act"), r.PostForm.Get("confirm") == "true", version)
	if errs.Is(err, errs.Conflict) {
		return s.showActRules(w, r, http.StatusConflict, errs.Shown(err))
	}
	if err != nil {
		return err
	}
	return saved(w, r, link.ActRules())
}
