package marketplace

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// emergencyDays is how long a grant that was given by breaking the glass lasts at most.
const emergencyDays = 1

// approve counts an approval, and grants what is asked for if it was the last one that is needed.
func (c *deciding) approve(ctx context.Context, tx graph.Tx) (audit.Entry, error) {
	if c.in.Seen != c.hash {
		return audit.Entry{}, errs.E(errs.Conflict, "What this is decided on has changed since you looked at it: what flows in, or what the policies say. Look at it again, then decide.")
	}
	action, err := c.narrow(ctx)
	if err != nil {
		return audit.Entry{}, err
	}
	if err := possible(c.got.Verdict); err != nil {
		return audit.Entry{}, err
	}
	asked, err := c.keys(ctx, c.body.Steps)
	if err != nil {
		return audit.Entry{}, err
	}
	before, err := c.carryOver(ctx, tx)
	if err != nil {
		return audit.Entry{}, err
	}
	keys, err := c.keys(ctx, c.body.Steps)
	if err != nil {
		return audit.Entry{}, err
	}
	if err := c.onTurn(asked, keys); err != nil {
		return audit.Entry{}, err
	}
	whom, err := c.standsFor(ctx, keys)
	if err != nil {
		return audit.Entry{}, err
	}
	d, err := c.record(ctx, tx, Decision{Columns: c.lessColumns(action), Days: c.lessDays(action), For: whom})
	if err != nil {
		return audit.Entry{}, err
	}
	c.answer(d.ID, keys)
	if err := newTies(tx, c.item.Sent, c.s.now()).markTies(ctx, c.body.Steps); err != nil {
		return audit.Entry{}, err
	}
	was := c.item.State
	if c.item.State, err = next(Items, was, Approve, outcomeGuard(c.body.Steps)); err != nil {
		return audit.Entry{}, err
	}
	var more []audit.Change
	if c.item.State == Approved {
		if more, err = c.s.grantItem(ctx, tx, &c.item, c.body, c.got.Verdict.Masking, append(before, d), false); err != nil {
			return audit.Entry{}, err
		}
	}
	c.item.Stuck = c.got.Stuck && c.item.State == Submitted
	if err := c.s.writeItem(ctx, tx, c.item, c.body, graph.IfVersion); err != nil {
		return audit.Entry{}, err
	}
	return c.entry(action, d, was, more...), nil
}

// narrow takes fewer columns and days, and works out anew what is needed for them. It returns the name of the act.
func (c *deciding) narrow(ctx context.Context) (string, error) {
	fewer := len(c.in.Columns) > 0 && len(c.in.Columns) < len(c.body.Columns)
	for _, id := range c.in.Columns {
		if !slices.Contains(c.body.Columns, id) {
			return "", errs.Bad("columns", "names a column that isn't asked for. Approve what is asked for, or less.")
		}
	}
	shorter := c.in.Days > 0 && c.in.Days != c.item.Days
	switch {
	case shorter && c.in.Days > c.item.Days:
		return "", errs.Badf("days", "is longer than the %d days asked for. Approve what is asked for, or less.", c.item.Days)
	case !fewer && !shorter:
		return "approve", nil
	}
	if fewer {
		c.body.Columns = slices.Clone(c.in.Columns)
	}
	if shorter {
		c.item.Days = c.in.Days
	}
	got, err := c.s.assessItem(ctx, c.seats, c.item, c.body, c.circle)
	if err != nil {
		return "", err
	}
	c.got, c.item.Sensitive = got, sensitive(got.Verdict)
	return "approve-less", nil
}

func (c *deciding) lessColumns(action string) []string {
	if action == "approve" || len(c.in.Columns) == 0 {
		return nil
	}
	var out []string
	for _, id := range c.body.Columns {
		out = append(out, string(id))
	}
	return out
}

func (c *deciding) lessDays(action string) int {
	if action == "approve" {
		return 0
	}
	return c.item.Days
}

