package notify_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/notify"
)

// python is an interpreter that has aiosmtpd, in an environment of its own that is kept between runs.
func python(t *testing.T) string {
	t.Helper()
	required := slices.Contains(strings.Split(os.Getenv("WEIR_TEST_REQUIRE"), ","), "aiosmtpd")
	cache, err := os.UserCacheDir()
	must(t, err)
	wanted, err := os.ReadFile("testdata/smtp/requirements.txt")
	must(t, err)
	sum := sha256.Sum256(wanted)
	dir := filepath.Join(cache, "weir-test", "aiosmtpd-"+hex.EncodeToString(sum[:8]))
	program := filepath.Join(dir, "bin", "python")
	if exec.CommandContext(t.Context(), program, "-c", "import aiosmtpd").Run() == nil {
		return program
	}
	if !required {
		t.Skip("installs a mail server from PyPI: set WEIR_TEST_REQUIRE=aiosmtpd to run it")
	}
	for _, command := range [][]string{
		{"python3", "-m", "venv", "--clear", dir},
		{program, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", "testdata/smtp/requirements.txt"},
	} {
		if out, err := exec.CommandContext(t.Context(), command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", command, err, out)
		}
	}
	return program
}

// taken is a mail as the server got it.
type taken struct {
	From    string
	To      []string
	Headers [][2]string
	Text    string
	HTML    string
	TLS     bool
	User    string
}

func (m taken) header(name string) []string {
	var out []string
	for _, h := range m.Headers {
		if strings.EqualFold(h[0], name) {
			out = append(out, h[1])
		}
	}
	return out
}

// mailServer is aiosmtpd. Its certificate is good for localhost, for whoever trusts roots.
type mailServer struct {
	port  int
	roots *x509.CertPool
	lines *bufio.Scanner
}

func startMailServer(t *testing.T, security notify.Security) *mailServer {
	t.Helper()
	program := python(t)
	cert, key, roots := certificate(t)
	run := exec.CommandContext(t.Context(), program, "testdata/smtp/server.py", string(security), cert, key, "weir", "s3cret")
	var said bytes.Buffer
	run.Stderr = &said
	in, err := run.StdinPipe()
	must(t, err)
	out, err := run.StdoutPipe()
	must(t, err)
	must(t, run.Start())
	t.Cleanup(func() {
		_ = in.Close()
		_ = run.Wait() // it may have been killed with the test's context
		if t.Failed() {
			t.Logf("the mail server says:\n%s", said.String())
		}
	})
	s := &mailServer{roots: roots, lines: bufio.NewScanner(out)}
	s.lines.Buffer(nil, 1<<20)
	var first struct{ Port int }
	s.read(t, &first)
	s.port = first.Port
	return s
}

func (s *mailServer) read(t *testing.T, into any) {
	t.Helper()
	if !s.lines.Scan() {
		t.Fatalf("the mail server says no more: %v", s.lines.Err())
	}
	must(t, json.Unmarshal(s.lines.Bytes(), into))
}

func (s *mailServer) mailer(t *testing.T, security notify.Security, change func(c *notify.SMTP)) notify.Mailer {
	t.Helper()
	c := notify.SMTP{Host: "localhost", Port: s.port, Security: security, User: "weir", Password: "s3cret",
		From: "Data catalog <catalog@example.com>", TLS: &tls.Config{RootCAs: s.roots}}
	if change != nil {
		change(&c)
	}
	m, err := notify.NewSMTP(c)
	must(t, err)
	return m
}

func certificate(t *testing.T) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	must(t, err)
	pkcs, err := x509.MarshalPKCS8PrivateKey(private)
	must(t, err)
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	must(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs}), 0o600))
	parsed, err := x509.ParseCertificate(der)
	must(t, err)
	roots = x509.NewCertPool()
	roots.AddCert(parsed)
	return cert, key, roots
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var letter = notify.Message{
	ID: "dlv_abc", To: "ann@example.com", Subject: "Jörg asks for “Orders”", Text: "Grüße.\nAll about it.\n.\nhttps://x/\n",
	HTML: "<p>All &amp; about it.</p>", Leave: "https://data.example.com/settings/notifications", At: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
}

