// Package catalog knows what data there is: datasets and their columns, the transforms that make them, the runs of
// those, the consumers that use them, and what people say about all of it.
//
// Metadata arrives as events (a Batch), from OpenLineage clients and connectors. Applying one is a join: minima,
// maxima, unions and greatest values, so that any order with any duplicates ends in the same graph.
package catalog

import (
	"time"

	"weir/authz"
	"weir/graph"
)

// The relations of the catalog. They point downstream.
const (
	RelInput    graph.Rel = "INPUT"          // dataset → transform that reads it
	RelOutput   graph.Rel = "OUTPUT"         // transform → dataset that it writes
	RelDelivers graph.Rel = "DELIVERS"       // dataset → consumer that reads it
	RelDerives  graph.Rel = "DERIVES"        // column → column made of it, in clear
	RelMasked   graph.Rel = "DERIVES_MASKED" // column → column made of it by masking
	RelAffects  graph.Rel = "AFFECTS"        // column → column that it filters, joins, groups or sorts
	RelHas      graph.Rel = "HAS"            // dataset → its column
	RelParent   graph.Rel = "PARENT_OF"      // transform → transform started by it; run → run
	RelTriggers graph.Rel = "TRIGGERS"       // transform → transform that follows it, stated without data between them
	RelOwned    graph.Rel = "OWNED_BY"       // asset → owner
	RelTagged   graph.Rel = "TAGGED"         // asset or column → tag
	RelClass    graph.Rel = "CLASSIFIED"     // dataset or column → data class that somebody declared
	RelInherits graph.Rel = "INHERITS"       // dataset or column → data class that flows in unmasked
	RelSame     graph.Rel = "SAME_AS"        // dataset → dataset that is the same under another name
	RelStates   graph.Rel = "STATES"         // transform, consumer or dataset → statement about it
	RelDocument graph.Rel = "DOCUMENT"       // asset or run → document; Key says which
)

// LineageRels are the relations of dataset-level lineage; ColumnRels those of column-level lineage.
var (
	LineageRels = []graph.Rel{RelInput, RelOutput, RelDelivers}
	ColumnRels  = []graph.Rel{RelDerives, RelMasked, RelAffects}
)

// The properties of lineage edges.
const (
	EdgeConfirmed = "confirmed" // time.Time: event time of the last event that stated the edge
	EdgeHow       = "how"       // string: a How
	EdgeRun       = "run"       // string: id of the run that confirmed it last
	EdgeSubtype   = "subtype"   // string, column edges: IDENTITY, JOIN, …
	EdgeVia       = "via"       // string, column edges: id of the transform
	EdgeClosed    = "closed"    // time.Time: when a person closed it
	EdgeRefused   = "refused"   // bool, SAME_AS: a person said that they are not the same
	EdgeOrigin    = "origin"    // string, INHERITS: id of the column, or dataset, that declares the class
	EdgeDepth     = "depth"     // int64, INHERITS: how many edges the origin is away
)

// How tells how an edge is known.
type How string

// From weakest to strongest; of several the strongest is shown.
const (
	Inferred How = "inferred" // concluded, such as an input from column lineage
	Declared How = "declared" // stated without a run: by a job event, a dataset event, a person
	Observed How = "observed" // stated by a run
)

// Classification is how well data has to be guarded.
type Classification string

// The levels, in rising order.
const (
	Public       Classification = "public"
	Internal     Classification = "internal"
	Confidential Classification = "confidential"
	Restricted   Classification = "restricted"
)

// Classifications are the levels in rising order.
var Classifications = []Classification{Public, Internal, Confidential, Restricted}

