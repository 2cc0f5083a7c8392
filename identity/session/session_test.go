package session_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity/session"
)

func TestSession_BeginsAndEnds(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		b := w.browser()
		s := b.begin()
		if s.User != ada || s.Device != "Firefox on Linux" || s.Address != "192.0.2.1" || !s.SignedIn.Equal(noon) {
			t.Errorf("%+v", s)
		}
		old := *b.cookie
		if err := b.ask(w.m.End); err != nil {
			t.Fatal(err)
		}
		if b.cookie.MaxAge >= 0 || b.cookie.Value != "" {
			t.Errorf("the cookie stays: %v", b.cookie)
		}
		b.cookie = &old
		if got := b.current(); got.User != "" {
			t.Errorf("the old cookie still signs %s in", got.User)
		}
		want := []string{"usr_ada identity.sign-in allowed", "usr_ada identity.sign-out allowed"}
		if got := w.actions(); !slices.Equal(got, want) {
			t.Errorf("the log holds %v", got)
		}
	})
}

// TestSession_TokensStandNowhere: neither the id nor anything else in the store tells the cookie.
func TestSession_TokensStandNowhere(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		b := w.browser()
		s := b.begin()
		if len(b.cookie.Value) < 43 { // 32 bytes in base64
			t.Errorf("the token has only %d characters", len(b.cookie.Value))
		}
		for rec, err := range w.store.Dump(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if rec.Node == nil {
				continue
			}
			for name, v := range rec.Node.Props {
				if text, ok := v.(string); ok && strings.Contains(text, b.cookie.Value) {
					t.Errorf("%s of %s holds the token", name, rec.Node.ID)
				}
			}
		}
		b.cookie.Value = strings.TrimPrefix(string(s.ID), "ses_")
		if b.current().User != "" {
			t.Error("what stands in the store signs in")
		}
	})
}

func TestSession_TimesOut(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		idle := w.browser()
		idle.begin()
		w.now = noon.Add(session.Idle - time.Second)
		if idle.current().User == "" {
			t.Fatal("it ends too early")
		}
		w.now = w.now.Add(session.Idle)
		if idle.current().User != "" {
			t.Error("it goes on after half an hour without a request")
		}

		busy := w.browser()
		s := busy.begin()
		for w.now.Before(s.Expires.Add(-time.Minute)) {
			w.now = w.now.Add(20 * time.Minute)
			if w.now.Before(s.Expires) && busy.current().User == "" {
				t.Fatalf("a busy session ends after %v", w.now.Sub(s.Began))
			}
		}
		w.now = s.Expires
		if busy.current().User != "" || s.Expires.Sub(s.Began) != session.Lifetime {
			t.Error("a busy session has no end")
		}
	})
}

// TestSession_IsWrittenOnceAMinute: reading pages writes nothing else.
func TestSession_IsWrittenOnceAMinute(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		b := w.browser()
		first := b.begin()
		w.now = w.now.Add(59 * time.Second)
		b.current()
		if got := b.current(); got.Version != first.Version {
			t.Errorf("written within a minute: version %d, then %d", first.Version, got.Version)
		}
		w.now = w.now.Add(time.Second)
		b.current()
		if got := b.current(); got.Version != first.Version+1 || !got.Seen.Equal(w.now) {
			t.Errorf("version %d, seen %v", got.Version, got.Seen)
		}
	})
}

// TestSession_GetsNewTokens: at each sign-in, and when rights change; the old token is no good then.
func TestSession_GetsNewTokens(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		for name, step := range map[string]func(http.ResponseWriter, *http.Request) error{
			"sign-in": func(rw http.ResponseWriter, r *http.Request) error {
				return w.m.Begin(rw, r, session.Start{User: ada, Rights: "r1", How: session.HowPassword})
			},
			"prove": func(rw http.ResponseWriter, r *http.Request) error { return w.m.Prove(rw, r, session.HowPassword) },
			"renew": func(rw http.ResponseWriter, r *http.Request) error { return w.m.Renew(rw, r, "r2") },
			"leave": func(rw http.ResponseWriter, r *http.Request) error { return w.m.Leave(rw, r, "flow") },
		} {
			b := w.browser()
			before := b.begin()
			old := *b.cookie
			w.now = w.now.Add(10 * time.Second)
			if err := b.ask(step); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			after := b.current()
			if after.User != ada || after.ID == before.ID || b.cookie.Value == old.Value {
				t.Errorf("%s: %+v", name, after)
			}
			if name != "sign-in" && !after.Expires.Equal(before.Expires) {
				t.Errorf("%s: it lasts longer: %v", name, after.Expires.Sub(before.Expires))
			}
			if again := name == "prove" || name == "sign-in"; again != after.SignedIn.After(before.SignedIn) {
				t.Errorf("%s: signed in at %v, before at %v", name, after.SignedIn, before.SignedIn)
			}
			b.cookie = &old
			if b.current().User != "" {
				t.Errorf("%s: the old token is still good", name)
			}
		}
	})
}

