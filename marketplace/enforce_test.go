package marketplace_test

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"weir/errs"
	"weir/marketplace"
)

// TestDeliverCutOff: a server that dies after it has told the system outside, and before it wrote that down, leaves a
// message that is sent again with the same id. There is one grant, and it becomes active once.
func TestDeliverCutOff(t *testing.T) {
	eachDesk(t, marketplace.Webhook, func(t *testing.T, d *desk) {
		g := d.give(month)
		d.later(time.Second)
		ctx, die := context.WithCancel(t.Context())
		d.out.hold = die
		if err := d.Deliver(ctx); !errors.Is(err, context.Canceled) {
			t.Fatalf("a server that died: %v", err)
		}
		d.out.hold = nil
		v := d.grant(g.ID)
		same(t, "state", v.State, marketplace.Granting)
		same(t, "command", v.Commands[0].State, marketplace.CommandSending)
		d.deliver()
		same(t, "messages while it may still be on its way", len(d.out.messages()), 1)
		d.later(time.Minute)
		d.deliver()
		m := d.out.messages()
		same(t, "messages", len(m), 2)
		same(t, "id of the second", m[1].ID, m[0].ID)
		same(t, "state", d.grant(g.ID).State, marketplace.Active)
		d.later(time.Hour)
		d.deliver()
		same(t, "messages after", len(d.out.messages()), 2)
		same(t, "entries", d.count("marketplace.grant-active"), 1)
	})
}

// TestDeliverTwice: of servers that deliver at once each message is sent by one.
func TestDeliverTwice(t *testing.T) {
	eachDesk(t, marketplace.Webhook, func(t *testing.T, d *desk) {
		for range 8 {
			d.give(month)
		}
		d.later(time.Second)
		d.together(t, func(s *marketplace.Service) error { return s.Deliver(t.Context()) })
		seen := map[string]int{}
		for _, m := range d.out.messages() {
			seen[string(m.ID)]++
		}
		same(t, "grants", len(seen), 8)
		for id, n := range seen {
			if n != 1 {
				t.Errorf("%s was sent %d times", id, n)
			}
		}
		same(t, "entries", d.count("marketplace.grant-active"), 8)
	})
}

