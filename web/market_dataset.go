package web

import (
	"context"
	"strings"

	"weir/catalog"
	"weir/marketplace/template"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// datasetHeader is the head of a dataset's page, with what the reader has of it.
func (s *Site) datasetHeader(ctx context.Context, v catalog.DatasetView) (view.Header, error) {
	h := s.header(ctx, datasetAsset(v), v.Described)
	return h, s.addAccess(ctx, &h, v.Dataset)
}

// addAccess adds to the head of a dataset what the reader has of it, and where he can ask for it.
func (s *Site) addAccess(ctx context.Context, h *view.Header, d catalog.Dataset) error {
	if s.Market == nil || !s.Market.MayAsk(ctx) {
		return nil
	}
	if !strings.EqualFold(d.Lifecycle, "DROP") {
		h.Ask = link.NewRequest(string(d.ID))
	}
	grants, err := s.Market.AccessTo(ctx, d.ID)
	if err != nil {
		return err
	}
	h.Gate, h.GateWord = ui.GateShut, "Ask"
	best := -1
	for _, g := range grants {
		for i, access := range template.Accesses {
			if template.Access(g.Access) == access && i > best {
				best = i
			}
		}
	}
	switch {
	case best < 0:
		return nil
	case template.Accesses[best] == template.Metadata:
		h.Gate, h.GateWord = ui.GatePart, "Metadata"
	case template.Accesses[best] == template.Masked:
		h.Gate, h.GateWord = ui.GatePart, "Masked"
	case template.Accesses[best] == template.Read:
		h.Gate, h.GateWord = ui.GateOpen, "Read"
	default:
		h.Gate, h.GateWord = ui.GateOpen, "Export"
	}
	return nil
}

// productsOf are the products that bundle a dataset.
func (s *Site) productsOf(ctx context.Context, d catalog.Dataset) ([]ui.Link, error) {
	if s.Market == nil {
		return nil, nil
	}
	all, err := s.Market.ProductsWith(ctx, d.ID)
	var out []ui.Link
	for _, p := range all {
		out = append(out, ui.Link{Text: p.Title, Href: link.Product(p.Slug)})
	}
	return out, err
}
