package gqlschema

import (
	"context"
	"slices"

	"weir/audit"
	"weir/graph"
)

// What a page of the feed costs at most.
const (
	feedChanges = 5_000 // changes of a page; an entry that has more comes in parts
	feedEntries = 1_000 // entries that are looked through for what a viewer may see
	feedBatch   = 50    // entries that are read at once
)

// feedPage is what was read.
type feedPage struct {
	steps []step
	next  spot // where it goes on
	more  bool // there is more by now
}

// read reads at most first steps from a spot on, as the viewer may see them.
func (f feed) read(ctx context.Context, from spot, first int) (feedPage, error) {
	out, err := f.gather(ctx, from, first)
	if err != nil {
		return out, err
	}
	return out, f.withhold(ctx, out.steps)
}

// withhold takes names of what is hidden out of the changes of what is not, as lineage between the two has them. A part
// that loses some is not shown whole.
func (f feed) withhold(ctx context.Context, steps []step) error {
	if f.policy.Visible(ctx) == nil || len(steps) == 0 {
		return nil
	}
	entries := make([]audit.Entry, len(steps))
	for i, s := range steps {
		for _, c := range s.changes {
			if _, ours := shownKinds[kindOf(c.Asset)]; ours {
				entries[i].Changes = append(entries[i].Changes, c)
			}
		}
	}
	shown, err := f.catalog.ShownEntries(ctx, entries)
	if err != nil {
		return err
	}
	for i := range steps {
		s, safe := &steps[i], shown[i].Changes
		if slices.Equal(entries[i].Changes, safe) {
			continue
		}
		for _, c := range s.changes {
			if _, ours := shownKinds[kindOf(c.Asset)]; !ours {
				safe = append(safe, c)
			}
		}
		s.changes, s.all = safe, false
	}
	return nil
}

// gather reads steps with the changes of what the viewer may see.
func (f feed) gather(ctx context.Context, from spot, first int) (feedPage, error) {
	out := feedPage{next: from}
	room := feedChanges
	for looked := 0; looked < feedEntries; {
		entries, last, err := f.batch(ctx, out.next, min(feedBatch, first+1))
		if err != nil {
			return out, err
		}
		v, err := f.look(ctx, entries)
		if err != nil {
			return out, err
		}
		for _, e := range entries {
			looked++
			if len(out.steps) == first || room <= 0 {
				out.more = true
				return out, nil
			}
			s, ok := f.part(e, out.next, room, v)
			if ok {
				out.steps = append(out.steps, s)
				room -= len(s.changes)
			}
			out.next = s.at
			if s.at.index > 0 {
				out.more = true
				return out, nil
			}
		}
		if last {
			return out, nil
		}
	}
	out.more = true
	return out, nil
}

// batch reads the entries behind a spot, with the one that it stands within; last tells that there are no more for now.
func (f feed) batch(ctx context.Context, from spot, most int) ([]audit.Entry, bool, error) {
	after := from.seq
	if from.index > 0 {
		after--
	}
	entries, err := audit.Since(ctx, f.log, after, most)
	if err != nil {
		return nil, false, err
	}
	last := len(entries) < most
	if i := slices.IndexFunc(entries, func(e audit.Entry) bool { return e.Seq > f.until() }); i >= 0 {
		entries, last = entries[:i], true
	}
	return entries, last, nil
}

// view is what is known beside entries.
type view struct {
	see      map[graph.ID]bool // assets that the viewer may see; nil is all
	exhibits map[int64]exhibit // by the number of the entry
}

func (f feed) look(ctx context.Context, entries []audit.Entry) (v view, err error) {
	if v.see, err = f.seen(ctx, entries); err != nil {
		return v, err
	}
	v.exhibits, err = f.want.exhibits(ctx, f.log, entries)
	return v, err
}

// part is what comes next of an entry, at most room changes of it; false if there is nothing in it for the viewer.
func (f feed) part(e audit.Entry, from spot, room int, v view) (step, bool) {
	s := step{entry: e, at: spot{seq: e.Seq}, exhibit: v.exhibits[e.Seq]}
	if from.seq == e.Seq {
		s.index = min(from.index, len(e.Changes))
	}
	part := e.Changes[s.index:]
	if len(part) > room {
		part, s.at.index = part[:room], s.index+room
	}
	for _, c := range part {
		if f.sees(c.Asset, v.see) {
			s.changes = append(s.changes, c)
		}
	}
	s.all = len(s.changes) == len(part)
	if !f.whole && !f.sees(e.Target, v.see) {
		s.entry.Target = ""
	}
	return s, f.whole || len(s.changes) > 0
}

// sees tells whether the viewer may know of what changed. Of people, roles and rules only who may read the log does.
func (f feed) sees(id graph.ID, see map[graph.ID]bool) bool {
	if _, ours := shownKinds[kindOf(id)]; !ours {
		return f.whole
	}
	return see == nil || see[id]
}

// seen are the assets in entries that the viewer may see; nil is all of them.
func (f feed) seen(ctx context.Context, entries []audit.Entry) (map[graph.ID]bool, error) {
	if f.policy.Visible(ctx) == nil {
		return nil, nil
	}
	var asked []graph.ID
	for _, e := range entries {
		asked = append(asked, e.Target)
		for _, c := range e.Changes {
			asked = append(asked, c.Asset)
		}
	}
	asked = slices.DeleteFunc(asked, func(id graph.ID) bool { _, ours := shownKinds[kindOf(id)]; return !ours })
	slices.Sort(asked)
	out := map[graph.ID]bool{}
	for part := range slices.Chunk(slices.Compact(asked), graph.MaxBatch) {
		found, err := f.catalog.Assets(ctx, part...)
		if err != nil {
			return nil, err
		}
		for id := range found {
			out[id] = true
		}
	}
	return out, nil
}
