package notify

import (
	"context"

	"weir/audit"
	"weir/graph"
	"weir/marketplace"
)

// proposed tells those who can confirm an act that it waits for them.
func (m *Market) proposed(ctx context.Context, e audit.Entry) ([]Notice, error) {
	p, err := m.market.Proposal(ctx, e.Target)
	if err != nil || p.State != marketplace.Proposed {
		return nil, err
	}
	who := orSomebody(p.ProposerName)
	t := telling{e: e, names: distinct([]graph.ID{p.Proposer, p.About}), what: "proposal", kind: Confirm, title: who + " proposes: " + p.Title, link: "/proposals/" + string(p.ID), body: []string{
		"Who: " + who, "What: " + p.Title, "Why: " + reason(p.Reason),
		"What to do: look at what will change, then confirm or refuse it. Nothing changes before, and once it is confirmed it is done by itself.",
		"By when: " + day(p.Due),
	}}
	return t.to(without(p.Able, p.Proposer)), nil
}

// proposalDecided tells who proposed an act what became of it.
func (m *Market) proposalDecided(ctx context.Context, e audit.Entry) ([]Notice, error) {
	p, err := m.market.Proposal(ctx, e.Target)
	if err != nil {
		return nil, err
	}
	t := telling{e: e, names: distinct([]graph.ID{p.Proposer, p.Decider, p.About}), what: "outcome", kind: Confirm, link: "/proposals/" + string(p.ID), body: []string{"What: " + p.Title}}
	switch p.State {
	case marketplace.Done:
		t.title = "Confirmed and done: " + p.Title
		t.body = append(t.body, "Who confirmed it: "+orSomebody(p.DeciderName))
		if p.MayTake || !p.Until.IsZero() {
			t.body = append(t.body, "What to do: take the list out. By when: "+day(p.Until))
		}
	case marketplace.Refused:
		t.title = "Refused: " + p.Title
		t.body = append(t.body, "Who refused it: "+orSomebody(p.DeciderName), "Said: "+reason(p.Note))
	case marketplace.Lapsed:
		t.title = "Ended without a decision: " + p.Title
		t.body = append(t.body, "What to do: propose it again if it is still needed.")
	case marketplace.Broken:
		t.title = "Could not be done: " + p.Title
		t.body = append(t.body, "Who confirmed it: "+orSomebody(p.DeciderName), "Why not: "+line(p.Error), "What to do: propose it again once that is settled, or take it back.")
	default:
		return nil, nil
	}
	people, err := m.persons(ctx, p.Proposer)
	return t.to(without(people, graph.ID(e.Actor))), err
}
