package audit_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"weir/audit"
	"weir/errs"
	"weir/graph"
)

// signed tells whether a key signed a checkpoint.
func signed(t *testing.T, c audit.Checkpoint, vkey string) bool {
	t.Helper()
	v, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	_, err = note.Open([]byte(c.Note), note.VerifierList(v))
	return err == nil
}

func TestRotate_SignsTwiceUntilTheOldKeyIsRetired(t *testing.T) {
	eachStore(t, func(t *testing.T, s graph.Store) {
		dir := t.TempDir()
		l := openLog(t, s, dir)
		write(t, s, "act", "th_a")
		first := seal(t, l)
		keys, err := l.Verifiers(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		old, by := keys[0].VKey, audit.Entry{Actor: "usr_admin", Request: "r9"}
		if err := l.Retire(t.Context(), by, old); !errs.Is(err, errs.Conflict) {
			t.Errorf("the only key is retired: %v", err)
		}
		fresh, err := l.Rotate(t.Context(), by)
		if err != nil {
			t.Fatal(err)
		}
		e := one(t, t.Context(), s, 2)
		if e.Action != audit.ActionKey || e.Facts["vkey"] != fresh || e.Facts["from"] != "2" || e.Actor != "usr_admin" || e.Request != "r9" {
			t.Errorf("%+v", e)
		}
		both := seal(t, l)
		if err := l.Retire(t.Context(), by, old); err != nil {
			t.Fatal(err)
		}
		last := seal(t, l)
		for _, tt := range []struct {
			c          audit.Checkpoint
			old, fresh bool
		}{{first, true, false}, {both, true, true}, {last, false, true}} {
			if signed(t, tt.c, old) != tt.old || signed(t, tt.c, fresh) != tt.fresh {
				t.Errorf("checkpoint of %d: %s", tt.c.Size, tt.c.Note)
			}
		}
		if keys, err = l.Verifiers(t.Context()); err != nil || len(keys) != 2 || keys[0].To != 3 || keys[1].From != 2 || keys[1].To != 0 {
			t.Errorf("%+v, %v", keys, err)
		}
		pub, err := os.ReadFile(filepath.Join(dir, "audit.pub"))
		if err != nil || strings.TrimSpace(string(pub)) != fresh {
			t.Errorf("audit.pub holds %q, %v", pub, err)
		}
		if err := l.Retire(t.Context(), by, old); !errs.Is(err, errs.NotFound) {
			t.Errorf("retired twice: %v", err)
		}
		chain(t, l)
	})
}

// A server that doesn't have the new key must not sign without it.
func TestRotate_StopsServersWithoutTheKey(t *testing.T) {
	s := newStore(t)
	dir := t.TempDir()
	l := openLog(t, s, dir)
	other := openLog(t, s, copyKeys(t, dir))
	write(t, s, "act", "th_a")
	seal(t, other)
	if _, err := l.Rotate(t.Context(), audit.Entry{Actor: "usr_admin"}); err != nil {
		t.Fatal(err)
	}
	refused(t, other, "isn't on this server")
	if c := seal(t, l); c.Size != 2 {
		t.Errorf("%+v", c)
	}
}

func TestRotate_NeedsAKey(t *testing.T) {
	s := newStore(t)
	first := t.TempDir()
	openLog(t, s, first)
	dir := copyKeys(t, first)
	if err := os.Remove(filepath.Join(dir, "audit.key")); err != nil {
		t.Fatal(err)
	}
	l := openLog(t, s, dir)
	if _, err := l.Rotate(t.Context(), audit.Entry{Actor: "usr_admin"}); !errs.Is(err, errs.Conflict) {
		t.Errorf("got %v", err)
	}
	if heads, err := audit.Heads(t.Context(), s, 0, 10); err != nil || len(heads) != 0 {
		t.Errorf("%v, %v", heads, err)
	}
}
