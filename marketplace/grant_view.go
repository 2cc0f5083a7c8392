package marketplace

import (
	"context"
	"slices"
	"strings"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// mostHistory is how many entries the page of a grant shows.
const mostHistory = 100

// GrantView is a grant with everything that its page shows, as the viewer may see it.
type GrantView struct {
	GrantRow
	Why         string // of the request, in the sender's words
	Slug        string // of the product; "" of a dataset, or if the viewer may not see it
	EndedByName string
	Terms       int // version of the terms of use that was accepted; 0: none
	Parts       []GrantPart
	Masking     map[string]string // data class → how it is masked
	Extended    []Extension
	Decisions   []DecisionView // the newest last, those of extensions too
	Commands    []Command      // the newest first
	Tasks       []Task         // open ones about it, each once
	History     []GrantEvent   // the newest first
	Renewal     *Item          // that asks for more time and waits for a decision; nil if none does

	// What the viewer may do with it now.
	MayRevoke, MayShorten, MayHandBack, MayRenew, MayRetry bool
	MayAskAgain                                            bool // it has ended, and the viewer had it or asked for it
}

// GrantPart is a dataset that a grant opens. Name is HiddenName, and the rest empty, if the viewer may not see it.
type GrantPart struct {
	Dataset graph.ID
	Name    string
	Columns []string // paths of those that are open; none: all
}

// GrantEvent is what happened to a grant.
type GrantEvent struct {
	At     time.Time
	Action string // of the entry: "marketplace.grant-active"
	By     graph.ID
	ByName string
	Denied bool
	Entry  graph.ID
}

// Grant is a grant with its history. Errors: Unauthenticated; NotFound, also to whoever has nothing to do with it.
func (s *Service) Grant(ctx context.Context, id graph.ID) (GrantView, error) {
	g, k, err := s.grantFor(ctx, s.store, id, 0)
	if err != nil {
		return GrantView{}, err
	}
	rows, err := s.grantRows(ctx, []Grant{g})
	if err != nil {
		return GrantView{}, err
	}
	body, err := g.body()
	if err != nil {
		return GrantView{}, err
	}
	out := GrantView{GrantRow: rows[0], Terms: body.Terms, Masking: body.Masking, Extended: body.Extended}
	if out.Parts, err = s.grantParts(ctx, body.Parts, k); err != nil {
		return GrantView{}, err
	}
	if err := s.addReasons(ctx, &out, body); err != nil {
		return GrantView{}, err
	}
	if err := s.addCommands(ctx, &out); err != nil {
		return GrantView{}, err
	}
	if out.History, err = s.grantHistory(ctx, id); err != nil {
		return GrantView{}, err
	}
	return out, s.addGrantRights(ctx, &out, k)
}

// grantParts names the datasets and columns of a grant: to who has it and who gave it all of them.
func (s *Service) grantParts(ctx context.Context, parts []Part, k stake) ([]GrantPart, error) {
	datasets, err := getAll(ctx, s.store, catalog.DatasetType, datasetsOf(parts))
	if err != nil {
		return nil, err
	}
	var ids []graph.ID
	for _, p := range parts {
		ids = append(ids, p.Columns...)
	}
	columns, err := getAll(ctx, s.store, catalog.ColumnType, ids)
	if err != nil {
		return nil, err
	}
	var out []GrantPart
	for _, p := range parts {
		d := datasets[p.Dataset]
		if !k.holder && !k.owner && !s.policy.Sees(ctx, d.Audience) {
			out = append(out, GrantPart{Name: HiddenName})
			continue
		}
		part := GrantPart{Dataset: p.Dataset, Name: titleOf(d)}
		for _, id := range p.Columns {
			if c, ok := columns[id]; ok {
				part.Columns = append(part.Columns, c.Path)
			}
		}
		out = append(out, part)
	}
	return out, nil
}

// addReasons adds why it was asked for, and who decided so.
func (s *Service) addReasons(ctx context.Context, out *GrantView, body GrantBody) error {
	req, _, err := get(ctx, s.store, requestType, out.Request)
	if err != nil {
		return err
	}
	out.Why = req.Why
	p, ok, err := get(ctx, s.store, productType, out.Target)
	if err != nil {
		return err
	}
	if ok && s.sees(ctx, p) {
		out.Slug = p.Slug
	}
	items := []graph.ID{out.Item}
	for _, e := range body.Extended {
		items = append(items, e.Item)
	}
	var found []Decision
	for _, item := range items {
		some, err := listAll(ctx, s.store, decisionType, graph.Query{Where: []graph.Filter{where("item", string(item))}, Sort: "at"})
		if err != nil {
			return err
		}
		found = append(found, some...)
	}
	var who []graph.ID
	for _, d := range found {
		who = append(who, d.By, d.For)
	}
	called, err := names(ctx, s.store, append(who, out.EndedBy)...)
	if err != nil {
		return err
	}
	out.EndedByName = called[out.EndedBy]
	for _, d := range found {
		d.Facts = nil // its own page shows them, to whom they concern
		out.Decisions = append(out.Decisions, DecisionView{Decision: d, ByName: called[d.By], ForName: called[d.For]})
	}
	return s.addRenewal(ctx, out)
}

// addRenewal adds the item that asks for more time, while it waits.
func (s *Service) addRenewal(ctx context.Context, out *GrantView) error {
	item, ok, err := get(ctx, s.store, itemType, out.Renewed)
	if err == nil && ok && (item.State == Submitted || item.State == NeedsInfo) {
		out.Renewal = &item
	}
	return err
}

// addCommands adds what was told to the systems outside, and what is to be done by people.
func (s *Service) addCommands(ctx context.Context, out *GrantView) error {
	commands, err := commandsOf(ctx, s.store, out.ID)
	if err != nil {
		return err
	}
	slices.Reverse(commands)
	for _, c := range commands {
		c.Body = nil
		out.Commands = append(out.Commands, c)
	}
	open, err := listAll(ctx, s.store, taskType, graph.Query{Sort: "due",
		Where: []graph.Filter{where("grant", string(out.ID)), where("state", TaskOpen)}})
	for _, t := range open {
		same := func(o Task) bool { return o.About == t.About && o.Kind == t.Kind }
		if !slices.ContainsFunc(out.Tasks, same) {
			out.Tasks = append(out.Tasks, t)
		}
	}
	return err
}

// grantHistory is what the log holds of a grant. It is shown to whoever may see the grant: the entries name acts and actors, and
// their values stay with the log.
func (s *Service) grantHistory(ctx context.Context, id graph.ID) ([]GrantEvent, error) {
	found, err := audit.Find(ctx, s.store, audit.Filter{Asset: id}, mostHistory, "")
	if err != nil {
		return nil, err
	}
	var who []graph.ID
	for _, e := range found.Entries {
		who = append(who, graph.ID(e.Actor))
	}
	called, err := names(ctx, s.store, who...)
	if err != nil {
		return nil, err
	}
	var out []GrantEvent
	for _, e := range found.Entries {
		if !strings.HasPrefix(e.Action, "marketplace.") {
			continue
		}
		ev := GrantEvent{At: e.At, Action: e.Action, By: graph.ID(e.Actor), ByName: called[graph.ID(e.Actor)], Denied: e.Decision == audit.Denied, Entry: e.ID}
		if e.Actor == authz.Operator.ID {
			ev.ByName = "The program"
		}
		out = append(out, ev)
	}
	return out, nil
}

// addGrantRights adds what the viewer may do now: what his rights and the workflow both allow.
func (s *Service) addGrantRights(ctx context.Context, out *GrantView, k stake) error {
	manage := s.mayManage(ctx, out.Grant, k) == nil
	out.MayRevoke = manage && allows(Grants, out.State, Revoke)
	out.MayShorten = manage && allows(Grants, out.State, Shorten)
	out.MayHandBack = s.mayHandBack(ctx, out.Grant, k) == nil && allows(Grants, out.State, HandBack)
	out.MayRenew = k.holder && out.Renewal == nil && allows(Grants, out.State, Extend) && s.policy.Can(ctx, authz.Request, string(out.Domain), authz.Write)
	ended := out.State == GrantExpired || out.State == HandedBack || out.State == Revoked
	out.MayAskAgain = k.holder && ended && s.policy.Can(ctx, authz.Request, string(out.Domain), authz.Write)
	failed := slices.ContainsFunc(out.Commands, func(c Command) bool { return c.State == CommandFailed })
	out.MayRetry = failed && s.mayEnforce(ctx, out.Grant, k) == nil
	return nil
}

// Renewal is a request for more time for a grant, filled in as it was asked for before, to be looked over and sent.
// Errors: Unauthenticated, NotFound; Forbidden to who doesn't have it; Conflict if it has ended.
func (s *Service) Renewal(ctx context.Context, id graph.ID) (Ask, error) {
	g, k, err := s.grantFor(ctx, s.store, id, 0)
	if err != nil {
		return Ask{}, err
	}
	if !k.holder && !s.unbound(ctx) {
		return Ask{}, errs.E(errs.Forbidden, "Only who has this access, or asked for it, asks for more time.")
	}
	if _, err := next(Grants, g.State, Extend, ""); err != nil {
		return Ask{}, err
	}
	body, err := g.body()
	if err != nil {
		return Ask{}, err
	}
	req, _, err := get(ctx, s.store, requestType, g.Request)
	if err != nil {
		return Ask{}, err
	}
	out := Ask{For: g.Holder, Purpose: g.Purpose, Why: req.Why, Access: g.Access, Environment: g.Environment, Days: lasted(g, body),
		Items: []AskItem{{Target: g.Target, Extends: g.ID}}}
	if string(g.Holder) == authz.Actor(ctx) {
		out.For = ""
	}
	for _, p := range body.Parts {
		out.Items[0].Columns = append(out.Items[0].Columns, p.Columns...)
	}
	return out, nil
}

// lasted is for how many days a grant was given last.
func lasted(g Grant, body GrantBody) int {
	since := g.Since
	if n := len(body.Extended); n > 0 {
		since = body.Extended[n-1].At
	}
	return max(1, daysUntil(since, g.Until))
}
