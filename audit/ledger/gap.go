package ledger

import (
	"bytes"
	"encoding/json"
	"strconv"

	"weir/audit"
)

// gaps keeps which payloads are missing and which entries explain that, to know whether to read on.
type gaps struct {
	missing []gap
	erased  map[string]int64 // by subject, the last entry
	redact  map[int64]bool   // by index
	pruned  int64
	given   bool // up: nothing explains what is left
}

type gap struct {
	index   int64
	subject string
}

func newGaps(pruned int64) gaps {
	return gaps{erased: map[string]int64{}, redact: map[int64]bool{}, pruned: pruned}
}

// see looks at an entry.
func (g *gaps) see(index int64, leaf []byte, state audit.PayloadState) {
	missing := state == audit.PayloadErased || state == audit.PayloadMissing
	if !missing && !bytes.HasPrefix(leaf, []byte(`{"action":"audit.`)) {
		return
	}
	var l struct {
		Action  string            `json:"action"`
		Facts   map[string]string `json:"facts"`
		Subject string            `json:"subject"`
	}
	if json.Unmarshal(leaf, &l) != nil {
		return // the verifier says so
	}
	if missing {
		g.missing = append(g.missing, gap{index, l.Subject})
	}
	switch l.Action {
	case audit.ActionErase:
		g.erased[l.Facts["subject"]] = index
	case audit.ActionRedact:
		if seq, err := strconv.ParseInt(l.Facts["seq"], 10, 64); err == nil {
			g.redact[seq-1] = true
		}
	case audit.ActionPrune:
		if to, err := strconv.ParseInt(l.Facts["min_index"], 10, 64); err == nil {
			g.pruned = max(g.pruned, to)
		}
	}
}

// explained tells whether entries that were seen say why all that is missing is, or nothing ever will.
func (g *gaps) explained() bool {
	for _, m := range g.missing {
		by, erased := g.erased[m.subject]
		if m.index >= g.pruned && !g.redact[m.index] && !(erased && m.subject != "" && by > m.index) {
			return g.given
		}
	}
	return true
}
