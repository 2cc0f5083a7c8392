package gqlschema

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
)

// patience is how long a test waits for what has to come; only a failure takes that long.
const patience = 20 * time.Second

// listener is a client of a stream.
type listener struct {
	t      *testing.T
	lines  *bufio.Scanner
	cancel context.CancelFunc
}

// listen begins a stream and returns after its headers came.
func (w *world) listen(t *testing.T, query string, variables map[string]any) *listener {
	t.Helper()
	return listenTo(t, httptest.NewServer(w), query, variables)
}

func listenTo(t *testing.T, server *httptest.Server, query string, variables map[string]any) *listener {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, strings.NewReader(body(t, query, variables)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", mediaJSON)
	req.Header.Set("Accept", mediaStream)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = res.Body.Close()
		server.Close()
	})
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), mediaStream) {
		t.Fatalf("%d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	return &listener{t, lines, cancel}
}

// event is the next one; "" if the stream was cut.
func (l *listener) event() (string, reply) {
	l.t.Helper()
	name, r := "", reply{}
	for l.lines.Scan() {
		line := l.lines.Text()
		switch {
		case strings.HasPrefix(line, "event: "):
			name = strings.TrimPrefix(line, "event: ")
		case strings.HasPrefix(line, "data:"):
			r.body = strings.TrimSpace(strings.TrimPrefix(line, "data:"))
		case line == "" && name != "":
			if r.body != "" {
				if err := json.Unmarshal([]byte(r.body), &r); err != nil {
					l.t.Fatalf("%v in %s", err, r.body)
				}
			}
			return name, r
		}
	}
	return "", r
}

// item is the next step of the feed.
func (l *listener) item() (cursor string, node map[string]any) {
	l.t.Helper()
	name, r := l.event()
	if name != "next" || len(r.Errors) > 0 {
		l.t.Fatalf("%q %s", name, r.body)
	}
	return as[string](l.t, r.Data, "changes", "cursor"), as[map[string]any](l.t, r.Data, "changes", "node")
}

const followQuery = `subscription F($after: String) { changes(after: $after) { cursor node { seq action changes { asset field after } } } }`

func (w *world) describe(t *testing.T, title string) {
	t.Helper()
	if err := w.catalog.Describe(t.Context(), catalog.DescribeInput{ID: ds("crm.customers"), Title: &title}); err != nil {
		t.Fatal(err)
	}
}

func TestStreamFollowsTheLog(t *testing.T) {
	w := newWorld(t)
	l := w.listen(t, followQuery, nil)
	var seqs []any
	cursor, node := "", map[string]any(nil)
	for range 3 { // what the world began with
		cursor, node = l.item()
		seqs = append(seqs, node["seq"])
	}
	if fmt.Sprint(seqs) != "[1 2 3]" || node["action"] != "intake.apply" {
		t.Errorf("%v %v", seqs, node["action"])
	}
	w.describe(t, "One")
	next, node := l.item()
	if node["seq"] != 4.0 || dig(t, node, "changes", 0, "after") != "One" {
		t.Errorf("%v", node)
	}
	w.describe(t, "Two")
	again := w.listen(t, followQuery, map[string]any{"after": cursor}) // as if the connection had been cut
	if at, node := again.item(); node["seq"] != 4.0 || at != next {
		t.Errorf("goes on with %v", node)
	}
	if _, node := again.item(); node["seq"] != 5.0 || dig(t, node, "changes", 0, "after") != "Two" {
		t.Errorf("goes on with %v", node)
	}
}

// What has one answer comes as one event, and what can't be run, too.
func TestStreamOfOneAnswer(t *testing.T) {
	w := newWorld(t)
	for query, want := range map[string]string{
		`{ counts { datasets } }`: `{"data":{"counts"`,
		`{ nope }`:                `{"errors"`,
		`subscription { changes(after: "x") { cursor } }`:   `{"errors"`,
		`subscription { changes { cursor } __typename }`:    `{"errors"`,
		`subscription { changes { cursor node { nope } } }`: `{"errors"`,
	} {
		l := w.listen(t, query, nil)
		if name, r := l.event(); name != "next" || !strings.HasPrefix(r.body, want) {
			t.Errorf("%s: %s %s", query, name, r.body)
		}
		if name, _ := l.event(); name != "complete" {
			t.Errorf("%s: %q, not complete", query, name)
		}
		if name, _ := l.event(); name != "" {
			t.Errorf("%s: %q after the end", query, name)
		}
	}
	r := w.raw(http.MethodPost, mediaJSON, mediaResponse, body(t, followQuery, nil))
	if r.Status != http.StatusBadRequest || r.Errors[0].Extensions["code"] != "INVALID" {
		t.Errorf("a subscription as JSON: %d %s", r.Status, r.body)
	}
}

// A stream ends with the session or token that it stands on, soon; with other rights the client has to come back.
func TestStreamEndsWithItsRights(t *testing.T) {
	for name, tt := range map[string]struct {
		now  authz.Principal
		err  error
		code string
	}{
		"revoked":       {authz.Principal{}, errs.E(errs.Unauthenticated, "The token was revoked."), "UNAUTHENTICATED"},
		"a role gone":   {member, nil, ""},
		"can't be told": {authz.Principal{}, errs.E(errs.Unavailable, "Busy."), ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newGuardedWorld(t)
			var gone atomic.Bool
			w.options.Recheck = func(_ context.Context, was authz.Principal) (authz.Principal, error) {
				if gone.Load() {
					return tt.now, tt.err
				}
				return was, nil
			}
			w.Handler = Handler(w.options)
			l := w.as(auditor).listen(t, followQuery, nil)
			for range 4 {
				l.item()
			}
			gone.Store(true)
			if tt.code != "" {
				if name, r := l.event(); name != "next" || len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != tt.code {
					t.Fatalf("%s %s", name, r.body)
				}
				if name, _ := l.event(); name != "complete" {
					t.Fatalf("%q, not complete", name)
				}
			}
			if name, r := l.event(); name != "" || errors.Is(l.lines.Err(), context.DeadlineExceeded) {
				t.Errorf("goes on: %s %s %v", name, r.body, l.lines.Err())
			}
		})
	}
}

