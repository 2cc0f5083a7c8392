package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"weir/graph/neo4j/neo4jtest"
)

// gate stands between the server and its store; while it is shut, every connection is cut and none is let in.
type gate struct {
	to    string
	l     net.Listener
	mu    sync.Mutex
	shut  bool
	conns map[net.Conn]bool
}

func newGate(t *testing.T, to string) *gate {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{to: to, l: l, conns: map[net.Conn]bool{}}
	var done sync.WaitGroup
	done.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed at the end of the test
			}
			done.Go(func() { g.pass(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close() // nothing is sent any more
		g.set(true)
		done.Wait()
	})
	return g
}

// pass carries a connection on until either end, or the gate, closes it.
func (g *gate) pass(c net.Conn) {
	defer c.Close()
	up, err := net.Dial("tcp", g.to)
	if err != nil {
		return // as if the store were away
	}
	defer up.Close()
	if !g.enter(c, up) {
		return
	}
	defer g.leave(c, up)
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{c, up}, {up, c}} {
		both.Go(func() {
			_, _ = io.Copy(way[0], way[1]) // it ends when the connection does
			_, _ = way[0].Close(), way[1].Close()
		})
	}
	both.Wait()
}

func (g *gate) enter(cs ...net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range cs {
		g.conns[c] = true
	}
	return !g.shut
}

func (g *gate) leave(cs ...net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range cs {
		delete(g.conns, c)
	}
}

// set shuts or opens the gate.
func (g *gate) set(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = shut
	for c := range g.conns {
		if shut {
			_ = c.Close() // that is what is wanted
		}
	}
}

// While Neo4j goes away again and again in the middle of writes, nothing that was acknowledged is lost, whoever was not
// answered is told to come again, and the server recovers without being started anew.
func TestServe_Neo4jGoesAndComesBack(t *testing.T) {
	uri := neo4jtest.URI(t)
	neo4jtest.Wipe(t)
	g := newGate(t, strings.TrimPrefix(uri, "bolt://"))
	cfg := temporary(t)
	cfg.Store = "bolt://" + g.l.Addr().String()
	s := start(t, cfg, nil)
	var mu sync.Mutex
	var acknowledged []string
	stop := make(chan struct{})
	var clients sync.WaitGroup
	for client := range 4 {
		clients.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				job := fmt.Sprintf("job %d %d", client, i)
				a := s.send("POST", single, jobEvent(job))
				switch {
				case a.status == http.StatusCreated:
					mu.Lock()
					acknowledged = append(acknowledged, job)
					mu.Unlock()
				case a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "":
					t.Errorf("%s: %+v", job, a)
				}
			}
		})
	}
	for range 3 {
		time.Sleep(2 * time.Second)
		g.set(true)
		time.Sleep(time.Second)
		g.set(false)
		eventually(t, 60*time.Second, "the server is ready again", func() bool {
			return s.send("GET", "/readyz", "").status == http.StatusOK
		})
	}
	eventually(t, 60*time.Second, "events are taken again", func() bool {
		return s.send("POST", single, jobEvent("last")).status == http.StatusCreated
	})
	close(stop)
	clients.Wait()
	s.stop()
	cfg.Store = uri
	checkAcknowledged(t, cfg, acknowledged)
	if len(acknowledged) < 4 {
		t.Errorf("only %d events were acknowledged: nothing was tried", len(acknowledged))
	}
	t.Logf("%d events acknowledged, all there", len(acknowledged))
}
