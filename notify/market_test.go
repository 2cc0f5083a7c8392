package notify_test

import (
	"context"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/identity"
	"weir/marketplace"
	"weir/marketplace/template"
	"weir/notify"
)

// fair is a world with a marketplace: ada asks for the orders, which tom owns; sara and saul are security, olga operates.
type fair struct {
	*world
	market *marketplace.Service
	id     map[string]graph.ID
}

var orders = catalog.DatasetID("pg", "mart.orders")

func newFair(w *world) *fair {
	w.t.Helper()
	f := &fair{world: w, id: map[string]graph.ID{}}
	f.market = marketplace.New(w.store, w.policy, marketplace.Options{Now: w.clock})
	w.Service = w.with(func(o *notify.Options) {
		o.Sources = []notify.Source{notify.FromMarket(f.market, w.store, w.clock)}
	})
	for _, name := range []string{"ada", "tom", "sara", "saul", "olga"} {
		f.id[name], _ = w.person(name)
	}
	op := authz.With(w.t.Context(), authz.Operator)
	roles := authz.Service{Store: w.store, Policy: w.policy, Now: time.Now}
	for name, role := range map[string]string{"sara": authz.Approver, "saul": authz.Approver, "olga": authz.Platform} {
		w.fine(roles.GrantRole(op, authz.RoleChange{Subject: f.id[name], Role: role, Domain: authz.Everywhere}))
	}
	w.fine(marketplace.InstallTemplates(op, w.store, w.now))
	f.fill()
	return f
}

func (f *fair) fill() {
	owner := catalog.OwnerID("tom")
	ws := []graph.NodeWrite{
		catalog.DatasetType.Write(orders, graph.Create, catalog.Dataset{Namespace: "pg", Name: "mart.orders", Title: "Orders", Audience: "open"}),
		catalog.OwnerType.Write(owner, graph.Create, catalog.Owner{Name: "tom"}),
	}
	edges := []graph.Edge{{From: orders, Rel: catalog.RelOwned, To: owner}}
	for i, path := range []string{"id", "total"} {
		col := catalog.ColumnID(orders, path)
		ws = append(ws, catalog.ColumnType.Write(col, graph.Create, catalog.Column{Dataset: orders, Path: path, Type: "text", Position: i + 1}))
		edges = append(edges, graph.Edge{From: orders, Rel: catalog.RelHas, To: col})
	}
	f.fine(f.store.Update(f.t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, ws...); err != nil {
			return err
		}
		return tx.Link(ctx, edges...)
	}))
}

func (f *fair) acts(name string) context.Context { return f.as(f.id[name]) }

// asks sends ada's request.
func (f *fair) asks() marketplace.ItemView {
	f.t.Helper()
	req, err := f.market.Submit(f.acts("ada"), marketplace.Ask{Purpose: "analytics", Why: "To plan the spring campaign.", Access: "read",
		Environment: "production", Days: 60, Items: []marketplace.AskItem{{Target: orders}}})
	f.fine(err)
	return req.Items[0]
}

func (f *fair) says(name string, item graph.ID, d marketplace.Decide) marketplace.ItemView {
	f.t.Helper()
	v, err := f.market.Item(f.acts(name), item)
	f.fine(err)
	d.Item, d.Seen = item, v.Facts
	v, err = f.market.Decide(f.acts(name), d)
	f.fine(err)
	return v
}

// told makes notices of what happened and returns what everybody is newly told, by name; all is read after.
func (f *fair) told() map[string][]string {
	f.t.Helper()
	f.works()
	out := map[string][]string{}
	for name := range f.id {
		page, err := f.List(f.acts(name), true, "", 100)
		f.fine(err)
		for _, n := range page.Items {
			out[name] = append(out[name], n.Title)
			if text := n.Title + n.Body; strings.Contains(text, "usr_") || strings.Contains(text, "itm_") || strings.Contains(text, "%!") || !strings.HasPrefix(n.Link, "/") {
				f.t.Errorf("%s is told, with the link %s: %s", name, n.Link, text)
			}
		}
		slices.Sort(out[name])
		f.fine(f.MarkAllRead(f.acts(name)))
	}
	f.now = f.now.Add(time.Minute)
	return out
}

