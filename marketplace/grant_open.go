package marketplace

import (
	"context"
	"fmt"
	"slices"
	"time"

	"weir/audit"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/marketplace/template"
)

// live are the states in which a grant holds, or is about to.
var live = []GrantState{Granting, Active, Failed}

// Live tells whether a grant has not ended. What has run out stays live until a job says so, so whoever asks whether somebody
// may use data asks Open.
func (g Grant) Live() bool { return slices.Contains(live, g.State) }

// Open tells whether a grant lets its holder in at a time.
func (g Grant) Open(now time.Time) bool {
	return g.State == Active && now.Before(g.Until)
}

// outside tells whether a system outside has to do something for a grant: to read what is known about data, none has.
func (g Grant) outside() bool { return g.Access != string(template.Metadata) }

// body is what a grant opens, with all else that is never filtered by.
func (g Grant) body() (GrantBody, error) {
	var out GrantBody
	return out, unpack(g.Body, &out)
}

// grantID is the id of the grant that an item leads to: an item can lead to no second one.
func grantID(item graph.ID) graph.ID { return catalog.NewID(grantType.Spec.Prefix, string(item)) }

// openGrant writes the grant of an approved item, with the command that tells the system outside. It is called in the
// transaction of the last decision. Each grant
// has an end. Errors: Exists if the item has led to a grant already.
func (s *Service) openGrant(ctx context.Context, tx graph.Tx, item Item, body GrantBody, until time.Time, decisions []graph.ID, emergency bool) (Grant, []audit.Change, error) {
	if until.IsZero() {
		return Grant{}, nil, errs.E(errs.Internal, "A grant without an end can't be given.")
	}
	body.Decisions = decisions
	packed, err := pack(body)
	if err != nil {
		return Grant{}, nil, err
	}
	now := graph.Time(s.now())
	g := Grant{
		Item: item.ID, Request: item.Request, Target: item.Target, Title: item.Title, Domain: item.Domain, Owner: item.Owner,
		Sender: item.Sender, Holder: item.Holder, Purpose: item.Purpose, Access: item.Access, Environment: item.Environment,
		State: Granting, Since: now, Until: graph.Time(until), Emergency: emergency, Body: packed,
	}
	if !g.outside() {
		g.State = Active
	}
	g.WarnAt = nextWarning(g, now)
	g, err = put(ctx, tx, grantType, grantID(item.ID), graph.Create, g)
	if err != nil {
		return Grant{}, nil, err
	}
	if err := linkGrant(ctx, tx, g, body, g.Since); err != nil {
		return Grant{}, nil, err
	}
	if err := s.command(ctx, tx, g, body, VerbGrant); err != nil {
		return Grant{}, nil, err
	}
	return g, changed([]audit.Change{{Asset: g.ID, Field: "state", After: string(g.State)}}, g.ID, "until", "", moment(g.Until)), nil
}

// extendGrant gives a grant more time, as an approved item asks, and makes it open what body says: less, perhaps, than before. It
// is called in the transaction of the last decision, and never lets a grant end earlier. A grant that ran out while the request
// waited is followed by a new one. Errors: NotFound; Conflict if the grant was taken back meanwhile.
func (s *Service) extendGrant(ctx context.Context, tx graph.Tx, id graph.ID, item Item, body GrantBody, until time.Time) (Grant, []audit.Change, error) {
	g, err := grantAt(ctx, tx, id, 0)
	if err != nil {
		return Grant{}, nil, err
	}
	if g.State == GrantExpired {
		return s.openGrant(ctx, tx, item, body, until, nil, g.Emergency)
	}
	state, err := next(Grants, g.State, Extend, "")
	if err != nil {
		return Grant{}, nil, err
	}
	was, err := g.body()
	if err != nil {
		return Grant{}, nil, err
	}
	if until.Before(g.Until) {
		until = g.Until
	}
	before, now := g.Until, graph.Time(s.now())
	g.State, g.Until, g.Renewed, g.Warned = state, graph.Time(until), "", 0
	g.WarnAt = nextWarning(g, now)
	body.Decisions = was.Decisions
	body.Extended = append(was.Extended, Extension{Item: item.ID, Until: g.Until, At: now})
	if g.Body, err = pack(body); err != nil {
		return Grant{}, nil, err
	}
	if g, err = put(ctx, tx, grantType, g.ID, graph.IfVersion, g); err != nil {
		return Grant{}, nil, err
	}
	if err := unlinkGrant(ctx, tx, g, was, now); err != nil {
		return Grant{}, nil, err
	}
	if err := linkGrant(ctx, tx, g, body, now); err != nil {
		return Grant{}, nil, err
	}
	if err := s.command(ctx, tx, g, body, VerbChange); err != nil {
		return Grant{}, nil, err
	}
	changes := changed(nil, g.ID, "until", moment(before), moment(g.Until))
	return g, changed(changes, g.ID, "opens", columnCount(was), columnCount(body)), nil
}

