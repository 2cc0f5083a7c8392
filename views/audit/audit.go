// Package audit holds the pages of the log: its entries, one entry with its proof, and the checkpoints.
package audit

import (
	"weir/views/link"
	"weir/views/ui"
)

// Log is the page of the log.
type Log struct {
	State   State
	Filter  link.AuditQuery
	Actions []string // that can be chosen
	Export  bool     // the reader may take the whole log out
	Wrong   string   // what is not right about the filter; "" if all is
	Rows    []Row
	Pager   ui.Pager
}

// State is how far the log is sealed and anchored.
type State struct {
	Title  string // in one sentence: "Sealed up to entry 48,211"
	Tone   ui.Tone
	Detail string // what to do where something is wrong
	Facts  []Fact
}

// Fact is a name and a value; Code marks what is copied.
type Fact struct {
	Name  string
	Value string
	Code  bool
	When  ui.When // shown in place of Value where it is set
}

// Row is one entry in the list.
type Row struct {
	Seq    int64
	Number string
	When   ui.When
	Actor  ui.Owner
	What   string
	Target ui.Link
	Denied bool
	Sealed bool
}

// Entry is the page of one entry.
type Entry struct {
	Row
	Facts   []Fact
	Changes []Change
	Note    string // about the payload: erased, redacted, none
	Leaf    string // exactly the bytes that are hashed
	Proof   *Proof // nil: not sealed yet
	Checked *Check // nil: not asked for
}

// Change is one field before and after.
type Change struct {
	Asset         ui.Link
	Field         string
	Before, After string
}

// Proof is the way from the entry to a signed root.
type Proof struct {
	Index      string
	Size       string
	LeafHash   string
	Hashes     []string // neighbours, from the leaf up
	Root       string
	Checkpoint string // the signed note
}

// Check is what came of checking the proof.
type Check struct {
	Holds bool
	Text  string
}

// Checkpoints is the page of signed checkpoints and anchors.
type Checkpoints struct {
	State   State
	Key     string // the verifier's key
	Latest  string // the signed note
	Rows    []CheckpointRow
	Anchors []Anchor
	Pager   ui.Pager
}

// CheckpointRow is one signed checkpoint.
type CheckpointRow struct {
	Size string
	Root string
	When ui.When
}

// Anchor is a place outside that checkpoints are sent to.
type Anchor struct {
	Name  string
	Size  string
	When  ui.When
	Error string // why the last attempt failed; "" if it did not
}
