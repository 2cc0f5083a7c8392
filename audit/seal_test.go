package audit_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"weir/audit"
	"weir/errs"
	"weir/graph"
)

func openLog(t *testing.T, s graph.Store, dir string) *audit.Log {
	t.Helper()
	l, err := audit.Open(t.Context(), s, audit.Options{Dir: dir, Host: "log.test"})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func seal(t *testing.T, l *audit.Log) audit.Checkpoint {
	t.Helper()
	c, err := (&audit.Sealer{Log: l}).Step(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Each engine gives the same answers.
func eachStore(t *testing.T, f func(t *testing.T, s graph.Store)) {
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) { f(t, e.open(t)) })
	}
}

func TestSeal_SignsWhatIsNew(t *testing.T) {
	eachStore(t, func(t *testing.T, s graph.Store) {
		dir := t.TempDir()
		l := openLog(t, s, dir)
		if c := seal(t, l); c.Size != 0 {
			t.Errorf("an empty log was signed: %+v", c)
		}
		var prev audit.Checkpoint
		for round := range 3 {
			for i := range 3 {
				write(t, s, fmt.Sprintf("act.%d.%d", round, i), "th_a")
			}
			c := seal(t, l)
			if c.Size != int64(3*round+3) || c.Prev != prev.Size {
				t.Errorf("checkpoint %+v after %+v", c, prev)
			}
			again, err := l.Checkpoint(t.Context())
			if err != nil || again.Note != c.Note {
				t.Errorf("%+v, %v", again, err)
			}
			checkNote(t, dir, l.Origin(), c)
			for seq := range c.Size {
				p, err := l.Proof(t.Context(), seq+1)
				if err != nil || p.Index != seq || p.Hash() != tlog.RecordHash(p.Leaf) {
					t.Errorf("proof of %d: %v", seq, err)
				}
			}
			prev = c
		}
		if c := seal(t, l); c.Size != 0 {
			t.Errorf("nothing new was signed: %+v", c)
		}
		if _, err := l.Proof(t.Context(), 10); !errs.Is(err, errs.NotFound) {
			t.Errorf("a proof of an entry that there isn't: %v", err)
		}
	})
}

func checkNote(t *testing.T, dir, origin string, c audit.Checkpoint) {
	t.Helper()
	pub, err := os.ReadFile(filepath.Join(dir, "audit.pub"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(strings.TrimSpace(string(pub)))
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open([]byte(c.Note), note.VerifierList(v))
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%s\n%d\n%s\n", origin, c.Size, c.Root); n.Text != want || v.Name() != origin {
		t.Errorf("the note says %q, want %q", n.Text, want)
	}
}