// carryOver sets the steps as they are needed now, with the approvals from before that still hold. An approval that was
// given for something else than what is the case now counts no more, and says why.
func (c *deciding) carryOver(ctx context.Context, tx graph.Tx) ([]Decision, error) {
	given, err := approvals(ctx, tx, c.item.ID)
	if err != nil {
		return nil, err
	}
	answered := map[graph.ID][]string{}
	for _, st := range c.body.Steps {
		for _, a := range st.Done {
			answered[a.Decision] = append(answered[a.Decision], a.Keys...)
		}
	}
	now := factsOf(c.item, c.request.Why, c.body.Terms, c.got)
	c.body.Steps = c.got.Steps
	var hold []Decision
	for _, d := range given {
		why, err := d.staleIn(now)
		if err != nil {
			return nil, err
		}
		if why != "" {
			d.Void = why
			if _, err := put(ctx, tx, decisionType, d.ID, graph.Upsert, d); err != nil {
				return nil, err
			}
			continue
		}
		hold = append(hold, d)
		addAnswer(c.body.Steps, StepAnswer{By: d.By, Decision: d.ID}, func(k string) bool { return slices.Contains(answered[d.ID], k) })
	}
	return hold, nil
}

// addAnswer counts an approval in each step for the keys that it answers for.
func addAnswer(steps []Step, a StepAnswer, has func(key string) bool) {
	for i := range steps {
		a.Keys = nil
		for _, p := range steps[i].Parties {
			for _, k := range p.Keys {
				if has(k) && !slices.Contains(a.Keys, k) {
					a.Keys = append(a.Keys, k)
				}
			}
		}
		if len(a.Keys) > 0 {
			steps[i].Done = append(steps[i].Done, a)
		}
	}
}

func (c *deciding) answer(decision graph.ID, keys map[string]bool) {
	addAnswer(c.body.Steps, StepAnswer{By: graph.ID(c.me.ID), Decision: decision}, func(k string) bool { return keys[k] })
}

// onTurn refuses who isn't asked now: he belongs to no party of the open step, or has approved already. asked are the keys that
// he answered for until now.
func (c *deciding) onTurn(asked, keys map[string]bool) error {
	none := errs.E(errs.Forbidden, "You are none of those who decide this.")
	at := slices.IndexFunc(c.body.Steps, func(st Step) bool { return !st.met() })
	if at < 0 { // nothing is needed any more, such as for the columns that are left: any of those who were asked lets it pass
		if len(asked)+len(keys) == 0 {
			return none
		}
		return nil
	}
	st := c.body.Steps[at]
	if slices.ContainsFunc(st.Done, func(a StepAnswer) bool { return a.By == graph.ID(c.me.ID) }) {
		return errs.E(errs.Conflict, "You have approved this already. Others have to decide now.")
	}
	mine := slices.ContainsFunc(st.Parties, func(p Party) bool {
		return slices.ContainsFunc(p.Keys, func(k string) bool { return keys[k] })
	})
	switch {
	case mine:
		return nil
	case len(keys) > 0:
		return errs.Ef(errs.Conflict, "It isn't your turn yet: %s decides first.", st.Name)
	}
	return none
}

// standsFor is for whom the one who decides stands in, if he answers for no key himself.
func (c *deciding) standsFor(ctx context.Context, keys map[string]bool) (graph.ID, error) {
	list := slices.Sorted(maps.Keys(keys))
	can, err := c.seats.of(ctx, list)
	if err != nil {
		return "", err
	}
	var whom graph.ID
	for _, k := range list {
		if whom = can[k][graph.ID(c.me.ID)]; whom == "" {
			return "", nil
		}
	}
	return whom, nil
}

// turnDown rejects an item, or asks back.
func (c *deciding) turnDown(ctx context.Context, tx graph.Tx) (audit.Entry, error) {
	keys, err := c.keys(ctx, c.body.Steps)
	if err != nil {
		return audit.Entry{}, err
	}
	if len(keys) == 0 {
		return audit.Entry{}, errs.E(errs.Forbidden, "You are none of those who decide this.")
	}
	if err := c.assess(ctx, tx); err != nil && !errs.Is(err, errs.Conflict) { // what is gone can still be rejected, on no facts
		return audit.Entry{}, err
	}
	was := c.item.State
	if c.item.State, err = next(Items, was, c.in.Verdict, ""); err != nil {
		return audit.Entry{}, err
	}
	if c.in.Verdict == AskBack {
		c.item.Question, c.item.Asker = c.in.Reason, graph.ID(c.me.ID)
	} else {
		c.item.Decided, c.item.Stuck, c.item.Question, c.item.Asker = graph.Time(c.s.now()), false, "", ""
	}
	whom, err := c.standsFor(ctx, keys)
	if err != nil {
		return audit.Entry{}, err
	}
	d, err := c.record(ctx, tx, Decision{For: whom})
	if err != nil {
		return audit.Entry{}, err
	}
	return c.entry(string(c.in.Verdict), d, was), c.s.writeItem(ctx, tx, c.item, c.body, graph.IfVersion)
}

