package web

import (
	"context"
	"net/http"

	"weir/authz"
	"weir/catalog"
	"weir/catalog/lineage"
	"weir/errs"
	"weir/graph"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// maxLineageSteps is how many steps the tab of lineage lists; the picture shows all.
const maxLineageSteps = 50

// closeStep asks before a step of a dataset's lineage ends, and ends it.
func (s *Site) closeStep(w http.ResponseWriter, r *http.Request) error {
	d, err := s.headOf(r)
	if err != nil {
		return err
	}
	if err := s.Policy.Require(r.Context(), authz.Asset, string(d.Domain), authz.Link); err != nil && r.Method != http.MethodPost {
		return err // of a form that is sent the command says so, and writes the attempt down
	}
	if r.Method == http.MethodPost {
		return s.closeNow(w, r, d)
	}
	values := r.URL.Query()
	in, err := closeInput(d.ID, values.Get("from"), values.Get("to"))
	if err != nil {
		return err
	}
	near, edge, err := s.edgeOf(r.Context(), d.ID, in)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.ClosePage(s.shell(r), s.closePage(near, d, edge)))
}

// headOf is the dataset of an address; another name of it answers with its head.
func (s *Site) headOf(r *http.Request) (catalog.Dataset, error) {
	a, err := s.oneAsset(r.Context(), idOf(r))
	if err != nil {
		return catalog.Dataset{}, err
	}
	d, ok := a.Value.(catalog.Dataset)
	if !ok {
		return d, errs.E(errs.NotFound, "There is no such dataset.")
	}
	return d, nil
}

func (s *Site) closeNow(w http.ResponseWriter, r *http.Request, d catalog.Dataset) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	in, err := closeInput(d.ID, typed(r.PostForm, "from"), typed(r.PostForm, "to"))
	if err != nil {
		return err
	}
	if err := s.Catalog.CloseLineage(r.Context(), in); err != nil {
		return err
	}
	return saved(w, r, link.DatasetTab(string(d.ID), d.Name, link.Flow))
}

// closeInput is the step between a dataset and another end, of which just one is named.
func closeInput(id graph.ID, from, to string) (catalog.CloseInput, error) {
	switch {
	case (from == "") == (to == ""):
		return catalog.CloseInput{}, errs.Bad("from", "or to has to name the other end of the step, and only one of them.")
	case from != "":
		return catalog.CloseInput{From: graph.ID(from), To: id}, nil
	}
	return catalog.CloseInput{From: id, To: graph.ID(to)}, nil
}

// edgeOf looks a step up among those next to a dataset. What the reader may not see is missing.
func (s *Site) edgeOf(ctx context.Context, id graph.ID, in catalog.CloseInput) (*around, lineage.Edge, error) {
	a, err := s.Lineage.Lineage(ctx, lineage.Query{
		Root: id, Direction: lineage.Both, Depth: 1, MaxNodes: lineage.MostNodes, Fields: lineage.CardFields,
	})
	if err != nil {
		return nil, lineage.Edge{}, err
	}
	near, err := newAround(a)
	if err != nil {
		return nil, lineage.Edge{}, err
	}
	for _, e := range near.Edges {
		if e.From == in.From && e.To == in.To && near.assets[e.From].Value != nil && near.assets[e.To].Value != nil {
			return near, e, nil
		}
	}
	return nil, lineage.Edge{}, errs.E(errs.NotFound, "There is no lineage between these two that still holds.")
}

func (s *Site) closePage(near *around, d catalog.Dataset, e lineage.Edge) view.CloseStep {
	id := string(d.ID)
	tab := link.DatasetTab(id, d.Name, link.Flow)
	p := view.CloseStep{
		Step: s.stepOf(near, d, e, true), Field: "to", Other: string(e.To), Action: link.CloseEdge(id, d.Name, "", ""), Cancel: tab,
		Crumbs:   []ui.Link{linkTo(datasetAsset(catalog.DatasetView{Dataset: d})), {Text: "Lineage", Href: tab}, {Text: "Close a step"}},
		Consumer: e.Kind == catalog.RelDelivers,
	}
	if e.To == d.ID {
		p.Field, p.Other = "from", string(e.From)
	}
	return p
}

// steps lists what is next to a dataset, as far as a page has room, and what is missing of it.
func (s *Site) steps(ctx context.Context, near *around, d catalog.Dataset) (all []view.LineageStep, more string) {
	may := s.Policy.Can(ctx, authz.Asset, string(d.Domain), authz.Link)
	for _, e := range append(near.in[d.ID], near.out[d.ID]...) {
		if len(all) == maxLineageSteps {
			return all, "the first " + ui.Number(maxLineageSteps) + "; the picture shows all"
		}
		all = append(all, s.stepOf(near, d, e, may))
	}
	return all, ""
}

// stepWords say what a step is, from its upstream end.
var stepWords = map[graph.Rel]string{catalog.RelInput: "is read by", catalog.RelOutput: "writes", catalog.RelDelivers: "is used by"}

func (s *Site) stepOf(near *around, d catalog.Dataset, e lineage.Edge, may bool) view.LineageStep {
	st := view.LineageStep{Word: stepWords[e.Kind], Since: s.when(e.Since), Last: s.when(e.ConfirmedAt), Unconfirmed: e.Unconfirmed}
	for _, uri := range e.Sources {
		st.Sources = append(st.Sources, sourceName(uri))
	}
	from, seesFrom := near.assets[e.From]
	to, seesTo := near.assets[e.To]
	if seesFrom {
		st.From = linkTo(from)
	}
	if seesTo {
		st.To = linkTo(to)
	}
	if !may || !seesFrom || !seesTo {
		return st
	}
	st.Close = link.CloseEdge(string(d.ID), d.Name, "", string(e.To))
	if e.To == d.ID {
		st.Close = link.CloseEdge(string(d.ID), d.Name, string(e.From), "")
	}
	return st
}
