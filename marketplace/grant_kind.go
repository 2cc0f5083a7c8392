package marketplace

import (
	"time"

	"weir/graph"
)

// RelGrants goes from a grant to each dataset that it opens.
const RelGrants graph.Rel = "GRANTS"

// Grant is what somebody has: what, why, until when, by whose decision.
type Grant struct {
	ID          graph.ID   `graph:",id"`
	Item        graph.ID   `graph:"item"`    // that asked for it; unique
	Request     graph.ID   `graph:"request"` // of that item
	Target      graph.ID   `graph:"target"`
	Title       string     `graph:"title"`  // of the target
	Domain      graph.ID   `graph:"domain"` // of the target
	Owner       graph.ID   `graph:"owner"`  // of the target: a person or team
	Sender      graph.ID   `graph:"sender"` // who asked
	Holder      graph.ID   `graph:"holder"` // who has it
	Purpose     string     `graph:"purpose"`
	Access      string     `graph:"access"`
	Environment string     `graph:"environment"`
	State       GrantState `graph:"state"`
	Since       time.Time  `graph:"since"`
	Until       time.Time  `graph:"until"`
	Ended       time.Time  `graph:"ended"` // zero while it holds
	Reason      string     `graph:"reason"`
	EndedBy     graph.ID   `graph:"endedBy"`
	Renewed     graph.ID   `graph:"renewed"` // item that asks for more time
	Warned      int        `graph:"warned"`  // which of the warnings before its end was given last: 1 is the first; 0 none
	WarnAt      time.Time  `graph:"warnAt"`  // when the next warning is due; zero: none is to come
	Emergency   bool       `graph:"emergency"`
	Body        []byte     `graph:"body"` // JSON of GrantBody
	Version     int64      `graph:",version"`
	Created     time.Time  `graph:",created"`
}

// GrantBody is what of a grant is never filtered by.
type GrantBody struct {
	Parts     []Part            `json:"parts"` // datasets with the columns that are open
	Masking   map[string]string `json:"masking,omitempty"`
	Terms     int               `json:"terms,omitempty"`
	Decisions []graph.ID        `json:"decisions"`
	Extended  []Extension       `json:"extended,omitempty"`
}

// Extension is more time that was given to a grant.
type Extension struct {
	Item  graph.ID  `json:"item"` // that asked for it
	Until time.Time `json:"until"`
	At    time.Time `json:"at"`
}

// Channel is a way in which a grant reaches the system that holds the data.
type Channel string

// The channels.
const (
	Manual  Channel = "manual"  // somebody does it by hand and says so
	File    Channel = "file"    // a line in a file that a script of the company reads
	Webhook Channel = "webhook" // a signed HTTP call
)

// CommandState is where a command to the outside stands.
type CommandState string

// The states of a command. A failed one has used up its tries; somebody starts it again. A dropped one was overtaken by a later
// one for the same grant, which says all that it would have said.
const (
	CommandWaiting CommandState = "waiting"
	CommandSending CommandState = "sending"
	CommandDone    CommandState = "done"
	CommandFailed  CommandState = "failed"
	CommandDropped CommandState = "dropped"
)

// Command tells a system outside to let somebody in, or out. It is written with the change of the grant, in its
// transaction, and carried out later, at least once; its id lets the other side tell a repeated one.
type Command struct {
	ID       graph.ID     `graph:",id"`
	Grant    graph.ID     `graph:"grant"`
	Number   int64        `graph:"number"` // grows with each command of the grant
	Verb     string       `graph:"verb"`   // grant, change, revoke
	Channel  Channel      `graph:"channel"`
	State    CommandState `graph:"state"`
	Attempts int          `graph:"attempts"`
	Next     time.Time    `graph:"next"` // not before; zero: never by itself, somebody does it by hand
	Error    string       `graph:"error"`
	Body     []byte       `graph:"body"` // JSON of a Message, without the name of the holder
	At       time.Time    `graph:"at"`
	Done     time.Time    `graph:"done"`
	Version  int64        `graph:",version"`
}

// Task is something for people to do, on the list of whoever its audience names.
type Task struct {
	ID       graph.ID  `graph:",id"`
	Kind     string    `graph:"kind"`     // enforce, derived, review, undecidable
	Audience string    `graph:"audience"` // assignee key: id of a person or team, or "role@domain"
	Among    []string  `graph:"among"`    // audiences of all copies of it
	State    string    `graph:"state"`    // open, done
	Title    string    `graph:"title"`
	Text     string    `graph:"text"`
	About    graph.ID  `graph:"about"` // grant, command, item or consumer
	Grant    graph.ID  `graph:"grant"`
	Due      time.Time `graph:"due"`
	Since    time.Time `graph:"since"`
	DoneBy   graph.ID  `graph:"doneBy"`
	DoneAt   time.Time `graph:"doneAt"`
	Note     string    `graph:"note"`
	Version  int64     `graph:",version"`
}

var (
	grantType = graph.Declare[Grant]("Grant", graph.Spec{
		Prefix: "grt", Unique: []string{"item"}, Max: 256 << 10,
		Lists: []graph.List{
			{Where: []string{"holder"}, Sort: "until"}, {Where: []string{"holder", "state"}, Sort: "until"},
			{Where: []string{"sender"}, Sort: "until"}, {Where: []string{"sender", "state"}, Sort: "until"}, {Where: []string{"target"}, Sort: "until"}, {Where: []string{"target", "state"}, Sort: "until"},
			{Where: []string{"owner"}, Sort: "until"}, {Where: []string{"owner", "state"}, Sort: "until"},
			{Where: []string{"domain"}, Sort: "until"}, {Where: []string{"domain", "state"}, Sort: "until"},
			{Where: []string{"state"}, Sort: "until"}, {Sort: "until"}, {Sort: "warnAt"},
		},
	})
	commandType = graph.Declare[Command]("Command", graph.Spec{
		Prefix: "cmd", Max: 64 << 10,
		Lists: []graph.List{{Where: []string{"state"}, Sort: "next"}, {Where: []string{"grant"}, Sort: "number"}},
	})
	taskType = graph.Declare[Task]("Task", graph.Spec{
		Prefix: "tsk", Max: 16 << 10,
		Lists: []graph.List{
			{Where: []string{"state"}, Sort: "due"}, {Where: []string{"about"}, Sort: "due"}, {Where: []string{"grant"}, Sort: "due"},
			{Where: []string{"about", "state"}, Sort: "due"}, {Where: []string{"grant", "state"}, Sort: "due"},
		},
	})
)
