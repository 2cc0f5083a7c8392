package web_test

import (
	"encoding/json"
	"strings"
	"testing"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/marketplace"
	"weir/views/link"
)

func TestDatasetPage_SaysWhatOneHasAndWhereToAsk(t *testing.T) {
	w := newStall(t)
	op := authz.With(t.Context(), authz.Operator)
	title, domain, owner, summary := "Customer insights", catalog.DomainID("sales"), w.ids["team"], "Who buys."
	p, err := w.market.CreateProduct(op, "insights", marketplace.ProductEdit{Title: &title, Summary: &summary, Domain: &domain, Owner: &owner})
	must(t, err)
	_, err = w.market.SetParts(op, p.ID, 0, []marketplace.Part{{Dataset: deskMart}})
	must(t, err)
	ada := w.as("ada")
	address := link.Dataset(string(deskMart), "mart.customer_360")
	page := ada.page(address)
	if len(find(page, "a", "href", link.NewRequest(string(deskMart)))) != 1 {
		t.Error("the page doesn't lead to a request")
	}
	if len(find(page, "a", "href", "/products/insights")) > 0 {
		t.Error("a draft is shown to who may not see it")
	}
	_, err = w.market.Publish(op, p.ID, 0)
	must(t, err)
	body, err := json.Marshal(marketplace.GrantBody{Parts: []marketplace.Part{{Dataset: deskMart}}})
	must(t, err)
	w.put(graph.NodeWrite{Node: graph.Node{ID: "grt_one", Kind: "Grant", Props: graph.Props{"item": "itm_one", "holder": string(w.ids["ada"]), "target": string(p.ID),
		"access": "masked", "state": "active", "until": noon.AddDate(0, 1, 0), "body": body}}})
	page = ada.page(address)
	says(t, page, "Products with this data", "Customer insights", "Masked")
	if got := textOf(w.as("mia").page(address)); !strings.Contains(got, "Ask") || strings.Contains(got, "Masked") {
		t.Errorf("somebody else's grant is shown: %.300s", got)
	}
	for _, tab := range []link.Tab{link.Columns, link.Flow, link.Runs, link.Activity} {
		if len(find(ada.page(link.DatasetTab(string(deskMart), "mart.customer_360", tab)), "a", "href", link.NewRequest(string(deskMart)))) != 1 {
			t.Errorf("tab %s: no button to ask", tab)
		}
	}
}
