package marketplace

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/marketplace/template"
)

// Decide is what somebody says of an item.
type Decide struct {
	Item    graph.ID
	Version int64      // as it was looked at; 0: any
	Verdict ItemAction // Approve, Reject, AskBack or BreakGlass
	Reason  string     // needed to reject, to ask and to break the glass
	Columns []graph.ID // approve less: those that stay; none: all that are asked for
	Days    int        // approve less: how long; 0: as asked
	Seen    string     // hash of the facts that were looked at; needed to approve
}

// verdicts are those that Decide takes.
var verdicts = []ItemAction{Approve, Reject, AskBack, BreakGlass}

// Decide approves, approves less, rejects, asks back or breaks the glass. Whoever asks for it, or is tied to who asks, is
// refused whatever his role, and the attempt is written down.
// Errors: Unauthenticated, Forbidden, NotFound, Invalid with the fields, Conflict if it was changed or decided meanwhile.
func (s *Service) Decide(ctx context.Context, in Decide) (ItemView, error) {
	if err := in.check(); err != nil {
		return ItemView{}, err
	}
	action := "marketplace." + string(in.Verdict)
	if err := s.policy.Require(ctx, authz.Request, authz.Everywhere, authz.Decide); err != nil {
		return ItemView{}, s.refused(ctx, action, in.Item, err)
	}
	err := s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, authz.Lock); err != nil {
			return err
		}
		c, err := s.loadCase(ctx, tx, in)
		if err != nil {
			return err
		}
		entry, err := c.decide(ctx, tx)
		if err != nil {
			return err
		}
		return audit.Append(ctx, tx, s.now(), entry)
	})
	if errs.Is(err, errs.Forbidden) {
		return ItemView{}, s.refused(ctx, action, in.Item, err)
	}
	if err != nil {
		return ItemView{}, err
	}
	return s.Item(ctx, in.Item)
}

func (in *Decide) check() error {
	in.Reason = strings.TrimSpace(in.Reason)
	in.Columns = slices.Compact(slices.Sorted(slices.Values(in.Columns))) // one that is named twice is one
	var fields []errs.Field
	if !slices.Contains(verdicts, in.Verdict) {
		fields = append(fields, errs.Field{Name: "verdict", Message: "has to be approve, reject, ask or break-glass."})
	}
	switch {
	case in.Reason != "" || in.Verdict == Approve:
	case in.Verdict == AskBack:
		fields = append(fields, errs.Field{Name: "reason", Message: "is missing: write your question."})
	default:
		fields = append(fields, errs.Field{Name: "reason", Message: "is missing: say why, so that who asks knows what to do."})
	}
	if utf8.RuneCountInString(in.Reason) > maxReason || !utf8.ValidString(in.Reason) {
		fields = append(fields, errs.Field{Name: "reason", Message: fmt.Sprintf("has more than %d characters.", maxReason)})
	}
	if in.Days < 0 {
		fields = append(fields, errs.Field{Name: "days", Message: "has to be at least 1."})
	}
	if in.Verdict == Approve && in.Seen == "" {
		fields = append(fields, errs.Field{Name: "seen", Message: "is missing: name the facts that you looked at."})
	}
	if len(fields) > 0 {
		return invalid(fields)
	}
	return nil
}

// deciding is one decision in the making.
type deciding struct {
	s       *Service
	in      Decide
	me      authz.Principal
	item    Item
	request Request
	body    itemBody
	seats   *seats
	circle  identity.Circle // that must not decide: as it was when it was sent, and as it is now
	got     assessment      // as it is now, of what is asked for
	text    []byte
	hash    string
}

// loadCase reads an item with everything that a decision is made on, and sees that the principal in ctx may decide it.
func (s *Service) loadCase(ctx context.Context, tx graph.Tx, in Decide) (*deciding, error) {
	c := &deciding{s: s, in: in, me: authz.From(ctx), seats: s.seatsIn(tx)}
	var ok bool
	var err error
	if c.item, ok, err = get(ctx, tx, itemType, in.Item); err != nil {
		return nil, err
	}
	if !ok || c.item.State == Draft {
		return nil, noRequest()
	}
	if err := unpack(c.item.Body, &c.body); err != nil {
		return nil, err
	}
	if c.request, _, err = get(ctx, tx, requestType, c.item.Request); err != nil {
		return nil, err
	}
	if c.circle, err = s.circleOf(ctx, tx, c.item, c.body); err != nil {
		return nil, err
	}
	if err := c.mayDecide(ctx, tx); err != nil {
		return nil, err
	}
	if err := sameVersion(in.Version, c.item.Version); err != nil {
		return nil, err
	}
	if !allows(Items, c.item.State, in.Verdict) {
		return nil, errs.Ef(errs.Conflict, "This is %s; it can't be decided so any more.", stateWords(string(c.item.State)))
	}
	return c, nil
}

