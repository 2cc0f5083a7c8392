package marketplace

import (
	"context"
	"log/slog"
	"slices"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// ProposalVerdict is what somebody says of a proposal.
type ProposalVerdict struct {
	Proposal graph.ID
	Version  int64  // that was looked at; 0 is any
	Seen     string // hash of what was looked at; needed to confirm
	Note     string // needed to refuse
}

// ConfirmProposal lets an act be done, and does it. Whoever confirms has the right to the act himself and is tied neither to who
// proposed it nor to who gains by it (identity.Closure), whatever his role.
// Errors: Unauthenticated, Forbidden with the reason (also written down), NotFound, Invalid, Conflict if it was decided
// meanwhile, or if what it changes isn't any more what was looked at.
func (s *Service) ConfirmProposal(ctx context.Context, in ProposalVerdict) (ProposalView, error) {
	c := &checker{}
	in.Note = c.lines("note", in.Note, maxReason, false)
	if in.Seen == "" {
		c.field("seen", "is missing: name what you looked at.")
	}
	if err := c.err(); err != nil {
		return ProposalView{}, err
	}
	err := s.decideProposal(ctx, "marketplace.confirm", in, Confirm, func(ctx context.Context, tx graph.Tx, p *Proposal, body *proposalBody, a act) error {
		if err := s.outsideCircle(ctx, tx, *p, *body); err != nil {
			return err
		}
		e, err := a.describe(ctx, tx)
		if err != nil {
			return err
		}
		if now, err := e.hash(); err != nil || now != in.Seen {
			return orError(err, errs.E(errs.Conflict, "What this would change isn't what you looked at any more. Look at it again."))
		}
		return body.pin(p, e)
	})
	if err != nil {
		return ProposalView{}, err
	}
	if err := s.runProposal(ctx, in.Proposal); err != nil {
		slog.WarnContext(ctx, "a confirmed act couldn't be done yet and is tried again", "proposal", in.Proposal, "error", err)
	}
	return s.Proposal(ctx, in.Proposal)
}

// RefuseProposal turns an act down; it takes the same right, and says why.
// Errors: as ConfirmProposal.
func (s *Service) RefuseProposal(ctx context.Context, in ProposalVerdict) error {
	c := &checker{}
	in.Note = c.lines("note", in.Note, maxReason, true)
	if err := c.err(); err != nil {
		return err
	}
	return s.decideProposal(ctx, "marketplace.refuse", in, Refuse, func(context.Context, graph.Tx, *Proposal, *proposalBody, act) error { return nil })
}

// decideProposal applies a verdict of somebody who has the right to the act.
func (s *Service) decideProposal(ctx context.Context, action string, in ProposalVerdict, verdict ProposalAction,
	do func(context.Context, graph.Tx, *Proposal, *proposalBody, act) error,
) error {
	if err := s.policy.Require(ctx, authz.Request, authz.Everywhere, authz.Decide); err != nil {
		return s.refused(ctx, action, in.Proposal, err)
	}
	return s.run(ctx, action, in.Proposal, func(ctx context.Context, tx graph.Tx) (deed, error) {
		p, body, a, err := s.waitingProposal(ctx, tx, in)
		if err != nil {
			return deed{}, err
		}
		was := p.State
		if p.State, err = next(Proposals, p.State, verdict, ""); err != nil {
			return deed{}, err
		}
		if err := do(ctx, tx, &p, &body, a); err != nil {
			return deed{}, err
		}
		p.Decider, p.Decided, p.Note = graph.ID(authz.From(ctx).ID), graph.Time(s.now()), in.Note
		return p.deed("state", string(was), string(p.State)), s.writeProposal(ctx, tx, p, body)
	})
}

// waitingProposal is a proposal as it was looked at, and its act, for a person who has the right to it.
func (s *Service) waitingProposal(ctx context.Context, tx graph.Tx, in ProposalVerdict) (Proposal, proposalBody, act, error) {
	p, body, err := s.proposalAt(ctx, tx, in.Proposal)
	if err != nil {
		return p, body, nil, err
	}
	input, err := storedAct(p.Act, body.Input)
	if err != nil {
		return p, body, nil, err
	}
	a := input.bind(s)
	if authz.From(ctx).Type != authz.Person {
		return p, body, a, errs.E(errs.Forbidden, "Only a person decides: agents and service accounts may propose.")
	}
	if err := a.may(ctx, tx); err != nil {
		return p, body, a, err
	}
	return p, body, a, sameVersion(in.Version, p.Version)
}

// outsideCircle refuses whoever is tied to who proposed something or gains by it, now or at any time since.
func (s *Service) outsideCircle(ctx context.Context, r graph.Reader, p Proposal, body proposalBody) error {
	me := graph.ID(authz.From(ctx).ID)
	circle, err := s.proposalCircle(ctx, r, p, body)
	if err != nil || !circle.Has(me) {
		return err
	}
	called, err := s.called(ctx, r, circle.Chain(me))
	if err != nil {
		return err
	}
	return errs.E(errs.Forbidden, "Nobody confirms his own act. "+circle.Why(me, called))
}

// proposalCircle are all who must not confirm a proposal.
func (s *Service) proposalCircle(ctx context.Context, r graph.Reader, p Proposal, body proposalBody) (identity.Circle, error) {
	around := append([]graph.ID{p.Proposer}, body.Concerned...)
	circle, err := identity.Closure(ctx, r, around, p.At, s.now())
	if err != nil {
		return nil, err
	}
	former := slices.DeleteFunc(slices.Clone(body.Circle), circle.Has)
	if len(former) == 0 {
		return circle, nil
	}
	then, err := identity.Closure(ctx, r, former, p.At, s.now())
	return circle.Merge(then), err
}

// RetractProposal takes back what one proposed oneself, while it waits or after it failed.
// Errors: Unauthenticated, Forbidden, NotFound, Conflict.
func (s *Service) RetractProposal(ctx context.Context, in ProposalVerdict) error {
	return s.run(ctx, "marketplace.retract", in.Proposal, func(ctx context.Context, tx graph.Tx) (deed, error) {
		p, body, err := s.proposalAt(ctx, tx, in.Proposal)
		if err != nil {
			return deed{}, err
		}
		if authz.From(ctx).ID != string(p.Proposer) {
			return deed{}, errs.E(errs.Forbidden, "Only who proposed it takes it back. Refuse it instead.")
		}
		if err := sameVersion(in.Version, p.Version); err != nil {
			return deed{}, err
		}
		was := p.State
		if p.State, err = next(Proposals, p.State, Retract, ""); err != nil {
			return deed{}, err
		}
		return p.deed("state", string(was), string(p.State)), s.writeProposal(ctx, tx, p, body)
	})
}

// writeProposal writes a proposal that was there, and takes it off the lists of those who need to do no more about it.
func (s *Service) writeProposal(ctx context.Context, tx graph.Tx, p Proposal, body proposalBody) error {
	var err error
	if p.Body, err = pack(body); err != nil {
		return err
	}
	if _, err := put(ctx, tx, proposalType, p.ID, graph.IfVersion, p); err != nil {
		return err
	}
	return s.proposalTurns(ctx, tx, p, body)
}
