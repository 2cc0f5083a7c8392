package views_test

import (
	"fmt"
	"testing"

	"weir/views/lineage"
	"weir/views/link"
	"weir/views/ui"
)

// laidPage is the sample picture with the places that the layout gives instead of those set by hand.
func laidPage() lineage.Page {
	page := lineagePage("picture")
	page.Picture = mustLay(sceneOf(picture()))
	return page
}

// widePage is a large picture: 90 cards in five steps, most of them without columns.
func widePage() lineage.Page {
	page := lineagePage("picture")
	scene := lineage.Scene{Name: "Lineage of hub, two steps each way", Live: true}
	perStep := map[int]int{-2: 12, -1: 12, 0: 1, 1: 25, 2: 40}
	for step := -2; step <= 2; step++ {
		for i := range perStep[step] {
			id := fmt.Sprintf("ds_%d_%d", step, i)
			card := lineage.Card{Step: step, Box: lineage.Box{ID: id, Href: link.Dataset(id, id), Title: "schema_of_the_warehouse." + id, Line: "Table, Orders", Level: "internal", Root: step == 0}}
			if step == 2 && i%3 == 0 {
				card.Icon, card.Line = "chart-column", "Dashboard, Growth"
			}
			scene.Cards = append(scene.Cards, card)
		}
	}
	join := func(from, to int, a, b int) {
		scene.Links = append(scene.Links, lineage.Link{Edge: lineage.Edge{From: fmt.Sprintf("ds_%d_%d", from, a), To: fmt.Sprintf("ds_%d_%d", to, b), Sensitive: a+b == 3}})
	}
	for i := range 12 {
		join(-2, -1, i, i*7%12)
		join(-1, 0, i, 0)
	}
	for i := range 25 {
		join(0, 1, 0, i)
	}
	for i := range 40 {
		join(1, 2, i*3%25, i)
	}
	page.Picture = mustLay(scene)
	return page
}

func mustLay(s lineage.Scene) lineage.Picture {
	laid, err := s.Lay(nil)
	if err != nil {
		panic(err)
	}
	return laid.Picture
}

// sceneOf takes the places out of a picture.
func sceneOf(p lineage.Picture) lineage.Scene {
	scene := lineage.Scene{Name: p.Name, Live: p.Live}
	step := func(x float64) int { return int(x)/360 - 1 }
	holder := map[string]string{}
	for _, b := range p.Boxes {
		scene.Cards = append(scene.Cards, lineage.Card{Box: b, Step: step(b.X)})
		for _, r := range b.Rows {
			holder[r.ID] = b.ID
		}
		if b.More != nil {
			holder[b.More.ID] = b.ID
		}
	}
	for _, pill := range p.Pills {
		scene.Jobs = append(scene.Jobs, lineage.Job{Pill: pill, Step: step(pill.X)})
	}
	for _, e := range p.Edges {
		l := lineage.Link{Edge: e}
		if card, isRow := holder[e.From]; isRow {
			l.From, l.FromRow = card, e.From
		}
		if card, isRow := holder[e.To]; isRow {
			l.To, l.ToRow = card, e.To
		}
		scene.Links = append(scene.Links, l)
	}
	return scene
}

func TestLayoutKeepsTheGeometryOfTheNotes(t *testing.T) {
	byHand, laid := picture(), mustLay(sceneOf(picture()))
	for i, b := range laid.Boxes {
		want := byHand.Boxes[i]
		// A gap grows where a pill is too wide for it, so the layers may stand a little further right.
		if b.X < want.X || b.X > want.X+40 || b.H != want.H || b.W != want.W {
			t.Errorf("%s is at %v, %v by %v; by hand %v, %v by %v", b.Title, b.X, b.W, b.H, want.X, want.W, want.H)
		}
	}
	if len(laid.Edges) != len(byHand.Edges) {
		t.Errorf("%d edges, want %d", len(laid.Edges), len(byHand.Edges))
	}
	if (laid.Edges[0].Sensitive) != byHand.Edges[0].Sensitive || laid.Boxes[0].Level != ui.Level("confidential") {
		t.Error("what is drawn changed")
	}
}
