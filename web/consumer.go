package web

import (
	"net/http"

	"weir/catalog"
	"weir/catalog/lineage"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// consumer answers the page of a dashboard, report, model, agent or application.
func (s *Site) consumer(w http.ResponseWriter, r *http.Request) error {
	v, err := s.Catalog.Consumer(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	near, err := s.near(r.Context(), v.Consumer.ID, lineage.Upstream)
	if err != nil {
		return err
	}
	if err := s.named(r.Context(), v.Described); err != nil {
		return err
	}
	a := consumerAsset(v)
	tabs := view.ConsumerTabs(string(a.ID), a.Name(), link.Overview)
	return s.show(w, r, http.StatusOK, view.ConsumerPage(s.shell(r), s.header(r.Context(), a, v.Described), tabs, s.consumerOf(v, near)))
}

func consumerAsset(v catalog.ConsumerView) catalog.Asset {
	return assetOf(v.Consumer.ID, catalog.ConsumerKind.Kind, v.Consumer)
}

func (s *Site) consumerOf(v catalog.ConsumerView, near *around) view.Consumer {
	c := v.Consumer
	before := near.before()
	page := view.Consumer{
		About: markdown(c.Description), AboutSource: s.sourceOf(v.Described, catalog.FieldDescription),
		Reads: near.neighbours(before), MoreUp: near.more(before, "upstream"), Facets: facetsOf(v.Facets),
		Facts: []view.Fact{fact("Kind", ui.Capital(string(c.Type))), fact("Namespace", c.Namespace)},
	}
	if !c.RanAt.IsZero() {
		f := fact("Last used", s.when(c.RanAt).Text)
		f.Note = stamp(c.RanAt)
		page.Facts = append(page.Facts, f)
	}
	if c.LastState != "" {
		page.Facts = append(page.Facts, view.Fact{Name: "Last run", Value: ui.Link{Text: ui.Capital(string(c.LastState)), Href: link.Run(string(c.LastRun))}})
	}
	page.Receives = received(v.Inherited)
	page.Says, page.SaysBad = "No personal, health or card data is known to reach it unmasked.", false
	if len(page.Receives) > 0 {
		page.Says, page.SaysBad = ui.Count(len(page.Receives), "data class arrives", "data classes arrive")+" unmasked. The nearest origins stand below.", true
	}
	return page
}

// received are the classes that reach a consumer, each with the nearest place that declares it.
func received(all []catalog.Inherited) []view.ReceivedColumn {
	out := make([]view.ReceivedColumn, len(all))
	for i, in := range all {
		c := view.ReceivedColumn{Stamp: ui.Stamp{Class: in.Class.Name, How: ui.Inherited}, From: in.Name}
		c.Column = ui.Link{Text: in.Path}
		if in.From != "" {
			c.Of = ui.Link{Text: in.Name, Href: link.Dataset(string(in.From), in.Name)}
		}
		if in.Column != "" {
			c.Column.Href = link.Column(string(in.From), in.Name, string(in.Column))
		}
		if c.Column.Text == "" {
			c.Column.Text = "the whole dataset"
		}
		out[i] = c
	}
	return out
}
