package gqlschema

import (
	"fmt"
	"strings"
	"testing"

	"weir/authz"
)

// From finding a product to having it and giving it back, all through the door.
func TestAskingDecidingAndHaving(t *testing.T) {
	eachStall(t, func(t *testing.T, s *stall) {
		s.offer(t)
		bob := s.by(t, s.bob)
		got := bob.ask(`{ products(text: "custom") { totalCount nodes { slug state owner { name } domain { name } parts { wholeDataset dataset { name } columns { name } } } } }`, nil)
		node := dig(t, got, "products", "nodes", 0)
		if dig(t, node, "slug") != "customers" || dig(t, node, "owner", "name") != "Eve" || dig(t, node, "parts", 0, "dataset", "name") != "crm.customers" {
			t.Errorf("%v", got)
		}
		got = bob.ask(`query ($in: AskInput!) { requestPreview(input: $in) { title outcome problem steps { name parties { can { name } } }
			terms { number text } ways { access outcome } offered { path classes } verdict { maxDays applied { name } }
			flow { inflows { class } coarse { class } things { id name } } } }`, s.asking("READ"))
		p := dig(t, got, "requestPreview", 0)
		if dig(t, p, "outcome") != "STEPS" || len(as[[]any](t, p, "steps")) == 0 || dig(t, p, "terms", "text") != "Be kind." {
			t.Errorf("the preview is %v", p)
		}
		item := s.asked(t)
		got = s.by(t, s.eve).ask(`{ inbox { nodes { item { id title sender { name } holder { name } } } } inboxCount { count } }`, nil)
		if dig(t, got, "inbox", "nodes", 0, "item", "id") != item || dig(t, got, "inbox", "nodes", 0, "item", "sender", "name") != "Bob" {
			t.Errorf("eve's inbox: %v", got)
		}
		grant := s.approve(t, item)
		got = bob.ask(`query ($id: ID!) { grants { nodes { id title state holder { name } } } grant(id: $id) { state detail { why mayHandBack decisions { id verdict by { name } }
			parts { name columns } history { action by { name } } } } }`, map[string]any{"id": grant})
		if dig(t, got, "grants", "nodes", 0, "id") != grant || dig(t, got, "grant", "detail", "mayHandBack") != true {
			t.Errorf("bob's grants: %v", got)
		}
		decision := as[string](t, got, "grant", "detail", "decisions", 0, "id")
		got = bob.ask(`query ($id: ID!) { replay(decision: $id) { isExact differs then { access columns { path } flow { isPartial } } now { title } decision { verdict } } node(id: $id) { id } }`,
			map[string]any{"id": decision})
		if dig(t, got, "replay", "isExact") != true || dig(t, got, "replay", "then", "access") != "READ" || dig(t, got, "node", "id") != decision {
			t.Errorf("the replay is %v", got)
		}
		got = bob.ask(`mutation ($in: GrantChangeInput!) { handBackGrant(input: $in) { state } }`, map[string]any{"in": map[string]any{"grant": grant}})
		if dig(t, got, "handBackGrant", "state") != "HANDED_BACK" {
			t.Errorf("%v", got)
		}
	})
}

// Nobody decides for himself: not who asked, and not an administrator who did.
func TestNobodyDecidesForHimself(t *testing.T) {
	eachStall(t, func(t *testing.T, s *stall) {
		s.offer(t)
		ada := s.by(t, s.ada)
		got := ada.ask(submits, s.asking("READ"))
		item := as[string](t, got, "submitRequest", "items", 0, "id")
		facts := dig(t, ada.ask(`query ($id: ID!) { requestItem(id: $id) { detail { facts } } }`, map[string]any{"id": item}), "requestItem", "detail", "facts")
		before := s.last(t)
		decision := map[string]any{"item": item, "verdict": "APPROVE", "seen": facts}
		r := ada.post(`mutation ($in: DecideInput!) { decide(input: $in) { id } }`, map[string]any{"in": decision})
		if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "FORBIDDEN" || len(r.Errors[0].Message) < 20 {
			t.Errorf("%s", r.body)
		}
		entries := s.entries(t, before)
		if len(entries) != 1 || entries[0].Action != "marketplace.approve" || entries[0].Actor != string(s.ada.ID) {
			t.Errorf("the log has %+v", entries)
		}
		got = ada.ask(`mutation ($in: [DecideInput!]!) { decideAll(input: $in) { item after { id } error { code message fields { name } } } }`, map[string]any{"in": []any{decision}})
		if dig(t, got, "decideAll", 0, "error", "code") != "FORBIDDEN" || dig(t, got, "decideAll", 0, "after") != nil {
			t.Errorf("%v", got)
		}
	})
}

