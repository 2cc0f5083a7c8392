package marketplace

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// maxConfirmers is how many of those who can confirm a proposal are named.
const maxConfirmers = 10

// ProposalView is a proposal as its page shows it.
type ProposalView struct {
	Proposal
	ProposerName, DeciderName string
	Lines                     []string   // what will change: as it is now while it waits, else as it was confirmed or last shown
	Before                    []string   // what was shown when it was proposed, if that is something else
	Gone                      string     // why it couldn't be done any more; "" if it could
	Seen                      string     // hash to confirm it with
	Confirmers                []string   // who can confirm it, the first few
	More                      int        // further ones
	Able                      []graph.ID // all who can confirm it, sorted
	Stuck                     bool       // nobody can confirm it
	MayConfirm                bool
	MayRefuse                 bool
	MayRetract                bool
	MayTake                   bool   // a list waits for the viewer
	Why                       string // why the viewer can't confirm it; "" if he can, or needn't know
}

// Proposal shows what was proposed. Errors: Unauthenticated, NotFound.
func (s *Service) Proposal(ctx context.Context, id graph.ID) (ProposalView, error) {
	p, body, err := s.proposalAt(ctx, s.store, id)
	if err != nil {
		return ProposalView{}, err
	}
	out := ProposalView{Proposal: p, Lines: body.Lines}
	called, err := s.called(ctx, s.store, []graph.ID{p.Proposer, p.Decider})
	if err != nil {
		return out, err
	}
	out.ProposerName, out.DeciderName = called[p.Proposer], called[p.Decider]
	mine := authz.From(ctx).ID == string(p.Proposer)
	out.MayRetract = mine && allows(Proposals, p.State, Retract)
	out.MayTake = mine && p.open(s.now())
	if p.State != Proposed {
		return out, out.spell(ctx, s.store)
	}
	in, err := storedAct(p.Act, body.Input)
	if err != nil {
		return out, err
	}
	a := in.bind(s)
	if err := out.look(ctx, s.store, a); err != nil {
		return out, err
	}
	if err := out.spell(ctx, s.store); err != nil {
		return out, err
	}
	if err := s.addConfirmers(ctx, &out, body); err != nil {
		return out, err
	}
	return out, s.addVerdicts(ctx, &out, body, a)
}

// spell puts names in.
func (v *ProposalView) spell(ctx context.Context, r graph.Reader) error {
	spell, err := speller(ctx, r, v.About)
	v.Title, v.Lines, v.Before = spell(v.Title), spellAll(v.Lines, spell), spellAll(v.Before, spell)
	return err
}

// look says what would change now, and whether that was something else when it was proposed.
func (v *ProposalView) look(ctx context.Context, r graph.Reader, a act) error {
	e, err := a.describe(ctx, r)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Conflict) || errs.Is(err, errs.Invalid) {
		v.Gone = errs.Shown(err)
		return nil
	}
	if err != nil {
		return err
	}
	if v.Seen, err = e.hash(); err != nil {
		return err
	}
	if !slices.Equal(v.Lines, e.Lines) {
		v.Before, v.Lines = v.Lines, e.Lines
	}
	return nil
}

// addConfirmers names those who can confirm it.
func (s *Service) addConfirmers(ctx context.Context, v *ProposalView, body proposalBody) error {
	circle, err := s.proposalCircle(ctx, s.store, v.Proposal, body)
	if err != nil {
		return err
	}
	can, err := s.deciders(ctx, s.store, body.Keys)
	if err != nil {
		return err
	}
	people := map[graph.ID]bool{}
	for _, a := range can {
		for _, id := range a.outside(circle) {
			people[id] = true
		}
	}
	called, err := s.called(ctx, s.store, slices.Collect(maps.Keys(people)))
	if err != nil {
		return err
	}
	v.Able, v.Stuck = slices.Sorted(maps.Keys(people)), len(people) == 0
	var names []string
	for id := range people {
		names = append(names, called[id])
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
	})
	v.Confirmers, v.More = names[:min(len(names), maxConfirmers)], max(0, len(names)-maxConfirmers)
	return nil
}

// addVerdicts says what the viewer can do.
func (s *Service) addVerdicts(ctx context.Context, v *ProposalView, body proposalBody, a act) error {
	who := authz.From(ctx)
	if who.Type != authz.Person || !s.policy.Can(ctx, authz.Request, authz.Everywhere, authz.Decide) {
		return nil
	}
	if err := a.may(ctx, s.store); err != nil {
		if !errs.Is(err, errs.Forbidden) && !errs.Is(err, errs.NotFound) {
			return err
		}
		v.Why = errs.Shown(err)
		return nil
	}
	v.MayRefuse = who.ID != string(v.Proposer)
	err := s.outsideCircle(ctx, s.store, v.Proposal, body)
	if err != nil && !errs.Is(err, errs.Forbidden) {
		return err
	}
	if err != nil {
		v.Why = errs.Shown(err)
	}
	v.MayConfirm = err == nil && v.Gone == ""
	return nil
}

