package audit

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"weir/errs"
	"weir/graph"
)

// standing is the node that says how far the log is sealed, and by which keys. Who seals changes it only as it was read, so
// that of two servers one is told.
type standing struct {
	Origin   string   `graph:"origin"`
	Size     int64    `graph:"size"` // of the last checkpoint
	Root     []byte   `graph:"root"`
	MinIndex int64    `graph:"min_index"` // entries below may have been pruned
	Keys     []string `graph:"keys"`      // KeySpans as texts
	Wrapping string   `graph:"wrapping"`  // id of the key that wraps the keys of subjects
	Version  int64    `graph:",version"`
}

var standingType = graph.Declare[standing]("Log", graph.Spec{Prefix: "log", Max: 64 << 10})

// standingID is the id of the one node of its kind.
const standingID graph.ID = "log_audit"

// tree is what the last checkpoint says.
func (s standing) tree() tlog.Tree {
	t := tlog.Tree{N: s.Size}
	copy(t.Hash[:], s.Root)
	return t
}

// KeySpan is a key of the log and the checkpoints that it must sign: those with From <= size < To. From is the number of
// the entry that made it known, 0 for the first key; To that of the entry that ended it, 0 while it signs.
type KeySpan struct {
	VKey     string // the verifier's key, as of C2SP signed-note
	From, To int64
}

// Signs tells whether the key must sign a checkpoint of that size.
func (k KeySpan) Signs(size int64) bool { return k.From <= size && (k.To == 0 || size < k.To) }

func (k KeySpan) text() string { return fmt.Sprintf("%s %d %d", k.VKey, k.From, k.To) }

// keys reads the spans of all keys.
func (s standing) keys() ([]KeySpan, error) {
	spans := make([]KeySpan, len(s.Keys))
	for i, text := range s.Keys {
		f := strings.Fields(text)
		if len(f) != 3 {
			return nil, errs.E(errs.Internal, "The keys of the log can't be read.")
		}
		from, err := strconv.ParseInt(f[1], 10, 64)
		if err != nil {
			return nil, errs.Wrap(err, errs.Internal, "The keys of the log can't be read.")
		}
		to, err := strconv.ParseInt(f[2], 10, 64)
		if err != nil {
			return nil, errs.Wrap(err, errs.Internal, "The keys of the log can't be read.")
		}
		spans[i] = KeySpan{f[0], from, to}
	}
	return spans, nil
}

// verifiers are all keys that the log ever had.
func (s standing) verifiers() (note.Verifiers, error) {
	spans, err := s.keys()
	if err != nil {
		return nil, err
	}
	var list []note.Verifier
	for _, k := range spans {
		v, err := note.NewVerifier(k.VKey)
		if err != nil {
			return nil, errs.Wrap(err, errs.Internal, "The keys of the log can't be read.")
		}
		list = append(list, v)
	}
	return note.VerifierList(list...), nil
}

// readStanding returns the node; NotFound before the log was first opened.
func readStanding(ctx context.Context, r graph.Reader) (standing, error) {
	n, err := graph.One(ctx, r, standingID)
	if err != nil {
		return standing{}, err
	}
	s, err := standingType.Read(n)
	return s, errs.Wrap(err, errs.Internal, "The state of the log can't be read.")
}

// ensureStanding gives a log that has none its origin.
func ensureStanding(ctx context.Context, s graph.Store, host string) (standing, error) {
	v, err := readStanding(ctx, s)
	if !errs.Is(err, errs.NotFound) {
		return v, err
	}
	var id [16]byte
	if _, err := rand.Read(id[:]); err != nil {
		return v, errs.Wrap(err, errs.Internal, "No random numbers are to be had.")
	}
	w := standingType.Write(standingID, graph.Ensure, standing{Origin: host + "/audit/" + hex.EncodeToString(id[:])})
	err = s.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, w)
		return err
	})
	if err != nil {
		return v, err
	}
	return readStanding(ctx, s)
}

// write changes the node if nobody changed it since it was read.
func (s standing) write() graph.NodeWrite {
	w := standingType.Write(standingID, graph.IfVersion, s)
	w.Version = s.Version
	return w
}
