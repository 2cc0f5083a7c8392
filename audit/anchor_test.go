package audit_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"weir/audit"
	"weir/errs"
	"weir/graph"
)

// clocked opens a log whose time stands still until it is moved.
func clocked(t *testing.T, s graph.Store) (l *audit.Log, move func(time.Duration)) {
	t.Helper()
	now := noon
	l, err := audit.Open(t.Context(), s, audit.Options{Dir: t.TempDir(), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	return l, func(d time.Duration) { now = now.Add(d) }
}

// anchor runs a sealer that ends at once, which seals and anchors.
func anchor(t *testing.T, l *audit.Log, as ...audit.Anchor) audit.State {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := (&audit.Sealer{Log: l, Anchors: as}).Run(ctx); err != nil {
		t.Fatal(err)
	}
	state, err := l.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func TestAnchorFile_AppendsEachCheckpointOnce(t *testing.T) {
	s := newStore(t)
	l, _ := clocked(t, s)
	path := filepath.Join(t.TempDir(), "checkpoints")
	var notes []string
	for range 2 {
		write(t, s, "act", "th_a")
		for range 2 {
			state := anchor(t, l, audit.AnchorFile{Path: path})
			if a := state.Anchors[0]; a.Name != "file" || a.Size != state.Size || a.Error != "" || !a.At.Equal(graph.Time(noon)) {
				t.Errorf("%+v", a)
			}
		}
		c, err := l.Checkpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		notes = append(notes, c.Note)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := 0
	for sc := bufio.NewScanner(f); sc.Scan(); lines++ {
		var line struct{ Checkpoint string }
		if err := json.Unmarshal(sc.Bytes(), &line); err != nil || line.Checkpoint != notes[lines] {
			t.Errorf("line %d: %s, %v", lines, sc.Text(), err)
		}
	}
	if lines != 2 {
		t.Errorf("%d lines", lines)
	}
}

func TestAnchorLine_LogsTheNote(t *testing.T) {
	var b bytes.Buffer
	s := newStore(t)
	l, _ := clocked(t, s)
	write(t, s, "act", "th_a")
	anchor(t, l, audit.AnchorLine{Logger: slog.New(slog.NewJSONHandler(&b, nil))})
	c, err := l.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var line struct{ Msg, Note string }
	if err := json.Unmarshal(b.Bytes(), &line); err != nil || line.Msg != "checkpoint" || line.Note != c.Note {
		t.Errorf("%s, %v", b.String(), err)
	}
}

func TestAnchorWebhook_TriesAgainAfterAPause(t *testing.T) {
	status, bodies := http.StatusServiceUnavailable, []string{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		bodies = append(bodies, string(b))
		w.WriteHeader(status)
	}))
	defer srv.Close()
	hook, err := audit.NewAnchorWebhook(srv.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := newStore(t)
	l, move := clocked(t, s)
	write(t, s, "act", "th_a")
	for tries := range 3 {
		a := anchor(t, l, hook).Anchors[0]
		if a.Size != 0 || !strings.Contains(a.Error, "503") || a.Tries != int64(tries+1) || len(bodies) != tries+1 {
			t.Fatalf("after %d tries: %+v", len(bodies), a)
		}
		anchor(t, l, hook) // within the pause
		move(time.Second << tries)
	}
	status = http.StatusNoContent
	write(t, s, "act", "th_a")
	a := anchor(t, l, hook).Anchors[0]
	if a.Size != 2 || a.Error != "" || a.Tries != 0 || len(bodies) != 4 || !strings.Contains(bodies[3], "\n2\n") {
		t.Errorf("%+v after %d tries", a, len(bodies))
	}
}

func TestAnchorWebhook_FollowsNoRedirect(t *testing.T) {
	elsewhere := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere++ }))
	defer other.Close()
	srv := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer srv.Close()
	hook, err := audit.NewAnchorWebhook(srv.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := newStore(t)
	l, _ := clocked(t, s)
	write(t, s, "act", "th_a")
	if a := anchor(t, l, hook).Anchors[0]; !strings.Contains(a.Error, "307") || elsewhere != 0 {
		t.Errorf("%+v, %d requests elsewhere", a, elsewhere)
	}
}

func TestNewAnchorWebhook_DemandsASafeAddress(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://example.com/x": true, "http://127.0.0.1:1/x": true, "http://localhost/x": true, "http://[::1]:9/": true,
		"http://example.com": false, "http://127.0.0.1.example.com": false, "ftp://localhost": false, "https://": false,
		"https://user:pw@example.com": false, "example.com": false, "": false, "http://localhost.example.com/": false,
	} {
		if _, err := audit.NewAnchorWebhook(address, nil); (err == nil) != ok || err != nil && !errs.Is(err, errs.Invalid) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// An anchor that is away holds nobody up.
func TestRun_SealsAndAnchorsUntilItEnds(t *testing.T) {
	s := openSQLite(t)
	l := openLog(t, s, t.TempDir())
	sent := make(chan int64, 100)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		sealer := audit.Sealer{Log: l, Every: time.Millisecond, Anchors: []audit.Anchor{away{}, reporting(sent)}}
		ended <- sealer.Run(ctx)
	}()
	for i := range 3 {
		write(t, s, "act", "th_a")
		for size := int64(0); size <= int64(i); {
			size = <-sent
		}
	}
	write(t, s, "last", "th_a")
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	state, err := l.State(t.Context())
	if err != nil || state.Sealed != 4 || len(state.Anchors) != 2 || state.Anchors[0].Name != "away" || state.Anchors[0].Error != "away" {
		t.Errorf("%+v, %v", state, err)
	}
	if a := state.Anchors[1]; a.Name != "reporting" || a.Size != 4 {
		t.Errorf("%+v", a)
	}
	chain(t, l)
}

type away struct{}

func (away) Name() string { return "away" }

func (away) Send(context.Context, audit.Checkpoint, audit.Prover) (string, error) {
	return "", errors.New("away")
}

type reporting chan int64

func (reporting) Name() string { return "reporting" }

func (r reporting) Send(_ context.Context, c audit.Checkpoint, _ audit.Prover) (string, error) {
	r <- c.Size
	return "", nil
}
