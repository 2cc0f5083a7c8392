package marketplace

import (
	"time"

	"weir/graph"
)

// Request is a basket: who asks, for whom, why, how and for how long. What is asked for stands in its items.
type Request struct {
	ID          graph.ID  `graph:",id"`
	Sender      graph.ID  `graph:"sender"` // a person, service account or agent
	Holder      graph.ID  `graph:"holder"` // who is to have it: a person, team, service account or agent
	Purpose     string    `graph:"purpose"`
	Why         string    `graph:"why"` // in the sender's words
	Access      string    `graph:"access"`
	Environment string    `graph:"environment"`
	Days        int       `graph:"days"`
	Draft       bool      `graph:"draft"`
	At          time.Time `graph:"at"`   // last touched while a draft, then sent
	Sent        time.Time `graph:"sent"` // zero: a draft
	Version     int64     `graph:",version"`
}

// Item is one thing asked for, decided for itself. What a list shows of its request stands in it again, since items are
// what lists hold; a draft may change both, nothing changes either after.
type Item struct {
	ID          graph.ID  `graph:",id"`
	Request     graph.ID  `graph:"request"`
	Target      graph.ID  `graph:"target"` // a product or dataset
	Title       string    `graph:"title"`  // of the target, when it was sent
	Domain      graph.ID  `graph:"domain"` // of the target
	Owner       graph.ID  `graph:"owner"`  // of the target: a person or team; "" if none is known here
	State       ItemState `graph:"state"`
	Sender      graph.ID  `graph:"sender"`
	Holder      graph.ID  `graph:"holder"`
	Purpose     string    `graph:"purpose"`
	Access      string    `graph:"access"`
	Environment string    `graph:"environment"`
	Days        int       `graph:"days"` // as asked, or less as approved
	Extends     graph.ID  `graph:"extends"`
	Step        int       `graph:"step"`  // index of the step that is open; of a decided one the number of its steps
	Stuck       bool      `graph:"stuck"` // nobody can decide it
	Sensitive   int       `graph:"sensitive"`
	Due         time.Time `graph:"due"` // of the open step: reminders go by it
	Reminded    int       `graph:"reminded"`
	Escalated   bool      `graph:"escalated"`
	Question    string    `graph:"question"` // that waits for the sender
	Asker       graph.ID  `graph:"asker"`    // whose question it is
	Grant       graph.ID  `graph:"grant"`
	Hash        string    `graph:"hash"` // of the facts when it was sent
	Body        []byte    `graph:"body"` // JSON of itemBody
	Sent        time.Time `graph:"sent"`
	Decided     time.Time `graph:"decided"`
	Version     int64     `graph:",version"`
}

// itemBody is what of an item is never filtered by.
type itemBody struct {
	Columns []graph.ID `json:"columns,omitempty"` // asked for, or fewer as approved; none: all that are offered
	Left    []graph.ID `json:"left,omitempty"`    // columns on offer that couldn't be had when it was sent
	Terms   int        `json:"terms,omitempty"`   // version accepted
	Steps   []Step     `json:"steps,omitempty"`
	Circle  []graph.ID `json:"circle,omitempty"` // closure of sender and holder when it was sent, sorted
	Said    []graph.ID `json:"said,omitempty"`   // who has said something of it: it stays his business, also if nobody would ask him any more
}

// Step is a decision that is needed. Steps are asked one after the other; one is met when each of its parties is.
type Step struct {
	Name    string       `json:"name"` // "Owner"
	By      string       `json:"by"`   // owner, steward, team, role, security, origin
	Mode    string       `json:"mode"` // any, all, atleast
	N       int          `json:"n,omitempty"`
	Parties []Party      `json:"parties"`
	Because []string     `json:"because,omitempty"` // why it is needed, in words
	Remind  int          `json:"remind"`            // days until a reminder, and between reminders
	Late    int          `json:"late"`              // days until it is escalated
	Done    []StepAnswer `json:"done,omitempty"`    // approvals that count
}

