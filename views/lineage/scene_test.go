package lineage

import (
	"errors"
	"reflect"
	"testing"

	"weir/views/lineage/layout"
)

func scene() Scene {
	row := func(id string) Row { return Row{ID: id, Text: id, Href: "/" + id} }
	return Scene{
		Name: "test",
		Cards: []Card{
			{Step: -1, Box: Box{ID: "crm", Title: "crm.customers", Rows: []Row{row("crm.email"), row("crm.name")}}},
			{Step: 0, Box: Box{ID: "mart", Title: "mart.customer", Root: true, Rows: []Row{row("mart.hash")}, More: &Row{ID: "mart.more", Text: "13 more columns"}}},
			{Step: 1, Box: Box{ID: "dash", Title: "Dashboard"}},
		},
		Jobs: []Job{{Step: -1, Pill: Pill{ID: "mask", Title: "mask_email", Masks: true}}},
		Links: []Link{
			{Edge: Edge{From: "crm", To: "mask", Sensitive: true}, FromRow: "crm.email"},
			{Edge: Edge{From: "mask", To: "mart", Masked: true}, ToRow: "mart.hash"},
			{Edge: Edge{From: "crm", To: "mart"}, FromRow: "crm.name", ToRow: "mart.not_shown"},
			{Edge: Edge{From: "mart", To: "dash"}},
		},
	}
}

func lay(t *testing.T, s Scene, prev *layout.Picture) Laid {
	t.Helper()
	laid, err := s.Lay(prev)
	if err != nil {
		t.Fatal(err)
	}
	return laid
}

func TestSceneGetsPlaces(t *testing.T) {
	p := lay(t, scene(), nil).Picture
	crm, mart, dash, mask := p.Boxes[0], p.Boxes[1], p.Boxes[2], p.Pills[0]
	if crm.X != MarginLeft || crm.W != CardWidth || mart.X != crm.X+CardWidth+LayerGap || dash.X != mart.X+CardWidth+LayerGap {
		t.Errorf("layers at %v, %v, %v", crm.X, mart.X, dash.X)
	}
	if crm.H != HeadHeight+2*RowHeight || mart.H != HeadHeight+RowHeight+MoreHeight || dash.H != HeadHeight {
		t.Errorf("heights %v, %v, %v", crm.H, mart.H, dash.H)
	}
	if crm.Rows[1].Y != crm.Y+HeadHeight+RowHeight || mart.More.Y != mart.Y+HeadHeight+RowHeight {
		t.Errorf("rows at %v and %v", crm.Rows[1].Y, mart.More.Y)
	}
	if mask.X <= crm.X+crm.W || mask.X+mask.W >= mart.X || mask.W < PillWidth("mask_email") {
		t.Errorf("pill from %v to %v between %v and %v", mask.X, mask.X+mask.W, crm.X+crm.W, mart.X)
	}
	if p.Width < dash.X+dash.W+15 {
		t.Errorf("width %v leaves no room for a handle at %v", p.Width, dash.X+dash.W)
	}
}

func TestEdgesTouchRows(t *testing.T) {
	edges := lay(t, scene(), nil).Picture.Edges
	for i, want := range [][2]string{{"crm.email", "mask"}, {"mask", "mart.hash"}, {"crm.name", "mart.more"}, {"mart", "dash"}} {
		if got := [2]string{edges[i].From, edges[i].To}; got != want {
			t.Errorf("edge %d touches %v, want %v", i, got, want)
		}
		if len(edges[i].D) < 5 || edges[i].D[0] != 'M' {
			t.Errorf("edge %d has the path %q", i, edges[i].D)
		}
	}
	if !edges[0].Sensitive || !edges[1].Masked {
		t.Error("what an edge is was lost")
	}
}

func TestLayingChangesNothingAndRepeats(t *testing.T) {
	s, same := scene(), scene()
	first, second := lay(t, s, nil), lay(t, s, nil)
	if !reflect.DeepEqual(first, second) {
		t.Error("the same scene gave two pictures")
	}
	if !reflect.DeepEqual(s, same) {
		t.Error("laying out changed the scene")
	}
}

func TestBoxesStayWhereTheyWere(t *testing.T) {
	before := lay(t, scene(), nil)
	grown := scene()
	grown.Cards = append(grown.Cards, Card{Step: 1, Box: Box{ID: "report", Title: "Report"}})
	grown.Links = append(grown.Links, Link{Edge: Edge{From: "mart", To: "report"}})
	was, is := before.Layout.ByID(), lay(t, grown, &before.Layout).Layout.ByID()
	for id, box := range was {
		if is[id].Y != box.Y || is[id].Layer != box.Layer {
			t.Errorf("%s moved from %+v to %+v", id, box, is[id])
		}
	}
}

func TestLinkToNowhereIsAnError(t *testing.T) {
	s := scene()
	s.Links = append(s.Links, Link{Edge: Edge{From: "mart", To: "nowhere"}})
	if _, err := s.Lay(nil); !errors.Is(err, layout.ErrGraph) {
		t.Errorf("error %v", err)
	}
	if laid := lay(t, Scene{}, nil); len(laid.Picture.Boxes) != 0 {
		t.Error("an empty scene has boxes")
	}
}
