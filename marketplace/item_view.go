package marketplace

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/marketplace/flow"
	"weir/marketplace/template"
)

// RequestView is a basket with its items.
type RequestView struct {
	Request
	SenderName, HolderName string
	Items                  []ItemView
}

// ItemView is an item with everything that its page shows, as the viewer may see it.
type ItemView struct {
	Item
	Why                    string // of the request
	SenderName, HolderName string
	HolderKind             template.Kind // "" if the holder is gone
	Columns                []OfferedField
	Terms                  int
	Steps                  []StepView
	Decisions              []DecisionView
	Policies               []FactTemplate // that the last decision on a closed item was made by
	// What follows is worked out anew, of an item that is still open: what would be decided on now.
	Facts   string // hash, to be sent back as Decide.Seen
	Changed string // what is other than when it was sent, in words; "" if nothing is
	Gone    string // why it can't be worked out: something is gone; then the rest is empty
	Verdict template.Verdict
	Flow    flow.Snapshot // redacted for the viewer
	Opens   flow.Reach    // what is made of the data that is asked for
	Similar []Grant       // grants of the same data that hold now, the one that ends last first, at most 5; to who asks only what is his

	// What the viewer may do with it now.
	MayDecide   bool
	WhyNot      string // why he may not decide, in a sentence; "" if he may, or if it isn't open
	MayAnswer   bool
	MayWithdraw bool
	MayBreak    bool // break the glass
}

// DecisionView is a decision with names.
type DecisionView struct {
	Decision
	ByName, ForName string
}

// Request is a request with its items. Errors: NotFound, also for whom it is no business of.
func (s *Service) Request(ctx context.Context, id graph.ID) (RequestView, error) {
	req, ok, err := get(ctx, s.store, requestType, id)
	if err != nil {
		return RequestView{}, err
	}
	if !ok {
		return RequestView{}, noRequest()
	}
	items, err := s.itemsOf(ctx, s.store, id)
	if err != nil {
		return RequestView{}, err
	}
	out := RequestView{Request: req}
	for _, i := range items {
		v, err := s.itemView(ctx, i)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return RequestView{}, err
		}
		out.Items = append(out.Items, v)
	}
	if len(out.Items) == 0 && req.Sender != graph.ID(authz.Actor(ctx)) {
		return RequestView{}, noRequest()
	}
	called, err := names(ctx, s.store, req.Sender, req.Holder)
	out.SenderName, out.HolderName = called[req.Sender], called[req.Holder]
	return out, err
}

// Item is an item. Errors: NotFound, also for whom it is no business of.
func (s *Service) Item(ctx context.Context, id graph.ID) (ItemView, error) {
	i, ok, err := get(ctx, s.store, itemType, id)
	if err != nil {
		return ItemView{}, err
	}
	if !ok {
		return ItemView{}, noRequest()
	}
	return s.itemView(ctx, i)
}

// seesItem tells whether an item is any business of the principal in ctx: he asked for it, is to have it, is asked to decide it,
// or sees all requests of its domain.
func (s *Service) seesItem(ctx context.Context, i Item, body itemBody) bool {
	me := authz.From(ctx)
	if i.State == Draft {
		return me.ID != "" && i.Sender == graph.ID(me.ID) // a draft is nobody else's business, whoever it is for
	}
	own := append([]string{me.ID}, me.Teams...)
	if me.Type == authz.Machine || me.ID != "" && (i.Sender == graph.ID(me.ID) || slices.Contains(own, string(i.Holder))) {
		return true
	}
	if me.Type == authz.Person && slices.Contains(body.Said, graph.ID(me.ID)) {
		return true
	}
	if me.Type == authz.Person && slices.Contains(body.Circle, graph.ID(me.ID)) && s.policy.Can(ctx, authz.Request, authz.Everywhere, authz.Write) {
		return true // he is told why he may not decide; what is asked for on his side is no secret to him
	}
	if s.policy.Can(ctx, authz.Request, string(i.Domain), authz.View) {
		return true
	}
	mine, _ := keysOf(me)
	return slices.ContainsFunc(body.Steps, func(st Step) bool {
		return slices.ContainsFunc(st.Parties, func(p Party) bool { return answered(mine, p.Keys) })
	})
}