// TestSession_PlantedTokensAreNotTaken: whoever plants a cookie before a sign-in doesn't know the session after it.
func TestSession_PlantedTokensAreNotTaken(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		b := w.browser()
		b.cookie = &http.Cookie{Name: "__Host-weir", Value: "planted"}
		b.begin()
		if b.cookie.Value == "planted" {
			t.Error("the planted token was taken over")
		}
	})
}

func TestRevoke_EndsSessionsOnAllServers(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		here, there := w.browser(), w.browser()
		there.m = newWorld(t, w.store).m // another server on the same store
		own, other := here.begin(), there.begin()
		ctx := w.as(ada, own.ID)
		list, err := w.m.List(ctx, ada)
		if err != nil || len(list) != 2 {
			t.Fatalf("%v, %v", list, err)
		}
		if err := w.m.Revoke(ctx, ada, other.ID); err != nil {
			t.Fatal(err)
		}
		if there.current().User != "" || here.current().User != ada {
			t.Error("the wrong session ended, or none")
		}
		if err := w.m.Revoke(ctx, ada, other.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("once more: %v", err)
		}
		there.begin()
		w.browser().begin()
		if err := w.m.RevokeOthers(ctx, ada); err != nil {
			t.Fatal(err)
		}
		if there.current().User != "" || here.current().User != ada {
			t.Error("the others didn't end, or the own did")
		}
	})
}

func TestRevoke_AsksForRights(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		b := w.browser()
		s := b.begin()
		bob := w.as("usr_bob", "ses_x")
		if err := w.m.Revoke(bob, ada, s.ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("bob ends a session of ada: %v", err)
		}
		if err := w.m.Revoke(bob, "usr_bob", s.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("bob ends a session of ada as his own: %v", err)
		}
		if _, err := w.m.List(bob, ada); !errs.Is(err, errs.Forbidden) {
			t.Errorf("bob lists the sessions of ada: %v", err)
		}
		if b.current().User != ada {
			t.Fatal("the session ended")
		}
		admin := w.as("usr_eve", "ses_y", authz.Held{Role: authz.Admin, Domain: authz.Everywhere})
		if err := w.m.Revoke(admin, ada, s.ID); err != nil {
			t.Error(err)
		}
		want := []string{"usr_ada identity.sign-in allowed", "usr_bob identity.session-revoke denied", "usr_eve identity.session-revoke allowed"}
		if got := w.actions(); !slices.Equal(got, want) {
			t.Errorf("the log holds %v", got)
		}
	})
}

// TestRevoke_IsNotUndone: a request that was under way when its session was ended must not bring it back.
func TestRevoke_IsNotUndone(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		for name, step := range map[string]func(http.ResponseWriter, *http.Request) error{
			"prove": func(rw http.ResponseWriter, r *http.Request) error { return w.m.Prove(rw, r, session.HowPassword) },
			"renew": func(rw http.ResponseWriter, r *http.Request) error { return w.m.Renew(rw, r, "r2") },
			"leave": func(rw http.ResponseWriter, r *http.Request) error { return w.m.Leave(rw, r, "flow") },
		} {
			b := w.browser()
			s := b.begin()
			err := b.ask(func(rw http.ResponseWriter, r *http.Request) error {
				if err := w.m.Revoke(w.as(ada, s.ID), ada, s.ID); err != nil {
					t.Fatal(err)
				}
				return step(rw, r)
			})
			if !errs.Is(err, errs.Conflict) || b.current().User != "" {
				t.Errorf("%s: the session is back: %v", name, err)
			}
		}
	})
}

func TestFlow_IsThereOnceAndNotForLong(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		b := w.browser()
		leave := func(rw http.ResponseWriter, r *http.Request) error { return w.m.Leave(rw, r, "the way back") }
		var back string
		comeBack := func(_ http.ResponseWriter, r *http.Request) (err error) {
			back, err = w.m.Return(r.Context())
			return err
		}
		for _, want := range []string{"", "the way back", ""} {
			if want != "" {
				if err := b.ask(leave); err != nil {
					t.Fatal(err)
				}
			}
			if b.current().User != "" {
				t.Fatal("somebody is signed in")
			}
			if err := b.ask(comeBack); err != nil || back != want {
				t.Errorf("%q, %v, want %q", back, err, want)
			}
		}
		if err := b.ask(leave); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(10 * time.Minute)
		if err := b.ask(comeBack); err != nil || back != "" {
			t.Errorf("ten minutes later: %q, %v", back, err)
		}
	})
}

