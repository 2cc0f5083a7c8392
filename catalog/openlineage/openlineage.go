// Package openlineage reads OpenLineage events: bytes in, catalog.Event out. It does no input or output of its own
// and knows no store.
//
// It is lenient where clients differ (no schemaURL, no time zone, null for absent, duplicate members: the last wins,
// lone surrogates: replaced by U+FFFD) and strict where a mistake would make a wrong graph: names, times, and the facets
// that make lineage or schema (schema, columnLineage, lineage, symlinks) are refused with the path of what is wrong.
// Any other facet that is not as specified is kept as it is, like one that is not known.
package openlineage

import (
	"crypto/sha256"
	"sync"

	"weir/catalog"
	"weir/errs"
)

// Parse reads one event of any kind. A run makes it a run event, else a job a job event, else a dataset a dataset event.
//
// Its errors are Invalid or TooLarge with the path of each wrong field ("inputs[2].namespace"); what isn't JSON is
// Invalid with the byte, line and column where it stops being so. Facet bodies share their memory with Raw.
func Parse(raw []byte) (catalog.Event, error) { return parse(raw, origin{line: 1, column: 1}) }

// documents are used again: most events are small and come in masses.
var documents = sync.Pool{New: func() any { return new(document) }}

// keepNodes and keepText are the sizes up to which a document is used again, so that one huge event isn't held for ever.
const (
	keepNodes = 64 << 10
	keepText  = 1 << 20
)

// parse is Parse for an event that stands somewhere in a larger text.
func parse(raw []byte, from origin) (catalog.Event, error) {
	if len(raw) > MaxEvent {
		return catalog.Event{}, errs.Ef(errs.TooLarge, "The event has %d bytes; at most %d are allowed.", len(raw), MaxEvent)
	}
	d := documents.Get().(*document) //nolint:errcheck // the pool holds nothing else
	defer func() {
		if cap(d.nodes) <= keepNodes && cap(d.text) <= keepText {
			documents.Put(d)
		}
	}()
	if err := d.scan(raw); err != nil {
		return catalog.Event{}, from.exit(raw, err)
	}
	compact := append(make([]byte, 0, len(d.text)), d.text...)
	ev, err := read(value{&document{text: compact, nodes: d.nodes}, 0})
	if err != nil {
		return catalog.Event{}, from.exit(raw, err)
	}
	ev.Raw = compact
	ev.Source = SourceURI(ev.Producer)
	ev.Hash = sha256.Sum256(compact)
	return ev, nil
}
