package marketplace_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/template"
)

// careBody is a template of the domain Care.
func careBody() template.Body {
	return template.Body{
		Title: "Care, short", Applies: template.Scope{Domains: []graph.ID{shopCare}},
		Who: template.Who{People: true}, Access: []template.Access{template.Read, template.Masked}, MaxDays: 30, Renewable: true,
		Steps: []template.Step{{Name: "Owner", By: template.ByOwner, Mode: template.Any}},
	}
}

// proposed is a new template that waits, as the owner of Care wrote it.
func (w *shop) proposed() marketplace.Template {
	w.t.Helper()
	t, _, err := w.SaveTemplateVersion(w.lena(), marketplace.TemplateEdit{Name: "care-short", New: true, Body: careBody()})
	if err != nil {
		w.t.Fatal(err)
	}
	return t
}

func (w *shop) simulate(ctx context.Context, of marketplace.Template) marketplace.SimulationView {
	w.t.Helper()
	return is(w.Simulate(ctx, of.ID, of.Waiting, time.Minute))(w.t)
}

func TestInstallTemplates_OnceAndWaitingInAStoreOfPeople(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		all := is(w.Templates(w.mia()))(t)
		if len(all) != len(template.Builtin) {
			t.Fatalf("%d templates, want %d", len(all), len(template.Builtin))
		}
		for _, v := range all {
			if v.Holds.Number != 1 || !v.Template.Builtin || v.Template.Title == "" {
				t.Errorf("%s doesn't hold: %+v", v.Template.Name, v.Template)
			}
		}
		before := len(w.entries("marketplace.template-save"))
		if err := marketplace.InstallTemplates(t.Context(), w.store, w.at); err != nil {
			t.Fatal(err)
		}
		if after := len(w.entries("marketplace.template-save")); after != before || before != len(template.Builtin) {
			t.Errorf("%d entries, then %d", before, after)
		}
		err := w.store.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
			versions, err := tx.List(ctx, graph.Query{Kind: "TemplateVersion", Sort: "number", Limit: 5,
				Where: []graph.Filter{{Prop: "template", Values: []any{string(marketplace.TemplateID("export"))}}}})
			if err != nil {
				return err
			}
			return tx.Delete(ctx, marketplace.TemplateID("export"), versions.Nodes[0].ID)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := marketplace.InstallTemplates(t.Context(), w.store, w.at); err != nil {
			t.Fatal(err)
		}
		if got := is(w.TemplateByName(w.mia(), "export"))(t); got.Holds.Number != 0 || got.Waiting == nil {
			t.Errorf("what came later holds without anybody's word: %+v", got)
		}
	})
}

func TestTemplate_HoldsOnlyOnceAnotherPersonConfirmedIt(t *testing.T) {
	everyShop(t, func(t *testing.T, w *shop) {
		of := w.proposed()
		if v := is(w.TemplateByName(w.mia(), "care-short"))(t); v.Holds.Number != 0 || v.Waiting == nil || v.Waiting.Author != "lena" {
			t.Fatalf("holds before it is confirmed: %+v", v)
		}
		in := marketplace.TemplateVerdict{Template: of.ID, Number: 1, Version: of.Version}
		_, err := w.ConfirmTemplate(w.sara(), in)
		wants(t, err, errs.Conflict) // no simulation yet
		w.simulate(w.lena(), of)
		both := w.as("lena", authz.Approver, authz.Everywhere)
		_, err = w.ConfirmTemplate(both, in)
		wants(t, err, errs.Forbidden)
		if e := w.entries("marketplace.template-confirm"); len(e) != 1 || e[0].Decision != audit.Denied {
			t.Errorf("the refused attempt is not in the log: %+v", e)
		}
		_, err = w.ConfirmTemplate(w.mia(), in)
		wants(t, err, errs.Forbidden)
		agent := authz.With(t.Context(), authz.Principal{ID: "acc_bot", Type: authz.Agent,
			Roles: []authz.Held{{Role: authz.Approver, Domain: authz.Everywhere}},
			Owner: &authz.Principal{ID: "usr_sara", Type: authz.Person, Roles: []authz.Held{{Role: authz.Approver, Domain: authz.Everywhere}}}})
		_, err = w.ConfirmTemplate(agent, in)
		wants(t, err, errs.Forbidden)
		got := is(w.ConfirmTemplate(w.sara(), in))(t)
		if got.Current != 1 || got.Waiting != 0 {
			t.Errorf("confirmed: %+v", got)
		}
		_, err = w.ConfirmTemplate(w.ines(), in)
		wants(t, err, errs.Conflict)
		v := is(w.TemplateByName(w.mia(), "care-short"))(t)
		if words := strings.Join(template.Words(v.Holds.Body, v.Names), " "); !strings.Contains(words, "the domain Care") {
			t.Errorf("words %q", words)
		}
	})
}

