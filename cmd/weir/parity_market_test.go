package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/identity"
	"weir/marketplace"
)

// The same story through plain forms, as a browser without script sends them, and through GraphQL, on two fresh stores: the
// same nodes, edges and entries are left.
func TestParity_MarketByFormAndGraphQL(t *testing.T) {
	forms, questions := newParity(t), newParity(t)
	forms.tell(t, forms.formDoor())
	questions.tell(t, questions.graphQLDoor())
	a, b := forms.picture(t), questions.picture(t)
	if a != b {
		t.Errorf("the two ways differ\n--- forms\n%s\n--- GraphQL\n%s", onlyIn(a, b), onlyIn(b, a))
	}
	for _, action := range []string{"submit", "ask", "answer", "approve", "approve-less", "reject", "withdraw", "grant-revoke", "grant-hand-back"} {
		if !strings.Contains(a, " marketplace."+action+" ") {
			t.Errorf("nothing wrote marketplace.%s", action)
		}
	}
}

// parity is a server with somebody who asks, somebody who decides, and datasets of his.
type parity struct {
	*Server
	site           http.Handler
	asker, decider graph.ID
	tokens         map[graph.ID]string
}

const parityDatasets = 4

func newParity(t *testing.T) *parity {
	t.Helper()
	p := &parity{Server: parityServer(t), tokens: map[graph.ID]string{}}
	ctx := p.asOperator(t.Context())
	person := func(login string) graph.ID {
		u, err := p.Identity.CreateUser(ctx, identity.NewUser{Login: login, Name: login})
		if err != nil {
			t.Fatal(err)
		}
		_, text, err := p.Identity.CreateToken(ctx, identity.NewToken{Name: login, Principal: u.ID, Scopes: []string{authz.ScopeAdmin}})
		if err != nil {
			t.Fatal(err)
		}
		p.tokens[u.ID] = text
		return u.ID
	}
	p.asker, p.decider = person("asker"), person("decider")
	err := p.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		owner := catalog.OwnerID("decider")
		ws := []graph.NodeWrite{catalog.OwnerType.Write(owner, graph.Create, catalog.Owner{Name: "decider"})}
		var edges []graph.Edge
		for i := range parityDatasets {
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
	p.site = p.newSite().Handler()
	return p
}

// door is one way in for each act of the story.
type door struct {
	submit         func(t *testing.T, target graph.ID)
	decide         func(t *testing.T, i marketplace.ItemView, do, reason string, days int)
	answer         func(t *testing.T, i marketplace.ItemView, text string)
	withdraw       func(t *testing.T, i marketplace.ItemView)
	revoke, giveUp func(t *testing.T, grant graph.ID)
}

// tell is the story: asked back, answered, approved for less, given up; approved and revoked; rejected; withdrawn.
func (p *parity) tell(t *testing.T, d door) {
	t.Helper()
	for i := range parityDatasets {
		d.submit(t, killTarget(i))
	}
	d.decide(t, p.item(t, 0), "ask", "Who will see it?", 0)
	d.answer(t, p.item(t, 0), "Our team alone.")
	d.decide(t, p.item(t, 0), "less", "A week will do.", 7)
	d.giveUp(t, p.item(t, 0).Grant)
	d.decide(t, p.item(t, 1), "approve", "", 0)
	d.revoke(t, p.item(t, 1).Grant)
	d.decide(t, p.item(t, 2), "reject", "Ask for the masked one.", 0)
	d.withdraw(t, p.item(t, 3))
}

// item is what was asked for of a dataset, as who decides sees it now.
func (p *parity) item(t *testing.T, dataset int) marketplace.ItemView {
	t.Helper()
	who, err := p.Identity.PrincipalOf(t.Context(), p.decider)
	if err != nil {
		t.Fatal(err)
	}
	ctx := p.asOperator(t.Context())
	page, err := p.Market.Requests(ctx, marketplace.RequestList{View: marketplace.RequestsAbout, ID: killTarget(dataset), Limit: 10})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("%d requests are about dataset %d (%v)", len(page.Items), dataset, err)
	}
	v, err := p.Market.Item(authz.With(ctx, who), page.Items[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const parityWhy = "To see whether both ways are one."

func (p *parity) formDoor() door {
	post := func(t *testing.T, who graph.ID, path string, form url.Values) {
		t.Helper()
		p.send(t, who, path, "application/x-www-form-urlencoded", form.Encode(), http.StatusSeeOther)
	}
	of := func(i marketplace.ItemView, more ...string) url.Values {
		form := url.Values{"item": {string(i.ID)}, "version": {strconv.FormatInt(i.Version, 10)}, "seen": {i.Facts}}
		for n := 0; n < len(more); n += 2 {
			form.Set(more[n], more[n+1])
		}
		return form
	}
	return door{
		submit: func(t *testing.T, target graph.ID) {
			post(t, p.asker, "/requests", url.Values{"target": {string(target)}, "purpose": {"analytics"}, "why": {parityWhy}, "access": {"read"}, "days": {"30"}})
		},
		decide: func(t *testing.T, i marketplace.ItemView, do, reason string, days int) {
			post(t, p.decider, "/inbox/"+string(i.ID), of(i, "do", do, "reason", reason, "days", strconv.Itoa(days)))
		},
		answer: func(t *testing.T, i marketplace.ItemView, text string) {
			post(t, p.asker, "/requests/"+string(i.Request)+"/answer", of(i, "answer", text))
		},
		withdraw: func(t *testing.T, i marketplace.ItemView) {
			post(t, p.asker, "/requests/"+string(i.Request)+"/withdraw", of(i))
		},
		revoke: func(t *testing.T, grant graph.ID) {
			post(t, p.decider, "/grants/"+string(grant)+"/revoke", url.Values{"reason": {"It is over."}})
		},
		giveUp: func(t *testing.T, grant graph.ID) {
			post(t, p.asker, "/grants/"+string(grant)+"/hand-back", url.Values{"reason": {"Not needed any more."}})
		},
	}
}

func (p *parity) graphQLDoor() door {
	ask := func(t *testing.T, who graph.ID, mutation string, in map[string]any) {
		t.Helper()
		body, err := json.Marshal(map[string]any{"query": mutation, "variables": in})
		if err != nil {
			t.Fatal(err)
		}
		if answer := p.send(t, who, "/graphql", "application/json", string(body), http.StatusOK); strings.Contains(answer, `"errors"`) {
			t.Fatalf("GraphQL answers %s", answer)
		}
	}
	change := func(t *testing.T, who graph.ID, field string, grant graph.ID, reason string) {
		t.Helper()
		ask(t, who, `mutation ($in: GrantChangeInput!) { `+field+`(input: $in) { id } }`, map[string]any{"in": map[string]any{"grant": grant, "reason": reason}})
	}
	return door{
		submit: func(t *testing.T, target graph.ID) {
			ask(t, p.asker, `mutation ($in: AskInput!) { submitRequest(input: $in) { id } }`, map[string]any{"in": map[string]any{
				"purpose": "analytics", "why": parityWhy, "access": "READ", "days": 30, "items": []any{map[string]any{"target": target}}}})
		},
		decide: func(t *testing.T, i marketplace.ItemView, do, reason string, days int) {
			in := map[string]any{"item": i.ID, "version": i.Version, "seen": i.Facts, "verdict": strings.ToUpper(do), "reason": reason}
			if do == "less" {
				in["verdict"], in["days"] = "APPROVE", days
			}
			ask(t, p.decider, `mutation ($in: DecideInput!) { decide(input: $in) { id } }`, map[string]any{"in": in})
		},
		answer: func(t *testing.T, i marketplace.ItemView, text string) {
			ask(t, p.asker, `mutation ($id: ID!, $text: String!) { answerItem(item: $id, text: $text) { id } }`, map[string]any{"id": i.ID, "text": text})
		},
		withdraw: func(t *testing.T, i marketplace.ItemView) {
			ask(t, p.asker, `mutation ($id: ID!) { withdrawItem(item: $id) { id } }`, map[string]any{"id": i.ID})
		},
		revoke: func(t *testing.T, grant graph.ID) { change(t, p.decider, "revokeGrant", grant, "It is over.") },
		giveUp: func(t *testing.T, grant graph.ID) { change(t, p.asker, "handBackGrant", grant, "Not needed any more.") },
	}
}

// send posts as somebody and returns the answer, which has to have a status.
func (p *parity) send(t *testing.T, who graph.ID, path, media, body string, status int) string {
	t.Helper()
	r := httptest.NewRequestWithContext(audit.Sealing(t.Context(), p.Server.Log.Keys()), http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", media)
	r.Header.Set("Authorization", "Bearer "+p.tokens[who])
	w := httptest.NewRecorder()
	p.site.ServeHTTP(w, r)
	if w.Code != status {
		t.Fatalf("%s was answered with %d: %.600s", path, w.Code, w.Body.String())
	}
	return w.Body.String()
}

// What is made anew each time: ids, times and the hashes of what holds them.
var (
	madeID   = regexp.MustCompile(`\b([a-z]{3})_[a-z2-7]{20,}`)
	madeTime = regexp.MustCompile(`\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[^" \]]*( \+0000 UTC)?`)
	madeHash = regexp.MustCompile(`\b[0-9a-f]{64}\b`)
)

// picture is what the marketplace keeps and what the log says of it. Ids that say nothing are told apart by their kind alone; the
// datasets keep theirs.
func (p *parity) picture(t *testing.T) string {
	t.Helper()
	schema := marketplace.Schema()
	var lines []string
	for rec, err := range p.Store.Dump(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if n := rec.Node; n != nil {
			if _, ours := schema.Kinds[n.Kind]; ours {
				lines = append(lines, "node "+string(n.Kind)+" "+p.words(n.Props))
			}
		}
		if e := rec.Edge; e != nil && e.Rel == marketplace.RelGrants {
			lines = append(lines, fmt.Sprintf("edge %s %s %v", e.Rel, e.To, e.Props))
		}
	}
	entries, err := audit.Since(p.asOperator(t.Context()), p.Store, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Action, "marketplace.") {
			lines = append(lines, p.words("entry "+e.Actor+" "+e.Action+" "+string(e.Decision)+" "+fmt.Sprint(e.Facts, e.Changes)))
		}
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

func (p *parity) words(v any) string {
	if props, ok := v.(graph.Props); ok {
		said := graph.Props{}
		for k, prop := range props {
			if raw, ok := prop.([]byte); ok {
				prop = string(raw)
			}
			said[k] = prop
		}
		v = said
	}
	text := fmt.Sprint(v)
	for i := range parityDatasets {
		text = strings.ReplaceAll(text, string(killTarget(i)), fmt.Sprintf("dataset %d", i))
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, string(p.asker), "asker"), string(p.decider), "decider")
	return madeHash.ReplaceAllString(madeTime.ReplaceAllString(madeID.ReplaceAllString(text, "$1"), "time"), "hash")
}
