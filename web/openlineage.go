package web

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/sync/semaphore"

	"weir/authz"
	"weir/catalog"
	"weir/catalog/openlineage"
	"weir/errs"
)

// The limits of the OpenLineage endpoints.
const (
	maxBatchBody = 10 << 20        // bytes of a batch, decompressed
	answerWithin = 4 * time.Second // clients give up after 5 s, and a busy machine takes some of that itself
	maxReading   = 12 << 20        // bytes of bodies that lie in memory at one time, the largest and some more
	maxWorking   = 4 << 20         // bytes of bodies that are parsed and applied at one time, which takes a multiple in memory
	portion      = 1 << 20         // bytes of a batch that are parsed and applied together
	firstRead    = 8 << 10         // bytes that a body has room for at first
)

// accepter takes events in and answers for each after it is durably there.
type accepter interface {
	Accept(ctx context.Context, account string, events ...catalog.Event) []error
}

// intake holds the OpenLineage endpoints.
type intake struct {
	accept  accepter
	reading *room
	working *semaphore.Weighted
	metrics *metrics
}

func newIntake(a accepter, m *metrics) *intake {
	return &intake{accept: a, reading: newRoom(maxReading, maxBatchBody+1), working: semaphore.NewWeighted(maxWorking), metrics: m}
}

// event answers POST /api/v1/lineage: one event of any kind. 201 after it is durably there.
func (in *intake) event(w http.ResponseWriter, r *http.Request) error {
	return in.take(w, r, openlineage.MaxEvent, func(ctx context.Context, b *body) error {
		e, err := openlineage.Parse(b.text)
		b.release()
		if err == nil {
			err = in.accept.Accept(ctx, account(ctx), e)[0]
		}
		in.count(err)
		if err != nil {
			return err
		}
		w.WriteHeader(http.StatusCreated)
		return nil
	})
}

// batch answers POST /api/v1/lineage/batch: a bare array or {"events": […]}. Each event is answered for itself.
func (in *intake) batch(w http.ResponseWriter, r *http.Request) error {
	return in.take(w, r, maxBatchBody, func(ctx context.Context, b *body) error {
		parts, err := openlineage.Split(b.text)
		if err != nil {
			return err
		}
		return writeJSON(w, http.StatusOK, in.acceptAll(ctx, parts))
	})
}

// take reads a body of at most most bytes and works on it, as soon as there is memory for either. The work may
// give the body back before it ends.
func (in *intake) take(w http.ResponseWriter, r *http.Request, most int, work func(context.Context, *body) error) error {
	b := &body{room: in.reading, left: answerWithin}
	defer b.release()
	if err := b.read(w, r, most); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), b.left)
	defer cancel()
	share := min(int64(len(b.text)), maxWorking) // a batch may be larger: it is worked on alone
	if err := in.working.Acquire(ctx, share); err != nil {
		return busy()
	}
	defer in.working.Release(share)
	return work(ctx, b)
}

// batchAnswer is the answer of the OpenLineage specification to a batch.
type batchAnswer struct {
	Status  string `json:"status"` // success, partial_success or failure
	Summary struct {
		Received   int `json:"received"`
		Successful int `json:"successful"`
		Failed     int `json:"failed"`
		Retriable  int `json:"retriable"`
	} `json:"summary"`
	Failed []failedEvent `json:"failed_events"`
}

type failedEvent struct {
	Index     int          `json:"index"`
	Reason    string       `json:"reason"`
	Retriable bool         `json:"retriable"`
	Errors    []errs.Field `json:"errors,omitempty"`
}

// acceptAll takes in the events of a batch, a portion of its text at a time: parsed, they take a multiple of it.
func (in *intake) acceptAll(ctx context.Context, parts []openlineage.Part) batchAnswer {
	results := make([]error, 0, len(parts))
	for begin, size := 0, 0; begin < len(parts); size = 0 {
		end := begin
		for ; end < len(parts) && (end == begin || size+len(parts[end].Raw) <= portion); end++ {
			size += len(parts[end].Raw)
		}
		results = append(results, in.acceptSome(ctx, parts[begin:end])...)
		begin = end
	}
	return in.summary(results)
}

// acceptSome answers for each event of a portion.
func (in *intake) acceptSome(ctx context.Context, parts []openlineage.Part) []error {
	var events []catalog.Event
	results := make([]error, len(parts))
	var at []int
	for i, p := range parts {
		var e catalog.Event
		if e, results[i] = p.Parse(); results[i] == nil {
			events = append(events, e)
			at = append(at, i)
		}
	}
	for i, err := range in.accept.Accept(ctx, account(ctx), events...) {
		results[at[i]] = err
	}
	return results
}

func (in *intake) summary(results []error) batchAnswer {
	out := batchAnswer{Status: "success", Failed: []failedEvent{}}
	out.Summary.Received = len(results)
	for i, err := range results {
		in.count(err)
		if err == nil {
			out.Summary.Successful++
			continue
		}
		f := failedEvent{Index: i, Reason: errs.Shown(err), Retriable: Status(err) >= http.StatusInternalServerError}
		if e, ok := errs.As(err); ok {
			f.Errors = e.Fields
		}
		if f.Retriable {
			out.Summary.Retriable++
		}
		out.Failed = append(out.Failed, f)
	}
	out.Summary.Failed = len(out.Failed)
	switch {
	case out.Summary.Failed == len(results) && len(results) > 0:
		out.Status = "failure"
	case out.Summary.Failed > 0:
		out.Status = "partial_success"
	}
	return out
}

func (in *intake) count(err error) {
	result := "accepted"
	if err != nil {
		result = errs.KindOf(err).String()
	}
	in.metrics.events.WithLabelValues(result).Inc()
}

// account is who reports.
func account(ctx context.Context) string { return authz.Actor(ctx) }

func writeJSON(w http.ResponseWriter, status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return errs.Wrap(err, errs.Internal, "")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if _, err := w.Write(b); err != nil {
		slog.Debug("the client went away", "error", err)
	}
	return nil
}

func writeText(w http.ResponseWriter, status int, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	if _, err := io.WriteString(w, text); err != nil {
		slog.Debug("the client went away", "error", err)
	}
	return nil
}
