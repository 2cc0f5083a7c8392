package marketplace

import (
	"cmp"
	"context"
	"slices"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// InboxList asks for what waits for the principal in ctx.
type InboxList struct {
	Text  string // in the title of what is asked for; it is then sorted by how well it matches
	Sort  string // "due" (the default) or "since"
	After string
	Limit int // 1 to graph.MaxPage
}

// InboxRow is an item that waits for somebody.
type InboxRow struct {
	Item
	SenderName, HolderName string
	Since                  time.Time // it has been on the list
	Partial                bool      // the open step was met in part
}

// InboxPage is a part of an inbox.
type InboxPage struct {
	Page[InboxRow]
	Cut bool // the viewer belongs to more teams and roles than a list has room for: some are left out
}

// Inbox lists what the principal in ctx can decide now: what waits for him, his teams, his roles, or those for whom he stands
// in. What he asked for himself, or is to have, is never on it. Errors: Unauthenticated, Forbidden, Invalid.
func (s *Service) Inbox(ctx context.Context, q InboxList) (InboxPage, error) {
	if err := s.policy.Require(ctx, authz.Request, authz.Everywhere, authz.Decide); err != nil {
		return InboxPage{}, err
	}
	keys, all := keysOf(authz.From(ctx))
	out := InboxPage{Cut: !all}
	if len(keys) == 0 {
		return out, nil
	}
	turns, next, err := s.turns(ctx, q, keys)
	if err != nil {
		return out, err
	}
	out.Next = next
	if out.Items, err = s.inboxRows(ctx, turns, keys); err != nil {
		return out, err
	}
	return out, s.nameRows(ctx, out.Items)
}

// nameRows adds the names of those who ask and for whom.
func (s *Service) nameRows(ctx context.Context, rows []InboxRow) error {
	var people []graph.ID
	for _, row := range rows {
		people = append(people, row.Sender, row.Holder)
	}
	called, err := names(ctx, s.store, people...)
	for n := range rows {
		rows[n].SenderName, rows[n].HolderName = called[rows[n].Sender], called[rows[n].Holder]
	}
	return err
}

// turns reads a page of places on the viewer's lists.
func (s *Service) turns(ctx context.Context, q InboxList, keys []string) ([]Turn, string, error) {
	visible := &graph.Visible{Audiences: keys}
	if q.Text == "" {
		sort := cmp.Or(q.Sort, "due")
		if sort != "due" && sort != "since" {
			return nil, "", errs.Bad("sort", "has to be due or since.")
		}
		page, err := list(ctx, s.store, turnType, graph.Query{Sort: sort, After: q.After, Limit: q.Limit, Visible: visible})
		return page.Items, page.Next, err
	}
	if q.Limit < 1 || q.Limit > graph.MaxPage {
		return nil, "", errs.Badf("limit", "has to be between 1 and %d.", graph.MaxPage)
	}
	found, err := s.store.Search(ctx, graph.Search{Text: q.Text, Prefix: true, Kinds: []graph.Kind{turnType.Kind}, Limit: q.Limit, Visible: visible})
	if err != nil {
		return nil, "", err
	}
	nodes := make([]graph.Node, len(found.Hits))
	for i, h := range found.Hits {
		nodes[i] = h.Node
	}
	out, err := turnType.ReadAll(nodes)
	return out, "", broken(err)
}

// inboxRows reads the items of turns. One that is on several of the viewer's lists is shown where the first of his keys puts it.
func (s *Service) inboxRows(ctx context.Context, turns []Turn, keys []string) ([]InboxRow, error) {
	var ids []graph.ID
	for _, t := range turns {
		ids = append(ids, t.Item)
	}
	items, err := getAll(ctx, s.store, itemType, ids)
	if err != nil {
		return nil, err
	}
	me := authz.From(ctx)
	var out []InboxRow
	for _, t := range turns {
		i, ok := items[t.Item]
		if !ok || i.State != Submitted || ownItem(me, i) {
			continue
		}
		var body itemBody
		if err := unpack(i.Body, &body); err != nil {
			return nil, err
		}
		if slices.Contains(body.Circle, graph.ID(me.ID)) || t.Step != i.Step || body.firstKey(i.Step, keys) != t.Audience {
			continue
		}
		st := body.Steps[i.Step]
		if slices.ContainsFunc(st.Done, func(a StepAnswer) bool { return a.By == graph.ID(me.ID) }) {
			continue
		}
		out = append(out, InboxRow{Item: i, Since: t.Since, Partial: len(st.Done) > 0})
	}
	return out, nil
}

// firstKey is the first of somebody's keys that the open step waits for.
func (b itemBody) firstKey(step int, keys []string) string {
	waits := map[string]bool{}
	for _, p := range b.Steps[step].Parties {
		for _, k := range b.Steps[step].waitsFor(p) {
			for _, a := range audiences(k) {
				waits[a] = true
			}
		}
	}
	for _, k := range keys {
		if waits[k] {
			return k
		}
	}
	return ""
}

// ownItem tells whether somebody asked for an item himself, is to have it, or stands in for who does.
func ownItem(me authz.Principal, i Item) bool {
	own := slices.Concat([]string{me.ID}, me.Teams, me.For)
	return slices.Contains(own, string(i.Sender)) || slices.Contains(own, string(i.Holder))
}

// inboxCount is how far the number beside the inbox counts.
const inboxCount = 50

// InboxCount counts what waits for the principal in ctx, up to 50; more tells that there is more. It counts what is on the
// first page of his list, so it may be short by what the later ones hold.
func (s *Service) InboxCount(ctx context.Context) (n int, more bool, err error) {
	if !s.policy.Can(ctx, authz.Request, authz.Everywhere, authz.Decide) {
		return 0, false, nil
	}
	keys, _ := keysOf(authz.From(ctx))
	if len(keys) == 0 {
		return 0, false, nil
	}
	turns, next, err := s.turns(ctx, InboxList{Limit: inboxCount}, keys)
	if err != nil {
		return 0, false, err
	}
	rows, err := s.inboxRows(ctx, turns, keys)
	return len(rows), next != "", err
}

// AnswersDue counts the questions that wait for the principal in ctx, up to 50.
func (s *Service) AnswersDue(ctx context.Context) (int, error) {
	page, err := list(ctx, s.store, itemType, graph.Query{Sort: "sent", Limit: inboxCount,
		Where: []graph.Filter{where("sender", authz.From(ctx).ID), where("state", string(NeedsInfo))}})
	return len(page.Items), err
}

// Outcome is what came of one decision among several.
type Outcome struct {
	Item graph.ID
	View ItemView
	Err  error
}

// MaxDecisions is how many decisions DecideAll takes.
const MaxDecisions = 100

// DecideAll makes several decisions, each for itself: one that can't be made holds back no other. Errors: Invalid if there are
// more than MaxDecisions.
func (s *Service) DecideAll(ctx context.Context, all []Decide) ([]Outcome, error) {
	if len(all) == 0 || len(all) > MaxDecisions {
		return nil, errs.Badf("decisions", "has to hold between 1 and %d of them.", MaxDecisions)
	}
	out := make([]Outcome, len(all))
	for i, in := range all {
		view, err := s.Decide(ctx, in)
		out[i] = Outcome{Item: in.Item, View: view, Err: err}
	}
	return out, nil
}
