package catalog

import (
	"slices"
	"strings"

	"weir/authz"
	"weir/graph"
)

// An asset's audience is derived, and written by nothing but this file and place_domain.go: of its own visibility, else
// that of its domain, else open (or what Unassigned says where there is no domain). The names of a dataset share that of
// the head. A transform has none of its own: it is seen with the widest of its datasets, never wider.

// audienceKey is the audience of what has a visibility ("" for none) in a domain with a default ("" for none).
func audienceKey(v authz.Visibility, domain graph.ID, byDefault, unassigned authz.Visibility) string {
	if v == "" {
		v = byDefault
	}
	if v == "" && domain == "" {
		v = unassigned
	}
	if v == "" {
		v = authz.Open
	}
	return authz.Audience(v, domain)
}

// widest is the audience of a transform over datasets with these: open if one is open, else one inside a domain before one
// that is closed, else the smallest.
func widest(keys []string) string {
	rank := func(key string) string {
		switch {
		case key == string(authz.Open):
			return "0"
		case strings.HasPrefix(key, "d:"):
			return "1" + key
		}
		return "2" + key
	}
	return slices.MinFunc(keys, func(a, b string) int { return strings.Compare(rank(a), rank(b)) })
}

// place brings the audiences of what this join changed in line. In the usual case, nothing having moved, it reads nothing.
func (j *join) place() error {
	heads := j.movedHeads()
	if err := j.readDomains(heads); err != nil {
		return err
	}
	for id, c := range j.domains.cells {
		c.now.Audience = audienceKey(c.now.Visibility, id, "", authz.Open)
	}
	for _, c := range j.consumers.cells {
		if d := &c.now; !c.known || c.was.Domain != d.Domain || c.was.Visibility != d.Visibility {
			d.Audience = j.keyOf(d.Visibility, d.Domain)
		}
	}
	var changed []graph.ID // datasets that transforms in the store may stand beside
	for _, head := range heads {
		d := j.datasets.find(head)
		key := j.keyOf(d.Visibility, d.Domain)
		for _, id := range append(j.members(head), head) {
			c, ok := j.datasets.cells[id]
			if !ok || c.now.Audience == key {
				continue
			}
			c.now.Audience = key
			if c.known {
				changed = append(changed, id)
			}
		}
	}
	return j.placeJobs(changed)
}

// movedHeads are the heads of the datasets whose place may differ from before.
func (j *join) movedHeads() []graph.ID {
	heads := map[graph.ID]bool{}
	for id, c := range j.datasets.cells {
		if !c.known || c.was.Domain != c.now.Domain || c.was.Visibility != c.now.Visibility || c.was.Head != c.now.Head {
			heads[j.head(id)] = true
		}
	}
	out := sortedKeys(heads)
	return slices.DeleteFunc(out, func(id graph.ID) bool { return j.datasets.find(id) == nil })
}

// readDomains reads the domains that decide about what has moved.
func (j *join) readDomains(heads []graph.ID) error {
	var want []graph.ID
	for _, id := range heads {
		want = append(want, j.datasets.find(id).Domain)
	}
	for _, c := range j.consumers.cells {
		if !c.known || c.was.Domain != c.now.Domain || c.was.Visibility != c.now.Visibility {
			want = append(want, c.now.Domain)
		}
	}
	return j.read(want)
}

// keyOf is the audience in a domain that was read; one that is new has no default.
func (j *join) keyOf(v authz.Visibility, domain graph.ID) string {
	var byDefault authz.Visibility
	if d := j.domains.find(domain); d != nil {
		byDefault = d.Visibility
	}
	return audienceKey(v, domain, byDefault, j.unassigned)
}

// placeJobs works out the audiences of the transforms around datasets whose audience changed, and of those whose inputs or
// outputs did.
func (j *join) placeJobs(changed []graph.ID) error {
	if err := j.readEdges(changed, graph.Out, RelInput); err != nil {
		return err
	}
	if err := j.readEdges(changed, graph.In, RelOutput); err != nil {
		return err
	}
	jobs := j.movedJobs(changed)
	if len(jobs) == 0 {
		return nil
	}
	if err := j.read(slices.Clone(jobs)); err != nil {
		return err
	}
	if err := j.readAround(jobs); err != nil {
		return err
	}
	data := j.dataOf(jobs)
	var domains []graph.ID
	for _, id := range jobs {
		if t := j.transforms.find(id); t != nil && len(data[id]) == 0 {
			domains = append(domains, t.Domain)
		}
	}
	if err := j.read(domains); err != nil {
		return err
	}
	for _, id := range jobs {
		t := j.transforms.find(id)
		if t == nil {
			continue // a consumer that some source called a transform
		}
		if keys := data[id]; len(keys) > 0 {
			t.Audience = widest(keys)
		} else {
			t.Audience = j.keyOf("", t.Domain)
		}
	}
	return nil
}

// movedJobs are the transforms whose audience may differ from before.
func (j *join) movedJobs(changed []graph.ID) []graph.ID {
	at := map[graph.ID]bool{}
	for _, id := range changed {
		at[id] = true
	}
	jobs := map[graph.ID]bool{}
	for id, c := range j.transforms.cells {
		if !c.known || c.was.Domain != c.now.Domain {
			jobs[id] = true
		}
	}
	for k, e := range j.edges {
		job, data, ok := k.ends()
		if ok && (at[data] || !e.dropped && len(e.rows) == 0 || e.open() != e.holdsOn()) {
			jobs[job] = true
		}
	}
	return sortedKeys(jobs)
}

// ends are the transform and the dataset of an input or output.
func (k edgeKey) ends() (job, data graph.ID, ok bool) {
	switch k.rel {
	case RelInput:
		return k.to, k.from, true
	case RelOutput:
		return k.from, k.to, true
	}
	return "", "", false
}

// holdsOn tells whether an edge is to hold after this join.
func (e *edge) holdsOn() bool {
	switch {
	case e.dropped:
		return false
	case e.dirty:
		return e.ended.IsZero()
	}
	return e.open()
}

// readAround reads all inputs and outputs of transforms, as far as they weren't read, and the datasets there.
func (j *join) readAround(jobs []graph.ID) error {
	var rest []graph.ID
	for _, id := range jobs {
		if c, ok := j.transforms.cells[id]; ok && c.known && !j.around[id] {
			rest = append(rest, id)
		}
	}
	if err := j.readEdges(rest, graph.In, RelInput); err != nil {
		return err
	}
	if err := j.readEdges(rest, graph.Out, RelOutput); err != nil {
		return err
	}
	at := map[graph.ID]bool{}
	for _, id := range jobs {
		at[id] = true
	}
	var want []graph.ID
	for k := range j.edges {
		if job, data, ok := k.ends(); ok && at[job] {
			want = append(want, data)
		}
	}
	return j.read(want)
}

// dataOf are the audiences of the datasets around each transform: of those that it reads or writes, or, where all of that
// ended, of those that it did.
func (j *join) dataOf(jobs []graph.ID) map[graph.ID][]string {
	now, ever := map[graph.ID][]string{}, map[graph.ID][]string{}
	for k, e := range j.edges {
		job, data, ok := k.ends()
		d := j.datasets.find(data)
		if !ok || e.dropped || d == nil {
			continue
		}
		ever[job] = append(ever[job], d.Audience)
		if e.holdsOn() {
			now[job] = append(now[job], d.Audience)
		}
	}
	for _, id := range jobs {
		if len(now[id]) == 0 {
			now[id] = ever[id]
		}
	}
	return now
}