func (s *Service) itemView(ctx context.Context, i Item) (ItemView, error) {
	out := ItemView{Item: i}
	var body itemBody
	if err := unpack(i.Body, &body); err != nil {
		return out, err
	}
	if !s.seesItem(ctx, i, body) {
		return out, noRequest()
	}
	req, _, err := get(ctx, s.store, requestType, i.Request)
	if err != nil {
		return out, err
	}
	out.Why, out.Terms = req.Why, body.Terms
	if err := s.addDecisions(ctx, &out); err != nil {
		return out, err
	}
	circle, err := s.circleOf(ctx, s.store, i, body)
	if err != nil {
		return out, err
	}
	if out.Similar, err = s.similar(ctx, i, circle); err != nil {
		return out, err
	}
	if i.State == Submitted || i.State == NeedsInfo {
		err = s.addOpen(ctx, &out, body, circle)
	} else {
		err = s.addPinned(ctx, &out, body, circle)
	}
	if err != nil {
		return out, err
	}
	return out, s.addRights(ctx, &out, circle)
}

// addDecisions adds what was decided, and names.
func (s *Service) addDecisions(ctx context.Context, out *ItemView) error {
	decisions, err := decisionsOf(ctx, s.store, out.ID)
	if err != nil {
		return err
	}
	ids := []graph.ID{out.Sender, out.Holder, out.Asker}
	for _, d := range decisions {
		ids = append(ids, d.By, d.For)
	}
	found, err := identity.Lookup(ctx, s.store, ids...)
	if err != nil {
		return err
	}
	called := namesIn(found)
	for _, d := range decisions {
		out.Decisions = append(out.Decisions, DecisionView{d, called[d.By], called[d.For]})
	}
	out.SenderName, out.HolderName = called[out.Sender], called[out.Holder]
	if holder, ok := found[out.Holder]; ok {
		out.HolderKind = kindOf(holder)
	}
	return nil
}

// addOpen adds what an open item would be decided on now.
func (s *Service) addOpen(ctx context.Context, out *ItemView, body itemBody, circle identity.Circle) error {
	seats := s.seatsIn(s.store)
	got, err := s.assessItem(ctx, seats, out.Item, body, circle)
	if errs.Is(err, errs.Conflict) {
		out.Gone = err.Error()
		out.Steps, err = s.stepViews(ctx, seats, body.Steps, circle)
		return err
	}
	if err != nil {
		return err
	}
	now := factsOf(out.Item, out.Why, body.Terms, got)
	if _, out.Facts, err = now.canonical(); err != nil {
		return err
	}
	if out.Facts != out.Hash {
		out.Changed = "What this is decided on has changed since it was sent."
	}
	if out.Steps, err = s.stepViews(ctx, seats, withAnswers(got.Steps, body.Steps), circle); err != nil {
		return err
	}
	out.Verdict, out.Flow, out.Stuck = got.Verdict, s.redacted(ctx, got.Flow, got.Target), got.Stuck
	for _, c := range casesOf(got.Flow) {
		classes := slices.Concat(c.Declared, c.Inherited)
		slices.Sort(classes)
		out.Columns = append(out.Columns, OfferedField{ID: c.ID, Dataset: c.Dataset, Path: c.Path, Classes: slices.Compact(classes), Asked: true})
	}
	out.Opens, err = flow.Downstream(ctx, s.store, got.Case.Datasets, time.Time{})
	for n, d := range out.Opens.Nearest {
		if !s.policy.Sees(ctx, d.Thing.Audience) {
			out.Opens.Nearest[n] = flow.Dependent{Consumer: pseudonym(ctx, d.Consumer), Depth: d.Depth, Thing: flow.Thing{Kind: d.Thing.Kind, Name: HiddenName}}
		}
	}
	return err
}

// withAnswers are steps with the approvals that were given in steps as they were before.
func withAnswers(steps, before []Step) []Step {
	for _, st := range before {
		for _, a := range st.Done {
			addAnswer(steps, StepAnswer{By: a.By, Decision: a.Decision, With: a.With}, func(k string) bool { return slices.Contains(a.Keys, k) })
		}
	}
	once(steps)
	return steps
}

// once leaves each decision one answer in a step.
func once(steps []Step) {
	for i, st := range steps {
		var out []StepAnswer
		for _, a := range st.Done {
			if !slices.ContainsFunc(out, func(o StepAnswer) bool { return o.Decision == a.Decision }) {
				out = append(out, a)
			}
		}
		steps[i].Done = out
	}
}

