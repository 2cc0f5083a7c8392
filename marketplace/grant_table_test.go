package marketplace_test

import (
	"errors"
	"testing"
	"time"

	"weir/audit"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
)

var grantStates = []marketplace.GrantState{
	marketplace.Granting, marketplace.Active, marketplace.Failed, marketplace.GrantExpired, marketplace.Revoked, marketplace.HandedBack,
}

// TestGrantTable walks every state with every action through the service: it does what the table says, and nothing else.
func TestGrantTable(t *testing.T) {
	acts := map[marketplace.GrantAction]func(*desk, marketplace.Grant) error{
		marketplace.Enforced:    func(d *desk, _ marketplace.Grant) error { d.deliver(); return nil },
		marketplace.EnforceFail: func(d *desk, _ marketplace.Grant) error { d.exhaust(); return nil },
		marketplace.Retry:       func(d *desk, g marketplace.Grant) error { return only(d.Retry(d.omar(), change(g))) },
		marketplace.Extend: func(d *desk, g marketplace.Grant) error {
			return only(d.ExtendGrant(d.omar(), g.ID, marketplace.Item{ID: "itm_more", Access: "read"}, marketplace.GrantBody{}, g.Until.Add(month)))
		},
		marketplace.Shorten: func(d *desk, g marketplace.Grant) error {
			in := change(g)
			in.Until = g.Until.Add(-24 * time.Hour)
			return only(d.Shorten(d.omar(), in))
		},
		marketplace.Revoke:      func(d *desk, g marketplace.Grant) error { return only(d.Revoke(d.omar(), change(g))) },
		marketplace.HandBack:    func(d *desk, g marketplace.Grant) error { return only(d.HandBack(d.mia(), change(g))) },
		marketplace.ExpireGrant: func(d *desk, _ marketplace.Grant) error { d.later(2 * month); return d.ExpireDue(d.t.Context()) },
	}
	// Jobs pass over what is not theirs to do; who asks for what can't be done hears so.
	silent := map[marketplace.GrantAction]bool{marketplace.Enforced: true, marketplace.EnforceFail: true, marketplace.ExpireGrant: true}
	for action, act := range acts {
		for _, from := range grantStates {
			t.Run(string(from)+" "+string(action), func(t *testing.T) {
				d := newDesk(t, shopFile(t), marketplace.Webhook)
				g := d.give(month)
				if from == marketplace.Failed {
					d.exhaust() // leaves a command that failed
					g = d.grant(g.ID).Grant
				}
				g.State = from
				g = is(d.Set(t.Context(), g))(t)
				to, ok := marketplace.NextGrant(from, action)
				err := act(d, g)
				followed := from == marketplace.GrantExpired && action == marketplace.Extend // by a new grant: see extendGrant
				switch {
				case !ok && !silent[action] && !followed:
					wants(t, err, errs.Conflict)
				case err != nil:
					t.Fatal(err)
				}
				if !ok {
					to = from
				}
				same(t, "state", d.grant(g.ID).State, to)
			})
		}
	}
}

func only[T any](_ T, err error) error { return err }

func change(g marketplace.Grant) marketplace.GrantChange {
	return marketplace.GrantChange{Grant: g.ID, Version: g.Version, Reason: "The project has ended."}
}

// exhaust lets every try fail until nothing is tried any more.
func (d *desk) exhaust() {
	d.t.Helper()
	d.out.fail = errors.New("no answer")
	for range 8 {
		d.later(13 * time.Hour) // more than any pause
		if err := d.Deliver(d.t.Context()); err != nil {
			d.t.Fatal(err)
		}
	}
	d.out.fail = nil
}