// expect compares what everybody is newly told; those who aren't named are told nothing.
func (f *fair) expect(when string, want map[string][]string) {
	f.t.Helper()
	got := f.told()
	if !maps.EqualFunc(got, want, slices.Equal) {
		f.t.Errorf("%s: told is\n%v\nwant\n%v", when, got, want)
	}
}

func TestMarket_TellsTheStoryOfARequest(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		f := newFair(w)
		f.told() // of the policies that came with the program
		item := f.asks()
		f.works()
		page, err := f.List(f.acts("tom"), true, "", 10)
		f.fine(err)
		if len(page.Items) != 1 {
			t.Fatalf("tom is told %d things", len(page.Items))
		}
		n := page.Items[0]
		for _, part := range []string{"Who: Name of ada", "What: Orders, 2 columns", "For how long: 60 days", "Why: ", "To plan the spring campaign.",
			"Who decides: Owner: Name of tom", "By when: " + item.Due.Format("2 January 2006")} {
			if !strings.Contains(n.Body, part) {
				t.Errorf("the notice lacks %q:\n%s", part, n.Body)
			}
		}
		if n.Link != "/inbox/"+string(item.ID) || n.Kind != notify.Decide {
			t.Errorf("%+v", n)
		}
		f.expect("asked", map[string][]string{"tom": {"Name of ada asks for Orders"}})

		f.says("tom", item.ID, marketplace.Decide{Verdict: marketplace.AskBack, Reason: "Which campaign?"})
		f.expect("asked back", map[string][]string{"ada": {"Name of tom asks about the request for Orders"}})
		f.fine(f.market.Answer(f.acts("ada"), item.ID, 0, "The one of April."))
		f.expect("answered", map[string][]string{"tom": {"Name of ada has answered about Orders"}})

		for _, step := range []struct {
			when string
			want map[string][]string
		}{
			{"after 2 days", map[string][]string{"tom": {"Still waits for you: Name of ada asks for Orders"}}},
			{"after 4 days", map[string][]string{"tom": {"Still waits for you: Name of ada asks for Orders"}}},
			{"after 6 days", map[string][]string{"tom": {"Late: Name of ada asks for Orders"},
				"sara": {"Nobody has decided yet: Name of ada asks for Orders"}, "saul": {"Nobody has decided yet: Name of ada asks for Orders"}}},
		} {
			f.now = f.now.Add(49 * time.Hour)
			f.fine(f.market.Sweep(t.Context()))
			f.fine(f.market.Sweep(t.Context()))
			f.expect(step.when, step.want)
		}

		done := f.says("tom", item.ID, marketplace.Decide{Verdict: marketplace.Approve, Days: 40})
		f.expect("approved", map[string][]string{"ada": {"Approved: Orders for Name of ada"},
			"olga": {"Give access to Orders"}, "tom": {"Give access to Orders"}})
		f.followGrant(done.Grant)
	})
}

// followGrant goes on with what happens to a grant that is approved.
func (f *fair) followGrant(grant graph.ID) {
	f.t.Helper()
	tasks, err := f.market.Tasks(f.acts("olga"), marketplace.TaskList{Limit: 10})
	f.fine(err)
	f.fine(f.market.FinishTask(f.acts("olga"), marketplace.TaskAnswer{Task: tasks.Items[0].ID}))
	f.expect("done by hand", map[string][]string{"ada": {"Access works: Orders for Name of ada"}})

	g, err := f.market.Grant(f.acts("ada"), grant)
	f.fine(err)
	f.now = g.Until.Add(-29*24*time.Hour - time.Hour)
	f.fine(f.market.WarnDue(f.t.Context()))
	f.fine(f.market.WarnDue(f.t.Context()))
	f.expect("30 days before its end", map[string][]string{"ada": {"Access ends in 30 days: Orders"}})

	_, err = f.market.Shorten(f.acts("tom"), marketplace.GrantChange{Grant: grant, Reason: "The campaign is over.", Until: f.now.Add(5 * 24 * time.Hour)})
	f.fine(err)
	f.expect("shortened", map[string][]string{"ada": {"Access ends earlier: Orders"}, "olga": {"Change access to Orders"}, "tom": {"Change access to Orders"}})
	_, err = f.market.Revoke(f.acts("sara"), marketplace.GrantChange{Grant: grant, Reason: "An incident."})
	f.fine(err)
	f.expect("revoked", map[string][]string{"ada": {"Access taken back: Orders for Name of ada"},
		"olga": {"Take away access to Orders"}, "tom": {"Take away access to Orders"}})
}

