package web

import (
	"slices"

	"weir/catalog"
	"weir/catalog/lineage"
	"weir/graph"
	view "weir/views/lineage"
)

// linker collects the lines of a picture, each once.
type linker struct {
	*canvas
	rows  map[string]bool // ids of the rows that are shown
	place map[[4]string]int
	links []view.Link
}

// links are the lines of a picture. Where columns tell more than datasets do, theirs take the place.
func (c *canvas) links(cards []view.Card) []view.Link {
	l := &linker{canvas: c, rows: map[string]bool{}, place: map[[4]string]int{}}
	for _, card := range cards {
		for _, r := range card.Rows {
			l.rows[r.ID] = true
		}
	}
	told := l.columnLinks()
	for _, id := range c.ids() {
		for _, e := range c.out[id] {
			if c.shows(e.To) && !told[[2]graph.ID{e.From, e.To}] {
				l.edge(e)
			}
		}
	}
	return l.links
}

// edge draws a line between two nodes, through the jobs that are not drawn.
func (l *linker) edge(e lineage.Edge) {
	from, to, ok := l.ends(e.From, e.To)
	if !ok {
		return
	}
	line := view.Edge{Sensitive: l.sensitive(e), Unconfirmed: e.Unconfirmed, Dimmed: l.dim(e.From, e.To)}
	line.Added, line.Gone = l.changes.addedEdges[endsOf(e)], l.changes.goneEdges[endsOf(e)]
	if !l.q.HideJobs {
		l.add(from, "", to, "", line)
		return
	}
	switch {
	case l.isJob(e.From) && e.From != l.Root:
	case l.isJob(e.To) && e.To != l.Root:
		for _, next := range l.out[e.To] {
			if _, far, ok := l.ends(e.To, next.To); ok && l.shows(next.To) && far != from {
				line.Sensitive = l.sensitive(e) && l.sensitive(next)
				l.add(from, "", far, "", line)
			}
		}
	default:
		l.add(from, "", to, "", line)
	}
}

// ends are what a line touches: a group in the place of its members, and its neighbour in the place of folded jobs.
func (l *linker) ends(from, to graph.ID) (string, string, bool) {
	f, t := l.fold[from], l.fold[to]
	switch {
	case f == nil && t == nil:
		return string(from), string(to), true
	case f != nil && t != nil: // between a folded job and a member
		if f != t {
			return f.id, t.id, true
		}
		if f.down {
			return string(f.near), f.id, true
		}
		return f.id, string(f.near), true
	case f != nil && l.isJob(from), t != nil && l.isJob(to): // between a folded job and the neighbour: said already
		return "", "", false
	case f != nil:
		return f.id, string(to), true
	}
	return string(from), t.id, true
}

// sensitive tells whether a line carries a data class in clear, as far as that is known of whole datasets: the class
// stands at both sides of the job.
func (c *canvas) sensitive(e lineage.Edge) bool {
	switch {
	case c.isJob(e.To):
		for _, next := range c.out[e.To] {
			if share(c.has(e.From), c.has(next.To)) {
				return true
			}
		}
		return false
	case c.isJob(e.From):
		for _, before := range c.in[e.From] {
			if share(c.has(before.From), c.has(e.To)) {
				return true
			}
		}
		return false
	}
	return share(c.has(e.From), c.has(e.To))
}

// columnLinks draws the lines between columns and returns the pairs of nodes that they stand for.
func (l *linker) columnLinks() map[[2]graph.ID]bool {
	told := map[[2]graph.ID]bool{}
	for _, e := range l.ColumnEdges {
		from, to := l.column[e.From].Dataset, l.column[e.To].Dataset
		if !l.shows(from) || !l.shows(to) || l.fold[from] != nil || l.fold[to] != nil {
			continue
		}
		line := view.Edge{
			Indirect: e.Kind == catalog.RelAffects, Unconfirmed: e.Unconfirmed, Dimmed: l.dim(e.From, e.To),
			Sensitive: e.Kind != catalog.RelAffects && share(l.has(e.From), l.has(e.To)),
		}
		jobs := slices.DeleteFunc(slices.Clone(e.Via), func(id graph.ID) bool { return !l.shows(id) || l.q.HideJobs || l.fold[id] != nil })
		if len(jobs) == 0 {
			line.Masked = e.Masked() || share(l.masked[e.From], l.masked[e.To])
			l.add(string(from), string(e.From), string(to), string(e.To), line)
		}
		for _, job := range jobs {
			before, after := line, line
			before.Sensitive = before.Sensitive || e.Masked() && len(l.has(e.From)) > 0
			before.Masked = !e.Masked() && share(l.masked[e.From], l.masked[e.To])
			after.Masked = !after.Sensitive && (e.Masked() || before.Masked)
			l.add(string(from), string(e.From), string(job), "", before)
			l.add(string(job), "", string(to), string(e.To), after)
			told[[2]graph.ID{from, job}], told[[2]graph.ID{job, to}] = true, true
		}
		if l.q.HideJobs {
			for _, job := range e.Via {
				told[[2]graph.ID{from, job}], told[[2]graph.ID{job, to}] = true, true
			}
		}
	}
	return told
}

// add draws a line, or makes the one that is there already say more.
func (l *linker) add(from, fromRow, to, toRow string, e view.Edge) {
	if !l.rows[fromRow] && fromRow != "" {
		fromRow = "rest"
	}
	if !l.rows[toRow] && toRow != "" {
		toRow = "rest"
	}
	key := [4]string{from, fromRow, to, toRow}
	i, ok := l.place[key]
	if !ok {
		e.From, e.To = from, to
		l.place[key] = len(l.links)
		l.links = append(l.links, view.Link{Edge: e, FromRow: fromRow, ToRow: toRow})
		return
	}
	old := &l.links[i].Edge
	old.Sensitive, old.Masked = old.Sensitive || e.Sensitive, old.Masked || e.Masked
	old.Indirect, old.Unconfirmed = old.Indirect && e.Indirect, old.Unconfirmed && e.Unconfirmed
	old.Dimmed, old.Added, old.Gone = old.Dimmed && e.Dimmed, old.Added && e.Added, old.Gone && e.Gone
}
