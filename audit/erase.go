package audit

import (
	"context"
	"strconv"
	"time"

	"weir/errs"
	"weir/graph"
)

// The actions of the log about itself. A verifier demands them for what is missing.
const (
	ActionErase  = "audit.erase"      // facts: subject, basis
	ActionRedact = "audit.redact"     // facts: seq, field, basis
	ActionPrune  = "audit.prune"      // facts: min_index, archive_digest, basis
	ActionKey    = "audit.key"        // facts: vkey, from
	ActionRetire = "audit.key_retire" // facts: vkey, to
)

// about makes an entry of the log about itself; by says who asked.
func about(by Entry, action string, target graph.ID, facts map[string]string) Entry {
	return Entry{Actor: by.Actor, Request: by.Request, Action: action, Target: target, Decision: Allowed, Facts: facts}
}

// Erase deletes the key of a person, which makes every payload sealed for them unreadable for ever, and writes the entry
// that says so. Leaves and proofs stay as they are. by gives Actor and Request; basis says why and must name nobody, for it
// stands in the leaf. Authorizing is the caller's. Errors: Invalid without subject or basis; NotFound if nothing is sealed for
// that id: whoever mistypes it must not believe that somebody is erased.
func Erase(ctx context.Context, tx graph.Tx, now time.Time, by Entry, subject graph.ID, basis string) error {
	if !graph.ValidID(subject) {
		return errs.Bad("subject", "is not an id.")
	}
	if basis == "" {
		return errs.Bad("basis", "must say why.")
	}
	key := subjectID(subject)
	keys, err := tx.Nodes(ctx, key)
	if err != nil {
		return err
	}
	if keys[key].ID == "" {
		return errs.E(errs.NotFound, "The log holds nothing that is sealed for this id, or no longer.")
	}
	if err := tx.Delete(ctx, key); err != nil {
		return err
	}
	return Append(ctx, tx, now, about(by, ActionErase, subject, map[string]string{"subject": string(subject), "basis": basis}))
}

// FieldChanges is what can be redacted of an entry: all its changes.
const FieldChanges = "changes"

// Redact deletes the payload of one entry, and writes the entry that says so. Authorizing is the caller's. Errors: NotFound if
// there is no such entry, Conflict if it has no payload, Invalid for another field than FieldChanges or no basis.
func Redact(ctx context.Context, tx graph.Tx, now time.Time, by Entry, seq int64, field, basis string) error {
	if field != FieldChanges {
		return errs.Badf("field", "must be %q.", FieldChanges)
	}
	if basis == "" {
		return errs.Bad("basis", "must say why.")
	}
	n, err := nodeAt(ctx, tx, seq)
	if err != nil {
		return err
	}
	r, _, err := readLeaf(n)
	if err != nil {
		return err
	}
	payloads, err := tx.Nodes(ctx, ids(r.Payload)...)
	if err != nil {
		return err
	}
	if len(payloads) == 0 {
		return errs.E(errs.Conflict, "This entry has nothing that could be redacted.")
	}
	if err := tx.Delete(ctx, r.Payload); err != nil {
		return err
	}
	facts := map[string]string{"seq": strconv.FormatInt(seq, 10), "field": field, "basis": basis}
	return Append(ctx, tx, now, about(by, ActionRedact, n.ID, facts))
}

// ids leaves out an empty id.
func ids(id graph.ID) []graph.ID {
	if id == "" {
		return nil
	}
	return []graph.ID{id}
}

// nodeAt is the node of an entry; NotFound if there is none, or no more.
func nodeAt(ctx context.Context, r graph.Reader, seq int64) (graph.Node, error) {
	if seq >= 1 {
		nodes, err := following(ctx, r, seq-1, 1)
		if err != nil {
			return graph.Node{}, err
		}
		if len(nodes) == 1 && number(nodes[0]) == seq {
			return nodes[0], nil
		}
	}
	return graph.Node{}, errs.E(errs.NotFound, "There is no such entry.")
}
