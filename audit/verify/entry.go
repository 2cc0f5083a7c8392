package verify

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// entries takes the entries of a part and demands that they are what the hashes say. An empty one is missing.
func (w *walk) entries(texts [][]byte) error {
	for i := range w.hashes {
		if i >= len(texts) {
			return problem(w.begin+int64(i), LeafMissing, "it is missing")
		}
		if len(texts[i]) == 0 || tlog.RecordHash(texts[i]) != w.hashes[i] {
			return w.differs(i, texts)
		}
		if err := w.entry(w.begin+int64(i), texts[i]); err != nil {
			return err
		}
	}
	if len(texts) > len(w.hashes) {
		return problem(w.begin+int64(len(w.hashes)), LeafExtra, "there are more entries than hashes from here on")
	}
	return nil
}

// differs says how an entry differs from what its hash says.
func (w *walk) differs(i int, texts [][]byte) error {
	index, text := w.begin+int64(i), texts[i]
	switch {
	case len(text) == 0 || len(texts) < len(w.hashes):
		return problem(index, LeafMissing, "it is missing")
	case len(texts) > len(w.hashes):
		return problem(index, LeafExtra, "something stands here that does not belong there")
	}
	if at := slices.Index(w.hashes, tlog.RecordHash(text)); at >= 0 {
		return problem(index, LeafMoved, "entry %d stands in its place", w.begin+int64(at)+1)
	}
	return problem(index, BadLeaf, "it is not what its hash says")
}

// entry demands that an entry is well formed, and notes what follows from it.
func (w *walk) entry(index int64, text []byte) error {
	l, err := parseLeaf(text)
	if err != nil {
		return problem(index, BadForm, "it is not an entry in canonical JSON")
	}
	if !w.fresh(l.id) {
		return problem(index, DuplicateID, "its id %s was there before", l.id)
	}
	w.clock(index, l.at)
	for _, c := range l.commitments {
		if w.bare {
			break
		}
		w.wants = append(w.wants, want{index: index, subject: l.subject, commitment: c})
	}
	if l.decision != "allowed" || !strings.HasPrefix(l.action, "audit.") {
		return nil
	}
	if err := w.speaks(index, l); err != nil {
		return blame(index, err)
	}
	return nil
}

// speaks follows an entry of the log about itself.
func (w *walk) speaks(index int64, l leaf) error {
	switch l.action {
	case "audit.key":
		from, err := l.size("from", index+1)
		if err != nil {
			return err
		}
		return w.keys.announce(Span{Key: l.facts["vkey"], From: from}, index+1)
	case "audit.key_retire":
		to, err := l.size("to", index+1)
		if err != nil {
			return err
		}
		return w.keys.retire(l.facts["vkey"], to)
	}
	return w.removed.says(index, l)
}

// blame gives a problem the index of the entry that made it.
func blame(index int64, err error) error {
	var p *Problem
	if errors.As(err, &p) && p.Index < 0 {
		return &Problem{Index: index, Reason: p.Reason, Text: p.Text}
	}
	return err
}

// fresh notes an id and tells whether it is new.
func (w *walk) fresh(id string) bool {
	_, name, _ := strings.Cut(id, "_")
	var uuid [16]byte
	if unhex(uuid[:], strings.ReplaceAll(name, "-", "")) != nil {
		if w.other[id] {
			return false
		}
		w.other[id] = true
		return true
	}
	if w.ids[uuid] {
		return false
	}
	w.ids[uuid] = true
	return true
}

const (
	lag        = 5 * time.Minute // that clocks of several servers may differ, and a transaction may wait
	maxNotices = 20
)

// clock notices when time runs backwards. It breaks nothing: numbers, not clocks, order the log.
func (w *walk) clock(index int64, at time.Time) {
	if at.Before(w.newest.Add(-lag)) {
		w.notice(fmt.Sprintf("entry %d is of %s, long before one that precedes it: a clock was wrong, or entries were written late",
			index+1, at.Format(time.RFC3339)))
	}
	if at.After(w.newest) {
		w.newest = at
	}
}

func (w *walk) notice(text string) {
	if len(w.result.Notices) < maxNotices {
		w.result.Notices = append(w.result.Notices, text)
	}
}
