// Package audit keeps the log of every change: entries that are written inside the transaction that made the change,
// numbered without gaps, never overwritten. History of an asset, the change feed and all followers read from it;
// there is no other history.
//
// An entry has two parts. The leaf is canonical JSON, small and free of personal data: it is what gets hashed into the proof.
// The payload, which holds the values before and after, lies beside it and the leaf holds a keyed commitment to it,
// so that a payload can be erased later and every proof stays valid.
package audit

import (
	"maps"
	"time"

	"weir/graph"
)

// RelAbout goes from a payload to each asset whose change it holds; Valid.Since is the time of the entry.
const RelAbout graph.Rel = "ABOUT"

// Sequence is the name of the sequence that numbers the entries.
const Sequence = "audit"

// Decision tells whether what was asked was done.
type Decision string

// The decisions.
const (
	Allowed Decision = "allowed"
	Denied  Decision = "denied"
)

// Change is what happened to one field of one asset. Before and After are as a reader would write them; "" is none.
type Change struct {
	Asset  graph.ID `json:"asset"`
	Field  string   `json:"field"`
	Before string   `json:"before,omitempty"`
	After  string   `json:"after,omitempty"`
}

// Entry is what a command writes about itself. ID, Seq and At are set by Append.
type Entry struct {
	ID       graph.ID
	Seq      int64     // position in the log, from 1
	At       time.Time // UTC, microseconds
	Actor    string    // id of who acted
	Action   string    // what was done: "catalog.describe", "intake.apply"
	Target   graph.ID  // the asset in question; "" if there is no single one
	Decision Decision
	Request  string            // id of the request that asked for it
	Facts    map[string]string // by name, of ASCII, in the leaf: counts and hashes, nothing personal
	Changes  []Change          // the payload

	// Subject is the person whose data the payload holds, "" if it holds none. The payload is then sealed under a key
	// of that person, and whoever writes or reads it needs the Keys in the context: see Sealing.
	Subject graph.ID

	Erased bool // the payload is gone, or its key; Changes are empty for that reason
	Sealed bool // the payload is there, but the reader has no key to it; Changes are empty for that reason

	commitment string // to the payload
}

// record is the node of an entry; payload that of what it commits to. What stands in the leaf too is there for the lists.
type record struct {
	Leaf    []byte    `graph:"leaf"` // canonical JSON
	Payload graph.ID  `graph:"payload"`
	Seq     int64     `graph:"seq"`
	Actor   string    `graph:"actor"`
	Action  string    `graph:"action"`
	Area    string    `graph:"area"` // the action up to its first dot
	Target  graph.ID  `graph:"target"`
	At      time.Time `graph:"at"`
}

// payload is either open (Key and Body) or, with a Subject, sealed under a key of that person.
type payload struct {
	Entry   graph.ID `graph:"entry"`
	Key     []byte   `graph:"key"`  // of the commitment, 32 random bytes
	Body    []byte   `graph:"body"` // zstd of the JSON array of changes
	Subject graph.ID `graph:"subject"`
	Serial  string   `graph:"serial"` // of the subject's key
	Sealed  []byte   `graph:"sealed"` // Key and Body, encrypted
}

// position is where a follower stands.
type position struct {
	Seq int64 `graph:"at"` // the last entry that it has dealt with
}

var (
	recordType = graph.Declare[record]("Entry", graph.Spec{
		Prefix: "ent", Max: 80 << 10,
		Lists: []graph.List{
			{Sort: graph.PropSeq}, {Sort: "at"},
			{Where: []string{"actor"}, Sort: "at"}, {Where: []string{"action"}, Sort: "at"},
			{Where: []string{"area"}, Sort: "at"}, {Where: []string{"target"}, Sort: "at"},
		},
	})
	payloadType  = graph.Declare[payload]("Payload", graph.Spec{Prefix: "pay", Max: graph.MaxDocument})
	positionType = graph.Declare[position]("Position", graph.Spec{Prefix: "pos"})
)

// Schema declares what the log keeps in the store.
func Schema() graph.Schema {
	out := graph.Schema{Kinds: map[graph.Kind]graph.Spec{}, Rels: []graph.Rel{RelAbout}}
	for _, s := range []graph.Schema{
		recordType.Schema(), payloadType.Schema(), positionType.Schema(), tileType.Schema(), checkpointType.Schema(),
		standingType.Schema(), subjectType.Schema(), anchorType.Schema(),
	} {
		maps.Copy(out.Kinds, s.Kinds)
	}
	return out
}
