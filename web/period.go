package web

import (
	"regexp"
	"strconv"

	"weir/views/ui"
)

// iso is a period of one unit, as retention facets write them: P25M, P90D.
var iso = regexp.MustCompile(`^P([0-9]{1,6})([YMWD])$`)

// period words a simple ISO 8601 period; everything else is shown as it was written.
func period(text string) string {
	m := iso.FindStringSubmatch(text)
	if m == nil {
		return text
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return text
	}
	unit := map[string]string{"Y": "year", "M": "month", "W": "week", "D": "day"}[m[2]]
	return ui.Count(n, unit, unit+"s")
}
