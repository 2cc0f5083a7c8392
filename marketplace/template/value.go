package template

// Access is what is asked for.
type Access string

// The kinds of access, each opening more than the one before.
const (
	Metadata Access = "metadata" // what is known about the data, no values
	Masked   Access = "masked"   // reading, with sensitive columns masked
	Read     Access = "read"     // reading, in clear text where nothing demands masking
	Export   Access = "export"   // taking a copy out
)

// Accesses are all kinds of access.
var Accesses = []Access{Metadata, Masked, Read, Export}

// Kind is what will use the data.
type Kind string

// The kinds of users.
const (
	Person  Kind = "person"
	Team    Kind = "team"
	Service Kind = "service"
	Agent   Kind = "agent"
)

// Kinds are all kinds of users.
var Kinds = []Kind{Person, Team, Service, Agent}

// By is who decides a step.
type By string

// Who decides, in the order in which steps are asked.
const (
	ByOwner    By = "owner"
	BySteward  By = "steward"
	ByTeam     By = "team" // members of Step.Team
	ByRole     By = "role" // holders of Step.Role in the data's domain or everywhere
	BySecurity By = "security"
)

// Bys are all that may decide, in their order.
var Bys = []By{ByOwner, BySteward, ByTeam, ByRole, BySecurity}

// Mode is how many of those who may decide a step have to approve.
type Mode string

// From weakest to strictest.
const (
	Any     Mode = "any"
	AtLeast Mode = "atleast" // Step.N of them
	All     Mode = "all"
)

// The maskings that a template may demand.
const (
	Partial    = "partial"    // a part of the value stays, such as the last four digits
	Generalise = "generalise" // a coarser value, such as the year of a birth date
	Hash       = "hash"       // a keyed pseudonym: joins still work, nothing can be read
	Redact     = "redact"     // nothing is left
	Deny       = "deny"       // the column can't be had at all
)

// Maskings are all maskings, from the weakest to the strictest. Of several demands for one class the strictest wins.
// In masked access a template that says nothing about a class demands Hash.
var Maskings = []string{Partial, Generalise, Hash, Redact, Deny}

// Environments are the places of use that come with the program; a template may name others.
var Environments = []string{"production", "staging", "development", "notebook", "local"}

// Purpose is what data is asked for.
type Purpose struct {
	Key   string
	Title string
}

// Purposes are what data may be asked for, in the order of forms.
var Purposes = []Purpose{
	{"analytics", "Analytics"},
	{"modelling", "Training a model"},
	{"reporting", "Reporting"},
	{"campaign", "Campaign planning"},
	{"operations", "Running a service"},
	{"research", "Research"},
	{"audit", "Audit or control"},
	{"support", "Helping a customer"},
	{"other", "Something else"},
}

// PurposeTitle is how pages call a purpose: the key itself, if nothing is known about it.
func PurposeTitle(key string) string {
	for _, p := range Purposes {
		if p.Key == key {
			return p.Title
		}
	}
	return key
}

func purposeKeys() []string {
	keys := make([]string, len(Purposes))
	for i, p := range Purposes {
		keys[i] = p.Key
	}
	return keys
}
