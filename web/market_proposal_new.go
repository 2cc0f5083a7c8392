package web

import (
	"encoding/json"
	"net/http"
	"time"

	"weir/errs"
	"weir/graph"
	"weir/marketplace"
	"weir/views/link"
	view "weir/views/proposal"
	"weir/views/ui"
)

// proposeInstead shows what an act would change, to be proposed, in place of doing it.
func (s *Site) proposeInstead(w http.ResponseWriter, r *http.Request, in marketplace.ActInput, cancel string) error {
	p, err := s.newProposal(r, in, cancel)
	if err != nil {
		return err
	}
	p.Second = true
	return s.show(w, r, http.StatusOK, view.NewPage(s.shell(r), p))
}

// newProposal words an act for the form that proposes it.
func (s *Site) newProposal(r *http.Request, in marketplace.ActInput, cancel string) (view.New, error) {
	e, err := s.Market.DescribeAct(r.Context(), in)
	if err != nil {
		return view.New{}, err
	}
	raw, err := json.Marshal(in)
	return view.New{Title: e.Title, Act: marketplace.ActName(in), Input: string(raw), Lines: e.Lines, Cancel: cancel},
		errs.Wrap(err, errs.Internal, "The form can't be carried over.")
}

// instead shows an act to be proposed where it needs a second person, and tells whether it did.
func (s *Site) instead(w http.ResponseWriter, r *http.Request, in marketplace.ActInput, cancel string) (bool, error) {
	second, err := s.second(r, in)
	if err != nil || !second {
		return false, err
	}
	err = s.proposeInstead(w, r, in, cancel)
	return err == nil, err
}

// second tells whether an act has to be proposed. Without a marketplace nothing has.
func (s *Site) second(r *http.Request, in marketplace.ActInput) (bool, error) {
	if s.Market == nil {
		return false, nil
	}
	return s.Market.NeedsSecond(r.Context(), in)
}

// propose takes the form of a proposal.
func (s *Site) propose(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	in, err := marketplace.ParseAct(r.PostForm.Get("act"), []byte(r.PostForm.Get("input")))
	if err != nil {
		return err
	}
	made, err := s.Market.Propose(r.Context(), in, typed(r.PostForm, "reason"))
	if err == nil {
		return saved(w, r, link.Proposal(string(made.ID)))
	}
	t, err := troubleOf(err, labels{"reason": "Why"})
	if err != nil {
		return err
	}
	p, err := s.newProposal(r, in, ownPath(r.PostForm.Get("cancel")))
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		p, err = view.New{Title: "Propose it", Act: r.PostForm.Get("act"), Input: r.PostForm.Get("input"), Cancel: link.Proposals()}, nil
	}
	if err != nil {
		return err
	}
	p.Second, p.Reason, p.Errors, p.Refused = true, typed(r.PostForm, "reason"), t.fields, t.refused
	return s.show(w, r, t.status, view.NewPage(s.shell(r), p))
}

// ownPath is an address on this site that a form sent back, else that of the proposals.
func ownPath(address string) string {
	if next := onward(address); next != "/" {
		return next
	}
	return link.Proposals()
}

// deleteDataset asks before a dataset is deleted; one that nothing reads is deleted at once, others are proposed.
func (s *Site) deleteDataset(w http.ResponseWriter, r *http.Request) error {
	d, err := s.headOf(r)
	if err != nil {
		return err
	}
	page := link.Dataset(string(d.ID), d.Name)
	in := marketplace.DeleteAct{Dataset: d.ID}
	second, err := s.second(r, in)
	if err != nil {
		return err
	}
	if r.Method == http.MethodPost && !second {
		if err := s.Market.DeleteNow(r.Context(), in); err != nil {
			return err
		}
		return saved(w, r, page)
	}
	p, err := s.newProposal(r, in, page)
	if err != nil {
		return err
	}
	p.Second, p.Direct, p.Do = second, link.DatasetDelete(string(d.ID), d.Name), "Delete it"
	return s.show(w, r, http.StatusOK, view.NewPage(s.shell(r), p))
}

// takeList sends the list that a proposal opened, as a file.
func (s *Site) takeList(w http.ResponseWriter, r *http.Request) error {
	id := graph.ID(r.PathValue("id"))
	err := sendGrants(w, func(each func(marketplace.GrantRow) error) error { return s.Market.TakeExport(r.Context(), id, each) })
	if errs.Is(err, errs.Conflict) || errs.Is(err, errs.Forbidden) {
		return s.showProposal(w, r, Status(err), func(p *view.Page) { p.Refused = errs.Shown(err) })
	}
	return err
}

// until words a moment that comes.
func (s *Site) until(at time.Time) ui.When {
	if at.IsZero() {
		return ui.When{}
	}
	return ui.When{At: at, Text: stamp(at)}
}
