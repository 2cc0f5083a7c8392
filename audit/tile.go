package audit

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"weir/errs"
	"weir/graph"
)

// TileWidth is how many hashes a full tile has, and how many entries a full bundle.
const TileWidth = 1 << tileHeight

const tileHeight = 8

// tile is a piece of the Merkle tree: up to TileWidth hashes of one level, those of level 0 of the entries, those of level n+1
// of the full tiles of level n. A tile only grows, so that its beginning is the tile of every smaller tree.
type tile struct {
	Level  int64  `graph:"level"`
	N      int64  `graph:"n"`
	Hashes []byte `graph:"hashes"`
}

var tileType = graph.Declare[tile]("Tile", graph.Spec{Prefix: "til", Max: 10 << 10})

// place is where a tile stands in the tree.
type place struct {
	level int
	n     int64
}

func (p place) id() graph.ID {
	return graph.ID(fmt.Sprintf("%s_%d_%d", tileType.Spec.Prefix, p.level, p.n))
}

// tiles reads hashes of the tree out of tiles: those in hand first, the others from the store. It is a tlog.HashReader.
type tiles struct {
	ctx  context.Context
	r    graph.Reader
	hand map[place][]byte
}

// ReadHashes returns the hashes with these indexes of storage. Internal if the store doesn't have the tiles.
func (t tiles) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	wanted := make([]tlog.Tile, len(indexes))
	var places []place
	for i, index := range indexes {
		wanted[i] = tlog.TileForIndex(tileHeight, index)
		places = append(places, place{wanted[i].L, wanted[i].N})
	}
	found, err := t.read(places)
	if err != nil {
		return nil, err
	}
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if hashes[i], err = tlog.HashFromTile(wanted[i], found[places[i]], index); err != nil {
			return nil, errs.Wrap(err, errs.Internal, "The tree of the log is damaged.")
		}
	}
	return hashes, nil
}

// read returns the hashes of tiles; those that the store doesn't have are absent.
func (t tiles) read(places []place) (map[place][]byte, error) {
	found := make(map[place][]byte, len(places))
	var ids []graph.ID
	for _, p := range places {
		if data, ok := t.hand[p]; ok {
			found[p] = data
		} else {
			ids = append(ids, p.id())
		}
	}
	if len(ids) == 0 {
		return found, nil
	}
	nodes, err := t.r.Nodes(t.ctx, ids...)
	if err != nil {
		return nil, err
	}
	for _, n := range nodes {
		v, err := tileType.Read(n)
		if err != nil {
			return nil, errs.Wrap(err, errs.Internal, "The tree of the log is damaged.")
		}
		p := place{int(v.Level), v.N}
		if p.id() != n.ID {
			return nil, errs.Ef(errs.Internal, "The tree of the log is damaged: %s is in the wrong place.", n.ID)
		}
		found[p] = v.Hashes
	}
	return found, nil
}
