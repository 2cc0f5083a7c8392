package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/identity"
	"weir/marketplace"
)

// The server is killed in the middle of decisions and of what comes of them. Every decision that was acknowledged is there,
// each approved item has one grant, and each grant reaches the outside under one id, however often it was sent.
func TestKill_DecisionsAndGrants(t *testing.T) {
	rounds := 2
	if v := os.Getenv("WEIR_TEST_KILLS"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			t.Fatal(err)
		}
		rounds = max(2, n/2)
	}
	if testing.Short() || os.Getenv("WEIR_TEST_KILLS") == "0" {
		t.Skip("starts and kills servers; not in short runs")
	}
	if os.Getenv("WEIR_TEST_KILL_STORE") != "" {
		t.Skip("the tests of the marketplace race two servers on Neo4j; this one kills on the embedded store")
	}
	binary := filepath.Join(t.TempDir(), "weir")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	k := newKilling(t)
	for round := range rounds {
		k.round(t, binary, round)
	}
	if len(k.approved) == 0 {
		t.Fatal("nothing was approved in any round: nothing was tried")
	}
	k.check(t)
	t.Logf("%d rounds, %d approvals acknowledged, all there", rounds, len(k.approved))
}

// killing is a directory with somebody who asks and somebody who decides, and what both were told of.
type killing struct {
	cfg            Config
	asks, decides  string // bearer tokens
	mu             sync.Mutex
	sent, approved map[string]bool // items
}

const killDatasets = 400

func newKilling(t *testing.T) *killing {
	t.Helper()
	k := &killing{cfg: temporary(t), sent: map[string]bool{}, approved: map[string]bool{}}
	k.cfg.Enforcement = "file:grants.jsonl"
	s, err := Open(t.Context(), k.cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx := s.asOperator(t.Context())
	tokenFor := func(login, scope string) string {
		u, err := s.Identity.CreateUser(ctx, identity.NewUser{Login: login, Name: login})
		if err != nil {
			t.Fatal(err)
		}
		_, text, err := s.Identity.CreateToken(ctx, identity.NewToken{Name: login, Principal: u.ID, Scopes: []string{scope}})
		if err != nil {
			t.Fatal(err)
		}
		return "Bearer " + text
	}
	k.asks, k.decides = tokenFor("asker", authz.ScopeAsk), tokenFor("decider", authz.ScopeDecide)
	err = s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		owner := catalog.OwnerID("decider")
		ws := []graph.NodeWrite{catalog.OwnerType.Write(owner, graph.Create, catalog.Owner{Name: "decider"})}
		var edges []graph.Edge
		for i := range killDatasets {
			id := killTarget(i)
			ws = append(ws, catalog.DatasetType.Write(id, graph.Create, catalog.Dataset{Namespace: "kill", Name: fmt.Sprint(i), Audience: "open"}))
			edges = append(edges, graph.Edge{From: id, Rel: catalog.RelOwned, To: owner, Valid: graph.Span{Since: graph.Time(time.Now().Add(-time.Hour))}})
		}
		if _, err := tx.Put(ctx, ws...); err != nil {
			return err
		}
		return tx.Link(ctx, edges...)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return k
}

func killTarget(i int) graph.ID { return catalog.DatasetID("kill", fmt.Sprint(i)) }

// round serves, lets one ask and the other decide until the server is killed, and keeps what was acknowledged.
func (k *killing) round(t *testing.T, binary string, round int) {
	t.Helper()
	cmd := exec.Command(binary, "serve", "--dir", k.cfg.Dir, "--addr", "127.0.0.1:0", "--log-level", "error", "--enforcement", k.cfg.Enforcement)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("round %d: the server did not start: %v", round, err)
	}
	url := strings.TrimSpace(line[strings.LastIndex(line, "http"):])
	ctx, cancel := context.WithCancel(context.Background())
	var clients sync.WaitGroup
	clients.Go(func() {
		for i := round * 40; ctx.Err() == nil && i < min(killDatasets, (round+1)*40); i++ {
			k.ask(ctx, url, i)
		}
	})
	for range 2 {
		clients.Go(func() {
			for ctx.Err() == nil {
				k.decide(ctx, url)
			}
		})
	}
	before := k.count()
	eventually(t, time.Minute, "something is approved", func() bool { return k.count() > before })
	time.Sleep(time.Duration(100+round*37%300) * time.Millisecond)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cancel()
	clients.Wait()
	_ = cmd.Wait() // it says that it was killed
}

func (k *killing) count() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.approved)
}

// call posts a GraphQL document and returns its data; nil if the server didn't answer well.
func (k *killing) call(ctx context.Context, url, bearer, query string, variables map[string]any) json.RawMessage {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", bearer)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil // it is being killed
	}
	defer func() { _ = resp.Body.Close() }()
	var got struct {
		Data   json.RawMessage
		Errors []json.RawMessage
	}
	if json.NewDecoder(resp.Body).Decode(&got) != nil || len(got.Errors) > 0 {
		return nil
	}
	return got.Data
}

