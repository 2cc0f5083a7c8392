package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"weir/graph"
)

// job joins what an event says of its job.
func (j *join) job(p *Prepared) error {
	j.nameJob(p.job)
	rs, err := j.registers(p.job.id)
	if err != nil {
		return err
	}
	j.see(p.job.id, p.event.At)
	j.nameValues(p.event.Job.Values)
	for field, values := range p.event.Job.Values {
		if field == FieldCode && p.code.ID != "" {
			values = []string{string(p.code.ID)}
		}
		if rs.set(keyEvent+string(field), p.stamp, values...) {
			j.reshow[p.job.id] = true
		}
	}
	facets := make([]preparedFacet, len(p.event.Job.Facets))
	for i, x := range p.event.Job.Facets {
		facets[i] = prepareFacet(x)
	}
	j.keepFacets(rs, p.stamp, facets)
	return nil
}

// nameJob makes a transform or consumer known.
func (j *join) nameJob(job jobRef) {
	var isNew bool
	if job.consumer != "" {
		_, isNew = j.consumers.make(job.id, Consumer{
			ID: job.id, Namespace: job.namespace, Name: job.name, Type: job.consumer, Audience: openAudience,
		})
	} else {
		t := Transform{ID: job.id, Namespace: job.namespace, Name: job.name, Silent: true, Audience: openAudience}
		if job.implicit {
			t.Type, t.Title = "implicit", "Lineage stated without a job"
		}
		_, isNew = j.transforms.make(job.id, t)
	}
	if isNew {
		j.change(job.id, "created", "", job.namespace+" / "+job.name)
	}
}

// state joins a lineage statement: when it was made first and last. Its edges follow in joinLineage.
func (j *join) state(p *Prepared, st stated) error {
	j.nameJob(st.job)
	if t := j.transforms.find(st.subject); t != nil {
		t.Silent = false
	}
	j.mark(p, st)
	for _, c := range st.closes {
		if err := j.close(p, c); err != nil {
			return err
		}
	}
	return nil
}

// mark joins a lineage statement in, and notes whether it is new or reaches further back (true), or was only made again
// (false).
func (j *join) mark(p *Prepared, st stated) {
	s, isNew := j.statements.make(st.id, statement{
		Subject: st.subject, Source: p.source, First: p.event.At, Last: p.event.At, How: p.event.How, Run: p.run,
	})
	j.said[st.id] = st
	if isNew {
		s.Body = packer.EncodeAll(st.body, nil)
		j.links = append(j.links, graph.Edge{From: st.subject, To: st.id, Rel: RelStates})
		j.moved[st.id] = true
		return
	}
	how := strongest(s.How, p.event.How)
	if p.event.At.Before(s.First) || how != s.How {
		s.How = how
		if p.event.At.Before(s.First) {
			s.First = p.event.At
		}
		j.moved[st.id] = true
	}
	if later(p.event.At, s.Last, p.run, s.Run) {
		s.Last, s.Run = p.event.At, p.run
		if _, noted := j.moved[st.id]; !noted {
			j.moved[st.id] = false
		}
	}
}

// later orders statements by time, then by run.
func later(a, b time.Time, runA, runB graph.ID) bool {
	return a.After(b) || a.Equal(b) && runA > runB
}

func strongest(a, b How) How {
	order := []How{Inferred, Declared, Observed}
	if slices.Index(order, a) > slices.Index(order, b) {
		return a
	}
	return b
}

// completion is the last completed run of a job by one source that stated data: what tells whether an edge of that source
// is still confirmed.
type completion struct {
	source graph.ID
	at     time.Time // of completion
	run    graph.ID
	first  time.Time // of the run's first event
}

func (c completion) String() string {
	return fmt.Sprintf("%s|%d|%s|%d", c.source, c.at.UnixMicro(), c.run, c.first.UnixMicro())
}

func parseCompletion(s string) (completion, bool) {
	parts := strings.Split(s, "|")
	if len(parts) != 4 {
		return completion{}, false
	}
	at, err := strconv.ParseInt(parts[1], 10, 64)
	first, err2 := strconv.ParseInt(parts[3], 10, 64)
	return completion{graph.ID(parts[0]), time.UnixMicro(at).UTC(), graph.ID(parts[2]), time.UnixMicro(first).UTC()},
		err == nil && err2 == nil
}

// complete joins a completion into the list of a job, which is sorted by source.
func complete(list []string, c completion) []string {
	out := slices.Clone(list)
	i, found := slices.BinarySearchFunc(out, string(c.source), func(s, source string) int {
		before, _, _ := strings.Cut(s, "|")
		return cmp.Compare(before, source)
	})
	if !found {
		return slices.Insert(out, i, c.String())
	}
	old, ok := parseCompletion(out[i])
	if !ok || old.run == c.run || later(c.at, old.at, c.run, old.run) {
		out[i] = c.String()
	}
	return out
}
