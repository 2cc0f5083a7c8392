package flow

import (
	"fmt"
	"slices"
	"strings"

	"weir/catalog"
	"weir/graph"
)

// hop is an edge between columns of a drawn world.
type hop struct {
	from, to graph.ID
	masked   bool
	via      graph.ID // "": none
}

// work is a transform of a drawn world.
type work struct {
	id      graph.ID
	in, out []graph.ID
}

// facts are all that a drawn world holds at day 5, as plain lists.
type facts struct {
	datasets []graph.ID
	columns  []graph.ID
	home     map[graph.ID]graph.ID
	gone     map[graph.ID]bool
	hops     []hop
	affects  []hop
	works    []work
	classes  map[graph.ID][]string // declared by columns and datasets
}

// finding is an inflow, its way as text.
type finding struct {
	column, origin          graph.ID
	class, way              string
	depth                   int
	own, masked, maskedWays bool
}

// expect finds the inflows of a column by listing every way there is.
func (f *facts) expect(column graph.ID) []finding {
	var out []finding
	for _, origin := range f.columns {
		classes := slices.Clone(f.classes[origin])
		slices.Sort(classes)
		for _, class := range classes {
			in := finding{column: column, origin: origin, class: class, own: origin == column}
			if in.own {
				out = append(out, in)
				continue
			}
			clear, all := f.best(origin, column, false), f.best(origin, column, true)
			if all == nil {
				continue
			}
			in.masked, in.way, in.depth = clear == nil, strings.Join(all, " "), len(all)-1
			if clear != nil {
				in.way, in.depth = strings.Join(clear, " "), len(clear)-1
				in.maskedWays = f.someMasked(origin, column)
			}
			out = append(out, in)
		}
	}
	return out
}

// best is the first of the shortest ways in the order of ids, of all simple ways there are; nil if there is none.
func (f *facts) best(from, to graph.ID, masked bool) []string {
	var best []string
	var list func(way []string)
	list = func(way []string) {
		at := graph.ID(way[len(way)-1])
		if at == to {
			if best == nil || len(way) < len(best) || len(way) == len(best) && slices.Compare(way, best) < 0 {
				best = slices.Clone(way)
			}
			return
		}
		for _, h := range f.hops {
			if h.from == at && (masked || !h.masked) && !slices.Contains(way, string(h.to)) {
				list(append(slices.Clone(way), string(h.to)))
			}
		}
	}
	list([]string{string(from)})
	return best
}

// someMasked tells whether a way that masks leads from one column to another. It may pass a column twice.
func (f *facts) someMasked(from, to graph.ID) bool {
	var list func(way []graph.ID, masked bool) bool
	list = func(way []graph.ID, masked bool) bool {
		at := way[len(way)-1]
		if at == to {
			return masked
		}
		for _, h := range f.hops {
			if h.from != at {
				continue
			}
			times := 0
			for _, id := range way {
				if id == h.to {
					times++
				}
			}
			if times < 2 && list(append(slices.Clone(way), h.to), masked || h.masked) {
				return true
			}
		}
		return false
	}
	return list([]graph.ID{from}, false)
}

// expectCoarse finds what may flow into a column, as "class origin depth", by listing every way against the flow.
func (f *facts) expectCoarse(column graph.ID) []string {
	exact := map[string]bool{}
	for _, in := range f.expect(column) {
		if !in.masked {
			exact[in.class+" "+string(f.home[in.origin])] = true
		}
	}
	least := map[string]int{}
	tell := func(class string, dataset graph.ID, depth int) {
		k := class + " " + string(dataset)
		if old, ok := least[k]; !exact[k] && (!ok || depth < old) {
			least[k] = depth
		}
	}
	var list func(way []graph.ID, depth int)
	list = func(way []graph.ID, depth int) {
		at := way[len(way)-1]
		on := func(to graph.ID, depth int) {
			if !slices.Contains(way, to) {
				list(append(slices.Clone(way), to), depth)
			}
		}
		dataset, isColumn := f.home[at]
		if !isColumn {
			dataset = at
			for _, c := range f.columns {
				if f.home[c] == at && !f.gone[c] {
					on(c, depth)
				}
			}
		}
		for _, class := range f.classes[at] {
			if isColumn {
				tell(class, dataset, depth)
			}
		}
		for _, class := range f.classes[dataset] {
			if !f.explained(dataset, class) {
				tell(class, dataset, depth)
			}
		}
		for _, h := range f.hops {
			if h.to == at && !h.masked {
				on(h.from, depth+1)
			}
		}
		for _, source := range f.unstated(dataset) {
			on(source, depth+1)
		}
	}
	list([]graph.ID{column}, 0)
	var out []string
	for k, depth := range least {
		out = append(out, fmt.Sprint(k, " ", depth))
	}
	slices.Sort(out)
	return out
}

