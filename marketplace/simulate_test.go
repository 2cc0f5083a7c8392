package marketplace_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/marketplace"
	"weir/marketplace/template"
)

// grants writes so many grants of the visits, each of somebody else, for so many days.
func (w *shop) grants(from, count, days int, parts ...marketplace.Part) {
	w.t.Helper()
	body, err := json.Marshal(marketplace.GrantBody{Parts: parts})
	if err != nil {
		w.t.Fatal(err)
	}
	var ws []graph.NodeWrite
	for n := from; n < from+count; n++ {
		holder := graph.ID(fmt.Sprintf("usr_h%05d", n))
		ws = append(ws,
			graph.NodeWrite{Node: graph.Node{ID: holder, Kind: "User", Props: graph.Props{"login": string(holder), "name": "Holder " + fmt.Sprint(n)}}},
			graph.NodeWrite{Node: graph.Node{ID: graph.ID(fmt.Sprintf("grt_%05d", n)), Kind: "Grant", Props: graph.Props{
				"item": fmt.Sprintf("itm_g%05d", n), "target": string(parts[0].Dataset), "title": "Visits", "domain": string(shopCare), "holder": string(holder),
				"purpose": "analytics", "access": "read", "state": "active", "since": w.at, "until": w.at.AddDate(0, 0, days), "body": body,
			}}})
	}
	for part := range slices.Chunk(ws, 5_000) {
		w.put(part, nil)
	}
}

func TestSimulate_TellsWhichGrantsAndRequestsFlip(t *testing.T) {
	everyShop(t, func(t *testing.T, w *shop) {
		w.grants(0, 3, 20, marketplace.Part{Dataset: shopVisit})
		w.grants(10, 2, 90, marketplace.Part{Dataset: shopVisit})
		w.grants(20, 1, 90, marketplace.Part{Dataset: shopOrder}) // no care of ours
		w.put([]graph.NodeWrite{{Node: graph.Node{ID: "itm_wait", Kind: "Item", Props: graph.Props{
			"target": string(shopVisit), "title": "Visits", "domain": string(shopCare), "holder": "usr_mia", "purpose": "analytics",
			"access": "export", "state": "submitted", "days": int64(10), "sent": w.at,
		}}}}, nil)
		of := w.proposed() // at most 30 days, no export
		got := w.simulate(w.lena(), of)
		found := got.Found
		if found.Grants != 6 || found.Pending != 1 || found.GrantsFlipped != 2 || found.PendingFlipped != 1 || got.Finished.IsZero() {
			t.Fatalf("found %+v", found)
		}
		if found.GrantKinds[template.BecomesTooLong] != 2 || found.PendingKinds[template.BecomesImpossible] != 1 {
			t.Errorf("kinds %v %v", found.GrantKinds, found.PendingKinds)
		}
		if len(found.Flips) != 3 || found.Flips[0].ID != "grt_00010" || got.Names[found.Flips[0].Holder] != "Holder 10" || len(found.Flips[0].Reasons) == 0 {
			t.Errorf("flips %+v", found.Flips)
		}
		steward := w.as("mia", authz.Steward, string(shopCare))
		if again := is(w.SimulationOf(steward, of.ID, 1))(t); len(again.Found.Flips) != 3 {
			t.Errorf("kept %+v", again)
		}
		_, err := w.SimulationOf(w.mia(), of.ID, 1)
		wants(t, err, errs.Forbidden)
		_, err = w.Simulate(w.mia(), of.ID, 1, time.Minute)
		wants(t, err, errs.Forbidden)
	})
}

