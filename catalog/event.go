package catalog

import "time"

// Batch is what an account reports: events in no particular order. OpenLineage and every connector make the same.
type Batch struct {
	Account string // whose token it was, or "operator"; part of each event's source
	Events  []Event
}

// Event is what one message says. Empty and absent lists say nothing.
type Event struct {
	At       time.Time // event time, UTC
	Hash     [32]byte  // SHA-256 of Raw: breaks ties between events of one time
	Raw      []byte    // the message as compact JSON, kept with its run
	Producer string    // URI as sent
	Source   string    // Producer without its version, so that an upgraded client stays the same source
	How      How       // Observed for runs, Declared else
	Run      *RunFact  // nil for job and dataset events
	Job      *JobFact  // nil for dataset events
	Datasets []DatasetFact
	Links    []LinkFact // of explicit lineage facets
}

// Values are single values and sets that a facet states about its subject. A key that is there was stated; a set may be
// stated as empty.
type Values map[Field][]string

// Field is a value that events and people state about an asset. For each the greatest statement wins.
type Field string

// The fields. Owners, tags and classes are sets, the others have one value.
const (
	FieldTitle          Field = "title"
	FieldDescription    Field = "description"
	FieldDomain         Field = "domain" // a domain's name
	FieldClassification Field = "classification"
	FieldOwners         Field = "owners"
	FieldTags           Field = "tags"    // "key" or "key:value"
	FieldClasses        Field = "classes" // data classes, lower case
	FieldType           Field = "type"
	FieldLifecycle      Field = "lifecycle"
	FieldRetention      Field = "retention"
	FieldPurpose        Field = "purpose"
	FieldRepository     Field = "repository"
	FieldLanguage       Field = "language"
	FieldCode           Field = "code"       // SQL or source text; stored as a Document
	FieldVisibility     Field = "visibility" // an authz.Visibility; only a person sets it
)

// Facet is a part of an event that is kept as it is and shown. Key is its name, Body its compact JSON.
type Facet struct {
	Key  string
	Body []byte
}

// EventType is what happened to a run.
type EventType string

// The event types of OpenLineage.
const (
	EventStart    EventType = "START"
	EventRunning  EventType = "RUNNING"
	EventComplete EventType = "COMPLETE"
	EventFail     EventType = "FAIL"
	EventAbort    EventType = "ABORT"
	EventOther    EventType = "OTHER"
)

// RunFact is what an event says of a run.
type RunFact struct {
	UUID                     string
	Type                     EventType // EventOther when absent
	NominalStart, NominalEnd time.Time
	Error                    string // message of an errorMessage or exception facet
	Engine                   string
	Parent                   *ParentFact
	Facets                   []Facet
}

// ParentFact names the run that started this one, and the run at the root of all, if stated.
type ParentFact struct {
	Namespace, Name, UUID string
	Root                  *ParentFact
}

// JobFact is what an event says of a job.
type JobFact struct {
	Namespace, Name string
	Consumer        ConsumerType // not "": the job is a consumer
	Values          Values
	Facets          []Facet
}

// Role is a dataset's part in an event.
type Role uint8

// The roles. Subject is the dataset of a dataset event; Mentioned is known from column lineage or a symlink alone.
const (
	Mentioned Role = iota
	Subject
	Input
	Output
)

// DatasetFact is what an event says of a dataset. One event has one fact for each dataset and role.
type DatasetFact struct {
	Namespace, Name string
	Role            Role
	Values          Values
	Columns         []ColumnFact      // of the schema facet, nested ones too; empty says nothing
	ColumnValues    map[string]Values // tags of single columns, by path: FieldTags and FieldClasses
	Derivations     []Derivation      // of the column lineage facet
	Symlinks        []Symlink
	Version         string
	Rows, Bytes     int64 // written by this run, of an output
	Facets          []Facet
}

// ColumnFact is what a schema says of a column.
type ColumnFact struct {
	Path        string // names joined by dots
	Type        string
	Description string
}

// Derivation says that a column is made of, or depends on, another. Column "" means all columns of the dataset
// (a filter or join that decides which rows there are).
type Derivation struct {
	Column          string
	Namespace, Name string // dataset of the origin
	From            string // column of the origin
	Indirect        bool   // it decides about the value without being part of it
	Masked          bool
	Subtype         string // IDENTITY, TRANSFORMATION, AGGREGATION, JOIN, FILTER, …
	Description     string
}

// Symlink is another name of a dataset.
type Symlink struct {
	Namespace, Name, Type string
}

// LinkFact is one statement of an explicit lineage facet: Target is made from Inputs, and from nothing else that this
// source ever stated. Via is the job that does it; nil: no job was named.
type LinkFact struct {
	Target      Ref
	Via         *Ref
	Inputs      []Ref
	Derivations []Derivation // when Target is a dataset
}

// Ref names a dataset or a job.
type Ref struct {
	Job             bool
	Namespace, Name string
}
