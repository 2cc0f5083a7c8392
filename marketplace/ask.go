package marketplace

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/marketplace/template"
)

// The limits of a request.
const (
	MaxItems   = 20    // in one basket
	MaxWhy     = 4_000 // characters of what it is for
	MaxColumns = 2_000 // of one item
	maxDays    = 3_650
	maxReason  = 2_000 // characters of a reason, question or answer
)

// Ask is a request as it is written: who is to have what, why, how and for how long.
type Ask struct {
	ID          graph.ID // of the draft that is being written; "" for a new one
	Version     int64    // of that draft, as it was looked at; 0: any
	Key         string   // of the form that it was written on: what is sent twice with one key is sent once; "" is none
	For         graph.ID // who is to have it: "" is who asks; a team, an account, or somebody else
	Purpose     string   // key of template.Purposes
	Why         string
	Access      string    // a template.Access
	Environment string    // "" is not said
	Days        int       // how long; Until counts if it is 0
	Until       time.Time // last day
	Items       []AskItem
}

// AskItem is one thing in the basket.
type AskItem struct {
	Target  graph.ID   // a product or a dataset
	Columns []graph.ID // none: all that can be had
	Terms   int        // version of the terms of use that was accepted; 0: none
	Extends graph.ID   // the grant that is to last longer
}

// asking is an Ask that was checked, with who asks.
type asking struct {
	Ask
	who asker
}

// checkAsk checks what can be checked without the catalog, and reads who asks.
func (s *Service) checkAsk(ctx context.Context, r graph.Reader, in Ask) (asking, error) {
	var fields []errs.Field
	bad := func(name, format string, args ...any) {
		fields = append(fields, errs.Field{Name: name, Message: fmt.Sprintf(format, args...)})
	}
	in.Why = strings.TrimSpace(in.Why)
	if !slices.ContainsFunc(template.Purposes, func(p template.Purpose) bool { return p.Key == in.Purpose }) {
		bad("purpose", "is missing: choose what it is for.")
	}
	switch n := utf8.RuneCountInString(in.Why); {
	case in.Why == "":
		bad("why", "is missing: say in a sentence what you will make of it, and who will see it.")
	case n > MaxWhy || !utf8.ValidString(in.Why):
		bad("why", "has %d characters; at most %d are kept.", n, MaxWhy)
	}
	if !slices.Contains(template.Accesses, template.Access(in.Access)) {
		bad("access", "is missing: choose how you want to use it.")
	}
	if in.Days == 0 && !in.Until.IsZero() {
		in.Days = daysUntil(s.now(), in.Until)
	}
	if in.Days < 1 || in.Days > maxDays {
		bad("days", "has to be between 1 and %d days from now.", maxDays)
	}
	if len(in.Environment) > 64 {
		bad("environment", "is longer than 64 characters.")
	}
	if len(in.Key) > 64 {
		bad("key", "is longer than 64 characters.")
	}
	if len(in.Items) == 0 || len(in.Items) > MaxItems {
		bad("items", "has to hold between 1 and %d products or datasets.", MaxItems)
	}
	for i, it := range in.Items {
		if len(it.Columns) > MaxColumns {
			bad(fmt.Sprintf("items[%d].columns", i), "has %d columns; at most %d can be asked for at once.", len(it.Columns), MaxColumns)
		}
		if slices.ContainsFunc(in.Items[:i], func(o AskItem) bool { return o.Target == it.Target && o.Extends == it.Extends }) {
			bad(fmt.Sprintf("items[%d].target", i), "is in this request already.")
		}
	}
	if len(fields) > 0 {
		return asking{}, invalid(fields)
	}
	return s.withAsker(ctx, r, in)
}

// daysUntil are the days from now to the end of a day, rounded up.
func daysUntil(now, until time.Time) int {
	return int((until.Sub(now) + 24*time.Hour - 1) / (24 * time.Hour))
}

func invalid(fields []errs.Field) error {
	return &errs.Error{Kind: errs.Invalid, Message: fields[0].Name + ": " + fields[0].Message, Fields: fields}
}

// withAsker reads who asks, and sees that he may ask for whom he asks.
func (s *Service) withAsker(ctx context.Context, r graph.Reader, in Ask) (asking, error) {
	me := authz.From(ctx)
	if in.For == "" {
		in.For = graph.ID(me.ID)
	}
	found, err := identity.Lookup(ctx, r, in.For)
	if err != nil {
		return asking{}, err
	}
	holder, ok := found[in.For]
	if !ok || holder.Disabled {
		return asking{}, errs.Bad("for", "is nobody who is known here and can have data.")
	}
	switch {
	case in.For == graph.ID(me.ID):
	case me.Type != authz.Person && me.Type != authz.Machine:
		return asking{}, errs.Bad("for", "has to be itself: agents and service accounts ask for themselves alone.")
	case holder.Team && !slices.Contains(me.Teams, string(in.For)) && me.Type != authz.Machine:
		return asking{}, errs.Bad("for", "is a team that you are not in. Ask one of its members.")
	case holder.Owner != "" && holder.Owner != graph.ID(me.ID) && me.Type != authz.Machine:
		return asking{}, errs.Bad("for", "is an account of somebody else. Ask its owner.")
	}
	sender, now := graph.ID(me.ID), s.now()
	circle, err := identity.Closure(ctx, r, []graph.ID{sender, in.For}, now, now)
	if err != nil {
		return asking{}, err
	}
	who, err := askerOf(ctx, s.seatsIn(r), sender, in.For, now, circle)
	return asking{in, who}, err
}

// target reads what an item of the ask is about, and which columns it means.
func (s *Service) askTarget(ctx context.Context, r graph.Reader, in AskItem, field string) (target, error) {
	t, err := s.targetAt(ctx, r, in.Target)
	if errs.Is(err, errs.NotFound) {
		return t, errs.Bad(field+".target", "is no product or dataset that there is, or that you may see.")
	}
	if err != nil {
		return t, err
	}
	if t.Product != nil {
		if why := t.Product.askable(s.now()); why != "" {
			return t, errs.Badf(field+".target", "can't be asked for. %s", why)
		}
	}
	return t, t.narrow(ctx, r, in.Columns, field+".columns")
}

// askedItem is an item as it would be sent.
func (a asking) item(in AskItem, t target) Item {
	return Item{
		Target: t.ID, Title: t.Title, Domain: t.Domain, Owner: t.Owner, Sender: a.who.Sender, Holder: a.who.Holder,
		Purpose: a.Purpose, Access: a.Access, Environment: a.Environment, Days: a.Days, Extends: in.Extends,
	}
}

// terms are the version of the terms of use that an item has to accept; 0 if there are none.
func (t target) terms() int {
	if t.Product == nil {
		return 0
	}
	return t.Product.Terms
}

func (a asking) conditions(accepted, renewal bool) conditions {
	return conditions{Purpose: a.Purpose, Access: a.Access, Environment: a.Environment, Days: a.Days, TermsAccepted: accepted, Renewal: renewal}
}
