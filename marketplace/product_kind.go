package marketplace

import (
	"time"

	"weir/authz"
	"weir/graph"
)

// RelOffers goes from a product to each dataset that it bundles.
const RelOffers graph.Rel = "OFFERS"

// ProductState is where a product stands.
type ProductState string

// The states of a product.
const (
	ProductDraft      ProductState = "draft"
	ProductPublished  ProductState = "published"
	ProductDeprecated ProductState = "deprecated" // can still be asked for until Sunset
	ProductRetired    ProductState = "retired"
)

// Product bundles datasets for others to ask for.
type Product struct {
	ID          graph.ID         `graph:",id"`
	Slug        string           `graph:"slug"` // unique, lower case, in addresses
	Title       string           `graph:"title"`
	Summary     string           `graph:"summary"`     // one or two sentences
	Description string           `graph:"description"` // Markdown
	Domain      graph.ID         `graph:"domain"`
	Owner       graph.ID         `graph:"owner"` // a person or team
	Contact     string           `graph:"contact"`
	Purpose     string           `graph:"purpose"`   // what it is made for, in words
	Questions   []string         `graph:"questions"` // that it answers
	State       ProductState     `graph:"state"`
	Successor   graph.ID         `graph:"successor"` // of a deprecated one; "" if there is none
	Sunset      time.Time        `graph:"sunset"`    // day from which nobody has it any more; zero: not said
	Terms       int              `graph:"terms"`     // number of the terms of use that hold; 0: there are none
	TermsLast   int              `graph:"termsLast"` // the highest number that its terms ever had
	Parts       []byte           `graph:"parts"`     // JSON of []Part
	Promises    []byte           `graph:"promises"`  // JSON of []Promise
	Visibility  authz.Visibility `graph:"visibility"`
	Audience    string           `graph:"audience"` // of a draft that of what is closed in its domain
	Published   time.Time        `graph:"published"`
	Version     int64            `graph:",version"`
	Created     time.Time        `graph:",created"`
	Updated     time.Time        `graph:",updated"`
}

// Part is a dataset of a product. Columns are those chosen; none: all that it has.
type Part struct {
	Dataset graph.ID   `json:"dataset"`
	Columns []graph.ID `json:"columns,omitempty"`
}

// Promise is a service level: what is promised and, where it can be measured, its figure.
type Promise struct {
	Kind  string `json:"kind"`            // freshness, availability, support, retention, quality
	Text  string `json:"text"`            // "Fresh within 2 hours"
	Hours int    `json:"hours,omitempty"` // of freshness: at most so old; 0: not measured
}

// Terms are the terms of use of a product, one version. They are never changed; a new version is added.
type Terms struct {
	ID      graph.ID  `graph:",id"`
	Product graph.ID  `graph:"product"`
	Number  int       `graph:"number"` // from 1
	Text    string    `graph:"text"`   // Markdown
	By      graph.ID  `graph:"by"`
	At      time.Time `graph:"at"`
}

// Template is a policy template; what it says stands in its versions.
type Template struct {
	ID        graph.ID  `graph:",id"`
	Name      string    `graph:"name"` // unique, lower case
	Title     string    `graph:"title"`
	Current   int       `graph:"current"` // number of the version that holds; 0: none has been confirmed yet
	Latest    int       `graph:"latest"`  // number of the newest version, confirmed or not
	Waiting   int       `graph:"waiting"` // number of the version that waits to be confirmed; 0: none does
	Retired   bool      `graph:"retired"` // holds no more; kept for the decisions made by it
	Builtin   bool      `graph:"builtin"` // came with the program
	Confirmed time.Time `graph:"confirmed"`
	Version   int64     `graph:",version"`
	Updated   time.Time `graph:",updated"`
}

// VersionState is where a version of a template stands.
type VersionState string

// The states of a version. A confirmed one holds until another one is confirmed.
const (
	VersionWaiting   VersionState = "waiting"
	VersionConfirmed VersionState = "confirmed"
	VersionRefused   VersionState = "refused"
	VersionWithdrawn VersionState = "withdrawn" // by whoever wrote it, or because he wrote another one
)

// TemplateVersion is what a template says. Number, body, author and reason are never changed; the rest says what became of it.
type TemplateVersion struct {
	ID       graph.ID     `graph:",id"`
	Template graph.ID     `graph:"template"`
	Number   int          `graph:"number"`
	Body     []byte       `graph:"body"` // canonical JSON of a template.Body
	Hash     string       `graph:"hash"`
	Retires  bool         `graph:"retires"` // once confirmed, the template holds no more
	Reason   string       `graph:"reason"`  // why it is to be so, in the author's words
	By       graph.ID     `graph:"by"`
	At       time.Time    `graph:"at"`
	State    VersionState `graph:"state"`
	Decider  graph.ID     `graph:"decider"` // who confirmed, refused or withdrew it
	Decided  time.Time    `graph:"decided"`
	Note     string       `graph:"note"` // the decider's words
	Version  int64        `graph:",version"`
}

// Simulation is what a waiting version would change of the grants in force and of the requests that wait. It is worked out in
// parts; Finished tells that it is whole.
type Simulation struct {
	ID       graph.ID  `graph:",id"`
	Template graph.ID  `graph:"template"`
	Number   int       `graph:"number"` // of the version
	Rules    string    `graph:"rules"`  // hash of the versions that held otherwise
	By       graph.ID  `graph:"by"`
	At       time.Time `graph:"at"`
	Finished time.Time `graph:"finished"` // zero while it runs
	Phase    int       `graph:"phase"`    // index of the list that is looked at
	After    string    `graph:"after"`    // cursor in that list
	Done     int       `graph:"done"`     // looked at
	Total    int       `graph:"total"`    // to be looked at, as counted at the start
	Body     []byte    `graph:"body"`     // JSON of SimulationBody
	Version  int64     `graph:",version"`
}

var (
	productType = graph.Declare[Product]("Product", graph.Spec{
		Prefix: "prd", Unique: []string{"slug"}, Max: 256 << 10,
		Text: []graph.Text{{Prop: "title", Weight: 10}, {Prop: "slug", Weight: 6}, {Prop: "summary", Weight: 3}, {Prop: "purpose", Weight: 2}, {Prop: "description", Weight: 1}},
		Lists: []graph.List{
			{Where: []string{"slug"}}, {Where: []string{"state"}, Sort: "title"}, {Sort: "title"},
			{Where: []string{"owner"}, Sort: "title"}, {Where: []string{"domain"}, Sort: "title"},
		},
		Facets: []string{"domain", "state", "owner"}, Sorts: []string{"title", "published"},
	})
	termsType = graph.Declare[Terms]("Terms", graph.Spec{
		Prefix: "trm", Max: 128 << 10, Lists: []graph.List{{Where: []string{"product"}, Sort: "number"}},
	})
	templateType = graph.Declare[Template]("Template", graph.Spec{
		Prefix: "tpl", Unique: []string{"name"}, Lists: []graph.List{{Where: []string{"name"}}, {Sort: "title"}},
	})
	simulationType = graph.Declare[Simulation]("Simulation", graph.Spec{Prefix: "sim", Max: 1 << 20})
	versionType    = graph.Declare[TemplateVersion]("TemplateVersion", graph.Spec{
		Prefix: "tpv", Max: 256 << 10, Lists: []graph.List{{Where: []string{"template"}, Sort: "number"}},
	})
)
