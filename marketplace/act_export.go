package marketplace

import (
	"context"
	"slices"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// ExportAct takes the list of all grants out, with the names of people in it. Once it is confirmed the proposer may download
// it once within a day, as it is then.
type ExportAct struct {
	State   string   `json:"state"`             // as GrantList.State
	Domains []string `json:"domains,omitempty"` // of these alone; none: of all
}

// ExportOf is the export of all grants that the principal in ctx may take out, wherever that is.
// Errors: Unauthenticated, Forbidden (also written down) if that is nowhere.
func (s *Service) ExportOf(ctx context.Context, state string) (ExportAct, error) {
	out := ExportAct{State: state}
	why := s.policy.Require(ctx, authz.Grant, authz.Everywhere, authz.Export)
	if why == nil {
		return out, nil
	}
	for _, h := range authz.From(ctx).Roles {
		if h.Domain != authz.Everywhere && !slices.Contains(out.Domains, h.Domain) && s.policy.Can(ctx, authz.Grant, h.Domain, authz.Export) {
			out.Domains = append(out.Domains, h.Domain)
		}
	}
	if len(out.Domains) == 0 {
		return out, s.refused(ctx, "marketplace.grant-export", "", why)
	}
	return out, nil
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
	if len(a.Domains) == 0 {
		return a.s.policy.Require(ctx, authz.Grant, authz.Everywhere, authz.Export)
	}
	for _, d := range a.Domains {
		if err := a.s.policy.Require(ctx, authz.Grant, d, authz.Export); err != nil {
			return err
		}
	}
	return nil
}

// exportFacts are what an export is judged by.
type exportFacts struct {
	Export ExportAct `json:"export"`
	Rows   int       `json:"rows"` // now
}

func (a exportAct) describe(ctx context.Context, r graph.Reader) (Effect, error) {
	states, err := statesOf(a.State)
	if err != nil {
		return Effect{}, err
	}
	f := exportFacts{Export: a.ExportAct}
	for _, state := range states {
		n, err := a.count(ctx, r, state)
		if err != nil {
			return Effect{}, err
		}
		f.Rows += n
	}
	which := map[string]string{"": "that are in force", GrantsLive: "that are in force", GrantsEnded: "that have ended"}[a.State]
	if which == "" {
		which = "that are " + stateWords(a.State)
	}
	if len(a.Domains) > 0 {
		which += ", of " + count(len(a.Domains), "domain", "domains")
	}
	return Effect{Title: "Take out the list of all grants " + which, Facts: f, Lines: []string{
		"Who proposed it may download one file with all grants " + which + ": " + count(f.Rows, "line", "lines") + " now.",
		"Each line names who has what, why, until when and by whose decision. The names of people are in it.",
		"It can be downloaded once, within a day of the confirmation, and shows what holds at that moment. What happens to the file after that is out of sight here.",
	}, keys: a.s.rolesThat(authz.Grant, authz.Everywhere, authz.Export)}, nil
}

// count is how many lines there are now in a state.
func (a exportAct) count(ctx context.Context, r graph.Reader, state GrantState) (int, error) {
	all, err := listAll(ctx, r, grantType, graph.Query{Where: []graph.Filter{where("state", string(state))}, Sort: "until"})
	n := 0
	for _, g := range all {
		if a.has(g) {
			n++
		}
	}
	return n, err
}

// has tells whether a grant is of one of the domains.
func (in ExportAct) has(g Grant) bool {
	domain := string(g.Domain)
	if domain == "" {
		domain = authz.NoDomain
	}
	return len(in.Domains) == 0 || slices.Contains(in.Domains, domain)
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
	return s.ExportGrants(ctx, GrantList{View: GrantsAll, State: export.State}, func(g GrantRow) error {
		if !export.has(g.Grant) {
			return nil // a right that he was given since
		}
		return each(g)
	})
}
