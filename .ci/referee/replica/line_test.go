package replica

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// line is the way of one server to the database.
type line struct {
	*toxiproxy.Proxy
	done map[string]int // what was done to it, by name
}

// lay lays a line to the database. It is cut for good when the test ends.
func lay(t *testing.T, name, to string) *line {
	t.Helper()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	l := &line{Proxy: toxiproxy.NewProxy(server, name, "127.0.0.1:0", to), done: map[string]int{}}
	if err := l.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Stop)
	return l
}

// trouble cuts and slows the line at random until the time is over. It ends with a line as good as new.
func (l *line) trouble(until time.Time) error {
	for time.Now().Before(until) {
		var err error
		switch rand.IntN(4) {
		case 0:
			err = l.cut(between(50, 300))
		case 1: // in the middle of a message, of an answer as of a request
			err = l.poison("limit_data", stream(), fmt.Sprintf(`"bytes":%d`, 200+rand.IntN(20_000)), between(200, 600))
		case 2:
			err = l.poison("reset_peer", stream(), fmt.Sprintf(`"timeout":%d`, rand.IntN(50)), between(100, 400))
		case 3:
			err = l.poison("latency", stream(), `"latency":25,"jitter":20`, between(300, 1000))
		}
		if err != nil {
			return fmt.Errorf("%s: %w", l.Name, err)
		}
		time.Sleep(between(300, 1200))
	}
	return nil
}

// cut closes every connection and lets none in for a while.
func (l *line) cut(d time.Duration) error {
	l.done["cut"]++
	l.Stop()
	time.Sleep(d)
	err := l.Start()
	for end := time.Now().Add(5 * time.Second); err != nil && time.Now().Before(end); err = l.Start() {
		time.Sleep(50 * time.Millisecond) // an outgoing connection may have taken the port
	}
	return err
}

// poison does something to one direction of the line for a while.
func (l *line) poison(kind, stream, attributes string, d time.Duration) error {
	l.done[kind]++
	toxic, err := l.Toxics.AddToxicJson(strings.NewReader(
		fmt.Sprintf(`{"type":%q,"stream":%q,"attributes":{%s}}`, kind, stream, attributes)))
	if err != nil {
		return err
	}
	time.Sleep(d)
	return l.Toxics.RemoveToxic(context.Background(), toxic.Name)
}

// stream is a direction: to the database or from it.
func stream() string { return []string{"upstream", "downstream"}[rand.IntN(2)] }

func between(from, to int) time.Duration {
	return time.Duration(from+rand.IntN(to-from)) * time.Millisecond
}