// independent refuses to break the glass beside somebody who is tied to who does it: the two would be one.
func (c *deciding) independent(ctx context.Context, tx graph.Tx, other graph.ID) error {
	tied, err := newTies(tx, c.item.Sent, c.s.now()).tied(ctx, graph.ID(c.me.ID), other)
	if err != nil || !tied {
		return err
	}
	called, err := c.s.called(ctx, tx, []graph.ID{other})
	if err != nil {
		return err
	}
	return errs.Ef(errs.Forbidden, "%s has broken the glass already, and one of you stands in for the other or acts for him: it takes two independent people.", called[other])
}

// breakGlass lets somebody in for a day without those who would have to decide. It takes two independent people of security
// who have nothing to do with who asks.
func (c *deciding) breakGlass(ctx context.Context, tx graph.Tx) (audit.Entry, error) {
	if err := c.s.policy.Require(ctx, authz.Request, string(c.item.Domain), authz.Manage); err != nil {
		return audit.Entry{}, err
	}
	if err := possible(c.got.Verdict); err != nil {
		return audit.Entry{}, err
	}
	earlier, err := brokenBy(ctx, tx, c.item.ID, c.s.now())
	if err != nil {
		return audit.Entry{}, err
	}
	guard := guardFirst
	for _, d := range earlier {
		if d.By == graph.ID(c.me.ID) {
			return audit.Entry{}, errs.E(errs.Conflict, "You have broken the glass already. A second person has to do it, too.")
		}
		if err := c.independent(ctx, tx, d.By); err != nil {
			return audit.Entry{}, err
		}
		guard = guardSecond
	}
	short := min(c.item.Days, emergencyDays)
	d, err := c.record(ctx, tx, Decision{Days: short})
	if err != nil {
		return audit.Entry{}, err
	}
	was := c.item.State
	if c.item.State, err = next(Items, was, BreakGlass, guard); err != nil {
		return audit.Entry{}, err
	}
	var more []audit.Change
	if c.item.State == Approved {
		c.item.Stuck, c.item.Days = false, short
		if more, err = c.s.grantItem(ctx, tx, &c.item, c.body, c.got.Verdict.Masking, append(earlier, d), true); err != nil {
			return audit.Entry{}, err
		}
	}
	return c.entry("break-glass", d, was, more...), c.s.writeItem(ctx, tx, c.item, c.body, graph.IfVersion)
}

// decisionsOf are the decisions about an item, the first one first.
func decisionsOf(ctx context.Context, r graph.Reader, item graph.ID) ([]Decision, error) {
	page, err := list(ctx, r, decisionType, graph.Query{Where: []graph.Filter{where("item", string(item))}, Sort: "at", Limit: graph.MaxPage})
	return page.Items, err
}

func approvals(ctx context.Context, r graph.Reader, item graph.ID) ([]Decision, error) {
	all, err := decisionsOf(ctx, r, item)
	return slices.DeleteFunc(all, func(d Decision) bool { return d.Verdict != Approve || d.Void != "" }), err
}

// brokenBy are those who broke the glass within the last day.
func brokenBy(ctx context.Context, r graph.Reader, item graph.ID, now time.Time) ([]Decision, error) {
	all, err := decisionsOf(ctx, r, item)
	return slices.DeleteFunc(all, func(d Decision) bool {
		return d.Verdict != BreakGlass || now.Sub(d.At) > emergencyDays*24*time.Hour
	}), err
}

// partsOf sorts the columns of an item by dataset. A dataset of which no columns are known is meant whole.
func partsOf(ctx context.Context, r graph.Reader, i Item, body itemBody) ([]Part, error) {
	if len(body.Columns) == 0 {
		if isDataset(i.Target) {
			return []Part{{Dataset: i.Target}}, nil
		}
		_, parts, err := productAt(ctx, r, i.Target)
		return parts, err
	}
	columns, err := getAll(ctx, r, catalog.ColumnType, body.Columns)
	if err != nil {
		return nil, err
	}
	of := map[graph.ID][]graph.ID{}
	var order []graph.ID
	for _, id := range body.Columns {
		c, ok := columns[id]
		if !ok {
			return nil, errs.E(errs.Conflict, fmt.Sprintf("A column that is asked for has vanished (%s).", id))
		}
		if len(of[c.Dataset]) == 0 {
			order = append(order, c.Dataset)
		}
		of[c.Dataset] = append(of[c.Dataset], id)
	}
	var out []Part
	for _, d := range order {
		out = append(out, Part{Dataset: d, Columns: of[d]})
	}
	return out, nil
}
