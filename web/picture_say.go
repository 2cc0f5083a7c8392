package web

import (
	"cmp"
	"slices"
	"strings"

	"weir/catalog"
	"weir/catalog/lineage"
	"weir/graph"
	view "weir/views/lineage"
	"weir/views/ui"
)

// totals are the figures above the picture, counted before anything is left out of it.
func (p *picture) totals() []view.Total {
	var out []view.Total
	add := func(n int, one, many string, mute bool) {
		if n > 0 {
			label := many
			if n == 1 {
				label = one
			}
			out = append(out, view.Total{Count: ui.Number(int64(n)), Label: label, Mute: mute})
		}
	}
	sides, hidden, restricted := map[lineage.Side]int{}, 0, 0
	for id, n := range p.nodes {
		switch {
		case n.Further || id == p.Root:
			continue
		case n.Hidden:
			hidden++
		case classificationOf(p.assets[id]) == ui.Level(catalog.Restricted):
			restricted++
		}
		if !p.isJob(id) {
			sides[n.Side]++
		}
	}
	if !p.IsPartial {
		add(sides[lineage.SideUpstream]+sides[lineage.SideBoth], "upstream", "upstream", false)
		add(sides[lineage.SideDownstream], "downstream", "downstream", false)
	}
	for _, k := range p.Totals {
		switch {
		case k.Kind == catalog.TransformType.Kind:
			add(k.Count, "job", "jobs", !p.IsPartial)
		case !p.IsPartial:
		case k.Kind == catalog.DatasetType.Kind:
			add(k.Count, "dataset", "datasets", false)
		case k.Kind == catalog.ConsumerKind.Kind:
			add(k.Count, "consumer", "consumers", false)
		}
	}
	add(restricted, "restricted", "restricted", false)
	add(hidden, "hidden from you", "hidden from you", true)
	if len(out) == 0 {
		out = append(out, view.Total{Count: "0", Label: "neighbours"})
	}
	return out
}

func countAll(totals []lineage.KindCount) int {
	n := 0
	for _, k := range totals {
		n += k.Count
	}
	return n
}

// partial says why nodes are missing; "" if none are.
func (p *picture) partial() string {
	switch {
	case !p.IsPartial && p.ColumnsCapped:
		return "Some columns are left out: there are too many for one picture."
	case !p.IsPartial:
		return ""
	case p.PartialReason == lineage.ReasonTimeout:
		return "It took too long to look further: only the first step is shown."
	}
	return "The nearest " + ui.Number(maxPicture) + " of " + ui.Number(int64(countAll(p.Totals))) +
		" are shown. Narrow them down with the filters, or read the impact list, which is whole."
}

// twin is the picture as a table: everything but the jobs, from upstream to downstream.
func (p *picture) twin() []view.TwinRow {
	c := p.canvas(len(p.q.Open))
	var ids []graph.ID
	for _, id := range c.ids() {
		if c.isCard(id) {
			ids = append(ids, id)
		}
	}
	slices.SortStableFunc(ids, func(a, b graph.ID) int {
		return cmp.Or(cmp.Compare(c.steps(a), c.steps(b)), strings.Compare(c.assets[a].Shown(), c.assets[b].Shown()))
	})
	out := make([]view.TwinRow, len(ids))
	for i, id := range ids {
		out[i] = c.twinRow(id)
	}
	return out
}

// steps is the distance from the root that readers count: a job as root stands between its inputs and outputs.
func (c *canvas) steps(id graph.ID) int {
	if c.isJob(c.Root) && c.step[id] <= 0 && id != c.Root {
		return c.step[id] - 1
	}
	return c.step[id]
}

func (c *canvas) twinRow(id graph.ID) view.TwinRow {
	r := view.TwinRow{Steps: c.steps(id), Hidden: c.nodes[id].Hidden}
	edges, far := c.in[id], func(e lineage.Edge) graph.ID { return e.From }
	if r.Steps < 0 {
		edges, far = c.out[id], func(e lineage.Edge) graph.ID { return e.To }
	}
	var jobs []string
	r.Unconfirmed = len(edges) > 0 && id != c.Root
	for _, e := range edges {
		if !c.shows(far(e)) {
			continue
		}
		r.Unconfirmed = r.Unconfirmed && e.Unconfirmed
		if c.isJob(far(e)) && id != c.Root {
			jobs = append(jobs, shortName(c.assets[far(e)].Shown()))
		}
	}
	slices.Sort(jobs)
	r.Through = strings.Join(slices.Compact(jobs), "; ")
	if r.Hidden {
		return r
	}
	a := c.assets[id]
	r.Name, r.Kind, r.Level, r.Stamps = linkTo(a), kindWord(a), classificationOf(a), c.stamps(id)
	r.Owner, r.Domain = c.owner(id), c.domain(id)
	return r
}
