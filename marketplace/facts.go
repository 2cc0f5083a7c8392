package marketplace

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"weir/errs"
	"weir/graph"
	"weir/marketplace/flow"
)

// factsVersion is the version of the form in which facts are pinned.
const factsVersion = 1

// Facts are what a decision is made on: who asks for what, why, how and for how long, what the policy says of it, and what
// flows in. People are ids; names of data are as they were. A decision keeps them as canonical JSON for ever.
type Facts struct {
	Access      string            `json:"access"`
	Columns     []FactColumn      `json:"columns"`
	Days        int               `json:"days"`
	Environment string            `json:"environment"`
	Extends     graph.ID          `json:"extends,omitempty"`
	Flow        flow.Snapshot     `json:"flow"`
	Form        int               `json:"form"` // version of this form
	Holder      graph.ID          `json:"holder"`
	Item        graph.ID          `json:"item,omitempty"`
	Left        []graph.ID        `json:"left,omitempty"` // columns on offer that can't be had
	Masking     map[string]string `json:"masking,omitempty"`
	Outcome     string            `json:"outcome"`
	Purpose     string            `json:"purpose"`
	Sender      graph.ID          `json:"sender"`
	Steps       []FactStep        `json:"steps,omitempty"`
	Target      graph.ID          `json:"target"`
	Templates   []FactTemplate    `json:"templates"`
	Terms       int               `json:"terms,omitempty"`
	Title       string            `json:"title"`
	Why         string            `json:"why"`
}

// FactColumn is a column that is asked for, with the hash of all that flows into it.
type FactColumn struct {
	Flow    string   `json:"flow"`
	ID      graph.ID `json:"id"`
	Masking string   `json:"masking,omitempty"` // that it comes with
	Outcome string   `json:"outcome"`
	Path    string   `json:"path"`
}

// FactStep is a decision that is needed, and on whose behalf.
type FactStep struct {
	By      string     `json:"by"`
	For     []graph.ID `json:"for,omitempty"`
	Mode    string     `json:"mode"`
	N       int        `json:"n,omitempty"`
	Name    string     `json:"name"`
	Because []string   `json:"reasons,omitempty"`
}

// FactTemplate is a version of a template that applied.
type FactTemplate struct {
	ID      graph.ID `json:"id,omitempty"`
	Name    string   `json:"name"`
	Version int      `json:"version,omitempty"`
	Why     string   `json:"why,omitempty"`
}

// factsOf puts together what a decision about an item would be made on.
func factsOf(i Item, why string, terms int, a assessment) Facts {
	f := Facts{
		Access: i.Access, Days: i.Days, Environment: i.Environment, Extends: i.Extends, Flow: a.Flow, Form: factsVersion,
		Holder: i.Holder, Item: i.ID, Left: a.Left, Masking: a.Verdict.Masking, Outcome: string(a.outcome()), Purpose: i.Purpose,
		Sender: i.Sender, Target: i.Target, Terms: terms, Title: a.Target.Title, Why: why,
	}
	flows := a.Flow.ColumnHashes()
	for _, c := range a.Verdict.Columns {
		f.Columns = append(f.Columns, FactColumn{Flow: flows[c.Column], ID: c.Column, Masking: c.Masking,
			Outcome: string(c.Outcome), Path: c.Path})
	}
	for _, s := range a.Steps {
		fs := FactStep{By: s.By, Mode: s.Mode, N: s.N, Name: s.Name, Because: s.Because}
		for _, p := range s.Parties {
			fs.For = append(fs.For, p.For...)
		}
		slices.Sort(fs.For)
		f.Steps = append(f.Steps, fs)
	}
	for _, src := range a.Verdict.Applied {
		f.Templates = append(f.Templates, FactTemplate{ID: src.Template, Name: src.Name, Version: src.Version, Why: src.Why})
	}
	return f
}

// canonical is the one spelling of facts (RFC 8785 for what stands in them: keys in order, no space, no escapes that aren't
// needed), and its SHA-256 in hex.
func (f Facts) canonical() (text []byte, hash string, err error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(f); err != nil {
		return nil, "", errs.Wrap(err, errs.Internal, "The facts of a decision can't be written.")
	}
	text = bytes.TrimRight(buf.Bytes(), "\n")
	return text, hashOf(text), nil
}

func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// changedSince says in words what is other in f than it was in facts that somebody approved; "" if his approval still holds. It
// holds for fewer columns and fewer days, too.
func (f Facts) changedSince(was Facts) string {
	flows := map[graph.ID]FactColumn{}
	for _, c := range was.Columns {
		flows[c.ID] = c
	}
	var others []string
	for _, c := range f.Columns {
		if old, ok := flows[c.ID]; !ok || old.Flow != c.Flow || old.Masking != c.Masking {
			others = append(others, c.Path)
		}
	}
	coarse := !slices.EqualFunc(f.Flow.Coarse, was.Flow.Coarse, func(a, b flow.Coarse) bool { return a.Class == b.Class && a.Origin == b.Origin })
	switch {
	case len(others) > 0:
		return "what flows into " + strings.Join(others[:min(len(others), 5)], ", ") + " has changed"
	case coarse && len(f.Columns) == len(was.Columns):
		return "what may flow in where no columns are known has changed"
	case !slices.EqualFunc(f.Templates, was.Templates, func(a, b FactTemplate) bool { return a.ID == b.ID && a.Version == b.Version }):
		return "the policies that apply have changed"
	case f.Days > was.Days || f.Access != was.Access || f.Holder != was.Holder || f.Environment != was.Environment:
		return "what is asked for has changed"
	}
	return ""
}
