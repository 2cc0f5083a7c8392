// Package template says what a policy template is and puts several together: who may ask for data, what for, who has to
// decide, what comes masked and for how long. It reads nothing and writes nothing.
//
// Of several templates that apply to one thing the strictest wins, aspect by aspect, and the verdict names the one that
// decided each. Every template makes its demands from its own text and the case alone, never from what another says: so
// one more template can only add demands, and their order is of no meaning.
package template

import (
	"weir/catalog"
	"weir/graph"
)

// Body is what one version of a template says.
type Body struct {
	Title        string            `json:"title"`
	Summary      string            `json:"summary,omitempty"` // one sentence for lists
	Text         string            `json:"text,omitempty"`    // why it is so, for whoever asks
	Applies      Scope             `json:"applies"`
	Who          Who               `json:"who"`
	Purposes     []string          `json:"purposes,omitempty"`     // keys of Purposes that are allowed; none: all
	Access       []Access          `json:"access"`                 // what may be asked for; at least one
	Environments []string          `json:"environments,omitempty"` // where it may be used; none: anywhere
	PreApproved  *Condition        `json:"preApproved,omitempty"`  // granted at once where it holds; nil: never
	Steps        []Step            `json:"steps,omitempty"`        // who decides otherwise; none: any one owner
	Masking      map[string]string `json:"masking,omitempty"`      // data class → the weakest masking that will do (see Maskings)
	MaxDays      int               `json:"maxDays"`                // longest duration, 1 to 3650 days
	Renewable    bool              `json:"renewable"`
	// RenewBeforeDays is from how many days before its end a grant may be renewed; 0: at any time.
	RenewBeforeDays int  `json:"renewBeforeDays,omitempty"`
	TermsRequired   bool `json:"termsRequired,omitempty"` // the terms of use have to be accepted
}

// Scope is what a template applies to: to all that is in one of its lists, or attached by hand (Case.Attached).
// With all lists empty it applies only where it is attached. ForKinds and ForAccess narrow that down further.
type Scope struct {
	Everything bool                     `json:"everything,omitempty"`
	Products   []graph.ID               `json:"products,omitempty"`
	Datasets   []graph.ID               `json:"datasets,omitempty"` // bears on the columns of these alone
	Domains    []graph.ID               `json:"domains,omitempty"`
	Levels     []catalog.Classification `json:"levels,omitempty"`
	Classes    []string                 `json:"classes,omitempty"` // data classes; bears on the columns that carry one alone

	ForKinds  []Kind   `json:"forKinds,omitempty"`  // only where one of these will use it; none: whoever does
	ForAccess []Access `json:"forAccess,omitempty"` // only where one of these is asked for; none: whatever is
}

// Who is who may ask. With Roles and Teams both given, one of either is enough.
type Who struct {
	Roles    []string   `json:"roles,omitempty"` // any of them, held in the data's domain or everywhere
	Teams    []graph.ID `json:"teams,omitempty"` // any of them
	People   bool       `json:"people"`          // people, and teams of people
	Services bool       `json:"services"`
	Agents   bool       `json:"agents"`
}

// Condition is when something is granted at once: when all of it holds.
type Condition struct {
	Access     []Access `json:"access,omitempty"`   // none: each that the template allows
	Purposes   []string `json:"purposes,omitempty"` // none: each that the template allows
	Kinds      []Kind   `json:"kinds,omitempty"`    // none: whoever uses it
	Roles      []string `json:"roles,omitempty"`    // any of them; none: no role is needed
	MaxDays    int      `json:"maxDays,omitempty"`  // 0: as long as the template allows
	NoUnmasked bool     `json:"noUnmasked,omitempty"`
}

// Step is one decision that is needed.
type Step struct {
	Name string   `json:"name"`
	By   By       `json:"by"`
	Team graph.ID `json:"team,omitempty"` // of ByTeam
	Role string   `json:"role,omitempty"` // of ByRole
	Mode Mode     `json:"mode"`
	N    int      `json:"n,omitempty"` // of AtLeast: how many

	RemindAfterDays   int `json:"remindAfterDays,omitempty"`   // 0: as the program does
	EscalateAfterDays int `json:"escalateAfterDays,omitempty"` // 0: as the program does
}

// Key tells steps apart that different people decide: "owner", "team:tea_…", "role:auditor".
func (s Step) Key() string {
	switch s.By {
	case ByTeam:
		return string(ByTeam) + ":" + string(s.Team)
	case ByRole:
		return string(ByRole) + ":" + s.Role
	default:
		return string(s.By)
	}
}

// Version is one version of a template in force.
type Version struct {
	Template graph.ID `json:"template"`
	Number   int      `json:"number"` // 1 is the first
	Name     string   `json:"name"`   // how refusals and pages call it
	Body     Body     `json:"body"`
}
