package audit

import (
	"bytes"
	"context"

	"golang.org/x/mod/sumdb/tlog"

	"weir/errs"
	"weir/graph"
)

// tree is the Merkle tree of RFC 6962 while it grows: its last tile of each level, which are all that growing needs, and the
// tiles that have changed.
type tree struct {
	size    int64
	edge    [][]byte // of each level the tile that isn't full
	changed map[place][]byte
}

// loadTree reads the tree of the first size entries.
func loadTree(ctx context.Context, r graph.Reader, size int64) (*tree, error) {
	t := &tree{size: size, changed: map[place][]byte{}}
	var places []place
	for level := 0; size>>(tileHeight*level) > 0; level++ {
		places = append(places, t.last(level))
	}
	found, err := tiles{ctx: ctx, r: r}.read(places)
	if err != nil {
		return nil, err
	}
	for level, p := range places {
		width := int(size >> (tileHeight * level) & (TileWidth - 1))
		if len(found[p]) < width*tlog.HashSize {
			return nil, errs.Ef(errs.Internal, "The tree of the log is damaged: tile %d/%d is too short.", p.level, p.n)
		}
		t.edge = append(t.edge, bytes.Clone(found[p][:width*tlog.HashSize]))
	}
	return t, nil
}

// last is the place of the tile of a level that isn't full.
func (t *tree) last(level int) place {
	return place{level, t.size >> (tileHeight * level) >> tileHeight}
}

// add appends an entry by its hash.
func (t *tree) add(h tlog.Hash) {
	for level := 0; ; level++ {
		if level == len(t.edge) {
			t.edge = append(t.edge, nil)
		}
		p := t.last(level)
		t.edge[level] = append(t.edge[level], h[:]...)
		t.changed[p] = t.edge[level]
		if len(t.edge[level]) < TileWidth*tlog.HashSize {
			break
		}
		h = rootOf(t.edge[level])
		t.edge[level] = nil
	}
	t.size++
}

// rootOf is the root of a full tile.
func rootOf(hashes []byte) tlog.Hash {
	level := make([]tlog.Hash, len(hashes)/tlog.HashSize)
	for i := range level {
		copy(level[i][:], hashes[i*tlog.HashSize:])
	}
	for len(level) > 1 {
		for i := range len(level) / 2 {
			level[i] = tlog.NodeHash(level[2*i], level[2*i+1])
		}
		level = level[:len(level)/2]
	}
	return level[0]
}

// writes are the tiles that have changed.
func (t *tree) writes() []graph.NodeWrite {
	var ws []graph.NodeWrite
	for p, data := range t.changed {
		ws = append(ws, tileType.Write(p.id(), graph.Upsert, tile{Level: int64(p.level), N: p.n, Hashes: data}))
	}
	return ws
}

// hashes reads the tree as it is now.
func (t *tree) hashes(ctx context.Context, r graph.Reader) tlog.HashReader {
	return tiles{ctx: ctx, r: r, hand: t.changed}
}

// rootAt is the root of the tree of the first size entries.
func rootAt(size int64, r tlog.HashReader) (tlog.Hash, error) {
	h, err := tlog.TreeHash(size, r)
	if err != nil {
		return h, damaged(err)
	}
	return h, nil
}

// damaged gives a foreign error of the tree a kind; one of the store keeps its own.
func damaged(err error) error {
	if _, ok := errs.As(err); ok {
		return err
	}
	return errs.Wrap(err, errs.Internal, "The tree of the log is damaged.")
}
