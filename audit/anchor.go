package audit

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"weir/errs"
	"weir/graph"
)

// Anchor is a place outside the store that checkpoints are sent to, so that whoever owns store and key can't rewrite the log
// unnoticed.
type Anchor interface {
	// Name tells anchors apart; letters, digits and dots.
	Name() string
	// Send takes a checkpoint there. Of several checkpoints only the last may be sent: it speaks for those before. prove gives the
	// proof of consistency from a smaller size. What it returns are signature lines to be added to the checkpoint; "" if none.
	Send(ctx context.Context, c Checkpoint, prove Prover) (string, error)
}

// Prover returns the proof that the log continues its own first from entries.
type Prover func(ctx context.Context, from int64) (tlog.TreeProof, error)

// AnchorState is how far an anchor has come.
type AnchorState struct {
	Name  string
	Size  int64     // of the last checkpoint that arrived
	At    time.Time // when it arrived; zero: never
	Error string    // why the last attempt failed; "" if it did not
	Tries int64     // failed attempts since the last success
	Next  time.Time // when it is tried again after a failure
}

// anchored is the node of an anchor.
type anchored struct {
	Name  string    `graph:"name"`
	Size  int64     `graph:"size"`
	At    time.Time `graph:"at"`
	Error string    `graph:"error"`
	Tries int64     `graph:"tries"`
	Next  time.Time `graph:"next"`
}

var anchorType = graph.Declare[anchored]("Anchor", graph.Spec{Prefix: "anc", Lists: []graph.List{{}}})

// The times between attempts after failures.
const (
	firstPause = time.Second
	lastPause  = 5 * time.Minute
	sendTime   = 10 * time.Second
)

// anchor sends the last checkpoint to an anchor unless it is there or a pause isn't over, and records what came of it.
func (l *Log) anchor(ctx context.Context, a Anchor) error {
	id := graph.ID(anchorType.Spec.Prefix + "_" + a.Name())
	nodes, err := l.store.Nodes(ctx, id, standingID)
	if err != nil {
		return err
	}
	at := anchored{Name: a.Name()}
	if n, ok := nodes[id]; ok {
		if at, err = anchorType.Read(n); err != nil {
			return errs.Wrap(err, errs.Internal, "The state of an anchor can't be read.")
		}
	}
	if size, _ := nodes[standingID].Props["size"].(int64); size <= at.Size || l.now().Before(at.Next) {
		return nil
	}
	c, err := l.Checkpoint(ctx)
	if err != nil {
		return err
	}
	lines, sent := l.send(ctx, a, c)
	if sent == nil {
		at = anchored{Name: a.Name(), Size: c.Size, At: graph.Time(l.now())}
	} else {
		at.Error, at.Tries = failure(sent), at.Tries+1
		complain(ctx, at, sent)
		at.Next = graph.Time(l.now().Add(pause(at.Tries)))
	}
	return l.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		ws := []graph.NodeWrite{anchorType.Write(id, graph.Upsert, at)}
		if lines != "" {
			cosigned, err := cosignedNow(ctx, tx, c, lines)
			if err != nil {
				return err
			}
			ws = append(ws, cosigned)
		}
		_, err := tx.Put(ctx, ws...)
		return err
	})
}

// send gives an anchor its time.
func (l *Log) send(ctx context.Context, a Anchor, c Checkpoint) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	return a.Send(ctx, c, func(ctx context.Context, from int64) (tlog.TreeProof, error) {
		return l.Consistency(ctx, from, c.Size)
	})
}

// cosignedNow adds signature lines to a checkpoint as it is in the store, where another anchor may have added its own.
func cosignedNow(ctx context.Context, tx graph.Tx, c Checkpoint, lines string) (graph.NodeWrite, error) {
	n, err := graph.One(ctx, tx, checkpointID(c.Size))
	if err != nil {
		return graph.NodeWrite{}, err
	}
	now, err := readCheckpoint(n)
	if err != nil {
		return graph.NodeWrite{}, err
	}
	text := now.Text()
	for line := range strings.Lines(lines) {
		if !strings.Contains(text, line) {
			text += line
		}
	}
	return graph.NodeWrite{
		Node: graph.Node{ID: n.ID, Kind: n.Kind, Props: graph.Props{"cosigned": text}}, Mode: graph.IfVersion, Version: n.Version,
	}, nil
}

// complain logs the first failure in a row, and each time that somebody has seen another log than ours.
func complain(ctx context.Context, at anchored, err error) {
	if errors.Is(err, ErrForked) {
		slog.ErrorContext(ctx, "THE LOG IS CONTRADICTED: somebody signed what isn't in the store, or the store was replaced",
			"anchor", at.Name, "error", err)
	} else if at.Tries == 1 && ctx.Err() == nil {
		slog.WarnContext(ctx, "a checkpoint can't be anchored; trying again", "anchor", at.Name, "error", err)
	}
}

// failure is what is shown of an error of an anchor: operators read it, so the cause is told.
func failure(err error) string {
	const longest = 500
	text := strings.ToValidUTF8(err.Error(), "?")
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "") + "…"
	}
	return text
}

// pause is the time until the next attempt after so many failures.
func pause(tries int64) time.Duration {
	d := firstPause
	for range tries - 1 {
		if d *= 2; d >= lastPause {
			return lastPause
		}
	}
	return d
}
