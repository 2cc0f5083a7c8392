package marketplace_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
)

// TestModel plays at random with requests, decisions, time, people, policies and lineage, and after each act demands what has to
// hold whatever happens. WEIR_TEST_RUNS says how many runs an engine gets.
func TestModel(t *testing.T) {
	eachCast(t, 40, func(r *rapid.T, c *cast) {
		p := newPlay(r, c)
		for range rapid.IntRange(5, 25).Draw(r, "acts") {
			p.act()
		}
		p.end()
	})
}

// play is one run.
type play struct {
	*cast
	r     *rapid.T
	items map[graph.ID]*played
	order []graph.ID
	seq   int64    // of the last entry that was looked at
	done  []string // what was done, for whoever reads a failure
}

// played is an item as the model knows it.
type played struct {
	marketplace.Item
	steps  []marketplace.Step
	circle map[string]bool // when it was sent
}

// deed is what somebody did, and what came of it.
type deed struct {
	by   string
	item graph.ID // "" if it is about none, or several
	verb marketplace.ItemAction
	err  error
}

func newPlay(r *rapid.T, c *cast) *play {
	p := &play{cast: c, r: r, items: map[graph.ID]*played{}}
	p.rule("drawn", bureauPlain, p.drawSteps(r)...)
	p.fresh()
	fatal := c.fatal
	c.fatal = func(format string, args ...any) {
		c.fatal = fatal
		fatal(format+"\n%s", append(args, strings.Join(p.done, "\n"))...)
	}
	return p
}

// act does something, and looks at what has come of it.
func (p *play) act() {
	var d deed
	switch n := rapid.IntRange(0, 15).Draw(p.r, "act"); {
	case n < 2 || len(p.order) == 0:
		d = p.send()
	case n < 9:
		d = p.decide()
	case n < 11:
		d = p.take()
	case n < 13:
		d = p.wait()
	case n < 14:
		p.shuffle(p.r)
		d = deed{by: "operator"}
	default:
		p.change()
		d = deed{by: "operator"}
	}
	p.done = append(p.done, fmt.Sprintf("%s %s %s %s: %v", p.at.Format("02T15:04"), d.by, d.verb, d.item, d.err))
	p.look(d)
}

func (p *play) send() deed {
	in, sender := p.drawAsk(p.r)
	if sender == "" {
		return deed{by: "nobody"}
	}
	req, err := p.Submit(p.as(sender), in)
	d := deed{by: sender, verb: marketplace.Submit, err: err}
	if err == nil {
		d.item = req.Items[0].ID
		p.order = append(p.order, d.item)
		item := &played{Item: marketplace.Item{ID: d.item, State: marketplace.Draft}}
		item.circle = p.circle([]string{sender, p.name[req.Holder]}, req.Sent)
		p.items[d.item] = item
	}
	return d
}

// anybody who can sign in; "" if who was drawn has left.
func (p *play) anybody() string {
	who := rapid.SampledFrom(slices.Concat(p.everybody, slices.Sorted(maps.Keys(p.accounts)))).Draw(p.r, "who")
	if p.gone[who] || p.gone[p.accounts[who]] {
		return ""
	}
	return who
}

func (p *play) decide() deed {
	id, who := p.anItem(), p.anybody()
	if i := p.items[id]; i.State == marketplace.Submitted && rapid.IntRange(0, 3).Draw(p.r, "asked") > 0 {
		var keys []string
		for _, party := range i.steps[i.Step].Parties {
			keys = append(keys, party.Keys...)
		}
		if free := p.free(keys, p.barred(i)); len(free) > 0 {
			who = rapid.SampledFrom(free).Draw(p.r, "of those asked")
		}
	}
	if who == "" {
		return deed{by: "nobody"}
	}
	in := marketplace.Decide{Reason: "Because.", Verdict: rapid.SampledFrom([]marketplace.ItemAction{marketplace.Approve, marketplace.Approve,
		marketplace.Approve, marketplace.Approve, marketplace.Reject, marketplace.AskBack, marketplace.BreakGlass}).Draw(p.r, "verdict")}
	if in.Verdict == marketplace.Approve && rapid.IntRange(0, 3).Draw(p.r, "less") == 0 {
		in.Days = rapid.IntRange(1, 15).Draw(p.r, "days")
		if p.items[id].Target == bureauMart {
			in.Columns = []graph.ID{catalog.ColumnID(bureauMart, rapid.SampledFrom([]string{"total", "email"}).Draw(p.r, "column"))}
		}
	}
	if rapid.IntRange(0, 9).Draw(p.r, "stale") == 0 {
		in.Seen = "something else"
	}
	return deed{by: who, item: id, verb: in.Verdict, err: only(p.says(who, id, in))}
}