func TestTemplate_StandInsOfTheAuthorCantConfirm(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		of := w.proposed()
		w.simulate(w.lena(), of)
		w.put([]graph.NodeWrite{{Node: graph.Node{ID: "sti_one", Kind: "StandIn", Props: graph.Props{
			"from": "usr_lena", "to": "usr_sara", "since": w.at.Add(-time.Hour), "until": w.at.Add(time.Hour)}}}}, nil)
		_, err := w.ConfirmTemplate(w.sara(), marketplace.TemplateVerdict{Template: of.ID, Number: 1})
		wants(t, err, errs.Forbidden)
		if !strings.Contains(err.Error(), "stands in for lena") {
			t.Errorf("no reason: %v", err)
		}
		if v := is(w.Template(w.sara(), of.ID))(t); v.Waiting.CanConfirm || !strings.Contains(v.Waiting.Why, "stands in") {
			t.Errorf("the page offers it: %+v", v.Waiting)
		}
		is(w.ConfirmTemplate(w.ines(), marketplace.TemplateVerdict{Template: of.ID, Number: 1}))(t)
	})
}

func TestTemplate_ReachIsWhatOnesRoleReaches(t *testing.T) {
	w := newShop(t, shopFile(t))
	save := func(ctx context.Context, change func(*template.Body)) error {
		b := careBody()
		change(&b)
		_, _, err := w.SaveTemplateVersion(ctx, marketplace.TemplateEdit{Name: "x", New: true, Body: b})
		return err
	}
	for name, tt := range map[string]struct {
		change func(*template.Body)
		kind   errs.Kind
		fields string
	}{
		"everything":      {func(b *template.Body) { b.Applies.Everything = true }, errs.Forbidden, ""},
		"a class":         {func(b *template.Body) { b.Applies = template.Scope{Classes: []string{"pii"}} }, errs.Forbidden, ""},
		"another domain":  {func(b *template.Body) { b.Applies.Domains = []graph.ID{shopCare, shopSales} }, errs.Forbidden, ""},
		"others' data":    {func(b *template.Body) { b.Applies = template.Scope{Datasets: []graph.ID{shopOrder}} }, errs.Forbidden, ""},
		"no such dataset": {func(b *template.Body) { b.Applies.Datasets = []graph.ID{"ds_none"} }, errs.Invalid, "applies.datasets[0]"},
		"nobody who decides": {func(b *template.Body) {
			b.Steps = []template.Step{{Name: "T", By: template.ByTeam, Team: "tea_empty", Mode: template.Any}}
		}, errs.Invalid, "steps[0].team"},
		"no title": {func(b *template.Body) { b.Title = "" }, errs.Invalid, "title"},
	} {
		t.Run(name, func(t *testing.T) { wants(t, save(w.lena(), tt.change), tt.kind, strings.Fields(tt.fields)...) })
	}
	wants(t, save(w.mia(), func(*template.Body) {}), errs.Forbidden)
	if err := save(w.lena(), func(*template.Body) {}); err != nil {
		t.Fatal(err)
	}
	wants(t, save(w.lena(), func(*template.Body) {}), errs.Exists, "name")
}

func TestTemplate_NextVersionEndAndRefusal(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		of := w.proposed()
		w.simulate(w.sara(), of)
		of = is(w.ConfirmTemplate(w.sara(), marketplace.TemplateVerdict{Template: of.ID, Number: 1}))(t)
		edit := marketplace.TemplateEdit{Name: "care-short", Version: of.Version, Body: careBody(), Reason: "too long"}
		_, _, err := w.SaveTemplateVersion(w.lena(), edit)
		wants(t, err, errs.Invalid, "body") // says the same
		edit.Body.MaxDays, edit.Reason = 10, ""
		_, _, err = w.SaveTemplateVersion(w.lena(), edit)
		wants(t, err, errs.Invalid, "reason")
		edit.Reason = "shorter"
		of, _, err = w.SaveTemplateVersion(w.lena(), edit)
		if err != nil || of.Current != 1 || of.Waiting != 2 {
			t.Fatalf("%+v %v", of, err)
		}
		v := is(w.Template(w.sara(), of.ID))(t)
		if want := (template.Change{Field: "Longest duration", Before: "30 days", After: "10 days"}); !slices.Contains(v.Waiting.Changes, want) {
			t.Errorf("changes %v", v.Waiting.Changes)
		}
		edit.Version = of.Version
		_, _, err = w.SaveTemplateVersion(w.sara(), edit)
		wants(t, err, errs.Conflict) // somebody else's waits
		_, err = w.RefuseTemplate(w.sara(), marketplace.TemplateVerdict{Template: of.ID, Number: 2})
		wants(t, err, errs.Invalid, "note")
		of = is(w.RefuseTemplate(w.sara(), marketplace.TemplateVerdict{Template: of.ID, Number: 2, Note: "why?"}))(t)
		of, _, err = w.SaveTemplateVersion(w.lena(), marketplace.TemplateEdit{Name: "care-short", Version: of.Version, Retire: true, Reason: "not needed"})
		if err != nil {
			t.Fatal(err)
		}
		w.simulate(w.sara(), of)
		of = is(w.ConfirmTemplate(w.sara(), marketplace.TemplateVerdict{Template: of.ID, Number: 3}))(t)
		if !of.Retired {
			t.Errorf("ended, but %+v", of)
		}
		versions, _, err := w.TemplateVersions(w.mia(), of.ID)
		var states []string
		for _, v := range versions {
			states = append(states, fmt.Sprintf("%d %s %s", v.Version.Number, v.Version.State, v.Decider))
		}
		if want := []string{"3 confirmed sara", "2 refused sara", "1 confirmed sara"}; err != nil || !slices.Equal(states, want) {
			t.Errorf("versions %v, want %v (%v)", states, want, err)
		}
	})
}