// renewing notes on a grant that an item which was just sent asks for more time for it.
func (s *Service) renewing(ctx context.Context, tx graph.Tx, grant, item graph.ID) error {
	g, err := grantAt(ctx, tx, grant, 0)
	if err != nil {
		return err
	}
	g.Renewed = item
	_, err = put(ctx, tx, grantType, g.ID, graph.IfVersion, g)
	return err
}

// columnCount says how much a grant opens, as a change shows it.
func columnCount(b GrantBody) string {
	columns, whole := 0, 0
	for _, p := range b.Parts {
		columns += len(p.Columns)
		if len(p.Columns) == 0 {
			whole++
		}
	}
	return fmt.Sprintf("%d columns and %d whole datasets", columns, whole)
}

// moment is a time as a change shows it.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// linkGrant makes the edges to the datasets from a time on, for as long as the grant is to last: who asks for the edges that hold finds
// nothing that has run out, whether or not a job has come by since. A dataset that is gone has none.
func linkGrant(ctx context.Context, tx graph.Tx, g Grant, body GrantBody, since time.Time) error {
	known, err := getAll(ctx, tx, catalog.DatasetType, datasetsOf(body.Parts))
	if err != nil {
		return err
	}
	var edges []graph.Edge
	for _, id := range datasetsOf(body.Parts) {
		if _, ok := known[id]; ok {
			edges = append(edges, graph.Edge{From: g.ID, To: id, Rel: RelGrants, Valid: graph.Span{Since: since, Until: g.Until}})
		}
	}
	if len(edges) == 0 {
		return nil
	}
	return tx.Link(ctx, edges...)
}

// unlinkGrant cuts the edges to the datasets at a time.
func unlinkGrant(ctx context.Context, tx graph.Tx, g Grant, body GrantBody, at time.Time) error {
	var edges []graph.Edge
	for _, id := range datasetsOf(body.Parts) {
		edges = append(edges, graph.Edge{From: g.ID, To: id, Rel: RelGrants})
	}
	if len(edges) == 0 {
		return nil
	}
	return tx.Unlink(ctx, at, edges...)
}

// grantAt reads a grant in the version that was looked at; 0 is any. Errors: NotFound, Conflict.
func grantAt(ctx context.Context, r graph.Reader, id graph.ID, version int64) (Grant, error) {
	g, ok, err := get(ctx, r, grantType, id)
	if err == nil && !ok {
		err = noGrant()
	}
	if err != nil {
		return Grant{}, err
	}
	return g, g.in(version)
}

// in tells whether a grant is in the version that was looked at; 0 is any. Errors: Conflict.
func (g Grant) in(version int64) error {
	if version != 0 && version != g.Version {
		return errs.E(errs.Conflict, "Somebody else changed this meanwhile. Look at it again, then decide.")
	}
	return nil
}

// noGrant is the answer for what is missing and for what is no business of whoever asks.
func noGrant() error { return errs.E(errs.NotFound, "There is no such grant.") }
