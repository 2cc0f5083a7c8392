package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"weir/errs"
	"weir/graph"
)

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// random is n random bytes. The system's source never fails in a way that a program could go on from.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it ends the program instead of returning an error
	return b
}

// newID makes an id that says nothing about who has it.
func newID(prefix string) graph.ID {
	return graph.ID(prefix + "_" + base32Lower.EncodeToString(random(16)))
}

// hashedID is the id of what is found by a secret or by something personal.
func hashedID(prefix string, parts ...string) graph.ID {
	return graph.ID(prefix + "_" + digest(parts...))
}

// digest is 130 bits of the hash of parts, which hold no NUL.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return base32Lower.EncodeToString(sum[:])[:26]
}

// isA tells whether an id is of a kind.
func isA(id graph.ID, prefix string) bool { return strings.HasPrefix(string(id), prefix+"_") }

// credentialID is where the password of a person is kept.
func credentialID(user graph.ID) graph.ID {
	return graph.ID(credentialType.Spec.Prefix + strings.TrimPrefix(string(user), userType.Spec.Prefix))
}

// find reads the one node of a kind that has a value.
func find[T any](ctx context.Context, r graph.Reader, t *graph.Type[T], prop, value string) (T, bool, error) {
	var none T
	if value == "" {
		return none, false, nil
	}
	page, err := r.List(ctx, graph.Query{Kind: t.Kind, Where: []graph.Filter{{Prop: prop, Values: []any{value}}}, Limit: 1})
	if err != nil || len(page.Nodes) == 0 {
		return none, false, err
	}
	v, err := t.Read(page.Nodes[0])
	return v, err == nil, broken(err)
}

// get reads a node of a kind by its id.
func get[T any](ctx context.Context, r graph.Reader, t *graph.Type[T], id graph.ID) (T, bool, error) {
	var none T
	if !isA(id, t.Spec.Prefix) || !graph.ValidID(id) {
		return none, false, nil
	}
	nodes, err := r.Nodes(ctx, id)
	if err != nil {
		return none, false, err
	}
	n, ok := nodes[id]
	if !ok {
		return none, false, nil
	}
	v, err := t.Read(n)
	return v, err == nil, broken(err)
}

// put writes a node and returns it as it is now.
func put[T any](ctx context.Context, tx graph.Tx, t *graph.Type[T], id graph.ID, mode graph.Mode, v T) (T, error) {
	var none T
	nodes, err := tx.Put(ctx, t.Write(id, mode, v))
	if err != nil {
		return none, err
	}
	out, err := t.Read(nodes[0])
	return out, broken(err)
}

// broken is the error of a node that is not as it was written.
func broken(err error) error {
	return errs.Wrap(err, errs.Internal, "What is kept of people can't be read.")
}
