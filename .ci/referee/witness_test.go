package referee

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/mod/sumdb/tlog"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"weir/audit"
	"weir/audit/verify"
)

const witnessName = "witness.test/one"

// A witness of somebody else signs each of our checkpoints, and no other history.
func TestLitewitnessSignsOneHistory(t *testing.T) {
	w := newWorld(t)
	w.write()
	w.sealed()
	url, vkey := startWitness(t, w.log.Origin(), w.key())
	cosigner, err := torchwood.NewCosignatureVerifier(vkey)
	w.must(err)
	policy := torchwood.ThresholdPolicy(3, torchwood.OriginPolicy(w.log.Origin()),
		torchwood.SingleVerifierPolicy(w.verifier()), torchwood.SingleVerifierPolicy(cosigner))
	anchor, err := audit.NewAnchorWitness(url, vkey, nil)
	w.must(err)
	var fork *world
	for round := range 12 {
		for range round * 7 % 11 {
			w.write()
		}
		w.write()
		c := w.sealed()
		lines, err := anchor.Send(t.Context(), c, w.prover(c))
		w.must(err)
		if _, _, err := torchwood.VerifyCheckpoint([]byte(c.Note+lines), policy); err != nil {
			t.Errorf("the checkpoint of size %d with the witness' signature: %v", c.Size, err)
		}
		o := verify.Options{Key: w.key(), Witnesses: []string{vkey}}
		if r, err := verify.Checkpoints([]byte(c.Note+lines), o); err != nil || !r.OK || r.Witnessed != c.Size {
			t.Errorf("the same by our verifier: %+v, %v", r, err)
		}
		if round == 5 {
			fork = w.fork()
		}
	}
	last, err := w.log.Checkpoint(t.Context())
	w.must(err)
	for fork.sealedSize() < last.Size+3 { // longer than what the witness has seen, so that only the history is wrong
		fork.write()
		fork.sealed()
	}
	c, err := fork.log.Checkpoint(t.Context())
	w.must(err)
	fresh, err := audit.NewAnchorWitness(url, vkey, nil)
	w.must(err)
	if _, err := fresh.Send(t.Context(), c, fork.prover(c)); !errors.Is(err, audit.ErrForked) {
		t.Errorf("another history of the log, signed with its key: %v", err)
	}
	if _, err := anchor.Send(t.Context(), last, w.prover(last)); err != nil {
		t.Errorf("the true history, afterwards: %v", err)
	}
}

// The server's own sealer sends each checkpoint to the witness and keeps what it signed.
func TestTheSealerCollectsCosignatures(t *testing.T) {
	w := newWorld(t)
	w.write()
	w.sealed()
	url, vkey := startWitness(t, w.log.Origin(), w.key())
	anchor, err := audit.NewAnchorWitness(url, vkey, nil)
	w.must(err)
	w.seal.Anchors, w.seal.Every = []audit.Anchor{anchor}, 10*time.Millisecond
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.seal.Run(ctx) }()
	for range 20 {
		w.write()
	}
	stop()
	w.must(<-ended)
	c, err := w.log.Checkpoint(t.Context())
	w.must(err)
	if c.Size != 21 || !strings.Contains(c.Cosigned, "\n— "+witnessName+" ") {
		t.Errorf("the last checkpoint is of size %d:\n%s", c.Size, c.Cosigned)
	}
}

func (w *world) sealedSize() int64 {
	w.t.Helper()
	s, err := w.log.State(w.t.Context())
	w.must(err)
	return s.Sealed
}

// prover proves that a checkpoint continues smaller ones.
func (w *world) prover(c audit.Checkpoint) audit.Prover {
	return func(ctx context.Context, from int64) (tlog.TreeProof, error) {
		return w.log.Consistency(ctx, from, c.Size)
	}
}

// startWitness runs a litewitness that knows one log, and returns where it answers and its verifier key.
func startWitness(t *testing.T, origin, key string) (url, vkey string) {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "litewitness")
	if out, err := exec.Command("go", "build", "-o", program, "filippo.io/torchwood/cmd/litewitness").CombinedOutput(); err != nil {
		t.Fatalf("litewitness can't be built: %v\n%s", err, out)
	}
	fingerprint, vkey := startAgent(t, filepath.Join(dir, "agent"))
	address := freeAddress(t)
	c := exec.CommandContext(t.Context(), program, "-ssh-agent", "agent", "-name", witnessName, "-key", fingerprint, "-listen", address)
	c.Dir = dir
	log := &strings.Builder{}
	c.Stdout, c.Stderr = log, log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(os.Interrupt) // if it has ended, Wait says so
		_ = c.Wait()
		if t.Failed() {
			t.Log(log)
		}
	})
	url = "http://" + address
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		res, err := http.Get(url)
		if err == nil {
			_ = res.Body.Close() // that it answers is all
			introduce(t, filepath.Join(dir, "litewitness.db"), origin, key)
			return url, vkey
		}
		if time.Now().After(end) {
			t.Fatalf("litewitness does not answer: %v", err)
		}
	}
}

// introduce makes a log known to a litewitness, by its database: its own command for that builds only with a library of Sigsum's.
func introduce(t *testing.T, path, origin, key string) {
	t.Helper()
	db, err := sqlite.OpenConn(path)
	if err != nil {
		t.Fatal(err)
	}
	empty := sha256.Sum256(nil)
	err = errors.Join(
		sqlitex.Execute(db, "INSERT INTO log (origin, tree_size, tree_hash) VALUES (?, 0, ?)",
			&sqlitex.ExecOptions{Args: []any{origin, base64.StdEncoding.EncodeToString(empty[:])}}),
		sqlitex.Execute(db, "INSERT INTO key (origin, key) VALUES (?, ?)", &sqlitex.ExecOptions{Args: []any{origin, key}}),
		db.Close())
	if err != nil {
		t.Fatal(err)
	}
}

// startAgent serves a new key as an SSH agent, from where litewitness takes it, and returns its fingerprint and its verifier key.
func startAgent(t *testing.T, socket string) (fingerprint, vkey string) {
	t.Helper()
	public, secret, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keys := agent.NewKeyring()
	if err := keys.Add(agent.AddedKey{PrivateKey: secret}); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() }) // it ends the loop below
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { _ = agent.ServeAgent(keys, conn) }() // it ends with the connection
		}
	}()
	sshKey, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := torchwood.NewCosignatureSigner(witnessName, secret)
	if err != nil {
		t.Fatal(err)
	}
	return ssh.FingerprintSHA256(sshKey), signer.Verifier().String()
}

// freeAddress is an address on which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}()
	return l.Addr().String()
}
