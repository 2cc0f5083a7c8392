package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"weir/errs"
	"weir/graph"
)

// subject holds the key of one person, wrapped. Serial tells this key from one that the person had before an erasure.
type subject struct {
	Subject graph.ID `graph:"subject"`
	Serial  string   `graph:"serial"`
	Wrapped []byte   `graph:"wrapped"`
}

var subjectType = graph.Declare[subject]("SubjectKey", graph.Spec{Prefix: "skey", Lists: []graph.List{{}}})

// subjectID is the id of the key of a person.
func subjectID(id graph.ID) graph.ID {
	sum := sha256.Sum256([]byte(id))
	return graph.ID(subjectType.Spec.Prefix + "_" + hex.EncodeToString(sum[:16]))
}

// keyFor returns the key of a person, and makes it at the first time.
func keyFor(ctx context.Context, tx graph.Tx, id graph.ID) (subject, []byte, error) {
	k := keysOf(ctx)
	if k == nil {
		return subject{}, nil, errs.E(errs.Internal, "Personal data can't be recorded: there is no key to seal it with.")
	}
	all, err := k.read()
	if err != nil {
		return subject{}, nil, err
	}
	at, err := readStanding(ctx, tx)
	if err != nil {
		return subject{}, nil, err
	}
	wrap, err := inUse(all, at)
	if err != nil {
		return subject{}, nil, err
	}
	serial := hex.EncodeToString(random(16))
	fresh := subject{Subject: id, Serial: serial, Wrapped: seal(wrap, random(keySize), serial)}
	nodes, err := tx.Put(ctx, subjectType.Write(subjectID(id), graph.Ensure, fresh))
	if err != nil {
		return fresh, nil, err
	}
	v, err := subjectType.Read(nodes[0])
	if err != nil {
		return v, nil, errs.Wrap(err, errs.Internal, "The key of a person can't be read.")
	}
	secret, err := unwrap(all, v)
	return v, secret, err
}

// unwrap returns the key of a person.
func unwrap(all []wrapper, s subject) ([]byte, error) {
	for _, a := range all {
		if secret, err := unseal(a, s.Wrapped, s.Serial); err == nil {
			return secret, nil
		}
	}
	return nil, errs.Ef(errs.Internal, "The key of a person can't be unwrapped: is %s the one it was made with?", payloadFile)
}

// sealFor turns an open payload into one that only the key of its subject opens.
func sealFor(ctx context.Context, tx graph.Tx, p payload, id graph.ID) (payload, error) {
	v, secret, err := keyFor(ctx, tx, id)
	if err != nil {
		return p, err
	}
	sealed := seal(aead(secret), append(append([]byte{}, p.Key...), p.Body...), string(p.Entry))
	return payload{Entry: p.Entry, Subject: id, Serial: v.Serial, Sealed: sealed}, nil
}

// ring are the keys that a reader has to sealed payloads.
type ring struct {
	wrap     []wrapper // none: the reader has no Keys
	subjects map[graph.ID]graph.Node
}

// keysTo are the keys to the sealed payloads among nodes.
func keysTo(ctx context.Context, r graph.Reader, payloads map[graph.ID]graph.Node) (ring, error) {
	var ids []graph.ID
	for _, n := range payloads {
		if id, ok := n.Props["subject"].(string); ok {
			ids = append(ids, subjectID(graph.ID(id)))
		}
	}
	if len(ids) == 0 {
		return ring{}, nil
	}
	subjects, err := r.Nodes(ctx, ids...)
	if err != nil {
		return ring{}, err
	}
	k := keysOf(ctx)
	if k == nil {
		return ring{subjects: subjects}, nil
	}
	wrap, err := k.read()
	return ring{wrap, subjects}, err
}

// The ways in which a payload can be there.
type access uint8

const (
	readable access = iota
	erased          // the key of its subject is gone
	withheld        // there is no key to the keys
)

// open returns a payload with Key and Body if it can be opened.
func (k ring) open(p payload) (payload, access, error) {
	if p.Subject == "" {
		return p, readable, nil
	}
	n, ok := k.subjects[subjectID(p.Subject)]
	if !ok {
		return p, erased, nil
	}
	v, err := subjectType.Read(n)
	if err != nil {
		return p, erased, errs.Wrap(err, errs.Internal, "The key of a person can't be read.")
	}
	if v.Serial != p.Serial {
		return p, erased, nil
	}
	if len(k.wrap) == 0 {
		return p, withheld, nil
	}
	secret, err := unwrap(k.wrap, v)
	if err != nil {
		return p, erased, err
	}
	plain, err := unseal(aead(secret), p.Sealed, string(p.Entry))
	if err != nil {
		return p, erased, err
	}
	if len(plain) < keySize {
		return p, erased, errs.E(errs.Internal, "A sealed payload is too short.")
	}
	p.Key, p.Body = plain[:keySize], plain[keySize:]
	return p, readable, nil
}