// addPinned adds what a closed item was decided on.
func (s *Service) addPinned(ctx context.Context, out *ItemView, body itemBody, circle identity.Circle) error {
	var err error
	if out.Steps, err = s.stepViews(ctx, s.seatsIn(s.store), body.Steps, circle); err != nil || len(out.Decisions) == 0 {
		return err
	}
	facts, err := out.Decisions[len(out.Decisions)-1].facts()
	if err != nil {
		return err
	}
	out.Policies = facts.Templates
	t, err := s.readTarget(ctx, s.store, out.Target)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	then, err := s.withAudiences(ctx, facts.Flow)
	if err != nil {
		return err
	}
	out.Flow = s.redacted(ctx, then, t)
	for _, c := range facts.Columns {
		out.Columns = append(out.Columns, OfferedField{ID: c.ID, Path: c.Path, Asked: slices.Contains(body.Columns, c.ID)})
	}
	return nil
}

// facts are those that a decision was made on.
func (d Decision) facts() (Facts, error) {
	var out Facts
	if len(d.Facts) == 0 {
		return out, nil
	}
	return out, broken(json.Unmarshal(d.Facts, &out))
}

// staleIn says why an approval doesn't hold for the facts as they are now; "" if it does.
func (d Decision) staleIn(now Facts) (string, error) {
	was, err := d.facts()
	if err != nil {
		return "", err
	}
	return now.changedSince(was), nil
}

// similar are grants of the same data that hold now. They help those who decide; who else has data is no business of who asks.
func (s *Service) similar(ctx context.Context, i Item, circle identity.Circle) ([]Grant, error) {
	page, err := list(ctx, s.store, grantType, graph.Query{Sort: "until", Desc: true, Limit: 5,
		Where: []graph.Filter{where("target", string(i.Target)), where("state", string(Active))}})
	if err != nil || len(page.Items) == 0 || !circle.Has(graph.ID(authz.Actor(ctx))) {
		return page.Items, err
	}
	v, err := s.viewerOf(ctx, s.store)
	return slices.DeleteFunc(page.Items, func(g Grant) bool { return !s.stake(ctx, v, g).any() }), err
}

// addRights says what the viewer may do.
func (s *Service) addRights(ctx context.Context, out *ItemView, circle identity.Circle) error {
	me := authz.From(ctx)
	id := graph.ID(me.ID)
	mine := out.Sender == id || out.Holder == id
	out.MayWithdraw = mine && allows(Items, out.State, Withdraw)
	out.MayAnswer = mine && out.State == NeedsInfo
	if out.State != Submitted && out.State != NeedsInfo || mine {
		return nil
	}
	if circle.Has(id) {
		called, err := s.called(ctx, s.store, circle.Chain(id))
		out.WhyNot = circle.Why(id, called)
		return err
	}
	asked, can := false, me.Type == authz.Person && s.policy.Can(ctx, authz.Request, authz.Everywhere, authz.Decide)
	for n, st := range out.Steps {
		for _, p := range st.Parties {
			has := slices.ContainsFunc(p.Can, func(w WhoView) bool { return w.ID == id }) || p.More > 0 && s.answersFor(me, p.Keys)
			asked = asked || has
			out.MayDecide = out.MayDecide || can && has && n == out.open()
		}
	}
	if asked && !out.MayDecide && out.State == Submitted {
		out.WhyNot = "It isn't your turn: others decide first, or you have approved already."
	}
	out.MayBreak = can && out.State == Submitted && s.policy.Can(ctx, authz.Request, string(out.Domain), authz.Manage)
	return nil
}

// open is the index of the first step that isn't met.
func (v ItemView) open() int {
	return slices.IndexFunc(v.Steps, func(st StepView) bool { return !st.Met })
}

func (s *Service) answersFor(me authz.Principal, keys []string) bool {
	mine, _ := keysOf(me)
	return answered(mine, keys)
}

// answered tells whether one of somebody's keys answers for one of keys.
func answered(mine, keys []string) bool {
	return slices.ContainsFunc(keys, func(k string) bool {
		return slices.ContainsFunc(audiences(k), func(a string) bool { return slices.Contains(mine, a) })
	})
}
