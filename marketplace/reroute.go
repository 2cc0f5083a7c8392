package marketplace

import (
	"context"
	"slices"
	"strings"

	"weir/audit"
	"weir/errs"
	"weir/graph"
	"weir/marketplace/template"
)

// reroute asks those who decide an open item by the store as it is now, so that nothing waits for somebody who has left: owners
// change, teams lose people, and stand-ins end. Approvals that were given stay. What can't be worked out any more, or wouldn't
// need anybody now, stays with those who were asked.
func (s *Service) reroute(ctx context.Context, r graph.Reader, i *Item, body *itemBody) ([]audit.Change, error) {
	circle, err := s.circleOf(ctx, r, *i, *body)
	if err != nil {
		return nil, err
	}
	got, err := s.assessItem(ctx, s.seatsIn(r), *i, *body, circle)
	if errs.Is(err, errs.Conflict) {
		return nil, nil
	}
	if err != nil || got.outcome() != template.NeedsSteps {
		return nil, err
	}
	before, was := asks(body.Steps), i.Stuck
	body.Steps = withAnswers(got.Steps, body.Steps)
	if last := len(body.Steps) - 1; body.Steps[body.open()].met() {
		body.Steps[last].Done = nil // all who are asked now have approved: the last of them lets it pass once more
	}
	i.Step, i.Stuck = body.open(), got.Stuck
	changes := changed(nil, i.ID, "asks", before, asks(body.Steps))
	if was != i.Stuck {
		changes = append(changes, audit.Change{Asset: i.ID, Field: "stuck", Before: yesNo(was), After: yesNo(i.Stuck)})
	}
	return changes, nil
}

// asks are the assignee keys of steps, as a change shows them.
func asks(steps []Step) string {
	var out []string
	for _, st := range steps {
		var keys []string
		for _, p := range st.Parties {
			keys = append(keys, strings.Join(p.Keys, " or "))
		}
		slices.Sort(keys)
		out = append(out, strings.Join(keys, " and "))
	}
	return strings.Join(out, ", then ")
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
