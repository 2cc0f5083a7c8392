package notify_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"weir/authz"
	"weir/graph"
	"weir/graph/neo4j/neo4jtest"
	"weir/graph/sqlite"
	"weir/jobs"
	"weir/notify"
)

// The environment of a server that is to be killed.
const (
	killStore = "WEIR_TEST_NOTIFY_STORE" // path of a file, or address of Neo4j
	killMail  = "WEIR_TEST_NOTIFY_MAIL"  // port of the mail server
	killAhead = "WEIR_TEST_NOTIFY_AHEAD" // how far its clock is ahead
)

// TestKillMinus9 lets two servers follow one log and send mail, kills them with signal 9 at any moment, starts them again, and
// looks at what a mail server got.
func TestKillMinus9(t *testing.T) {
	if testing.Short() {
		t.Skip("kills servers for a while: not with -short")
	}
	t.Run("sqlite", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "weir.db")
		s, err := sqlite.Open(t.Context(), path, schema(t), sqlite.Options{})
		must(t, err)
		defer s.Close()
		killRounds(t, newWorld(t, s), path, 25, 60)
	})
	t.Run("neo4j", func(t *testing.T) {
		killRounds(t, newWorld(t, neo4jtest.Open(t, schema(t))), neo4jtest.URI(t), 8, 12) // a server takes seconds to begin
	})
}

// killRounds takes events of two sorts, so many of each: what may come twice, and what must not. After at most so many rounds of
// killing the test itself does what is left over.
func killRounds(t *testing.T, w *world, where string, events, most int) {
	ann, asAnn := w.person("ann")
	for i := range events {
		w.happens(fmt.Sprint("plain", i), nil, ann)
		w.happens(fmt.Sprint("once", i), map[string]string{"once": "yes", "kind": "reminder"}, ann)
	}
	post := newTakingServer(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	rounds := 0
	for ; rounds < most && !post.quiet(events); rounds++ {
		ahead := time.Duration(rounds) * 3 * time.Minute // what was cut off is looked at again, and pauses are over
		a, b := startKillable(t, where, post.port, ahead), startKillable(t, where, post.port, ahead)
		before := post.count()
		waitFor(func() bool { return post.count() > before }, 10*time.Second)
		time.Sleep(time.Duration(rnd.IntN(60)) * time.Millisecond)
		kill(t, a)
		kill(t, b)
	}
	w.now = time.Now().Add(time.Duration(rounds+10) * 3 * time.Minute).UTC()
	mailer, err := notify.NewSMTP(notify.SMTP{Host: "127.0.0.1", Port: post.port, Security: notify.Clear, From: "a@example.com"})
	must(t, err)
	w.Service = w.with(func(o *notify.Options) { o.Mail = mailer })
	w.works() // what the last kill left over
	w.checkKilled(asAnn, post, rounds, events)
}

func (w *world) checkKilled(asAnn context.Context, post *takingServer, rounds, events int) {
	w.t.Helper()
	page, err := w.List(asAnn, false, "", 1_000)
	w.fine(err)
	if len(page.Items) != 2*events {
		w.t.Errorf("there are %d notifications, want %d", len(page.Items), 2*events)
	}
	state := map[string]int{}
	for _, d := range w.deliveries() {
		state[string(d.Kind)+" "+string(d.State)]++
	}
	sent, again := 0, 0
	for subject, n := range post.got {
		once := strings.Contains(subject, "once")
		if once && n > 1 {
			w.t.Errorf("%q came %d times and must not come twice", subject, n)
		}
		if !once {
			sent, again = sent+1, again+n-1
		}
	}
	if sent != events || state["decide sent"] != events {
		w.t.Errorf("%d of %d plain mails came, the store says %v", sent, events, state)
	}
	if n := len(post.got) - sent; n < state["reminder sent"] || state["reminder sent"]+state["reminder unknown"] != events {
		w.t.Errorf("%d reminders came, the store says %v", n, state)
	}
	w.t.Logf("%d rounds: %d plain mails came again, and %d reminders are of unknown outcome", rounds, again, state["reminder unknown"])
	if rounds < 3 {
		w.t.Errorf("only %d rounds: nothing was killed in the middle", rounds)
	}
}

// startKillable starts this test program as a server.
func startKillable(t *testing.T, where string, port int, ahead time.Duration) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestServeUntilKilled$")
	c.Env = append(os.Environ(), killStore+"="+where, killMail+"="+strconv.Itoa(port), killAhead+"="+ahead.String())
	c.Stderr = os.Stderr
	must(t, c.Start())
	return c
}

func kill(t *testing.T, c *exec.Cmd) {
	t.Helper()
	must(t, c.Process.Kill())
	_ = c.Wait() // it was killed
}

func waitFor(done func() bool, most time.Duration) {
	for end := time.Now().Add(most); !done() && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
}

// TestServeUntilKilled is the server that TestKillMinus9 kills.
func TestServeUntilKilled(t *testing.T) {
	where := os.Getenv(killStore)
	if where == "" {
		t.Skip("it is started by TestKillMinus9")
	}
	port, err := strconv.Atoi(os.Getenv(killMail))
	must(t, err)
	ahead, err := time.ParseDuration(os.Getenv(killAhead))
	must(t, err)
	var s graph.Store
	if strings.Contains(where, "://") {
		s = neo4jtest.Reopen(t, where, schema(t))
	} else {
		s, err = sqlite.Open(t.Context(), where, schema(t), sqlite.Options{})
		must(t, err)
	}
	policy, err := authz.NewPolicy(t.Context(), s)
	must(t, err)
	mailer, err := notify.NewSMTP(notify.SMTP{Host: "127.0.0.1", Port: port, Security: notify.Clear, From: "a@example.com"})
	must(t, err)
	now := func() time.Time { return time.Now().Add(ahead + 2*time.Minute) }
	service := notify.New(notify.Options{Store: s, Policy: policy, Now: now, Sources: []notify.Source{tells{}}, Mail: mailer, Site: "https://x"})
	r := jobs.Runner{Store: s, Now: now, Who: "server", Jobs: service.Jobs(), Term: 500 * time.Millisecond}
	must(t, r.Run(t.Context()))
}

// takingServer is a mail server that counts what it has taken, by subject. It answers a little later, so that whoever is killed
// meanwhile doesn't know.
type takingServer struct {
	port int
	mu   sync.Mutex
	got  map[string]int
}

func newTakingServer(t *testing.T) *takingServer {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	s := &takingServer{port: l.Addr().(*net.TCPAddr).Port, got: map[string]int{}} //nolint:forcetypeassert // it listens on TCP
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.converse(conn)
		}
	}()
	return s
}

func (s *takingServer) converse(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewScanner(conn)
	say := func(text string) { _, _ = fmt.Fprintf(conn, "%s\r\n", text) }
	say("220 here")
	for in.Scan() {
		if in.Text() != "DATA" {
			say("250 fine")
			continue
		}
		say("354 go on")
		subject := ""
		for in.Scan() && in.Text() != "." {
			if v, ok := strings.CutPrefix(in.Text(), "Subject: "); ok {
				subject = v
			}
		}
		if in.Text() != "." {
			return // whoever spoke is dead, and has not finished
		}
		s.mu.Lock()
		s.got[subject]++
		s.mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		say("250 taken")
	}
}

func (s *takingServer) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, k := range s.got {
		n += k
	}
	return n
}

// quiet tells whether all that may come twice has come.
func (s *takingServer) quiet(plain int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for subject := range s.got {
		if strings.Contains(subject, "plain") {
			n++
		}
	}
	return n == plain
}
