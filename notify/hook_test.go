package notify_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"weir/errs"
	"weir/notify"
)

// call is what a receiver got.
type call struct {
	header http.Header
	body   []byte
}

// receiver is a webhook's other end.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	calls  []call
	status int
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{status: http.StatusNoContent}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.calls = append(r.calls, call{req.Header.Clone(), body})
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(r.status)
	}))
	t.Cleanup(r.Close)
	return r
}

func TestWebhook_Standard(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		r, olga := newReceiver(t), w.operator()
		hook, secret, err := w.AddWebhook(olga, notify.NewWebhook{Name: "erp", URL: r.URL + "/in?key=hidden", Format: notify.Standard})
		w.fine(err)
		w.now = hook.Created.Add(time.Second)
		ann, _ := w.person("ann")
		ben, _ := w.person("ben")
		w.happens("orders", map[string]string{"urgent": "yes"}, ann, ben)
		r.status = http.StatusInternalServerError
		w.works()
		r.status = http.StatusOK
		w.now = w.now.Add(2 * time.Minute)
		w.works()
		w.works()
		if len(r.calls) != 2 {
			t.Fatalf("%d calls, want one that failed and one more: an event that two people are told of is one", len(r.calls))
		}
		verifier, err := standardwebhooks.NewWebhook(secret)
		w.fine(err)
		for _, c := range r.calls {
			w.fine(verifier.VerifyIgnoringTimestamp(c.body, c.header))
		}
		if a, b := r.calls[0].header, r.calls[1].header; a.Get("webhook-id") != b.Get("webhook-id") || a.Get("webhook-timestamp") == b.Get("webhook-timestamp") {
			t.Errorf("the second attempt has another id, or the same time: %v\n%v", a, b)
		}
		var got struct {
			Type      string
			Timestamp time.Time
			Data      struct {
				Title, Text, URL string
				Urgent           bool
			}
		}
		w.fine(json.Unmarshal(r.calls[1].body, &got))
		if got.Type != "notice.decide" || got.Data.Title != "About orders" || got.Data.URL != "https://data.example.com/requests/orders" || !got.Data.Urgent {
			t.Errorf("%+v", got)
		}
	})
}

func TestWebhook_Chat(t *testing.T) {
	w := memory(t)
	r, olga := newReceiver(t), w.operator()
	_, secret, err := w.AddWebhook(olga, notify.NewWebhook{Name: "chat", URL: r.URL, Format: notify.Chat})
	if err != nil || secret != "" {
		t.Fatalf("secret %q, %v", secret, err)
	}
	ann, _ := w.person("ann")
	w.happens("<!channel>", nil, ann)
	w.works()
	var got map[string]string
	w.fine(json.Unmarshal(r.calls[0].body, &got))
	want := "About &lt;!channel&gt;\nAll about &lt;!channel&gt;.\nhttps://data.example.com/requests/&lt;!channel&gt;"
	if len(got) != 1 || got["text"] != want {
		t.Errorf("%q, want %q", got["text"], want)
	}
	if r.calls[0].header.Get("webhook-signature") != "" {
		t.Error("a chat is sent a signature although it has no secret")
	}
}

func TestWebhook_WhatItIsSent(t *testing.T) {
	w := memory(t)
	r, olga := newReceiver(t), w.operator()
	ann, _ := w.person("ann")
	w.now = time.Now().Add(-time.Hour)
	w.happens("before", nil, ann) // it was there
	add := func(name string, kinds ...notify.Kind) notify.Webhook {
		h, _, err := w.AddWebhook(olga, notify.NewWebhook{Name: name, URL: r.URL + "/" + name, Format: notify.Standard, Kinds: kinds})
		w.fine(err)
		return h
	}
	add("tasks", notify.Task, notify.Task)
	off := add("off")
	add("decisions", notify.Decide)
	w.fine(w.SwitchWebhook(olga, off.ID, true))
	w.now = time.Now().Add(time.Minute)
	w.happens("after", nil, ann)
	w.works()
	if len(r.calls) != 1 || !strings.Contains(string(r.calls[0].body), "About after") {
		t.Errorf("%d calls", len(r.calls))
	}
	w.fine(w.SwitchWebhook(olga, off.ID, false))
	w.happens("later", nil, ann)
	w.works()
	if len(r.calls) != 3 {
		t.Errorf("%d calls after it was switched on again, want 3", len(r.calls))
	}
}

