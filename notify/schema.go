package notify

import (
	"maps"
	"time"

	"weir/errs"
	"weir/graph"
)

// Notification is a notice as the person finds it in the program.
type Notification struct {
	ID     graph.ID  `graph:",id"`
	Person graph.ID  `graph:"person"`
	Kind   Kind      `graph:"kind"`
	Title  string    `graph:"title"`
	Body   string    `graph:"body"`
	Link   string    `graph:"link"` // path on the site
	Urgent bool      `graph:"urgent"`
	Read   bool      `graph:"read"`
	At     time.Time `graph:"at"`   // when what it tells of happened
	Kept   time.Time `graph:"kept"` // when it was written down
}

// Mail is how much mail somebody wants.
type Mail string

// The ways to get mail. Who never chose gets it at once.
const (
	MailOnce   Mail = "once"   // each notice, at once
	MailDigest Mail = "digest" // one mail a day with what is unread; what is urgent at once
	MailOff    Mail = "off"
)

// setting is how one person wants to be told.
type setting struct {
	ID       graph.ID  `graph:",id"`
	Person   graph.ID  `graph:"person"`
	Mail     Mail      `graph:"mail"`
	Muted    []string  `graph:"muted"`    // kinds that aren't mailed
	Digested time.Time `graph:"digested"` // up to when notifications are in a digest
	Version  int64     `graph:",version"`
}

// Format is what a webhook is sent.
type Format string

// The formats.
const (
	Standard Format = "standard" // Standard Webhooks, signed
	Chat     Format = "chat"     // {"text": …}, as Slack and what is like it take it
)

// hook is the node of a webhook.
type hook struct {
	ID       graph.ID  `graph:",id"`
	Name     string    `graph:"name"`
	URL      string    `graph:"url"`
	Format   Format    `graph:"format"`
	Secret   string    `graph:"secret"` // whsec_…; of a chat ""
	Kinds    []string  `graph:"kinds"`  // none: all
	Disabled bool      `graph:"disabled"`
	Removed  bool      `graph:"removed"` // kept for the log; it has no name, no address and no secret
	Created  time.Time `graph:",created"`
	Version  int64     `graph:",version"`
}

// status is how a delivery stands.
type status string

const (
	waiting status = "pending"
	sending status = "sending" // an attempt has begun; who finds it so after its time knows that it was cut off
	sent    status = "sent"
	failed  status = "failed"
	unknown status = "unknown" // perhaps sent, and must not come twice
)

// The doors through which deliveries leave.
const (
	doorMail = "mail"
	doorHook = "webhook"
)

// delivery is one thing to be sent to one place. Its id is computed from what is told and where.
type delivery struct {
	ID       graph.ID  `graph:",id"`
	Door     string    `graph:"door"`
	State    status    `graph:"state"`
	Person   graph.ID  `graph:"person"`  // of a mail
	Notices  []string  `graph:"notices"` // of a mail: the notifications it tells of; several in a digest
	Digest   bool      `graph:"digest"`
	Hook     graph.ID  `graph:"hook"`    // of a webhook
	Payload  []byte    `graph:"payload"` // of a webhook: what is sent, or made into the text of a chat
	Kind     Kind      `graph:"kind"`    // of a digest ""
	Once     bool      `graph:"once"`
	Attempts int       `graph:"attempts"`
	Next     time.Time `graph:"next"`  // pending: when to send; sending: when that was certainly cut off
	Error    string    `graph:"error"` // of the last attempt
	Since    time.Time `graph:"since"` // when it was first due
	At       time.Time `graph:"at"`    // when what it tells of happened
	Done     time.Time `graph:"done"`  // sent, failed or unknown since
	Version  int64     `graph:",version"`
}

var (
	notificationType = graph.Declare[Notification]("Notification", graph.Spec{
		Prefix: "ntf",
		Lists: []graph.List{
			{Where: []string{"person"}, Sort: "at"}, {Where: []string{"person", "read"}, Sort: "at"},
			{Where: []string{"person", "read"}, Sort: "kept"}, {Sort: "at"},
		},
	})
	settingType = graph.Declare[setting]("NotifySetting", graph.Spec{
		Prefix: "nst", Lists: []graph.List{{Where: []string{"mail"}}},
	})
	hookType = graph.Declare[hook]("Webhook", graph.Spec{
		Prefix: "whk", Unique: []string{"name"}, Lists: []graph.List{{Where: []string{"removed"}, Sort: "name"}},
	})
	deliveryType = graph.Declare[delivery]("Delivery", graph.Spec{
		Prefix: "dlv", Max: 32 << 10,
		Lists: []graph.List{{Where: []string{"door", "state"}, Sort: "next"}, {Where: []string{"state"}, Sort: "at"}, {Where: []string{"person"}, Sort: "at"}, {Sort: "at"}},
	})
)

// relNames goes from a notification, or what is sent to a webhook, to each person whom its text names.
const relNames graph.Rel = "NAMES"

// Schema declares what is kept in the store of who is told what.
func Schema() graph.Schema {
	out := graph.Schema{Kinds: map[graph.Kind]graph.Spec{}, Rels: []graph.Rel{relNames}}
	for _, s := range []graph.Schema{notificationType.Schema(), settingType.Schema(), hookType.Schema(), deliveryType.Schema()} {
		maps.Copy(out.Kinds, s.Kinds)
	}
	return out
}

// notificationID is computed from the key, so that writing twice is one.
func notificationID(key string) graph.ID {
	return graph.ID(notificationType.Spec.Prefix + "_" + digest(key))
}

// deliveryID is computed from what is told and where.
func deliveryID(door, what string) graph.ID {
	return graph.ID(deliveryType.Spec.Prefix + "_" + digest(door, what))
}

func settingID(person graph.ID) graph.ID {
	return graph.ID(settingType.Spec.Prefix + "_" + digest(string(person)))
}

func broken(err error) error {
	return errs.Wrap(err, errs.Internal, "What is kept of notifications can't be read.")
}
