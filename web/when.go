package web

import (
	"time"

	"weir/errs"
	"weir/views/ui"
)

// when words a time as seen from the clock of the site; pages show UTC.
func (s *Site) when(at time.Time) ui.When {
	if at.IsZero() {
		return ui.When{}
	}
	return ui.NewWhen(at.UTC(), s.Now().UTC())
}

// lateAfter is the age from which a load is called late where nobody promised anything else.
const lateAfter = 36 * time.Hour

// fresh is the last load, and whether that is long ago.
func (s *Site) fresh(written time.Time) (ui.When, bool) {
	if written.IsZero() {
		return ui.When{}, false
	}
	return s.when(written), s.Now().Sub(written) > lateAfter
}

// timeOf reads a time of an address; "" is zero.
func timeOf(field, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return at, errs.Bad(field, "is not a time such as 2026-11-01T00:00:00Z.")
	}
	return at.UTC(), nil
}

func timeText(at time.Time) string { return at.UTC().Format(time.RFC3339Nano) }

// stamp is a time in full, to the minute.
func stamp(at time.Time) string { return at.UTC().Format("2 Jan 2006, 15:04 MST") }