func TestWebhook_Trouble(t *testing.T) {
	tests := []struct {
		name   string
		status int
		state  notify.State
	}{
		{"gone", http.StatusGone, notify.Failed},
		{"not found", http.StatusNotFound, notify.Waiting},
		{"redirect", http.StatusTemporaryRedirect, notify.Waiting},
		{"fine", http.StatusAccepted, notify.Sent},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := memory(t)
			r, olga := newReceiver(t), w.operator()
			_, _, err := w.AddWebhook(olga, notify.NewWebhook{Name: "x", URL: r.URL, Format: notify.Standard})
			w.fine(err)
			ann, _ := w.person("ann")
			w.happens("one", map[string]string{"once": "yes"}, ann) // an answer leaves no doubt
			r.status = tt.status
			w.works()
			got := w.hookDelivery()
			if got.State != tt.state || len(r.calls) != 1 || (got.Why == "") != (tt.state == notify.Sent) {
				t.Errorf("%d calls, %+v", len(r.calls), got)
			}
		})
	}
}

func (w *world) hookDelivery() notify.Delivery {
	w.t.Helper()
	for _, d := range w.deliveries() {
		if d.Door == "webhook" {
			return d
		}
	}
	w.t.Fatal("there is no delivery to a webhook")
	return notify.Delivery{}
}

// A line that breaks before the answer leaves doubt; one that can't be opened doesn't.
func TestWebhook_Doubt(t *testing.T) {
	w := memory(t)
	olga := w.operator()
	silent := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		panic(http.ErrAbortHandler)
	}))
	defer silent.Close()
	closed := httptest.NewServer(nil)
	closed.Close()
	for name, address := range map[string]string{"silent": silent.URL, "closed": closed.URL} {
		_, _, err := w.AddWebhook(olga, notify.NewWebhook{Name: name, URL: address, Format: notify.Standard})
		w.fine(err)
	}
	ann, _ := w.person("ann")
	w.happens("one", map[string]string{"once": "yes"}, ann)
	w.works()
	hooks, err := w.Webhooks(olga)
	w.fine(err)
	got := map[string]notify.State{}
	for _, d := range w.deliveries() {
		for _, h := range hooks {
			if h.ID == d.Webhook {
				got[h.Name] = d.State
			}
		}
	}
	want := map[string]notify.State{"silent": notify.Unknown, "closed": notify.Waiting}
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestWebhook_LeadsNowhereInside(t *testing.T) {
	w := memory(t)
	r, olga := newReceiver(t), w.operator()
	_, _, err := w.AddWebhook(olga, notify.NewWebhook{Name: "x", URL: r.URL, Format: notify.Standard})
	w.fine(err)
	strict := w.with(func(o *notify.Options) { o.AllowPrivate = false })
	ann, _ := w.person("ann")
	w.happens("one", nil, ann)
	w.fine(run(t.Context(), strict, "notify.follow"))
	w.fine(run(t.Context(), strict, "notify.webhook"))
	if got := w.hookDelivery(); got.State != notify.Failed || !strings.Contains(got.Why, "private network") || len(r.calls) != 0 {
		t.Errorf("%d calls, %+v", len(r.calls), got)
	}
	_, _, err = strict.AddWebhook(olga, notify.NewWebhook{Name: "y", URL: "http://example.com/", Format: notify.Standard})
	w.is(err, errs.Invalid)
}

