package audit_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"weir/audit"
	"weir/errs"
)

// witness is a small C2SP witness for one log.
type witness struct {
	t    *testing.T
	url  string
	vkey string
	priv ed25519.PrivateKey
	log  note.Verifiers
	last tlog.Tree
	junk string // answered instead of a signature
}

func newWitness(t *testing.T, l *audit.Log) (*witness, *audit.AnchorWitness) {
	t.Helper()
	public, priv, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := l.Verifiers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(keys[0].VKey)
	if err != nil {
		t.Fatal(err)
	}
	key := append([]byte{4}, public...)
	w := &witness{t: t, priv: priv, log: note.VerifierList(v)}
	w.vkey = fmt.Sprintf("witness.test+%08x+%s", w.hash(), base64.StdEncoding.EncodeToString(key))
	srv := httptest.NewServer(w)
	t.Cleanup(srv.Close)
	w.url = srv.URL
	a, err := audit.NewAnchorWitness(srv.URL, w.vkey, nil)
	if err != nil {
		t.Fatal(err)
	}
	return w, a
}

func (w *witness) hash() uint32 {
	public, _ := w.priv.Public().(ed25519.PublicKey)
	sum := sha256.Sum256(append([]byte("witness.test\n\x04"), public...))
	return binary.BigEndian.Uint32(sum[:])
}

func (w *witness) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || r.URL.Path != "/add-checkpoint" || r.Method != http.MethodPost {
		http.Error(rw, "bad request", http.StatusBadRequest)
		return
	}
	head, text, _ := strings.Cut(string(body), "\n\n")
	lines := strings.Split(head, "\n")
	n, err := note.Open([]byte(text), w.log)
	if err != nil {
		http.Error(rw, "unknown key", http.StatusForbidden)
		return
	}
	now := w.parse(n.Text)
	if lines[0] != fmt.Sprintf("old %d", w.last.N) || now.N == w.last.N && now.Hash != w.last.Hash {
		rw.Header().Set("Content-Type", "text/x.tlog.size")
		rw.WriteHeader(http.StatusConflict)
		w.answer(rw, fmt.Sprintln(w.last.N))
		return
	}
	if w.last.N > 0 && tlog.CheckTree(w.proof(lines[1:]), now.N, now.Hash, w.last.N, w.last.Hash) != nil {
		http.Error(rw, "inconsistent", http.StatusUnprocessableEntity)
		return
	}
	w.last = now
	if w.junk != "" {
		w.answer(rw, w.junk)
		return
	}
	w.answer(rw, w.line(n.Text))
}

func (w *witness) answer(rw http.ResponseWriter, text string) {
	if _, err := io.WriteString(rw, text); err != nil {
		w.t.Error(err)
	}
}

func (w *witness) line(text string) string {
	const when = 1_700_000_000
	sig := binary.BigEndian.AppendUint32(nil, w.hash())
	sig = binary.BigEndian.AppendUint64(sig, when)
	sig = append(sig, ed25519.Sign(w.priv, fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", when, text))...)
	return fmt.Sprintf("— witness.test %s\n", base64.StdEncoding.EncodeToString(sig))
}

func (w *witness) parse(text string) tlog.Tree {
	lines := strings.Split(text, "\n")
	n, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		w.t.Error(err)
	}
	h, err := tlog.ParseHash(lines[2])
	if err != nil {
		w.t.Error(err)
	}
	return tlog.Tree{N: n, Hash: h}
}

func (w *witness) proof(lines []string) tlog.TreeProof {
	var p tlog.TreeProof
	for _, line := range lines {
		h, err := tlog.ParseHash(line)
		if err != nil {
			w.t.Error(err)
		}
		p = append(p, h)
	}
	return p
}

func TestWitness_CosignsEachCheckpoint(t *testing.T) {
	s := newStore(t)
	l := openLog(t, s, t.TempDir())
	w, a := newWitness(t, l)
	for size := int64(1); size <= 4; size++ {
		write(t, s, "act", "th_a")
		if st := anchor(t, l, a).Anchors[0]; st.Size != size || st.Error != "" || w.last.N != size {
			t.Fatalf("%+v, the witness is at %d", st, w.last.N)
		}
		c, err := l.Checkpoint(t.Context())
		if err != nil || !strings.HasPrefix(c.Cosigned, c.Note+"— witness.test ") || strings.Count(c.Cosigned, "— ") != 2 {
			t.Errorf("%q, %v", c.Cosigned, err)
		}
		if p, err := l.Proof(t.Context(), 1); err != nil || !strings.Contains(p.Text(), "— witness.test ") {
			t.Errorf("the proof doesn't carry the signature of the witness: %v", err)
		}
		if size == 2 { // a server that starts again knows nothing of the witness
			if a, err = audit.NewAnchorWitness(w.url, w.vkey, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestWitness_RefusalIsTold(t *testing.T) {
	tests := []struct {
		name string
		last func(own tlog.Tree) tlog.Tree // what the witness has seen
		junk string
		why  string
	}{
		{"another history", func(own tlog.Tree) tlog.Tree { return tlog.Tree{N: 1, Hash: own.Hash} }, "", "no consistency"},
		{"a longer log", func(own tlog.Tree) tlog.Tree { return tlog.Tree{N: own.N + 5, Hash: own.Hash} }, "", "it signed a checkpoint of 7"},
		{"another root", func(own tlog.Tree) tlog.Tree { return tlog.Tree{N: own.N, Hash: tlog.Hash{1}} }, "", "another root"},
		{"no signature", func(tlog.Tree) tlog.Tree { return tlog.Tree{} }, "hello\n", "something else"},
		{"a foreign signature", func(tlog.Tree) tlog.Tree { return tlog.Tree{} }, "— other.test AAAAAAAA\n", "something else"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t)
			l := openLog(t, s, t.TempDir())
			w, a := newWitness(t, l)
			write(t, s, "act", "th_a")
			write(t, s, "act", "th_a")
			c := seal(t, l)
			w.last, w.junk = tt.last(tlog.Tree{N: c.Size, Hash: c.Root}), tt.junk
			if st := anchor(t, l, a).Anchors[0]; st.Size != 0 || !strings.Contains(st.Error, tt.why) {
				t.Errorf("%+v", st)
			}
			if c, err := l.Checkpoint(t.Context()); err != nil || c.Cosigned != "" {
				t.Errorf("%+v, %v", c, err)
			}
		})
	}
}

func TestNewAnchorWitness_DemandsItsKey(t *testing.T) {
	l := openLog(t, newStore(t), t.TempDir())
	w, _ := newWitness(t, l)
	keys, err := l.Verifiers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, vkey := range []string{"", "x", keys[0].VKey, strings.Replace(w.vkey, "witness", "other", 1), w.vkey + "A", w.vkey[:20]} {
		if _, err := audit.NewAnchorWitness("https://witness.test", vkey, nil); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q: %v", vkey, err)
		}
	}
	if _, err := audit.NewAnchorWitness("http://witness.test", w.vkey, nil); !errs.Is(err, errs.Invalid) {
		t.Errorf("plain http: %v", err)
	}
}
