package marketplace_test

import (
	"context"
	"slices"
	"testing"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/marketplace"
	"weir/marketplace/template"
)

// eachSmall runs a test on the oracle and on SQLite.
func eachSmall(t *testing.T, run func(t *testing.T, w *bureau)) {
	t.Run("memory", func(t *testing.T) { run(t, newBureau(t, graphtest.Memory(shopSchema(t)))) })
	t.Run("sqlite", func(t *testing.T) { run(t, newBureau(t, shopFile(t))) })
}

// freeFor lets a template grant a dataset at once for one purpose in one place; for all else its owner decides.
func (w *bureau) freeFor(dataset graph.ID, purpose string, renewBefore int) {
	w.t.Helper()
	w.must(marketplace.PutTemplate(w.t.Context(), w.store, "free", template.Body{
		Title: "free", Applies: template.Scope{Datasets: []graph.ID{dataset}}, Who: template.Who{People: true},
		Access: template.Accesses, MaxDays: 90, Renewable: true, RenewBeforeDays: renewBefore,
		PreApproved: &template.Condition{Purposes: []string{purpose}},
	}, w.at))
}

// TestSubmit_ExtendsOtherPurpose: a grant that somebody had to decide isn't made longer by asking for another purpose, which
// would be granted at once, or for another place.
func TestSubmit_ExtendsOtherPurpose(t *testing.T) {
	eachSmall(t, func(t *testing.T, w *bureau) {
		w.freeFor(bureauPlain, "analytics", 0)
		in := w.ask("ada", bureauPlain)
		in.Purpose = "modelling"
		item := w.sent("ada", in)
		same(t, "state", item.State, marketplace.Submitted)
		is(w.says("tom", item.ID, approves))(t)
		g := w.grants("ada")[0]
		for name, change := range map[string]func(*marketplace.Ask){
			"purpose":     func(a *marketplace.Ask) { a.Purpose = "analytics" },
			"environment": func(a *marketplace.Ask) { a.Environment = "laboratory" },
		} {
			again := in
			again.Days, again.Items = 60, []marketplace.AskItem{{Target: bureauPlain, Extends: g.ID}}
			change(&again)
			_, err := w.Submit(w.as("ada"), again)
			wants(t, err, errs.Invalid, "items[0].extends")
			same(t, "end of the grant after another "+name, w.grants("ada")[0].Until, g.Until)
		}
	})
}

// TestSubmit_RenewedTooEarly: a policy that lets grants be renewed near their end only is kept to.
func TestSubmit_RenewedTooEarly(t *testing.T) {
	eachSmall(t, func(t *testing.T, w *bureau) {
		w.freeFor(bureauPlain, "analytics", 7)
		same(t, "state", w.sent("ada", w.ask("ada", bureauPlain)).State, marketplace.Approved)
		again := w.ask("ada", bureauPlain)
		again.Days, again.Items[0].Extends = 60, w.grants("ada")[0].ID
		_, err := w.Submit(w.as("ada"), again)
		wants(t, err, errs.Invalid, "items[0].extends")
		w.at = w.at.AddDate(0, 0, 8)
		same(t, "state near the end", w.sent("ada", again).State, marketplace.Approved)
	})
}

// TestDraft_NobodysBusiness: neither the team nor the person that a draft is for sees it, nor the owner of what it is about,
// nor who sees all requests.
func TestDraft_NobodysBusiness(t *testing.T) {
	eachSmall(t, func(t *testing.T, w *bureau) {
		for holder, other := range map[string]string{"growth": "mia", "lena": "lena"} {
			in := w.ask("ada", bureauPlain)
			in.For = w.id[holder]
			draft := is(w.SaveDraft(w.as("ada"), in))(t)
			mine := is(w.Request(w.as("ada"), draft.ID))(t)
			same(t, "items of one's own draft", len(mine.Items), 1)
			for _, who := range []string{other, "sara", "tom"} {
				_, err := w.Request(w.as(who), draft.ID)
				wants(t, err, errs.NotFound)
				_, err = w.Item(w.as(who), mine.Items[0].ID)
				wants(t, err, errs.NotFound)
			}
			for _, state := range []marketplace.ItemState{"", marketplace.Draft, marketplace.OpenItems, marketplace.ClosedItems} {
				page := is(w.Requests(w.as(other), marketplace.RequestList{View: marketplace.RequestsFor, ID: w.id[holder], State: state, Limit: 50}))(t)
				same(t, "drafts listed for "+holder+" in "+string(state), len(page.Items), 0)
			}
		}
		about := marketplace.RequestList{View: marketplace.RequestsAbout, ID: bureauPlain, Limit: 50}
		same(t, "drafts listed to the owner", len(is(w.Requests(w.as("tom"), about))(t).Items), 0)
		same(t, "drafts listed to security", len(is(w.Requests(w.as("sara"), marketplace.RequestList{View: marketplace.AllRequests, Limit: 50}))(t).Items), 0)
	})
}

