package verify

import (
	"strconv"
	"strings"
)

// removal keeps what is missing of a log and what its entries say about that. A payload may be missing only if a later entry
// erased its subject's data, redacted it, or let retention take it; and what an entry says is gone has to be gone.
type removal struct {
	missing []want
	present map[string]int64 // by subject, the first of whose payloads that are there
	held    int64            // payloads that are there

	erasures   map[string]int64 // by subject, the last entry that erased it
	redactions []redaction
	prunedTo   int64 // what the last prune entry allows to be gone

	gone                     int64 // entries that are missing at the beginning
	erased, redacted, pruned int64
}

// redaction is what an entry says of one payload.
type redaction struct {
	by, index int64
	field     string
}

func newRemoval() removal {
	return removal{present: map[string]int64{}, erasures: map[string]int64{}}
}

// says notes an entry that lets something be missing.
func (r *removal) says(index int64, l leaf) error {
	switch l.action {
	case "audit.erase":
		r.erasures[l.facts["subject"]] = index
	case "audit.redact":
		seq, err := strconv.ParseInt(l.facts["seq"], 10, 64)
		if err != nil || seq < 1 || seq > index {
			return problem(index, BadForm, "it redacts an entry that does not precede it")
		}
		r.redactions = append(r.redactions, redaction{index, seq - 1, l.facts["field"]})
	case "audit.prune":
		to, err := strconv.ParseInt(l.facts["min_index"], 10, 64)
		if err != nil || to <= r.prunedTo || to > index {
			return problem(index, BadPrune, "it prunes entries that do not precede it, or fewer than were pruned before")
		}
		r.prunedTo = to
	}
	return nil
}

// part notes what is there and what is missing of a part of so many entries.
func (r *removal) part(wants []want, begin int64, pruned bool, entries int64) error {
	if pruned {
		if r.gone != begin {
			return problem(begin, LeafMissing, "it is missing, although entries before it are there")
		}
		r.gone += entries
		return nil
	}
	for _, w := range wants {
		if !w.met {
			r.missing = append(r.missing, w)
			continue
		}
		r.held++
		if w.subject == "" {
			continue
		}
		if _, there := r.present[w.subject]; !there {
			r.present[w.subject] = w.index
		}
	}
	return nil
}

// finish demands that all that is missing is accounted for, and nothing else.
func (r *removal) finish() error {
	if r.gone > r.prunedTo {
		return problem(r.prunedTo, BadPrune, "it is missing at the beginning of the log, and no entry says that it was pruned")
	}
	r.pruned = r.gone
	redacted := map[string]bool{}
	for _, d := range r.redactions {
		redacted[place(d.index, d.field)] = true
	}
	missing := map[string]bool{}
	for _, w := range r.missing {
		missing[place(w.index, w.field)] = true
		by, erased := r.erasures[w.subject]
		switch {
		case redacted[place(w.index, w.field)]:
			r.redacted++
		case w.subject != "" && erased && by > w.index:
			r.erased++
		case w.index >= r.prunedTo:
			return problem(w.index, PayloadMissing, "its payload is missing, and no entry says that it was erased, redacted or pruned")
		}
	}
	return r.kept(missing)
}

// kept demands that what entries say is gone is not there.
func (r *removal) kept(missing map[string]bool) error {
	for _, d := range r.redactions {
		if d.index >= r.gone && !missing[place(d.index, d.field)] {
			return problem(d.index, PayloadKept, "its payload is there, although entry %d redacted it", d.by+1)
		}
	}
	for subject, by := range r.erasures {
		if first, there := r.present[subject]; there && first < by {
			return problem(first, PayloadKept, "its payload is there, although entry %d erased it", by+1)
		}
	}
	return nil
}

// place names a payload.
func place(index int64, field string) string {
	return strings.Join([]string{strconv.FormatInt(index, 10), field}, " ")
}