// What somebody may not see is to him as if it weren't there, under each of its addresses.
func TestHiddenIsAsMissing(t *testing.T) {
	eachStall(t, func(t *testing.T, s *stall) {
		s.offer(t)
		eve := s.by(t, s.eve)
		draft := as[string](t, eve.ask(fmt.Sprintf(`mutation { createProduct(slug: "secret", input: {title: "Secret", domain: %q}) { id } }`, s.domain), nil), "createProduct", "id")
		item := s.asked(t)
		request := dig(t, s.by(t, s.bob).ask(`query ($id: ID!) { requestItem(id: $id) { request } }`, map[string]any{"id": item}), "requestItem", "request")
		grant := s.approve(t, item)
		decision := dig(t, s.by(t, s.bob).ask(`query ($id: ID!) { requestItem(id: $id) { detail { decisions { id } } } }`, map[string]any{"id": item}),
			"requestItem", "detail", "decisions", 0, "id")
		op := authz.With(t.Context(), authz.Operator)
		kim, err := s.options.People.CreateUser(op, newcomer)
		if err != nil {
			t.Fatal(err)
		}
		w := s.by(t, kim)
		hidden := w.ask(`{ product(slug: "secret") { id } }`, nil)
		if hidden["product"] != nil || w.ask(`{ product(slug: "nothing") { id } }`, nil)["product"] != nil {
			t.Errorf("%v", hidden)
		}
		for _, id := range []any{draft, item, request, grant, decision} {
			got := w.ask(`query ($id: ID!) { node(id: $id) { id } requestItem(id: $id) { id } request(id: $id) { id } grant(id: $id) { id } replay(decision: $id) { isExact } task(id: $id) { id } }`,
				map[string]any{"id": id})
			for field, v := range got {
				if v != nil {
					t.Errorf("%s of %s is %v", field, id, v)
				}
			}
			if got := eve.ask(`query ($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": id}); dig(t, got, "node", "id") != id {
				t.Errorf("eve sees %v of %s", got, id)
			}
		}
		if n := len(as[[]any](t, w.ask(`{ products { nodes { slug } } }`, nil), "products", "nodes")); n != 1 {
			t.Errorf("%d products", n)
		}
	})
}

// A token asks, or decides, where its scope says so, and nothing beside.
func TestScopesOfAskingAndDeciding(t *testing.T) {
	s := newStall(t, graphStore(t))
	s.offer(t)
	bob := s.who(t, s.bob.ID)
	bob.Session = ""
	asks := s.as(token(bob, authz.ScopeAsk))
	got := asks.ask(submits, s.asking("READ"))
	item := as[string](t, got, "submitRequest", "items", 0, "id")
	for scope, w := range map[string]*world{"a token that asks": asks, "one that reads": s.as(token(bob, authz.ScopeRead))} {
		r := w.post(`mutation ($in: DecideInput!) { decide(input: $in) { id } }`, map[string]any{"in": map[string]any{"item": item, "verdict": "REJECT", "reason": "No"}})
		if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "FORBIDDEN" {
			t.Errorf("%s decides: %s", scope, r.body)
		}
	}
	if r := s.as(token(bob, authz.ScopeRead)).post(submits, s.asking("MASKED")); len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "FORBIDDEN" {
		t.Errorf("a token that reads asks: %s", r.body)
	}
	eve := s.who(t, s.eve.ID)
	eve.Session = ""
	decides := s.as(token(eve, authz.ScopeDecide))
	decides.ask(`mutation ($in: DecideInput!) { decide(input: $in) { state } }`, map[string]any{"in": map[string]any{"item": item, "verdict": "REJECT", "reason": "Not now."}})
	if r := decides.post(submits, s.asking("READ")); len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "FORBIDDEN" {
		t.Errorf("a token that decides asks: %s", r.body)
	}
	bot := s.who(t, s.bot.ID)
	bot.Session = ""
	got = s.as(token(bot, authz.ScopeAsk)).ask(`mutation ($in: AskInput!) { submitRequest(input: $in) { sender { name } holder { name } } }`, s.asking("READ"))
	if dig(t, got, "submitRequest", "holder", "name") != "bot" {
		t.Errorf("an agent asks for itself: %v", got)
	}
}

// Fields that are wrong come by name, as in forms.
func TestAskingSaysWhichFieldIsWrong(t *testing.T) {
	s := newStall(t, graphStore(t))
	s.offer(t)
	in := map[string]any{"in": map[string]any{"access": "READ", "days": 30, "items": []any{map[string]any{"target": s.product}}}}
	r := s.by(t, s.bob).post(submits, in)
	if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "INVALID" {
		t.Fatalf("%s", r.body)
	}
	fields := fmt.Sprint(r.Errors[0].Extensions["fields"])
	if !strings.Contains(fields, "purpose") || !strings.Contains(fields, "why") {
		t.Errorf("fields are %s", fields)
	}
	got := s.by(t, s.bob).ask(`query ($in: AskInput!) { requestPreview(input: $in) { target outcome problem } }`, in)
	if dig(t, got, "requestPreview", 0, "target") != s.product {
		t.Errorf("the preview needs no complete request: %v", got)
	}
}

// Where there is no marketplace its fields say so.
func TestNoMarketplace(t *testing.T) {
	w := newGuardedWorld(t).as(member)
	for _, query := range []string{`{ products { nodes { id } } }`, `{ inbox { nodes { since } } }`, `{ notifications { nodes { id } } }`, `mutation { markAllRead }`} {
		if r := w.post(query, nil); len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "UNAVAILABLE" {
			t.Errorf("%s: %s", query, r.body)
		}
	}
}
