package web

import (
	"cmp"
	"slices"

	"weir/catalog"
	"weir/catalog/lineage"
	"weir/graph"
	view "weir/views/lineage"
	"weir/views/ui"
)

// maxWays is how many ways of sensitive columns stand below a picture.
const maxWays = 6

// sensitivePaths are the ways on which the root's sensitive columns came, as far as the picture has columns.
func (p *picture) sensitivePaths() []view.Path {
	into := map[graph.ID][]lineage.Edge{}
	for _, e := range p.ColumnEdges {
		if e.Kind != catalog.RelAffects {
			into[e.To] = append(into[e.To], e)
		}
	}
	var out []view.Path
	for _, c := range p.columns[p.Root] {
		stamps := p.stamps(c.ID)
		if len(stamps) == 0 || len(into[c.ID]) == 0 || len(out) == maxWays {
			continue
		}
		out = append(out, p.way(c, stamps[0], into))
	}
	slices.SortStableFunc(out, func(a, b view.Path) int { return cmp.Compare(classRank(a.Stamp.Class), classRank(b.Stamp.Class)) })
	return out
}

// way walks back from a column along the edges that brought its class.
func (p *picture) way(c catalog.Column, stamp ui.Stamp, into map[graph.ID][]lineage.Edge) view.Path {
	class := catalog.ClassID(stamp.Class)
	carries := func(id graph.ID) bool {
		return slices.Contains(p.has(id), class) || slices.Contains(p.masked[id], class)
	}
	root := view.Step{Text: p.columnName(c), Strong: true}
	steps := []view.Step{root}
	masked := false
	seen := map[graph.ID]bool{c.ID: true}
	for at := c.ID; ; {
		i := slices.IndexFunc(into[at], func(e lineage.Edge) bool { return carries(e.From) && !seen[e.From] })
		if i < 0 {
			break
		}
		e := into[at][i]
		masked = masked || e.Masked()
		for _, job := range e.Via[:min(len(e.Via), 1)] {
			steps = append(steps, view.Step{Text: p.jobName(job), Job: true, Masks: e.Masked()})
		}
		at = e.From
		seen[at] = true
		steps = append(steps, view.Step{Text: p.columnName(p.column[at])})
	}
	slices.Reverse(steps)
	out := view.Path{Stamp: stamp, Name: ui.Link{Text: c.Path, Href: columnAddress(c, p.root().Name())}, Steps: steps, Verdict: "Not masked", Tone: ui.Red}
	if masked {
		out.Verdict, out.Tone = "Masked", ui.Green
	}
	return out
}

func (p *picture) columnName(c catalog.Column) ui.Link {
	a, ok := p.assets[c.Dataset]
	if !ok {
		return ui.Link{Text: c.Path}
	}
	return ui.Link{Text: shortName(a.Name()) + "." + c.Path, Href: columnAddress(c, a.Name())}
}

func (p *picture) jobName(id graph.ID) ui.Link {
	a, ok := p.assets[id]
	if !ok {
		return ui.Link{Text: "a job"}
	}
	return ui.Link{Text: shortName(a.Shown()), Href: addressOf(a)}
}
