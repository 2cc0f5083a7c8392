package referee

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/graph/sqlite"
	"weir/identity"
	"weir/identity/session"
	"weir/jobs"
	"weir/marketplace"
	"weir/notify"
)

// The log of a running server over HTTP, by Tessera's fsck. Its command exits with 0 whatever it finds, so the package is asked.
func TestFsckAgrees(t *testing.T) {
	s := startServer(t)
	if err := s.fsck(t); err != nil {
		t.Fatalf("a sound log: %v", err)
	}
	store := openStore(t, filepath.Join(s.dir, "weir.db"))
	for _, kind := range []struct {
		kind graph.Kind
		prop string
	}{{"Tile", "hashes"}, {"Entry", "leaf"}} {
		id := first(t, store, kind.kind)
		flip(t, store, id, kind.prop)
		if err := s.fsck(t); err == nil {
			t.Errorf("damage in %s is not seen", id)
		}
		flip(t, store, id, kind.prop)
		if err := s.fsck(t); err != nil {
			t.Errorf("after the damage in %s was undone: %v", id, err)
		}
	}
}

// server is a running Weir with the sample company.
type server struct {
	dir, url, token string
}

var (
	addressLine = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	tokenLine   = regexp.MustCompile(`weir_\S+`)
)

// startServer builds the program and lets it show the sample company.
func startServer(t *testing.T) *server {
	t.Helper()
	program := filepath.Join(t.TempDir(), "weir")
	build := exec.Command("go", "build", "-o", program, "./cmd/weir")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the program can't be built: %v\n%s", err, out)
	}
	s := &server{dir: filepath.Join(t.TempDir(), "data")}
	ctx, cancel := context.WithCancel(t.Context())
	c := exec.CommandContext(ctx, program, "demo", "--dir", s.dir, "--addr", "127.0.0.1:0")
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = c.Wait() // it was told to stop
	})
	lines := bufio.NewScanner(out)
	for (s.url == "" || s.token == "") && lines.Scan() {
		if m := addressLine.FindString(lines.Text()); m != "" {
			s.url = m
		}
		if m := tokenLine.FindString(lines.Text()); m != "" {
			s.token = m
		}
	}
	if s.url == "" || s.token == "" {
		t.Fatal("the program ended without its address and a token")
	}
	go func() { // what is still printed must not block it
		for lines.Scan() {
		}
	}()
	s.await(t, 60)
	return s
}

// quiet is how often in a row, a fifth of a second apart, the log has to be found as long as before to count as complete.
const quiet = 20

// await waits until the log is signed up to a size, and the sample company is complete: what follows damages the tree, which
// the server must not extend meanwhile.
func (s *server) await(t *testing.T, size int) {
	t.Helper()
	last, still := 0, 0
	for end := time.Now().Add(2 * time.Minute); still < quiet; time.Sleep(200 * time.Millisecond) {
		text, err := s.fetcher(t).ReadCheckpoint(t.Context())
		if time.Now().After(end) {
			t.Fatalf("the log was not signed up to %d, or still grows at %d: %v", size, last, err)
		}
		if err != nil {
			continue
		}
		lines := strings.Split(string(text), "\n")
		n, err := strconv.Atoi(lines[min(1, len(lines)-1)])
		if err != nil {
			t.Fatalf("a checkpoint without a size: %q", text)
		}
		if still++; n != last || n < size {
			last, still = n, 0
		}
	}
}

func (s *server) fetcher(t *testing.T) *client.HTTPFetcher {
	t.Helper()
	base, err := url.Parse(s.url + "/audit/")
	if err != nil {
		t.Fatal(err)
	}
	f, err := client.NewHTTPFetcher(base, http.DefaultClient)
	if err != nil {
		t.Fatal(err)
	}
	f.SetAuthorizationHeader("Bearer " + s.token)
	return f
}

// fsck checks the whole log.
func (s *server) fsck(t *testing.T) error {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(s.dir, "audit.pub"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(strings.TrimSpace(string(key)))
	if err != nil {
		t.Fatal(err)
	}
	return fsck.New(v.Name(), v, s.fetcher(t), leafHashes, fsck.Opts{N: 2}).Check(t.Context())
}

// leafHashes are the hashes of the entries of a bundle.
func leafHashes(bundle []byte) ([][]byte, error) {
	var b api.EntryBundle
	if err := b.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	var out [][]byte
	for _, e := range b.Entries {
		out = append(out, rfc6962.DefaultHasher.HashLeaf(e))
	}
	return out, nil
}

// openStore opens the store of the server beside it.
func openStore(t *testing.T, path string) graph.Store {
	t.Helper()
	schema, err := graph.Merge(catalog.Schema(), audit.Schema(), authz.Schema(), identity.Schema(), session.Schema(),
		marketplace.Schema(), jobs.Schema(), notify.Schema())
	if err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), path, schema, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// first is the id of the node of a kind with the smallest one.
func first(t *testing.T, s graph.Store, kind graph.Kind) graph.ID {
	t.Helper()
	var found graph.ID
	for r, err := range s.Dump(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Node != nil && r.Node.Kind == kind && (found == "" || r.Node.ID < found) {
			found = r.Node.ID
		}
	}
	return found
}

// flip changes a bit of a node, past the program; twice is not at all.
func flip(t *testing.T, store graph.Store, id graph.ID, prop string) {
	t.Helper()
	n, err := graph.One(t.Context(), store, id)
	if err != nil {
		t.Fatal(err)
	}
	b, is := n.Props[prop].([]byte)
	if !is {
		t.Fatalf("%s has no %s", id, prop)
	}
	b = slices.Clone(b)
	b[20] ^= 1
	n.Props = graph.Props{prop: b}
	if err := write(t.Context(), store, n); err != nil {
		t.Fatal(err)
	}
}
