package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"weir/audit"
	"weir/authz"
	"weir/graph"
	"weir/identity"
	"weir/identity/session"
	"weir/jobs"
	"weir/marketplace"
	"weir/notify"
)

// mainEnv makes the test binary the program itself, so that a test can start it as a process of its own.
const mainEnv = "WEIR_TEST_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(mainEnv) != "" {
		main()
		os.Exit(0)
	}
	spare := goleak.IgnoreTopFunction("github.com/alexedwards/scs/v2/memstore.(*MemStore).startCleanup") // one in a process, for ever
	goleak.VerifyTestMain(m, spare, goleak.Cleanup(func(code int) {
		http.DefaultClient.CloseIdleConnections()
		os.Exit(code)
	}))
}

// running is a server in this process, on a port of its own.
type running struct {
	*Server
	t      *testing.T
	bearer string // a token of the operator's
	cancel context.CancelFunc
	done   chan error
}

// start serves until the test ends. Tune may change what the server was told to keep to.
func start(t *testing.T, cfg Config, tune func(*http.Server)) *running {
	t.Helper()
	cfg.Addr = "127.0.0.1:0"
	ctx, cancel := context.WithCancel(t.Context())
	s, err := Open(ctx, cfg, nil)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	r := &running{s, t, "Bearer " + tokenOf(t, s), cancel, make(chan error, 1)}
	t.Cleanup(r.stop)
	if err := s.Listen(ctx); err != nil {
		t.Fatal(err)
	}
	if tune != nil {
		tune(s.http)
	}
	go func() { r.done <- s.Serve(ctx) }()
	return r
}

// stop stops the server; twice is once.
func (r *running) stop() {
	r.cancel()
	if r.done == nil {
		return
	}
	http.DefaultClient.CloseIdleConnections()
	if r.listener != nil {
		if err := <-r.done; err != nil {
			r.t.Errorf("serve: %v", err)
		}
	}
	r.done = nil
	if err := r.Close(); err != nil {
		r.t.Errorf("close: %v", err)
	}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// send sends a request of the operator's.
func (r *running) send(method, path, body string, header ...string) answer {
	r.t.Helper()
	return send(r.t, method, r.URL()+path, body, append([]string{"Authorization", r.bearer}, header...)...)
}

// tokenOf is a token of the operator's that may do everything.
func tokenOf(t *testing.T, s *Server) string {
	t.Helper()
	_, text, err := s.Identity.CreateToken(s.asOperator(t.Context()), identity.NewToken{Name: "test", Scopes: []string{authz.ScopeAdmin}})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// send sends a request; header holds names and values in turn.
func send(t *testing.T, method, url, body string, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for pair := range slices.Chunk(header, 2) {
		req.Header.Set(pair[0], pair[1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(b)}
}

// picture writes down all that a store holds but what may differ between orders and engines: versions, the times of the
// store, the log.
func picture(t *testing.T, s graph.Store) []string {
	t.Helper()
	var lines []string
	for rec, err := range s.Dump(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if n := rec.Node; n != nil && !ofTheMachine(n.Kind) {
			lines = append(lines, fmt.Sprintf("%s %s %v", n.ID, n.Kind, n.Props))
		}
		if e := rec.Edge; e != nil && e.Rel != audit.RelAbout && e.Known.Until.IsZero() {
			lines = append(lines, fmt.Sprintf("%s -%s(%s)-> %s %v %v %v", e.From, e.Rel, e.Key, e.To, e.Valid.Since, e.Valid.Until, e.Props))
		}
	}
	sort.Strings(lines)
	return lines
}

// ofTheMachine tells whether nodes of a kind hold what is made anew each time: the log, its seal, tokens and secrets; and what
// a server makes by itself when it starts: its periodic work and the policies of the marketplace.
func ofTheMachine(k graph.Kind) bool {
	schemas, err := graph.Merge(audit.Schema(), identity.Schema(), session.Schema(), jobs.Schema(), notify.Schema(), marketplace.Schema())
	if err != nil {
		panic(err)
	}
	_, ours := schemas.Kinds[k]
	return ours || k == "Secret"
}

// dump writes down everything, versions and times too, but for what goes on by itself beside the requests: leases, the seal of the
// log, and when a token was used.
func dump(t *testing.T, s graph.Store) string {
	t.Helper()
	var lines []string
	for rec, err := range s.Dump(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case rec.Node != nil && slices.Contains([]graph.Kind{"Checkpoint", "Tile", "Log", "Anchor", "Token", "Lease"}, rec.Node.Kind):
		case rec.Node != nil:
			lines = append(lines, fmt.Sprintf("%+v", *rec.Node))
		case rec.Edge != nil:
			lines = append(lines, fmt.Sprintf("%+v", *rec.Edge))
		default:
			lines = append(lines, fmt.Sprintf("%+v", *rec.Sequence))
		}
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

// differences are the first lines that only one of two pictures has.
func differences(a, b []string) string {
	var out []string
	only := func(sign string, x, y []string) {
		in := map[string]bool{}
		for _, l := range y {
			in[l] = true
		}
		for _, l := range x {
			if !in[l] && len(out) < 10 {
				out = append(out, sign+" "+l)
			}
		}
	}
	only("-", a, b)
	only("+", b, a)
	return strings.Join(out, "\n")
}

// temporary are the settings of a server on a directory of the test's own.
func temporary(t *testing.T) Config {
	t.Helper()
	c := defaults()
	c.Dir, c.LogLevel = t.TempDir(), "error"
	return c
}

// event is a run event; parts are put into it, such as `"inputs":[]`.
func event(parts ...string) string {
	core := []string{
		`"eventTime":"2026-03-02T22:01:35Z"`, `"producer":"https://example.com/client"`, `"eventType":"COMPLETE"`,
		`"run":{"runId":"0190a3c4-0000-7000-8000-000000000000"}`, `"job":{"namespace":"ns","name":"job"}`,
	}
	return "{" + strings.Join(append(core, parts...), ",") + "}"
}

// list makes n parts, each of its number.
func list(n int, format string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf(format, i)
	}
	return strings.Join(parts, ",")
}

// eventually waits for what another goroutine or process brings about.
func eventually(t *testing.T, within time.Duration, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(within); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %v", what, within)
		}
	}
}