// TestOpenGrant: a grant begins with a message to the outside, opens its data until it ends, and comes of an item once.
func TestOpenGrant(t *testing.T) {
	eachDesk(t, marketplace.Webhook, func(t *testing.T, d *desk) {
		g := d.give(month)
		same(t, "state", g.State, marketplace.Granting)
		same(t, "datasets", d.open(g.ID), 1)
		again := marketplace.Item{ID: g.Item, Access: "read"}
		if _, err := d.OpenGrant(d.omar(), again, marketplace.GrantBody{}, d.at.Add(month)); !errs.Is(err, errs.Exists) {
			t.Fatalf("a second grant of one item: %v", err)
		}
		d.deliver()
		v := d.grant(g.ID)
		same(t, "state", v.State, marketplace.Active)
		m := d.out.messages()
		same(t, "messages", len(m), 1)
		same(t, "holder", m[0].Holder, marketplace.MessageHolder{ID: "usr_mia", Kind: "person", Name: "mia"})
		same(t, "dataset", m[0].Datasets[0].Name+" "+m[0].Datasets[0].Columns[0], "sales.orders day")
		same(t, "entries", d.count("marketplace.grant-active"), 1)
		if _, err := d.Revoke(d.omar(), change(v.Grant)); err != nil {
			t.Fatal(err)
		}
		same(t, "datasets after", d.open(g.ID), 0)
		d.deliver()
		m = d.out.messages()
		same(t, "the last message", m[len(m)-1].Type, marketplace.VerbRevoke)
		if m[1].Number <= m[0].Number {
			t.Errorf("the later message has number %d, the earlier one %d", m[1].Number, m[0].Number)
		}
	})
}

// TestExtendGrant: an extension lets a grant end later, never earlier, and opens what was decided, no more.
func TestExtendGrant(t *testing.T) {
	eachDesk(t, marketplace.Webhook, func(t *testing.T, d *desk) {
		g := d.give(month)
		d.deliver()
		less := marketplace.GrantBody{Parts: []marketplace.Part{{Dataset: shopVisit}}}
		is(d.ExtendGrant(d.omar(), g.ID, marketplace.Item{ID: "itm_x"}, less, d.at.Add(24*time.Hour)))(t)
		v := d.grant(g.ID)
		same(t, "until", v.Until, g.Until)
		same(t, "parts", v.Parts[0].Dataset, shopVisit)
		same(t, "datasets", d.open(g.ID), 1)
		is(d.ExtendGrant(d.omar(), g.ID, marketplace.Item{ID: "itm_y"}, less, d.at.Add(3*month)))(t)
		v = d.grant(g.ID)
		same(t, "until", v.Until, graph.Time(d.at.Add(3*month)))
		same(t, "extensions", len(v.Extended), 2)
		d.deliver()
		m := d.out.messages()
		same(t, "messages", len(m), 2) // the first change was overtaken by the second
		same(t, "type", m[1].Type, marketplace.VerbChange)
		same(t, "dropped", v.Commands[1].State, marketplace.CommandDropped)
	})
}

// TestRefusedChangesAreWritten: whoever may see a grant and not change it is refused, and the attempt stands in the log.
func TestRefusedChangesAreWritten(t *testing.T) {
	eachDesk(t, marketplace.Webhook, func(t *testing.T, d *desk) {
		g := d.give(month)
		_, err := d.Revoke(d.mia(), change(g))
		wants(t, err, errs.Forbidden)
		_, err = d.HandBack(d.omar(), change(g))
		wants(t, err, errs.Forbidden)
		_, err = d.Revoke(d.lena(), change(g))
		wants(t, err, errs.NotFound)
		same(t, "state", d.grant(g.ID).State, marketplace.Granting)
		found := is(audit.Find(t.Context(), d.store, audit.Filter{Action: "marketplace.grant-revoke"}, 9, ""))(t)
		same(t, "attempts", len(found.Entries), 1)
		same(t, "decision", found.Entries[0].Decision, audit.Denied)
		_, err = d.Revoke(d.omar(), marketplace.GrantChange{Grant: g.ID})
		wants(t, err, errs.Invalid, "reason")
		_, err = d.Revoke(d.omar(), marketplace.GrantChange{Grant: g.ID, Version: g.Version + 1, Reason: "Late."})
		wants(t, err, errs.Conflict)
	})
}
