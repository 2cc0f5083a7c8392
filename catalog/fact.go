package catalog

import (
	"time"

	"weir/graph"
)

// facts is what a dataset, transform or consumer was said to be, by whom and when: what its shown values are made of.
// It lies in a node beside its subject, so that the subject itself changes only when something shown does.
type facts struct {
	Subject   graph.ID  `graph:"subject"`
	Registers []byte    `graph:"registers"`
	Seen      time.Time `graph:"seen"`    // event time of the last event that named the subject
	Written   time.Time `graph:"written"` // of a dataset: when a run that wrote it was completed last
	Edits     int       `graph:"edits"`   // how often people changed it: the version that edit forms carry
	Members   []string  `graph:"members"` // of a head: the datasets of its class, itself included; else none
}

// statement is what events of one source said, in the same words, about one subject. Of lineage it tells between which times
// and by which run last; of a schema the registers of its dataset do, since that is written with each event anyway.
type statement struct {
	Subject graph.ID  `graph:"subject"`
	Source  graph.ID  `graph:"source"`
	First   time.Time `graph:"first"`
	Last    time.Time `graph:"last"`
	How     How       `graph:"how"`
	Run     graph.ID  `graph:"run"`  // that said it last; "" for events without a run
	Body    []byte    `graph:"body"` // zstd of the JSON of a lineageBody or a schemaBody
}

var (
	factsType     = graph.Declare[facts]("Facts", graph.Spec{Prefix: "fct", Max: graph.MaxDocument})
	statementType = graph.Declare[statement]("Statement", graph.Spec{Prefix: "st", Max: graph.MaxDocument})
)

func factsID(subject graph.ID) graph.ID { return NewID("fct", string(subject)) }

// lineageBody is what a statement says about the data around a job, in ids as stated, before aliases are resolved.
type lineageBody struct {
	Edges   []link       `json:"e,omitempty"`
	Derives []derivation `json:"d,omitempty"`
}

// link is a dataset-level lineage edge as stated.
type link struct {
	From graph.ID  `json:"f"`
	Rel  graph.Rel `json:"r"`
	To   graph.ID  `json:"t"`
	How  How       `json:"h,omitempty"` // Inferred, if it is weaker than its statement
}

// derivation is a column-level lineage edge as stated.
type derivation struct {
	From       graph.ID  `json:"f"` // dataset
	FromColumn string    `json:"fc"`
	Rel        graph.Rel `json:"r"`
	To         graph.ID  `json:"t"` // dataset
	ToColumn   string    `json:"tc"`
	Subtype    string    `json:"s,omitempty"`
}

// schemaBody is what a schema statement says, in the order of the columns.
type schemaBody struct {
	Columns []columnBody `json:"c"`
}

type columnBody struct {
	Path        string `json:"p"`
	Type        string `json:"t,omitempty"`
	Description string `json:"d,omitempty"`
}

// Schema declares everything that the catalog keeps in the store.
func Schema() graph.Schema {
	s, err := graph.Merge(
		DatasetType.Schema(), ColumnType.Schema(), TransformType.Schema(), ConsumerKind.Schema(), RunType.Schema(),
		DomainType.Schema(), TagType.Schema(), OwnerType.Schema(), ClassType.Schema(), SourceType.Schema(),
		DocType.Schema(), factsType.Schema(), statementType.Schema(), secretType.Schema(),
		graph.Schema{Rels: []graph.Rel{
			RelInput, RelOutput, RelDelivers, RelDerives, RelMasked, RelAffects, RelHas, RelParent, RelTriggers,
			RelOwned, RelTagged, RelClass, RelInherits, RelSame, RelStates, RelDocument,
		}},
	)
	if err != nil {
		panic(err) // a mistake in the declarations above
	}
	return s
}
