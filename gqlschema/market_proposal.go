package gqlschema

import (
	"context"

	"weir/gqlschema/gen"
	"weir/graph"
	"weir/marketplace"
)

func (r *resolver) Proposal() gen.ProposalResolver { return &proposals{r} }

type proposals struct{ *resolver }

func (q queries) Proposals(ctx context.Context, view gen.ProposalsOf, first *int, after *string) (*gen.ProposalConnection, error) {
	w, err := reading("proposals", first, after, func(after string, limit int) ([]marketplace.ProposalRow, string, error) {
		return marketPage(q.market.ProposalsOf(ctx, marketplace.ProposalList{View: unword[string](view), After: after, Limit: limit}))
	})
	if err != nil {
		return nil, err
	}
	out := &gen.ProposalConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showProposalRow, func(at string, n *gen.Proposal) *gen.ProposalEdge {
		return &gen.ProposalEdge{Cursor: at, Node: n}
	})
	return out, nil
}

func (q queries) Proposal(ctx context.Context, id graph.ID) (*gen.Proposal, error) {
	v, err := q.market.Proposal(ctx, id)
	return found(v.Proposal, err, showProposal)
}

func (q queries) ProposalCount(ctx context.Context) (*gen.ProposalCount, error) {
	n, more, err := q.market.ProposalCount(ctx)
	return &gen.ProposalCount{Count: n, IsCapped: more}, err
}

func showProposal(p marketplace.Proposal) *gen.Proposal {
	return &gen.Proposal{
		ID: p.ID, Act: word[gen.ActName](p.Act), Title: text(p.Title), State: word[gen.ProposalState](p.State), Proposer: somebody(p.Proposer),
		Reason: text(p.Reason), About: ref(p.About), At: p.At, Due: p.Due, DecidedAt: when(p.Decided), Note: text(p.Note),
		Result: text(p.Result), Error: text(p.Error), Version: int(p.Version),
	}
}

func showProposalRow(r marketplace.ProposalRow) *gen.Proposal {
	out := showProposal(r.Proposal)
	out.Proposer = called(r.Proposer, r.ProposerName)
	return out
}

func (r proposals) Detail(ctx context.Context, p *gen.Proposal) (*gen.ProposalDetail, error) {
	v, err := r.market.Proposal(ctx, p.ID)
	return shownAfter(v, err, func(v marketplace.ProposalView) *gen.ProposalDetail {
		return &gen.ProposalDetail{
			Lines: full(v.Lines), Before: full(v.Before), Gone: text(v.Gone), Seen: text(v.Seen), Decider: called(v.Decider, v.DeciderName),
			Confirmers: full(v.Confirmers), More: v.More, IsStuck: v.Stuck, MayConfirm: v.MayConfirm, MayRefuse: v.MayRefuse,
			MayRetract: v.MayRetract, Why: text(v.Why),
		}
	})
}

func (m mutations) Propose(ctx context.Context, in gen.ActInput, reason string) (*gen.Proposal, error) {
	act, err := m.actOf(ctx, in)
	if err != nil {
		return nil, err
	}
	p, err := m.market.Propose(ctx, act, reason)
	return shownAfter(p, err, showProposal)
}

func (m mutations) ConfirmProposal(ctx context.Context, id graph.ID, version *int, seen string, note *string) (*gen.Proposal, error) {
	v, err := m.market.ConfirmProposal(ctx, marketplace.ProposalVerdict{Proposal: id, Version: number64(version), Seen: seen, Note: or(note, "")})
	if err != nil {
		return nil, err
	}
	if m.people != nil {
		m.people.Forget() // the act may have changed who holds what
	}
	return showProposal(v.Proposal), nil
}

func (m mutations) RefuseProposal(ctx context.Context, id graph.ID, version *int, note string) (*gen.Proposal, error) {
	return m.proposalAfter(ctx, id, m.market.RefuseProposal(ctx, marketplace.ProposalVerdict{Proposal: id, Version: number64(version), Note: note}))
}

func (m mutations) RetractProposal(ctx context.Context, id graph.ID, version *int) (*gen.Proposal, error) {
	return m.proposalAfter(ctx, id, m.market.RetractProposal(ctx, marketplace.ProposalVerdict{Proposal: id, Version: number64(version)}))
}

func (m mutations) proposalAfter(ctx context.Context, id graph.ID, err error) (*gen.Proposal, error) {
	if err != nil {
		return nil, err
	}
	v, err := m.market.Proposal(ctx, id)
	return shownAfter(v.Proposal, err, showProposal)
}