// TestItem_SimilarGrants: who has the same data is shown to those who decide, not to who asks.
func TestItem_SimilarGrants(t *testing.T) {
	eachSmall(t, func(t *testing.T, w *bureau) {
		other := w.ask("lena", bureauPlain)
		other.Access = string(template.Metadata)
		w.sent("lena", other)
		same(t, "what lena has", w.grants("lena")[0].State, marketplace.Active)
		item := w.sent("ada", w.ask("ada", bureauPlain))
		same(t, "shown to who asks", len(is(w.Item(w.as("ada"), item.ID))(t).Similar), 0)
		same(t, "shown to who decides", len(is(w.Item(w.as("tom"), item.ID))(t).Similar), 1)
	})
}

// TestPreview_HiddenDomain: the name of a domain that somebody may not see isn't told by who decides there.
func TestPreview_HiddenDomain(t *testing.T) {
	eachSmall(t, func(t *testing.T, w *bureau) {
		w.write(catalog.DomainType.Write(bureauCRM, graph.Upsert, catalog.Domain{Name: "crm", Title: "Project Falcon", Audience: authz.Audience(authz.Closed, bureauCRM)}))
		w.relink([]graph.Edge{{From: bureauOrigin, Rel: catalog.RelOwned, To: catalog.OwnerID("team:crm")}}, nil)
		got := is(w.Preview(w.as("ada"), w.ask("ada", bureauMart)))(t)
		named := func(steps []marketplace.StepView) bool {
			return slices.ContainsFunc(steps, func(st marketplace.StepView) bool {
				return slices.ContainsFunc(st.Parties, func(p marketplace.PartyView) bool {
					return slices.ContainsFunc(p.Who, func(who marketplace.WhoView) bool { return who.Name == "Security of Project Falcon" })
				})
			})
		}
		if named(got[0].Steps) {
			t.Error("a preview names a domain that is hidden")
		}
		item := w.sent("ada", w.ask("ada", bureauMart))
		if !named(is(w.Item(w.as("sara"), item.ID))(t).Steps) {
			t.Error("who may see the domain isn't told its name")
		}
	})
}

// TestPreview_HiddenOrigin: whose owners are asked isn't told by the id of what is hidden, which is made from its name.
func TestPreview_HiddenOrigin(t *testing.T) {
	eachSmall(t, func(t *testing.T, w *bureau) {
		w.write(catalog.DatasetType.Write(bureauOrigin, graph.Upsert, catalog.Dataset{Namespace: "pg", Name: "crm.customers", Domain: bureauCRM,
			Audience: authz.Audience(authz.Closed, bureauCRM)}))
		item := w.sent("ada", w.ask("ada", bureauMart))
		same(t, "what the step is for, to who asks", slices.Contains(item.Steps[1].Parties[0].For, bureauOrigin), false)
		seen := is(w.Item(w.as("otto"), item.ID))(t)
		same(t, "what the step is for, to who may see it", seen.Steps[1].Parties[0].For[0], bureauOrigin)
	})
}

// TestPreview_ForeignColumn: a column that is hidden is told from one that there isn't by nothing.
func TestPreview_ForeignColumn(t *testing.T) {
	eachSmall(t, func(t *testing.T, w *bureau) {
		says := func(column graph.ID) string {
			in := w.ask("ada", bureauPlain)
			in.Items[0].Columns = []graph.ID{column}
			return is(w.Preview(w.as("ada"), in))(t)[0].Problem
		}
		there, missing := says(catalog.ColumnID(bureauOrigin, "email")), says(catalog.ColumnID(bureauOrigin, "salary"))
		if there == "" || there != missing {
			t.Errorf("of a column elsewhere it says %q, of a missing one %q", there, missing)
		}
	})
}

