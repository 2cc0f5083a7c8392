package marketplace

import (
	"context"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/identity"
)

// openReviews writes a review for each grant, and one task for each reviewer.
func (s *Service) openReviews(ctx context.Context, tx graph.Tx, c Campaign, grants []Grant) error {
	find := reviewers{s: s, r: tx, people: map[string]map[string]able{}, circles: map[[2]graph.ID]identity.Circle{}}
	count := map[string]int{}
	var writes []graph.NodeWrite
	for _, g := range grants {
		key, err := find.of(ctx, g)
		if err != nil {
			return err
		}
		count[key]++
		r := Review{Campaign: c.ID, Grant: g.ID, Audience: key, State: ReviewOpen, Until: g.Until}
		writes = append(writes, reviewType.Write(reviewID(c.ID, g.ID), graph.Create, r))
	}
	if _, err := tx.Put(ctx, writes...); err != nil {
		return err
	}
	for key, n := range count {
		t := Task{Kind: TaskReview, About: c.ID, Title: "Look through grants: " + c.Name, Text: decimal(n) + " to look at", Due: c.Due, Since: c.At}
		if err := s.addTask(ctx, tx, t, key); err != nil {
			return err
		}
	}
	return nil
}

func reviewID(campaign, grant graph.ID) graph.ID {
	return catalog.NewID(reviewType.Spec.Prefix, string(campaign), string(grant))
}

// reviewRoles are who looks through grants of what has no owner who could, in their order.
var reviewRoles = []string{authz.Owner, authz.Steward, authz.Approver}

// fewPeople is up to how many people of one side it is looked whether all of them have to do with the holder of a grant. Of more
// some don't; if that is wrong, they are told so, and whoever manages grants can answer.
const fewPeople = 8

// reviewers finds who is to look at grants.
type reviewers struct {
	s       *Service
	r       graph.Reader
	people  map[string]map[string]able // by owner and domain: who answers for each key
	circles map[[2]graph.ID]identity.Circle
}

// of is the assignee key of who looks at a grant: its owner, or else the first role in its domain of which somebody has nothing to
// do with the holder. Where there is nobody it is for administrators.
func (f *reviewers) of(ctx context.Context, g Grant) (string, error) {
	var keys []string
	if g.Owner != "" {
		keys = append(keys, string(g.Owner))
	}
	for _, role := range reviewRoles {
		keys = append(keys, roleKey(role, g.Domain))
	}
	side := string(g.Owner) + " " + string(g.Domain)
	if f.people[side] == nil {
		found, err := f.s.deciders(ctx, f.r, keys)
		if err != nil {
			return "", err
		}
		f.people[side] = found
	}
	for _, key := range keys {
		ok, err := f.free(ctx, f.people[side][key], g)
		if err != nil || ok {
			return key, err
		}
	}
	return everywhereKey(authz.Admin), nil
}

// free tells whether somebody among people has nothing to do with the holder of a grant.
func (f *reviewers) free(ctx context.Context, people able, g Grant) (bool, error) {
	if len(people) == 0 || len(people) > fewPeople {
		return len(people) > 0, nil
	}
	pair := [2]graph.ID{g.Sender, g.Holder}
	circle, known := f.circles[pair]
	if !known {
		var err error
		if circle, err = identity.Closure(ctx, f.r, present(pair[:]), g.Since, f.s.now()); err != nil {
			return false, err
		}
		f.circles[pair] = circle
	}
	return len(people.outside(circle)) > 0, nil
}