// The views of proposals.
const (
	ProposalsWaiting = "waiting" // for the viewer
	ProposalsMine    = "mine"
	ProposalsAll     = "all" // for those who may see all requests
)

// ProposalList asks for proposals.
type ProposalList struct {
	View  string // one of the above; "" is ProposalsWaiting
	After string
	Limit int // 1 to graph.MaxPage
}

// ProposalRow is a proposal as lists show it. Title is "" for what the viewer may not see.
type ProposalRow struct {
	Proposal
	ProposerName string
}

// ProposalsOf lists proposals: those that wait by when they lapse, the nearest first; others the latest first.
// Errors: Unauthenticated, Invalid, Forbidden for ProposalsAll.
func (s *Service) ProposalsOf(ctx context.Context, in ProposalList) (Page[ProposalRow], error) {
	if err := s.mayLook(ctx); err != nil {
		return Page[ProposalRow]{}, err
	}
	q := graph.Query{Sort: "at", Desc: true, After: in.After, Limit: in.Limit}
	switch in.View {
	case "", ProposalsWaiting:
		return s.waitingProposals(ctx, in)
	case ProposalsMine:
		q.Where = []graph.Filter{where("proposer", authz.From(ctx).ID)}
	case ProposalsAll:
		if err := s.policy.Require(ctx, authz.Request, authz.Everywhere, authz.View); err != nil {
			return Page[ProposalRow]{}, err
		}
	default:
		return Page[ProposalRow]{}, errs.Bad("view", "has to be waiting, mine or all.")
	}
	page, err := list(ctx, s.store, proposalType, q)
	if err != nil {
		return Page[ProposalRow]{}, err
	}
	rows, err := s.proposalRows(ctx, page.Items)
	return Page[ProposalRow]{Items: rows, Next: page.Next}, err
}

// waitingProposals are those that the viewer may confirm, as far as he isn't tied to who proposed them.
func (s *Service) waitingProposals(ctx context.Context, in ProposalList) (Page[ProposalRow], error) {
	me := authz.From(ctx)
	keys, _ := keysOf(me)
	if len(keys) == 0 {
		return Page[ProposalRow]{}, nil
	}
	turns, err := list(ctx, s.store, proposalTurnType, graph.Query{Sort: "due", After: in.After, Limit: in.Limit, Visible: &graph.Visible{Audiences: keys}})
	if err != nil {
		return Page[ProposalRow]{}, err
	}
	var ids []graph.ID
	for _, t := range turns.Items {
		ids = append(ids, t.Proposal)
	}
	found, err := getAll(ctx, s.store, proposalType, ids)
	if err != nil {
		return Page[ProposalRow]{}, err
	}
	var out []Proposal
	for _, t := range turns.Items {
		p := found[t.Proposal]
		var body proposalBody
		if err := unpack(p.Body, &body); err != nil {
			return Page[ProposalRow]{}, err
		}
		if p.State == Proposed && body.firstAudience(keys) == t.Audience && !slices.Contains(body.Circle, graph.ID(me.ID)) {
			out = append(out, p)
		}
	}
	rows, err := s.proposalRows(ctx, out)
	return Page[ProposalRow]{Items: rows, Next: turns.Next}, err
}

// firstAudience is the first of somebody's keys whose list a proposal is on.
func (b proposalBody) firstAudience(keys []string) string {
	on := b.audiences()
	i := slices.IndexFunc(keys, func(k string) bool { return slices.Contains(on, k) })
	if i < 0 {
		return ""
	}
	return keys[i]
}

// ProposalCount is how many proposals wait for the principal in ctx, up to what one page of a list holds; more tells that there
// are further ones.
func (s *Service) ProposalCount(ctx context.Context) (n int, more bool, err error) {
	page, err := s.ProposalsOf(ctx, ProposalList{View: ProposalsWaiting, Limit: proposalBatch})
	return len(page.Items), page.Next != "", err
}

func (s *Service) proposalRows(ctx context.Context, all []Proposal) ([]ProposalRow, error) {
	var people []graph.ID
	for _, p := range all {
		people = append(people, p.Proposer)
	}
	found, err := identity.Lookup(ctx, s.store, people...)
	if err != nil {
		return nil, err
	}
	var out []ProposalRow
	for _, p := range all {
		sees, err := s.seesAbout(ctx, s.store, p)
		if err != nil {
			return nil, err
		}
		if !sees && !s.unbound(ctx) && authz.From(ctx).ID != string(p.Proposer) {
			p = Proposal{ID: p.ID, Act: p.Act, State: p.State, Proposer: p.Proposer, At: p.At, Due: p.Due}
		}
		spell, err := speller(ctx, s.store, p.About)
		if err != nil {
			return nil, err
		}
		p.Title = spell(p.Title)
		out = append(out, ProposalRow{Proposal: p, ProposerName: found[p.Proposer].Name})
	}
	return out, nil
}
