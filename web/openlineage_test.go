package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// slow is a store whose commits take a time of their own.
type slow struct {
	graph.Store
	takes time.Duration
}

func (s *slow) Update(ctx context.Context, id string, fn func(context.Context, graph.Tx) error) error {
	select {
	case <-time.After(s.takes):
		return nil
	case <-ctx.Done():
		return errs.Wrap(ctx.Err(), errs.Timeout, "That took longer than allowed.")
	}
}

// inBubble runs a test on a clock of its own. The packer of documents is shared by all tests: it must begin outside.
func inBubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	catalog.NewDocument("text/plain", []byte("x"))
	synctest.Test(t, test)
}

func eventOf(job string) string {
	return fmt.Sprintf(`{"eventTime":"2026-03-02T22:01:35Z","producer":"p","job":{"namespace":"ns","name":%q}}`, job)
}

func post(h http.Handler, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// Clients give up after five seconds: whatever the store does, an answer comes before, and one that lets them try again.
func TestIntake_AnswersInTimeWhateverTheStoreDoes(t *testing.T) {
	tests := []struct {
		name  string
		takes time.Duration // of a commit
		least int           // how many of the 300 are taken
		most  int
	}{
		{"quick", time.Millisecond, 300, 300},
		{"slow", 3 * time.Second, 1, 300},
		{"too slow", 10 * time.Second, 0, 0},
		{"stuck", time.Hour, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				in := catalog.NewIntake(catalog.New(&slow{takes: tt.takes}, time.Now))
				defer in.Close()
				h := New(Options{Intake: in, Now: time.Now, Trust: true}).Handler()
				var clients sync.WaitGroup
				var taken atomic.Int64
				for i := range 300 {
					clients.Go(func() {
						begin := time.Now()
						w := post(h, "/api/v1/lineage", eventOf(strconv.Itoa(i)))
						if took := time.Since(begin); took >= 5*time.Second {
							t.Errorf("answered after %v", took)
						}
						if w.Code == http.StatusCreated {
							taken.Add(1)
						}
						checkRetry(t, w)
					})
				}
				clients.Wait()
				if n := int(taken.Load()); n < tt.least || n > tt.most {
					t.Errorf("%d of 300 events were taken", n)
				}
			})
		})
	}
}

// checkRetry asks that what was not taken may be sent again.
func checkRetry(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	switch w.Code {
	case http.StatusCreated:
	case http.StatusServiceUnavailable:
		if w.Header().Get("Retry-After") == "" {
			t.Errorf("503 without Retry-After: %s", w.Body)
		}
	default:
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
}

// More than there is room for is refused at once with what a client needs to come again, and taken as soon as there is room.
func TestIntake_Overload(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		store := &slow{takes: 3 * time.Second}
		in := catalog.NewIntake(catalog.New(store, time.Now))
		defer in.Close()
		h := New(Options{Intake: in, Now: time.Now, Trust: true}).Handler()
		large := func(i int) string {
			return strings.Replace(eventOf(strconv.Itoa(i)), `{`, `{"x":"`+strings.Repeat("x", 4<<20)+`",`, 1)
		}
		got := make(map[int]int)
		var mu sync.Mutex
		var clients sync.WaitGroup
		for i := range 30 {
			clients.Go(func() {
				w := post(h, "/api/v1/lineage", large(i))
				checkRetry(t, w)
				mu.Lock()
				defer mu.Unlock()
				got[w.Code]++
			})
		}
		clients.Wait()
		if got[http.StatusCreated] == 0 || got[http.StatusServiceUnavailable] == 0 {
			t.Errorf("120 MB at once: %v", got)
		}
		time.Sleep(time.Minute)
		if w := post(h, "/api/v1/lineage", eventOf("later")); w.Code != http.StatusCreated {
			t.Errorf("after the overload: %d %s", w.Code, w.Body)
		}
	})
}

// What is in a batch and was not taken for want of time is marked as worth sending again.
func TestIntake_ABatchInOverloadIsRetriable(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		in := catalog.NewIntake(catalog.New(&slow{takes: time.Hour}, time.Now))
		defer in.Close()
		h := New(Options{Intake: in, Now: time.Now, Trust: true}).Handler()
		w := post(h, "/api/v1/lineage/batch", "["+eventOf("a")+`,{},`+eventOf("b")+"]")
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"failed":3,"retriable":2`) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}
