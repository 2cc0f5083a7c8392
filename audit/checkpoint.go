package audit

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"weir/errs"
	"weir/graph"
)

// Checkpoint is a signed statement about the log: it has Size entries, whose tree has this Root.
type Checkpoint struct {
	Size     int64
	Prev     int64 // size of the checkpoint before; 0 for the first
	Root     tlog.Hash
	Note     string // the C2SP checkpoint as the log signed it
	Cosigned string // the same with the signatures of witnesses; "" if there are none
	At       time.Time
}

// Text is the note with all the signatures that there are.
func (c Checkpoint) Text() string {
	if c.Cosigned != "" {
		return c.Cosigned
	}
	return c.Note
}

// checkpoint is the node of a Checkpoint.
type checkpoint struct {
	Size     int64     `graph:"size"`
	Prev     int64     `graph:"prev"`
	Note     string    `graph:"note"`
	Cosigned string    `graph:"cosigned"`
	At       time.Time `graph:"at"`
}

var checkpointType = graph.Declare[checkpoint]("Checkpoint", graph.Spec{
	Prefix: "chk", Lists: []graph.List{{Sort: "size"}}, Max: 32 << 10,
})

// checkpointID is the id of the checkpoint of a size: there can't be two of one size.
func checkpointID(size int64) graph.ID {
	return graph.ID(checkpointType.Spec.Prefix + "_" + strconv.FormatInt(size, 10))
}

// readCheckpoint makes a Checkpoint of its node, without looking at signatures.
func readCheckpoint(n graph.Node) (Checkpoint, error) {
	v, err := checkpointType.Read(n)
	if err != nil {
		return Checkpoint{}, errs.Wrap(err, errs.Internal, "A checkpoint of the log can't be read.")
	}
	body, _, _ := strings.Cut(v.Note, "\n\n")
	_, t, err := parseBody(body + "\n")
	if err != nil {
		return Checkpoint{}, err
	}
	if t.N != v.Size || n.ID != checkpointID(t.N) {
		return Checkpoint{}, errs.Ef(errs.Internal, "The checkpoint %s is of another size.", n.ID)
	}
	return Checkpoint{Size: v.Size, Prev: v.Prev, Root: t.Hash, Note: v.Note, Cosigned: v.Cosigned, At: v.At}, nil
}

// body is what a checkpoint signs: the lines of a C2SP checkpoint without extensions.
func body(origin string, t tlog.Tree) string {
	return fmt.Sprintf("%s\n%d\n%s\n", origin, t.N, base64.StdEncoding.EncodeToString(t.Hash[:]))
}

// parseBody reads what a checkpoint signs.
func parseBody(text string) (origin string, t tlog.Tree, err error) {
	bad := errs.E(errs.Internal, "This is not a checkpoint.")
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[0] == "" || lines[3] != "" {
		return "", t, bad
	}
	n, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != lines[1] {
		return "", t, bad
	}
	hash, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(hash) != tlog.HashSize {
		return "", t, bad
	}
	return lines[0], tlog.Tree{N: n, Hash: tlog.Hash(hash)}, nil
}

// open checks the signature of a checkpoint of the log of that origin and returns what it says.
func open(text, origin string, known note.Verifiers) (tlog.Tree, error) {
	n, err := note.Open([]byte(text), known)
	if err != nil {
		return tlog.Tree{}, errs.Wrap(err, errs.Internal, "A checkpoint of the log isn't signed by its key.")
	}
	of, t, err := parseBody(n.Text)
	if err != nil {
		return t, err
	}
	if of != origin {
		return t, errs.Ef(errs.Internal, "A checkpoint is of the log %s, not of %s.", of, origin)
	}
	return t, nil
}