// together lets three servers do something at once.
func (d *desk) together(t *testing.T, do func(*marketplace.Service) error) {
	t.Helper()
	var wg sync.WaitGroup
	for range 3 {
		s := d.server(marketplace.Webhook)
		wg.Go(func() {
			if err := do(s); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// TestDeliverTriesAgain: what fails is tried again after longer and longer pauses, then given up, and started again by hand.
func TestDeliverTriesAgain(t *testing.T) {
	eachDesk(t, marketplace.Webhook, func(t *testing.T, d *desk) {
		g := d.give(month)
		d.out.fail = errs.E(errs.Unavailable, "The system answered with status 503.")
		d.deliver()
		v := d.grant(g.ID)
		same(t, "state while it is tried", v.State, marketplace.Granting)
		same(t, "error", v.Commands[0].Error, "The system answered with status 503.")
		d.deliver()
		same(t, "tries before the pause is over", len(d.out.messages()), 1)
		d.exhaust()
		v = d.grant(g.ID)
		same(t, "state", v.State, marketplace.Failed)
		same(t, "tries", v.Commands[0].Attempts, 8)
		same(t, "may retry", v.MayRetry, true)
		same(t, "entries", d.count("marketplace.grant-failed"), 1)
		_, err := d.Retry(d.mia(), change(v.Grant))
		wants(t, err, errs.Forbidden)
		same(t, "state after retry", is(d.Retry(d.omar(), change(v.Grant)))(t).State, marketplace.Granting)
		d.deliver()
		same(t, "state", d.grant(g.ID).State, marketplace.Active)
	})
}

// TestRevokeWhileSending: a revocation waits for a grant that is on its way, and is the last word.
func TestRevokeWhileSending(t *testing.T) {
	eachDesk(t, marketplace.Webhook, func(t *testing.T, d *desk) {
		g := d.give(month)
		d.later(time.Second)
		var inner error
		d.out.hold = func() {
			d.out.hold = nil
			_, inner = d.Revoke(d.omar(), marketplace.GrantChange{Grant: g.ID, Reason: "A mistake."})
			d.at = d.at.Add(time.Second)
			inner = errors.Join(inner, d.server(marketplace.Webhook).Deliver(t.Context()))
		}
		if err := errors.Join(d.Deliver(t.Context()), inner); err != nil {
			t.Fatal(err)
		}
		same(t, "messages while the first is on its way", len(d.out.messages()), 1)
		same(t, "state", d.grant(g.ID).State, marketplace.Revoked)
		d.later(2 * time.Minute)
		d.deliver()
		m := d.out.messages()
		same(t, "messages", len(m), 2)
		same(t, "the last word", m[1].Type, marketplace.VerbRevoke)
	})
}

// TestManual: without a channel people let others in, and say so; whoever of them does it does it for all.
func TestManual(t *testing.T) {
	eachDesk(t, marketplace.Manual, func(t *testing.T, d *desk) {
		g := d.give(month)
		d.later(time.Hour)
		d.deliver()
		same(t, "state", d.grant(g.ID).State, marketplace.Granting)
		platform := d.as("ines", "platform", "*")
		tasks := is(d.Tasks(platform, marketplace.TaskList{Limit: 9}))(t).Items
		same(t, "tasks of the platform", len(tasks), 1)
		same(t, "title", tasks[0].Title, "Give access to Orders")
		same(t, "holder", tasks[0].HolderName, "mia")
		same(t, "tasks of the holder", len(is(d.Tasks(d.mia(), marketplace.TaskList{Limit: 9}))(t).Items), 0)
		own := is(d.Tasks(d.omar(), marketplace.TaskList{Limit: 9}))(t).Items
		same(t, "tasks of the owner", len(own), 1)
		wants(t, d.FinishTask(d.mia(), marketplace.TaskAnswer{Task: own[0].ID}), errs.NotFound)
		wants(t, d.FinishTask(d.omar(), marketplace.TaskAnswer{Task: own[0].ID, Failed: true}), errs.Invalid, "note")
		if err := d.FinishTask(d.omar(), marketplace.TaskAnswer{Task: own[0].ID, Failed: true, Note: "No such table."}); err != nil {
			t.Fatal(err)
		}
		v := d.grant(g.ID)
		same(t, "state", v.State, marketplace.Failed)
		same(t, "error", v.Commands[0].Error, "No such table.")
		wants(t, d.FinishTask(platform, marketplace.TaskAnswer{Task: tasks[0].ID}), errs.Conflict)
		is(d.Retry(platform, change(v.Grant)))(t)
		tasks = is(d.Tasks(platform, marketplace.TaskList{Limit: 9}))(t).Items
		same(t, "tasks after retry", len(tasks), 1)
		if err := d.FinishTask(platform, marketplace.TaskAnswer{Task: tasks[0].ID}); err != nil {
			t.Fatal(err)
		}
		same(t, "state", d.grant(g.ID).State, marketplace.Active)
		same(t, "tasks left", len(is(d.Tasks(d.omar(), marketplace.TaskList{Limit: 9}))(t).Items), 0)
		same(t, "entries", d.count("marketplace.task-done"), 2)
	})
}

func TestFileEnforcer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "grants.jsonl")
	e := is(marketplace.NewFileEnforcer(path))(t)
	send := func(id string) {
		if err := e.Enforce(t.Context(), marketplace.Message{ID: "cmd_" + "x", Title: id}); err != nil {
			t.Fatal(err)
		}
	}
	send("first")
	f := is(os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0))(t)
	is(f.WriteString(`{"id":"cut`))(t) // as a machine that stopped leaves it
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	send("second")
	var titles []string
	file := is(os.Open(path))(t)
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var m marketplace.Message
		if json.Unmarshal(lines.Bytes(), &m) == nil {
			titles = append(titles, m.Title)
		}
	}
	same(t, "whole lines", strings.Join(titles, " "), "first second")
	same(t, "mode", is(os.Stat(path))(t).Mode().Perm(), os.FileMode(0o600))
}

func TestWebhookEnforcer(t *testing.T) {
	key := []byte(strings.Repeat("k", 32))
	secret := "whsec_" + base64.StdEncoding.EncodeToString(key)
	status := http.StatusOK
	var head http.Header
	var body []byte
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head = r.Header
		body, _ = io.ReadAll(r.Body)
		if status == http.StatusFound {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(status)
	}))
	defer hook.Close()
	e := is(marketplace.NewWebhookEnforcer(hook.URL, secret))(t)
	if err := e.Enforce(t.Context(), marketplace.Message{ID: "cmd_1", Type: "grant"}); err != nil {
		t.Fatal(err)
	}
	same(t, "id", head.Get("Webhook-Id"), "cmd_1")
	want := signature(key, head.Get("Webhook-Id")+"."+head.Get("Webhook-Timestamp")+"."+string(body))
	same(t, "signature", head.Get("Webhook-Signature"), "v1,"+want)
	for _, status = range []int{http.StatusFound, http.StatusForbidden, http.StatusInternalServerError} {
		wants(t, e.Enforce(t.Context(), marketplace.Message{ID: "cmd_2"}), errs.Unavailable)
	}
	for _, bad := range []struct{ address, secret, field string }{
		{"http://example.com/hook", secret, "url"}, {"ftp://localhost", secret, "url"}, {"https://a:b@example.com", secret, "url"},
		{"https://example.com", "secret", "secret"}, {"https://example.com", "whsec_c2hvcnQ=", "secret"},
	} {
		_, err := marketplace.NewWebhookEnforcer(bad.address, bad.secret)
		wants(t, err, errs.Invalid, bad.field)
	}
}

func signature(key []byte, text string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}
