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
	"weir/marketplace/template"
)

// draftDays is after how many days without a change a draft is thrown away, and staleDays after how many without a decision a
// request ends.
const (
	draftDays = 60
	staleDays = 90
)

// Submit sends a request: a new one, or the draft with its ID. Each item is granted at once or waits for those who decide, by
// the store as it is in this moment. Nothing is sent if one item can't be.
// Errors: Unauthenticated, Forbidden, Invalid with the fields ("items[1].columns"), NotFound and Conflict for the draft.
func (s *Service) Submit(ctx context.Context, in Ask) (RequestView, error) {
	const action = "marketplace.submit"
	if err := s.policy.Require(ctx, authz.Request, authz.Everywhere, authz.Write); err != nil {
		return RequestView{}, s.refused(ctx, action, in.ID, err)
	}
	var id graph.ID
	err := s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, authz.Lock); err != nil {
			return err
		}
		a, err := s.checkAsk(ctx, tx, in)
		if err != nil {
			return err
		}
		if id, err = s.openRequest(ctx, tx, a, false); err != nil {
			return err
		}
		entries, err := s.sendItems(ctx, tx, a, id)
		if err != nil {
			return err
		}
		return audit.Append(ctx, tx, s.now(), entries...)
	})
	if err != nil {
		return RequestView{}, err
	}
	return s.Request(ctx, id)
}

// RequestID is the id of the request that somebody sends, or keeps as a draft, with a key.
func RequestID(sender graph.ID, key string) graph.ID {
	return catalog.NewID(requestType.Spec.Prefix, string(sender), key)
}

// openRequest writes the basket: a new one, or the draft that was being written.
func (s *Service) openRequest(ctx context.Context, tx graph.Tx, a asking, draft bool) (graph.ID, error) {
	now := graph.Time(s.now())
	req := Request{Sender: a.who.Sender, Holder: a.who.Holder, Purpose: a.Purpose, Why: a.Why, Access: a.Access,
		Environment: a.Environment, Days: a.Days, Draft: draft, At: now}
	if !draft {
		req.Sent = now
	}
	id, mode := randomID(requestType.Spec.Prefix), graph.Create
	if a.ID == "" && a.Key != "" {
		id = RequestID(a.who.Sender, a.Key)
		if _, there, err := get(ctx, tx, requestType, id); err != nil {
			return "", err
		} else if there {
			a.ID = id
		}
	}
	if a.ID != "" {
		old, err := s.draftAt(ctx, tx, a.ID, a.Version)
		if err != nil {
			return "", err
		}
		if err := s.dropItems(ctx, tx, old.ID); err != nil {
			return "", err
		}
		id, mode, req.Version = old.ID, graph.IfVersion, old.Version
	}
	_, err := put(ctx, tx, requestType, id, mode, req)
	return id, err
}