// TestFlow_OneComesBack: of many that come back at once with the same cookie one finds what it left.
func TestFlow_OneComesBack(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		for _, signedIn := range []bool{false, true} {
			b := w.browser()
			if signedIn {
				b.begin()
			}
			if err := b.ask(func(rw http.ResponseWriter, r *http.Request) error { return w.m.Leave(rw, r, "flow") }); err != nil {
				t.Fatal(err)
			}
			var all sync.WaitGroup
			var found atomic.Int64
			for range 8 {
				same := *b
				all.Go(func() {
					err := same.ask(func(_ http.ResponseWriter, r *http.Request) error {
						flow, err := w.m.Return(r.Context())
						if flow != "" {
							found.Add(1)
						}
						return err
					})
					if err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if found.Load() != 1 {
				t.Errorf("signed in %v: %d found it", signedIn, found.Load())
			}
		}
	})
}

// TestBegin_ClearsOldSessionsAway: sessions don't pile up in the store.
func TestBegin_ClearsOldSessionsAway(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		old := w.browser().begin()
		w.now = w.now.Add(session.Lifetime + time.Second)
		w.browser().begin()
		if _, err := graph.One(t.Context(), w.store, old.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("the old session is still there: %v", err)
		}
	})
}

func TestCookie(t *testing.T) {
	m := session.New(session.Options{})
	behind := session.New(session.Options{Secure: true})
	for _, tt := range []struct {
		m            *session.Manager
		url, peer    string
		name         string
		secure, here bool
	}{
		{m, "http://127.0.0.1:8080/", "127.0.0.1:5000", "weir", false, true},
		{m, "http://localhost:8080/", "[::1]:5000", "weir", false, true},
		{m, "http://[::1]:8080/", "[::1]:5000", "weir", false, true},
		{m, "https://127.0.0.1:8080/", "127.0.0.1:5000", "__Host-weir", true, false},
		{m, "http://weir.example/", "127.0.0.1:5000", "__Host-weir", true, false},   // a name pointed at this machine
		{m, "http://127.0.0.1:8080/", "192.0.2.7:5000", "__Host-weir", true, false}, // a name from elsewhere
		{behind, "http://127.0.0.1:8080/", "127.0.0.1:5000", "__Host-weir", true, true},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, tt.url, nil)
		r.RemoteAddr = tt.peer
		c := tt.m.CookieOf(r)
		if c.Name != tt.name || c.Secure != tt.secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Persist {
			t.Errorf("%s from %s: %+v", tt.url, tt.peer, c)
		}
		if session.Local(r) != tt.here {
			t.Errorf("%s from %s: local %v", tt.url, tt.peer, !tt.here)
		}
	}
}

// TestLocal_NotThroughProxies: what a proxy at this machine passes on is from elsewhere.
func TestLocal_NotThroughProxies(t *testing.T) {
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "Via", "X-Real-IP", "X-Forwarded-Proto", "X-Forwarded-Host"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8080/", nil)
		r.RemoteAddr = "127.0.0.1:5000"
		r.Header.Set(name, "192.0.2.7")
		if session.Local(r) {
			t.Errorf("local in spite of %s", name)
		}
	}
}

// TestPeer believes a proxy at this machine alone, and of what it says the last.
func TestPeer(t *testing.T) {
	for _, tt := range []struct {
		from string
		says []string
		want string
	}{
		{"192.0.2.7:5000", nil, "192.0.2.7"},
		{"127.0.0.1:5000", nil, "127.0.0.1"},
		{"192.0.2.7:5000", []string{"198.51.100.1"}, "192.0.2.7"},
		{"127.0.0.1:5000", []string{"198.51.100.1"}, "198.51.100.1"},
		{"[::1]:5000", []string{"203.0.113.9, 198.51.100.1"}, "198.51.100.1"},
		{"127.0.0.1:5000", []string{"203.0.113.9", "::ffff:198.51.100.1"}, "198.51.100.1"},
		{"127.0.0.1:5000", []string{"203.0.113.9, unknown"}, "127.0.0.1"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8080/", nil)
		r.RemoteAddr = tt.from
		r.Header["X-Forwarded-For"] = tt.says
		if got := session.Peer(r); got != tt.want {
			t.Errorf("from %s, %q: %s", tt.from, tt.says, got)
		}
	}
}

func TestRightsOf(t *testing.T) {
	p := authz.Principal{ID: "usr_ada", Teams: []string{"tea_a"}, Roles: []authz.Held{{Role: "owner", Domain: "dom_a"}}}
	same := p
	same.Name, same.Session = "Ada", "ses_1"
	more := p
	more.Roles = append(slices.Clone(p.Roles), authz.Held{Role: "admin", Domain: "*"})
	if session.RightsOf(p) != session.RightsOf(same) || session.RightsOf(p) == session.RightsOf(more) {
		t.Error("rights and nothing else count")
	}
}
