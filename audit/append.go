package audit

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/klauspost/compress/zstd"

	"weir/errs"
	"weir/graph"
)

// MaxLeaf is the size of a leaf in bytes: what a tlog-tiles entry bundle can hold.
const MaxLeaf = 65_535

// MaxPayload is the size of the changes of one entry in bytes, compressed.
const MaxPayload = graph.MaxDocument - 1024

// leaf is the JSON of an entry's leaf. Its fields stand in alphabetical order and encoding/json sorts maps, so that
// the result is canonical (RFC 8785) for what it holds: strings without floating point numbers.
type leaf struct {
	Action      string            `json:"action"`
	Actor       string            `json:"actor"`
	Commitments map[string]string `json:"c,omitempty"`
	Decision    Decision          `json:"decision"`
	Facts       map[string]string `json:"facts,omitempty"`
	ID          graph.ID          `json:"id"`
	Request     string            `json:"req,omitempty"`
	Subject     graph.ID          `json:"subject,omitempty"`
	Target      graph.ID          `json:"target,omitempty"`
	At          time.Time         `json:"ts"`
	V           int               `json:"v"`
}

// Append writes entries into the caller's transaction. It is called once, last, by everything that changes the store:
// change and entry are committed together or not at all. now is the time of the entries.
// Errors: those of tx; TooLarge if a leaf or payload is over its limit; Internal for an entry with a Subject where the
// context has no Keys.
func Append(ctx context.Context, tx graph.Tx, now time.Time, entries ...Entry) error {
	var payloads, records []graph.NodeWrite
	var about []graph.Edge
	for _, e := range entries {
		e.At = graph.Time(now)
		if e.Request == "" {
			e.Request = requestIn(ctx)
		}
		name, err := uuid.NewV7()
		if err != nil {
			return errs.Wrap(err, errs.Internal, "No random numbers are to be had.")
		}
		e.ID = graph.ID(recordType.Spec.Prefix + "_" + name.String())
		p, commitment, err := pay(ctx, tx, e)
		if err != nil {
			return err
		}
		r, err := write(e, commitment)
		if err != nil {
			return err
		}
		if len(e.Changes) > 0 {
			r.Payload = graph.ID(payloadType.Spec.Prefix + "_" + name.String())
			payloads = append(payloads, payloadType.Write(r.Payload, graph.Create, p))
			for _, asset := range assets(e.Changes) {
				about = append(about, graph.Edge{From: r.Payload, To: asset, Rel: RelAbout, Valid: graph.Span{Since: e.At}})
			}
		}
		records = append(records, recordType.Write(e.ID, graph.Create, r))
	}
	if _, err := tx.Put(ctx, payloads...); err != nil {
		return err
	}
	for part := range slices.Chunk(about, graph.MaxBatch) {
		if err := tx.Link(ctx, part...); err != nil {
			return err
		}
	}
	_, err := tx.Append(ctx, Sequence, records...)
	return err
}

// pay makes the payload of an entry, sealed if it has a Subject, and the commitment to it; both are empty without changes.
func pay(ctx context.Context, tx graph.Tx, e Entry) (payload, string, error) {
	if len(e.Changes) == 0 {
		return payload{}, "", nil
	}
	body, err := encode(e.Changes)
	if err != nil {
		return payload{}, "", err
	}
	p := payload{Entry: e.ID, Key: random(keySize), Body: encoder.EncodeAll(body, nil)}
	if len(p.Body) > MaxPayload {
		return p, "", errs.E(errs.TooLarge, "These are too many changes for one step; send them in smaller parts.")
	}
	commitment := commit(p.Key, body)
	if e.Subject != "" {
		p, err = sealFor(ctx, tx, p, e.Subject)
	}
	return p, commitment, err
}

// write makes the record of an entry, with its leaf.
func write(e Entry, commitment string) (record, error) {
	l := leaf{Action: e.Action, Actor: e.Actor, Decision: e.Decision, Facts: e.Facts, ID: e.ID,
		Request: e.Request, Target: e.Target, At: e.At, V: 1}
	if commitment != "" {
		l.Commitments, l.Subject = map[string]string{"changes": commitment}, e.Subject
	}
	for name := range e.Facts {
		if strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r > '~' }) { // plain names sort alike for every reader
			return record{}, errs.Ef(errs.Internal, "%q can't name a fact.", name)
		}
	}
	b, err := encode(l)
	if err != nil {
		return record{}, err
	}
	if len(b) > MaxLeaf {
		return record{}, errs.E(errs.TooLarge, "The record of this step is too large.")
	}
	return record{Leaf: b, Actor: e.Actor, Action: e.Action, Area: area(e.Action), Target: e.Target, At: e.At}, nil
}

// area is what an action belongs to: "catalog" of "catalog.describe".
func area(action string) string {
	name, _, _ := strings.Cut(action, ".")
	return name
}

// encode is canonical JSON as of RFC 8785, for values whose fields and keys are sorted.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, errs.Wrap(err, errs.Internal, "The record of this step can't be written.")
	}
	return canonical(bytes.TrimRight(b.Bytes(), "\n")), nil
}

// commit is the commitment to a body: HMAC-SHA-256 under a key of its own, in hex. Without the key it says nothing about
// the body, however short that is.
func commit(key, body []byte) string {
	m := hmac.New(sha256.New, key)
	m.Write(body)
	return hex.EncodeToString(m.Sum(nil))
}

// assets are the assets that changes are about, each once, in order.
func assets(changes []Change) []graph.ID {
	ids := make([]graph.ID, 0, len(changes))
	for _, c := range changes {
		ids = append(ids, c.Asset)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Encoders and decoders of zstd may be shared between goroutines when used through EncodeAll and DecodeAll.
var (
	encoder = must(zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(256<<10)))
	decoder = must(zstd.NewReader(nil, zstd.WithDecoderMaxMemory(256<<20), zstd.WithDecoderConcurrency(1)))
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // the options above are constants
	}
	return v
}
