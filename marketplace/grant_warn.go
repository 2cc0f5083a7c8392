package marketplace

import "time"

// warnings are how long before its end the holder of a grant hears of it, the first one first.
var warnings = []time.Duration{30 * 24 * time.Hour, 7 * 24 * time.Hour, 24 * time.Hour}

// nextWarning is when the warning after g.Warned is due; zero if none is to come. A grant that is shorter than a warning is
// early has no such warning: nobody needs to hear on the first day that a week is a week.
func nextWarning(g Grant, now time.Time) time.Time {
	if !g.Live() {
		return time.Time{}
	}
	for i, before := range warnings {
		at := g.Until.Add(-before)
		if i >= g.Warned && at.After(g.Since) && at.After(now) {
			return at
		}
	}
	return time.Time{}
}
