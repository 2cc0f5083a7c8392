package catalog

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"weir/errs"
	"weir/graph"
)

// RawEvent is an event of a run as it came, oldest first. The values of environment variables are left out.
type RawEvent struct {
	At   time.Time
	Type EventType
	JSON string
}

// rawEvent is what of a raw event is looked into.
type rawEvent struct {
	Type EventType `json:"eventType"`
	Time string    `json:"eventTime"`
	Run  struct {
		Facets map[string]json.RawMessage `json:"facets"`
	} `json:"run"`
}

func (v *RunView) readEvents(ctx context.Context, s *Service, docs []graph.ID) error {
	bodies, err := s.documents(ctx, slices.Clone(docs))
	if err != nil {
		return err
	}
	tell, err := s.tellsOf(ctx, docs, bodies)
	if err != nil {
		return err
	}
	facets := map[string]FacetText{}
	for i := len(docs) - 1; i >= 0; i-- {
		body, ok := bodies[docs[i]]
		if !ok || tell[docs[i]] {
			continue // its retention is over, or it names what the viewer may not see
		}
		e, raw, err := readRaw(body)
		if err != nil {
			return err
		}
		v.Events = append(v.Events, e)
		for key, f := range raw.Run.Facets {
			facets[key] = FacetText{Key: key, JSON: string(f), Said: Said{By: v.Run.Producer, At: e.At}}
		}
	}
	slices.SortStableFunc(v.Events, func(a, b RawEvent) int { return a.At.Compare(b.At) })
	for _, key := range sortedKeys(facets) {
		v.Facets = append(v.Facets, facets[key])
	}
	return nil
}

// tellsOf tells which events name something that the viewer may not see.
func (s *Service) tellsOf(ctx context.Context, docs []graph.ID, bodies map[graph.ID]string) (map[graph.ID]bool, error) {
	texts := make([]string, len(docs))
	for i, id := range docs {
		texts[i] = bodies[id]
	}
	tell, err := s.tells(ctx, texts)
	out := map[graph.ID]bool{}
	for i, yes := range tell {
		out[docs[i]] = yes
	}
	return out, err
}

// secretFacet holds values that nobody has to see.
const secretFacet = "environmentVariables"

func readRaw(body string) (RawEvent, rawEvent, error) {
	if strings.Contains(body, `"`+secretFacet+`"`) {
		body = withoutSecrets(body)
	}
	var raw rawEvent
	if err := json.Unmarshal([]byte(body), &raw); err != nil {
		return RawEvent{}, raw, errs.Wrap(err, errs.Internal, "An event can't be read.")
	}
	e := RawEvent{Type: raw.Type, JSON: body}
	if e.Type == "" {
		e.Type = EventOther
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999"} {
		if at, err := time.Parse(layout, raw.Time); err == nil {
			e.At = at.UTC()
			break
		}
	}
	return e, raw, nil
}

// withoutSecrets takes the run facet with environment variables out of an event.
func withoutSecrets(body string) string {
	var all map[string]any
	if err := json.Unmarshal([]byte(body), &all); err != nil {
		return "{}" // what can't be looked into is not shown
	}
	run, _ := all["run"].(map[string]any)
	facets, _ := run["facets"].(map[string]any)
	delete(facets, secretFacet)
	b, err := json.Marshal(all)
	if err != nil {
		return "{}"
	}
	return string(b)
}
