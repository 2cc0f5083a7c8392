package marketplace

import (
	"context"
	"slices"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// mostCounted is up to where tasks are counted.
const mostCounted = 100

// TaskList asks for the tasks of the principal in ctx, the one that is due next first.
type TaskList struct {
	Done  bool // those that are done, instead of those that are open
	After string
	Limit int // 1 to graph.MaxPage
}

// TaskRow is a task as lists show it.
type TaskRow struct {
	Task
	GrantTitle string // "" if it isn't about a grant
	HolderName string // who has the grant, or had it
	Subject    string // name of the consumer or campaign that it is about; HiddenName if the viewer may not see it
	Late       bool
	DoneByName string
	Command    *Command // of TaskEnforce; its Body is empty
}

// Tasks are what the principal in ctx is to do. A page may hold fewer than the limit and still have a Next.
// Errors: Unauthenticated, Invalid.
func (s *Service) Tasks(ctx context.Context, in TaskList) (Page[TaskRow], error) {
	if err := s.mayLook(ctx); err != nil {
		return Page[TaskRow]{}, err
	}
	state := TaskOpen
	if in.Done {
		state = TaskDone
	}
	page, err := list(ctx, s.store, taskType, graph.Query{Where: []graph.Filter{where("state", state)}, Sort: "due", Desc: in.Done,
		After: in.After, Limit: in.Limit, Visible: s.ownLists(ctx)})
	if err != nil {
		return Page[TaskRow]{}, err
	}
	rows, err := s.taskRows(ctx, s.onceEach(ctx, page.Items))
	return Page[TaskRow]{Items: rows, Next: page.Next}, err
}

// TaskCount is how many open tasks the principal in ctx has; capped tells that there are more. Errors: Unauthenticated.
func (s *Service) TaskCount(ctx context.Context) (n int, capped bool, err error) {
	if err := s.mayLook(ctx); err != nil {
		return 0, false, err
	}
	page, err := list(ctx, s.store, taskType, graph.Query{Where: []graph.Filter{where("state", TaskOpen)}, Sort: "due",
		Limit: mostCounted, Visible: s.ownLists(ctx)})
	return len(s.onceEach(ctx, page.Items)), page.Next != "", err
}

// Task is one task of the principal in ctx. Errors: Unauthenticated; NotFound, also to whoever doesn't have it on his list.
func (s *Service) Task(ctx context.Context, id graph.ID) (TaskRow, error) {
	t, err := s.taskFor(ctx, s.store, id)
	if err != nil {
		return TaskRow{}, err
	}
	rows, err := s.taskRows(ctx, []Task{t})
	if err != nil {
		return TaskRow{}, err
	}
	return rows[0], nil
}

// ownLists are the lists of the principal in ctx.
func (s *Service) ownLists(ctx context.Context) *graph.Visible {
	if s.unbound(ctx) {
		return nil
	}
	keys, _ := keysOf(authz.From(ctx))
	return &graph.Visible{Audiences: keys}
}

// onceEach leaves of the copies of a task the one that comes first among those on the viewer's lists.
func (s *Service) onceEach(ctx context.Context, tasks []Task) []Task {
	keys, _ := keysOf(authz.From(ctx))
	return slices.DeleteFunc(tasks, func(t Task) bool {
		for _, a := range t.Among {
			if a == t.Audience {
				return false
			}
			if s.unbound(ctx) || slices.Contains(keys, a) {
				return true
			}
		}
		return false
	})
}

// taskRows adds names to tasks.
func (s *Service) taskRows(ctx context.Context, tasks []Task) ([]TaskRow, error) {
	var about, grants, who []graph.ID
	for _, t := range tasks {
		about, grants, who = append(about, t.About), append(grants, t.Grant), append(who, t.DoneBy)
	}
	known, err := getAll(ctx, s.store, grantType, present(grants))
	if err != nil {
		return nil, err
	}
	for _, g := range known {
		who = append(who, g.Holder)
	}
	called, err := names(ctx, s.store, who...)
	if err != nil {
		return nil, err
	}
	about = present(about)
	subjects, err := s.subjects(ctx, about)
	if err != nil {
		return nil, err
	}
	commands, err := getAll(ctx, s.store, commandType, about)
	if err != nil {
		return nil, err
	}
	now := s.now()
	out := make([]TaskRow, len(tasks))
	for i, t := range tasks {
		g := known[t.Grant]
		out[i] = TaskRow{Task: t, GrantTitle: g.Title, HolderName: called[g.Holder], Subject: subjects[t.About], DoneByName: called[t.DoneBy],
			Late: t.State == TaskOpen && !t.Due.IsZero() && t.Due.Before(now)}
		if c, ok := commands[t.About]; ok {
			c.Body = nil
			out[i].Command = &c
		}
	}
	return out, nil
}

// subjects names the consumers and campaigns that tasks are about, as the viewer may see them.
func (s *Service) subjects(ctx context.Context, ids []graph.ID) (map[graph.ID]string, error) {
	out := map[graph.ID]string{}
	consumers, err := getAll(ctx, s.store, catalog.ConsumerKind, ids)
	if err != nil {
		return nil, err
	}
	for id, c := range consumers {
		switch {
		case !s.policy.Sees(ctx, c.Audience):
			out[id] = HiddenName
		case c.Title != "":
			out[id] = c.Title
		default:
			out[id] = c.Name
		}
	}
	campaigns, err := getAll(ctx, s.store, campaignType, ids)
	for id, c := range campaigns {
		out[id] = c.Name
	}
	return out, err
}

// errDone is the answer to who comes too late for a task or review.
func errDone() error { return errs.E(errs.Conflict, "Somebody else has done this meanwhile.") }

// present are the ids that are not empty.
func present(ids []graph.ID) []graph.ID {
	return slices.DeleteFunc(slices.Clone(ids), func(id graph.ID) bool { return id == "" })
}
