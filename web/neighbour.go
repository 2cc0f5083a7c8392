package web

import (
	"cmp"
	"context"
	"slices"

	"weir/catalog"
	"weir/catalog/lineage"
	"weir/graph"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// maxNear is how many neighbours a page lists; the lineage shows all.
const maxNear = 8

// near asks for one step each way.
func (s *Site) near(ctx context.Context, id graph.ID, direction lineage.Direction) (*around, error) {
	a, err := s.Lineage.Lineage(ctx, lineage.Query{
		Root: id, Direction: direction, Depth: lineage.Depth(1), MaxNodes: maxPicture, Fields: lineage.CardFields,
	})
	if err != nil {
		return nil, err
	}
	return newAround(a)
}

// step is a neighbour and the job between, if there is one.
type step struct {
	id, job     graph.ID
	unconfirmed bool
}

// before are the things that the root is made from, after those that are made of it; jobs are passed through unless the
// root is one itself.
func (a *around) before() []step {
	return a.steps(a.in, func(e lineage.Edge) graph.ID { return e.From })
}
func (a *around) after() []step { return a.steps(a.out, func(e lineage.Edge) graph.ID { return e.To }) }

func (a *around) steps(edges map[graph.ID][]lineage.Edge, far func(lineage.Edge) graph.ID) []step {
	var out []step
	for _, e := range edges[a.Root] {
		id := far(e)
		if !a.isJob(id) {
			out = append(out, step{id: id, unconfirmed: e.Unconfirmed})
			continue
		}
		for _, next := range edges[id] {
			if far(next) != a.Root {
				out = append(out, step{far(next), id, e.Unconfirmed || next.Unconfirmed})
			}
		}
	}
	slices.SortFunc(out, func(x, y step) int {
		return cmp.Or(cmp.Compare(a.assets[x.id].Shown(), a.assets[y.id].Shown()), cmp.Compare(x.id, y.id), cmp.Compare(x.job, y.job))
	})
	return slices.CompactFunc(out, func(x, y step) bool { return x.id == y.id })
}

// neighbours are the first of the steps as a page lists them.
func (a *around) neighbours(steps []step) []view.Neighbour {
	var out []view.Neighbour
	for _, st := range steps[:min(len(steps), maxNear)] {
		asset := a.assets[st.id]
		n := view.Neighbour{Hidden: a.nodes[st.id].Hidden, Unconfirmed: st.unconfirmed}
		if !n.Hidden {
			n.Name, n.Kind, n.Icon = linkTo(asset), kindWord(asset), iconOf(asset)
			n.Level = classificationOf(asset)
		}
		if job, ok := a.assets[st.job]; ok {
			n.Through = linkTo(job)
		}
		out = append(out, n)
	}
	return out
}

// more leads to all neighbours where only some are listed.
func (a *around) more(steps []step, direction string) ui.Link {
	if len(steps) <= maxNear {
		return ui.Link{}
	}
	return ui.Link{Text: "All " + ui.Number(int64(len(steps))), Href: link.Lineage(string(a.Root), link.LineageQuery{Direction: direction})}
}

func classificationOf(a catalog.Asset) ui.Level {
	switch v := a.Value.(type) {
	case catalog.Dataset:
		return levelOf(v.Classification)
	case catalog.Consumer:
		return levelOf(v.Classification)
	}
	return ""
}
