package gqlschema

import (
	"context"

	"weir/gqlschema/gen"
	"weir/graph"
	"weir/marketplace"
)

func (q queries) Tasks(ctx context.Context, done *bool, first *int, after *string) (*gen.TaskConnection, error) {
	w, err := reading("tasks", first, after, func(after string, limit int) ([]marketplace.TaskRow, string, error) {
		return marketPage(q.market.Tasks(ctx, marketplace.TaskList{Done: or(done, false), After: after, Limit: limit}))
	})
	if err != nil {
		return nil, err
	}
	out := &gen.TaskConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showTask, func(at string, n *gen.Task) *gen.TaskEdge { return &gen.TaskEdge{Cursor: at, Node: n} })
	return out, nil
}

func (q queries) Task(ctx context.Context, id graph.ID) (*gen.Task, error) {
	t, err := q.market.Task(ctx, id)
	return found(t, err, showTask)
}

func (q queries) TaskCount(ctx context.Context) (*gen.TaskCount, error) {
	n, capped, err := q.market.TaskCount(ctx)
	return &gen.TaskCount{Count: n, IsCapped: capped}, err
}

func showTask(t marketplace.TaskRow) *gen.Task {
	out := &gen.Task{
		ID: t.ID, Kind: word[gen.TaskKind](t.Kind), IsDone: t.State == marketplace.TaskDone, Title: t.Title, Text: text(t.Text),
		About: ref(t.About), Grant: ref(t.Grant), GrantTitle: text(t.GrantTitle), HolderName: text(t.HolderName), Subject: text(t.Subject),
		Due: when(t.Due), Since: t.Since, IsLate: t.Late, DoneBy: called(t.DoneBy, t.DoneByName), DoneAt: when(t.DoneAt),
		Note: text(t.Note), Version: int(t.Version),
	}
	if t.Command != nil {
		out.Command = showCommand(*t.Command)
	}
	return out
}

func (m mutations) FinishTask(ctx context.Context, task graph.ID, version *int, note *string, failed bool) (*gen.Task, error) {
	err := m.market.FinishTask(ctx, marketplace.TaskAnswer{Task: task, Version: number64(version), Note: or(note, ""), Failed: failed})
	if err != nil {
		return nil, err
	}
	t, err := m.market.Task(ctx, task)
	return shownAfter(t, err, showTask)
}
