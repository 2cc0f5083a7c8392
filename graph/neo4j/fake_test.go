package neo4j_test

import (
	"encoding/binary"
	"io"
	"net"
	"testing"
)

// fake is a server that speaks just enough of the protocol to greet a driver.
type fake struct {
	version [4]byte // the protocol that it chooses; zero: none
	agent   string  // what it calls itself
	refuse  bool    // it refuses the credentials
}

// listen starts it and returns its address.
func (f fake) listen(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go f.serve(conn)
		}
	}()
	return "bolt://" + l.Addr().String()
}

func (f fake) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	handshake := make([]byte, 20)
	if _, err := io.ReadFull(conn, handshake); err != nil {
		return
	}
	if _, err := conn.Write(f.version[:]); err != nil {
		return
	}
	for {
		if !readMessage(conn) {
			return
		}
		answer := success(map[string]string{"server": f.agent, "connection_id": "bolt-1"})
		if f.refuse {
			answer = failure("Neo.ClientError.Security.Unauthorized", "The client is unauthorized due to authentication failure.")
		}
		if _, err := conn.Write(answer); err != nil {
			return
		}
	}
}

// readMessage reads the chunks of a message to its end.
func readMessage(r io.Reader) bool {
	for {
		var size [2]byte
		if _, err := io.ReadFull(r, size[:]); err != nil {
			return false
		}
		n := binary.BigEndian.Uint16(size[:])
		if n == 0 {
			return true
		}
		if _, err := io.CopyN(io.Discard, r, int64(n)); err != nil {
			return false
		}
	}
}

func success(fields map[string]string) []byte { return message(0x70, fields) }

func failure(code, text string) []byte {
	return message(0x7f, map[string]string{"code": code, "message": text})
}

// message is a structure of one map of strings, in one chunk.
func message(signature byte, fields map[string]string) []byte {
	b := []byte{0xb1, signature, 0xa0 | byte(len(fields))}
	for k, v := range fields {
		b = append(append(b, 0xd0, byte(len(k))), k...)
		b = append(append(b, 0xd0, byte(len(v))), v...)
	}
	out := binary.BigEndian.AppendUint16(nil, uint16(len(b)))
	return append(append(out, b...), 0, 0)
}
