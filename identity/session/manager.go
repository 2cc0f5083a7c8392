package session

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// Options is what sessions stand on.
type Options struct {
	Store  graph.Store
	Policy *authz.Policy    // who may end the sessions of others
	Now    func() time.Time // nil: time.Now
	// Idle and Lifetime are the constants of these names where they are zero.
	Idle, Lifetime time.Duration
	// Secure tells that readers come over TLS though the program doesn't see it: a proxy before it speaks TLS.
	Secure bool
}

// Manager begins, finds and ends sessions.
type Manager struct {
	Options
	guarded *scs.SessionManager // with a cookie that browsers accept over TLS alone
	plain   *scs.SessionManager // the same for plain HTTP to this machine itself
}

// The names of the cookie. Browsers take __Host- over TLS alone, and from no neighbouring host.
const (
	cookieName  = "__Host-weir"
	plainCookie = "weir"
)

// fresh is what every Manager begins with. It is made once in a process: scs brings a store in memory, of no use here, whose
// goroutine never ends.
var fresh = sync.OnceValue(scs.New)

func blank() *scs.SessionManager {
	m := *fresh()
	return &m
}

// New makes a Manager.
func New(o Options) *Manager {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Idle == 0 {
		o.Idle = Idle
	}
	if o.Lifetime == 0 {
		o.Lifetime = Lifetime
	}
	guarded := blank()
	guarded.Store = &sessions{o.Store, o.Now, o.Idle}
	guarded.Codec = codec{}
	guarded.Lifetime = o.Lifetime
	guarded.Cookie.Name, guarded.Cookie.Secure, guarded.Cookie.Persist = cookieName, true, false
	plain := *guarded
	plain.Cookie.Name, plain.Cookie.Secure = plainCookie, false
	return &Manager{Options: o, guarded: guarded, plain: &plain}
}

// of is the cookie that fits the way on which a request came.
func (m *Manager) of(r *http.Request) *scs.SessionManager {
	if !m.Secure && Local(r) {
		return m.plain
	}
	return m.guarded
}

// Load finds the session of a request, which then stands in the context returned. What can't be found is no error: there
// is no session then. It notes that the session is in use.
func (m *Manager) Load(r *http.Request) (context.Context, error) {
	token := ""
	if c, err := r.Cookie(m.of(r).Cookie.Name); err == nil { // there is no other error than that it is absent
		token = c.Value
	}
	ctx, err := m.guarded.Load(r.Context(), token)
	if err != nil {
		return nil, err
	}
	s, ok := m.Current(ctx)
	if !ok || m.Now().Sub(s.Seen) < touchEvery || m.touch(ctx, s) {
		return ctx, nil
	}
	return m.Without(r.Context())
}

// Without is the context of a request whose session doesn't count. ctx is one that didn't come from Load.
func (m *Manager) Without(ctx context.Context) (context.Context, error) {
	return m.guarded.Load(ctx, "")
}

// Current is the session in ctx, if somebody is signed in.
func (m *Manager) Current(ctx context.Context) (Session, bool) {
	s, _ := m.guarded.Get(ctx, valueKey).(Session)
	return s, s.User != ""
}

// Find is a session that is not over, by its id. Errors: Unauthenticated if there is none.
func (m *Manager) Find(ctx context.Context, id graph.ID) (Session, error) {
	n, err := graph.One(ctx, m.Store, id)
	if errs.Is(err, errs.NotFound) {
		return Session{}, ended()
	}
	if err != nil {
		return Session{}, err
	}
	s, err := sessionType.Read(n)
	if err != nil {
		return Session{}, errs.Wrap(err, errs.Internal, "The session can't be read.")
	}
	if s.User == "" || s.over(m.Now(), m.Idle) {
		return Session{}, ended()
	}
	return s, nil
}

func ended() error { return errs.E(errs.Unauthenticated, "The session has ended. Sign in again.") }

// touch notes that a session is in use, and tells whether it is: it may have been ended since it was read.
func (m *Manager) touch(ctx context.Context, s Session) bool {
	err := m.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, graph.NodeWrite{Mode: graph.IfVersion, Version: s.Version,
			Node: graph.Node{ID: s.ID, Kind: sessionType.Kind, Props: graph.Props{"seen": graph.Time(m.Now())}}})
		return err
	})
	switch {
	case errs.Is(err, errs.NotFound):
		return false
	case err != nil && !errs.Is(err, errs.Conflict): // a conflict: another request was faster
		slog.WarnContext(ctx, "it can't be noted that a session is in use", "error", err)
	}
	return true
}

// Start is what a new session is about.
type Start struct {
	User   graph.ID
	Rights string // of RightsOf
	How    string
}

// Begin signs a person in at the browser of a request: the session gets a new token, and the log its entry.
func (m *Manager) Begin(w http.ResponseWriter, r *http.Request, start Start) error {
	now := graph.Time(m.Now())
	s := Session{User: start.User, Rights: start.Rights, How: start.How, SignedIn: now, Began: now, Seen: now,
		Expires: now.Add(m.Lifetime), Device: deviceOf(r.UserAgent()), Address: Peer(r)}
	return m.replace(w, r, s, &change{entry: &audit.Entry{Actor: string(s.User), Action: "identity.sign-in", Target: s.User,
		Decision: audit.Allowed, Facts: map[string]string{"how": s.How}}})
}

// Prove notes that the person of the current session proved again who he is. The session gets a new token, and lasts no
// longer for it.
func (m *Manager) Prove(w http.ResponseWriter, r *http.Request, how string) error {
	s, ok := m.Current(r.Context())
	if !ok {
		return errs.E(errs.Unauthenticated, "Sign in first.")
	}
	s.SignedIn = graph.Time(m.Now())
	return m.replace(w, r, s, &change{follows: s, entry: &audit.Entry{Actor: string(s.User), Action: "identity.sign-in", Target: s.User,
		Decision: audit.Allowed, Facts: map[string]string{"how": how, "again": "true"}}})
}

// Renew gives the current session a new token because the rights of its person changed. Errors: Conflict if another
// request did it meanwhile.
func (m *Manager) Renew(w http.ResponseWriter, r *http.Request, rights string) error {
	s, ok := m.Current(r.Context())
	if !ok {
		return errs.E(errs.Unauthenticated, "Sign in first.")
	}
	s.Rights = rights
	return m.replace(w, r, s, &change{follows: s})
}

// replace writes a session under a new token in the place of the current one, and gives the browser its cookie.
func (m *Manager) replace(w http.ResponseWriter, r *http.Request, s Session, c *change) error {
	c.replaces = true
	ctx := during(r.Context(), c)
	if err := m.guarded.RenewToken(ctx); err != nil {
		return err
	}
	s.Version = 0
	m.guarded.Put(ctx, valueKey, s)
	token, _, err := m.guarded.Commit(ctx)
	if err != nil {
		return err
	}
	s.ID, s.Version = idOf(token), 1
	m.guarded.Put(ctx, valueKey, s)
	m.of(r).WriteSessionCookie(ctx, w, token, s.Expires)
	return nil
}

// End signs the current session out, if there is one.
func (m *Manager) End(w http.ResponseWriter, r *http.Request) error {
	s, ok := m.Current(r.Context())
	if !ok {
		return nil
	}
	ctx := during(r.Context(), &change{entry: &audit.Entry{Actor: string(s.User), Action: "identity.sign-out", Target: s.User, Decision: audit.Allowed}})
	if err := m.guarded.Destroy(ctx); err != nil {
		return err
	}
	m.of(r).WriteSessionCookie(ctx, w, "", time.Time{})
	return nil
}
