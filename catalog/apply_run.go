package catalog

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"weir/errs"
	"weir/graph"
)

// joinRun joins what an event says of its run, and tells the job about it.
func (j *join) joinRun(p *Prepared) error {
	f := p.event.Run
	r, isNew := j.runs.make(p.run, Run{ID: p.run, Job: p.job.id, UUID: f.UUID, First: p.event.At, Last: p.event.At})
	if isNew || r.First.IsZero() {
		r.Job, r.First, r.Last = p.job.id, p.event.At, p.event.At
	}
	if p.event.At.Before(r.First) {
		r.First = p.event.At
	}
	if p.event.At.After(r.Last) {
		r.Last = p.event.At
	}
	r.Events = addRunEvent(r.Events, runEvent{p.event.At, f.Type, strconv.FormatUint(p.stamp.hash, 36)})
	r.State, r.Started, r.Ended = runState(r.Events)
	rs, err := parseRegisters(r.Registers)
	if err != nil {
		return errs.Wrap(err, errs.Internal, "A run can't be read.")
	}
	j.joinRunValues(p, r, rs)
	r.Registers = rs.bytes()
	j.tellJob(p, r, rs)
	return nil
}

// joinRunValues joins the single values of a run, and the data that it read and wrote.
func (j *join) joinRunValues(p *Prepared, r *Run, rs registers) {
	f := p.event.Run
	set := func(key string, values ...string) {
		if values[0] != "" {
			rs.set(key, p.stamp, values...)
		}
	}
	set("error", f.Error)
	set("engine", f.Engine)
	set("producer", p.event.Producer)
	rs.set("source", p.stamp, string(p.source))
	if !f.NominalStart.IsZero() {
		rs.set("nominal", p.stamp, micros(f.NominalStart), micros(f.NominalEnd))
	}
	if f.Parent != nil {
		rs.set("parent", p.stamp, string(j.parent(p)))
	}
	for i := range p.datasets {
		d := &p.datasets[i]
		switch d.fact.Role {
		case Input:
			rs.set("in:"+string(d.id), stamp{0, 0, ""}) // that it read it is kept, its version if there is one
			set("inv:"+string(d.id), d.fact.Version)
		case Output:
			rs.set("out:"+string(d.id), stamp{0, 0, ""})
			set("outv:"+string(d.id), d.fact.Version)
			if d.fact.Rows > 0 || d.fact.Bytes > 0 {
				set("wrote:"+string(d.id), strconv.FormatInt(d.fact.Rows, 10), strconv.FormatInt(d.fact.Bytes, 10))
			}
		}
	}
	if len(p.lineage) > 0 {
		r.Stated = true
		rs.set("stated:"+string(p.source), stamp{0, 0, ""})
	}
	r.Error, r.Engine, r.Producer = rs.value("error"), rs.value("engine"), rs.value("producer")
	r.Source, r.Parent = graph.ID(rs.value("source")), graph.ID(rs.value("parent"))
	if v := rs["nominal"].Values; len(v) == 2 {
		r.NominalStart, r.NominalEnd = fromMicros(v[0]), fromMicros(v[1])
	}
	r.Rows, r.Bytes = written(rs)
}

func written(rs registers) (rows, bytes int64) {
	for key, reg := range rs {
		if strings.HasPrefix(key, "wrote:") && len(reg.Values) == 2 {
			rows += number(reg.Values[0])
			bytes += number(reg.Values[1])
		}
	}
	return rows, bytes
}

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0 // we wrote it ourselves from an int64
	}
	return n
}

func micros(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.UnixMicro(), 10)
}

func fromMicros(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	return time.UnixMicro(number(s)).UTC()
}

// parent makes the run that started this one known; it may never send an event of its own. It returns its id.
func (j *join) parent(p *Prepared) graph.ID {
	f := p.event.Run.Parent
	job := jobOf(f.Namespace, f.Name, "")
	run := RunID(f.Namespace, f.Name, f.UUID)
	if job.id == p.job.id {
		return run // a wrapper that names itself
	}
	j.nameJob(job)
	j.runs.make(run, Run{ID: run, Job: job.id, UUID: f.UUID})
	j.links = append(j.links,
		graph.Edge{From: job.id, To: p.job.id, Rel: RelParent},
		graph.Edge{From: run, To: p.run, Rel: RelParent})
	return run
}