// Party is one side that has to agree: anybody of its keys, or with the mode "all" somebody of each of them.
type Party struct {
	Keys     []string   `json:"keys"`               // assignee keys: id of a person or team, or "role@domain"
	For      []graph.ID `json:"for,omitempty"`      // datasets or products on whose behalf
	Fallback string     `json:"fallback,omitempty"` // why it isn't the one that should decide, in words
	Nobody   bool       `json:"nobody,omitempty"`   // there is nobody who can decide
}

// StepAnswer is an approval that counts, with the keys that its giver could answer for.
type StepAnswer struct {
	By       graph.ID   `json:"by"`
	Keys     []string   `json:"keys"`
	Decision graph.ID   `json:"decision"`
	With     []graph.ID `json:"with,omitempty"` // who approved before and is tied to By: of N approvals theirs are one
}

// Turn is an item on the list of somebody who can act now. There is one for each party of its open step; the audience
// is the party's key, so that a list of one's own is a few seeks whatever waits for others.
type Turn struct {
	ID       graph.ID  `graph:",id"`
	Item     graph.ID  `graph:"item"`
	Step     int       `graph:"step"`
	Audience string    `graph:"audience"`
	Title    string    `graph:"title"`
	Sender   graph.ID  `graph:"sender"`
	Due      time.Time `graph:"due"`
	Since    time.Time `graph:"since"`
}

// Decision is what somebody said of an item, with the facts that he was shown, for ever.
type Decision struct {
	ID      graph.ID   `graph:",id"`
	Item    graph.ID   `graph:"item"`
	Request graph.ID   `graph:"request"`
	Step    int        `graph:"step"`
	By      graph.ID   `graph:"by"`  // the person; "operator" for what the policy granted at once
	For     graph.ID   `graph:"for"` // for whom he stood in; "" for himself
	Verdict ItemAction `graph:"verdict"`
	Reason  string     `graph:"reason"`
	Columns []string   `graph:"columns"` // approved less: those that stay
	Days    int        `graph:"days"`    // approved less: how long
	Facts   []byte     `graph:"facts"`   // canonical JSON of Facts
	Hash    string     `graph:"hash"`    // SHA-256 of Facts, hex
	Void    string     `graph:"void"`    // why it counts no more: what changed since; "" while it counts
	At      time.Time  `graph:"at"`
}

var (
	requestType = graph.Declare[Request]("Request", graph.Spec{
		Prefix: "req", Max: 32 << 10,
		Lists: []graph.List{{Where: []string{"sender"}, Sort: "at"}, {Where: []string{"draft"}, Sort: "at"}, {Where: []string{"sender", "draft"}, Sort: "at"}},
	})
	itemType = graph.Declare[Item]("Item", graph.Spec{
		Prefix: "itm", Max: 512 << 10,
		Text: []graph.Text{{Prop: "title", Weight: 5}, {Prop: "purpose", Weight: 1}},
		Lists: []graph.List{
			{Where: []string{"request"}},
			{Where: []string{"sender"}, Sort: "sent"}, {Where: []string{"holder"}, Sort: "sent"},
			{Where: []string{"sender", "state"}, Sort: "sent"}, {Where: []string{"holder", "state"}, Sort: "sent"},
			{Where: []string{"target"}, Sort: "sent"}, {Where: []string{"owner"}, Sort: "sent"},
			{Where: []string{"domain"}, Sort: "sent"}, {Sort: "sent"},
			{Where: []string{"state"}, Sort: "due"}, {Where: []string{"state"}, Sort: "sent"}, {Where: []string{"stuck"}, Sort: "sent"},
		},
		Facets: []string{"sender", "holder"},
	})
	turnType = graph.Declare[Turn]("Turn", graph.Spec{
		Prefix: "trn", Text: []graph.Text{{Prop: "title", Weight: 1}},
		Lists: []graph.List{{Sort: "due"}, {Sort: "since"}, {Where: []string{"item"}, Sort: "due"}},
	})
	decisionType = graph.Declare[Decision]("Decision", graph.Spec{
		Prefix: "dec", Max: 4 << 20,
		Lists: []graph.List{{Where: []string{"item"}, Sort: "at"}, {Where: []string{"by"}, Sort: "at"}},
	})
)
