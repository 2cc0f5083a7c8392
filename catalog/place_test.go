package catalog_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
)

// placed fails the test if an audience is not what it has to be.
func placed(t *testing.T, c *catalog.Service) {
	t.Helper()
	wrong, err := c.CheckAudiences(t.Context())
	if err != nil || len(wrong) > 0 {
		t.Errorf("audiences that are not right: %+v (%v)", wrong, err)
	}
}

// audience is the key that an asset carries.
func audience(t *testing.T, c *catalog.Service, id graph.ID) string {
	t.Helper()
	found, err := c.Assets(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	switch v := found[id].Value.(type) {
	case catalog.Dataset:
		return v.Audience
	case catalog.Transform:
		return v.Audience
	case catalog.Consumer:
		return v.Audience
	case catalog.Domain:
		return v.Audience
	}
	t.Fatalf("there is no %s", id)
	return ""
}

func (c *company) say(id graph.ID, in catalog.DescribeInput) {
	c.t.Helper()
	in.ID = id
	if err := c.Describe(c.t.Context(), in); err != nil {
		c.t.Fatal(err)
	}
}

func TestAudiences_FollowVisibilityAndDomain(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		customer, pay := catalog.DomainID("customer"), catalog.DomainID("payments")
		check := func(step string, want map[graph.ID]string) {
			t.Helper()
			placed(t, c.Service)
			for id, key := range want {
				if got := audience(t, c.Service, id); got != key {
					t.Errorf("%s: %s carries %s, want %s", step, id, got, key)
				}
			}
		}
		check("at first", map[graph.ID]string{ds("crm.customers"): "open", tf("build_360"): "open", customer: "open"})
		c.say(customer, catalog.DescribeInput{Visibility: ptr("domain")})
		check("domain", map[graph.ID]string{
			customer: "d:" + string(customer), ds("crm.customers"): "d:" + string(customer), ds("mart.customer_360"): "d:" + string(customer),
			ds("pay.transactions"): "open", tf("build_360"): "open", tf("load_customers"): "open",
		})
		c.say(pay, catalog.DescribeInput{Visibility: ptr("closed")})
		check("closed domain", map[graph.ID]string{ds("pay.transactions"): "c:" + string(pay), tf("build_360"): "d:" + string(customer)})
		c.say(ds("mart.customer_360"), catalog.DescribeInput{Visibility: ptr("open")})
		check("own", map[graph.ID]string{ds("mart.customer_360"): "open", tf("build_360"): "open"})
		c.say(ds("mart.customer_360"), catalog.DescribeInput{Visibility: ptr(""), Domain: ptr("payments")})
		check("moved", map[graph.ID]string{ds("mart.customer_360"): "c:" + string(pay), tf("build_360"): "d:" + string(customer)})
		c.send(runOf("build_360", "", "n1", catalog.EventComplete, noon, []string{"crm.addresses"}, nil)...)
		check("another input", map[graph.ID]string{tf("build_360"): "open"})
		if err := c.CloseLineage(t.Context(), catalog.CloseInput{From: ds("crm.addresses"), To: tf("build_360")}); err != nil {
			t.Fatal(err)
		}
		check("and no longer", map[graph.ID]string{tf("build_360"): "d:" + string(customer)})
		c.send(catalog.Event{At: noon, Job: &catalog.JobFact{Namespace: "airflow", Name: "alone", Values: catalog.Values{catalog.FieldDomain: {"payments"}}}})
		check("without data", map[graph.ID]string{tf("alone"): "c:" + string(pay)})
		c.say(tf("alone"), catalog.DescribeInput{Domain: ptr("customer")})
		check("moved without data", map[graph.ID]string{tf("alone"): "d:" + string(customer)})
		c.say(customer, catalog.DescribeInput{Visibility: ptr("")})
		check("as at first", map[graph.ID]string{ds("crm.customers"): "open", customer: "open", tf("build_360"): "open"})
	})
}

func TestAudiences_NamesOfADatasetShareOne(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		a, b := ds("crm.addresses"), ds("ops.scratch")
		c.say(a, catalog.DescribeInput{Visibility: ptr("closed")})
		if err := c.SetSame(t.Context(), catalog.SameInput{A: a, B: b, Same: true}); err != nil {
			t.Fatal(err)
		}
		placed(t, c.Service)
		for _, id := range []graph.ID{a, b} {
			if got := audience(t, c.Service, id); got != "c:unassigned" {
				t.Errorf("%s carries %s", id, got)
			}
		}
		if err := c.SetSame(t.Context(), catalog.SameInput{A: a, B: b}); err != nil {
			t.Fatal(err)
		}
		placed(t, c.Service)
		if got := audience(t, c.Service, b); got != "open" {
			t.Errorf("%s carries %s", b, got)
		}
	})
}

func TestAudiences_WithoutADomainAreConfigured(t *testing.T) {
	c := newCompany(t, memory(t))
	c.Service = c.Unassigned(authz.Closed)
	c.fill()
	placed(t, c.Service)
	if got := audience(t, c.Service, ds("ops.scratch")); got != "c:unassigned" {
		t.Errorf("carries %s", got)
	}
	open := c.Unassigned(authz.Open)
	if n, err := open.Reassign(t.Context()); err != nil || n == 0 {
		t.Fatalf("%d written (%v)", n, err)
	}
	placed(t, open)
	if got := audience(t, open, tf("sync")); got != "open" {
		t.Errorf("carries %s", got)
	}
}

// TestAudiences_AnyOrder lets random events come in random orders into domains of every visibility.
func TestAudiences_AnyOrder(t *testing.T) {
	for seed := range orders() {
		r := rand.New(rand.NewPCG(seed, 7))
		u := &universe{r: r}
		var events []catalog.Event
		for range r.IntN(25) + 2 {
			events = append(events, u.event())
		}
		a, b := guardedWorld(t), guardedWorld(t)
		apply(t, a, events, r)
		shuffled := slices.Concat(events, events[:r.IntN(len(events))])
		r.Shuffle(len(shuffled), func(i, k int) { shuffled[i], shuffled[k] = shuffled[k], shuffled[i] })
		apply(t, b, shuffled, r)
		want, got := picture(t, a), picture(t, b)
		placed(t, catalog.New(a, nil))
		if want != got || t.Failed() {
			t.Fatalf("seed %d: %s", seed, difference(want, got))
		}
	}
}

// guardedWorld has a domain for its members and a closed one, and the rest to come.
func guardedWorld(t *testing.T) graph.Store {
	t.Helper()
	s := memory(t)
	err := s.Update(context.Background(), "", func(ctx context.Context, tx graph.Tx) error {
		for name, v := range map[string]authz.Visibility{"sales": authz.InDomain, "care": authz.Closed} {
			id := catalog.DomainID(name)
			d := catalog.Domain{Name: name, Title: fmt.Sprint(name), Visibility: v, Audience: authz.Audience(v, id)}
			if _, err := tx.Put(ctx, catalog.DomainType.Write(id, graph.Create, d)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
