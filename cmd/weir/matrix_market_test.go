package main

import (
	"weir/authz"
	"weir/views/link"
)

// marketCells are what the marketplace opens by a right alone: what is somebody's business because he asked, decides or owns is
// tried by the tests of the marketplace.
func (w *world) marketCells() []cell {
	browse := func(s somebody) bool { return s.may("market", authz.Everywhere) }
	ask := func(s somebody) bool { return s.may("ask", authz.Everywhere) }
	decide := func(s somebody) bool { return s.may("decide", authz.Everywhere) }
	operate := func(s somebody) bool { return s.may("system", authz.Everywhere) }
	everyRequest := func(s somebody) bool { return s.may("every-request", authz.Everywhere) }
	return []cell{
		w.page("products", link.Products(), browse),
		w.page("policies for data", link.Templates(), browse),
		w.page("requests", link.Requests(), ask),
		w.page("inbox", link.Inbox(), decide),
		w.page("webhooks", link.Operation(link.Webhooks), operate),
		w.page("deliveries", link.Operation(link.Deliveries), operate),
		w.page("periodic work", link.Operation(link.JobsPart), operate),
		w.question("products", "products", `{ products(first: 1) { nodes { id } } }`, nil, browse),
		w.question("requests", "requests", `{ requests(first: 1) { nodes { id } } }`, nil, ask),
		w.question("inbox", "inbox", `{ inbox(first: 1) { nodes { item { id } } } }`, nil, decide),
		w.question("requests of everybody", "requests", `{ requests(view: ALL, first: 1) { nodes { id } } }`, nil, everyRequest),
		w.question("webhooks", "webhooks", `{ webhooks { id } }`, nil, operate),
	}
}
