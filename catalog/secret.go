package catalog

import (
	"context"
	"crypto/rand"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// secret is a random key of the store, kept where only the program reads.
type secret struct {
	Key []byte `graph:"key"`
}

var secretType = graph.Declare[secret]("Secret", graph.Spec{Prefix: "sec"})

const veilID graph.ID = "sec_veil"

// VeilKey is the key under which pseudonyms of hidden assets are made: random, one for each store. It is made when it is
// asked for first, with its entry; two servers that do so at once end with the same.
func VeilKey(ctx context.Context, s graph.Store, now time.Time) ([]byte, error) {
	key, err := readSecret(ctx, s)
	if err != nil || key != nil {
		return key, err
	}
	made := make([]byte, 32)
	if _, err := rand.Read(made); err != nil {
		return nil, errs.Wrap(err, errs.Internal, "No random numbers are to be had.")
	}
	err = s.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, string(veilID)); err != nil {
			return err
		}
		there, err := readSecret(ctx, tx)
		if err != nil || there != nil {
			return err
		}
		if _, err := tx.Put(ctx, secretType.Write(veilID, graph.Ensure, secret{Key: made})); err != nil {
			return err
		}
		return audit.Append(ctx, tx, now, audit.Entry{Actor: authz.Operator.ID, Action: "catalog.install", Target: veilID, Decision: audit.Allowed})
	})
	if err != nil {
		return nil, err
	}
	return readSecret(ctx, s)
}

// readSecret reads the key; nil if there is none yet.
func readSecret(ctx context.Context, r graph.Reader) ([]byte, error) {
	nodes, err := r.Nodes(ctx, veilID)
	if err != nil || len(nodes) == 0 {
		return nil, err
	}
	v, err := secretType.Read(nodes[veilID])
	return v.Key, unreadable(err)
}