// anItem is any item, mostly an open one.
func (p *play) anItem() graph.ID {
	var open []graph.ID
	for _, id := range p.order {
		if s := p.items[id].State; s == marketplace.Submitted || s == marketplace.NeedsInfo {
			open = append(open, id)
		}
	}
	if len(open) == 0 || rapid.IntRange(0, 4).Draw(p.r, "any") == 0 {
		open = p.order
	}
	return rapid.SampledFrom(open).Draw(p.r, "item")
}

// take withdraws an item or answers a question, as who asked or as somebody else.
func (p *play) take() deed {
	id, who := p.anItem(), p.anybody()
	if rapid.IntRange(0, 2).Draw(p.r, "himself") > 0 {
		who = p.name[p.items[id].Sender]
	}
	if who == "" || p.gone[who] || p.gone[p.accounts[who]] {
		return deed{by: "nobody"}
	}
	d := deed{by: who, item: id, verb: marketplace.Answer}
	if p.items[id].State != marketplace.NeedsInfo && rapid.IntRange(0, 3).Draw(p.r, "withdraws") == 0 {
		d.verb, d.err = marketplace.Withdraw, p.Withdraw(p.as(who), id, 0)
		return d
	}
	d.err = p.Answer(p.as(who), id, 0, "For the spring.")
	return d
}

// wait moves the clock, mostly ahead, and does what time asks for.
func (p *play) wait() deed {
	hours := rapid.SampledFrom([]int{1, 30, 50, 50, 80, 130, -20, 24 * 95}).Draw(p.r, "hours")
	p.at = p.at.Add(time.Duration(hours) * time.Hour)
	return deed{by: "operator", err: p.Sweep(p.t.Context())}
}

// change changes policies, lineage or ownership.
func (p *play) change() {
	email := func(dataset graph.ID) graph.ID { return catalog.ColumnID(dataset, "email") }
	step := graph.Edge{From: email(catalog.DatasetID("pg", "stage.c")), Rel: catalog.RelDerives, To: email(bureauMart)}
	masked := step
	masked.Rel = catalog.RelMasked
	owned := graph.Edge{From: bureauOrigin, Rel: catalog.RelOwned, To: catalog.OwnerID("team:crm")}
	toms := owned
	toms.To = catalog.OwnerID("tom")
	switch rapid.IntRange(0, 4).Draw(p.r, "what changes") {
	case 0:
		p.relink([]graph.Edge{step}, []graph.Edge{masked})
	case 1:
		p.relink([]graph.Edge{masked}, []graph.Edge{step})
	case 2:
		p.relink([]graph.Edge{owned}, []graph.Edge{toms})
	case 3:
		p.relink([]graph.Edge{toms}, []graph.Edge{owned})
	default:
		p.rule("drawn", bureauPlain, p.drawSteps(p.r)...)
	}
}

// fresh are the entries since they were last looked at, the first one first.
func (p *play) fresh() []audit.Entry {
	all := is(audit.Latest(p.t.Context(), p.store, 100))(p.t)
	var out []audit.Entry
	for _, e := range all {
		if e.Seq > p.seq {
			out = append(out, e)
		}
	}
	slices.Reverse(out)
	p.seq = all[0].Seq
	return out
}

// actionOf is the action of the table that an entry stands for; "" is one that leaves the state as it is.
func actionOf(entry string) marketplace.ItemAction {
	verb := strings.TrimPrefix(entry, "marketplace.")
	switch verb {
	case "approve-less":
		return marketplace.Approve
	case "remind", "escalate":
		return ""
	}
	return marketplace.ItemAction(verb)
}

// look demands what has to hold after each act.
func (p *play) look(d deed) {
	var allowed, denied []audit.Entry
	for _, e := range p.fresh() {
		switch {
		case !strings.HasPrefix(e.Action, "marketplace."):
		case e.Decision == audit.Denied:
			denied = append(denied, e)
		default:
			allowed = append(allowed, e)
		}
	}
	p.refusals(d, denied)
	written := map[graph.ID][]audit.Entry{}
	for _, e := range allowed {
		written[e.Target] = append(written[e.Target], e)
	}
	for _, id := range p.order {
		p.changedBy(d, id, written[id])
		delete(written, id)
	}
	if len(written) > 0 || d.err != nil && len(allowed) > 0 {
		p.bad("there are entries of what wasn't done: %v", actions(allowed))
	}
}