func TestMarket_RejectedAndHandedBack(t *testing.T) {
	w := memory(t)
	f := newFair(w)
	f.told()
	item := f.asks()
	f.told()
	f.says("tom", item.ID, marketplace.Decide{Verdict: marketplace.Reject, Reason: "Ask for the masked ones."})
	f.works()
	page, err := f.List(f.acts("ada"), true, "", 10)
	f.fine(err)
	if len(page.Items) != 1 || !strings.Contains(page.Items[0].Body, "Said: “Ask for the masked ones.”") || !strings.Contains(page.Items[0].Body, "Who decided: Name of tom") {
		t.Errorf("%+v", page.Items)
	}
	f.told()
	done := f.says("tom", f.asks().ID, marketplace.Decide{Verdict: marketplace.Approve})
	f.told()
	_, err = f.market.HandBack(f.acts("ada"), marketplace.GrantChange{Grant: done.Grant})
	f.fine(err)
	f.expect("handed back", map[string][]string{"tom": {"Name of ada has handed back Orders", "Take away access to Orders"}, "olga": {"Take away access to Orders"}})
}

func TestMarket_BreakGlassIsLoud(t *testing.T) {
	f := newFair(memory(t))
	f.told()
	item := f.asks()
	f.told()
	f.says("sara", item.ID, marketplace.Decide{Verdict: marketplace.BreakGlass, Reason: "The shop is down."})
	f.expect("the first", map[string][]string{"saul": {"Name of sara breaks the glass: Name of ada asks for Orders"}})
	f.says("saul", item.ID, marketplace.Decide{Verdict: marketplace.BreakGlass, Reason: "It is."})
	f.expect("the second", map[string][]string{
		"ada": {"Approved: Orders for Name of ada"}, "sara": {"Emergency access: Orders for Name of ada"},
		"tom": {"Emergency access: Orders for Name of ada", "Give access to Orders"}, "olga": {"Give access to Orders"},
	})
	if got := f.post.subjects("tom@example.com"); !slices.Contains(got, "Emergency access: Orders for Name of ada") {
		t.Errorf("tom is mailed %v", got)
	}
}

// Each is asked when it is his turn, once: not again when another says yes before him.
func TestMarket_StepAfterStep(t *testing.T) {
	f := newFair(memory(t))
	f.fine(f.store.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, catalog.DatasetType.Write(orders, graph.Upsert, catalog.Dataset{Namespace: "pg", Name: "mart.orders", Title: "Orders",
			Audience: "open", Classification: catalog.Confidential}))
		return err
	}))
	f.told()
	steps := []template.Step{
		{Name: "Owner", By: template.ByOwner, Mode: template.Any},
		{Name: "Two of security", By: template.BySecurity, Mode: template.AtLeast, N: 2},
	}
	_, v, err := f.market.SaveTemplateVersion(f.acts("sara"), marketplace.TemplateEdit{Name: "two", New: true, Body: template.Body{
		Title: "Two of security", Summary: "For the test.", Applies: template.Scope{Datasets: []graph.ID{orders}},
		Who: template.Who{People: true}, Access: []template.Access{template.Read}, Steps: steps, MaxDays: 90,
	}})
	f.fine(err)
	_, err = f.market.Simulate(f.acts("saul"), marketplace.TemplateID("two"), v.Number, time.Minute)
	f.fine(err)
	_, err = f.market.ConfirmTemplate(f.acts("saul"), marketplace.TemplateVerdict{Template: marketplace.TemplateID("two"), Number: v.Number})
	f.fine(err)
	f.told()
	item := f.asks()
	asks := []string{"Name of ada asks for Orders"}
	f.expect("sent", map[string][]string{"tom": asks})
	f.says("tom", item.ID, marketplace.Decide{Verdict: marketplace.Approve})
	f.expect("the owner says yes", map[string][]string{"sara": asks, "saul": asks})
	f.says("sara", item.ID, marketplace.Decide{Verdict: marketplace.Approve})
	f.expect("one of security says yes", map[string][]string{})
	f.now = f.now.Add(60 * time.Hour)
	f.fine(f.market.Sweep(t.Context()))
	f.expect("it is late", map[string][]string{"saul": {"Still waits for you: Name of ada asks for Orders"}})
}

