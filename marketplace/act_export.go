package marketplace

import (
	"context"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// ExportAct takes the list of all grants out, with the names of people in it. Once it is confirmed the proposer may download
// it once within a day, as it is then.
type ExportAct struct {
	State string `json:"state"` // as GrantList.State
}

type exportAct struct {
	ExportAct
	s *Service
}

func (in ExportAct) name() string        { return ActExport }
func (in ExportAct) bind(s *Service) act { return exportAct{in, s} }

func (in ExportAct) second(context.Context, graph.Reader) (bool, error) { return true, nil }

func (a exportAct) check(ctx context.Context) error {
	if err := a.may(ctx, a.s.store); err != nil {
		return err
	}
	_, err := statesOf(a.State)
	return err
}

func (a exportAct) may(ctx context.Context, _ graph.Reader) error {
	return a.s.policy.Require(ctx, authz.Grant, authz.Everywhere, authz.Export)
}

// exportFacts are what an export is judged by.
type exportFacts struct {
	State string `json:"state"`
	Rows  int    `json:"rows"` // now
}

func (a exportAct) describe(ctx context.Context, r graph.Reader) (Effect, error) {
	states, err := statesOf(a.State)
	if err != nil {
		return Effect{}, err
	}
	f := exportFacts{State: a.State}
	for _, state := range states {
		all, err := listAll(ctx, r, grantType, graph.Query{Where: []graph.Filter{where("state", string(state))}, Sort: "until"})
		if err != nil {
			return Effect{}, err
		}
		f.Rows += len(all)
	}
	which := map[string]string{"": "that are in force", GrantsLive: "that are in force", GrantsEnded: "that have ended"}[a.State]
	if which == "" {
		which = "that are " + stateWords(a.State)
	}
	return Effect{Title: "Take out the list of all grants " + which, Facts: f, Lines: []string{
		"Who proposed it may download one file with all grants " + which + ": " + count(f.Rows, "line", "lines") + " now.",
		"Each line names who has what, why, until when and by whose decision. The names of people are in it.",
		"It can be downloaded once, within a day of the confirmation, and shows what holds at that moment. What happens to the file after that is out of sight here.",
	}, keys: a.s.rolesThat(authz.Grant, authz.Everywhere, authz.Export)}, nil
}

// run only opens the door: nothing is copied until the proposer comes for it.
func (a exportAct) run(ctx context.Context) (string, error) { return "", a.check(ctx) }

// TakeExport gives the proposer of a confirmed export each line of it, once.
// Errors: NotFound, Conflict if it was taken or its time is over; those of ExportGrants and of each.
func (s *Service) TakeExport(ctx context.Context, proposal graph.ID, each func(GrantRow) error) error {
	var in ActInput
	err := s.run(ctx, "marketplace.proposal-take", proposal, func(ctx context.Context, tx graph.Tx) (deed, error) {
		p, body, err := s.proposalAt(ctx, tx, proposal)
		if err != nil {
			return deed{}, err
		}
		if string(p.Proposer) != authz.From(ctx).ID {
			return deed{}, errs.E(errs.Forbidden, "Only who proposed it takes the list out.")
		}
		if !p.open(s.now()) {
			return deed{}, errs.E(errs.Conflict, "The list was taken out already, or the day for it is over. Propose it anew.")
		}
		if in, err = storedAct(p.Act, body.Input); err != nil {
			return deed{}, err
		}
		p.Taken = graph.Time(s.now())
		_, err = put(ctx, tx, proposalType, p.ID, graph.IfVersion, p)
		return p.deed("taken", "", "taken"), err
	})
	if err != nil {
		return err
	}
	export, ok := in.(ExportAct)
	if !ok {
		return errs.E(errs.Internal, "This is no export.")
	}
	return s.ExportGrants(ctx, GrantList{View: GrantsAll, State: export.State}, each)
}