func TestSimulate_GoesOnWhereItStood(t *testing.T) {
	w := newShop(t, shopFile(t))
	w.grants(0, 2_100, 90, marketplace.Part{Dataset: shopVisit})
	of := w.proposed()
	var done []int
	for range 10 {
		got := is(w.Simulate(w.lena(), of.ID, 1, 0))(t)
		done = append(done, got.Done)
		if !got.Finished.IsZero() {
			if got.Found.GrantsFlipped != 2_100 || len(got.Found.Flips) != 200 {
				t.Errorf("found %d flips, %d kept", got.Found.GrantsFlipped, len(got.Found.Flips))
			}
			break
		}
		_, err := w.ConfirmTemplate(w.sara(), marketplace.TemplateVerdict{Template: of.ID, Number: 1})
		wants(t, err, errs.Conflict)
	}
	if !slices.IsSorted(done) || done[len(done)-1] != 2_100 || len(done) < 3 {
		t.Errorf("progress %v", done)
	}
}

func TestSimulate_IsOutOfDateOnceOtherPoliciesChange(t *testing.T) {
	w := newShop(t, shopFile(t))
	of := w.proposed()
	w.simulate(w.lena(), of)
	b := careBody()
	b.Title = "Another"
	other, _, err := w.SaveTemplateVersion(w.lena(), marketplace.TemplateEdit{Name: "another", New: true, Body: b})
	if err != nil {
		t.Fatal(err)
	}
	w.simulate(w.lena(), other)
	is(w.ConfirmTemplate(w.sara(), marketplace.TemplateVerdict{Template: other.ID, Number: 1}))(t)
	in := marketplace.TemplateVerdict{Template: of.ID, Number: 1}
	_, err = w.ConfirmTemplate(w.sara(), in)
	wants(t, err, errs.Conflict)
	w.simulate(w.sara(), of)
	w.at = w.at.AddDate(0, 0, 2)
	_, err = w.ConfirmTemplate(w.sara(), in)
	wants(t, err, errs.Conflict) // two days old
	w.simulate(w.sara(), of)
	is(w.ConfirmTemplate(w.sara(), in))(t)
}

// BenchmarkSimulate looks ahead at 10,000 grants of 10,000 people over 200 datasets with 50 columns each.
func BenchmarkSimulate(b *testing.B) {
	for name, open := range map[string]func(testing.TB) graph.Store{
		"memory": func(t testing.TB) graph.Store { return graphtest.Memory(shopSchema(t)) }, "sqlite": shopFile,
	} {
		b.Run(name, func(b *testing.B) {
			w := newShop(b, open(b))
			for n := range 200 {
				id := w.wide(n)
				w.grants(n*50, 50, 90, marketplace.Part{Dataset: id})
			}
			of := w.proposed()
			for b.Loop() {
				got := is(w.Simulate(w.lena(), of.ID, 1, time.Minute))(b)
				if got.Found.Grants != 10_000 || got.Found.GrantsFlipped != 10_000 {
					b.Fatalf("found %d of %d", got.Found.GrantsFlipped, got.Found.Grants)
				}
			}
		})
	}
}

// wide writes a dataset of Care with 50 columns, five of which are sensitive.
func (w *shop) wide(n int) graph.ID {
	name := fmt.Sprintf("care.wide%03d", n)
	id := catalog.DatasetID("pg", name)
	ws := []graph.NodeWrite{catalog.DatasetType.Write(id, graph.Create, catalog.Dataset{
		Namespace: "pg", Name: name, Domain: shopCare, Audience: "open", Classification: catalog.Confidential})}
	var edges []graph.Edge
	for i := range 50 {
		col := catalog.ColumnID(id, fmt.Sprint("c", i))
		ws = append(ws, catalog.ColumnType.Write(col, graph.Create, catalog.Column{Dataset: id, Path: fmt.Sprint("c", i), Position: i + 1}))
		edges = append(edges, graph.Edge{From: id, Rel: catalog.RelHas, To: col})
		if i%10 == 0 {
			edges = append(edges, graph.Edge{From: col, Rel: catalog.RelInherits, To: catalog.ClassID("pii")})
		}
	}
	w.put(ws, edges)
	return id
}
