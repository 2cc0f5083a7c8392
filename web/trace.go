package web

import (
	"slices"

	"weir/catalog"
	"weir/catalog/lineage"
	"weir/graph"
	view "weir/views/lineage"
	"weir/views/ui"
)

// trace words the ways of a column: it knows the names of what stands on them.
type trace struct {
	origins lineage.Origins
	root    graph.ID
	columns map[graph.ID]catalog.Column
	assets  map[graph.ID]catalog.Asset // datasets, jobs and classes
	hidden  map[graph.ID]bool
}

func newTrace(o lineage.Origins, dataset catalog.Asset, column catalog.Column) (*trace, error) {
	t := &trace{
		origins: o, root: column.ID, columns: map[graph.ID]catalog.Column{column.ID: column},
		assets: map[graph.ID]catalog.Asset{}, hidden: map[graph.ID]bool{},
	}
	for id := range o.Hidden {
		t.hidden[id] = true
	}
	for _, n := range o.Columns {
		if err := t.addColumn(n); err != nil {
			return nil, err
		}
	}
	for id, n := range o.Related {
		a, err := readAsset(n)
		if err != nil {
			return nil, err
		}
		t.assets[id] = a
	}
	t.assets[dataset.ID], t.assets[column.Dataset] = dataset, dataset
	return t, nil
}

func (t *trace) addColumn(n graph.Node) error {
	a, err := readAsset(n)
	if c, ok := a.Value.(catalog.Column); ok {
		t.columns[c.ID] = c
	}
	return err
}

// paths lead to the column, one from each origin.
func (t *trace) paths() []view.Path {
	var out []view.Path
	for _, o := range t.origins.Origins {
		p := t.path(o.Steps, o.Masked)
		p.Name = t.name(o.Column)
		p.Stamp = t.stamp(o)
		if p.Stamp.Class != "" && !o.Masked {
			p.Verdict, p.Tone = "Not masked", ui.Red
		}
		out = append(out, p)
	}
	return out
}

// stamp is the first class that an origin declares, which is what travels.
func (t *trace) stamp(o lineage.Origin) ui.Stamp {
	var names []ui.Stamp
	l := t.origins.Labels[o.Column]
	for _, id := range slices.Concat(l.Classes, l.Inherited) {
		if a, ok := t.assets[id]; ok {
			names = append(names, ui.Stamp{Class: a.Name(), How: ui.Declared})
		}
	}
	sortStamps(names)
	if len(names) == 0 {
		return ui.Stamp{}
	}
	return names[0]
}

func (t *trace) path(edges []lineage.Edge, masked bool) view.Path {
	var out view.Path
	if masked {
		out.Verdict, out.Tone = "Masked", ui.Green
	}
	if len(edges) > 0 {
		out.Steps = append(out.Steps, t.station(edges[0].From))
	}
	for _, e := range edges {
		for _, job := range e.Via[:min(len(e.Via), 1)] {
			a, known := t.assets[job]
			st := view.Step{Job: true, Masks: e.Masked(), Hidden: !known}
			if known {
				st.Text = ui.Link{Text: shortName(a.Shown()), Href: addressOf(a)}
			}
			if e.Masked() {
				st.How = "masks"
			}
			out.Steps = append(out.Steps, st)
		}
		out.Steps = append(out.Steps, t.station(e.To))
	}
	return out
}

func (t *trace) station(id graph.ID) view.Step {
	if t.hidden[id] {
		return view.Step{Hidden: true}
	}
	return view.Step{Text: t.name(id), Strong: id == t.root}
}

// name is a column with its dataset.
func (t *trace) name(id graph.ID) ui.Link {
	c, ok := t.columns[id]
	if !ok {
		return ui.Link{Text: "hidden from you"}
	}
	home := t.assets[c.Dataset]
	if home.Value == nil {
		return ui.Link{Text: c.Path}
	}
	return ui.Link{Text: shortName(home.Name()) + "." + c.Path, Href: columnAddress(c, home.Name())}
}

// touched are the jobs on all ways, with what they do.
func (s *Site) touched(t *trace) []view.TouchedBy {
	masks := map[graph.ID]bool{}
	subtypes := map[graph.ID]string{}
	for _, o := range t.origins.Origins {
		for _, e := range o.Steps {
			for _, job := range e.Via {
				masks[job] = masks[job] || e.Masked()
				if len(e.Subtypes) > 0 {
					subtypes[job] = e.Subtypes[0]
				}
			}
		}
	}
	var out []view.TouchedBy
	for _, id := range t.origins.Transforms {
		a, known := t.assets[id]
		j := view.TouchedBy{Hidden: !known, Masks: masks[id], What: touchWord(subtypes[id])}
		if masks[id] {
			j.What = "masks it"
		}
		if v, ok := a.Value.(catalog.Transform); ok {
			j.Job, j.Last = linkTo(a), s.when(v.RanAt)
		}
		out = append(out, j)
	}
	return out
}

// touchWords say what OpenLineage's subtypes of a direct transformation do to a column.
var touchWords = map[string]string{"IDENTITY": "passes it on as it is", "TRANSFORMATION": "computes it from one row", "AGGREGATION": "aggregates it"}

func touchWord(subtype string) string {
	if word, ok := touchWords[subtype]; ok {
		return word
	}
	return "makes it"
}