func TestSMTP_AgainstARealServer(t *testing.T) {
	for _, security := range []notify.Security{notify.StartTLS, notify.TLS} {
		t.Run(string(security), func(t *testing.T) {
			s := startMailServer(t, security)
			must(t, s.mailer(t, security, nil).Send(t.Context(), letter))
			var got taken
			s.read(t, &got)
			if security == notify.StartTLS && !got.TLS || got.User != "weir" || got.From != "catalog@example.com" || !slices.Equal(got.To, []string{"ann@example.com"}) {
				t.Errorf("%+v", got)
			}
			for name, want := range map[string]string{
				"Subject": letter.Subject, "Message-ID": "<dlv_abc@example.com>", "List-Unsubscribe": "<" + letter.Leave + ">",
				"Auto-Submitted": "auto-generated", "Date": "Sun, 01 Mar 2026 12:00:00 +0000",
			} {
				if values := got.header(name); !slices.Equal(values, []string{want}) {
					t.Errorf("%s is %q, want %q", name, values, want)
				}
			}
			if text := strings.ReplaceAll(got.Text, "\r\n", "\n"); strings.TrimSpace(text) != strings.TrimSpace(letter.Text) {
				t.Errorf("the text is %q", got.Text)
			}
			if strings.TrimSpace(got.HTML) != letter.HTML {
				t.Errorf("the HTML is %q", got.HTML)
			}
		})
	}
}

// Names and titles come from people. They can't end a header and begin another, nor add a reader.
func TestSMTP_HeadersCannotBeInjected(t *testing.T) {
	s := startMailServer(t, notify.StartTLS)
	bad := letter
	bad.Subject = "Orders\r\nBcc: evil@example.com\r\n\r\n<script>"
	must(t, s.mailer(t, notify.StartTLS, nil).Send(t.Context(), bad))
	var got taken
	s.read(t, &got)
	if len(got.header("Bcc")) != 0 || len(got.To) != 1 || !slices.Equal(got.header("Subject"), []string{"Orders Bcc: evil@example.com <script>"}) {
		t.Errorf("%+v", got)
	}
	for _, to := range []string{"ann@example.com\r\nBcc: evil@example.com", "ann@example.com, evil@example.com", "ann@example.com>\r\nRCPT TO:<evil@example.com", ""} {
		bad := letter
		bad.To = to
		if err := s.mailer(t, notify.StartTLS, nil).Send(t.Context(), bad); err == nil {
			t.Errorf("a mail to %q is sent", to)
		}
	}
}

func TestSMTP_WhatARealServerRefuses(t *testing.T) {
	w := memory(t)
	s := startMailServer(t, notify.StartTLS)
	ann, _ := w.person("ann")
	nobody, _ := w.person("nobody")
	later, _ := w.person("later")
	w.Service = w.with(func(o *notify.Options) { o.Mail = s.mailer(t, notify.StartTLS, nil) })
	w.happens("one", nil, nobody, later, ann)
	w.works()
	got := map[string]notify.State{}
	for _, d := range w.deliveries() {
		got[map[string]string{string(ann): "ann", string(nobody): "nobody", string(later): "later"}[string(d.Person)]] = d.State
	}
	want := map[string]notify.State{"ann": notify.Sent, "nobody": notify.Failed, "later": notify.Waiting}
	for name, state := range want {
		if got[name] != state {
			t.Errorf("%s: %s, want %s", name, got[name], state)
		}
	}
	for name, change := range map[string]func(c *notify.SMTP){
		"wrong password":   func(c *notify.SMTP) { c.Password = "wrong" },
		"no trust":         func(c *notify.SMTP) { c.TLS = nil },
		"another name":     func(c *notify.SMTP) { c.Host = "127.0.0.1" },
		"nobody is there":  func(c *notify.SMTP) { c.Port = 1 },
		"TLS from byte 1":  func(c *notify.SMTP) { c.Security = notify.TLS },
		"without password": func(c *notify.SMTP) { c.User, c.Password = "", "" },
	} {
		if err := s.mailer(t, notify.StartTLS, change).Send(t.Context(), letter); err == nil {
			t.Errorf("%s: the mail is sent", name)
		}
	}
}