func (k *killing) ask(ctx context.Context, url string, i int) {
	raw := k.call(ctx, url, k.asks, `mutation ($in: AskInput!) { submitRequest(input: $in) { items { id } } }`, map[string]any{"in": map[string]any{
		"purpose": "analytics", "why": "To see what a kill leaves behind.", "access": "READ", "days": 10, "items": []any{map[string]any{"target": killTarget(i)}}}})
	var got struct {
		SubmitRequest struct{ Items []struct{ ID string } }
	}
	if json.Unmarshal(raw, &got) != nil || len(got.SubmitRequest.Items) == 0 {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.sent[got.SubmitRequest.Items[0].ID] = true
}

// decide approves what is on the list. Two do so at once, so one of them often comes too late.
func (k *killing) decide(ctx context.Context, url string) {
	raw := k.call(ctx, url, k.decides, `{ inbox(first: 5) { nodes { item { id } } } }`, nil)
	var got struct {
		Inbox struct {
			Nodes []struct{ Item struct{ ID string } }
		}
	}
	if json.Unmarshal(raw, &got) != nil {
		return
	}
	for _, n := range got.Inbox.Nodes {
		raw := k.call(ctx, url, k.decides, `query ($id: ID!) { requestItem(id: $id) { detail { facts } } }`, map[string]any{"id": n.Item.ID})
		var seen struct {
			RequestItem struct{ Detail struct{ Facts string } }
		}
		if json.Unmarshal(raw, &seen) != nil {
			return
		}
		raw = k.call(ctx, url, k.decides, `mutation ($in: DecideInput!) { decide(input: $in) { state } }`, map[string]any{"in": map[string]any{
			"item": n.Item.ID, "verdict": "APPROVE", "seen": seen.RequestItem.Detail.Facts}})
		var said struct{ Decide struct{ State string } }
		if json.Unmarshal(raw, &said) == nil && said.Decide.State == "APPROVED" {
			k.mu.Lock()
			k.approved[n.Item.ID] = true
			k.mu.Unlock()
		}
	}
}

// check opens the store once more, lets it deliver what waits, and compares.
func (k *killing) check(t *testing.T) {
	t.Helper()
	s, err := Open(t.Context(), k.cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	ctx := s.asOperator(t.Context())
	states := map[string]marketplace.Item{}
	for after := ""; ; {
		page, err := s.Market.Requests(ctx, marketplace.RequestList{View: marketplace.AllRequests, Limit: 500, After: after})
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range page.Items {
			states[string(i.ID)] = i.Item
		}
		if after = page.Next; after == "" {
			break
		}
	}
	for id := range k.sent {
		if _, ok := states[id]; !ok {
			t.Errorf("the request %s was acknowledged and is gone", id)
		}
	}
	for id := range k.approved {
		if states[id].State != marketplace.Approved {
			t.Errorf("the approval of %s was acknowledged, and it is %q", id, states[id].State)
		}
	}
	k.checkGrants(ctx, t, s, states)
}

func (k *killing) checkGrants(ctx context.Context, t *testing.T, s *Server, states map[string]marketplace.Item) {
	t.Helper()
	grants := map[graph.ID]bool{}
	for _, i := range states {
		if i.State != marketplace.Approved {
			if i.Grant != "" {
				t.Errorf("%s is %s and has the grant %s", i.ID, i.State, i.Grant)
			}
			continue
		}
		g, err := s.Market.Grant(ctx, i.Grant)
		if err != nil || g.Item != i.ID || grants[g.ID] {
			t.Errorf("the approved %s has the grant %q of %q (%v)", i.ID, i.Grant, g.Item, err)
		}
		grants[g.ID] = true
	}
	// The leases of the server that was killed last have to run out before another one delivers.
	eventually(t, 3*time.Minute, "every grant reaches the outside", func() bool {
		raw, err := os.ReadFile(filepath.Join(k.cfg.Dir, "grants.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		commands := map[graph.ID]map[string]bool{}
		for line := range strings.SplitSeq(strings.TrimSpace(string(raw)), "\n") {
			var m struct {
				ID    string
				Grant graph.ID
			}
			if line == "" {
				continue
			}
			if json.Unmarshal([]byte(line), &m) != nil || !grants[m.Grant] {
				t.Errorf("the outside was told of something else than a grant: %.120s", line)
			}
			if commands[m.Grant] == nil {
				commands[m.Grant] = map[string]bool{}
			}
			commands[m.Grant][m.ID] = true
		}
		for id, under := range commands {
			if len(under) != 1 {
				t.Fatalf("the grant %s was sent under %d ids", id, len(under))
			}
		}
		return len(commands) == len(grants)
	})
}
