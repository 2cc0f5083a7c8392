package main

import (
	"maps"
	"slices"
	"sync"
	"testing"

	"weir/audit"
	"weir/authz"
	"weir/marketplace"
)

// The sample company shows what the program is for: something of every state, and one who tried to decide for himself.
func TestDemo_TellsTheStoryOfTheMarketplace(t *testing.T) {
	c := temporary(t)
	c.Enforcement = "file:grants.jsonl"
	s, err := Open(t.Context(), c, demoOptions)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	var filling sync.WaitGroup
	defer filling.Wait()
	for range 2 { // the second start finds everything there
		if err := s.fillDemo(t.Context(), &filling); err != nil {
			t.Fatal(err)
		}
	}
	ctx := s.asOperator(t.Context())
	items, err := s.Market.Requests(ctx, marketplace.RequestList{View: marketplace.AllRequests, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	states := map[marketplace.ItemState]int{}
	for _, i := range items.Items {
		states[i.State]++
	}
	want := map[marketplace.ItemState]int{marketplace.Approved: 3, marketplace.Rejected: 1, marketplace.Submitted: 2, marketplace.NeedsInfo: 1}
	if !maps.Equal(states, want) {
		t.Errorf("the requests are %v, want %v", states, want)
	}
	products, err := s.Market.Products(ctx, marketplace.ProductList{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	found := map[marketplace.ProductState]int{}
	for _, p := range products.Items {
		found[p.State]++
	}
	if found[marketplace.ProductPublished] != 2 || found[marketplace.ProductDraft] != 1 || found[marketplace.ProductDeprecated] != 1 {
		t.Errorf("the products are %v", found)
	}
	log, err := audit.Latest(ctx, s.Store, 1000)
	if err != nil {
		t.Fatal(err)
	}
	self := slices.IndexFunc(log, func(e audit.Entry) bool {
		return e.Action == "marketplace.approve" && e.Decision == audit.Denied
	})
	if self < 0 {
		t.Fatal("the log has no refused approval")
	}
	if tomas, err := s.Identity.UserByLogin(ctx, "tomas"); err != nil || log[self].Actor != string(tomas.ID) {
		t.Errorf("it is of %s, want Tomas (%v)", log[self].Actor, err)
	}
	lena, err := s.Identity.UserByLogin(ctx, "lena")
	if err != nil {
		t.Fatal(err)
	}
	who, err := s.Identity.PrincipalOf(ctx, lena.ID)
	if err != nil {
		t.Fatal(err)
	}
	inbox, err := s.Market.Inbox(authz.With(ctx, who), marketplace.InboxList{Limit: 100})
	if err != nil || len(inbox.Items) != 0 {
		t.Errorf("Lena, who stands in for Maya, finds %d requests of Maya's in her inbox (%v)", len(inbox.Items), err)
	}
}
