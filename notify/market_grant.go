package notify

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"weir/audit"
	"weir/graph"
	"weir/marketplace"
)

func decimal(n int) string { return strconv.Itoa(n) }

// tellHolders tells who has a grant, and who asked for it, but for whoever acted; and those who have something to do by hand.
func (m *Market) tellHolders(ctx context.Context, e audit.Entry, text func(marketplace.GrantView) telling) ([]Notice, error) {
	g, err := m.market.Grant(ctx, about(e, grantPrefix))
	if err != nil {
		return nil, err
	}
	people, err := m.persons(ctx, g.Sender, g.Holder)
	if err != nil {
		return nil, err
	}
	t := text(g)
	t.e, t.link, t.names = e, grantLink(g), grantNames(g)
	if t.kind == "" {
		t.kind = Granted
	}
	tasks, err := m.tasks(ctx, e, g)
	return append(t.to(without(people, graph.ID(e.Actor))), tasks...), err
}

// tasks tell of what an entry has left to be done by hand about a grant: one text for each kind of task, however many there are.
func (m *Market) tasks(ctx context.Context, e audit.Entry, g marketplace.GrantView) ([]Notice, error) {
	of := map[string][]marketplace.Task{}
	keys := map[string][]string{}
	for _, task := range g.Tasks {
		if task.Since.Before(e.At.Add(-taskSlack)) || task.Since.After(e.At.Add(taskSlack)) {
			continue // another entry brought it about
		}
		of[task.Kind] = append(of[task.Kind], task)
		keys[task.Kind] = append(keys[task.Kind], task.Among...)
	}
	var out []Notice
	for _, kind := range slices.Sorted(maps.Keys(of)) {
		people, err := m.answering(ctx, keys[kind]...)
		if err != nil {
			return nil, err
		}
		out = append(out, taskText(e, g, of[kind]).to(people)...)
	}
	return out, nil
}

func taskText(e audit.Entry, g marketplace.GrantView, tasks []marketplace.Task) telling {
	first := tasks[0]
	t := telling{e: e, names: grantNames(g), what: "task " + first.Kind, kind: Task, title: first.Title, link: "/tasks"}
	t.body = append([]string{"What to do: " + first.Title + "."}, grantDetails(g)...)
	if first.Text != "" {
		t.body = append(t.body, first.Text)
	}
	if len(tasks) > 1 {
		t.body = append(t.body, "There are "+decimal(len(tasks))+" of these for different people. Your list has yours.")
	}
	t.body = append(t.body, "By when: "+day(first.Due))
	return t
}

// handDone tells what became of a grant that was carried out by hand.
func (m *Market) handDone(ctx context.Context, e audit.Entry) ([]Notice, error) {
	switch after(e, grantPrefix, "state") {
	case string(marketplace.Active):
		return m.grantBegins(ctx, e)
	case string(marketplace.Failed):
		return m.grantFails(ctx, e)
	}
	return nil, nil
}

// grantBegins tells that access works.
func (m *Market) grantBegins(ctx context.Context, e audit.Entry) ([]Notice, error) {
	return m.tellHolders(ctx, e, func(g marketplace.GrantView) telling {
		return telling{what: "active", title: "Access works: " + g.Title + " for " + orSomebody(g.HolderName), body: append(grantDetails(g), "Until when: "+day(g.Until))}
	})
}

// grantFails tells who waits for access that it can't be given yet, and who can start it again.
func (m *Market) grantFails(ctx context.Context, e audit.Entry) ([]Notice, error) {
	out, err := m.tellHolders(ctx, e, func(g marketplace.GrantView) telling {
		return telling{what: "failed", title: "Access can't be given yet: " + g.Title, body: append(grantDetails(g),
			"What happens now: the system that holds the data refuses. Those who operate it are told and start it again.")}
	})
	if err != nil {
		return nil, err
	}
	g, err := m.market.Grant(ctx, about(e, grantPrefix))
	if err != nil {
		return nil, err
	}
	keys := []string{"platform@" + domainKey(g.Domain)}
	if g.Owner != "" {
		keys = append(keys, string(g.Owner))
	}
	people, err := m.answering(ctx, keys...)
	t := telling{e: e, names: grantNames(g), what: "retry", kind: Task, title: "Access could not be carried out: " + g.Title, link: grantLink(g),
		body: append(grantDetails(g), "What to do: look at the error on the page of the grant, then try it again.")}
	return append(out, t.to(people)...), err
}

// grantEnds tells that access was taken back.
func (m *Market) grantEnds(ctx context.Context, e audit.Entry) ([]Notice, error) {
	return m.tellHolders(ctx, e, func(g marketplace.GrantView) telling {
		return telling{what: "revoked", urgent: true, title: "Access taken back: " + g.Title + " for " + orSomebody(g.HolderName),
			body: append(grantDetails(g), "Who took it back: "+orSomebody(g.EndedByName), "Reason: "+reason(g.Reason))}
	})
}

// grantShorter tells that access ends earlier.
func (m *Market) grantShorter(ctx context.Context, e audit.Entry) ([]Notice, error) {
	return m.tellHolders(ctx, e, func(g marketplace.GrantView) telling {
		return telling{what: "shorter", title: "Access ends earlier: " + g.Title, body: append(grantDetails(g), "Until when: "+day(g.Until), "Reason: "+reason(g.Reason))}
	})
}

// handedBack tells the owner that somebody doesn't need access any more.
func (m *Market) handedBack(ctx context.Context, e audit.Entry) ([]Notice, error) {
	g, err := m.market.Grant(ctx, about(e, grantPrefix))
	if err != nil {
		return nil, err
	}
	people, err := m.persons(ctx, g.Owner)
	if err != nil {
		return nil, err
	}
	t := telling{e: e, names: grantNames(g), what: "back", kind: Granted, title: orSomebody(g.HolderName) + " has handed back " + g.Title, link: grantLink(g),
		body: append(grantDetails(g), "Reason: "+reason(g.Reason))}
	tasks, err := m.tasks(ctx, e, g)
	return append(t.to(without(people, graph.ID(e.Actor))), tasks...), err
}

// grantExpires tells that access has ended.
func (m *Market) grantExpires(ctx context.Context, e audit.Entry) ([]Notice, error) {
	return m.tellHolders(ctx, e, func(g marketplace.GrantView) telling {
		return telling{what: "expired", kind: Expiring, title: "Access has ended: " + g.Title,
			body: append(grantDetails(g), "Ended: "+day(g.Until), "What to do: ask again if you still need it.")}
	})
}

// grantWarns tells that access ends soon, at most once for each warning.
func (m *Market) grantWarns(ctx context.Context, e audit.Entry) ([]Notice, error) {
	return m.tellHolders(ctx, e, func(g marketplace.GrantView) telling {
		left := "soon"
		if n, err := strconv.Atoi(e.Facts["days"]); err == nil {
			left = "in " + count(n, "day", "days")
		}
		return telling{what: "warning", kind: Expiring, once: true, title: "Access ends " + left + ": " + g.Title,
			body: append(grantDetails(g), "Ends: "+day(g.Until), "What to do: ask for more time if you still need it, or hand it back.")}
	})
}

func reason(s string) string {
	if s = line(s); s != "" {
		return "“" + s + "”"
	}
	return "none given"
}
