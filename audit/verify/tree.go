package verify

import "golang.org/x/mod/sumdb/tlog"

// tree is the Merkle tree of RFC 6962 over the entries so far, as far as it is needed to go on: the roots of the largest
// full subtrees from left to right, one for each bit of the size.
type tree struct {
	size  int64
	roots []tlog.Hash
}

// add appends the hash of an entry: as in counting, full subtrees of one height become one of the next.
func (t *tree) add(h tlog.Hash) {
	for n := t.size; n&1 == 1; n >>= 1 {
		last := len(t.roots) - 1
		h = tlog.NodeHash(t.roots[last], h)
		t.roots = t.roots[:last]
	}
	t.roots = append(t.roots, h)
	t.size++
}

// root is the root over all of a tree that is not empty.
func (t *tree) root() tlog.Hash {
	h := t.roots[len(t.roots)-1]
	for i := len(t.roots) - 2; i >= 0; i-- {
		h = tlog.NodeHash(t.roots[i], h)
	}
	return h
}
