package marketplace_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
)

func ids(rows []marketplace.GrantRow) (out []graph.ID) {
	for _, r := range rows {
		out = append(out, r.ID)
	}
	return out
}

// TestGrantLists: everybody finds the grants that are his business, and no others.
func TestGrantLists(t *testing.T) {
	eachDesk(t, marketplace.Webhook, func(t *testing.T, d *desk) {
		own := d.give(2 * month)
		team := d.giveTo("tea_care", month) // mia asked for it
		ended := d.give(month)
		is(d.HandBack(d.mia(), change(ended)))(t)
		lena := authz.With(t.Context(), authz.Principal{ID: "usr_lena", Name: "lena", Type: authz.Person, Teams: []string{"tea_care"}})
		deputy := authz.With(t.Context(), authz.Principal{ID: "usr_x", Type: authz.Person, For: []string{"usr_omar"}})
		auditor := d.as("ines", authz.Auditor, string(shopSales))
		for _, c := range []struct {
			name string
			ctx  context.Context
			in   marketplace.GrantList
			want []graph.ID
		}{
			{"mine", d.mia(), marketplace.GrantList{}, []graph.ID{team.ID, own.ID}},
			{"of my team", lena, marketplace.GrantList{View: marketplace.GrantsMine}, []graph.ID{team.ID}},
			{"ended", d.mia(), marketplace.GrantList{State: marketplace.GrantsEnded}, []graph.ID{ended.ID}},
			{"one state", d.mia(), marketplace.GrantList{State: string(marketplace.Active)}, nil},
			{"given", d.omar(), marketplace.GrantList{View: marketplace.GrantsGiven}, []graph.ID{team.ID, own.ID}},
			{"given by whom one stands in for", deputy, marketplace.GrantList{View: marketplace.GrantsGiven}, []graph.ID{team.ID, own.ID}},
			{"given by others", d.mia(), marketplace.GrantList{View: marketplace.GrantsGiven}, nil},
			{"all in one domain", auditor, marketplace.GrantList{View: marketplace.GrantsAll}, []graph.ID{team.ID, own.ID}},
			{"all everywhere", d.sara(), marketplace.GrantList{View: marketplace.GrantsAll}, []graph.ID{team.ID, own.ID}},
			{"of a dataset, its owner", d.omar(), marketplace.GrantList{View: marketplace.GrantsTarget, ID: shopOrder}, []graph.ID{team.ID, own.ID}},
			{"of a dataset, a holder", lena, marketplace.GrantList{View: marketplace.GrantsTarget, ID: shopOrder}, []graph.ID{team.ID}},
			{"of a person, himself", d.mia(), marketplace.GrantList{View: marketplace.GrantsHolder, ID: "usr_mia"}, []graph.ID{own.ID}},
			{"of a person, somebody else", lena, marketplace.GrantList{View: marketplace.GrantsHolder, ID: "usr_mia"}, nil},
			{"of a person, an auditor", auditor, marketplace.GrantList{View: marketplace.GrantsHolder, ID: "usr_mia"}, []graph.ID{own.ID}},
		} {
			c.in.Limit = 10
			page := is(d.Grants(c.ctx, c.in))(t)
			if got := ids(page.Items); !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
		}
		_, err := d.Grants(d.mia(), marketplace.GrantList{View: marketplace.GrantsAll, Limit: 9})
		wants(t, err, errs.Forbidden)
		_, err = d.Grants(t.Context(), marketplace.GrantList{Limit: 9})
		wants(t, err, errs.Unauthenticated)
		_, err = d.Grants(d.mia(), marketplace.GrantList{State: "asleep", Limit: 9})
		wants(t, err, errs.Invalid, "state")
		same(t, "name", is(d.Grants(d.omar(), marketplace.GrantList{View: marketplace.GrantsGiven, Limit: 1}))(t).Items[0].HolderName, "Care team")
		first := is(d.DatasetGrants(d.sara(), shopOrder, "", 1))(t)
		d.later(time.Second)
		second := is(d.DatasetGrants(d.sara(), shopOrder, first.Next, 1))(t)
		found := append(ids(first.Items), ids(second.Items)...)
		slices.Sort(found)
		both := []graph.ID{own.ID, team.ID}
		slices.Sort(both)
		same(t, "of the dataset, in pages", slices.Equal(found, both), true)
		same(t, "of the dataset, a holder", len(is(d.DatasetGrants(lena, shopOrder, "", 9))(t).Items), 1)
		_, err = d.DatasetGrants(d.mia(), shopNotes, "", 9)
		wants(t, err, errs.NotFound)
	})
}