// sendItems writes the items of a request, each where it comes to stand at once. What can't be had is told of all items
// together.
func (s *Service) sendItems(ctx context.Context, tx graph.Tx, a asking, request graph.ID) ([]audit.Entry, error) {
	var fields []errs.Field
	var entries []audit.Entry
	for i, in := range a.Items {
		entry, err := s.sendItem(ctx, tx, a, request, in, fmt.Sprintf("items[%d]", i))
		if e, ok := errs.As(err); ok && e.Kind == errs.Invalid {
			fields = append(fields, e.Fields...)
			continue
		}
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	if len(fields) > 0 {
		return nil, invalid(fields)
	}
	return entries, nil
}

func (s *Service) sendItem(ctx context.Context, tx graph.Tx, a asking, request graph.ID, in AskItem, field string) (audit.Entry, error) {
	t, err := s.askTarget(ctx, tx, in, field)
	if err != nil {
		return audit.Entry{}, err
	}
	if in.Terms != 0 && in.Terms != t.terms() {
		return audit.Entry{}, errs.Badf(field+".terms", "are those of version %d; version %d holds now. Read and accept it.", in.Terms, t.terms())
	}
	if in.Terms == 0 && t.terms() > 0 {
		return audit.Entry{}, errs.Badf(field+".terms", "have to be accepted: read the terms of use of %s.", t.Title)
	}
	if err := s.notTwice(ctx, tx, a, t, in, field); err != nil {
		return audit.Entry{}, err
	}
	got, err := s.assess(ctx, tx, a.who, t, a.conditions(in.Terms == t.terms(), in.Extends != ""), len(in.Columns) == 0)
	if err != nil {
		return audit.Entry{}, err
	}
	if got.Verdict.Outcome == template.Impossible {
		return audit.Entry{}, impossible(got.Verdict, field)
	}
	if len(got.Flow.Missing) > 0 {
		return audit.Entry{}, errs.Bad(field+".columns", "names a column that has vanished. Choose from those that are there.")
	}
	if err := s.notEarly(ctx, tx, in.Extends, got.Verdict.RenewBeforeDays, field); err != nil {
		return audit.Entry{}, err
	}
	return s.placeItem(ctx, tx, a, request, in, t, got)
}

// impossible is the error of what the policies don't allow, with each reason and its way out.
func impossible(v template.Verdict, field string) error {
	var fields []errs.Field
	for _, r := range v.Refusals {
		text := r.Message
		if r.Fix != "" {
			text += " " + r.Fix
		}
		fields = append(fields, errs.Field{Name: field + "." + r.Field, Message: fmt.Sprintf("%s (%s)", text, r.Name)})
	}
	if len(fields) == 0 {
		fields = []errs.Field{{Name: field + ".target", Message: "can't be had under the policies that apply."}}
	}
	return invalid(fields)
}

// placeItem writes an item that can be had: granted, or waiting for its first step.
func (s *Service) placeItem(ctx context.Context, tx graph.Tx, a asking, request graph.ID, in AskItem, t target, got assessment) (audit.Entry, error) {
	now := graph.Time(s.now())
	i := a.item(in, t)
	i.ID, i.Request, i.Sent, i.Sensitive, i.Stuck = randomID(itemType.Spec.Prefix), request, now, sensitive(got.Verdict), got.Stuck
	body := itemBody{Columns: got.Columns, Left: got.Left, Terms: in.Terms, Steps: got.Steps, Circle: slices.Sorted(maps.Keys(a.who.Circle))}
	facts := factsOf(i, a.Why, in.Terms, got)
	text, hash, err := facts.canonical()
	if err != nil {
		return audit.Entry{}, err
	}
	i.Hash = hash
	guard := guardNeeds
	if got.outcome() == template.AtOnce {
		guard = guardAtOnce
	}
	if i.State, err = next(Items, Draft, Submit, guard); err != nil {
		return audit.Entry{}, err
	}
	entry := audit.Entry{Actor: authz.Actor(ctx), Action: "marketplace.submit", Target: i.ID, Decision: audit.Allowed,
		Facts:   map[string]string{"request": string(request), "target": string(t.ID), "outcome": guard, "facts": hash},
		Changes: []audit.Change{{Asset: i.ID, Field: "state", After: string(i.State)}}}
	if i.State == Approved {
		d := Decision{ID: randomID(decisionType.Spec.Prefix), Item: i.ID, Request: request, By: graph.ID(authz.Operator.ID),
			Verdict: Approve, Reason: "The policies that apply grant this at once.", Facts: text, Hash: hash, At: now}
		changes, err := s.grantItem(ctx, tx, &i, body, got.Verdict.Masking, []Decision{d}, false)
		if err != nil {
			return audit.Entry{}, err
		}
		entry.Changes = append(entry.Changes, changes...)
		if _, err := put(ctx, tx, decisionType, d.ID, graph.Create, d); err != nil {
			return audit.Entry{}, err
		}
	}
	if i.Extends != "" && i.State == Submitted {
		if err := s.renewing(ctx, tx, i.Extends, i.ID); err != nil {
			return audit.Entry{}, err
		}
	}
	return entry, s.writeItem(ctx, tx, i, body, graph.Create)
}

// writeItem writes an item with its body, and puts it on the lists of those who can act now.
func (s *Service) writeItem(ctx context.Context, tx graph.Tx, i Item, body itemBody, mode graph.Mode) error {
	if i.State == Submitted {
		i.Step = body.open()
		i.Due = graph.Time(s.now()).Add(time.Duration(body.Steps[i.Step].Remind) * 24 * time.Hour)
		i.Reminded, i.Escalated = 0, false
	} else {
		i.Due = time.Time{}
	}
	var err error
	if i.Body, err = pack(body); err != nil {
		return err
	}
	if _, err := put(ctx, tx, itemType, i.ID, mode, i); err != nil {
		return err
	}
	return s.writeTurns(ctx, tx, i, body)
}

// open is the index of the first step that isn't met; the last one if all are.
func (b itemBody) open() int {
	i := slices.IndexFunc(b.Steps, func(st Step) bool { return !st.met() })
	if i < 0 {
		return max(len(b.Steps)-1, 0)
	}
	return i
}

// writeTurns replaces the places of an item on people's lists.
func (s *Service) writeTurns(ctx context.Context, tx graph.Tx, i Item, body itemBody) error {
	page, err := list(ctx, tx, turnType, graph.Query{Where: []graph.Filter{where("item", string(i.ID))}, Sort: "due", Limit: graph.MaxPage})
	if err != nil {
		return err
	}
	keys := map[string]bool{}
	if i.State == Submitted {
		st := body.Steps[i.Step]
		for _, p := range st.Parties {
			for _, k := range st.waitsFor(p) {
				for _, a := range audiences(k) {
					keys[a] = true
				}
			}
		}
	}
	var gone []graph.ID
	since := map[string]time.Time{}
	for _, t := range page.Items {
		if !keys[t.Audience] || t.Step != i.Step {
			gone = append(gone, t.ID)
			continue
		}
		since[t.Audience] = t.Since
	}
	if len(gone) > 0 {
		if err := tx.Delete(ctx, gone...); err != nil {
			return err
		}
	}
	var ws []graph.NodeWrite
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		if since[k].IsZero() {
			since[k] = graph.Time(s.now())
		}
		ws = append(ws, turnType.Write(turnID(i.ID, i.Step, k), graph.Upsert,
			Turn{Item: i.ID, Step: i.Step, Audience: k, Title: i.Title, Sender: i.Sender, Due: i.Due, Since: since[k]}))
	}
	if len(ws) == 0 {
		return nil
	}
	_, err = tx.Put(ctx, ws...)
	return err
}

// waitsFor are the keys of a party that an answer is still needed of.
func (s Step) waitsFor(p Party) []string {
	if s.partyMet(p) && (s.Mode != string(template.AtLeast) || s.met()) {
		return nil
	}
	if s.Mode != string(template.All) {
		return p.Keys
	}
	return slices.DeleteFunc(slices.Clone(p.Keys), func(k string) bool {
		return slices.ContainsFunc(s.Done, func(a StepAnswer) bool { return slices.Contains(a.Keys, k) })
	})
}
