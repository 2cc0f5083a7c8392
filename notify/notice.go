// Package notify tells people what they have to know: in the program, by mail, and in chats and other programs by webhooks.
//
// It follows the audit log. A Source makes notices of entries; the follower keeps each as a Notification and, as the person's
// settings and the webhooks say, as Deliveries; jobs then send those. Every step can be cut off at any moment and done
// again: the ids of all that is kept are computed from the notice's Key, so nothing is lost and nothing comes twice. What lies
// outside, a mail server or a webhook, is told the same Message-ID or webhook-id each time.
package notify

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"weir/audit"
	"weir/errs"
	"weir/graph"
)

// Kind is what a notice is about. People choose by it what is mailed, administrators what goes to a webhook.
type Kind string

// The kinds of notices.
const (
	Decide   Kind = "decide"   // you have to decide
	Reminder Kind = "reminder" // you still have to decide, or it went on to others
	Question Kind = "question" // somebody asks, or answers, about a request
	Decided  Kind = "decided"  // a request of yours was decided
	Granted  Kind = "granted"  // a grant of yours begins, failed, was revoked or handed back
	Expiring Kind = "expiring" // a grant of yours ends soon, or has ended
	Review   Kind = "review"   // grants are to be looked through again
	Confirm  Kind = "confirm"  // an act of somebody waits for a second person
	Task     Kind = "task"     // something is to be done by hand
	Alarm    Kind = "alarm"    // break-glass, and what else must not be overlooked
)

// Kinds are all kinds with what they mean, in the order in which settings show them.
var Kinds = []struct {
	Kind    Kind
	Meaning string
}{
	{Decide, "A request waits for your decision"},
	{Reminder, "A decision of yours is due or late"},
	{Question, "Somebody asks or answers about a request"},
	{Decided, "A request of yours is decided"},
	{Granted, "A grant of yours begins, fails or is revoked"},
	{Expiring, "A grant of yours ends soon"},
	{Review, "Grants are to be looked through again"},
	{Confirm, "An act waits for a second person"},
	{Task, "Something is to be done by hand"},
	{Alarm, "Emergency access and other alarms"},
}

// Known tells whether k is one of Kinds.
func (k Kind) Known() bool {
	return slices.ContainsFunc(Kinds, func(x struct {
		Kind    Kind
		Meaning string
	}) bool {
		return x.Kind == k
	})
}

// The limits of a notice, in bytes. What is longer is cut where a character ends.
const (
	MaxTitle = 300
	MaxBody  = 4_000
	MaxLink  = 1_000
	maxKey   = 1_000
)

// Notice tells one person one thing.
type Notice struct {
	Key   string   // unique for what happened and the person; the same each time the same entry is looked at
	Event string   // what happened: the same for all who are told of it in the same words, since webhooks are told once; "": Key
	To    graph.ID // the person
	Kind  Kind
	Title string // one line
	Body  string // plain text with all there is to know: who asks, what, why, for how long, who has to act and by when
	Link  string // path on the site, from its "/"
	At    time.Time
	Names []graph.ID // whom title and body name: when somebody is erased, what names him is deleted
	// Urgent is mailed at once to whoever wants any mail, and whatever kinds he has switched off.
	Urgent bool
	// Once must not come twice: where it isn't known whether it was sent, it isn't sent again.
	Once bool
}

// Source makes notices of entries. It is asked about the same entries again after a crash, and has to answer with the same
// keys. Entries come in their order, refused attempts among them.
type Source interface {
	Notices(ctx context.Context, entries []audit.Entry) ([]Notice, error)
}

// event is what webhooks are told once.
func (n Notice) event() string {
	if n.Event == "" {
		return n.Key
	}
	return n.Event
}

// check refuses what a Source must not make, and cuts what is too long.
func (n *Notice) check() error {
	switch {
	case n.Key == "" || len(n.Key) > maxKey || len(n.Event) > maxKey:
		return errs.Ef(errs.Internal, "A notice of kind %s has no key, or too long a key.", n.Kind)
	case !n.Kind.Known():
		return errs.Ef(errs.Internal, "%q is no kind of notice.", n.Kind)
	case !strings.HasPrefix(n.Link, "/") || strings.HasPrefix(n.Link, "//") || len(n.Link) > MaxLink:
		return errs.Ef(errs.Internal, "A notice of kind %s has no link into the site.", n.Kind)
	}
	n.Title, n.Body = cut(line(n.Title), MaxTitle), cut(text(n.Body), MaxBody)
	n.At = graph.Time(n.At)
	return nil
}

// line makes one line of a text: names come from people and from outside.
func line(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "�"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
}

// text keeps line breaks and drops other control characters.
func text(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�")))
}

// cut cuts a text to so many bytes, where a character ends, and shows that it did.
func cut(s string, most int) string {
	const more = "…"
	if len(s) <= most {
		return s
	}
	n := most - len(more)
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + more
}

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// digest is 130 bits of the hash of parts, which hold no NUL.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return base32Lower.EncodeToString(sum[:])[:26]
}