func TestWebhooks_Commands(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		r, olga := newReceiver(t), w.operator()
		h, _, err := w.AddWebhook(olga, notify.NewWebhook{Name: " erp ", URL: r.URL + "/secret-path", Format: notify.Standard})
		w.fine(err)
		if e := w.latest(); e.Action != "notify.webhook-add" || e.Target != h.ID || strings.Contains(string(mustJSON(t, e)), "secret-path") {
			t.Errorf("%+v", e)
		}
		_, _, err = w.AddWebhook(olga, notify.NewWebhook{Name: "erp", URL: r.URL, Format: notify.Chat})
		w.is(err, errs.Exists)
		out, err := w.TestWebhook(olga, h.ID)
		if err != nil || !out.OK || len(r.calls) != 1 {
			t.Errorf("the test: %+v, %v, %d calls", out, err, len(r.calls))
		}
		r.status = http.StatusTeapot
		out, err = w.TestWebhook(olga, h.ID)
		if err != nil || out.OK || !strings.Contains(out.Why, "418") {
			t.Errorf("the test: %+v, %v", out, err)
		}
		list, err := w.Webhooks(olga)
		w.fine(err)
		if len(list) != 1 || list[0].Name != "erp" || strings.Contains(string(mustJSON(t, list)), "secret-path") {
			t.Errorf("%+v", list)
		}
		w.fine(w.RemoveWebhook(olga, h.ID))
		w.is(w.RemoveWebhook(olga, h.ID), errs.NotFound)
		w.is(w.SwitchWebhook(olga, h.ID, true), errs.NotFound)
		_, err = w.TestWebhook(olga, h.ID)
		w.is(err, errs.NotFound)
	})
}

func TestWebhooks_AreForWhoManagesTheSystem(t *testing.T) {
	w := memory(t)
	_, asAnn := w.person("ann")
	_, err := w.Webhooks(asAnn)
	w.is(err, errs.Forbidden)
	_, _, err = w.AddWebhook(asAnn, notify.NewWebhook{Name: "x", URL: "https://example.com", Format: notify.Chat})
	w.is(err, errs.Forbidden)
	if e := w.latest(); e.Action != "notify.webhook-add" || e.Decision != "denied" {
		t.Errorf("%+v", e)
	}
	w.is(w.RemoveWebhook(asAnn, "whk_x"), errs.Forbidden)
	w.is(w.SwitchWebhook(asAnn, "whk_x", true), errs.Forbidden)
	_, err = w.TestWebhook(asAnn, "whk_x")
	w.is(err, errs.Forbidden)
	_, err = w.Deliveries(asAnn, "", "", 10)
	w.is(err, errs.Forbidden)
	w.is(w.Retry(asAnn, "dlv_x"), errs.Forbidden)
}

func TestAddWebhook_NamesWhatIsWrong(t *testing.T) {
	w := memory(t)
	olga := w.operator()
	strict := w.with(func(o *notify.Options) { o.AllowPrivate = false })
	good := notify.NewWebhook{Name: "x", URL: "https://example.com/hook", Format: notify.Standard}
	tests := []struct {
		change func(in *notify.NewWebhook)
		fields []string
	}{
		{func(in *notify.NewWebhook) { in.Name = "\n" }, []string{"name"}},
		{func(in *notify.NewWebhook) { in.Name = strings.Repeat("x", 101) }, []string{"name"}},
		{func(in *notify.NewWebhook) { in.URL = "" }, []string{"url"}},
		{func(in *notify.NewWebhook) { in.URL = "ftp://example.com" }, []string{"url"}},
		{func(in *notify.NewWebhook) { in.URL = "https://user:pw@example.com" }, []string{"url"}},
		{func(in *notify.NewWebhook) { in.URL = "https://" + strings.Repeat("x", 2_000) }, []string{"url"}},
		{func(in *notify.NewWebhook) { in.Format = "xml" }, []string{"format"}},
		{func(in *notify.NewWebhook) { in.Kinds = []notify.Kind{"x"} }, []string{"kinds"}},
		{func(in *notify.NewWebhook) { in.Name, in.URL = "", "" }, []string{"name", "url"}},
	}
	for _, tt := range tests {
		in := good
		tt.change(&in)
		_, _, err := strict.AddWebhook(olga, in)
		var fields []string
		if e, ok := errs.As(err); ok {
			for _, f := range e.Fields {
				fields = append(fields, f.Name)
			}
		}
		if !errs.Is(err, errs.Invalid) || !slices.Equal(fields, tt.fields) {
			t.Errorf("%+v: %v names %v, want %v", in, err, fields, tt.fields)
		}
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