// circleOf are all who must not decide an item: tied to sender or holder now, or when it was sent.
func (s *Service) circleOf(ctx context.Context, r graph.Reader, i Item, body itemBody) (identity.Circle, error) {
	now := s.now()
	circle, err := identity.Closure(ctx, r, []graph.ID{i.Sender, i.Holder}, i.Sent, now)
	if err != nil {
		return nil, err
	}
	var former []graph.ID
	for _, id := range body.Circle {
		if !circle.Has(id) {
			former = append(former, id)
		}
	}
	if len(former) == 0 {
		return circle, nil
	}
	then, err := identity.Closure(ctx, r, former, i.Sent, now)
	if err != nil {
		return nil, err
	}
	for id, tie := range then {
		if !circle.Has(id) {
			circle[id] = tie
		}
	}
	return circle, nil
}

// mayDecide refuses who must not decide: what can't be seen is not found, what can is refused with the reason.
func (c *deciding) mayDecide(ctx context.Context, tx graph.Tx) error {
	if !c.s.seesItem(ctx, c.item, c.body) {
		return noRequest()
	}
	if c.me.Type != authz.Person {
		return errs.E(errs.Forbidden, "Agents and service accounts may ask, and never decide.")
	}
	me := graph.ID(c.me.ID)
	if !c.circle.Has(me) {
		return nil
	}
	called, err := c.s.called(ctx, tx, c.circle.Chain(me))
	if err != nil {
		return err
	}
	return errs.E(errs.Forbidden, "Nobody decides for himself. "+c.circle.Why(me, called))
}

// decide applies the verdict and makes its entry.
func (c *deciding) decide(ctx context.Context, tx graph.Tx) (audit.Entry, error) {
	if c.in.Verdict == Reject || c.in.Verdict == AskBack {
		return c.turnDown(ctx, tx)
	}
	if err := c.assess(ctx, tx); err != nil {
		return audit.Entry{}, err
	}
	if c.in.Verdict == BreakGlass {
		return c.breakGlass(ctx, tx)
	}
	return c.approve(ctx, tx)
}

// assess works out the facts as they are now.
func (c *deciding) assess(ctx context.Context, tx graph.Tx) error {
	got, err := c.s.assessItem(ctx, c.seats, c.item, c.body, c.circle)
	if err != nil {
		return err
	}
	c.got = got
	c.text, c.hash, err = factsOf(c.item, c.request.Why, c.body.Terms, got).canonical()
	return err
}

// assessItem works out what comes of an item as it is now; circle is the one that must not decide it.
// Errors: Conflict if what is asked for, or who is to have it, is gone.
func (s *Service) assessItem(ctx context.Context, seats *seats, i Item, body itemBody, circle identity.Circle) (assessment, error) {
	r := seats.r
	who, err := askerOf(ctx, seats, i.Sender, i.Holder, i.Sent, circle)
	if errs.Is(err, errs.Invalid) {
		return assessment{}, errs.E(errs.Conflict, "Whoever this is for has left or was disabled. Reject it, or let it be withdrawn.")
	}
	if err != nil {
		return assessment{}, err
	}
	t, err := s.readTarget(ctx, r, i.Target)
	if err == nil {
		err = t.narrow(ctx, r, body.Columns, "columns")
	}
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Invalid) {
		return assessment{}, errs.E(errs.Conflict, "Some of what is asked for isn't there any more or isn't offered any more. Reject it, and let it be asked for anew.")
	}
	if err != nil {
		return assessment{}, err
	}
	if t.Product != nil && (i.State == Submitted || i.State == NeedsInfo) {
		if why := t.Product.askable(s.now()); why != "" {
			return assessment{}, errs.Ef(errs.Conflict, "%s can't be had any more. %s Reject it, or let it be withdrawn.", t.Title, why)
		}
	}
	c := conditions{Purpose: i.Purpose, Access: i.Access, Environment: i.Environment, Days: i.Days, TermsAccepted: true, Renewal: i.Extends != ""}
	got, err := s.assess(ctx, r, who, t, c, false)
	got.Left = body.Left // what was left out stays out: it is no change
	return got, err
}

