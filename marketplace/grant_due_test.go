package marketplace_test

import (
	"testing"
	"time"

	"weir/marketplace"
)

// TestExpireOnce: grants that run out are ended once, however many servers look, and a clock that is set back ends nothing again.
func TestExpireOnce(t *testing.T) {
	eachDesk(t, marketplace.Webhook, func(t *testing.T, d *desk) {
		var last marketplace.Grant
		for range 60 { // more than one transaction takes
			last = d.give(month)
		}
		keep := d.give(2 * month)
		d.later(month)
		if err := d.ExpireDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		same(t, "entries at the very end", d.count("marketplace.grant-expire"), 0)
		d.later(time.Microsecond)
		d.together(t, func(s *marketplace.Service) error { return s.ExpireDue(t.Context()) })
		same(t, "entries", d.count("marketplace.grant-expire"), 60)
		v := d.grant(last.ID)
		same(t, "state", v.State, marketplace.GrantExpired)
		same(t, "commands", len(v.Commands), 2)
		same(t, "last command", v.Commands[0].Verb, marketplace.VerbRevoke)
		same(t, "the other", d.grant(keep.ID).State, marketplace.Granting)
		d.later(-2 * month)
		if err := d.ExpireDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		same(t, "entries after the clock went back", d.count("marketplace.grant-expire"), 60)
	})
}

// TestWarn: the holder hears 30, 7 and 1 days before the end, once each; what was missed is said once; more time begins anew.
func TestWarn(t *testing.T) {
	day := 24 * time.Hour
	warned := func(d *desk) int {
		d.together(t, func(s *marketplace.Service) error { return s.WarnDue(t.Context()) })
		return d.count("marketplace.grant-warn")
	}
	eachDesk(t, marketplace.Webhook, func(t *testing.T, d *desk) {
		g := d.give(40 * day)
		week := d.give(7 * day) // ends before the first one is warned of
		d.deliver()
		same(t, "at first", warned(d), 0)
		d.later(6*day + time.Hour)
		same(t, "a week's grant, a day before its end", warned(d), 1)
		d.later(4 * day)
		same(t, "30 days before", warned(d), 2)
		same(t, "again", warned(d), 2)
		d.later(28 * day)
		same(t, "7 days missed, 2 days before", warned(d), 3)
		d.later(day + time.Hour)
		same(t, "1 day before", warned(d), 4)
		d.later(-20 * day)
		same(t, "after the clock went back", warned(d), 4)
		d.later(20 * day)
		is(d.ExtendGrant(d.omar(), g.ID, marketplace.Item{ID: "itm_more"}, marketplace.GrantBody{}, g.Until.Add(40*day)))(t)
		same(t, "after more time was given", warned(d), 4)
		d.later(11 * day)
		same(t, "30 days before the new end", warned(d), 5)
		same(t, "of the week's grant", d.grant(week.ID).Warned, 3)
	})
}
