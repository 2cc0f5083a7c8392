package identity_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

func (w *world) token(ctx context.Context, in identity.NewToken) (identity.Token, string) {
	w.t.Helper()
	if in.Name == "" {
		in.Name = "a token"
	}
	tok, text, err := w.CreateToken(ctx, in)
	w.fine(err)
	return tok, text
}

func TestByToken(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ada := w.user("ada")
		w.grant(ada.ID, authz.Steward, authz.Everywhere)
		tok, text := w.token(w.as(ada.ID), identity.NewToken{Scopes: []string{authz.ScopeRead}, Namespaces: []string{"b", "a", "b"}})
		if tok.Hash != "" || !strings.HasPrefix(text, "weir_") || !identity.LooksLikeToken(text) {
			t.Errorf("%+v", tok)
		}
		who, err := w.ByToken(t.Context(), text)
		w.fine(err)
		if who.ID != string(ada.ID) || who.Type != authz.Person || who.Token != string(tok.ID) || !who.SignedInAt.IsZero() ||
			!slices.Equal(who.Scopes, []string{authz.ScopeRead}) || !slices.Equal(who.Namespaces, []string{"a", "b"}) || !who.Holds(authz.Steward, "dom_x") {
			t.Errorf("%+v", who)
		}
		other := w.replica(identity.Options{})
		if _, err := other.ByToken(t.Context(), text); err != nil {
			t.Fatal(err)
		}
		w.fine(w.RevokeToken(w.as(ada.ID), tok.ID))
		_, err = w.ByToken(t.Context(), text)
		w.is(err, errs.Unauthenticated) // at once
		w.clock.add(time.Second)
		_, err = other.ByToken(t.Context(), text)
		w.is(err, errs.Unauthenticated) // and within a second on a server that heard of nothing
		w.logged("identity.token-create", "identity.token-revoke")
	})
}

func TestByToken_NotGood(t *testing.T) {
	w := memory(t)
	ada := w.user("ada")
	_, text := w.token(w.as(ada.ID), identity.NewToken{Scopes: []string{authz.ScopeRead}, Expires: w.clock.now().Add(time.Hour)})
	flipped := []byte(text)
	flipped[10] ^= 1
	for name, bad := range map[string]string{
		"empty": "", "prefix alone": "weir_", "other prefix": "ghp_" + text[5:], "one letter": string(flipped), "cut": text[:len(text)-1],
		"longer": text + "0", "upper case": strings.ToUpper(text), "well formed": "weir_" + strings.Repeat("0", 43) + text[48:],
	} {
		if _, err := w.ByToken(t.Context(), bad); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.ByToken(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	w.clock.add(time.Hour)
	_, err := w.ByToken(t.Context(), text)
	w.is(err, errs.Unauthenticated)
}

func TestByToken_DisabledPeopleAndAccounts(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ada := w.user("ada")
		agent, err := w.CreateAccount(w.as(ada.ID), identity.NewAccount{Name: "helper", Type: authz.Agent})
		w.fine(err)
		service, err := w.CreateAccount(w.op, identity.NewAccount{Name: "airflow", Type: authz.Account, Owner: ada.ID})
		w.fine(err)
		texts := map[graph.ID]string{}
		for _, id := range []graph.ID{ada.ID, agent.ID, service.ID} {
			_, texts[id] = w.token(w.as(ada.ID), identity.NewToken{Principal: id, Scopes: []string{authz.ScopeRead}})
		}
		works := func(id graph.ID, want bool) {
			t.Helper()
			who, err := w.ByToken(t.Context(), texts[id])
			if want && (err != nil || who.ID != string(id)) || !want && !errs.Is(err, errs.Unauthenticated) {
				t.Errorf("%s: %+v %v", id, who, err)
			}
		}
		who, err := w.ByToken(t.Context(), texts[agent.ID])
		if err != nil || who.Type != authz.Agent || who.Owner == nil || who.Owner.ID != string(ada.ID) {
			t.Errorf("%+v %v", who, err)
		}
		w.fine(w.DisableAccount(w.as(ada.ID), service.ID))
		works(service.ID, false)
		w.fine(w.EnableAccount(w.op, service.ID))
		w.fine(w.DisableUser(w.op, ada.ID))
		works(ada.ID, false)
		works(agent.ID, false)  // acts within the rights of a person who has none any more
		works(service.ID, true) // goes on
		w.fine(w.EnableUser(w.op, ada.ID))
		works(agent.ID, true)
	})
}

func TestByToken_LastUse(t *testing.T) {
	w := memory(t)
	ada := w.user("ada")
	tok, text := w.token(w.as(ada.ID), identity.NewToken{Scopes: []string{authz.ScopeRead}})
	version := func() int64 {
		nodes, err := w.store.Nodes(t.Context(), tok.ID)
		w.fine(err)
		return nodes[tok.ID].Version
	}
	first := w.clock.now()
	for range 60 { // a minute with a use each second
		_, err := w.ByToken(t.Context(), text)
		w.fine(err)
		w.clock.add(time.Second)
	}
	list, err := w.Tokens(w.as(ada.ID), ada.ID)
	if err != nil || len(list) != 1 || !list[0].Used.Equal(graph.Time(first)) || version() != 2 {
		t.Errorf("%+v %v, written %d times", list, err, version()-1)
	}
	if _, err := w.ByToken(t.Context(), text); err != nil || version() != 3 {
		t.Errorf("written %d times, %v", version()-1, err)
	}
}

