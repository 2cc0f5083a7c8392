package marketplace_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
)

// visits is a product of Care as its owner makes it.
func (w *shop) visits() marketplace.Product {
	w.t.Helper()
	return is(w.CreateProduct(w.lena(), "Visits", marketplace.ProductEdit{
		Title: ref("Visits of patients"), Summary: ref("Who came when."), Domain: &shopCare, Owner: ref(graph.ID("tea_care")),
		Questions: ref([]string{"How many came?", " "}), Promises: ref([]marketplace.Promise{{Kind: "freshness", Text: "Fresh each morning", Hours: 24}}),
	}))(w.t)
}

// published is the product with the dataset of visits, published.
func (w *shop) published() marketplace.Product {
	w.t.Helper()
	p := w.visits()
	p = is(w.SetParts(w.lena(), p.ID, p.Version, []marketplace.Part{{Dataset: shopVisit}}))(w.t)
	return is(w.Publish(w.lena(), p.ID, p.Version))(w.t)
}

func TestProduct_FromDraftToRetired(t *testing.T) {
	everyShop(t, func(t *testing.T, w *shop) {
		p := w.visits()
		if p.Slug != "visits" || p.State != marketplace.ProductDraft || len(p.Questions) != 1 || p.ID != marketplace.ProductID("visits") {
			t.Fatalf("made %+v", p)
		}
		_, _, err := w.ProductBySlug(w.mia(), "visits")
		wants(t, err, errs.NotFound) // a draft is nobody's but its domain's
		_, err = w.Publish(w.lena(), p.ID, p.Version)
		wants(t, err, errs.Invalid, "parts")
		p = is(w.SetParts(w.lena(), p.ID, p.Version, []marketplace.Part{{Dataset: shopVisit}}))(t)
		_, err = w.Publish(w.lena(), p.ID, p.Version-1)
		wants(t, err, errs.Conflict)
		p = is(w.Publish(w.lena(), p.ID, p.Version))(t)
		got, parts, err := w.ProductBySlug(w.mia(), "visits")
		if err != nil || got.State != marketplace.ProductPublished || len(parts) != 1 || parts[0].Dataset != shopVisit {
			t.Fatalf("%+v %v %v", got, parts, err)
		}
		if with := is(w.ProductsWith(w.mia(), shopVisit))(t); len(with) != 1 || with[0].ID != p.ID {
			t.Errorf("products with it: %v", with)
		}
		_, err = w.Deprecate(w.lena(), p.ID, p.Version, p.ID, w.at)
		wants(t, err, errs.Invalid, "successor", "sunset")
		p = is(w.Deprecate(w.lena(), p.ID, p.Version, "", w.at.AddDate(0, 1, 0)))(t)
		p = is(w.Retire(w.lena(), p.ID, p.Version))(t)
		_, err = w.EditProduct(w.lena(), p.ID, marketplace.ProductEdit{Title: ref("Again")})
		wants(t, err, errs.Conflict)
		for _, action := range []string{"create", "edit", "publish", "deprecate", "retire"} {
			if len(w.entries("marketplace.product-"+action)) == 0 {
				t.Errorf("no entry of %s", action)
			}
		}
	})
}

func TestProduct_EachWrongFieldIsNamed(t *testing.T) {
	w := newShop(t, shopFile(t))
	good := marketplace.ProductEdit{Title: ref("T"), Domain: &shopCare}
	for name, tt := range map[string]struct {
		slug  string
		edit  func(*marketplace.ProductEdit)
		field string
	}{
		"no slug":                   {"", nil, "slug"},
		"the slug new":              {"new", nil, "slug"},
		"a slug of words":           {"two words", nil, "slug"},
		"no title":                  {"a", func(e *marketplace.ProductEdit) { e.Title = nil }, "title"},
		"a long title":              {"a", func(e *marketplace.ProductEdit) { e.Title = ref(strings.Repeat("x", 201)) }, "title"},
		"a control":                 {"a", func(e *marketplace.ProductEdit) { e.Summary = ref("a\x00b") }, "summary"},
		"an owner who can't decide": {"a", func(e *marketplace.ProductEdit) { e.Owner = ref(graph.ID("tea_empty")) }, "owner"},
		"a visibility":              {"a", func(e *marketplace.ProductEdit) { e.Visibility = ref(authz.Visibility("all")) }, "visibility"},
		"hours of support": {"a", func(e *marketplace.ProductEdit) {
			e.Promises = ref([]marketplace.Promise{{Kind: "support", Text: "x", Hours: 3}})
		}, "promises[0].hours"},
	} {
		t.Run(name, func(t *testing.T) {
			e := good
			if tt.edit != nil {
				tt.edit(&e)
			}
			_, err := w.CreateProduct(w.lena(), tt.slug, e)
			wants(t, err, errs.Invalid, tt.field)
		})
	}
	is(w.CreateProduct(w.lena(), "a", good))(t)
	_, err := w.CreateProduct(w.lena(), "A", good)
	wants(t, err, errs.Exists, "slug")
}