// Dataset is a table, view, file, topic or other set of data.
type Dataset struct {
	ID             graph.ID         `graph:",id"`
	Namespace      string           `graph:"namespace"`
	Name           string           `graph:"name"`
	Platform       string           `graph:"platform"` // postgres, s3, …: the scheme of the namespace
	Type           string           `graph:"type"`     // TABLE, VIEW, FILE, TOPIC, …, as stated; "" if never
	Title          string           `graph:"title"`
	Description    string           `graph:"description"` // Markdown
	Domain         graph.ID         `graph:"domain"`
	Visibility     authz.Visibility `graph:"visibility"` // as a person set it; "": as its domain's
	Classification Classification   `graph:"classification"`
	Lifecycle      string           `graph:"lifecycle"` // CREATE, ALTER, DROP, …, as stated last
	Retention      string           `graph:"retention"`
	Head           graph.ID         `graph:"head"`       // of a dataset that is another one under another name; else ""
	Only           bool             `graph:"inferred"`   // known from column lineage alone
	Columns        int              `graph:"columns"`    // how many
	ColumnText     string           `graph:"columnText"` // their names, to be searched
	Written        time.Time        `graph:"written"`    // event time of the last completed run that wrote it
	Audience       string           `graph:"audience"`
	Version        int64            `graph:",version"`
	Created        time.Time        `graph:",created"`
	Updated        time.Time        `graph:",updated"`
}

// Column is a column of a dataset, or a field within one.
type Column struct {
	ID          graph.ID  `graph:",id"`
	Dataset     graph.ID  `graph:"dataset"`
	Path        string    `graph:"path"`
	Type        string    `graph:"type"`
	Description string    `graph:"description"`
	Position    int       `graph:"position"`  // 1 is the first; 0 unknown
	Own         bool      `graph:"own"`       // stated of this dataset itself, not only of another name that it is the head of
	Since       time.Time `graph:"since"`     // event time of the first schema that named it; zero if none did
	Gone        bool      `graph:"gone"`      // in no source's latest schema any more
	Statement   graph.ID  `graph:"statement"` // the schema statement that the above is from; "" if known from lineage alone
	Version     int64     `graph:",version"`
}

// Transform is what makes data of data: a job, query, model, notebook.
type Transform struct {
	ID          graph.ID  `graph:",id"`
	Namespace   string    `graph:"namespace"`
	Name        string    `graph:"name"`
	Type        string    `graph:"type"` // sql, spark, dbt, …, from the jobType facet; "implicit" for lineage stated without a job
	Title       string    `graph:"title"`
	Description string    `graph:"description"`
	Domain      graph.ID  `graph:"domain"`
	Repository  string    `graph:"repository"` // URL of the source code
	Language    string    `graph:"language"`   // of the code
	Code        graph.ID  `graph:"code"`       // Document with SQL or source code
	LastRun     graph.ID  `graph:"lastRun"`
	LastState   RunState  `graph:"lastState"`
	RanAt       time.Time `graph:"ranAt"`     // event time of the last run's last event
	Silent      bool      `graph:"silent"`    // never stated an input or output
	Completed   []string  `graph:"completed"` // for each source its last completed run that stated data: "source|time of completion|run|time of its first event"
	Audience    string    `graph:"audience"`
	Version     int64     `graph:",version"`
	Created     time.Time `graph:",created"`
	Updated     time.Time `graph:",updated"`
}

// Consumer is a use of data at the end of a pipeline.
type Consumer struct {
	ID             graph.ID         `graph:",id"`
	Namespace      string           `graph:"namespace"`
	Name           string           `graph:"name"`
	Type           ConsumerType     `graph:"type"`
	Title          string           `graph:"title"`
	Description    string           `graph:"description"`
	Domain         graph.ID         `graph:"domain"`
	Visibility     authz.Visibility `graph:"visibility"` // as a person set it; "": as its domain's
	Classification Classification   `graph:"classification"`
	Purpose        string           `graph:"purpose"`
	LastRun        graph.ID         `graph:"lastRun"`
	LastState      RunState         `graph:"lastState"`
	RanAt          time.Time        `graph:"ranAt"`
	Completed      []string         `graph:"completed"` // as Transform.Completed
	Audience       string           `graph:"audience"`
	Version        int64            `graph:",version"`
	Created        time.Time        `graph:",created"`
	Updated        time.Time        `graph:",updated"`
}