func TestCreateToken_Refuses(t *testing.T) {
	w := memory(t)
	ada, bob := w.user("ada"), w.user("bob")
	_, root := w.admin("root")
	reads := identity.NewToken{Name: "x", Scopes: []string{authz.ScopeRead}}
	with := func(change func(*identity.NewToken)) identity.NewToken {
		in := reads
		change(&in)
		return in
	}
	byToken := func(scopes ...string) context.Context {
		_, text := w.token(w.as(ada.ID), identity.NewToken{Scopes: scopes})
		who, err := w.ByToken(t.Context(), text)
		w.fine(err)
		return authz.With(t.Context(), who)
	}
	for name, tt := range map[string]struct {
		ctx  context.Context
		in   identity.NewToken
		want errs.Kind
	}{
		"nobody":                 {t.Context(), with(func(n *identity.NewToken) { n.Principal = ada.ID }), errs.Unauthenticated},
		"somebody else's":        {w.as(bob.ID), with(func(n *identity.NewToken) { n.Principal = ada.ID }), errs.Forbidden},
		"impersonation":          {root, with(func(n *identity.NewToken) { n.Principal = ada.ID }), errs.Forbidden},
		"for nobody there":       {root, with(func(n *identity.NewToken) { n.Principal = "usr_none" }), errs.NotFound},
		"for a team":             {root, with(func(n *identity.NewToken) { n.Principal = "tea_none" }), errs.NotFound},
		"no scope":               {w.as(ada.ID), with(func(n *identity.NewToken) { n.Scopes = nil }), errs.Invalid},
		"no such scope":          {w.as(ada.ID), with(func(n *identity.NewToken) { n.Scopes = []string{"root"} }), errs.Invalid},
		"no name":                {w.as(ada.ID), with(func(n *identity.NewToken) { n.Name = " " }), errs.Invalid},
		"in the past":            {w.as(ada.ID), with(func(n *identity.NewToken) { n.Expires = w.clock.now() }), errs.Invalid},
		"for more than a year":   {w.as(ada.ID), with(func(n *identity.NewToken) { n.Expires = w.clock.now().Add(366 * 24 * time.Hour) }), errs.Invalid},
		"by a reading token":     {byToken(authz.ScopeRead), reads, errs.Forbidden},
		"by a token, more scope": {byToken(authz.ScopeEdit), with(func(n *identity.NewToken) { n.Scopes = []string{authz.ScopeAdmin} }), errs.Forbidden},
	} {
		if _, _, err := w.CreateToken(tt.ctx, tt.in); !errs.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, text := w.token(w.op, identity.NewToken{Principal: graph.ID(authz.Operator.ID), Scopes: []string{authz.ScopeAdmin}})
	away, err := w.ByToken(t.Context(), text)
	if err != nil || away.ID != authz.Operator.ID || !slices.Equal(away.Scopes, []string{authz.ScopeAdmin}) {
		t.Errorf("%+v %v", away, err)
	}
	for _, id := range []graph.ID{ada.ID, graph.ID(authz.Operator.ID)} { // what he may at the machine he may not by a token
		_, _, err = w.CreateToken(authz.With(t.Context(), away), with(func(n *identity.NewToken) { n.Principal = id }))
		w.is(err, errs.Forbidden)
	}
	if _, _, err := w.CreateToken(byToken(authz.ScopeAdmin), reads); err != nil {
		t.Error(err)
	}
	tok, _, err := w.CreateToken(w.op, with(func(n *identity.NewToken) { n.Principal = ada.ID }))
	if err != nil || tok.Expires.Sub(w.clock.now()) > 90*24*time.Hour {
		t.Errorf("%+v %v", tok, err)
	}
	if err := w.RevokeToken(w.as(bob.ID), tok.ID); !errs.Is(err, errs.NotFound) {
		t.Errorf("a foreign token: %v", err)
	}
	if err := w.RevokeToken(t.Context(), tok.ID); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := w.Tokens(w.as(bob.ID), ada.ID); !errs.Is(err, errs.Forbidden) {
		t.Errorf("foreign tokens: %v", err)
	}
	w.fine(w.RevokeToken(root, tok.ID))
}

func TestSecrets(t *testing.T) {
	w := memory(t)
	ada := w.user("ada")
	var texts []string
	for i := range 20 {
		_, text := w.token(w.as(ada.ID), identity.NewToken{Name: fmt.Sprint(i), Scopes: []string{authz.ScopeRead}})
		texts = append(texts, text)
	}
	if n := len(slices.Compact(slices.Sorted(slices.Values(texts)))); n != 20 {
		t.Errorf("%d different tokens of 20", n)
	}
	for r, err := range w.store.Dump(t.Context()) {
		w.fine(err)
		s := fmt.Sprintf("%+v", r.Node)
		for _, secret := range append(texts, goodPassword) {
			if strings.Contains(s, secret) {
				t.Errorf("a secret is in the store: %s", s)
			}
		}
	}
}
