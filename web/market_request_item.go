package web

import (
	"slices"
	"strings"

	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/template"
	view "weir/views/request"
	"weir/views/ui"
)

// askItem is a thing in the basket with its columns.
func (s *Site) askItem(n int, p marketplace.Preview, f askForm) view.Item {
	in := f.Items[n]
	form := f.items[in.Target]
	out := view.Item{
		N: n, Target: string(in.Target), Name: previewLink(p), Kind: targetWord(in.Target), Problem: ui.Capital(problemText(p.Problem)),
		Open: form.open, Filter: form.filter, Extends: string(in.Extends),
	}
	if in.Extends != "" {
		out.Until = "for longer than the grant that there is"
	}
	if p.Terms.Number > 0 {
		out.Terms = view.Terms{Number: p.Terms.Number, Text: markdown(p.Terms.Text), Accepted: in.Terms == p.Terms.Number}
	}
	var taken []graph.ID
	many := severalOf(p.Offered)
	for _, c := range p.Offered {
		col := askColumn(c, len(in.Columns) > 0, form.none, template.Access(f.Access))
		if many {
			col.Of = shortDataset(p.Flow, c.Dataset)
		}
		if col.Taken {
			taken = append(taken, c.ID)
		}
		out.Columns = append(out.Columns, col)
	}
	out.Taken = len(taken)
	if len(in.Columns) == 0 && !form.none {
		out.All = fingerprint(taken)
	}
	foldColumns(&out)
	return out
}

func targetWord(id graph.ID) string {
	if strings.HasPrefix(string(id), "prd_") {
		return "Product"
	}
	return "Dataset"
}

// problemText is why nothing can be said of a thing, as a sentence.
func problemText(message string) string {
	if strings.HasPrefix(message, "is ") || strings.HasPrefix(message, "can't ") || strings.HasPrefix(message, "names ") {
		return "this " + message
	}
	return message
}

func severalOf(columns []marketplace.OfferedField) bool {
	return slices.ContainsFunc(columns, func(c marketplace.OfferedField) bool { return c.Dataset != columns[0].Dataset })
}

// askColumn is a column on offer. What can't be had isn't taken, unless it was taken by name: then it is said of it.
func askColumn(c marketplace.OfferedField, named, none bool, access template.Access) view.Column {
	impossible := c.Outcome == template.Impossible
	out := view.Column{ID: string(c.ID), Path: c.Path, Stamps: offeredStamps(c), Why: c.Reason,
		Taken: c.Asked && !none && (named || !impossible), Fixed: impossible && (!named || !c.Asked)}
	switch {
	case impossible:
		out.Gate, out.Word = ui.GateSeal, "Not possible"
	case c.Outcome == template.NeedsSteps:
		out.Gate, out.Word = ui.GateHalf, ui.Count(max(c.Approvals, 1), "approval", "approvals")
	case c.Masking != "" && access != template.Metadata:
		out.Gate, out.Word = ui.GatePart, "Masked, at once"
	default:
		out.Gate, out.Word = ui.GateOpen, "At once"
	}
	return out
}

// offeredStamps are the classes that a column carries, each as it comes.
func offeredStamps(c marketplace.OfferedField) []ui.Stamp {
	var out []ui.Stamp
	add := func(classes []string, how ui.How) {
		for _, class := range classes {
			out = append(out, ui.Stamp{Class: class, How: how})
		}
	}
	add(c.Declared, ui.Declared)
	add(c.Inherited, ui.Inherited)
	add(c.Masked, ui.Masked)
	sortStamps(out)
	return out
}

// foldColumns hides the columns that a filter leaves out, and those beyond the first ones of a long list.
func foldColumns(i *view.Item) {
	if len(i.Columns) <= view.Plenty {
		return
	}
	for n := range i.Columns {
		c := &i.Columns[n]
		switch {
		case i.Filter != "":
			c.Hidden = !strings.Contains(strings.ToLower(c.Path), strings.ToLower(i.Filter))
		case !i.Open && n >= view.Plenty:
			c.Hidden = true
			i.Folded++
		}
	}
}
