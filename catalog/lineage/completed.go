package lineage

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// completedRuns returns, by source, the time of the first event of the job's last completed run that stated data.
func completedRuns(job graph.Node) (map[string]time.Time, error) {
	var lines []string
	switch job.Kind {
	case catalog.TransformType.Kind:
		t, err := read(catalog.TransformType, job)
		if err != nil {
			return nil, err
		}
		lines = t.Completed
	case catalog.ConsumerKind.Kind:
		c, err := read(catalog.ConsumerKind, job)
		if err != nil {
			return nil, err
		}
		lines = c.Completed
	}
	out := make(map[string]time.Time, len(lines))
	for _, line := range lines {
		source, first, err := parseCompleted(line)
		if err != nil {
			return nil, errs.Wrap(err, errs.Internal, "Something in the catalog can't be read.")
		}
		out[source] = first
	}
	return out, nil
}

// parseCompleted reads "source|time of completion|run|time of its first event", times in microseconds since 1970.
func parseCompleted(line string) (source string, first time.Time, err error) {
	parts := strings.Split(line, "|")
	if len(parts) != 4 {
		return "", time.Time{}, fmt.Errorf("completed run %q has %d parts, not 4", line, len(parts))
	}
	micros, err := strconv.ParseInt(parts[3], 10, 64)
	return parts[0], time.UnixMicro(micros).UTC(), err
}