// tellJob joins what a run means for its job: when it ran last and how that ended, what its source completed, and when its
// outputs were written.
func (j *join) tellJob(p *Prepared, r *Run, rs registers) {
	completed := completedAt(r.Events)
	last := func(run *graph.ID, at *time.Time, state *RunState, list *[]string) {
		if *run == r.ID || later(r.Last, *at, r.ID, *run) {
			*run, *at, *state = r.ID, r.Last, r.State
		}
		for key := range rs {
			if source, ok := strings.CutPrefix(key, "stated:"); ok && !completed.IsZero() {
				*list = complete(*list, completion{graph.ID(source), completed, r.ID, r.First})
			}
		}
	}
	if t := j.transforms.find(p.job.id); t != nil {
		last(&t.LastRun, &t.RanAt, &t.LastState, &t.Completed)
	}
	if t := j.consumers.find(p.job.id); t != nil {
		last(&t.LastRun, &t.RanAt, &t.LastState, &t.Completed)
	}
	if completed.IsZero() {
		return
	}
	for key := range rs {
		if id, ok := strings.CutPrefix(key, "out:"); ok {
			j.wrote(graph.ID(id), completed)
		}
	}
}

// wrote joins the time at which a run that wrote a dataset was completed.
func (j *join) wrote(dataset graph.ID, at time.Time) {
	if f := j.factsOf(dataset); at.After(f.Written) {
		f.Written = at
		j.freshen[dataset] = true
	}
}

// runEvent is one event of a run, as Run.Events keeps it.
type runEvent struct {
	at   time.Time
	what EventType
	hash string
}

func (e runEvent) String() string {
	return e.at.Format(time.RFC3339Nano) + "|" + string(e.what) + "|" + e.hash
}

func parseRunEvent(s string) (runEvent, bool) {
	parts := strings.SplitN(s, "|", 3)
	if len(parts) != 3 {
		return runEvent{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, parts[0])
	return runEvent{at.UTC(), EventType(parts[1]), parts[2]}, err == nil
}

// addRunEvent joins an event into a run's list, which is ordered by time, type and hash. Of each type the first
// and the last are kept: what came between says nothing more.
func addRunEvent(list []string, e runEvent) []string {
	all := []runEvent{e}
	for _, s := range list {
		if x, ok := parseRunEvent(s); ok {
			all = append(all, x)
		}
	}
	slices.SortFunc(all, func(a, b runEvent) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return strings.Compare(string(a.what)+a.hash, string(b.what)+b.hash)
	})
	first, last := map[EventType]int{}, map[EventType]int{}
	for i, x := range all {
		if _, ok := first[x.what]; !ok {
			first[x.what] = i
		}
		last[x.what] = i
	}
	var out []string
	for i, x := range all {
		if first[x.what] == i || last[x.what] == i {
			out = append(out, x.String())
		}
	}
	return slices.Compact(out)
}

// runState derives a run's state: the last of COMPLETE, FAIL and ABORT decides (Spark sends a FAIL and then a COMPLETE for
// one run); at equal times the worse one. Without any the run is running.
func runState(events []string) (state RunState, started, ended time.Time) {
	state = Other
	rank := map[RunState]int{Other: 0, Running: 0, Completed: 1, Aborted: 2, Failed: 3}
	for _, s := range events {
		e, ok := parseRunEvent(s)
		if !ok {
			continue
		}
		next, terminal := stateOf(e.what)
		switch {
		case e.what == EventStart && started.IsZero():
			started = e.at
		case terminal && (e.at.After(ended) || rank[next] > rank[state]):
			state, ended = next, e.at
		}
		if !terminal && next == Running && ended.IsZero() {
			state = Running
		}
	}
	return state, started, ended
}

func stateOf(t EventType) (s RunState, terminal bool) {
	switch t {
	case EventComplete:
		return Completed, true
	case EventFail:
		return Failed, true
	case EventAbort:
		return Aborted, true
	case EventStart, EventRunning:
		return Running, false
	}
	return Other, false
}

// completedAt is the time of the last COMPLETE; zero if none came.
func completedAt(events []string) time.Time {
	var at time.Time
	for _, s := range events {
		if e, ok := parseRunEvent(s); ok && e.what == EventComplete && e.at.After(at) {
			at = e.at
		}
	}
	return at
}
