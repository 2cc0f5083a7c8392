package gqlschema

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
)

// The client of graphql-sse understands the stream, and goes on where it stood when its connection is cut.
func TestStreamIsUnderstoodByGraphQLSSE(t *testing.T) {
	needsNode(t)
	dir := installed(t, "testdata/sse", "follow.mjs")
	w := newWorld(t)
	server := httptest.NewServer(w)
	defer server.Close()
	const last = 23
	cmd := exec.CommandContext(t.Context(), "node", "follow.mjs", server.URL, fmt.Sprint(last))
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	next, cuts := 1, 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var n struct {
			Seq   int
			Again string
		}
		if err := json.Unmarshal(lines.Bytes(), &n); err != nil {
			t.Fatalf("%v in %s", err, lines.Bytes())
		}
		if n.Again != "" {
			cuts++
			continue
		}
		if n.Seq != next {
			t.Errorf("%s where entry %d was to come", lines.Bytes(), next)
		}
		if next = n.Seq + 1; next > 3 && next <= last {
			if next%7 == 0 {
				server.CloseClientConnections()
			}
			w.describe(t, fmt.Sprint("title ", next))
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if next != last+1 || cuts < 3 {
		t.Errorf("it saw entries up to %d, and %d cuts", next-1, cuts)
	}
}
