package marketplace

import (
	"context"
	"slices"

	"weir/authz"
	"weir/graph"
	"weir/identity"
	"weir/marketplace/flow"
)

const (
	mostDerived   = 200   // consumers that a revocation opens tasks for
	mostLooked    = 5_000 // consumers among which the holder's are looked for
	derivedOwners = 5     // of one consumer who get the task
)

// What a task for what was made of revoked data says beside its names.
const (
	derivedOwn     = "It belongs to who had this access. Stop it, or ask for the data anew."
	derivedMaybe   = "It can't be told which of what was made from this data was made with this access. Look whether this was."
	derivedMaybeOf = "There is more than these tasks name: look at the lineage, too."
)

// derivedTasks opens a task for each dashboard, report, model, agent or application that was made with what a grant opened: those that
// belong to its holder; where none does all that depend on the data, which the task then says. It returns how many.
func (s *Service) derivedTasks(ctx context.Context, tx graph.Tx, g Grant) (int, error) {
	body, err := g.body()
	if err != nil {
		return 0, err
	}
	found, complete, err := flow.Consumers(ctx, tx, datasetsOf(body.Parts), s.now(), mostLooked)
	if err != nil || len(found) == 0 {
		return 0, err
	}
	var ids []graph.ID
	for _, d := range found {
		ids = append(ids, d.Consumer)
	}
	owners, err := ownersOf(ctx, tx, ids)
	if err != nil {
		return 0, err
	}
	around, err := s.around(ctx, tx, g.Holder)
	if err != nil {
		return 0, err
	}
	text := derivedOwn
	own := slices.DeleteFunc(slices.Clone(ids), func(id graph.ID) bool { return !overlaps(owners[id], around) })
	if len(own) == 0 {
		own, text = ids, derivedMaybe
	}
	if !complete || len(own) > mostDerived {
		own, text = own[:min(len(own), mostDerived)], text+" "+derivedMaybeOf
	}
	now := graph.Time(s.now())
	for _, id := range own {
		t := Task{Kind: TaskDerived, About: id, Grant: g.ID, Title: "Look after what was made with access that was taken back",
			Text: text, Due: now.Add(derivedTime), Since: now}
		if err := s.addTask(ctx, tx, t, derivedKeys(g, owners[id])...); err != nil {
			return 0, err
		}
	}
	return len(own), nil
}

// derivedKeys are who looks after a consumer: its owners, or else who owns the data.
func derivedKeys(g Grant, owners []string) []string {
	switch {
	case len(owners) > 0:
		return owners[:min(len(owners), derivedOwners)]
	case g.Owner != "":
		return []string{string(g.Owner)}
	}
	return []string{roleKey(authz.Owner, g.Domain), roleKey(authz.Approver, g.Domain)}
}

// around are somebody, those he may not decide for, and the teams that he is in.
func (s *Service) around(ctx context.Context, r graph.Reader, holder graph.ID) (map[string]bool, error) {
	circle, err := identity.Closure(ctx, r, []graph.ID{holder}, s.now(), s.now())
	if err != nil {
		return nil, err
	}
	teams, _, err := identity.Standing(ctx, r, holder)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for id := range circle {
		out[string(id)] = true
	}
	for _, id := range teams {
		out[string(id)] = true
	}
	return out, nil
}

func overlaps(keys []string, among map[string]bool) bool {
	return slices.ContainsFunc(keys, func(k string) bool { return among[k] })
}
