package demo

import (
	"bytes"
	"encoding/json"
	"time"
)

// The messages of OpenLineage, as far as the demo speaks it.
type (
	event struct {
		EventTime string   `json:"eventTime"`
		EventType string   `json:"eventType,omitempty"`
		Producer  string   `json:"producer"`
		SchemaURL string   `json:"schemaURL"`
		Run       *runPart `json:"run,omitempty"`
		Job       *part    `json:"job,omitempty"`
		Dataset   *part    `json:"dataset,omitempty"`
		Inputs    []part   `json:"inputs,omitempty"`
		Outputs   []part   `json:"outputs,omitempty"`
	}
	runPart struct {
		RunID  string `json:"runId"`
		Facets facets `json:"facets,omitempty"`
	}
	part struct {
		Namespace    string `json:"namespace"`
		Name         string `json:"name"`
		Facets       facets `json:"facets,omitempty"`
		InputFacets  facets `json:"inputFacets,omitempty"`
		OutputFacets facets `json:"outputFacets,omitempty"`
	}
	facets map[string]object
	object = map[string]any
)

const (
	specification = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/"
	facetSpec     = "https://openlineage.io/spec/facets/"
)

// put adds a facet, with what each facet says of itself. Definition is its version and name, as in "1-0-1/SQLJobFacet".
func (f facets) put(name, producer, definition string, body object) {
	_, kind, _ := bytes.Cut([]byte(definition), []byte("/"))
	body["_producer"] = producer
	body["_schemaURL"] = facetSpec + definition + ".json#/$defs/" + string(kind)
	f[name] = body
}

// encode writes an event as JSON. Members stand in one order, so that equal events are equal bytes.
func encode(e event) []byte {
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false)
	if err := w.Encode(e); err != nil {
		panic(err) // texts and numbers can always be written
	}
	return bytes.TrimSpace(b.Bytes())
}

func moment(t time.Time) string { return t.Format("2006-01-02T15:04:05.000000Z") }