// refusals demands that what broke says so nowhere, and that what was forbidden stands in the log once.
func (p *play) refusals(d deed, denied []audit.Entry) {
	kind := errs.KindOf(d.err)
	switch {
	case d.err != nil && !slices.Contains([]errs.Kind{errs.Invalid, errs.Forbidden, errs.NotFound, errs.Conflict}, kind):
		p.bad("%s by %s broke: %v", d.verb, d.by, d.err)
	case d.err != nil && kind == errs.Forbidden:
		if len(denied) != 1 || denied[0].Actor != string(p.id[d.by]) || denied[0].Target != d.item {
			p.bad("%s was refused to %s, and the log says %v", d.verb, d.by, denied)
		}
	case len(denied) > 0:
		p.bad("the log tells of refusals that weren't: %v", denied)
	}
}

// changedBy demands that an item changed only with exactly one entry, along a line of the table, and that the rest follows.
func (p *play) changedBy(d deed, id graph.ID, entries []audit.Entry) {
	was := p.items[id]
	now, steps, _, err := p.Steps(p.t.Context(), id)
	p.must(err)
	if now.Version == was.Version && len(entries) == 0 {
		return
	}
	if len(entries) != 1 {
		p.bad("item %s went from version %d to %d with the entries %v", id, was.Version, now.Version, actions(entries))
	}
	action := actionOf(entries[0].Action)
	line := slices.ContainsFunc(marketplace.Items, func(l marketplace.Transition[marketplace.ItemState, marketplace.ItemAction]) bool {
		return l.From == was.State && l.Action == action && l.To == now.State
	})
	if !line && (action != "" || now.State != was.State) {
		p.bad("%s led from %s to %s", entries[0].Action, was.State, now.State)
	}
	before := was.steps
	was.Item, was.steps = now, steps
	p.placed(was)
	switch action {
	case marketplace.Approve, marketplace.Reject, marketplace.AskBack, marketplace.BreakGlass:
		p.decided(d, was, before, entries[0])
	}
	asked := action == marketplace.Submit || action == marketplace.Approve || action == "" && !p.gone[p.name[now.Holder]]
	if stuck := p.canEnd(steps, p.barred(was), now.Sent); asked && now.State == marketplace.Submitted && now.Stuck != (stuck != "") {
		p.bad("it says stuck %t, but %q can't end: %+v", now.Stuck, stuck, steps)
	}
	if (now.Grant != "") != (now.State == marketplace.Approved) {
		p.bad("it is %s with grant %q", now.State, now.Grant)
	}
}

// barred are all who must not decide an item now.
func (p *play) barred(i *played) map[string]bool {
	of := append(slices.Collect(maps.Keys(i.circle)), p.name[i.Sender], p.name[i.Holder])
	var people []string
	for _, name := range of {
		if _, team := p.teams[name]; !team || name == p.name[i.Holder] {
			people = append(people, name) // a team within the one it was for stands for itself no more
		}
	}
	return p.circle(people, i.Sent)
}

// decided demands that a decision was made by somebody who may, and is pinned.
func (p *play) decided(d deed, i *played, before []marketplace.Step, e audit.Entry) {
	if p.barred(i)[d.by] || !slices.Contains(p.everybody, d.by) || p.gone[d.by] {
		p.bad("%s decided (%s) what %s asked for, for %s", d.by, d.verb, p.name[i.Sender], p.name[i.Holder])
	}
	all := is(p.DecisionsOf(p.t.Context(), i.ID))(p.t)
	at := slices.IndexFunc(all, func(o marketplace.Decision) bool { return string(o.ID) == e.Facts["decision"] })
	if at < 0 || all[at].By != p.id[d.by] || all[at].Hash != e.Facts["facts"] {
		p.bad("the entry %v doesn't tell of the decision", e.Facts)
	}
	made := all[at]
	if sum := sha256.Sum256(made.Facts); len(made.Facts) > 0 && hex.EncodeToString(sum[:]) != made.Hash || len(made.Facts) == 0 && d.verb == marketplace.Approve {
		p.bad("the facts aren't those of the hash %q", made.Hash)
	}
	switch d.verb {
	case marketplace.Approve:
		p.answered(d, i, made)
	case marketplace.BreakGlass:
		if !p.answers(d.by, authz.Approver+"@"+string(i.Domain)) && !p.answers(d.by, authz.Admin+"@"+authz.Everywhere) {
			p.bad("%s broke the glass and is no approver", d.by)
		}
		if i.State == marketplace.Approved {
			p.broken(i, all)
		}
	default:
		if !p.answersAny(d.by, before) {
			p.bad("%s %s, and isn't asked", d.by, d.verb)
		}
	}
}

func (p *play) answersAny(who string, steps []marketplace.Step) bool {
	return slices.ContainsFunc(steps, func(st marketplace.Step) bool {
		return slices.ContainsFunc(st.Parties, func(party marketplace.Party) bool {
			return slices.ContainsFunc(party.Keys, func(k string) bool { return p.answers(who, k) })
		})
	})
}

