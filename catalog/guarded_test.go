package catalog_test

import (
	"context"
	"testing"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// policyOf installs the default rules in a store and returns their policy.
func policyOf(t testing.TB, s graph.Store) *authz.Policy {
	t.Helper()
	if err := authz.Install(t.Context(), s, noon); err != nil {
		t.Fatal(err)
	}
	p, err := authz.NewPolicy(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// as is a context of a person who holds roles, each given as role and domain.
func as(t testing.TB, who string, roles ...string) context.Context {
	p := authz.Principal{ID: "usr_" + who, Name: who, Type: authz.Person}
	for i := 0; i < len(roles); i += 2 {
		p.Roles = append(p.Roles, authz.Held{Role: roles[i], Domain: roles[i+1]})
	}
	return authz.With(t.Context(), p)
}

// logged are the entries after a position.
func logged(t testing.TB, s graph.Store, after int64) []audit.Entry {
	t.Helper()
	out, err := audit.Since(t.Context(), s, after, 100)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func lastSeq(t testing.TB, s graph.Store) int64 {
	t.Helper()
	last, err := audit.Latest(t.Context(), s, 1)
	if err != nil || len(last) == 0 {
		t.Fatal(err)
	}
	return last[0].Seq
}

func TestCommands_AskThePolicy(t *testing.T) {
	customer, pay := string(catalog.DomainID("customer")), string(catalog.DomainID("payments"))
	describe := func(id graph.ID, in catalog.DescribeInput) func(context.Context, *catalog.Service) error {
		in.ID = id
		return func(ctx context.Context, s *catalog.Service) error { return s.Describe(ctx, in) }
	}
	words := catalog.DescribeInput{Description: ptr("new words")}
	column := catalog.ColumnID(ds("crm.customers"), "customer_email")
	steward := []string{authz.Steward, customer}
	for name, tt := range map[string]struct {
		roles  []string
		do     func(context.Context, *catalog.Service) error
		want   errs.Kind
		denied bool // the attempt is in the log
		action string
		target graph.ID
	}{
		"a member":                {nil, describe(ds("crm.customers"), words), errs.Forbidden, true, "catalog.describe", ds("crm.customers")},
		"a member, of a column":   {nil, describe(column, words), errs.Forbidden, true, "catalog.describe", column},
		"a steward elsewhere":     {[]string{authz.Steward, pay}, describe(ds("crm.customers"), words), errs.Forbidden, true, "catalog.describe", ds("crm.customers")},
		"a steward":               {steward, describe(ds("crm.customers"), words), 0, false, "catalog.describe", ds("crm.customers")},
		"a steward, of a column":  {steward, describe(column, words), 0, false, "catalog.describe", column},
		"of what is hidden":       {nil, describe(ds("pay.transactions"), words), errs.NotFound, false, "", ""},
		"of a hidden column":      {nil, describe(catalog.ColumnID(ds("pay.transactions"), "card"), words), errs.NotFound, false, "", ""},
		"of what is missing":      {nil, describe("ds_missing", words), errs.NotFound, false, "", ""},
		"of the domain":           {steward, describe(graph.ID(customer), words), 0, false, "catalog.describe", graph.ID(customer)},
		"of the domain, a member": {nil, describe(graph.ID(customer), words), errs.Forbidden, true, "catalog.describe", graph.ID(customer)},
		"closing it":              {steward, describe(ds("crm.customers"), catalog.DescribeInput{Visibility: ptr("closed")}), 0, false, "catalog.describe", ds("crm.customers")},
		"moving it away":          {steward, describe(ds("crm.customers"), catalog.DescribeInput{Domain: ptr("payments")}), errs.Forbidden, true, "catalog.describe", ds("crm.customers")},
		"out of any domain":       {steward, describe(ds("crm.customers"), catalog.DescribeInput{Domain: ptr("")}), errs.Forbidden, true, "catalog.describe", ds("crm.customers")},
		"moving it, of both": {append([]string{authz.Owner, pay}, steward...), describe(ds("crm.customers"), catalog.DescribeInput{Domain: ptr("payments")}),
			0, false, "catalog.describe", ds("crm.customers")},
		"closing lineage": {steward, func(ctx context.Context, s *catalog.Service) error {
			return s.CloseLineage(ctx, catalog.CloseInput{From: ds("crm.customers"), To: tf("build_360")})
		}, 0, false, "catalog.close", ds("crm.customers")},
		"closing lineage, a member": {nil, func(ctx context.Context, s *catalog.Service) error {
			return s.CloseLineage(ctx, catalog.CloseInput{From: ds("crm.customers"), To: tf("build_360")})
		}, errs.Forbidden, true, "catalog.close", ds("crm.customers")},
		"closing hidden lineage": {steward, func(ctx context.Context, s *catalog.Service) error {
			return s.CloseLineage(ctx, catalog.CloseInput{From: ds("pay.transactions"), To: tf("build_360")})
		}, errs.NotFound, false, "", ""},
		"the same, a member": {nil, func(ctx context.Context, s *catalog.Service) error {
			return s.SetSame(ctx, catalog.SameInput{A: ds("crm.customers"), B: ds("mart.customer_360"), Same: true})
		}, errs.Forbidden, true, "catalog.same", ds("crm.customers")},
		"the same as a hidden one": {steward, func(ctx context.Context, s *catalog.Service) error {
			return s.SetSame(ctx, catalog.SameInput{A: ds("crm.customers"), B: ds("pay.transactions"), Same: true})
		}, errs.NotFound, false, "", ""},
		"the same": {steward, func(ctx context.Context, s *catalog.Service) error {
			return s.SetSame(ctx, catalog.SameInput{A: ds("crm.customers"), B: ds("mart.customer_360"), Same: true})
		}, 0, false, "catalog.same", ds("crm.customers")},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCompany(t, memory(t))
			c.fill()
			c.say(ds("pay.transactions"), catalog.DescribeInput{Visibility: ptr("closed")})
			s, before := c.Guarded(policyOf(t, c.store)), int64(0)
			before = lastSeq(t, c.store)
			err := tt.do(as(t, "eve", tt.roles...), s)
			if tt.want == 0 && err != nil || tt.want != 0 && !errs.Is(err, tt.want) {
				t.Errorf("answers %v, want %v", err, tt.want)
			}
			placed(t, s)
			checkEntry(t, logged(t, c.store, before), tt.action, tt.target, tt.denied)
		})
	}
}

// checkEntry wants one entry of eve's with an action ("": none).
func checkEntry(t *testing.T, entries []audit.Entry, action string, target graph.ID, denied bool) {
	t.Helper()
	if action == "" {
		if len(entries) != 0 {
			t.Errorf("the log tells of it: %+v", entries)
		}
		return
	}
	want := audit.Allowed
	if denied {
		want = audit.Denied
	}
	if len(entries) != 1 || entries[0].Action != action || entries[0].Actor != "usr_eve" || entries[0].Target != target || entries[0].Decision != want {
		t.Errorf("entries %+v, want one of %s", entries, action)
	}
	if denied && len(entries) > 0 && len(entries[0].Changes) > 0 {
		t.Errorf("a refused attempt changed %+v", entries[0].Changes)
	}
}

// TestCommands_HiddenIsMissing compares what a command says of something hidden with what it says of nothing at all.
func TestCommands_HiddenIsMissing(t *testing.T) {
	c := newCompany(t, memory(t))
	c.fill()
	c.say(ds("pay.transactions"), catalog.DescribeInput{Visibility: ptr("closed")})
	s, ctx := c.Guarded(policyOf(t, c.store)), as(t, "eve")
	hidden, missing := ds("pay.transactions"), ds("nothing")
	for name, do := range map[string]func(id graph.ID) error{
		"describe": func(id graph.ID) error {
			return s.Describe(ctx, catalog.DescribeInput{ID: id, Title: ptr("x"), Purpose: ptr("not kept for datasets")})
		},
		"version": func(id graph.ID) error {
			return s.Describe(ctx, catalog.DescribeInput{ID: id, Title: ptr("x"), Version: ptr(77)})
		},
		"close":   func(id graph.ID) error { return s.CloseLineage(ctx, catalog.CloseInput{From: id, To: tf("build_360")}) },
		"same":    func(id graph.ID) error { return s.SetSame(ctx, catalog.SameInput{A: ds("crm.customers"), B: id}) },
		"dataset": func(id graph.ID) error { _, err := s.Dataset(ctx, id); return err },
		"columns": func(id graph.ID) error {
			_, err := s.Columns(ctx, catalog.ColumnList{Dataset: id, First: 5})
			return err
		},
		"column":  func(id graph.ID) error { _, err := s.Column(ctx, catalog.ColumnID(id, "card")); return err },
		"runs":    func(id graph.ID) error { _, err := s.Runs(ctx, catalog.RunList{Of: id, First: 5}); return err },
		"history": func(id graph.ID) error { _, err := s.History(ctx, id, 5, ""); return err },
	} {
		a, b := do(hidden), do(missing)
		if errs.KindOf(a) != errs.KindOf(b) || errs.Shown(a) != errs.Shown(b) || !errs.Is(a, errs.NotFound) {
			t.Errorf("%s: hidden answers %v, missing %v", name, a, b)
		}
	}
	nobody := t.Context()
	if err := s.Describe(nobody, catalog.DescribeInput{ID: ds("crm.customers"), Title: ptr("x")}); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("nobody in particular: %v", err)
	}
}

func TestReads_OfRestrictedDataAreWrittenDown(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		s := c.Guarded(policyOf(t, c.store))
		pay, ctx := ds("pay.transactions"), as(t, "ann")
		before := lastSeq(t, c.store)
		read := func(ctx context.Context, want int) {
			t.Helper()
			for range 2 {
				if _, err := s.Dataset(ctx, pay); err != nil {
					t.Fatal(err)
				}
				if _, err := s.Columns(ctx, catalog.ColumnList{Dataset: pay, First: 5}); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := s.Dataset(ctx, ds("crm.customers")); err != nil {
				t.Fatal(err)
			}
			entries := logged(t, c.store, before)
			if len(entries) != want {
				t.Fatalf("%d entries, want %d", len(entries), want)
			}
			last := entries[len(entries)-1]
			if last.Action != "catalog.read" || last.Target != pay || last.Actor != authz.From(ctx).ID || last.Decision != audit.Allowed {
				t.Errorf("%+v", last)
			}
		}
		read(ctx, 1)
		read(as(t, "bob"), 2)
		c.ahead.Store(int64(catalog.ReadEvery))
		read(ctx, 3)
		if _, err := s.Code(as(t, "cyd"), tf("build_360")); err != nil {
			t.Fatal(err)
		}
		if entries := logged(t, c.store, before+3); len(entries) != 0 {
			t.Errorf("a job without code was read: %+v", entries)
		}
	})
}

// deaf is a store that takes no entry of a certain actor.
type deaf struct{ graph.Store }

func (deaf) Update(context.Context, string, func(context.Context, graph.Tx) error) error {
	return errs.E(errs.Unavailable, "The store is not there.")
}

func TestReads_AreNotAnsweredUnlessWrittenDown(t *testing.T) {
	c := newCompany(t, memory(t))
	c.fill()
	policy := policyOf(t, c.store)
	s := catalog.New(deaf{c.store}, c.clock).Guarded(policy)
	if v, err := s.Dataset(as(t, "ann"), ds("pay.transactions")); !errs.Is(err, errs.Unavailable) || v.Dataset.Name != "" {
		t.Errorf("answers %+v, %v", v.Dataset, err)
	}
	if _, err := s.Dataset(as(t, "ann"), ds("crm.customers")); err != nil {
		t.Errorf("what isn't restricted: %v", err)
	}
}
