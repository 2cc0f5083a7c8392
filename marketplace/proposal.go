package marketplace

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// proposalTime is how long a proposal waits before it lapses.
const proposalTime = 30 * 24 * time.Hour

// takeTime is how long a list may be taken out once that is confirmed.
const takeTime = 24 * time.Hour

func noProposal() error { return errs.E(errs.NotFound, "There is no such proposal.") }

// DescribeAct says what an act would change, to whoever may do it himself.
// Errors: Unauthenticated, Forbidden, Invalid with the fields, NotFound, Conflict.
func (s *Service) DescribeAct(ctx context.Context, in ActInput) (Effect, error) {
	a := in.bind(s)
	if err := a.check(ctx); err != nil {
		return Effect{}, err
	}
	e, err := a.describe(ctx, s.store)
	if err != nil {
		return Effect{}, err
	}
	return e.spelled(ctx, s.store)
}

// Propose puts an act before those who may confirm it. It takes the right to do the act oneself.
// Errors: Unauthenticated, Forbidden (also written down), Invalid with the fields, NotFound, Conflict.
func (s *Service) Propose(ctx context.Context, in ActInput, reason string) (Proposal, error) {
	const action = "marketplace.propose"
	c := &checker{}
	reason = c.lines("reason", reason, maxReason, true)
	if err := c.err(); err != nil {
		return Proposal{}, err
	}
	err := s.policy.Require(ctx, authz.Request, authz.Everywhere, authz.Write)
	if err == nil {
		err = in.bind(s).check(ctx)
	}
	if errs.Is(err, errs.Forbidden) {
		return Proposal{}, s.refused(ctx, action, "", err)
	}
	if err != nil {
		return Proposal{}, err
	}
	if who := authz.From(ctx); who.Type == authz.Machine || !who.Known() {
		return Proposal{}, errs.E(errs.Forbidden, "Only somebody who is signed in proposes: who works at the machine needs nobody's word.")
	}
	var out Proposal
	err = s.run(ctx, action, "", func(ctx context.Context, tx graph.Tx) (deed, error) {
		var err error
		if out, err = s.newProposal(ctx, tx, in, reason); err != nil {
			return deed{}, err
		}
		return out.deed("state", "", string(out.State)), nil
	})
	if err != nil {
		return Proposal{}, err
	}
	spell, err := speller(ctx, s.store, out.About)
	out.Title = spell(out.Title)
	return out, err
}

// newProposal writes a proposal as what it would change is now.
func (s *Service) newProposal(ctx context.Context, tx graph.Tx, in ActInput, reason string) (Proposal, error) {
	e, err := in.bind(s).describe(ctx, tx)
	if err != nil {
		return Proposal{}, err
	}
	now := graph.Time(s.now())
	p := Proposal{Act: in.name(), Title: e.Title, State: Proposed, Proposer: graph.ID(authz.From(ctx).ID), Reason: reason,
		About: e.About, Domain: e.Domain, At: now, Due: now.Add(proposalTime)}
	body := proposalBody{Keys: e.keys, Concerned: e.concerned}
	if body.Input, err = pack(in); err != nil {
		return p, err
	}
	if err := body.pin(&p, e); err != nil {
		return p, err
	}
	circle, err := identity.Closure(ctx, tx, append([]graph.ID{p.Proposer}, e.concerned...), now, now)
	if err != nil {
		return p, err
	}
	body.Circle = slices.Sorted(maps.Keys(circle))
	if p.Body, err = pack(body); err != nil {
		return p, err
	}
	p.ID = randomID(proposalType.Spec.Prefix)
	if p, err = put(ctx, tx, proposalType, p.ID, graph.Create, p); err != nil {
		return p, err
	}
	return p, s.proposalTurns(ctx, tx, p, body)
}

// pin keeps what is shown, with its hash.
func (b *proposalBody) pin(p *Proposal, e Effect) error {
	facts, err := pack(e.Facts)
	if err != nil {
		return err
	}
	b.Lines, b.Facts = e.Lines, facts
	p.Hash, err = e.hash()
	return err
}

// hash is the SHA-256 of what an effect shows and is made of, hex.
func (e Effect) hash() (string, error) {
	text, err := json.Marshal([]any{e.Title, e.Lines, e.Facts})
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), errs.Wrap(err, errs.Internal, "What would change can't be written.")
}

