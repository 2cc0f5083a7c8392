package demo

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"time"
)

// run is one execution of a job.
type run struct {
	job        *job
	query      query
	slot       time.Time // when it was due
	start, end time.Time
	attempt    int
	message    string // of a run that failed
	whole      bool   // it says all that its client knows; others name only what they read and wrote
}

// The schedule of hourly jobs thins out towards the past: nobody looks at the hours of last month, and the demo has to
// be there in seconds.
const (
	everyHour = 24 * time.Hour
	everySix  = 5 * daily
)

// runs lists the runs of a job that began before now, from the oldest to the newest.
func (j *job) runs(now time.Time) []run {
	slots := j.slots(now)
	var all []run
	for i, slot := range slots {
		r := j.run(now, slot, 0)
		if i == len(slots)-1 && j.fails != "" {
			r.message = j.fails
		} else if j.stumbles(slot) {
			r.message = j.mishap(slot)
			all = append(all, r)
			r = j.run(now, slot, 1)
		}
		all = append(all, r)
	}
	all = slices.DeleteFunc(all, func(r run) bool { return r.start.After(now) })
	tellWhole(all, now)
	return all
}

// slots lists when a job was due.
func (j *job) slots(now time.Time) []time.Time {
	if j.every == 0 {
		return nil
	}
	today := now.Truncate(daily)
	age := History
	if j.age > 0 {
		age = j.age
	}
	var all []time.Time
	for day := today.AddDate(0, 0, -age); !day.After(today.AddDate(0, 0, -j.ended)); day = day.AddDate(0, 0, 1) {
		switch j.every {
		case hourly:
			for slot := day; slot.Before(day.Add(daily)); slot = slot.Add(hourly) {
				if back := now.Sub(slot); back < everyHour || back < everySix && slot.Hour()%6 == 2 || slot.Hour() == 2 {
					all = append(all, slot.Add(j.at))
				}
			}
		case weekly:
			if day.Weekday() == time.Monday {
				all = append(all, day.Add(j.at))
			}
		default:
			all = append(all, day.Add(j.at))
		}
	}
	return slices.DeleteFunc(all, func(slot time.Time) bool { return slot.After(now.Add(-j.late)) })
}

// run makes the run of a slot. Runs begin a little late and don't take equally long.
func (j *job) run(now, slot time.Time, attempt int) run {
	n := j.chance(slot, attempt)
	start := slot.Add(time.Duration(n%40_000) * time.Millisecond)
	if attempt > 0 {
		start = start.Add(2*j.takes + 5*time.Minute)
	}
	takes := j.takes*8/10 + j.takes*time.Duration(n/40_000%600)/1000
	return run{job: j, query: j.queryAt(now, slot), slot: slot, start: start, end: start.Add(takes), attempt: attempt}
}

// queryAt is what the job did at a time.
func (j *job) queryAt(now, at time.Time) query {
	if j.former.until > 0 && at.Before(now.Truncate(daily).AddDate(0, 0, -j.former.until)) {
		return j.former.query
	}
	return j.query
}

// chance is a number that follows from the job, the time and the attempt alone.
func (j *job) chance(slot time.Time, attempt int) uint64 {
	d := j.digest(slot, attempt, "chance")
	return binary.BigEndian.Uint64(d[:8])
}

func (j *job) digest(slot time.Time, attempt int, what string) [32]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%s/%s/%d/%d/%s", j.engine.namespace, j.name, slot.Unix(), attempt, what))
}

// stumbles tells whether a run failed before its second attempt succeeded.
func (j *job) stumbles(slot time.Time) bool {
	return j.writes() && j.chance(slot, 0)>>32%67 == 0
}

// lastComplete is the index of the last run that was completed by now.
func lastComplete(runs []run, now time.Time) int {
	for i := len(runs) - 1; i > 0; i-- {
		if runs[i].message == "" && !runs[i].end.After(now) {
			return i
		}
	}
	return 0
}

// tellWhole marks the first and the last completed run of each query of a job: between them it holds, so that the runs
// in between need not repeat it.
func tellWhole(runs []run, now time.Time) {
	first := true
	for i := range runs {
		if i > 0 && runs[i].query.key() != runs[i-1].query.key() {
			runs[lastComplete(runs[:i], now)].whole = true
			first = true
		}
		if first && runs[i].message == "" {
			runs[i].whole, first = true, false
		}
	}
	if len(runs) > 0 {
		runs[lastComplete(runs, now)].whole = true
	}
}

// key tells queries apart.
func (q query) key() string { return fmt.Sprint(q) }
