package catalog_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// client is a context of a service account with a token.
func client(t *testing.T, id, token string, p authz.Principal) context.Context {
	p.ID, p.Type, p.Token = id, authz.Account, token
	return authz.With(t.Context(), p)
}

var (
	platform = []authz.Held{{Role: authz.Platform, Domain: authz.Everywhere}}
	mayWrite = authz.Principal{Roles: platform, Scopes: []string{authz.ScopeLineage}}
)

// inNamespace is an event about a job.
func inNamespace(namespace, name string) catalog.Event {
	e := jobNamed(name)
	e.Raw = []byte(namespace + "/" + name)
	e.Hash = sha256.Sum256(e.Raw)
	e.Job = &catalog.JobFact{Namespace: namespace, Name: name}
	return e
}

func TestIntake_AsksThePolicy(t *testing.T) {
	store := memory(t)
	policy := policyOf(t, store)
	in := catalog.NewIntake(catalog.New(store, time.Now).Guarded(policy))
	defer in.Close()
	of := func(spaces ...string) authz.Principal {
		return authz.Principal{Roles: platform, Scopes: []string{authz.ScopeLineage}, Namespaces: spaces}
	}
	job := func(ns string) catalog.Event { return inNamespace(ns, "job") }
	table := catalog.Event{At: day, Raw: []byte("t"), Datasets: []catalog.DatasetFact{{Namespace: "pg", Name: "t", Role: catalog.Subject}}}
	link := job("mine")
	link.Links = []catalog.LinkFact{{Target: catalog.Ref{Namespace: "pg", Name: "t"}, Via: &catalog.Ref{Job: true, Namespace: "theirs", Name: "x"}}}
	for name, tt := range map[string]struct {
		ctx   context.Context
		event catalog.Event
		want  errs.Kind
		names string // in the refusal
	}{
		"nobody":                     {t.Context(), job("mine"), errs.Unauthenticated, ""},
		"without a role":             {client(t, "svc_a", "tok_a", authz.Principal{Scopes: mayWrite.Scopes}), job("mine"), errs.Forbidden, ""},
		"another scope":              {client(t, "svc_b", "tok_b", authz.Principal{Roles: platform, Scopes: []string{authz.ScopeRead}}), job("mine"), errs.Forbidden, ""},
		"all namespaces":             {client(t, "svc_c", "tok_c", of()), job("any"), 0, ""},
		"its namespace":              {client(t, "svc_d", "tok_d", of("mine")), job("mine"), 0, ""},
		"another namespace":          {client(t, "svc_e", "tok_e", of("mine")), job("theirs"), errs.Forbidden, "theirs"},
		"another job's lineage":      {client(t, "svc_f", "tok_f", of("mine")), link, errs.Forbidden, "theirs"},
		"a dataset":                  {client(t, "svc_g", "tok_g", of("mine")), table, errs.Forbidden, "pg"},
		"a dataset of its namespace": {client(t, "svc_h", "tok_h", of("mine", "pg")), table, 0, ""},
		"the operator":               {authz.With(t.Context(), authz.Operator), job("operated"), 0, ""},
	} {
		err := in.Accept(tt.ctx, authz.Actor(tt.ctx), tt.event)[0]
		if tt.want == 0 && err != nil || tt.want != 0 && !errs.Is(err, tt.want) || !strings.Contains(errs.Shown(err), tt.names) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, e := range logged(t, store, 1) {
		refused := strings.Contains("svc_a svc_b svc_e svc_f svc_g", e.Actor)
		if e.Action != "intake.apply" || refused != (e.Decision == audit.Denied) || refused && len(e.Changes) > 0 {
			t.Errorf("%+v", e)
		}
		if e.Actor == "svc_e" && (e.Facts["namespace"] != "theirs" || e.Facts["token"] != "tok_e") {
			t.Errorf("the attempt is told as %v", e.Facts)
		}
	}
	before := lastSeq(t, store)
	e := client(t, "svc_e", "tok_e", of("mine"))
	errors := in.Accept(e, "svc_e", inNamespace("theirs", "1"), inNamespace("mine", "2"), inNamespace("theirs", "3"))
	if !errs.Is(errors[0], errs.Forbidden) || errors[1] != nil || !errs.Is(errors[2], errs.Forbidden) {
		t.Errorf("each is answered for itself: %v", errors)
	}
	if got := logged(t, store, before); len(got) != 1 || got[0].Decision != audit.Allowed {
		t.Errorf("refused again within minutes: %+v", got)
	}
}

// holding is a store that counts commits, and lets none begin until it is let go.
type holding struct {
	graph.Store
	gate    chan struct{}
	mu      sync.Mutex
	commits int
}

func (s *holding) Update(ctx context.Context, id string, fn func(context.Context, graph.Tx) error) error {
	<-s.gate
	s.mu.Lock()
	s.commits++
	s.mu.Unlock()
	return s.Store.Update(ctx, id, fn)
}

// TestIntake_OneEntryForEachTokenAndGroup sends events of three tokens of two accounts at once.
func TestIntake_OneEntryForEachTokenAndGroup(t *testing.T) {
	store := &holding{Store: memory(t), gate: make(chan struct{})}
	policy := policyOf(t, store.Store)
	in := catalog.NewIntake(catalog.New(store, time.Now).Guarded(policy))
	before := lastSeq(t, store)
	tokens := []string{"tok_1", "tok_2", "tok_3"}
	var senders sync.WaitGroup
	for i := range 30 {
		token := tokens[i%3]
		account := map[string]string{"tok_1": "svc_x", "tok_2": "svc_x", "tok_3": "svc_y"}[token]
		senders.Go(func() {
			ctx := client(t, account, token, mayWrite)
			if err := in.Accept(ctx, account, inNamespace("ns", fmt.Sprint(i)))[0]; err != nil {
				t.Errorf("event %d: %v", i, err)
			}
		})
	}
	time.Sleep(50 * time.Millisecond) // so that most wait together; without it there are more groups, and as many entries each
	close(store.gate)
	senders.Wait()
	in.Close()
	events, per := 0, map[string]int{}
	for _, e := range logged(t, store, before) {
		var n int
		if _, err := fmt.Sscan(e.Facts["events"], &n); err != nil {
			t.Fatal(err)
		}
		events += n
		per[e.Facts["token"]] += len(e.Changes)
		if want := map[string]string{"tok_1": "svc_x", "tok_2": "svc_x", "tok_3": "svc_y"}[e.Facts["token"]]; e.Actor != want || len(e.Changes) != n {
			t.Errorf("%+v", e)
		}
	}
	if events != 30 || per["tok_1"] != 10 || per["tok_2"] != 10 || per["tok_3"] != 10 {
		t.Errorf("%d events, changes of each token %v", events, per)
	}
	if got := len(logged(t, store, before)); got > 3*store.commits {
		t.Errorf("%d entries in %d commits", got, store.commits)
	}
	placed(t, catalog.New(store.Store, time.Now))
}

// Whoever may report the jobs of one namespace moves no dataset of another one into a domain, where others would see it.
func TestIntake_ABoundTokenMovesNoDatasetOfOthers(t *testing.T) {
	store := memory(t)
	in := catalog.NewIntake(catalog.New(store, time.Now).Guarded(policyOf(t, store)))
	defer in.Close()
	for i, tt := range []struct {
		spaces []string
		want   graph.ID
	}{
		{[]string{"mine"}, ""},
		{[]string{"mine", "pg"}, catalog.DomainID("sales")},
		{nil, catalog.DomainID("sales")},
	} {
		name := fmt.Sprintf("t%d", i)
		e := inNamespace("mine", name)
		e.Datasets = []catalog.DatasetFact{{Namespace: "pg", Name: name, Role: catalog.Output, Values: catalog.Values{catalog.FieldDomain: {"sales"}}}}
		ctx := client(t, "svc", "tok", authz.Principal{Roles: platform, Scopes: []string{authz.ScopeLineage}, Namespaces: tt.spaces})
		if err := in.Accept(ctx, "svc", e)[0]; err != nil {
			t.Fatal(err)
		}
		id := catalog.DatasetID("pg", name)
		nodes, err := store.Nodes(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		d, err := catalog.DatasetType.Read(nodes[id])
		if err != nil || d.Domain != tt.want {
			t.Errorf("a token for %v: the domain is %q, %v", tt.spaces, d.Domain, err)
		}
	}
}
