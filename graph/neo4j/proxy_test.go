package neo4j_test

import (
	"bytes"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// proxy stands between a store and the server and cuts connections.
type proxy struct {
	listener net.Listener
	server   string

	// cut decides, for each piece of data, whether the connection ends there: before the piece is passed on, or after.
	cut atomic.Pointer[func(fromServer bool, data []byte) (before, after bool)]

	mu    sync.Mutex
	conns map[net.Conn]bool
	away  bool
}

func newProxy(t *testing.T, uri string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, address, _ := strings.Cut(uri, "://")
	p := &proxy{listener: l, server: address, conns: map[net.Conn]bool{}}
	go p.accept()
	t.Cleanup(func() {
		_ = l.Close()
		p.drop()
	})
	return p
}

func (p *proxy) uri() string { return "bolt://" + p.listener.Addr().String() }

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil || !p.keep(client, server) {
			_ = client.Close()
			continue
		}
		go p.pipe(client, server, false)
		go p.pipe(server, client, true)
	}
}

// keep remembers connections so that they can be dropped; false while the server is away.
func (p *proxy) keep(client, server net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.away {
		_ = server.Close()
		return false
	}
	p.conns[client], p.conns[server] = true, true
	return true
}

func (p *proxy) pipe(from, to net.Conn, fromServer bool) {
	defer func() {
		_ = from.Close()
		_ = to.Close()
	}()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		before, after := false, false
		if cut := p.cut.Load(); cut != nil {
			before, after = (*cut)(fromServer, buf[:n])
		}
		if before {
			return
		}
		if _, err := to.Write(buf[:n]); err != nil || after {
			return
		}
	}
}

// drop ends all connections.
func (p *proxy) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Close()
	}
	clear(p.conns)
}

// stop makes the server be away, or come back.
func (p *proxy) stop(away bool) {
	p.mu.Lock()
	p.away = away
	p.mu.Unlock()
	if away {
		p.drop()
	}
}

// isCommit tells whether data that goes to the server ends with the message COMMIT: a structure without fields.
func isCommit(data []byte) bool { return bytes.HasSuffix(data, []byte{0, 2, 0xb0, 0x12, 0, 0}) }
