package marketplace_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
)

// consumers puts dashboards behind the orders, each with an owner; "" for none.
func (d *desk) consumers(owners ...string) (out []graph.ID) {
	var ws []graph.NodeWrite
	var edges []graph.Edge
	for i, owner := range owners {
		id := catalog.ConsumerID("bi", "dash"+string(rune('a'+i)))
		out = append(out, id)
		ws = append(ws, catalog.ConsumerKind.Write(id, graph.Create, catalog.Consumer{Namespace: "bi", Name: string(id), Type: catalog.Dashboard, Audience: "open"}))
		edges = append(edges, graph.Edge{From: shopOrder, Rel: catalog.RelDelivers, To: id})
		if owner != "" {
			own := catalog.OwnerID(owner)
			ws = append(ws, catalog.OwnerType.Write(own, graph.Upsert, catalog.Owner{Name: owner}))
			edges = append(edges, graph.Edge{From: id, Rel: catalog.RelOwned, To: own})
		}
	}
	d.put(ws, edges)
	return out
}

func about(rows []marketplace.TaskRow) (out []graph.ID) {
	for _, r := range rows {
		if r.Kind == marketplace.TaskDerived {
			out = append(out, r.About)
		}
	}
	slices.Sort(out)
	return out
}

// TestRevocationTasks: what the holder made of the data is put on the list of who owns that; where that can't be told, all that
// was made of it.
func TestRevocationTasks(t *testing.T) {
	eachDesk(t, marketplace.Webhook, func(t *testing.T, d *desk) {
		cons := d.consumers("user:mia", "team:care", "")
		lena := authz.With(t.Context(), authz.Principal{ID: "usr_lena", Type: authz.Person, Teams: []string{"tea_care"}})
		tasks := func(ctx context.Context) []graph.ID {
			return about(is(d.Tasks(ctx, marketplace.TaskList{Limit: 50}))(t).Items)
		}
		is(d.Revoke(d.omar(), change(d.give(month))))(t)
		same(t, "of mia, whose dashboard one is", slices.Equal(tasks(d.mia()), cons[:1]), true)
		same(t, "of the others", len(tasks(lena))+len(tasks(d.omar())), 0)
		row := is(d.Tasks(d.mia(), marketplace.TaskList{Limit: 50}))(t).Items[0]
		same(t, "subject", row.Subject, string(cons[0]))
		if err := d.FinishTask(d.mia(), marketplace.TaskAnswer{Task: row.ID, Note: "Switched off."}); err != nil {
			t.Fatal(err)
		}
		same(t, "left", len(tasks(d.mia())), 0)

		is(d.Revoke(d.omar(), change(d.giveTo("usr_sara", month))))(t) // sara owns none of them
		same(t, "of the care team", slices.Equal(tasks(lena), cons[1:2]), true)
		same(t, "of the owner of the data, for the one that nobody owns", slices.Equal(tasks(d.omar()), cons[2:]), true)
		row = is(d.Tasks(d.omar(), marketplace.TaskList{Limit: 50}))(t).Items[0]
		if row.Text == "" {
			t.Error("the task doesn't say that it can't be told whose it is")
		}
	})
}

func (d *desk) campaign(outcome string) marketplace.Campaign {
	d.t.Helper()
	return is(d.OpenCampaign(d.omar(), marketplace.NewCampaign{
		Name: "Spring", Scope: marketplace.CampaignDomain, Target: shopSales, Due: d.at.Add(14 * 24 * time.Hour), Outcome: outcome,
	}))(d.t)
}

func (d *desk) reviews(ctx context.Context, c graph.ID) marketplace.CampaignView {
	d.t.Helper()
	return is(d.Campaign(ctx, marketplace.ReviewList{Campaign: c, State: marketplace.ReviewOpen, Mine: true, Limit: 50}))(d.t)
}

// TestCampaign: owners look through grants and keep, shorten or revoke them; nobody keeps what is for himself.
func TestCampaign(t *testing.T) {
	eachDesk(t, marketplace.Webhook, func(t *testing.T, d *desk) {
		keep, shorten, revoke := d.give(2*month), d.give(3*month), d.give(4*month)
		own := d.giveTo("usr_omar", 5*month)
		c := d.campaign(marketplace.OutcomeRemind)
		same(t, "grants", c.Total, 4)
		tasks := is(d.Tasks(d.omar(), marketplace.TaskList{Limit: 9}))(t).Items
		same(t, "tasks of the reviewer", len(tasks), 1)
		same(t, "reviews that ask him", len(d.reviews(d.omar(), c.ID).Reviews.Items), 3) // his own asks somebody else
		rows := is(d.Campaign(d.omar(), marketplace.ReviewList{Campaign: c.ID, Limit: 9}))(t).Reviews.Items
		same(t, "reviews", len(rows), 4)
		same(t, "barred from mia's", rows[0].Barred, "")
		same(t, "who is asked about his own", rows[3].ReviewerRole, "admin")
		if rows[3].Barred == "" || rows[3].Grant != own.ID {
			t.Fatalf("omar isn't told that he can't keep his own: %+v", rows[3])
		}
		answer := func(i int, verdict marketplace.ReviewAction) marketplace.ReviewAnswer {
			return marketplace.ReviewAnswer{Review: rows[i].ID, Version: rows[i].Version, Verdict: verdict, Reason: "Looked at it."}
		}
		is(d.Review(d.omar(), answer(0, marketplace.ReviewKeep)))(t)
		_, err := d.Review(d.omar(), answer(0, marketplace.ReviewKeep))
		wants(t, err, errs.Conflict)
		less := answer(1, marketplace.ReviewShorten)
		_, err = d.Review(d.omar(), less)
		wants(t, err, errs.Invalid, "until")
		less.Until = d.at.Add(month)
		is(d.Review(d.omar(), less))(t)
		none := answer(2, marketplace.ReviewRevoke)
		none.Reason = ""
		_, err = d.Review(d.omar(), none)
		wants(t, err, errs.Invalid, "reason")
		is(d.Review(d.omar(), answer(2, marketplace.ReviewRevoke)))(t)
		_, err = d.Review(d.mia(), answer(3, marketplace.ReviewKeep))
		wants(t, err, errs.NotFound)

		_, err = d.Review(d.omar(), answer(3, marketplace.ReviewKeep))
		wants(t, err, errs.Forbidden)
		found := is(audit.Find(t.Context(), d.store, audit.Filter{Action: "marketplace.review-keep"}, 9, ""))(t).Entries
		same(t, "the attempt is in the log", found[0].Decision, audit.Denied)
		is(d.Review(d.omar(), answer(3, marketplace.ReviewRevoke)))(t) // to take from himself he may

		same(t, "kept", d.grant(keep.ID).State, marketplace.Granting)
		same(t, "shortened", d.grant(shorten.ID).Until, graph.Time(less.Until))
		same(t, "revoked", d.grant(revoke.ID).State, marketplace.Revoked)
		same(t, "revoked, his own", d.grant(own.ID).State, marketplace.Revoked)
		v := is(d.Campaign(d.omar(), marketplace.ReviewList{Campaign: c.ID, Limit: 9}))(t)
		same(t, "state", v.State, marketplace.CampaignClosed)
		same(t, "counts", [3]int{v.Kept, v.Shortened, v.Revoked}, [3]int{1, 1, 2})
		same(t, "tasks after", len(is(d.Tasks(d.omar(), marketplace.TaskList{Limit: 9}))(t).Items), 0)
	})
}