func TestProduct_PartsAreOnesOwn(t *testing.T) {
	w := newShop(t, shopFile(t))
	p := w.visits()
	col := func(of graph.ID, path string) graph.ID { return catalog.ColumnID(of, path) }
	for name, tt := range map[string]struct {
		parts []marketplace.Part
		kind  errs.Kind
		field string
	}{
		"missing":            {[]marketplace.Part{{Dataset: "ds_none"}}, errs.Invalid, "parts[0].dataset"},
		"twice":              {[]marketplace.Part{{Dataset: shopVisit}, {Dataset: shopVisit}}, errs.Invalid, "parts[1].dataset"},
		"a column of others": {[]marketplace.Part{{Dataset: shopVisit, Columns: []graph.ID{col(shopNotes, "id")}}}, errs.Invalid, "parts[0].columns"},
		"of another domain":  {[]marketplace.Part{{Dataset: shopVisit}, {Dataset: shopOrder}}, errs.Forbidden, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.SetParts(w.lena(), p.ID, 0, tt.parts)
			wants(t, err, tt.kind, strings.Fields(tt.field)...)
		})
	}
	p = is(w.SetParts(w.lena(), p.ID, 0, []marketplace.Part{{Dataset: shopVisit, Columns: []graph.ID{col(shopVisit, "id")}}}))(t)
	_, parts, _ := w.Product(w.lena(), p.ID)
	if len(parts) != 1 || !slices.Equal(parts[0].Columns, []graph.ID{col(shopVisit, "id")}) {
		t.Errorf("parts %v", parts)
	}
	if e := w.entries("marketplace.product-edit"); e[1].Decision != audit.Denied {
		t.Errorf("the refused attempt is not in the log: %+v", e[1])
	}
}

func TestProduct_HiddenDataCantBeOffered(t *testing.T) {
	w := newShop(t, shopFile(t))
	p := w.visits()
	steward := w.as("omar", authz.Steward, string(shopSales), authz.Owner, authz.Everywhere)
	if _, err := w.SetParts(steward, p.ID, 0, []marketplace.Part{{Dataset: shopNotes}}); err != nil {
		t.Fatalf("who sees all may offer it: %v", err)
	}
	_, err := w.SetParts(w.mia(), p.ID, 0, nil)
	wants(t, err, errs.NotFound) // the draft itself is hidden
}

func TestProduct_StewardsEditAndOwnersDecide(t *testing.T) {
	w := newShop(t, shopFile(t))
	p := w.visits()
	steward := w.as("mia", authz.Steward, string(shopCare))
	p = is(w.EditProduct(steward, p.ID, marketplace.ProductEdit{Title: ref("Visits, all")}))(t)
	_, err := w.EditProduct(steward, p.ID, marketplace.ProductEdit{Owner: ref(graph.ID("usr_mia"))})
	wants(t, err, errs.Forbidden) // to own is to decide
	_, err = w.Publish(steward, p.ID, 0)
	wants(t, err, errs.Forbidden)
	_, err = w.CreateProduct(w.mia(), "mine", marketplace.ProductEdit{Title: ref("Mine"), Domain: &shopCare})
	wants(t, err, errs.Forbidden)
	whole := []marketplace.Part{{Dataset: shopVisit}}
	is(w.SetParts(steward, p.ID, 0, whole))(t)
	is(w.Publish(w.lena(), p.ID, 0))(t)
	_, err = w.SetParts(steward, p.ID, 0, whole)
	wants(t, err, errs.Forbidden) // others can ask for it by now
}

