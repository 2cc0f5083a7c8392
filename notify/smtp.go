package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"weir/errs"
)

// Security is how the way to the mail server is protected.
type Security string

// The ways to be protected.
const (
	StartTLS Security = "starttls" // begins in the clear and goes on only with TLS
	TLS      Security = "tls"      // from the first byte
	Clear    Security = "none"     // to this machine alone
)

// SMTP says where mail is handed in.
type SMTP struct {
	Host     string
	Port     int
	Security Security // "": StartTLS
	User     string   // "": without a password
	Password string
	From     string      // "Data catalog <catalog@example.com>", or the address alone
	TLS      *tls.Config // nil: the system's certificates, the name of Host
}

// smtpTime is what connecting, and then handing in, may take.
const smtpTime = 15 * time.Second

type smtpMailer struct {
	SMTP
	host string // of From, for the ids of mails
}

// NewSMTP makes a Mailer. Errors: Invalid, with the fields named as in SMTP, in lower case.
func NewSMTP(c SMTP) (Mailer, error) {
	if c.Security == "" {
		c.Security = StartTLS
	}
	var bad []errs.Field
	add := func(name, message string) { bad = append(bad, errs.Field{Name: name, Message: message}) }
	if c.Host == "" || strings.ContainsAny(c.Host, " /:@") && net.ParseIP(c.Host) == nil {
		add("host", "is not the name of a server.")
	}
	if c.Port < 1 || c.Port > 65535 {
		add("port", "is not between 1 and 65535.")
	}
	switch {
	case c.Security != StartTLS && c.Security != TLS && c.Security != Clear:
		add("security", "is none of starttls, tls and none.")
	case c.Security == Clear && !loopback(c.Host):
		add("security", "may be none only for a server on this machine: mail must not cross a network in the clear.")
	}
	if (c.User == "") != (c.Password == "") {
		add("password", "and user go together.")
	}
	from := gomail.NewMsg()
	if err := from.From(c.From); err != nil {
		add("from", "is not an e-mail address.")
	}
	if len(bad) > 0 {
		return nil, errs.Fields(bad)
	}
	address := from.GetFrom()[0].Address
	return &smtpMailer{SMTP: c, host: address[strings.LastIndexByte(address, '@')+1:]}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send hands in one mail over a connection of its own.
func (s *smtpMailer) Send(ctx context.Context, m Message) error {
	msg, err := s.build(m)
	if err != nil {
		return &trouble{why: "The mail can't be written: an address or a header is not right.", cause: err, final: true}
	}
	client, err := gomail.NewClient(s.Host, s.options()...)
	if err != nil {
		return &trouble{why: "The settings of the mail server are not right.", cause: err, door: true}
	}
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return &trouble{why: "The mail server can't be reached, or refuses to let this program in.", cause: err, door: true}
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Text.Close() }) // the library looks at ctx no more
	defer stop()
	err = client.SendWithSMTPClient(conn, msg)
	// Whether the server says goodbye well changes nothing of what it has taken.
	_ = client.CloseWithSMTPClient(conn)
	if msg.IsDelivered() {
		return nil
	}
	return mailTrouble(err)
}

// mailTrouble tells whether a mail may have been taken, and whether another try can help.
func mailTrouble(err error) error {
	var e *gomail.SendError
	if err == nil || !errors.As(err, &e) {
		return &trouble{why: "The mail server does not answer as it should.", cause: err, doubt: true}
	}
	code := e.ErrorCode()
	t := &trouble{cause: err, why: "The mail server does not answer."}
	if code > 0 {
		t.why = fmt.Sprintf("The mail server refuses with code %d.", code)
		// What it says to the sender, and that it is closing, has nothing to do with this mail.
		t.door = e.Reason == gomail.ErrSMTPMailFrom || code == 421
		t.final = code/100 == 5 && !t.door
		return t
	}
	// Until the last dot was sent the server has nothing; after it only its answer could tell.
	t.doubt = e.Reason == gomail.ErrSMTPDataClose || e.Reason == gomail.ErrAmbiguous
	t.door = !t.doubt
	return t
}

func (s *smtpMailer) config() *tls.Config {
	c := s.TLS.Clone()
	if c == nil {
		c = &tls.Config{}
	}
	if c.ServerName == "" {
		c.ServerName = s.Host
	}
	c.MinVersion = max(c.MinVersion, tls.VersionTLS12)
	return c
}

func (s *smtpMailer) options() []gomail.Option {
	out := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(smtpTime), gomail.WithTLSConfig(s.config()), gomail.WithHELO(s.host),
	}
	switch s.Security {
	case StartTLS:
		out = append(out, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case TLS:
		out = append(out, gomail.WithSSL())
	case Clear:
		out = append(out, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.User != "" {
		out = append(out, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	return out
}

// build writes the message. What people chose, names and titles, is checked and encoded by the library and can't end a header.
func (s *smtpMailer) build(m Message) (*gomail.Msg, error) {
	msg := gomail.NewMsg()
	if err := msg.From(s.From); err != nil {
		return nil, err
	}
	if err := msg.To(m.To); err != nil {
		return nil, err
	}
	msg.Subject(line(m.Subject))
	msg.SetDateWithValue(m.At)
	msg.SetMessageIDWithValue(m.ID + "@" + s.host)
	msg.SetGenHeader(gomail.Header("Auto-Submitted"), "auto-generated")
	msg.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+m.Leave+">")
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return msg, nil
}

// Place is where mail is handed in, for pages and logs: without who and with what password.
func (c SMTP) Place() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }
