package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/sync/semaphore"

	"weir/authz"
	"weir/catalog"
	"weir/catalog/openlineage"
	"weir/errs"
)

// The limits of the OpenLineage endpoints.
const (
	maxBatchBody = 20 << 20                // bytes of a batch, decompressed
	answerWithin = 4500 * time.Millisecond // clients give up after 5 s
	maxReading   = 60 << 20                // bytes of bodies that are read and parsed at one time; what that takes in memory is a small multiple
)

// accepter takes events in and answers for each after it is durably there.
type accepter interface {
	Accept(ctx context.Context, account string, events ...catalog.Event) []error
}

// intake holds the OpenLineage endpoints.
type intake struct {
	accept  accepter
	reading *semaphore.Weighted
	metrics *metrics
}

func newIntake(a accepter, m *metrics) *intake {
	return &intake{accept: a, reading: semaphore.NewWeighted(maxReading), metrics: m}
}

// event answers POST /api/v1/lineage: one event of any kind. 201 after it is durably there.
func (in *intake) event(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
	defer cancel()
	body, release, err := in.read(ctx, w, r, openlineage.MaxEvent)
	if err != nil {
		return err
	}
	defer release()
	e, err := openlineage.Parse(body)
	if err == nil {
		err = in.accept.Accept(ctx, account(ctx), e)[0]
	}
	in.count(err)
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusCreated)
	return nil
}

// batch answers POST /api/v1/lineage/batch: a bare array or {"events": […]}. Each event is answered for itself.
func (in *intake) batch(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
	defer cancel()
	body, release, err := in.read(ctx, w, r, maxBatchBody)
	if err != nil {
		return err
	}
	defer release()
	items, err := openlineage.ParseBatch(body)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, in.acceptAll(ctx, items))
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

func (in *intake) acceptAll(ctx context.Context, items []openlineage.Item) batchAnswer {
	var events []catalog.Event
	results := make([]error, len(items))
	var at []int
	for i, it := range items {
		if results[i] = it.Err; it.Err == nil {
			events = append(events, it.Event)
			at = append(at, i)
		}
	}
	for i, err := range in.accept.Accept(ctx, account(ctx), events...) {
		results[at[i]] = err
	}
	out := batchAnswer{Status: "success", Failed: []failedEvent{}}
	out.Summary.Received = len(items)
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
	case out.Summary.Failed == len(items) && len(items) > 0:
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
func account(ctx context.Context) string {
	if p, ok := authz.From(ctx); ok {
		return p.ID
	}
	return authz.Operator.ID
}

// read reads a body, plain or gzip, of at most most bytes once decompressed. Bodies that are read at one time share a
// budget of memory; release gives the share back.
func (in *intake) read(ctx context.Context, w http.ResponseWriter, r *http.Request, most int) ([]byte, func(), error) {
	if t := r.Header.Get("Content-Type"); t != "" && !strings.Contains(t, "json") {
		return nil, nil, errs.Bad("Content-Type", "has to be application/json.")
	}
	// What a body takes is known only after reading; a small one, by its length, takes a small share.
	share := int64(most)
	if r.Header.Get("Content-Encoding") == "" && r.ContentLength >= 0 {
		share = min(share, r.ContentLength)
	}
	if err := in.reading.Acquire(ctx, share); err != nil {
		busy := errs.E(errs.Unavailable, "Too much is being read at this moment. Send it again in a second.")
		busy.RetryAfter = time.Second
		return nil, nil, busy
	}
	body, err := readBody(w, r, most)
	if err != nil {
		in.reading.Release(share)
		return nil, nil, err
	}
	kept := min(share, int64(len(body)))
	in.reading.Release(share - kept)
	return body, func() { in.reading.Release(kept) }, nil
}

func readBody(w http.ResponseWriter, r *http.Request, most int) ([]byte, error) {
	tooLarge := errs.Ef(errs.TooLarge, "The body is larger than %d bytes.", most)
	var src io.Reader = http.MaxBytesReader(w, r.Body, int64(most)+1)
	switch enc := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding"))); enc {
	case "", "identity":
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(src)
		if err != nil {
			return nil, errs.Wrap(err, errs.Invalid, "The body is not gzip, although Content-Encoding says so.")
		}
		src = z
	default:
		return nil, errs.Bad("Content-Encoding", "has to be gzip or absent.")
	}
	if r.ContentLength > int64(most) {
		return nil, tooLarge
	}
	body, err := io.ReadAll(io.LimitReader(src, int64(most)+1))
	var over *http.MaxBytesError
	switch {
	case len(body) > most, errors.As(err, &over):
		return nil, tooLarge
	case err != nil:
		return nil, errs.Wrap(err, errs.Invalid, "The body ended early or is damaged.")
	}
	return body, nil
}

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
