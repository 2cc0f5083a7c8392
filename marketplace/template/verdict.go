package template

import "weir/graph"

// Outcome is what comes of asking.
type Outcome string

// From loosest to strictest.
const (
	AtOnce     Outcome = "at once"
	NeedsSteps Outcome = "steps"
	Impossible Outcome = "impossible"
)

// Verdict is what the templates say of a case. It is Impossible if anything asked for is: leave out what is in the way
// (see Reduce) and ask again.
type Verdict struct {
	Outcome  Outcome         `json:"outcome"`
	Refusals []Refusal       `json:"refusals,omitempty"`
	Steps    []NeededStep    `json:"steps,omitempty"` // in order; also of what is impossible, without meaning there
	Columns  []ColumnVerdict `json:"columns,omitempty"`

	MaxDays         int               `json:"maxDays"`
	Renewable       bool              `json:"renewable"`
	RenewBeforeDays int               `json:"renewBeforeDays,omitempty"` // 0: at any time
	TermsRequired   bool              `json:"termsRequired,omitempty"`
	Masking         map[string]string `json:"masking,omitempty"` // data class → masking, of all that is demanded

	// What may be asked for instead. Environments is nil where any will do; an empty list allows none.
	Purposes     []string `json:"purposes"`
	Access       []Access `json:"access"`
	Environments []string `json:"environments"`

	// DecidedBy says which templates decided an aspect, as the strictest: "who", "purpose", "access", "environment",
	// "duration", "renewal", "terms", "pre-approval", "steps.<Step.Key>", "masking.<class>". An aspect that none
	// restricts is missing.
	DecidedBy map[string][]Source `json:"decidedBy,omitempty"`
	Applied   []Source            `json:"applied"` // every template that applies; the built-in default if none does
}

// Source is a version of a template and why it applies. The built-in default has no Template.
type Source struct {
	Template graph.ID `json:"template,omitempty"`
	Version  int      `json:"version,omitempty"`
	Name     string   `json:"name"`
	Why      string   `json:"why"` // "because the domain is Care"
}

// Refusal is one reason why something can't be had: the rule and the way out.
type Refusal struct {
	Template graph.ID   `json:"template,omitempty"`
	Version  int        `json:"version,omitempty"`
	Name     string     `json:"name"`
	Field    string     `json:"field"` // who, purpose, access, environment, duration, terms, renewal, columns
	Message  string     `json:"message"`
	Fix      string     `json:"fix"`
	Columns  []graph.ID `json:"columns,omitempty"` // that it is about; none: all that is asked for
}

// NeededStep is a decision that is needed, merged from the templates that demand it to the strictest of them.
type NeededStep struct {
	Step
	Because []Source `json:"because"`
}

// ColumnVerdict is what comes of asking for one column.
type ColumnVerdict struct {
	Column  graph.ID `json:"column"`
	Path    string   `json:"path"`
	Outcome Outcome  `json:"outcome"`
	Masking string   `json:"masking,omitempty"` // the strictest for the classes that it carries; "": as it is
	// Clear are the classes that it carries and that come in clear text: owners of where they come from have to be asked.
	Clear     []string `json:"clear,omitempty"`
	Steps     []int    `json:"steps,omitempty"` // indexes into Verdict.Steps
	DecidedBy []Source `json:"decidedBy,omitempty"`
	Reason    string   `json:"reason"`
}

// Possible are the columns that are not in the way.
func (v Verdict) Possible() []graph.ID {
	return v.columns(func(o Outcome) bool { return o != Impossible })
}

func (v Verdict) columns(which func(Outcome) bool) []graph.ID {
	var out []graph.ID
	for _, c := range v.Columns {
		if which(c.Outcome) {
			out = append(out, c.Column)
		}
	}
	return out
}

// Reduce leaves out the columns that can't be had, if others can, and says what comes of the rest.
func Reduce(vs []Version, c Case) (Case, Verdict) {
	v := Evaluate(vs, c)
	out := v.columns(func(o Outcome) bool { return o == Impossible })
	if len(out) == 0 || len(out) == len(c.Columns) {
		return c, v
	}
	c = c.Without(out...)
	return c, Evaluate(vs, c)
}
