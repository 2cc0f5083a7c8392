package gqlschema

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"weir/audit"
	"weir/errs"
	"weir/gqlschema/gen"
	"weir/graph"
)

// evidence is what a query asks for beside the values of entries: each costs reads of its own.
type evidence struct{ leaf, payload, proof, checkpoint bool }

// evidenceWanted looks for what is asked for below the field that is being answered, along the paths to its entries.
func evidenceWanted(ctx context.Context, paths ...[]string) evidence {
	asked := func(name string) bool {
		return slices.ContainsFunc(paths, func(path []string) bool { return wants(ctx, append(slices.Clone(path), name)...) })
	}
	return evidence{asked("leaf"), asked("payload"), asked("proof"), wants(ctx, "checkpoint")}
}

// exhibit is what proves one entry.
type exhibit struct {
	leaf    audit.Leaf
	payload audit.Payload
}

// exhibits reads what was asked for of entries in a row, by their numbers.
func (e evidence) exhibits(ctx context.Context, log graph.Reader, entries []audit.Entry) (map[int64]exhibit, error) {
	if len(entries) == 0 || !e.leaf && !e.payload && !e.proof {
		return nil, nil
	}
	leaves, err := audit.Leaves(ctx, log, entries[0].Seq-1, len(entries))
	if err != nil {
		return nil, err
	}
	payloads := make([]audit.Payload, len(leaves))
	if e.payload {
		if payloads, err = audit.Payloads(ctx, log, leaves...); err != nil {
			return nil, err
		}
	}
	out := map[int64]exhibit{}
	for i, l := range leaves {
		out[l.Seq] = exhibit{l, payloads[i]}
	}
	return out, nil
}

// part shows n changes of a payload from one on; nil if it can't be read, or there are none.
func (x exhibit) part(from, n int) (*gen.Payload, error) {
	if x.payload.State != audit.PayloadOpen {
		return nil, nil
	}
	var all []json.RawMessage
	if err := json.Unmarshal(x.payload.Body, &all); err != nil || from+n > len(all) {
		return nil, errs.E(errs.Internal, "An entry of the log can't be read.")
	}
	var b bytes.Buffer
	for i, one := range all[from : from+n] {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(one)
	}
	return &gen.Payload{Key: hex.EncodeToString(x.payload.Key), Text: b.String()}, nil
}

// prover proves entries under one checkpoint, out of tiles that it reads once.
type prover struct {
	checkpoint audit.Checkpoint
	hashes     tlog.HashReader
}

// prover is one for the last checkpoint; nil before the first, and where the log isn't sealed at all.
func (r *resolver) prover(ctx context.Context) (*prover, error) {
	if r.audit == nil {
		return nil, nil
	}
	c, err := r.audit.Checkpoint(ctx)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	tree := tlog.Tree{N: c.Size, Hash: c.Root}
	return &prover{c, tlog.TileHashReader(tree, &tileReader{ctx: ctx, log: r.audit, read: map[tlog.Tile][]byte{}})}, nil
}

// prove proves an entry; nil if it isn't sealed yet. An entry that isn't what was signed is an error: nobody gets a proof
// that doesn't hold.
func (p *prover) prove(leaf audit.Leaf) (*gen.Proof, error) {
	if p == nil || leaf.Seq < 1 || leaf.Seq > p.checkpoint.Size {
		return nil, nil
	}
	hashes, err := tlog.ProveRecord(p.checkpoint.Size, leaf.Seq-1, p.hashes)
	if err != nil {
		return nil, errs.Wrap(err, errs.Internal, "The tree of the log is damaged.")
	}
	proof := audit.Proof{Leaf: leaf.Bytes, Index: leaf.Seq - 1, Hashes: hashes, Checkpoint: p.checkpoint}
	if err := proof.Check(); err != nil {
		return nil, err
	}
	return &gen.Proof{Index: int(proof.Index), Size: int(p.checkpoint.Size), Hashes: encoded(hashes), Text: proof.Text()}, nil
}

func (p *prover) show() *gen.Checkpoint {
	if p == nil {
		return nil
	}
	return showCheckpoint(p.checkpoint)
}

func showCheckpoint(c audit.Checkpoint) *gen.Checkpoint {
	return &gen.Checkpoint{Size: int(c.Size), Root: base64.StdEncoding.EncodeToString(c.Root[:]), Text: c.Text(), At: c.At}
}

func encoded(hashes []tlog.Hash) []string {
	out := make([]string, len(hashes))
	for i, h := range hashes {
		out[i] = base64.StdEncoding.EncodeToString(h[:])
	}
	return out
}

// tileReader reads the tiles of the tree for one request, each once.
type tileReader struct {
	ctx  context.Context
	log  *audit.Log
	read map[tlog.Tile][]byte
}

const tileHeight = 8

// Height is that of the log's tiles.
func (*tileReader) Height() int { return tileHeight }

// ReadTiles returns the bytes of tiles, in their order.
func (t *tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, one := range tiles {
		data, ok := t.read[one]
		if !ok {
			var err error
			if data, err = t.log.Tile(t.ctx, one.L, one.N, one.W); err != nil {
				return nil, err
			}
			t.read[one] = data
		}
		out[i] = data
	}
	return out, nil
}

// SaveTiles has nothing to do: tiles are kept as long as the request lasts.
func (*tileReader) SaveTiles([]tlog.Tile, [][]byte) {}
