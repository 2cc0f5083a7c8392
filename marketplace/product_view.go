package marketplace

import (
	"context"
	"slices"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/marketplace/template"
)

// How much of each list the page of a product holds.
const (
	maxHolders  = 100
	maxHistory  = 30
	maxMine     = 100 // of one's own requests that are looked through
	triedDays   = 30  // for how long the page asks what would come of asking
	triedAccess = template.Masked
)

// ProductView is a product as its page shows it to the viewer.
type ProductView struct {
	Product    Product
	OwnerName  string // "" if nobody is known any more
	OwnerTeam  bool
	DomainName string
	Parts      []PartView
	Promises   []Promise
	Terms      Terms    // of use that hold; a zero Number: none
	Successor  *Product // nil if there is none that the viewer may see
	Trust      []Signal
	Closed     string   // why it can't be asked for; "" if it can
	Tried      *Preview // what would come of asking now; nil where the viewer can't ask, or nobody can
	Asked      Ask      // with which Tried was worked out

	Mine    []GrantRow // what the viewer has of it, himself or through a team, or asked for
	Waiting []ItemRow  // what he asked of it that waits
	Holders []GrantRow // who has it, as far as the viewer may see, at most 100
	More    bool       // there are more than Holders
	History []ProductEvent

	MayEdit, MayManage bool
}

// ProductEvent is one change of a product: who did what when, and which fields it changed.
type ProductEvent struct {
	At     time.Time
	Action string // of the log
	By     string // a name
	Fields []string
}

// ProductPage is everything that the page of a product shows. Errors: Unauthenticated, NotFound.
func (s *Service) ProductPage(ctx context.Context, slug string) (ProductView, error) {
	p, parts, err := s.ProductBySlug(ctx, slug)
	if err != nil {
		return ProductView{}, err
	}
	out := ProductView{
		Product: p, Closed: p.askable(s.now()),
		MayEdit:   p.State != ProductRetired && s.policy.Can(ctx, authz.Product, string(p.Domain), authz.Edit),
		MayManage: p.State != ProductRetired && s.policy.Can(ctx, authz.Product, string(p.Domain), authz.Manage),
	}
	for _, fill := range []func(context.Context, []Part, *ProductView) error{s.addAbout, s.addParts, s.addWays, s.addMine, s.addHolders, s.addHistory} {
		if err := fill(ctx, parts, &out); err != nil {
			return ProductView{}, err
		}
	}
	return out, nil
}

// addAbout adds what is said of the product, and by whom.
func (s *Service) addAbout(ctx context.Context, _ []Part, v *ProductView) error {
	var err error
	p := v.Product
	if v.Promises, err = p.promises(); err != nil {
		return err
	}
	if v.Terms, err = currentTerms(ctx, s.store, p); err != nil {
		return err
	}
	owners, err := identity.Lookup(ctx, s.store, p.Owner)
	if err != nil {
		return err
	}
	v.OwnerName, v.OwnerTeam = owners[p.Owner].Name, owners[p.Owner].Team
	called, err := s.names(ctx, s.store, []graph.ID{p.Domain})
	if err != nil {
		return err
	}
	v.DomainName = called[p.Domain]
	if p.Successor == "" {
		return nil
	}
	next, _, err := s.visibleProduct(ctx, s.store, p.Successor)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	v.Successor = &next
	return err
}

// addWays works out what would come of asking now. Where the first try fails by its purpose or its length alone, one that is
// allowed is tried.
func (s *Service) addWays(ctx context.Context, _ []Part, v *ProductView) error {
	if v.Closed != "" || authz.From(ctx).Type == authz.Machine || !s.policy.Can(ctx, authz.Request, authz.Everywhere, authz.Write) {
		return nil
	}
	v.Asked = Ask{Purpose: template.Purposes[0].Key, Access: string(triedAccess), Days: triedDays, Items: []AskItem{{Target: v.Product.ID}}}
	tried, err := s.Preview(ctx, v.Asked)
	if err != nil {
		return err
	}
	again := v.Asked
	got := tried[0].Verdict
	if got.MaxDays > 0 && got.MaxDays < again.Days {
		again.Days = got.MaxDays
	}
	if len(got.Purposes) > 0 && !slices.Contains(got.Purposes, again.Purpose) {
		again.Purpose = got.Purposes[0]
	}
	if again.Days != v.Asked.Days || again.Purpose != v.Asked.Purpose {
		v.Asked = again
		if tried, err = s.Preview(ctx, again); err != nil {
			return err
		}
	}
	v.Tried = &tried[0]
	return nil
}

// addMine adds what the viewer has, and what he asked for.
func (s *Service) addMine(ctx context.Context, _ []Part, v *ProductView) error {
	if !s.policy.Can(ctx, authz.Request, authz.Everywhere, authz.Write) || authz.From(ctx).Type == authz.Machine {
		return nil
	}
	mine, err := s.Requests(ctx, RequestList{View: MyRequests, Limit: maxMine})
	if err != nil {
		return err
	}
	for _, i := range mine.Items {
		if i.Target == v.Product.ID && slices.Contains(waiting, i.State) {
			v.Waiting = append(v.Waiting, i)
		}
	}
	return nil
}

// addHolders adds who has it, and what of that is the viewer's.
func (s *Service) addHolders(ctx context.Context, _ []Part, v *ProductView) error {
	if authz.From(ctx).Type == authz.Machine {
		return nil
	}
	page, err := s.Grants(ctx, GrantList{View: GrantsTarget, ID: v.Product.ID, Limit: maxHolders})
	if err != nil {
		return err
	}
	v.Holders, v.More = page.Items, page.Next != ""
	me := authz.From(ctx)
	for _, g := range page.Items {
		if string(g.Holder) == me.ID || string(g.Sender) == me.ID || slices.Contains(me.Teams, string(g.Holder)) {
			v.Mine = append(v.Mine, g)
		}
	}
	return nil
}

// addHistory adds the last changes, from the log.
func (s *Service) addHistory(ctx context.Context, _ []Part, v *ProductView) error {
	page, err := audit.Of(ctx, s.store, v.Product.ID, maxHistory, "")
	if err != nil {
		return err
	}
	var by []graph.ID
	for _, e := range page.Entries {
		by = append(by, graph.ID(e.Actor))
	}
	called, err := s.calledAs(ctx, by)
	if err != nil {
		return err
	}
	for _, e := range page.Entries {
		if e.Decision != audit.Allowed || e.Target != v.Product.ID {
			continue
		}
		event := ProductEvent{At: e.At, Action: e.Action, By: called[graph.ID(e.Actor)]}
		for _, c := range e.Changes {
			event.Fields = append(event.Fields, c.Field)
		}
		v.History = append(v.History, event)
	}
	return nil
}

// PartView is a dataset of a product. What is on offer is named whoever looks: whoever offers it said so. What isn't stated by
// the offer, such as when it was written, is there only for who may see the dataset.
type PartView struct {
	ID        graph.ID
	Title     string
	Name      string
	Visible   bool // the viewer may go to its page
	Gone      bool // the catalog has it no more
	Level     catalog.Classification
	Columns   []string // paths of what is offered
	Total     int      // how many columns the dataset has
	Declared  []string // data classes
	Inherited []string
	Written   time.Time // zero: never, or hidden
}