// ConsumerType is a kind of consumer.
type ConsumerType string

// The kinds of consumers. A job whose jobType facet says one of them is a consumer, not a transform.
const (
	Dashboard   ConsumerType = "dashboard"
	Report      ConsumerType = "report"
	Model       ConsumerType = "model"
	Agent       ConsumerType = "agent"
	Application ConsumerType = "application"
)

// ConsumerTypes are all kinds of consumers.
var ConsumerTypes = []ConsumerType{Dashboard, Report, Model, Agent, Application}

// RunState is where a run stands.
type RunState string

// The states. Lost is not stored: it is a running run that has been silent for too long.
const (
	Running   RunState = "running"
	Completed RunState = "completed"
	Failed    RunState = "failed"
	Aborted   RunState = "aborted"
	Other     RunState = "other" // nothing but OTHER events came
	Lost      RunState = "lost"
)

// Run is one execution of a transform.
type Run struct {
	ID           graph.ID  `graph:",id"`
	Job          graph.ID  `graph:"job"` // transform or consumer
	UUID         string    `graph:"uuid"`
	State        RunState  `graph:"state"`
	First        time.Time `graph:"first"`   // event time of its first event
	Last         time.Time `graph:"last"`    // event time of its last event
	Started      time.Time `graph:"started"` // of START; zero if none came
	Ended        time.Time `graph:"ended"`   // of COMPLETE, FAIL or ABORT; zero if none came
	NominalStart time.Time `graph:"nominalStart"`
	NominalEnd   time.Time `graph:"nominalEnd"`
	Error        string    `graph:"error"`
	Engine       string    `graph:"engine"`   // name and version of what processed it
	Producer     string    `graph:"producer"` // raw URI
	Source       graph.ID  `graph:"source"`
	Parent       graph.ID  `graph:"parent"` // run
	Rows         int64     `graph:"rows"`   // written, as far as stated
	Bytes        int64     `graph:"bytes"`
	Registers    []byte    `graph:"registers"` // who won each single value, and the data read and written
	Stated       bool      `graph:"stated"`    // an event of it stated an input or output
	Events       []string  `graph:"events"`    // "time|type|hash", sorted; of RUNNING and OTHER the first and last only
	Version      int64     `graph:",version"`
}

// Domain is an area of the business that owns data.
type Domain struct {
	ID          graph.ID         `graph:",id"`
	Name        string           `graph:"name"` // stable, lower case: what qualifiers say
	Title       string           `graph:"title"`
	Description string           `graph:"description"`
	Visibility  authz.Visibility `graph:"visibility"` // of itself, and of its assets that have none of their own; "": open
	Audience    string           `graph:"audience"`
	Version     int64            `graph:",version"`
}

// Tag is a free label. Owner names a person or team as sources do. Class is a data class such as pii.
type (
	Tag struct {
		ID   graph.ID `graph:",id"`
		Name string   `graph:"name"`
	}
	Owner struct {
		ID    graph.ID `graph:",id"`
		Name  string   `graph:"name"`
		Title string   `graph:"title"`
	}
	Class struct {
		ID   graph.ID `graph:",id"`
		Name string   `graph:"name"` // lower case: pii, phi, pci, …
	}
)

// Source is who reports: the account of the token and the producer's URI without its version.
type Source struct {
	ID       graph.ID `graph:",id"`
	Account  string   `graph:"account"`
	Producer string   `graph:"producer"`
}

// Document is a large text or body, compressed, behind an edge of its asset. Its id is computed from its content.
type Document struct {
	ID    graph.ID `graph:",id"`
	Media string   `graph:"media"` // media type of what Body holds once decompressed
	Size  int      `graph:"size"`  // bytes, decompressed
	Body  []byte   `graph:"body"`  // zstd
}