// Something comes now and then even if nothing happens, so that neither end nor what lies between takes the other for gone.
func TestStreamGivesSignsOfLife(t *testing.T) {
	w := newWorld(t)
	h, ok := w.Handler.(*handler)
	if !ok {
		t.Fatal("no handler")
	}
	h.beat = time.Millisecond
	l := w.listen(t, followQuery, nil)
	for range 3 {
		l.item()
	}
	for n := 0; n < 3; {
		if !l.lines.Scan() {
			t.Fatalf("%d signs of life, then %v", n, l.lines.Err())
		}
		switch l.lines.Text() {
		case ":":
			n++
		case "":
		default:
			t.Fatalf("%q", l.lines.Text())
		}
	}
}

// A stream outlives the times within which a request has to come in and an answer has to go out.
func TestStreamOutlivesTheTimesOfTheServer(t *testing.T) {
	w := newWorld(t)
	server := httptest.NewUnstartedServer(w)
	server.Config.ReadTimeout, server.Config.WriteTimeout = 50*time.Millisecond, 50*time.Millisecond
	server.Start()
	l := listenTo(t, server, followQuery, nil)
	for range 3 {
		l.item()
	}
	time.Sleep(4 * server.Config.ReadTimeout)
	w.describe(t, "One")
	if _, node := l.item(); node["seq"] != 4.0 {
		t.Errorf("%v", node)
	}
}

func TestStreamsEndWhenTheProgramStops(t *testing.T) {
	w := newWorld(t)
	stopping := make(chan struct{})
	w.options.Stopping = stopping
	w.Handler = Handler(w.options)
	l := w.listen(t, followQuery, nil)
	for range 3 {
		l.item()
	}
	close(stopping)
	if name, _ := l.event(); name != "" || l.lines.Err() != nil {
		t.Errorf("%q %v: clients would not come back", name, l.lines.Err())
	}
}

func TestStreamsOfOnePrincipalAreFew(t *testing.T) {
	w := newGuardedWorld(t)
	h, ok := w.Handler.(*handler)
	if !ok {
		t.Fatal("no handler")
	}
	var all []*listener
	for range streamsEach {
		l := w.as(auditor).listen(t, followQuery, nil)
		l.item()
		all = append(all, l)
	}
	refused := w.as(auditor).listen(t, followQuery, nil)
	if name, r := refused.event(); name != "next" || len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "TOO_MANY" || r.Errors[0].Extensions["retryAfter"] == nil {
		t.Errorf("%s %s", name, r.body)
	}
	w.as(admin).listen(t, followQuery, nil).item() // others are not held up
	for _, l := range all {
		l.cancel()
	}
	free := func() bool {
		h.streams.mu.Lock()
		defer h.streams.mu.Unlock()
		return h.streams.of[auditor.ID] == 0
	}
	for begin := time.Now(); !free(); time.Sleep(time.Millisecond) {
		if time.Since(begin) > patience {
			t.Fatal("places of those who left are not free again")
		}
	}
	w.as(auditor).listen(t, followQuery, nil).item()
}

// stuck is a client that takes the headers and nothing after.
type stuck struct {
	http.ResponseWriter
	wrote atomic.Int64
	free  chan struct{}
}

func (s *stuck) Write(b []byte) (int, error) {
	if s.wrote.Add(1) > 2 {
		<-s.free
		return 0, errors.New("gone")
	}
	return len(b), nil
}

// Who doesn't take what comes holds a batch and no more.
func TestSlowClientHoldsLittle(t *testing.T) {
	w := newWorld(t)
	for i := range 4 * feedBatch {
		w.describe(t, fmt.Sprint("title ", i))
	}
	s := &stuck{ResponseWriter: httptest.NewRecorder(), free: make(chan struct{})}
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(body(t, followQuery, nil)))
	req.Header.Set("Content-Type", mediaJSON)
	req.Header.Set("Accept", mediaStream)
	ended := make(chan struct{})
	w.store.calls.Store(0)
	go func() {
		defer close(ended)
		w.ServeHTTP(s, req)
	}()
	for begin := time.Now(); s.wrote.Load() < 3; time.Sleep(time.Millisecond) {
		if time.Since(begin) > patience {
			t.Fatal("nothing is written")
		}
	}
	time.Sleep(20 * time.Millisecond) // to read ahead, if it did
	if n := w.store.calls.Load(); n > 4 {
		t.Errorf("%d calls to the store for a client that takes nothing", n)
	}
	close(s.free)
	select {
	case <-ended:
	case <-time.After(patience):
		t.Error("the stream of a client that is gone goes on")
	}
}
