package marketplace_test

import (
	"strings"
	"testing"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/template"
)

func signal(t *testing.T, v marketplace.ProductView, aspect string) marketplace.Signal {
	t.Helper()
	for _, s := range v.Trust {
		if s.Aspect == aspect {
			return s
		}
	}
	t.Fatalf("nothing is said of %s", aspect)
	return marketplace.Signal{}
}

func TestProductPage_AnswersAtAGlance(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		p := w.published()
		v := is(w.ProductPage(w.mia(), p.Slug))(t)
		if v.OwnerName != "Care team" || v.DomainName != "Care" || v.MayEdit || v.Closed != "" {
			t.Errorf("about %q %q %v %q", v.OwnerName, v.DomainName, v.MayEdit, v.Closed)
		}
		if len(v.Parts) != 1 || !v.Parts[0].Visible || strings.Join(v.Parts[0].Columns, " ") != "id day name" || strings.Join(v.Parts[0].Declared, " ") != "pii" {
			t.Errorf("parts %+v", v.Parts)
		}
		if s := signal(t, v, marketplace.TrustOwner); s.State != marketplace.SignalGood || !strings.Contains(s.Text, "one person") {
			t.Errorf("owner %+v", s)
		}
		for _, aspect := range []string{marketplace.TrustFresh, marketplace.TrustChecks, marketplace.TrustFailing, marketplace.TrustLineage, marketplace.TrustRun} {
			if s := signal(t, v, aspect); s.State != marketplace.SignalUnknown || s.Text == "" {
				t.Errorf("%s is said to be %s, but nothing is known: %s", aspect, s.State, s.Text)
			}
		}
		if v.Tried == nil || len(v.Tried.Ways) != len(template.Accesses) || v.Tried.Outcome != template.NeedsSteps {
			t.Errorf("what would come of it: %+v", v.Tried)
		}
		if own := is(w.ProductPage(w.lena(), p.Slug))(t); !own.MayManage || len(own.History) == 0 {
			t.Errorf("the owner may %v and sees %d changes", own.MayManage, len(own.History))
		}
	})
}

func TestProductPage_TellsWhatSpeaksAgainstIt(t *testing.T) {
	w := newShop(t, shopFile(t))
	p := w.published()
	job := catalog.TransformID("air", "load_visits")
	w.put([]graph.NodeWrite{
		catalog.DatasetType.Write(shopVisit, graph.Upsert, catalog.Dataset{Namespace: "pg", Name: "care.visits", Title: "Visits", Domain: shopCare,
			Audience: "open", Classification: catalog.Confidential, Written: w.at.Add(-30 * time.Hour)}),
		catalog.TransformType.Write(job, graph.Create, catalog.Transform{Namespace: "air", Name: "load_visits", Audience: "open",
			LastRun: "run_1", LastState: catalog.Failed, RanAt: w.at.Add(-time.Hour)}),
	}, []graph.Edge{{From: job, Rel: catalog.RelOutput, To: shopVisit}})
	v := is(w.ProductPage(w.mia(), p.Slug))(t)
	for aspect, want := range map[string]string{
		marketplace.TrustFresh:   "Late: the oldest of it was written 30 hours ago; at most 24 hours are promised.",
		marketplace.TrustFailing: "The last run of load_visits failed.",
		marketplace.TrustRun:     "load_visits ran last, and failed.",
	} {
		if s := signal(t, v, aspect); s.State != marketplace.SignalBad || s.Text != want {
			t.Errorf("%s: %s %q, want %q", aspect, s.State, s.Text, want)
		}
	}
	if s := signal(t, v, marketplace.TrustLineage); s.State != marketplace.SignalGood {
		t.Errorf("lineage: %+v", s)
	}
}

func TestProductPage_SaysNothingOfHiddenData(t *testing.T) {
	w := newShop(t, shopFile(t))
	p := w.visits()
	job := catalog.TransformID("air", "secret_notes")
	w.put([]graph.NodeWrite{
		catalog.TransformType.Write(job, graph.Create, catalog.Transform{Namespace: "air", Name: "secret_notes",
			Audience: authz.Audience(authz.Closed, shopCare), LastRun: "run_1", LastState: catalog.Failed, RanAt: w.at}),
	}, []graph.Edge{{From: job, Rel: catalog.RelOutput, To: shopVisit}, {From: job, Rel: catalog.RelOutput, To: shopNotes}})
	is(w.SetParts(w.lena(), p.ID, 0, []marketplace.Part{{Dataset: shopVisit}, {Dataset: shopNotes}}))(t)
	is(w.Publish(w.lena(), p.ID, 0))(t)
	v := is(w.ProductPage(w.mia(), p.Slug))(t)
	for _, s := range v.Trust {
		if strings.Contains(s.Text, "secret_notes") || strings.Contains(s.Text, "care.notes") {
			t.Errorf("%s tells %q", s.Aspect, s.Text)
		}
	}
	if v.Parts[1].Visible || v.Parts[1].Name != "care.notes" || !v.Parts[1].Written.IsZero() {
		t.Errorf("what is on offer is named, and no more: %+v", v.Parts[1])
	}
}
