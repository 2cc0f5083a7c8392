package gqlschema

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"weir/authz"
	"weir/errs"
	"weir/identity/session"
)

// browser signs somebody in and returns the principal of each of his requests, as the middleware makes it.
func (s *staff) browser(t *testing.T, who authz.Principal, device string) func(context.Context) (authz.Principal, error) {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://weir.example/sign-in", nil)
	req.Header.Set("User-Agent", device)
	ctx, err := s.options.Sessions.Load(req)
	if err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	if err := s.options.Sessions.Begin(rec, req.WithContext(ctx), session.Start{User: s.bob.ID, Rights: session.RightsOf(who), How: session.HowPassword}); err != nil {
		t.Fatal(err)
	}
	cookies := rec.Result().Cookies()
	return func(ctx context.Context) (authz.Principal, error) {
		req := httptest.NewRequestWithContext(ctx, http.MethodPost, "https://weir.example/graphql", nil)
		for _, c := range cookies {
			req.AddCookie(c)
		}
		ctx, err := s.options.Sessions.Load(req)
		if err != nil {
			return authz.Principal{}, err
		}
		now, ok := s.options.Sessions.Current(ctx)
		if !ok {
			return authz.Principal{}, errs.E(errs.Unauthenticated, "The session is over.")
		}
		p, err := s.options.People.SessionPrincipal(ctx, now.User, now.SignedIn)
		p.Session, p.SignedInAt = string(now.ID), now.SignedIn
		return p, err
	}
}

// Of two browsers one is signed out over GraphQL: its stream ends, the other one goes on.
func TestRevokeSession(t *testing.T) {
	s := newStaff(t)
	bob := s.who(t, s.bob.ID)
	here := s.browser(t, bob, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	there := s.browser(t, bob, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15")
	mine, err := here(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other, err := there(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.options.Recheck = func(ctx context.Context, was authz.Principal) (authz.Principal, error) {
		if was.Session == mine.Session {
			return here(ctx)
		}
		return there(ctx)
	}
	s.Handler = Handler(s.options)
	stream, kept := s.as(other).listen(t, followQuery, nil), s.as(mine).listen(t, followQuery, nil)
	for range 3 {
		stream.item()
		kept.item()
	}
	w := s.as(mine)
	all := as[[]any](t, w.ask(`{ sessions { id device address isCurrent signedInAt seenAt expiresAt } }`, nil), "sessions")
	if len(all) != 2 {
		t.Fatalf("%v", all)
	}
	for _, one := range all {
		if dig(t, one, "isCurrent") != (dig(t, one, "id") == mine.Session) {
			t.Errorf("%v", one)
		}
	}
	before := s.last(t)
	eve := s.as(s.who(t, s.eve.ID))
	revoke := fmt.Sprintf(`mutation { revokeSession(id: %q) }`, other.Session)
	if r := eve.post(revoke, nil); len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "NOT_FOUND" {
		t.Errorf("by somebody else: %s", r.body)
	}
	w.ask(revoke, nil)
	if e := s.entries(t, before); len(e) != 1 || e[0].Action != "identity.session-revoke" || e[0].Actor != string(s.bob.ID) {
		t.Errorf("the log has %+v", e)
	}
	if event, r := stream.event(); event != "next" || len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "UNAUTHENTICATED" {
		t.Errorf("%q %s", event, r.body)
	}
	w.describe(t, "Goes on")
	if _, n := kept.item(); dig(t, n, "changes", 0, "after") != "Goes on" {
		t.Errorf("%v", n)
	}
}