func TestNewSMTP_NamesWhatIsWrong(t *testing.T) {
	good := notify.SMTP{Host: "mail.example.com", Port: 587, From: "a@example.com"}
	for field, change := range map[string]func(c *notify.SMTP){
		"host": func(c *notify.SMTP) { c.Host = "" }, "port": func(c *notify.SMTP) { c.Port = 0 },
		"security": func(c *notify.SMTP) { c.Security = notify.Clear }, "password": func(c *notify.SMTP) { c.User = "x" },
		"from": func(c *notify.SMTP) { c.From = "nobody" },
	} {
		c := good
		change(&c)
		if _, err := notify.NewSMTP(c); err == nil || !strings.Contains(err.Error(), field+":") {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, host := range []string{"localhost", "127.0.0.1", "::1"} {
		c := good
		c.Host, c.Security = host, notify.Clear
		if _, err := notify.NewSMTP(c); err != nil {
			t.Errorf("in the clear to %s: %v", host, err)
		}
	}
}

// scripted is a mail server in the clear that breaks off at a step.
func scripted(t *testing.T, breakAt string) (port int) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			converse(conn, breakAt)
			_ = conn.Close()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // it listens on TCP
}

func converse(conn net.Conn, breakAt string) {
	in := bufio.NewScanner(conn)
	say := func(s string) { _, _ = fmt.Fprintf(conn, "%s\r\n", s) }
	say("220 here")
	for in.Scan() {
		verb, _, _ := strings.Cut(strings.ToUpper(in.Text()), " ")
		if verb == breakAt {
			return
		}
		if verb != "DATA" {
			say("250 fine")
			continue
		}
		say("354 go on")
		for in.Scan() && in.Text() != "." {
			continue
		}
		if breakAt == "." {
			return
		}
		if breakAt == "refuse" {
			say("554 no")
			continue
		}
		say("250 taken")
	}
}

// Where the line breaks decides whether what must not come twice may be tried again.
func TestSMTP_WhereTheLineBreaks(t *testing.T) {
	for breakAt, want := range map[string]notify.State{
		"EHLO": notify.Waiting, "MAIL": notify.Waiting, "RCPT": notify.Waiting, "DATA": notify.Waiting,
		".": notify.Unknown, "refuse": notify.Failed, "RSET": notify.Sent, "QUIT": notify.Sent, "": notify.Sent,
	} {
		t.Run("at "+breakAt, func(t *testing.T) {
			w := memory(t)
			mailer, err := notify.NewSMTP(notify.SMTP{Host: "127.0.0.1", Port: scripted(t, breakAt), Security: notify.Clear, From: "a@example.com"})
			must(t, err)
			s := w.with(func(o *notify.Options) { o.Mail = mailer })
			ann, _ := w.person("ann")
			w.happens("one", map[string]string{"once": "yes"}, ann)
			must(t, run(t.Context(), s, "notify.follow"))
			err = run(t.Context(), s, "notify.mail")
			d := w.deliveries()[0]
			if d.State != want {
				t.Errorf("%+v, %v", d, err)
			}
			if (err != nil) != (want == notify.Waiting) {
				t.Errorf("the job ends with %v", err)
			}
			if want == notify.Waiting && d.Attempts != 0 {
				t.Errorf("the server's fault is counted: %+v", d)
			}
		})
	}
}

// A server that doesn't offer TLS, or whoever stands before it and hides that it does, gets no mail.
func TestSMTP_NothingGoesInTheClear(t *testing.T) {
	mailer, err := notify.NewSMTP(notify.SMTP{Host: "127.0.0.1", Port: scripted(t, ""), From: "a@example.com"})
	must(t, err)
	if err := mailer.Send(t.Context(), letter); err == nil || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("the error is %v", err)
	}
}

// The end of the program ends a conversation with a server that has fallen silent.
func TestSMTP_EndsWithItsContext(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	asked := make(chan struct{})
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		in := bufio.NewScanner(conn)
		_, _ = fmt.Fprint(conn, "220 here\r\n")
		for in.Scan() {
			if strings.HasPrefix(in.Text(), "MAIL") {
				close(asked) // and says nothing more
				continue
			}
			_, _ = fmt.Fprint(conn, "250 fine\r\n")
		}
	}()
	mailer, err := notify.NewSMTP(notify.SMTP{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: notify.Clear, From: "a@example.com"}) //nolint:forcetypeassert // it listens on TCP
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- mailer.Send(ctx, letter) }()
	<-asked
	cancel()
	select {
	case err := <-done:
		if err == nil {
			t.Error("the mail counts as sent")
		}
	case <-time.After(10 * time.Second): // its own patience is 15
		t.Error("it goes on")
	}
}
