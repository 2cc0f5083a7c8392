package web

import (
	"weir/catalog"
	"weir/catalog/lineage"
	"weir/graph"
	view "weir/views/lineage"
)

// waysPicture draws ways between two things, from left to right.
func waysPicture(found lineage.Paths) (*view.Picture, error) {
	s := view.Scene{Name: "The ways between the two"}
	placed := map[graph.ID]bool{}
	drawn := map[ends]bool{}
	for _, p := range found.Paths {
		layer := -1
		for _, n := range p.Nodes {
			a, err := readAsset(n.Node)
			if err != nil {
				return nil, err
			}
			isJob := a.Kind == catalog.TransformType.Kind
			if !isJob {
				layer++
			}
			if placed[n.ID] {
				continue
			}
			placed[n.ID] = true
			if isJob {
				s.Jobs = append(s.Jobs, view.Job{Step: layer, Pill: view.Pill{ID: string(n.ID), Href: addressOf(a), Title: shortName(a.Shown())}})
				continue
			}
			s.Cards = append(s.Cards, view.Card{Step: layer, Box: wayBox(n, a, found)})
		}
		for _, e := range p.Edges {
			if !drawn[endsOf(e)] {
				drawn[endsOf(e)] = true
				s.Links = append(s.Links, view.Link{Edge: view.Edge{From: string(e.From), To: string(e.To), Unconfirmed: e.Unconfirmed}})
			}
		}
	}
	laid, err := s.Lay(nil)
	return &laid.Picture, err
}

func wayBox(n lineage.Node, a catalog.Asset, found lineage.Paths) view.Box {
	if n.Hidden {
		return view.Box{ID: string(n.ID), Hidden: true, Title: "Restricted", Line: "hidden from you"}
	}
	return view.Box{
		ID: string(n.ID), Href: addressOf(a), Title: a.Shown(), Line: kindWord(a), Icon: iconOf(a), Level: classificationOf(a),
		Root: n.ID == found.From || n.ID == found.To,
	}
}
