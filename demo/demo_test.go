package demo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"weir/catalog"
	"weir/catalog/openlineage"
)

// morning is a Saturday, so that it is neither the first of a month nor a day on which weekly jobs run.
var morning = time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)

func all(now time.Time) [][]byte {
	return slices.Collect(Events(now))
}

// today is what is sent in the morning. Many tests look at it.
var today = sync.OnceValues(func() ([]catalog.Event, error) { return parse(morning) })

func parsed(t *testing.T, now time.Time) []catalog.Event {
	t.Helper()
	events, err := today()
	if now != morning {
		events, err = parse(now)
	}
	if err != nil {
		t.Fatal(err)
	}
	return events
}

func parse(now time.Time) ([]catalog.Event, error) {
	var events []catalog.Event
	for raw := range Events(now) {
		e, err := openlineage.Parse(raw)
		if err != nil {
			return nil, fmt.Errorf("%w: %s", err, raw)
		}
		events = append(events, e)
	}
	return events, nil
}

func TestSize(t *testing.T) {
	for _, hours := range []int{0, 7, 14, 21, 48} { // on a Saturday and on a Monday
		events, size := all(morning.Add(time.Duration(hours)*time.Hour)), 0
		for _, e := range events {
			size += len(e)
		}
		if len(events) > 9_000 || len(events) < 5_000 || size > 12<<20 {
			t.Errorf("%d hours later: %d events with %d bytes", hours, len(events), size)
		}
	}
}

func TestTheSameNowGivesTheSameBytes(t *testing.T) {
	a, b := all(morning), all(morning.In(time.FixedZone("CET", 3600)))
	if !slices.EqualFunc(a, b, bytes.Equal) {
		t.Error("two calls differ")
	}
}

var timestamp = regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z`)

func TestNothingIsInTheFuture(t *testing.T) {
	for _, now := range []time.Time{morning, morning.Truncate(daily), morning.Truncate(daily).Add(-time.Microsecond), morning.Add(13 * time.Hour)} {
		oldest := now
		for _, e := range parsed(t, now) {
			for _, text := range timestamp.FindAllString(string(e.Raw), -1) {
				if at, err := time.Parse(time.RFC3339, text); err != nil || at.After(now) {
					t.Fatalf("at %s: %s, %v: %s", now, text, err, e.Raw)
				}
			}
			if e.At.Before(oldest) {
				oldest = e.At
			}
		}
		if days := now.Sub(oldest).Hours() / 24; days < History-1 || days > History+1 {
			t.Errorf("at %s: the history is %.1f days long", now, days)
		}
	}
}

func TestTheCompany(t *testing.T) {
	datasets, domains, platforms := map[string]bool{}, map[string]bool{}, map[string]bool{}
	transforms, consumers := map[string]bool{}, map[catalog.ConsumerType]int{}
	for _, e := range parsed(t, morning) {
		for _, d := range e.Datasets {
			datasets[d.Namespace+" "+d.Name] = true
			platforms[d.Namespace] = true
			for _, v := range d.Values[catalog.FieldDomain] {
				domains[v] = true
			}
		}
		if e.Run == nil && e.Job != nil {
			if e.Job.Consumer != "" {
				consumers[e.Job.Consumer]++
			} else {
				transforms[e.Job.Namespace+" "+e.Job.Name] = true
			}
		}
	}
	if n := len(datasets); n < 55 || n > 66 || len(domains) != 6 || len(platforms) < 8 {
		t.Errorf("%d datasets in %d domains on %d systems", n, len(domains), len(platforms))
	}
	if n := len(transforms); n < 42 || n > 48 {
		t.Errorf("%d transforms", n)
	}
	for _, kind := range catalog.ConsumerTypes {
		if consumers[kind] == 0 {
			t.Errorf("no %s", kind)
		}
	}
}

func TestTheGraphStandsEarly(t *testing.T) {
	early, edges := map[string]bool{}, map[string]bool{}
	n := 0
	for _, e := range parsed(t, morning) {
		n++
		for _, d := range e.Datasets {
			if e.Job == nil || d.Role != catalog.Input && d.Role != catalog.Output {
				continue
			}
			edge := e.Job.Name + " " + d.Name
			edges[edge] = true
			if n <= 400 {
				early[edge] = true
			}
		}
	}
	for edge := range edges {
		if !early[edge] && edge != "segments analytics.mart.rfm_scores" && edge != "audience analytics.mart.segments" {
			t.Errorf("%s comes late", edge)
		}
	}
}

func TestEventsAreCompactJSON(t *testing.T) {
	for _, e := range all(morning) {
		var compact bytes.Buffer
		if err := json.Compact(&compact, e); err != nil || !bytes.Equal(compact.Bytes(), e) {
			t.Fatalf("%v: %s", err, e)
		}
	}
}
