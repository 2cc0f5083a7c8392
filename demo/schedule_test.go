package demo

import (
	"slices"
	"testing"
	"time"

	"weir/catalog"
)

func jobOf(t *testing.T, name string) *job {
	t.Helper()
	i := slices.IndexFunc(jobs, func(j job) bool { return j.name == name })
	if i < 0 {
		t.Fatalf("no job %s", name)
	}
	return &jobs[i]
}

func TestOneJobFailsTodayAndOneIsLate(t *testing.T) {
	runs := jobOf(t, "find_fraud").runs(morning)
	last := runs[len(runs)-1]
	if last.message == "" || morning.Sub(last.end) > daily || runs[len(runs)-2].message != "" {
		t.Errorf("the last run ended %s with %q", last.end, last.message)
	}
	runs = jobOf(t, "orders_daily").runs(morning)
	if age := morning.Sub(runs[len(runs)-1].end); age < 4*time.Hour || age > 6*time.Hour {
		t.Errorf("Orders daily is %s old", age)
	}
}

func TestRunsFailOnceInAWhile(t *testing.T) {
	total, failed := 0, 0
	for i := range jobs {
		runs := jobs[i].runs(morning)
		for k, r := range runs {
			total++
			if r.message == "" {
				continue
			}
			failed++
			if k+1 < len(runs) && (!runs[k+1].slot.Equal(r.slot) || runs[k+1].message != "") {
				t.Errorf("%s of %s was not tried again", jobs[i].name, r.slot)
			}
		}
	}
	if failed < 20 || failed > total/30 {
		t.Errorf("%d of %d runs failed", failed, total)
	}
}

func TestARunGoesOnWhileItGoesOn(t *testing.T) {
	j := jobOf(t, "churn_features")
	runs := j.runs(morning)
	last := runs[len(runs)-1]
	midway := last.start.Add(last.end.Sub(last.start) / 2)
	if n := len(last.events(midway)); n != 1 {
		t.Errorf("%d events midway", n)
	}
	if n := len(last.events(last.end)); n != 2 {
		t.Errorf("%d events at the end", n)
	}
}

func TestALaterDayAddsToTheRunsOfToday(t *testing.T) {
	tomorrow := map[string]bool{}
	for _, e := range parsed(t, morning.Add(daily)) {
		if e.Run != nil {
			tomorrow[e.Run.UUID] = true
		}
	}
	recent := morning.Add(-12 * time.Hour)
	for i := range jobs {
		if jobs[i].every == hourly {
			continue // their runs thin out
		}
		for _, r := range jobs[i].runs(morning) {
			if r.start.After(recent) && r.message == "" && !tomorrow[r.id()] {
				t.Errorf("%s of %s is unknown tomorrow", jobs[i].name, r.slot)
			}
		}
	}
}

func TestJobsChangeWhatTheyRead(t *testing.T) {
	tests := []struct {
		job, input string
		days       int // ago
		added      bool
	}{
		{"customer_360", "analytics.mart.support_topics", 21, true},
		{"audience", "analytics.mart.segments", 12, false},
		{"segments", "analytics.mart.rfm_scores", 36, false},
	}
	for _, tt := range tests {
		change := morning.Truncate(daily).AddDate(0, 0, -tt.days)
		for _, r := range jobOf(t, tt.job).runs(morning) {
			reads := slices.Contains(r.job.names(r.query), tt.input)
			if after := !r.slot.Before(change); reads != (after == tt.added) {
				t.Errorf("%s at %s reads %s: %t", tt.job, r.slot, tt.input, reads)
			}
		}
	}
}

func TestEachQueryIsToldAtItsBeginningAndItsEnd(t *testing.T) {
	n := 0
	for _, e := range parsed(t, morning) {
		if e.Job != nil && e.Job.Name == "customer_360" && e.Job.Values[catalog.FieldCode] != nil {
			n++
		}
	}
	if n != 4 {
		t.Errorf("two queries were told %d times", n)
	}
}

func TestTheLastCompletedRunIsTold(t *testing.T) {
	for i := range jobs {
		runs := jobs[i].runs(morning)
		if len(runs) == 0 {
			continue
		}
		last := lastComplete(runs, morning)
		for _, r := range runs[last+1:] {
			if r.message == "" && !r.end.After(morning) {
				t.Errorf("%s was completed at %s, after the last", jobs[i].name, r.end)
			}
		}
		if !runs[last].whole || runs[last].message != "" {
			t.Errorf("the last completed run of %s says little", jobs[i].name)
		}
	}
}

func TestOneNameIsAnother(t *testing.T) {
	for _, e := range parsed(t, morning) {
		for _, d := range e.Datasets {
			if len(d.Symlinks) == 1 && d.Symlinks[0] == (catalog.Symlink{Namespace: metastore.namespace, Name: "ml.churn_features", Type: "TABLE"}) {
				return
			}
		}
	}
	t.Error("the churn features have one name only")
}

func TestQuestionsAskAboutWhatIsThere(t *testing.T) {
	for _, q := range Questions {
		switch s := q.Subject; {
		case s.Query != "":
		case s.IsConsumer:
			if j := jobOf(t, s.Name); j.engine.namespace != s.Namespace || j.writes() {
				t.Errorf("%s: no such consumer", q.Title)
			}
		default:
			d := tableOf(s.Name)
			if d.on.namespace != s.Namespace || s.Column != "" && !d.has(s.Column) {
				t.Errorf("%s: no such data", q.Title)
			}
		}
	}
	if len(Questions) != 4 {
		t.Errorf("%d questions", len(Questions))
	}
}
