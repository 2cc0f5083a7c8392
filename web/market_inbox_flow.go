package web

import (
	"cmp"
	"slices"
	"strings"

	"weir/catalog"
	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/flow"
	"weir/marketplace/template"
	view "weir/views/inbox"
	"weir/views/lineage"
	"weir/views/link"
	"weir/views/ui"
)

// mostInflows is how many ways a page lists; the lineage has the rest.
const mostInflows = 200

// arrival says how a class that flows in comes out for who gets it.
type arrival func(in flow.Inflow) (word string, tone ui.Tone)

// comes is the arrival of what an item asks for, as the policies have it. Of what is closed only the way itself is known.
func comes(i marketplace.ItemView) arrival {
	if !undecided(i.State) || i.Gone != "" {
		return onItsWay
	}
	return comesWith(i.Access, i.Verdict.Masking)
}

// comesWith is the arrival with maskings for classes.
func comesWith(access string, masking map[string]string) arrival {
	return func(in flow.Inflow) (string, ui.Tone) {
		switch m := masking[in.Class]; {
		case template.Access(access) == template.Metadata:
			return "Not read", ui.Green
		case in.Masked:
			return "Masked", ui.Green
		case m != "":
			return "Masked when read (" + m + ")", ui.Green
		}
		return "Clear text", ui.Red
	}
}

func onItsWay(in flow.Inflow) (string, ui.Tone) {
	if in.Masked {
		return "Masked", ui.Green
	}
	return "Not masked on its way", ui.Red
}

// inflowsOf are the ways of what flows in, what comes in clear text first, and how many more there are.
func inflowsOf(f flow.Snapshot, how arrival) ([]view.Inflow, int) {
	several := severalColumns(f)
	var out []view.Inflow
	for _, in := range f.Inflows {
		word, tone := how(in)
		row := view.Inflow{Column: thingName(f, in.Column, several), Stamp: stampOf(in), Way: flowWay(f, in.Steps, in.Origin), Other: in.MaskedWays && !in.Masked}
		row.Way.Stamp, row.Way.Verdict, row.Way.Tone = row.Stamp, word, tone
		out = append(out, row)
	}
	slices.SortStableFunc(out, func(a, b view.Inflow) int { return cmp.Compare(toneRank(a.Way.Tone), toneRank(b.Way.Tone)) })
	if len(out) > mostInflows {
		return out[:mostInflows], len(out) - mostInflows
	}
	return out, 0
}

func toneRank(t ui.Tone) int {
	if t == ui.Red {
		return 0
	}
	return 1
}

func stampOf(in flow.Inflow) ui.Stamp {
	switch {
	case in.ByDeclaration:
		return ui.Stamp{Class: in.Class, How: ui.Declared}
	case in.Masked:
		return ui.Stamp{Class: in.Class, How: ui.Masked}
	}
	return ui.Stamp{Class: in.Class, How: ui.Inherited}
}

// flowWay draws steps: each station, and the jobs between. The last station is what the row is about, and not said again.
func flowWay(f flow.Snapshot, steps []flow.Step, origin graph.ID) lineage.Path {
	out := lineage.Path{Steps: []lineage.Step{station(f, origin)}}
	for n, st := range steps {
		for _, via := range st.Via {
			out.Steps = append(out.Steps, job(f, via, st.Masked))
		}
		if len(st.Via) == 0 {
			out.Steps = append(out.Steps, lineage.Step{Text: ui.Link{Text: "stated by a person"}, Job: true, Masks: st.Masked})
		}
		if n < len(steps)-1 {
			out.Steps = append(out.Steps, station(f, st.To))
		}
	}
	return out
}

func station(f flow.Snapshot, id graph.ID) lineage.Step {
	thing := f.Names[id]
	if thing.Name == marketplace.HiddenName || thing.Name == "" {
		return lineage.Step{Hidden: true}
	}
	out := lineage.Step{Text: ui.Link{Text: thingName(f, id, true)}}
	switch {
	case thing.Dataset != "":
		out.Text.Href = link.Column(string(thing.Dataset), f.Names[thing.Dataset].Name, string(id))
	case thing.Kind == catalog.DatasetType.Kind:
		out.Text.Href = link.Dataset(string(id), thing.Name)
	}
	return out
}

func job(f flow.Snapshot, id graph.ID, masks bool) lineage.Step {
	thing := f.Names[id]
	if thing.Name == marketplace.HiddenName || thing.Name == "" {
		return lineage.Step{Job: true, Hidden: true, Masks: masks}
	}
	return lineage.Step{Text: ui.Link{Text: lastPart(thing.Name), Href: link.Transform(string(id), thing.Name)}, Job: true, Masks: masks}
}

// thingName is what a column or dataset is called, a column with its dataset if long.
func thingName(f flow.Snapshot, id graph.ID, long bool) string {
	thing := f.Names[id]
	if thing.Dataset == "" || !long {
		return cmp.Or(thing.Name, marketplace.HiddenName)
	}
	return shortDataset(f, thing.Dataset) + "." + thing.Name
}

// shortDataset is a dataset in a few letters: the last two parts of its name.
func shortDataset(f flow.Snapshot, id graph.ID) string {
	parts := strings.Split(f.Names[id].Name, ".")
	return strings.Join(parts[max(0, len(parts)-2):], ".")
}

// lastPart is the name of a job without the path before it.
func lastPart(name string) string { return name[strings.LastIndexAny(name, "/.")+1:] }

// severalColumns tells whether columns of more than one dataset are asked for, so that their names need it.
func severalColumns(f flow.Snapshot) bool {
	return slices.ContainsFunc(f.Columns, func(c flow.Column) bool { return c.Dataset != f.Columns[0].Dataset })
}

func severalDatasets(i marketplace.ItemView) bool {
	return slices.ContainsFunc(i.Columns, func(c marketplace.OfferedField) bool { return c.Dataset != i.Columns[0].Dataset })
}

// classStamps are the stamps of a column: what it declares, and what flows in.
func classStamps(f flow.Snapshot, column graph.ID) []ui.Stamp {
	var out []ui.Stamp
	for _, in := range f.Inflows {
		if s := stampOf(in); in.Column == column && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	sortStamps(out)
	return out
}

// coarseOf are the classes of which nobody stated into which columns they flow.
func coarseOf(f flow.Snapshot) []view.Coarse {
	var out []view.Coarse
	for _, c := range f.Coarse {
		row := view.Coarse{Stamp: ui.Stamp{Class: c.Class, How: ui.Inherited}, Way: flowWay(f, c.Steps, c.Origin), Columns: "into the dataset"}
		if c.Depth == 0 {
			row.Stamp.How = ui.Declared
		}
		if len(c.Columns) > 0 {
			row.Columns = "into " + fewNames(f, c.Columns)
		}
		row.Way.Stamp, row.Way.Tone = row.Stamp, ui.Red
		out = append(out, row)
	}
	return out
}

// fewNames names the first few columns.
func fewNames(f flow.Snapshot, columns []graph.ID) string {
	const few = 3
	var names []string
	for _, id := range columns[:min(len(columns), few)] {
		names = append(names, thingName(f, id, severalColumns(f)))
	}
	if more := len(columns) - few; more > 0 {
		names = append(names, ui.Count(more, "more", "more"))
	}
	return strings.Join(names, ", ")
}