// TestOpenCampaign_HiddenDomain: whether there is a domain isn't told to who may look through nothing.
func TestOpenCampaign_HiddenDomain(t *testing.T) {
	eachSmall(t, func(t *testing.T, w *bureau) {
		for _, domain := range []graph.ID{bureauCRM, catalog.DomainID("none")} {
			_, err := w.OpenCampaign(w.as("ada"), marketplace.NewCampaign{Name: "All", Scope: marketplace.CampaignDomain, Target: domain,
				Due: w.at.AddDate(0, 1, 0), Outcome: marketplace.OutcomeRemind})
			wants(t, err, errs.Forbidden)
		}
	})
}

// TestCloseCampaign_KeepsOwn: who has a grant that would be revoked unless somebody looks at it doesn't keep it by closing the
// campaign.
func TestCloseCampaign_KeepsOwn(t *testing.T) {
	eachSmall(t, func(t *testing.T, w *bureau) {
		w.give("tom", authz.Owner, string(bureauSales))
		in := w.ask("tom", bureauPlain)
		in.Access = string(template.Metadata)
		w.sent("tom", in)
		c := is(w.OpenCampaign(w.as("sara"), marketplace.NewCampaign{Name: "All of sales", Scope: marketplace.CampaignDomain, Target: bureauSales,
			Due: w.at.AddDate(0, 1, 0), Outcome: marketplace.OutcomeRevoke}))(t)
		_, err := w.CloseCampaign(w.as("tom"), c.ID, 0)
		refuses(t, err, errs.Forbidden, "keeps what nobody has looked at")
		same(t, "attempts in the log", len(w.entries("marketplace.campaign-close")), 1)
		same(t, "state", is(w.CloseCampaign(w.as("saul"), c.ID, 0))(t).State, marketplace.CampaignClosed)
	})
}

// TestGrants_OfTargetReadsOwn: who has one of many grants of a product is shown his own, without those of others being read.
func TestGrants_OfTargetReadsOwn(t *testing.T) {
	w := newBureau(t, graphtest.Memory(shopSchema(t)))
	for _, who := range []string{"ada", "lena", "mia", "carl"} {
		in := w.ask(who, bureauPlain)
		in.Access = string(template.Metadata)
		w.sent(who, in)
	}
	counted := &readsOf{Store: w.store}
	shop := marketplace.New(counted, w.policy, marketplace.Options{})
	page := is(shop.Grants(w.as("ada"), marketplace.GrantList{View: marketplace.GrantsTarget, ID: bureauPlain, Limit: 50}))(t)
	same(t, "her grants", len(page.Items), 1)
	same(t, "grants read, each by who has it and by who asked", counted.grants, 2)
}

// readsOf counts the grants that lists read.
type readsOf struct {
	graph.Store
	grants int
}

func (r *readsOf) List(ctx context.Context, q graph.Query) (graph.Page, error) {
	page, err := r.Store.List(ctx, q)
	if q.Kind == "Grant" {
		r.grants += len(page.Nodes)
	}
	return page, err
}

// TestSubmit_ProductOfOthers: a policy of a product alone gives away nothing of somebody who owns a dataset in it: he is asked
// as he is for the dataset by itself.
func TestSubmit_ProductOfOthers(t *testing.T) {
	eachSmall(t, func(t *testing.T, w *bureau) {
		ctx := w.as("otto")
		p := is(w.CreateProduct(ctx, "both", marketplace.ProductEdit{Title: ref("Both"), Summary: ref("Two."), Domain: &bureauSales, Owner: ref(w.id["tom"])}))(t)
		p = is(w.SetParts(ctx, p.ID, 0, []marketplace.Part{{Dataset: bureauPlain}, {Dataset: bureauOrigin}}))(t)
		p = is(w.Publish(ctx, p.ID, 0))(t)
		w.must(marketplace.PutTemplate(context.WithoutCancel(ctx), w.store, "gift", template.Body{
			Title: "gift", Applies: template.Scope{Products: []graph.ID{p.ID}}, Who: template.Who{People: true},
			Access: template.Accesses, MaxDays: 90, PreApproved: &template.Condition{},
		}, w.at))
		item := w.sent("ada", w.ask("ada", p.ID))
		same(t, "state", item.State, marketplace.Submitted)
		same(t, "asked", stepNames(item)[0], "owner: crm")
		same(t, "steps", len(item.Steps), 1)
		same(t, "state after", is(w.says("cleo", item.ID, approves))(t).State, marketplace.Approved)
	})
}