// A request of an agent is its owner's business: he is told what becomes of it, and not asked to decide it.
func TestMarket_AgentsAndTheirOwners(t *testing.T) {
	f := newFair(memory(t))
	bot, err := f.people.CreateAccount(authz.With(t.Context(), authz.Operator), identity.NewAccount{Name: "bot", Type: authz.Agent, Owner: f.id["tom"], Purpose: "x"})
	f.fine(err)
	f.told()
	_, err = f.market.Submit(f.as(bot.ID), marketplace.Ask{Purpose: "analytics", Why: "Reports.", Access: "masked", Environment: "production", Days: 5,
		Items: []marketplace.AskItem{{Target: orders}}})
	f.fine(err)
	got := f.told()
	if len(got["tom"]) != 0 || len(got["sara"]) == 0 {
		t.Errorf("told is %v: tom owns the agent, so security decides in his place", got)
	}
}

func TestMarket_PolicyChanges(t *testing.T) {
	f := newFair(memory(t))
	f.told()
	all, err := f.market.Templates(f.acts("sara"))
	f.fine(err)
	var held *marketplace.TemplateView
	for i := range all {
		if all[i].Holds.Number > 0 {
			held = &all[i]
		}
	}
	_, v, err := f.market.SaveTemplateVersion(f.acts("sara"), marketplace.TemplateEdit{Name: held.Template.Name, Retire: true, Reason: "Nobody needs it."})
	f.fine(err)
	title := held.Template.Title
	f.expect("proposed", map[string][]string{"saul": {"Name of sara proposes a change of the policy " + title}})
	_, err = f.market.RefuseTemplate(f.acts("saul"), marketplace.TemplateVerdict{Template: held.Template.ID, Number: v.Number, Note: "I do."})
	f.fine(err)
	f.expect("refused", map[string][]string{"sara": {"Name of saul has refused the change of the policy " + title}})
}

func TestMarket_Campaigns(t *testing.T) {
	f := newFair(memory(t))
	f.says("tom", f.asks().ID, marketplace.Decide{Verdict: marketplace.Approve})
	f.told()
	_, err := f.market.OpenCampaign(f.acts("sara"), marketplace.NewCampaign{Name: "Spring", Scope: marketplace.CampaignProduct, Target: orders,
		Due: f.now.Add(20 * 24 * time.Hour), Outcome: marketplace.OutcomeRemind})
	f.fine(err)
	f.expect("begun", map[string][]string{"tom": {"Look through grants: Spring"}})
	f.now = f.now.Add(21 * 24 * time.Hour)
	f.fine(f.market.CampaignsDue(t.Context()))
	f.expect("late", map[string][]string{"tom": {"Late: look through grants: Spring"}})
}

func TestMarket_Proposals(t *testing.T) {
	f := newFair(memory(t))
	f.told()
	propose := func(name string) marketplace.Proposal {
		p, err := f.market.Propose(f.acts("ada"), marketplace.AgentAct{Name: name, Type: authz.Agent, Owner: f.id["ada"], Purpose: "Reports."}, "To save time.")
		f.fine(err)
		return p
	}
	p := propose("robot")
	asks := []string{"Name of ada proposes: " + p.Title}
	f.expect("proposed", map[string][]string{"sara": asks, "saul": asks})
	v, err := f.market.Proposal(f.acts("sara"), p.ID)
	f.fine(err)
	_, err = f.market.ConfirmProposal(f.acts("sara"), marketplace.ProposalVerdict{Proposal: p.ID, Seen: v.Seen})
	f.fine(err)
	f.fine(f.market.RunProposals(t.Context()))
	f.expect("confirmed", map[string][]string{"ada": {"Confirmed and done: " + p.Title}})
	p = propose("second")
	f.told()
	f.fine(f.market.RefuseProposal(f.acts("saul"), marketplace.ProposalVerdict{Proposal: p.ID, Note: "One is enough."}))
	f.expect("refused", map[string][]string{"ada": {"Refused: " + p.Title}})
	p = propose("third")
	f.told()
	f.now = f.now.Add(60 * 24 * time.Hour)
	f.fine(f.market.LapseProposals(t.Context()))
	f.expect("lapsed", map[string][]string{"ada": {"Ended without a decision: " + p.Title}})
}

