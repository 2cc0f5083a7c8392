// Package demo is a sample company: its data, the jobs that make and use it, and three months of their runs, told in the
// words of real OpenLineage clients. It does no input or output: the events go in where all events go in.
package demo

import (
	"iter"
	"slices"
	"time"
)

// Company is the name of the sample company, a retailer of home goods.
const Company = "Halden Home"

// History is how far back the runs go, in days.
const History = 90

// Events yields the company's OpenLineage events, relative to now and none later than now. The same now gives the same
// bytes. The id of a run follows from its job and time, so that events of a later day add to those of an earlier one.
//
// What describes the data comes first, then the last run of each job, then all other runs from the newest to the oldest.
// Intake ends in the same graph whatever the order, so the order is chosen for whoever waits for the first page: a few
// hundred events show the whole company, and the past fills in behind it.
func Events(now time.Time) iter.Seq[[]byte] {
	now = now.UTC().Truncate(time.Microsecond)
	return func(yield func([]byte) bool) {
		for _, e := range descriptions(now) {
			if !yield(encode(e)) {
				return
			}
		}
		for _, r := range schedule(now) {
			for _, e := range r.events(now) {
				if !yield(encode(e)) {
					return
				}
			}
		}
	}
}

// schedule lists all runs in the order in which they are told.
func schedule(now time.Time) []run {
	var first, rest []run
	for i := range jobs {
		runs := jobs[i].runs(now)
		if len(runs) == 0 {
			continue
		}
		// The last complete run says all that there is to say about the job; a failed one after it comes along.
		n := lastComplete(runs, now)
		first = append(first, runs[n:]...)
		rest = append(rest, runs[:n]...)
	}
	newestFirst := func(a, b run) int { return b.start.Compare(a.start) }
	slices.SortStableFunc(first, newestFirst)
	slices.SortStableFunc(rest, newestFirst)
	return append(first, rest...)
}
