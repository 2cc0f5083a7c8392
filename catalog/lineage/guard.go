package lineage

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"sync"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// Guarded returns the service as it answers the principal in each question's context: what he may not see is opaque. A
// nil policy has no rules.
func (s *Service) Guarded(p *authz.Policy) *Service {
	if p == nil {
		return s.For(nil)
	}
	return s.For(&guard{policy: p, store: s.store, now: s.now})
}

// guard hides what the policy doesn't let the principal in the context see.
type guard struct {
	policy *authz.Policy
	store  graph.Reader
	now    func() time.Time

	mu  sync.Mutex
	key []byte // of pseudonyms, once it was read
}

// PseudonymPrefix begins the ids of hidden nodes.
const PseudonymPrefix = "hid_"

// Visible is what the principal may see.
func (g *guard) Visible(ctx context.Context) *graph.Visible { return g.policy.Visible(ctx) }

// Hide returns the pseudonyms of those nodes whose audience the principal is not of: keyed by the store's secret and his
// id, so that they are the same in all his answers and no two people can compare theirs.
func (g *guard) Hide(ctx context.Context, nodes []graph.Node) (map[graph.ID]graph.ID, error) {
	visible := g.policy.Visible(ctx)
	if visible == nil || len(nodes) == 0 {
		return nil, nil
	}
	keys, err := g.audiences(ctx, nodes)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, a := range visible.Audiences {
		seen[a] = true
	}
	var out map[graph.ID]graph.ID
	for id, key := range keys {
		if seen[key] {
			continue
		}
		if out == nil {
			out = map[graph.ID]graph.ID{}
		}
		if out[id], err = g.pseudonym(ctx, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// audiences are the keys of nodes; columns and runs have those of what they belong to. Named things have none and are
// absent: they are asked about only where something visible bears them.
func (g *guard) audiences(ctx context.Context, nodes []graph.Node) (map[graph.ID]string, error) {
	out := make(map[graph.ID]string, len(nodes))
	home := map[graph.ID]graph.ID{}
	var want []graph.ID
	for _, n := range nodes {
		switch n.Kind {
		case catalog.OwnerType.Kind, catalog.TagType.Kind, catalog.ClassType.Kind, catalog.SourceType.Kind:
			continue
		case catalog.ColumnType.Kind, catalog.RunType.Kind:
			id := homeOf(n)
			home[n.ID], out[n.ID] = id, ""
			want = append(want, id)
			continue
		}
		key, ok := n.Props[graph.PropAudience].(string)
		out[n.ID] = key
		if !ok {
			home[n.ID] = n.ID // read without its properties
			want = append(want, n.ID)
		}
	}
	if len(want) == 0 {
		return out, nil
	}
	found, err := g.homes(ctx, home, want)
	for id, at := range home {
		out[id], _ = found[at].Props[graph.PropAudience].(string)
	}
	return out, err
}

// homes reads what nodes belong to. Columns that were read without their properties are read again first.
func (g *guard) homes(ctx context.Context, home map[graph.ID]graph.ID, want []graph.ID) (map[graph.ID]graph.Node, error) {
	var blank []graph.ID
	for id, at := range home {
		if at == "" {
			blank = append(blank, id)
		}
	}
	again, err := fetch(ctx, g.store, blank)
	if err != nil {
		return nil, err
	}
	for id, n := range again {
		home[id] = homeOf(n)
		want = append(want, home[id])
	}
	known := want[:0:0]
	for _, id := range want {
		if id != "" {
			known = append(known, id)
		}
	}
	return fetch(ctx, g.store, known)
}

// homeOf is the dataset of a column or the job of a run.
func homeOf(n graph.Node) graph.ID {
	prop := propDataset
	if n.Kind == catalog.RunType.Kind {
		prop = propJob
	}
	id, _ := n.Props[prop].(string)
	return graph.ID(id)
}

// The properties that say what columns and runs belong to.
const (
	propDataset = "dataset"
	propJob     = "job"
)

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func (g *guard) pseudonym(ctx context.Context, id graph.ID) (graph.ID, error) {
	key, err := g.secret(ctx)
	if err != nil {
		return "", err
	}
	m := hmac.New(sha256.New, key)
	m.Write([]byte(authz.From(ctx).ID + "\x00" + string(id)))
	return graph.ID(PseudonymPrefix + base32Lower.EncodeToString(m.Sum(nil))[:26]), nil
}

// secret reads the store's key once.
func (g *guard) secret(ctx context.Context) ([]byte, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.key != nil {
		return g.key, nil
	}
	store, ok := g.store.(graph.Store)
	if !ok {
		return nil, errs.E(errs.Internal, "Pseudonyms need a store that can keep their key.")
	}
	key, err := catalog.VeilKey(ctx, store, g.now())
	if err == nil {
		g.key = key
	}
	return key, err
}