// When somebody is erased, nothing names him any more: not to himself, nor to those who decided, nor to a webhook.
func TestMarket_ForgetsWhoIsErased(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		f := newFair(w)
		f.told()
		closed := httptest.NewServer(nil)
		closed.Close()
		_, _, err := f.AddWebhook(f.acts("olga"), notify.NewWebhook{Name: "chat", URL: closed.URL, Format: notify.Chat})
		f.fine(err)
		f.fine(f.SetSettings(f.acts("ada"), notify.NewSettings{Mail: notify.MailOnce, Muted: []notify.Kind{notify.Task}}))
		item := f.asks()
		f.works()
		f.says("tom", item.ID, marketplace.Decide{Verdict: marketplace.Reject, Reason: "No."})
		f.works()
		if got := f.naming("Name of ada"); got < 4 {
			t.Fatalf("%d nodes name ada before: the test looks at nothing", got)
		}
		op := authz.With(t.Context(), authz.Operator)
		f.fine(f.store.Update(op, "", func(ctx context.Context, tx graph.Tx) error {
			if err := identity.Erase(ctx, tx, f.now, f.id["ada"]); err != nil {
				return err
			}
			return audit.Append(ctx, tx, f.now, audit.Entry{Actor: "operator", Action: audit.ActionErase, Target: f.id["ada"], Decision: audit.Allowed})
		}))
		f.works()
		f.works()
		if got := f.naming("Name of ada"); got != 0 {
			t.Errorf("%d nodes still name ada", got)
		}
		for _, d := range f.deliveries() {
			if d.Person == f.id["ada"] {
				t.Errorf("there is still %+v", d)
			}
		}
	})
}

// naming counts the notifications and deliveries that hold a text.
func (f *fair) naming(text string) int {
	f.t.Helper()
	n := 0
	for _, kind := range []graph.Kind{"Notification", "Delivery"} {
		page, err := f.store.List(f.t.Context(), graph.Query{Kind: kind, Sort: "at", Limit: graph.MaxPage})
		f.fine(err)
		for _, node := range page.Nodes {
			body, _ := node.Props["payload"].([]byte)
			if strings.Contains(fmt.Sprint(node.Props["title"], node.Props["body"], string(body)), text) {
				n++
			}
		}
	}
	return n
}

// An entry about what is gone, and one that was refused, tell nobody anything and hold nobody up.
func TestMarket_PassesOverWhatIsGone(t *testing.T) {
	f := newFair(memory(t))
	f.told()
	f.fine(f.store.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		var entries []audit.Entry
		for _, action := range []string{"submit", "approve", "reject", "ask", "answer", "expire", "remind", "escalate", "break-glass", "grant-active",
			"grant-failed", "grant-revoke", "grant-shorten", "grant-hand-back", "grant-expire", "grant-warn", "campaign-open", "template-save",
			"template-confirm", "product-deprecate", "something-new"} {
			for i, target := range []graph.ID{"", "itm_none", "grt_none"} {
				entries = append(entries, audit.Entry{Actor: "usr_x", Action: "marketplace." + action, Target: target, Decision: audit.Allowed,
					Request: fmt.Sprint(i)})
			}
			entries = append(entries, audit.Entry{Actor: "usr_x", Action: "marketplace." + action, Decision: audit.Denied})
		}
		return audit.Append(ctx, tx, f.now, entries...)
	}))
	f.asks()
	f.expect("after them", map[string][]string{"tom": {"Name of ada asks for Orders"}})
}
