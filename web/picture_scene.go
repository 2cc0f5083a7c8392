package web

import (
	"slices"
	"strings"

	"weir/catalog"
	"weir/graph"
	view "weir/views/lineage"
	"weir/views/link"
	"weir/views/ui"
)

// scene is the picture after the first n unfolded nodes, before anything has a place.
func (p *picture) scene(n int) view.Scene {
	c := p.canvas(n)
	s := view.Scene{Name: c.name(), Live: true}
	drawn := map[*fold]bool{}
	for _, id := range c.ids() {
		g := c.fold[id]
		switch {
		case g != nil && c.isCard(id) && !drawn[g]:
			drawn[g] = true
			s.Cards = append(s.Cards, c.groupCard(g))
		case g != nil:
		case c.isCard(id):
			s.Cards = append(s.Cards, c.card(id))
		case id == c.Root || !c.q.HideJobs:
			s.Jobs = append(s.Jobs, c.job(id))
		}
	}
	s.Links = c.links(s.Cards)
	return s
}

func (c *canvas) name() string {
	way := map[string]string{"": "each way", "upstream": "upstream", "downstream": "downstream"}[c.q.Direction]
	return "Lineage of " + c.root().Shown() + ", " + ui.Count(max(c.q.Depth, 1), "step", "steps") + " " + way
}

func (c *canvas) address(q link.LineageQuery) string { return link.Lineage(string(c.Root), q) }

func (c *canvas) card(id graph.ID) view.Card {
	card := view.Card{Step: c.step[id], Box: view.Box{
		ID: string(id), Root: id == c.Root, Dimmed: c.dim(id), Focused: c.q.Focus == string(id),
		Added: c.changes.added[id], Gone: c.changes.gone[id],
	}}
	if c.nodes[id].Hidden {
		card.Hidden, card.Title, card.Line = true, "Restricted", ui.Count(max(c.nodes[id].Count, 1), "thing", "things")+", hidden from you"
		return card
	}
	a := c.assets[id]
	card.Href, card.Title, card.Icon, card.Level = addressOf(a), a.Shown(), iconOf(a), classificationOf(a)
	card.Line = kindWord(a)
	if d := c.domain(id); d.Text != "" {
		card.Line += ", " + d.Text
	}
	if a.Kind == catalog.ConsumerKind.Kind {
		for _, s := range c.stamps(id) {
			card.Says = append(card.Says, "receives "+classWord(s.Class))
		}
	}
	card.Rows, card.More = c.rows(id)
	card.Handles = c.handles(id)
	return card
}

// handles unfold what is not shown beside a card.
func (c *canvas) handles(id graph.ID) []view.Handle {
	var out []view.Handle
	add := func(word string, count int) {
		q := c.q.Opened(word + "." + string(id))
		if count > 0 && len(q.Open) > len(c.q.Open) && len(q.Open) <= maxOpen && c.q.Compare == "" && !c.IsPartial {
			out = append(out, view.Handle{Href: c.address(q), Count: count, Upstream: word == openUp})
		}
	}
	add(openUp, c.hiddenUp(id))
	add(openDown, c.hiddenDown(id))
	return out
}

func (c *canvas) groupCard(g *fold) view.Card {
	return view.Card{Step: c.step[g.members[0]], Box: view.Box{
		ID: g.id, Href: c.address(c.q.Opened(g.id)), Title: c.foldTitle(g), Line: c.foldLine(g), Group: true, Dimmed: c.dim(g.members[0]),
	}}
}

func (c *canvas) job(id graph.ID) view.Job {
	a := c.assets[id]
	return view.Job{Step: c.step[id], Pill: view.Pill{
		ID: string(id), Href: addressOf(a), Title: shortName(a.Shown()), Masks: c.masks(id), Dimmed: c.dim(id),
		Added: c.changes.added[id], Gone: c.changes.gone[id],
	}}
}

// masks tells whether a job masks something on its way, as far as the picture has columns.
func (c *canvas) masks(id graph.ID) bool {
	for _, e := range c.ColumnEdges {
		for _, job := range e.Via {
			if job == id && e.Masked() {
				return true
			}
		}
	}
	return false
}

// dbtSteps are what dbt writes behind a model's name to name a job: "shop.main.shop.orders.build.run".
var dbtSteps = []string{".build", ".run", ".test", ".snapshot", ".seed"}

// shortName is the end of a dotted name: jobs are called by where they run, and a pill has little room. All jobs of dbt
// end alike: the model before that end tells them apart.
func shortName(name string) string {
	if strings.ContainsRune(name, ' ') {
		return name
	}
	model, step := name, ""
	for _, s := range slices.Backward(dbtSteps) {
		if before, ok := strings.CutSuffix(model, s); ok && strings.Contains(before, ".") {
			model = before
			if step == "" {
				step = " " + s[1:]
			}
		}
	}
	if i := strings.LastIndexByte(model, '.'); i >= 0 && i < len(model)-1 {
		model = model[i+1:]
	}
	return model + step
}
