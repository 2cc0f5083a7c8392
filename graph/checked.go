package graph

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"

	"weir/errs"
)

// Checked holds every caller of s to the limits and the Schema, so that engines see valid arguments only: refusals
// are Invalid or TooLarge and name the field. It normalises times, drops duplicates in lists of ids, fills in limits
// and relations that were left out, orders lock keys, answers questions whose answer is empty by their form, dooms a
// transaction whose method failed, and gives every error that leaves a kind.
func Checked(s Store, schema Schema) Store {
	if err := schema.Validate(); err != nil {
		panic("graph: " + err.Error()) // a Schema is part of the program, not input
	}
	r := newRules(schema)
	return &checked{checkedReader: checkedReader{reader: s, rules: r}, store: s}
}

type checked struct {
	checkedReader
	store Store
}

// Unwrap returns the engine, for what an engine offers beyond the contract.
func (c *checked) Unwrap() Store { return c.store }

func (c *checked) Search(ctx context.Context, s Search) (Result, error) {
	s, err := c.rules.search(s)
	if err != nil {
		return Result{}, err
	}
	if s.nothing() {
		return emptyResult(s), nil
	}
	if err := ended(ctx); err != nil {
		return Result{}, err
	}
	res, err := c.store.Search(ctx, s)
	return res, kinded(ctx, err)
}

func emptyResult(s Search) Result {
	if len(s.Facets) == 0 {
		return Result{}
	}
	facets := make(map[string][]Bucket, len(s.Facets))
	for _, f := range s.Facets {
		facets[f.Name()] = nil
	}
	return Result{Facets: facets}
}

func (c *checked) Update(ctx context.Context, id string, fn func(ctx context.Context, tx Tx) error) error {
	if err := checkText("id", id, MaxKeyLen); err != nil {
		return err
	}
	if err := ended(ctx); err != nil {
		return err
	}
	if id == "" {
		id = rand.Text()
	}
	err := c.store.Update(ctx, id, func(ctx context.Context, tx Tx) error {
		t := &checkedTx{tx: tx, checkedReader: checkedReader{reader: tx, rules: c.rules}}
		t.checkedReader.doom = t.fail
		defer t.end()
		if err := fn(ctx, t); err != nil {
			return &callers{err}
		}
		return t.failed
	})
	return kinded(ctx, err)
}

// callers is an error of the caller's own on its way through an engine: it comes out as it went in.
type callers struct{ err error }

func (e *callers) Error() string { return e.err.Error() }
func (e *callers) Unwrap() error { return e.err }

func (c *checked) Dump(ctx context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for r, err := range c.store.Dump(ctx) {
			if !yield(r, kinded(ctx, err)) || err != nil {
				return
			}
		}
	}
}

func (c *checked) Restore(ctx context.Context, records iter.Seq2[Record, error]) error {
	err := c.store.Restore(ctx, func(yield func(Record, error) bool) {
		n := 0
		for r, err := range records {
			if err == nil {
				r, err = c.rules.record(r)
			}
			if err != nil {
				yield(Record{}, &callers{fmt.Errorf("record %d: %w", n, err)})
				return
			}
			if !yield(r, nil) {
				return
			}
			n++
		}
	})
	return kinded(ctx, err)
}

func (c *checked) Ready(ctx context.Context) error { return kinded(ctx, c.store.Ready(ctx)) }

func (c *checked) Close() error { return kinded(context.Background(), c.store.Close()) }

// kinded gives a foreign error a kind: Timeout when it comes from ctx, else Internal, which is a mistake of the
// engine that the conformance suite finds. An error of the caller's own is returned as it is.
func kinded(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	var own *callers
	if errors.As(err, &own) {
		return own.err
	}
	if _, ok := errs.As(err); ok {
		return err
	}
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return errs.Wrap(err, errs.Timeout, timeoutMessage)
	}
	return errs.Wrap(err, errs.Internal, "")
}

const timeoutMessage = "That took longer than allowed. Nothing was saved."

// ended is the Timeout of a context that is over before anything began.
func ended(ctx context.Context) error {
	return errs.Wrap(ctx.Err(), errs.Timeout, timeoutMessage)
}