// deed is the entry of what was done to a proposal. Titles name people, so they stay out of it.
func (p Proposal) deed(field, before, after string) deed {
	return deed{target: p.ID, facts: map[string]string{"proposal": string(p.ID), "act": p.Act, "about": string(p.About), "facts": p.Hash},
		changes: changed(nil, p.ID, field, before, after)}
}

// open tells whether a list waits to be taken out.
func (p Proposal) open(now time.Time) bool {
	return p.State == Done && p.Taken.IsZero() && p.Until.After(now)
}

// proposalTurns puts a proposal on the lists of those who may confirm it, and takes it off once it waits no more.
func (s *Service) proposalTurns(ctx context.Context, tx graph.Tx, p Proposal, body proposalBody) error {
	if p.State != Proposed {
		turns, err := listAll(ctx, tx, proposalTurnType, graph.Query{Where: []graph.Filter{where("proposal", string(p.ID))}, Sort: "due"})
		if err != nil || len(turns) == 0 {
			return err
		}
		var gone []graph.ID
		for _, t := range turns {
			gone = append(gone, t.ID)
		}
		return tx.Delete(ctx, gone...)
	}
	var ws []graph.NodeWrite
	for _, audience := range body.audiences() {
		id := catalog.NewID(proposalTurnType.Spec.Prefix, string(p.ID), audience)
		ws = append(ws, proposalTurnType.Write(id, graph.Upsert, ProposalTurn{Proposal: p.ID, Audience: audience, Due: p.Due}))
	}
	if len(ws) == 0 {
		return nil
	}
	_, err := tx.Put(ctx, ws...)
	return err
}

// audiences are the keys of lists that a proposal is on, sorted.
func (b proposalBody) audiences() []string {
	var out []string
	for _, k := range b.Keys {
		out = append(out, audiences(k)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// proposalAt reads a proposal that the principal in ctx may see.
func (s *Service) proposalAt(ctx context.Context, r graph.Reader, id graph.ID) (Proposal, proposalBody, error) {
	var body proposalBody
	if err := s.mayLook(ctx); err != nil {
		return Proposal{}, body, err
	}
	p, ok, err := get(ctx, r, proposalType, id)
	if err != nil {
		return p, body, err
	}
	if !ok {
		return p, body, noProposal()
	}
	if err := unpack(p.Body, &body); err != nil {
		return p, body, err
	}
	sees, err := s.seesProposal(ctx, r, p, body)
	if err == nil && !sees {
		err = noProposal()
	}
	return p, body, err
}

// seesProposal: who proposed it sees it, who may confirm it, and those who may see all requests; nobody else, and nobody who
// may not see what it is about.
func (s *Service) seesProposal(ctx context.Context, r graph.Reader, p Proposal, body proposalBody) (bool, error) {
	who := authz.From(ctx)
	if s.unbound(ctx) || who.ID == string(p.Proposer) {
		return true, nil
	}
	keys, _ := keysOf(who)
	asked := slices.ContainsFunc(body.audiences(), func(k string) bool { return slices.Contains(keys, k) })
	if !asked && !s.policy.Can(ctx, authz.Request, authz.Everywhere, authz.View) {
		return false, nil
	}
	return s.seesAbout(ctx, r, p)
}

// seesAbout tells whether the principal in ctx may see the dataset and the domain that a proposal is about.
func (s *Service) seesAbout(ctx context.Context, r graph.Reader, p Proposal) (bool, error) {
	d, ok, err := get(ctx, r, catalog.DatasetType, p.About)
	if err != nil || ok && !s.policy.Sees(ctx, d.Audience) {
		return false, err
	}
	domain, ok, err := get(ctx, r, catalog.DomainType, p.Domain)
	return err == nil && (!ok || s.policy.Sees(ctx, domain.Audience)), err
}

// storedAct reads the input of a proposal that was written before.
func storedAct(name string, raw []byte) (ActInput, error) {
	in, err := ParseAct(name, raw)
	return in, broken(err)
}

// proposalEntry is the entry of what the program does with a proposal by itself.
func (s *Service) proposalEntry(ctx context.Context, tx graph.Tx, action string, d deed) error {
	return audit.Append(ctx, tx, s.now(), audit.Entry{Actor: authz.Operator.ID, Action: action, Target: d.target, Decision: audit.Allowed,
		Facts: d.facts, Changes: d.changes})
}
