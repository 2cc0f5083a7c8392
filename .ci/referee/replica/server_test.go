package replica

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// build compiles the program.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "weir")
	c := exec.Command("go", "build", "-o", binary, "./cmd/weir")
	c.Dir = filepath.Join("..", "..", "..")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

// server is a replica: a process that is started, killed and started again on one directory.
type server struct {
	binary, dir, store string

	mu  sync.Mutex
	url string // where it answers; old while it is dead
	cmd *exec.Cmd
}

// at is where it answers.
func (s *server) at() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.url
}

// start starts the process. It dies with the test.
func (s *server) start(t *testing.T) {
	t.Helper()
	end := time.Now().Add(30 * time.Second)
	for !s.tryStart(t) { // its line may just be cut: whoever watches over servers starts them again
		if time.Now().After(end) {
			t.Fatalf("the server of %s doesn't start", s.dir)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

func (s *server) tryStart(t *testing.T) bool {
	t.Helper()
	cmd := exec.Command(s.binary, "serve", "--dir", s.dir, "--store", s.store, "--addr", "127.0.0.1:0",
		"--anchor-file", s.anchors(), "--log-level", "error")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	printed, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Logf("it did not start: %v: %s", cmd.Wait(), said.String())
		return false
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it has mostly ended long since
		_ = cmd.Wait()
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cmd, s.url = cmd, strings.TrimSpace(printed[strings.LastIndex(printed, "http"):])
	return true
}

// stop sends a signal and waits for the end.
func (s *server) stop(t *testing.T, with os.Signal) {
	t.Helper()
	if err := s.cmd.Process.Signal(with); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil && with != os.Kill {
		t.Errorf("the server of %s ended with %v", s.dir, err)
	}
}

// anchors is the file to which it appends the checkpoints that it published.
func (s *server) anchors() string { return filepath.Join(s.dir, "anchors") }

// shareKeys gives it the keys of another server of the same store.
func (s *server) shareKeys(t *testing.T, from *server) {
	t.Helper()
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"payload.key", "audit.key", "audit.pub"} {
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte(read(t, filepath.Join(from.dir, name))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// weir runs a command of the program and returns what it printed and what it exited with.
func weir(t *testing.T, binary string, args ...string) (string, int) {
	t.Helper()
	c := exec.Command(binary, args...)
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.Output()
	if c.ProcessState == nil {
		t.Fatal(err)
	}
	return string(out) + said.String(), c.ProcessState.ExitCode()
}
