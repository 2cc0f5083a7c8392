// Package verify checks what Weir's audit log says, without Weir, without a network and without trust in whoever hands
// it over: a bundle (the exported log), a proof of one entry, checkpoints, or the log of a running server.
//
// It stands on the standard library and golang.org/x/mod/sumdb alone and is meant to be read: archive.go is the
// form of a bundle, walk.go what is demanded of a log, key.go and checkpoint.go who may sign for it.
package verify

import (
	"errors"
	"fmt"
)

// Reason says in one stable word what is wrong; Result.Message says it in a sentence.
type Reason string

// The reasons.
const (
	BadArchive     Reason = "archive"         // the bundle is cut, or is not in the form in which bundles are written
	BadReadme      Reason = "readme"          // its README is not that of the format
	BadOrder       Reason = "order"           // a file is missing, there twice, or not where it belongs
	TooLarge       Reason = "limit"           // something is larger than the format allows
	BadKey         Reason = "key"             // a key is not one that may sign, or was not announced in the log
	BadNote        Reason = "note"            // a checkpoint is not in the form of one
	BadSignature   Reason = "signature"       // a checkpoint is not signed by the keys that have to
	BadWitness     Reason = "witness"         // no checkpoint is signed by the witnesses that were given
	BadOrigin      Reason = "origin"          // a checkpoint is of another log
	BadRoot        Reason = "root"            // the entries are not those that were signed
	Forked         Reason = "fork"            // a checkpoint that is known from before is not of this history
	RolledBack     Reason = "rollback"        // the log is shorter than a checkpoint that is known from before
	Cut            Reason = "cut"             // entries that a checkpoint counts are missing at the end
	BadHash        Reason = "hash"            // the hash of an entry can't be read
	BadLeaf        Reason = "leaf"            // an entry is not what its hash says
	LeafMissing    Reason = "leaf_missing"    // an entry is missing
	BadForm        Reason = "form"            // an entry is not canonical JSON, or not an entry
	LeafExtra      Reason = "leaf_extra"      // an entry that does not belong there
	LeafMoved      Reason = "leaf_moved"      // an entry stands in the place of another
	DuplicateID    Reason = "duplicate"       // two entries have the same id
	BadPayload     Reason = "payload"         // a payload is not what its entry committed to
	PayloadMissing Reason = "payload_missing" // a payload is missing and no entry says why
	PayloadExtra   Reason = "payload_extra"   // a payload that no entry committed to, or there twice
	PayloadKept    Reason = "payload_kept"    // a payload is there although the log says that it was erased
	BadPrune       Reason = "prune"           // entries are missing at the beginning and no entry says why
	BadProof       Reason = "proof"           // the proof does not lead from the entry to the checkpoint
	BadTile        Reason = "tile"            // the tree that is kept is not what the entries make it
	BadRecord      Reason = "record"          // the store keeps other words beside an entry than it says
	BadStore       Reason = "store"           // what the store keeps of the log can't be read
)

// Result is what a check found.
type Result struct {
	OK      bool   `json:"ok"`
	What    string `json:"what"`              // what was checked: bundle, proof, checkpoint, checkpoints or log
	Origin  string `json:"origin,omitempty"`  // name of the log
	Size    int64  `json:"size"`              // entries that the latest checkpoint counts
	Root    string `json:"root,omitempty"`    // its root hash in base64
	Broken  int64  `json:"broken"`            // index of the first entry that does not hold, from 0; -1 if none is to blame
	Reason  Reason `json:"reason,omitempty"`  // empty if all holds
	Message string `json:"message,omitempty"` // the reason in a sentence

	Pinned      bool     `json:"pinned"`                // the key was given by whoever asked, not taken from the bundle
	Keys        []string `json:"keys,omitempty"`        // the verifier keys that signed
	Witnessed   int64    `json:"witnessed,omitempty"`   // entries under the last checkpoint that all given witnesses signed
	Checkpoints int      `json:"checkpoints,omitempty"` // signed checkpoints that hold
	Payloads    int64    `json:"payloads"`              // payloads that are what their entries committed to
	Erased      int64    `json:"erased"`                // payloads that are missing as a subject's data was erased on request
	Redacted    int64    `json:"redacted"`              // payloads that were redacted
	Pruned      int64    `json:"pruned"`                // entries that retention removed
	Notices     []string `json:"notices,omitempty"`     // what does not break the proof but should be known
}

// Problem is a check that failed; its Index is -1 if no entry is to blame.
type Problem struct {
	Index  int64
	Reason Reason
	Text   string
}

// Error is the text of the problem, with the number of the entry as people count them.
func (p *Problem) Error() string {
	if p.Index < 0 {
		return p.Text
	}
	return fmt.Sprintf("entry %d (index %d): %s", p.Index+1, p.Index, p.Text)
}

func problem(index int64, why Reason, format string, args ...any) error {
	return &Problem{Index: index, Reason: why, Text: fmt.Sprintf(format, args...)}
}

// settle makes a result of how a check ended: a Problem is an answer, any other error means that there is none.
func settle(r Result, err error) (Result, error) {
	var p *Problem
	switch {
	case err == nil:
		r.OK, r.Broken = true, -1
		return r, nil
	case errors.As(err, &p):
		r.OK, r.Broken, r.Reason, r.Message = false, p.Index, p.Reason, p.Error()
		return r, nil
	}
	return Result{What: r.What, Broken: -1}, err
}