func TestTerms_KeepEachVersion(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		p := w.published()
		p = is(w.SetTerms(w.lena(), p.ID, p.Version, "Use it well."))(t)
		p = is(w.SetTerms(w.lena(), p.ID, p.Version, "Use it better."))(t)
		p = is(w.SetTerms(w.lena(), p.ID, p.Version, ""))(t)
		if p.Terms != 0 {
			t.Errorf("terms %d hold, want none", p.Terms)
		}
		p = is(w.SetTerms(w.lena(), p.ID, p.Version, "Use it at all."))(t)
		if p.Terms != 3 {
			t.Errorf("terms %d hold, want 3", p.Terms)
		}
		if old := is(w.Terms(w.mia(), p.ID, 1))(t); old.Text != "Use it well." || old.By != "usr_lena" {
			t.Errorf("version 1 is %+v", old)
		}
		if all := is(w.TermsOf(w.mia(), p.ID))(t); len(all) != 3 || all[0].Number != 3 {
			t.Errorf("versions %v", all)
		}
		_, err := w.Terms(w.mia(), p.ID, 4)
		wants(t, err, errs.NotFound)
		_, err = w.SetTerms(w.as("mia", authz.Steward, string(shopCare)), p.ID, 0, "Mine.")
		wants(t, err, errs.Forbidden)
	})
}

func TestProducts_ListsWhatTheViewerSees(t *testing.T) {
	everyShop(t, func(t *testing.T, w *shop) {
		w.published()
		is(w.CreateProduct(w.lena(), "drafted", marketplace.ProductEdit{Title: ref("Drafted"), Domain: &shopCare}))(t)
		p := is(w.CreateProduct(w.omar(), "orders", marketplace.ProductEdit{Title: ref("Orders"), Summary: ref("What is sold to patients"), Domain: &shopSales, Owner: ref(graph.ID("usr_omar"))}))(t)
		p = is(w.SetParts(w.omar(), p.ID, 0, []marketplace.Part{{Dataset: shopOrder}}))(t)
		is(w.Publish(w.omar(), p.ID, 0))(t)
		titles := func(page marketplace.ProductPage) string {
			var out []string
			for _, p := range page.Items {
				out = append(out, p.Title)
			}
			return strings.Join(out, ", ")
		}
		for name, tt := range map[string]struct {
			q    marketplace.ProductList
			want string
		}{
			"all":        {marketplace.ProductList{Limit: 10}, "Orders, Visits of patients"},
			"a word":     {marketplace.ProductList{Text: "patien", Limit: 10}, "Visits of patients, Orders"},
			"a domain":   {marketplace.ProductList{Domain: shopSales, Limit: 10}, "Orders"},
			"an owner":   {marketplace.ProductList{Owner: "tea_care", Limit: 10}, "Visits of patients"},
			"the second": {marketplace.ProductList{Offset: 1, Limit: 1}, "Visits of patients"},
			"drafts":     {marketplace.ProductList{State: marketplace.ProductDraft, Limit: 10}, ""},
		} {
			if got := titles(is(w.Products(w.mia(), tt.q))(t)); got != tt.want {
				t.Errorf("%s: %q, want %q", name, got, tt.want)
			}
		}
		if got := titles(is(w.Products(w.lena(), marketplace.ProductList{Limit: 10}))(t)); got != "Drafted, Orders, Visits of patients" {
			t.Errorf("the owner sees %q", got)
		}
		_, err := w.Products(t.Context(), marketplace.ProductList{Limit: 10})
		wants(t, err, errs.Unauthenticated)
	})
}

func TestProduct_IsNotRetiredUnderAnybody(t *testing.T) {
	w := newShop(t, shopFile(t))
	p := w.published()
	w.put([]graph.NodeWrite{{Node: graph.Node{ID: "grt_one", Kind: "Grant", Props: graph.Props{
		"item": "itm_one", "target": string(p.ID), "state": "active", "until": w.at.Add(time.Hour),
	}}}}, nil)
	_, err := w.Retire(w.lena(), p.ID, 0)
	wants(t, err, errs.Conflict)
}
