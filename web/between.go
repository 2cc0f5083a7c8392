package web

import (
	"context"
	"net/http"
	"strconv"

	"weir/catalog"
	"weir/catalog/lineage"
	"weir/graph"
	view "weir/views/lineage"
	"weir/views/link"
	"weir/views/ui"
)

// The bounds of the question how data gets from one thing to another.
const (
	maxBetween    = 5 // ways shown
	maxCandidates = 12
)

// between answers the form that asks for two things, and the ways between them.
func (s *Site) between(w http.ResponseWriter, r *http.Request) error {
	values := r.URL.Query()
	from, fromAsset, err := s.endpoint(r.Context(), values.Get("from"))
	if err != nil {
		return err
	}
	to, toAsset, err := s.endpoint(r.Context(), values.Get("to"))
	if err != nil {
		return err
	}
	page := view.Between{From: from, To: to}
	if fromAsset.ID != "" && toAsset.ID != "" {
		page.Asked = true
		if err := s.findWays(r.Context(), fromAsset, toAsset, &page); err != nil {
			return err
		}
	}
	return s.show(w, r, http.StatusOK, view.BetweenPage(s.shell(r), page))
}

// endpoint is the thing that was meant: by its id, or by a name that finds just one.
func (s *Site) endpoint(ctx context.Context, text string) (view.Endpoint, catalog.Asset, error) {
	e := view.Endpoint{Typed: text}
	if text == "" {
		return e, catalog.Asset{}, nil
	}
	found, err := s.Catalog.Assets(ctx, graph.ID(text))
	if err != nil {
		return e, catalog.Asset{}, err
	}
	if a, ok := found[graph.ID(text)]; ok && addressOf(a) != "" {
		e.ID, e.Typed = string(a.ID), a.Name()
		e.Candidates = []view.SelectOption{{Value: e.ID, Label: a.Shown(), On: true}}
		return e, a, nil
	}
	result, err := s.Catalog.Search(ctx, catalog.SearchInput{Query: text, Kinds: catalog.SearchKinds[:3], Limit: maxCandidates})
	if err != nil {
		return e, catalog.Asset{}, err
	}
	switch hits := result.Hits; {
	case len(hits) == 0:
		e.Problem = "Nothing of this name is in the catalog."
		return e, catalog.Asset{}, nil
	case len(hits) == 1 || hits[0].Asset.Name() == text && hits[1].Asset.Name() != text:
		a := hits[0].Asset
		e.ID = string(a.ID)
		return e, a, nil
	default:
		e.Problem = "Several things are called like this. Choose one."
		for _, h := range hits {
			e.Candidates = append(e.Candidates, view.SelectOption{Value: string(h.Asset.ID), Label: h.Asset.Shown() + " (" + kindWord(h.Asset) + ", " + pathOf(h.Asset) + ")"})
		}
		return e, catalog.Asset{}, nil
	}
}

// findWays asks for the shortest ways and words them.
func (s *Site) findWays(ctx context.Context, from, to catalog.Asset, page *view.Between) error {
	if from.ID == to.ID {
		page.Said = "They are the same thing."
		return nil
	}
	found, err := s.Lineage.Paths(ctx, lineage.PathQuery{From: from.ID, To: to.ID, Max: maxBetween})
	if err != nil {
		return err
	}
	switch {
	case len(found.Paths) == 0:
		page.Said = "No data gets from one to the other, as far as the catalog knows."
		return nil
	case found.Direction == lineage.Upstream:
		page.Said = "No data gets there, but it flows the other way round:"
		page.Reverse = ui.Link{Text: "Ask the other way round", Href: link.Path(string(to.ID), string(from.ID))}
	default:
		page.Said = ui.Count(len(found.Paths), "way", "ways") + ", in " + strconv.Itoa(len(found.Paths[0].Edges)) + " hops"
	}
	for _, p := range found.Paths {
		way, err := wayOf(p)
		if err != nil {
			return err
		}
		page.Paths = append(page.Paths, way)
	}
	page.Picture, err = waysPicture(found)
	return err
}

// wayOf is one way in words.
func wayOf(p lineage.Path) (view.Path, error) {
	var out view.Path
	for i, n := range p.Nodes {
		st := view.Step{Hidden: n.Hidden, Strong: i == 0 || i == len(p.Nodes)-1}
		if !n.Hidden {
			a, err := readAsset(n.Node)
			if err != nil {
				return out, err
			}
			st.Text, st.Job = linkTo(a), a.Kind == catalog.TransformType.Kind
		}
		out.Steps = append(out.Steps, st)
	}
	return out, nil
}
