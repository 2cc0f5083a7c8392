package marketplace

import (
	"context"
	"errors"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// proposalBatch is how many proposals a job takes at once.
const proposalBatch = 100

// RunProposals does what was confirmed and isn't done yet: what a server was stopped over, or what the store couldn't take.
func (s *Service) RunProposals(ctx context.Context) error {
	page, err := list(ctx, s.store, proposalType, graph.Query{Where: []graph.Filter{where("state", string(Confirmed))}, Sort: "at", Limit: proposalBatch})
	if err != nil {
		return err
	}
	var failed []error
	for _, p := range page.Items {
		failed = append(failed, s.runProposal(ctx, p.ID))
	}
	return errors.Join(failed...)
}

// runProposal does a confirmed act as who proposed it, with the rights that he has now, and notes how it ended. Each act may be
// done again without harm, so a server that stops in between loses nothing. An error is worth another try.
func (s *Service) runProposal(ctx context.Context, id graph.ID) error {
	p, ok, err := get(ctx, s.store, proposalType, id)
	if err != nil || !ok || p.State != Confirmed {
		return err
	}
	result, err := s.carryOut(ctx, p)
	if again(err) {
		return err
	}
	action := "marketplace.proposal-run"
	if err != nil {
		action = "marketplace.proposal-fail"
	}
	return s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, authz.Lock); err != nil {
			return err
		}
		now, ok, readErr := get(ctx, tx, proposalType, id)
		if readErr != nil || !ok || now.State != Confirmed {
			return readErr // another server was faster
		}
		now.end(result, err)
		if now.State == Done && now.Act == ActExport {
			now.Until = graph.Time(s.now().Add(takeTime))
		}
		if _, err := put(ctx, tx, proposalType, id, graph.IfVersion, now); err != nil {
			return err
		}
		return s.proposalEntry(ctx, tx, action, now.deed("state", string(Confirmed), string(now.State)))
	})
}

// end is how a confirmed act came out.
func (p *Proposal) end(result string, err error) {
	verdict := Finish
	if err != nil {
		verdict, p.Error = Fail, errs.Shown(err)
	}
	for _, t := range Proposals {
		if t.From == p.State && t.Action == verdict {
			p.State, p.Result = t.To, result
			return
		}
	}
}

func (s *Service) carryOut(ctx context.Context, p Proposal) (string, error) {
	var body proposalBody
	if err := unpack(p.Body, &body); err != nil {
		return "", err
	}
	in, err := storedAct(p.Act, body.Input)
	if err != nil {
		return "", err
	}
	s.options.People.Forget() // who has lost a right a moment ago acts on it no more
	who, err := s.options.People.PrincipalOf(ctx, p.Proposer)
	if errs.Is(err, errs.Unauthenticated) {
		return "", errs.E(errs.Conflict, "Who proposed it has left or was disabled.")
	}
	if err != nil {
		return "", err
	}
	return in.bind(s).run(authz.With(ctx, who))
}

// again tells whether an error may pass by itself.
func again(err error) bool {
	if err == nil {
		return false
	}
	for _, kind := range []errs.Kind{errs.Invalid, errs.NotFound, errs.Forbidden, errs.Conflict, errs.Exists, errs.TooLarge, errs.Unauthenticated} {
		if errs.Is(err, kind) {
			return false
		}
	}
	return true
}

// LapseProposals ends what nobody has confirmed in its time.
func (s *Service) LapseProposals(ctx context.Context) error {
	now := graph.Time(s.now())
	page, err := list(ctx, s.store, proposalType, graph.Query{Sort: "due", Limit: proposalBatch, Where: []graph.Filter{
		where("state", string(Proposed)), {Prop: "due", Op: graph.Less, Values: []any{now}}}})
	if err != nil {
		return err
	}
	for _, p := range page.Items {
		if err := s.lapseProposal(ctx, p.ID); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) lapseProposal(ctx context.Context, id graph.ID) error {
	return s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, authz.Lock); err != nil {
			return err
		}
		p, ok, err := get(ctx, tx, proposalType, id)
		if err != nil || !ok || p.State != Proposed || p.Due.After(s.now()) {
			return err
		}
		if p.State, err = next(Proposals, p.State, Lapse, ""); err != nil {
			return err
		}
		var body proposalBody
		if err := unpack(p.Body, &body); err != nil {
			return err
		}
		if err := s.writeProposal(ctx, tx, p, body); err != nil {
			return err
		}
		return s.proposalEntry(ctx, tx, "marketplace.proposal-lapse", p.deed("state", string(Proposed), string(p.State)))
	})
}