// TestGrantPages: pages of lists that are put together of several hold each grant once, in order, also where ends are equal.
func TestGrantPages(t *testing.T) {
	eachDesk(t, marketplace.Webhook, func(t *testing.T, d *desk) {
		var want []graph.ID
		for i := range 23 {
			holder := graph.ID("usr_mia")
			if i%3 == 0 {
				holder = "tea_care"
			}
			want = append(want, d.giveTo(holder, month+time.Duration(i/5)*time.Hour).ID)
		}
		for _, desc := range []bool{false, true} {
			in := marketplace.GrantList{Limit: 4}
			if desc {
				d.later(2 * month)
				if err := d.ExpireDue(t.Context()); err != nil {
					t.Fatal(err)
				}
				in.State = marketplace.GrantsEnded
			}
			var got []marketplace.GrantRow
			for more := true; more; more = in.After != "" {
				page := is(d.Grants(d.mia(), in))(t)
				got, in.After = append(got, page.Items...), page.Next
			}
			same(t, fmt.Sprint("rows, desc ", desc), len(got), len(want))
			ordered := slices.IsSortedFunc(got, func(a, b marketplace.GrantRow) int {
				if desc {
					return b.Until.Compare(a.Until)
				}
				return a.Until.Compare(b.Until)
			})
			same(t, "in order", ordered, true)
			found := ids(got)
			slices.Sort(found)
			slices.Sort(want)
			same(t, "each once", slices.Equal(found, want), true)
		}
		_, err := d.Grants(d.mia(), marketplace.GrantList{Limit: 4, After: "nonsense"})
		wants(t, err, errs.Invalid, "after")
	})
}

// TestGrantPage: a grant's page tells whom it concerns all, and to others there is none.
func TestGrantPage(t *testing.T) {
	eachDesk(t, marketplace.Webhook, func(t *testing.T, d *desk) {
		g := d.give(month)
		d.deliver()
		mine := is(d.Grant(d.mia(), g.ID))(t)
		same(t, "part", mine.Parts[0].Name+" "+mine.Parts[0].Columns[0], "Orders day")
		same(t, "holder may", fmt.Sprint(mine.MayRevoke, mine.MayShorten, mine.MayHandBack, mine.MayRenew, mine.MayRetry), "false false true true false")
		owner := is(d.Grant(d.omar(), g.ID))(t)
		same(t, "owner may", fmt.Sprint(owner.MayRevoke, owner.MayShorten, owner.MayHandBack, owner.MayRenew, owner.MayRetry), "true true false false false")
		var acts []string
		for _, e := range owner.History {
			acts = append(acts, e.Action)
		}
		same(t, "history", fmt.Sprint(acts), "[marketplace.grant-active marketplace.approve]")
		same(t, "by", owner.History[0].ByName+", "+owner.History[1].ByName, "The program, omar")
		for _, other := range []context.Context{d.lena(), d.as("lena")} {
			_, err := d.Grant(other, g.ID)
			wants(t, err, errs.NotFound)
		}
		_, err := d.Grant(d.mia(), "grt_none")
		wants(t, err, errs.NotFound)
		_, err = d.Grant(t.Context(), g.ID)
		wants(t, err, errs.Unauthenticated)
		ask := is(d.Renewal(d.mia(), g.ID))(t)
		same(t, "renewal", fmt.Sprint(ask.For, ask.Days, ask.Items[0].Target, ask.Items[0].Extends, len(ask.Items[0].Columns)), fmt.Sprint("", 30, shopOrder, g.ID, 1))
		_, err = d.Renewal(d.omar(), g.ID)
		wants(t, err, errs.Forbidden)
	})
}

// TestExportGrants: taking lists out needs its own right, and stands in the log before the first line leaves.
func TestExportGrants(t *testing.T) {
	eachDesk(t, marketplace.Webhook, func(t *testing.T, d *desk) {
		for range 3 {
			d.give(month)
		}
		n := 0
		each := func(marketplace.GrantRow) error {
			n++
			same(t, "entries by now", d.count("marketplace.grant-export"), 1)
			return nil
		}
		auditor := d.as("ines", authz.Auditor, string(shopSales))
		if err := d.ExportGrants(auditor, marketplace.GrantList{View: marketplace.GrantsAll}, each); err != nil {
			t.Fatal(err)
		}
		same(t, "lines", n, 3)
		other := d.as("lena", authz.Auditor, string(shopCare))
		n = 0
		if err := d.ExportGrants(other, marketplace.GrantList{View: marketplace.GrantsAll}, func(marketplace.GrantRow) error { n++; return nil }); err != nil {
			t.Fatal(err)
		}
		same(t, "lines of another domain", n, 0)
		wants(t, d.ExportGrants(d.omar(), marketplace.GrantList{View: marketplace.GrantsAll}, each), errs.Forbidden)
	})
}
