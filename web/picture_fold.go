package web

import (
	"slices"
	"strconv"
	"strings"

	"weir/catalog"
	"weir/graph"
	"weir/views/ui"
)

// maxSiblings is how many things of one kind stand side by side before they are folded into one card.
const maxSiblings = 12

// fold is a card that stands for many: things of one kind with one neighbour and nothing behind them.
type fold struct {
	id      string
	near    graph.ID
	down    bool // they lie downstream of near
	members []graph.ID
}

// foldGroups finds what is folded.
func (c *canvas) foldGroups() {
	groups := map[string]*fold{}
	for _, id := range c.ids() {
		near, down, ok := c.leaf(id)
		if !ok {
			continue
		}
		word := openUp
		if down {
			word = openDown
		}
		key := strings.Join([]string{openGroup, word, string(near), strings.ToLower(string(c.assets[id].Kind))}, ".")
		if groups[key] == nil {
			groups[key] = &fold{id: key, near: near, down: down}
		}
		groups[key].members = append(groups[key].members, id)
	}
	for key, g := range groups {
		if len(g.members) <= maxSiblings || slices.Contains(c.open, key) {
			continue
		}
		for _, id := range g.members {
			c.fold[id] = g
		}
		c.foldJobs(g)
	}
}

// leaf tells whether a card has just one neighbouring card, and nothing on its other side.
func (c *canvas) leaf(id graph.ID) (near graph.ID, down, ok bool) {
	if id == c.Root || c.isJob(id) || c.path[id] {
		return "", false, false
	}
	before, after := c.cardsBefore(id), c.cardsAfter(id)
	switch {
	case len(before) == 1 && len(after) == 0:
		return before[0], true, true
	case len(before) == 0 && len(after) == 1:
		return after[0], false, true
	}
	return "", false, false
}

func (c *canvas) cardsBefore(id graph.ID) []graph.ID {
	var out []graph.ID
	for _, e := range c.in[id] {
		if c.isJob(e.From) && e.From != c.Root {
			for _, further := range c.in[e.From] {
				out = append(out, further.From)
			}
			continue
		}
		out = append(out, e.From)
	}
	return c.shownOnce(out)
}

func (c *canvas) cardsAfter(id graph.ID) []graph.ID {
	var out []graph.ID
	for _, e := range c.out[id] {
		if c.isJob(e.To) && e.To != c.Root {
			for _, further := range c.out[e.To] {
				out = append(out, further.To)
			}
			continue
		}
		out = append(out, e.To)
	}
	return c.shownOnce(out)
}

func (c *canvas) shownOnce(ids []graph.ID) []graph.ID {
	ids = slices.DeleteFunc(ids, func(id graph.ID) bool { return !c.shows(id) })
	slices.Sort(ids)
	return slices.Compact(ids)
}

// foldJobs folds the jobs that stand between a group and its neighbour and touch nothing else that is shown.
func (c *canvas) foldJobs(g *fold) {
	for id := range c.step {
		if !c.isJob(id) || id == c.Root {
			continue
		}
		inside := true
		var before, after []graph.ID
		for _, e := range c.in[id] {
			before = append(before, e.From)
		}
		for _, e := range c.out[id] {
			after = append(after, e.To)
		}
		if !g.down {
			before, after = after, before
		}
		for _, other := range c.shownOnce(after) {
			inside = inside && c.fold[other] == g
		}
		near := c.shownOnce(before)
		if inside && len(c.shownOnce(after)) > 0 && len(near) == 1 && near[0] == g.near {
			c.fold[id] = g
		}
	}
}

// title says what a group holds: "38 datasets in mart.*", where that is where they all are.
func (c *canvas) foldTitle(g *fold) string {
	noun := map[graph.Kind]string{catalog.DatasetType.Kind: "datasets", catalog.ConsumerKind.Kind: "consumers"}[c.assets[g.members[0]].Kind]
	if noun == "" {
		noun = "hidden things"
	}
	title := strconv.Itoa(len(g.members)) + " " + noun
	common := ""
	for i, id := range g.members {
		name := c.assets[id].Name()
		schema := name[:max(strings.LastIndexByte(name, '.'), 0)]
		if i > 0 && schema != common {
			return title
		}
		common = schema
	}
	if common == "" {
		return title
	}
	return title + " in " + common + ".*"
}

// foldLine counts the members by their classification, the highest first.
func (c *canvas) foldLine(g *fold) string {
	counts := map[ui.Level]int{}
	for _, id := range g.members {
		counts[classificationOf(c.assets[id])]++
	}
	var parts []string
	for i := len(catalog.Classifications) - 1; i >= 0; i-- {
		l := levelOf(catalog.Classifications[i])
		if counts[l] > 0 {
			parts = append(parts, strconv.Itoa(counts[l])+" "+string(l))
		}
	}
	if len(parts) == 0 {
		return "show them"
	}
	return strings.Join(parts, ", ")
}
