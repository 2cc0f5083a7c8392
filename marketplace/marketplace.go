// Package marketplace lets people and agents ask for data, and owners let them in: products, policy templates, requests,
// decisions and grants.
//
// The rules of the workflow are pure tables (Items, Grants, Proposals); the Service around them loads, authorizes, applies a
// rule, saves with the version it looked at and appends the audit entry, in one transaction. Three things hold always: nobody
// decides for himself (identity.Closure), the approver sees what flows in (flow.Snapshot), and a decision is pinned with
// the facts that it was made on (Facts).
package marketplace

import (
	"context"
	"encoding/json"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// Service holds the commands and queries of the marketplace. Every entrance calls the same.
type Service struct {
	store   graph.Store
	policy  *authz.Policy
	catalog *catalog.Service
	now     func() time.Time
	options Options
}

// Options say how a Service works.
type Options struct {
	Now func() time.Time // nil: time.Now
	// Channel is how grants reach the systems that hold the data, where nothing else is said: Manual, File or Webhook.
	// "" is Manual.
	Channel Channel
	// Enforcers carry out what goes by the other channels. Nothing is needed for Manual.
	Enforcers map[Channel]Enforcer
	// People carries out what is confirmed about accounts, and knows what who proposed something may do now. nil: one without
	// keys, for tests.
	People *identity.Service
}

// New makes a Service over a store. A nil policy allows everything.
func New(store graph.Store, policy *authz.Policy, o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Channel == "" {
		o.Channel = Manual
	}
	if o.People == nil {
		o.People = identity.New(store, policy, identity.Options{Now: o.Now})
	}
	return &Service{
		store: store, policy: policy, now: o.Now, options: o,
		catalog: catalog.New(store, o.Now).Guarded(policy),
	}
}

// Page is a part of a list. Next is empty on the last one.
type Page[T any] struct {
	Items []T
	Next  string
}

// isA tells whether an id is one of a kind.
func isA[T any](id graph.ID, t *graph.Type[T]) bool {
	p := t.Spec.Prefix
	return len(id) > len(p) && string(id[:len(p)]) == p && id[len(p)] == '_' && graph.ValidID(id)
}

// get reads a node; ok is false if there is none of that kind.
func get[T any](ctx context.Context, r graph.Reader, t *graph.Type[T], id graph.ID) (out T, ok bool, err error) {
	if !isA(id, t) {
		return out, false, nil
	}
	nodes, err := r.Nodes(ctx, id)
	if err != nil {
		return out, false, err
	}
	n, there := nodes[id]
	if !there {
		return out, false, nil
	}
	out, err = t.Read(n)
	return out, err == nil, broken(err)
}

// getAll reads nodes of one kind; missing ones are absent.
func getAll[T any](ctx context.Context, r graph.Reader, t *graph.Type[T], ids []graph.ID) (map[graph.ID]T, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	nodes, err := r.Nodes(ctx, ids...)
	if err != nil {
		return nil, err
	}
	out := map[graph.ID]T{}
	for id, n := range nodes {
		if n.Kind != t.Kind {
			continue
		}
		v, err := t.Read(n)
		if err != nil {
			return nil, broken(err)
		}
		out[id] = v
	}
	return out, nil
}

// put writes a node and returns it as it is now.
func put[T any](ctx context.Context, tx graph.Tx, t *graph.Type[T], id graph.ID, mode graph.Mode, v T) (out T, err error) {
	nodes, err := tx.Put(ctx, t.Write(id, mode, v))
	if err != nil {
		return out, err
	}
	out, err = t.Read(nodes[0])
	return out, broken(err)
}

// list reads a page of a kind. Limits are 1 to graph.MaxPage.
func list[T any](ctx context.Context, r graph.Reader, t *graph.Type[T], q graph.Query) (Page[T], error) {
	q.Kind = t.Kind
	if q.Limit < 1 || q.Limit > graph.MaxPage {
		return Page[T]{}, errs.Badf("limit", "has to be between 1 and %d.", graph.MaxPage)
	}
	page, err := r.List(ctx, q)
	if err != nil {
		return Page[T]{}, err
	}
	items, err := t.ReadAll(page.Nodes)
	return Page[T]{items, page.Next}, broken(err)
}

// pack and unpack keep what is never filtered in one property.
func pack(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	return b, errs.Wrap(err, errs.Internal, "What the marketplace keeps can't be written.")
}

func unpack(b []byte, v any) error {
	if len(b) == 0 {
		return nil
	}
	return broken(json.Unmarshal(b, v))
}

// broken is the error of what is not as it was written.
func broken(err error) error {
	return errs.Wrap(err, errs.Internal, "What the marketplace keeps can't be read.")
}

// where makes a filter on one value.
func where(prop string, value any) graph.Filter {
	return graph.Filter{Prop: prop, Values: []any{value}}
}