// explained tells whether a column that is there declares the class of its dataset.
func (f *facts) explained(dataset graph.ID, class string) bool {
	return slices.ContainsFunc(f.columns, func(c graph.ID) bool {
		return f.home[c] == dataset && !f.gone[c] && slices.Contains(f.classes[c], class)
	})
}

// unstated are the datasets that flow into a dataset through a transform that says of none of its columns what it takes.
func (f *facts) unstated(dataset graph.ID) []graph.ID {
	var out []graph.ID
	for _, w := range f.works {
		says := func(h hop) bool { return h.via == w.id && f.home[h.to] == dataset }
		if slices.Contains(w.out, dataset) && !slices.ContainsFunc(f.hops, says) && !slices.ContainsFunc(f.affects, says) {
			out = append(out, w.in...)
		}
	}
	return out
}

// found are the inflows of a snapshot as an oracle tells them.
func found(s Snapshot, column graph.ID) []finding {
	var out []finding
	for _, in := range s.Inflows {
		if in.Column != column {
			continue
		}
		f := finding{
			column: in.Column, origin: in.Origin, class: in.Class, depth: in.Depth, own: in.ByDeclaration, masked: in.Masked, maskedWays: in.MaskedWays,
		}
		if len(in.Steps) > 0 {
			way := []string{string(in.Origin)}
			for _, st := range in.Steps {
				way = append(way, string(st.To))
			}
			f.way = strings.Join(way, " ")
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b finding) int {
		return strings.Compare(string(a.origin)+a.class, string(b.origin)+b.class)
	})
	return out
}

// foundCoarse is what may flow into a column, as the oracle tells it.
func foundCoarse(s Snapshot, column graph.ID) []string {
	var out []string
	for _, c := range s.Coarse {
		if slices.Contains(c.Columns, column) {
			out = append(out, fmt.Sprint(c.Class, " ", c.Origin, " ", c.Depth))
		}
	}
	slices.Sort(out)
	return out
}

// holds checks each step of the ways against the facts: it is there, masked as told, by the transforms told, and begins
// where the one before ended.
func (f *facts) holds(s Snapshot) error {
	for _, in := range s.Inflows {
		at, masked := in.Origin, -1
		for i, st := range in.Steps {
			if st.From != at || !f.hasStep(st) {
				return fmt.Errorf("step %d of %+v isn't there", i, in)
			}
			if st.Masked && masked < 0 {
				masked = i
			}
			at = st.To
		}
		if at != in.Column || in.MaskedAt != masked || in.OriginDataset != f.home[in.Origin] {
			return fmt.Errorf("%+v ends at %s, masked at %d", in, at, masked)
		}
	}
	for _, c := range s.Coarse {
		if err := f.coarseHolds(c); err != nil {
			return err
		}
	}
	return nil
}

func (f *facts) coarseHolds(c Coarse) error {
	at := c.Origin
	for i, st := range c.Steps {
		_, column := f.home[st.From]
		begins := st.From == at || column && f.home[st.From] == at || !column && f.home[at] == st.From
		there := column && f.hasStep(st) || !column && slices.Contains(f.unstated(st.To), st.From) && len(st.Via) > 0
		if !begins || !there {
			return fmt.Errorf("step %d of %+v isn't there", i, c)
		}
		at = st.To
	}
	for _, column := range c.Columns {
		if at != column && at != f.home[column] {
			return fmt.Errorf("%+v ends at %s", c, at)
		}
	}
	return nil
}

func (f *facts) hasStep(st Step) bool {
	var by []graph.ID
	clear, there := false, false
	for _, h := range f.hops {
		if h.from != st.From || h.to != st.To {
			continue
		}
		clear = clear || !h.masked
		if h.masked == st.Masked {
			there = true
			if h.via != "" {
				by = append(by, h.via)
			}
		}
	}
	return there && clear == !st.Masked && slices.Equal(distinct(by), distinct(st.Via))
}

// relOf is the relation of a hop.
func (h hop) relOf() graph.Rel {
	if h.masked {
		return catalog.RelMasked
	}
	return catalog.RelDerives
}
