package audit

import (
	"context"

	"weir/graph"
)

// Leaf is an entry as it is hashed, unread: what an export copies.
type Leaf struct {
	Seq     int64
	ID      graph.ID
	Bytes   []byte
	Payload graph.ID // of what lies beside it; "" if nothing does
}

// Leaves returns up to limit leaves after a position, in order. It doesn't look into them, so that a log that is
// damaged can be read for the proof that it is.
func Leaves(ctx context.Context, r graph.Reader, after int64, limit int) ([]Leaf, error) {
	nodes, err := following(ctx, r, after, limit)
	if err != nil {
		return nil, err
	}
	out := make([]Leaf, len(nodes))
	for i, n := range nodes {
		v, err := recordType.Read(n)
		if err != nil {
			return nil, unreadable(err)
		}
		out[i] = Leaf{Seq: v.Seq, ID: n.ID, Bytes: v.Leaf, Payload: v.Payload}
	}
	return out, nil
}

// PayloadState tells what became of a payload.
type PayloadState uint8

// The states of payloads.
const (
	PayloadNone    PayloadState = iota // the entry has none
	PayloadOpen                        // Key and Body are there
	PayloadErased                      // the key of its subject was erased
	PayloadMissing                     // it isn't there: redacted, or lost
	PayloadSealed                      // the context has no Keys to open it
	PayloadBroken                      // it is there, but can't be opened or read
)

// Payload is what lies beside a leaf: Body is the JSON that the leaf commits to with HMAC-SHA-256 under Key.
type Payload struct {
	State PayloadState
	Key   []byte
	Body  []byte
}

// Payloads returns what lies beside leaves, in their order. It doesn't hold it against the commitments: that is for whoever
// verifies.
func Payloads(ctx context.Context, r graph.Reader, leaves ...Leaf) ([]Payload, error) {
	var ids []graph.ID
	for _, leaf := range leaves {
		if leaf.Payload != "" {
			ids = append(ids, leaf.Payload)
		}
	}
	nodes, err := r.Nodes(ctx, ids...)
	if err != nil {
		return nil, err
	}
	keys, err := keysTo(ctx, r, nodes)
	if err != nil {
		return nil, err
	}
	out := make([]Payload, len(leaves))
	for i, leaf := range leaves {
		n, there := nodes[leaf.Payload]
		switch {
		case leaf.Payload == "":
		case !there:
			out[i].State = PayloadMissing
		default:
			out[i] = readPayload(n, keys)
		}
	}
	return out, nil
}

func readPayload(n graph.Node, keys ring) Payload {
	p, err := payloadType.Read(n)
	if err != nil {
		return Payload{State: PayloadBroken}
	}
	p, how, err := keys.open(p)
	if err != nil {
		return Payload{State: PayloadBroken}
	}
	switch how {
	case erased:
		return Payload{State: PayloadErased}
	case withheld:
		return Payload{State: PayloadSealed}
	}
	body, err := decoder.DecodeAll(p.Body, nil)
	if err != nil {
		return Payload{State: PayloadBroken}
	}
	return Payload{State: PayloadOpen, Key: p.Key, Body: body}
}

// At returns one entry by its number; NotFound if there is none, or no more.
func At(ctx context.Context, r graph.Reader, seq int64) (Entry, error) {
	n, err := nodeAt(ctx, r, seq)
	if err != nil {
		return Entry{}, err
	}
	entries, err := read(ctx, r, []graph.Node{n})
	if err != nil {
		return Entry{}, err
	}
	return entries[0], nil
}