// keys are the assignee keys of steps that the one who decides can answer for now.
func (c *deciding) keys(ctx context.Context, steps []Step) (map[string]bool, error) {
	all := map[string]bool{}
	for _, st := range steps {
		for _, p := range st.Parties {
			for _, k := range p.Keys {
				all[k] = true
			}
		}
	}
	can, err := c.seats.of(ctx, slices.Sorted(maps.Keys(all)))
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for k := range all {
		if slices.Contains(can[k].outside(c.circle), graph.ID(c.me.ID)) {
			out[k] = true
		}
	}
	return out, nil
}

// record writes the decision down, pinned with the facts.
func (c *deciding) record(ctx context.Context, tx graph.Tx, d Decision) (Decision, error) {
	d.ID, d.Item, d.Request, d.By, d.At = randomID(decisionType.Spec.Prefix), c.item.ID, c.item.Request, graph.ID(c.me.ID), graph.Time(c.s.now())
	d.Verdict, d.Reason, d.Step, d.Facts, d.Hash = c.in.Verdict, c.in.Reason, c.item.Step, c.text, c.hash
	if !slices.Contains(c.body.Said, d.By) {
		c.body.Said = append(c.body.Said, d.By)
	}
	_, err := put(ctx, tx, decisionType, d.ID, graph.Create, d)
	return d, err
}

// entry is what the log keeps of a decision.
func (c *deciding) entry(action string, d Decision, was ItemState, more ...audit.Change) audit.Entry {
	changes := changed(nil, c.item.ID, "state", string(was), string(c.item.State))
	changes = append(changes, audit.Change{Asset: c.item.ID, Field: "decision", After: string(d.ID)})
	return audit.Entry{Actor: c.me.ID, Action: "marketplace." + action, Target: c.item.ID, Decision: audit.Allowed,
		Facts: map[string]string{"request": string(c.item.Request), "target": string(c.item.Target), "decision": string(d.ID),
			"step": fmt.Sprint(c.item.Step), "facts": c.hash},
		Changes: append(changes, more...)}
}

// grantItem opens the grant of an item that is approved, or lets the one that it extends last longer.
func (s *Service) grantItem(ctx context.Context, tx graph.Tx, i *Item, body itemBody, masking map[string]string, by []Decision, emergency bool) ([]audit.Change, error) {
	parts, err := partsOf(ctx, tx, *i, body)
	if err != nil {
		return nil, err
	}
	i.Decided = graph.Time(s.now())
	until := s.now().Add(time.Duration(i.Days) * 24 * time.Hour)
	grant := GrantBody{Parts: parts, Masking: masking, Terms: body.Terms}
	if i.Extends != "" {
		g, changes, err := s.extendGrant(ctx, tx, i.Extends, *i, grant, until)
		i.Grant = g.ID
		return changes, err
	}
	var decisions []graph.ID
	for _, d := range by {
		decisions = append(decisions, d.ID)
	}
	g, changes, err := s.openGrant(ctx, tx, *i, grant, until, decisions, emergency)
	i.Grant = g.ID
	return changes, err
}

// outcomeGuard is the guard of an approval: whether it is the last one that is needed.
func outcomeGuard(steps []Step) string {
	if slices.ContainsFunc(steps, func(st Step) bool { return !st.met() }) {
		return guardMore
	}
	return guardLast
}

// possible refuses an approval of what the policies don't allow any more.
func possible(v template.Verdict) error {
	if v.Outcome != template.Impossible {
		return nil
	}
	why := "The policies that apply now don't allow this any more."
	if len(v.Refusals) > 0 {
		why = v.Refusals[0].Message + " (" + v.Refusals[0].Name + ")"
	}
	return errs.Ef(errs.Conflict, "%s Approve less, or reject it.", why)
}
