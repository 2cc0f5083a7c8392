package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/catalog/openlineage"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// openSink takes the directory and its store, or finds the server that has it.
func openSink(ctx context.Context, cfg Config) (sink, error) {
	lock, err := takeDir(cfg.Dir)
	if errs.Is(err, errs.Conflict) {
		return toServer(ctx, cfg, err)
	}
	if err != nil {
		return nil, err
	}
	store, err := cfg.open(ctx, true)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return &storeSink{lock: lock, store: store, intake: catalog.NewIntake(catalog.New(store, time.Now))}, nil
}

// toServer finds the server that has the directory. If none answers, what has it is something else: taken says so.
func toServer(ctx context.Context, cfg Config, taken error) (sink, error) {
	url, err := addressIn(cfg.Dir)
	if err != nil {
		return nil, err
	}
	probe, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(probe, http.MethodGet, url+"/healthz", nil)
	if err != nil {
		return nil, errs.Badf("dir", "%s holds no address.", addressName)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, taken
	}
	if err := resp.Body.Close(); err != nil {
		return nil, err
	}
	p, err := operate(ctx, cfg)
	if err != nil {
		return nil, err
	}
	token, text, err := p.CreateToken(p.ctx, identity.NewToken{
		Name: "weir import", Scopes: []string{authz.ScopeLineage}, Expires: time.Now().Add(importToken),
	})
	if err != nil {
		return nil, errors.Join(err, p.store.Close())
	}
	return &serverSink{url: url, client: &http.Client{Timeout: requestTime}, people: p, token: token.ID, secret: text}, nil
}

// importToken is how long the token of an import lasts if the import is killed before it can revoke it.
const importToken = 24 * time.Hour

// storeSink applies events itself.
type storeSink struct {
	lock   *os.File // of the directory
	store  graph.Store
	intake *catalog.Intake
}

func (s *storeSink) send(ctx context.Context, items []openlineage.Item) ([]error, error) {
	events := make([]catalog.Event, len(items))
	for i, it := range items {
		events[i] = it.Event
	}
	results := s.intake.Accept(ctx, authz.Operator.ID, events...)
	for _, err := range results {
		if err != nil && !refusal(err) {
			return results, err
		}
	}
	return results, nil
}

func (s *storeSink) close(ctx context.Context) error {
	s.intake.Close()
	return errors.Join(catchUp(context.WithoutCancel(ctx), s.store), s.store.Close(), s.lock.Close())
}

// refusal tells whether an error is about the event; others are about the store and end the import.
func refusal(err error) bool {
	k := errs.KindOf(err)
	return k == errs.Invalid || k == errs.TooLarge
}

// serverSink posts events in batches, and again what the server had no time for. Whoever can read the store's files may make
// himself a token; it ends with the import.
type serverSink struct {
	url    string
	client *http.Client
	people *people
	token  graph.ID
	secret string
}

// How often a batch is tried again, and how long the pauses grow.
const (
	postTries = 8
	postPause = 500 * time.Millisecond
)

func (s *serverSink) send(ctx context.Context, items []openlineage.Item) ([]error, error) {
	results := make([]error, len(items))
	todo := make([]int, len(items))
	for i := range items {
		todo[i] = i
	}
	for try := range postTries {
		again, err := s.post(ctx, items, todo, results)
		if err != nil {
			return results, err
		}
		if len(again) == 0 {
			return results, nil
		}
		todo = again
		select {
		case <-ctx.Done():
			return results, ctx.Err()
		case <-time.After(postPause << try):
		}
	}
	return results, errs.E(errs.Unavailable, "The server has no time for so many events. Import the same files again later: nothing is taken twice.")
}

// post sends the items that are still to do and returns those to be sent again.
func (s *serverSink) post(ctx context.Context, items []openlineage.Item, todo []int, results []error) ([]int, error) {
	var body bytes.Buffer
	body.WriteByte('[')
	for i, at := range todo {
		if i > 0 {
			body.WriteByte(',')
		}
		body.Write(items[at].Event.Raw)
	}
	body.WriteByte(']')
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/api/v1/lineage/batch", &body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+s.secret)
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("the server at %s went away: %w", s.url, err)
	}
	answer, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return nil, err
	}
	switch {
	case resp.StatusCode == http.StatusServiceUnavailable:
		return todo, nil
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("the server answers %s: %s", resp.Status, answer)
	}
	return failures(answer, todo, results)
}

// failures sorts the events that the server did not take: refused for good, or to be sent again.
func failures(answer []byte, todo []int, results []error) (again []int, err error) {
	var a struct {
		Failed []struct {
			Index     int    `json:"index"`
			Reason    string `json:"reason"`
			Retriable bool   `json:"retriable"`
		} `json:"failed_events"`
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		return nil, fmt.Errorf("the server's answer can't be read: %w", err)
	}
	for _, f := range a.Failed {
		switch {
		case f.Index < 0 || f.Index >= len(todo):
			return nil, fmt.Errorf("the server speaks of event %d of %d", f.Index, len(todo))
		case f.Retriable:
			again = append(again, todo[f.Index])
		default:
			results[todo[f.Index]] = errs.E(errs.Invalid, f.Reason)
		}
	}
	return again, nil
}

func (s *serverSink) close(context.Context) error {
	return errors.Join(s.people.RevokeToken(s.people.ctx, s.token), s.people.store.Close())
}
