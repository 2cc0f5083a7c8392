package template

import (
	"weir/authz"
	"weir/catalog"
)

// Starter is a template that comes with the program. Key is its stable name.
type Starter struct {
	Key  string
	Body Body
}

// Default is what holds where no template applies: any one owner decides, and nobody takes a copy out.
var Default = Version{Name: "The default policy", Body: Body{
	Title:     "The default policy",
	Summary:   "Holds where no policy applies: the owner decides, 90 days, renewable, no export.",
	Who:       everybody,
	Access:    notExport,
	Steps:     ownerDecides,
	MaxDays:   90,
	Renewable: true,
}}

var (
	everybody = Who{People: true, Services: true, Agents: true}
	notExport = []Access{Metadata, Masked, Read}

	oneOwner    = Step{Name: "Owner", By: ByOwner, Mode: Any, RemindAfterDays: 2, EscalateAfterDays: 5}
	oneSteward  = Step{Name: "Steward", By: BySteward, Mode: Any, RemindAfterDays: 2, EscalateAfterDays: 5}
	oneSecurity = Step{Name: "Data security", By: BySecurity, Mode: Any, RemindAfterDays: 1, EscalateAfterDays: 3}
)

// Builtin is the first set of templates. Those that name no scope are for products, datasets and domains to be attached to.
var Builtin = []Starter{
	customerMasked, healthLocal, paymentCards, internalOpen, confidentialOwner, restrictedTwo, agentsMasked, exportThree,
}

var customerMasked = Starter{"customer-masked-analytics", Body{
	Title:    "Customer data, masked, read only, for analytics and modelling",
	Summary:  "Consumers of the domain read at once, with personal data as pseudonyms.",
	Text:     "Attach it to what holds data of customers and is wanted often. Joins still work; nobody reads who somebody is.",
	Who:      everybody,
	Purposes: []string{"analytics", "modelling"},
	Access:   []Access{Metadata, Masked},
	PreApproved: &Condition{
		Access: []Access{Metadata, Masked}, Kinds: []Kind{Person, Team}, Roles: []string{authz.Consumer}, MaxDays: 365, NoUnmasked: true,
	},
	Steps:     []Step{oneOwner},
	Masking:   map[string]string{"pii": Hash},
	MaxDays:   365,
	Renewable: true,
}}

var healthLocal = Starter{"health-local", Body{
	Title:         "Health data, processed locally, limited roles only",
	Summary:       "People with a role in the domain, on local machines, after the owner and security.",
	Text:          "Holds for each column that carries PHI, wherever it flows unmasked.",
	Applies:       Scope{Classes: []string{"phi"}},
	Who:           Who{Roles: []string{authz.Consumer, authz.Owner, authz.Steward}, People: true},
	Purposes:      []string{"analytics", "audit", "operations", "research"},
	Access:        notExport,
	Environments:  []string{"local"},
	Steps:         []Step{oneOwner, oneSecurity},
	MaxDays:       30,
	Renewable:     true,
	TermsRequired: true, RenewBeforeDays: 7,
}}

var paymentCards = Starter{"payment-cards", Body{
	Title:    "Payment cards",
	Summary:  "Card data never comes in clear text; all owners and all of security decide; no agents.",
	Text:     "Holds for each column that carries PCI: card numbers and what identifies a card. They are blanked out in every kind of access.",
	Applies:  Scope{Classes: []string{"pci"}},
	Who:      Who{People: true, Services: true},
	Purposes: []string{"analytics", "audit", "operations", "support"},
	Access:   notExport,
	Steps: []Step{
		{Name: "All owners", By: ByOwner, Mode: All, RemindAfterDays: 2, EscalateAfterDays: 5},
		{Name: "All of data security", By: BySecurity, Mode: All, RemindAfterDays: 1, EscalateAfterDays: 3},
	},
	Masking:       map[string]string{"pci": Redact},
	MaxDays:       90,
	Renewable:     true,
	TermsRequired: true,
}}

var internalOpen = Starter{"internal-open", Body{
	Title:       "Public and internal data, open",
	Summary:     "Read at once for up to a year, if nothing sensitive comes in clear text.",
	Applies:     Scope{Levels: []catalog.Classification{catalog.Public, catalog.Internal}, ForAccess: notExport},
	Who:         everybody,
	Access:      notExport,
	PreApproved: &Condition{MaxDays: 365, NoUnmasked: true},
	Steps:       []Step{oneOwner},
	MaxDays:     365,
	Renewable:   true,
}}

var confidentialOwner = Starter{"confidential-owner", Body{
	Title:     "Confidential data, the owner decides",
	Summary:   "Reading in clear text takes one owner.",
	Text:      "Masked reading is left to what is attached, and takes one owner where nothing is.",
	Applies:   Scope{Levels: []catalog.Classification{catalog.Confidential}, ForAccess: []Access{Read, Export}},
	Who:       everybody,
	Access:    []Access{Read, Export},
	Steps:     []Step{oneOwner},
	MaxDays:   180,
	Renewable: true,
}}

var restrictedTwo = Starter{"restricted-two", Body{
	Title:         "Restricted data, owner and security",
	Summary:       "Two decide, 30 days, no export.",
	Applies:       Scope{Levels: []catalog.Classification{catalog.Restricted}},
	Who:           everybody,
	Access:        notExport,
	Steps:         []Step{oneOwner, oneSecurity},
	MaxDays:       30,
	Renewable:     true,
	TermsRequired: true, RenewBeforeDays: 7,
}}

var agentsMasked = Starter{"agents", Body{
	Title:     "Agents read masked",
	Summary:   "An agent gets metadata and masked data, never clear text, after an owner.",
	Applies:   Scope{Everything: true, ForKinds: []Kind{Agent}},
	Who:       Who{Agents: true},
	Access:    []Access{Metadata, Masked},
	Steps:     []Step{oneOwner},
	MaxDays:   90,
	Renewable: true,
}}

var exportThree = Starter{"export", Body{
	Title:         "Export takes three",
	Summary:       "Taking a copy out takes an owner, a steward and security; 30 days, not renewable.",
	Applies:       Scope{Everything: true, ForAccess: []Access{Export}},
	Who:           Who{People: true, Services: true},
	Access:        []Access{Export},
	Steps:         []Step{oneOwner, oneSteward, oneSecurity},
	MaxDays:       30,
	TermsRequired: true,
}}