// answered demands that an approval counts for what its giver can answer for, and that what is approved has all it needs.
func (p *play) answered(d deed, i *played, made marketplace.Decision) {
	for _, st := range i.steps {
		for _, a := range st.Done {
			if a.Decision != made.ID {
				continue
			}
			for _, k := range a.Keys {
				if !p.answers(d.by, k) {
					p.bad("%s approved for %s, which isn't his", d.by, k)
				}
			}
		}
	}
	if i.State != marketplace.Approved {
		return
	}
	for _, st := range i.steps {
		for _, party := range st.Parties {
			if keys := unanswered(st, party); len(keys) > 0 || party.Nobody {
				p.bad("it is approved, and %v of %q has not", keys, st.Name)
			}
		}
	}
	p.counted(i.Item, i.steps)
}

// unanswered are the keys of a party that an answer is still needed of: an oracle.
func unanswered(st marketplace.Step, party marketplace.Party) []string {
	var open []string
	for _, k := range party.Keys {
		if !slices.ContainsFunc(st.Done, func(a marketplace.StepAnswer) bool { return slices.Contains(a.Keys, k) }) {
			open = append(open, k)
		}
	}
	if st.Mode != "all" && len(open) < len(party.Keys) && !party.Nobody {
		return nil
	}
	if st.Mode != "all" {
		return party.Keys
	}
	return open
}

// broken demands that two independent people broke the glass, and that it lasts a day.
func (p *play) broken(i *played, all []marketplace.Decision) {
	var by []string
	for _, d := range all {
		if d.Verdict == marketplace.BreakGlass {
			by = append(by, p.name[d.By])
		}
	}
	slices.Sort(by)
	by = slices.Compact(by)
	g := is(p.Grant(p.op(), i.Grant))(p.t)
	if p.independent(by, i.Sent) < 2 || g.Until.Sub(p.at) > 24*time.Hour || !g.Emergency {
		p.bad("the glass was broken by %v, until %s", by, g.Until)
	}
}

// placed demands that an item is on the lists of exactly those that the open step waits for.
func (p *play) placed(i *played) {
	want := map[string]bool{}
	if i.State == marketplace.Submitted {
		st := i.steps[i.Step]
		short := st.Mode == "atleast" && p.approvals(st) < st.N
		for _, party := range st.Parties {
			keys := unanswered(st, party)
			if short {
				keys = party.Keys
			}
			for _, k := range keys {
				for _, a := range marketplace.Audiences(k) {
					want[a] = true
				}
			}
		}
	}
	got := map[string]bool{}
	for _, turn := range is(p.TurnsOf(p.t.Context(), i.ID))(p.t) {
		got[turn.Audience] = true
		if turn.Step != i.Step || !turn.Due.Equal(i.Due) {
			p.bad("a place on the list of %s is of step %d, due %s; the item is at %d, due %s", turn.Audience, turn.Step, turn.Due, i.Step, i.Due)
		}
	}
	if !maps.Equal(got, want) {
		p.bad("it is %s on the lists of %v, want %v", i.State, got, want)
	}
}

// approvals are how many independent people have approved a step, by what it notes of their ties.
func (p *play) approvals(st marketplace.Step) int {
	best := 0
	for set := range 1 << len(st.Done) {
		by := map[graph.ID]bool{}
		tied := false
		for n, a := range st.Done {
			if set>>n&1 == 1 {
				tied = tied || slices.ContainsFunc(a.With, func(id graph.ID) bool { return by[id] })
				by[a.By] = true
			}
		}
		if !tied {
			best = max(best, len(by))
		}
	}
	return best
}

// end demands that each approved item led to one grant, and nothing else to any, and clears away for the next run.
func (p *play) end() {
	granted := map[string]int{}
	for _, n := range p.nodes("Grant") {
		granted[n.Props["item"].(string)]++
	}
	for _, n := range p.nodes("Item") {
		approved := n.Props["state"] == string(marketplace.Approved)
		if got := granted[string(n.ID)]; got > 1 || (got == 1) != approved {
			p.bad("item %s is %s with %d grants", n.ID, n.Props["state"], got)
		}
		if _, mine := p.items[n.ID]; mine && (n.Props["state"] == "submitted" || n.Props["state"] == "needs-info") {
			p.withdrawn(n.ID)
		}
	}
}

// withdrawn takes an item back, for whoever asked for it.
func (p *play) withdrawn(id graph.ID) {
	sender := p.name[p.items[id].Sender]
	for _, who := range []string{sender, p.accounts[sender]} {
		if p.gone[who] {
			p.able(who)
		}
	}
	p.must(p.Withdraw(p.as(sender), id, 0))
}