// TestCampaignDue: what nobody has looked at is revoked when the campaign is due, once, or its reviewers are reminded once a week.
func TestCampaignDue(t *testing.T) {
	eachDesk(t, marketplace.Webhook, func(t *testing.T, d *desk) {
		for range 55 { // more than one transaction takes
			d.give(2 * month)
		}
		due := func() { d.together(t, func(s *marketplace.Service) error { return s.CampaignsDue(t.Context()) }) }
		c := d.campaign(marketplace.OutcomeRevoke)
		remind := d.campaign(marketplace.OutcomeRemind)
		rows := d.reviews(d.omar(), c.ID).Reviews.Items
		is(d.Review(d.omar(), marketplace.ReviewAnswer{Review: rows[0].ID, Verdict: marketplace.ReviewKeep}))(t)
		due()
		same(t, "revoked before it is due", d.count("marketplace.review-revoke"), 0)
		d.later(14*24*time.Hour + time.Second)
		due()
		same(t, "revoked", d.count("marketplace.review-revoke"), 54)
		same(t, "kept", d.grant(rows[0].Grant).State, marketplace.Granting)
		v := is(d.Campaign(d.omar(), marketplace.ReviewList{Campaign: c.ID, Limit: 9}))(t)
		same(t, "state", v.State, marketplace.CampaignClosed)
		same(t, "counts", [2]int{v.Kept, v.Revoked}, [2]int{1, 54})
		v = is(d.Campaign(d.omar(), marketplace.ReviewList{Campaign: remind.ID, Limit: 9}))(t)
		same(t, "left in the other", [2]int{v.Gone, v.Open()}, [2]int{54, 1})
		same(t, "reminders", d.count("marketplace.campaign-remind"), 1)
		due()
		same(t, "reminders, on the same day", d.count("marketplace.campaign-remind"), 1)
		d.later(8 * 24 * time.Hour)
		due()
		same(t, "reminders, a week later", d.count("marketplace.campaign-remind"), 2)
		is(d.CloseCampaign(d.omar(), remind.ID, 0))(t)
		_, err := d.CloseCampaign(d.omar(), remind.ID, 0)
		wants(t, err, errs.Conflict)
	})
}

// TestCampaignRights: a campaign is begun by who owns what is looked through, and seen by who has to do with it.
func TestCampaignRights(t *testing.T) {
	eachDesk(t, marketplace.Webhook, func(t *testing.T, d *desk) {
		d.give(month)
		in := marketplace.NewCampaign{Name: "Mine", Scope: marketplace.CampaignProduct, Target: shopOrder, Due: d.at.Add(month), Outcome: marketplace.OutcomeRemind}
		_, err := d.OpenCampaign(d.mia(), in)
		wants(t, err, errs.Forbidden)
		_, err = d.OpenCampaign(d.omar(), marketplace.NewCampaign{})
		wants(t, err, errs.Invalid, "name", "scope", "target", "due", "outcome")
		empty := in
		empty.Target = shopVisit
		_, err = d.OpenCampaign(d.lena(), empty)
		wants(t, err, errs.Invalid, "target")
		byOwner := in
		byOwner.Scope, byOwner.Target = marketplace.CampaignOwner, "usr_omar"
		c := is(d.OpenCampaign(d.as("omar"), byOwner))(t) // no role: he owns what is given
		same(t, "his", len(is(d.Campaigns(d.as("omar"), marketplace.CampaignList{Limit: 9}))(t).Items), 1)
		same(t, "others'", len(is(d.Campaigns(d.mia(), marketplace.CampaignList{Limit: 9}))(t).Items), 0)
		_, err = d.Campaign(d.mia(), marketplace.ReviewList{Campaign: c.ID, Limit: 9})
		wants(t, err, errs.NotFound)
		_, err = d.CloseCampaign(d.mia(), c.ID, 0)
		wants(t, err, errs.NotFound)
	})
}
