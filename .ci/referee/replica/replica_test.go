package replica

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"weir/graph"
	"weir/graph/neo4j/neo4jtest"
)

const (
	replicas   = 3
	troubled   = 15 * time.Second
	killAfter  = 5 * time.Second
	startAgain = 500 * time.Millisecond
)

// Three servers work on one database while their connections to it are cut and slowed, and one of them is killed. In the end
// everything that was acknowledged is there, with one entry each in one log, of which nobody signed another version.
func TestReplicas_OneLog(t *testing.T) {
	uri := neo4jtest.URI(t)
	neo4jtest.Wipe(t)
	var lines []*line
	binary, began := build(t), time.Now()
	servers := begin(t, binary, uri, &lines)
	l := newLedger(token(t, servers[0], uri))
	l.prepare(t, servers[0])
	t.Logf("ready after %v", time.Since(began))

	until := time.Now().Add(troubled)
	var beside sync.WaitGroup
	for _, line := range lines {
		beside.Go(func() {
			if err := line.trouble(until); err != nil {
				t.Error(err)
			}
		})
	}
	beside.Go(func() { l.work(servers, until) })
	time.Sleep(killAfter)
	servers[1].stop(t, os.Kill)
	time.Sleep(startAgain)
	servers[1].start(t)
	beside.Wait()
	t.Logf("all is answered after %v; acknowledged: %v; not: %v", time.Since(began), l.by, l.failed)
	for _, line := range lines {
		t.Logf("%s: %v", line.Name, line.done)
	}

	e := look(t, uri, servers[0].dir)
	l.allAnswer(t, servers)
	size := e.sealed()
	entries := e.entries()
	if int64(len(entries)) != size {
		t.Errorf("there are %d entries, and %d are signed", len(entries), size)
	}
	e.events(l, entries)
	l.allShow(t, servers, e.descriptions(l, entries))
	for _, s := range servers {
		s.stop(t, syscall.SIGTERM)
	}
	e.chain(servers)
	e.verified(servers, uri, size)
	t.Logf("%d entries in one log, looked at after %v", size, time.Since(began))
}

// begin starts the servers, each over a line of its own, all with the keys of the first.
func begin(t *testing.T, binary, uri string, lines *[]*line) []*server {
	t.Helper()
	var out []*server
	for i := range replicas {
		l := lay(t, fmt.Sprintf("line %d", i), strings.TrimPrefix(uri, "bolt://"))
		s := &server{binary: binary, dir: filepath.Join(t.TempDir(), "data"), store: "bolt://" + l.Listen}
		if i > 0 {
			s.shareKeys(t, out[0])
		}
		s.start(t)
		*lines = append(*lines, l)
		out = append(out, s)
	}
	return out
}

// token makes one at the database itself.
func token(t *testing.T, s *server, uri string) string {
	t.Helper()
	printed, code := weir(t, s.binary, "token", "create", "--dir", s.dir, "--store", uri,
		"--scope", "lineage:write", "--scope", "catalog:read", "--scope", "catalog:write")
	if code != 0 {
		t.Fatalf("token: %d %s", code, printed)
	}
	return strings.TrimSpace(printed)
}

// allAnswer demands that something of each kind was acknowledged in the trouble, and that every server takes both after it.
func (l *ledger) allAnswer(t *testing.T, servers []*server) {
	t.Helper()
	if len(l.jobs) == 0 || len(l.described) == 0 {
		t.Errorf("%d events and %d descriptions were acknowledged in the trouble: nothing was tried", len(l.jobs), len(l.described))
	}
	for n, s := range servers {
		for _, what := range []string{"event", "description"} {
			name := fmt.Sprintf("%s through %d", what, n)
			before := l.by[name]
			for i, end := 0, time.Now().Add(20*time.Second); l.by[name] == before; i++ {
				if time.Now().After(end) {
					t.Fatalf("no %s is acknowledged after the trouble: %v", name, l.failed)
				}
				if what == "event" {
					l.report(s, n, fmt.Sprintf("last job %d %d", n, i))
				} else {
					l.describe(s, n, dataset(n), fmt.Sprintf("last words %d %d", n, i))
				}
			}
		}
	}
}

// allShow demands that every server answers with what the last entry of each dataset says.
func (l *ledger) allShow(t *testing.T, servers []*server, last map[graph.ID]string) {
	t.Helper()
	if len(last) != datasets {
		t.Errorf("%d of %d datasets are described", len(last), datasets)
	}
	for _, s := range servers {
		for id, words := range last {
			var data struct{ Node struct{ Description string } }
			err := l.ask(s, `query($id: ID!) { node(id: $id) { ... on Dataset { description } } }`, map[string]any{"id": id}, &data)
			if err != nil || data.Node.Description != words {
				t.Errorf("%s shows %q of %s, whose last entry says %q: %v", s.at(), data.Node.Description, id, words, err)
			}
		}
	}
}
