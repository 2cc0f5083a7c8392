package web

import (
	"fmt"
	"slices"
	"strings"

	"weir/marketplace"
	"weir/marketplace/template"
	"weir/views/link"
	view "weir/views/request"
	"weir/views/ui"
)

// verdictOf says what would come of sending the request as it is.
func (s *Site) verdictOf(all []marketplace.Preview, f askForm) view.Verdict {
	var out view.Verdict
	if len(all) == 0 {
		return out
	}
	approvals, impossible, stuck, unsaid := 0, false, false, false
	for n, p := range all {
		none := f.items[f.Items[n].Target].none
		item := view.ItemVerdict{Rows: previewRows(p, none)}
		if len(all) > 1 {
			item.Title = previewName(p)
		}
		for _, rule := range rulesOf(marketplace.ItemView{Verdict: p.Verdict}) {
			item.Policies = append(item.Policies, view.Fact{Name: rule.Aspect, Text: strings.Join(rule.By, "; ")})
		}
		out.Items = append(out.Items, item)
		unsaid = unsaid || p.Problem != "" || none
		impossible = impossible || p.Outcome == template.Impossible
		stuck = stuck || p.Stuck
		approvals += p.Approvals
	}
	switch {
	case unsaid:
		out.Tone, out.Icon, out.Title = ui.Amber, "circle-alert", "Something is missing"
	case impossible:
		out.Tone, out.Icon, out.Title = ui.Red, "ban", "Not possible as it is"
	case stuck:
		out.Tone, out.Icon, out.Title = ui.Red, "ban", "Nobody can decide this"
	case approvals > 0:
		out.Tone, out.Icon, out.Title = ui.Amber, "hourglass", "Needs "+ui.Count(approvals, "approval", "approvals")
	default:
		out.Tone, out.Icon, out.Title = ui.Green, "circle-check", "Granted at once"
	}
	if f.Purpose == "" {
		out.Note = fmt.Sprintf("Shown as for the purpose %s. Choose what it is for: it decides what is possible.", strings.ToLower(template.Purposes[0].Title))
	}
	return out
}

// previewRows are the consequences of one item.
func previewRows(p marketplace.Preview, none bool) []view.Row {
	switch {
	case p.Problem != "":
		return []view.Row{{Tone: ui.Red, Icon: "circle-alert", Title: "Nothing can be said of it", Text: ui.Capital(problemText(p.Problem))}}
	case none:
		return []view.Row{{Tone: ui.Amber, Icon: "circle-alert", Title: "No column is taken", Text: "Take at least one."}}
	}
	var out []view.Row
	switch p.Outcome {
	case template.AtOnce:
		out = append(out, atOnceRow(p))
	case template.NeedsSteps:
		out = append(out, stepsRow(p))
		if row, ok := onlyRow(p); ok {
			out = append(out, row)
		}
	default:
		for _, refusal := range p.Verdict.Refusals {
			out = append(out, view.Row{Tone: ui.Red, Icon: "ban", Title: refusal.Message, Text: refusal.Fix})
		}
	}
	if p.Outcome != template.Impossible {
		out = append(out, maskedRows(p)...)
		out = append(out, leftRows(p)...)
	}
	return out
}

func asked(p marketplace.Preview, which func(marketplace.OfferedField) bool) []string {
	var out []string
	for _, c := range p.Offered {
		if c.Asked && which(c) {
			out = append(out, c.Path)
		}
	}
	return out
}

func anyColumn(marketplace.OfferedField) bool { return true }

func atOnceRow(p marketplace.Preview) view.Row {
	row := view.Row{Tone: ui.Green, Icon: "circle-check", Title: "It is granted at once"}
	if n := len(asked(p, anyColumn)); n > 0 {
		row.Title = ui.Count(n, "column", "columns") + " at once"
	}
	var names []string
	for _, src := range p.Verdict.DecidedBy["pre-approval"] {
		names = append(names, "“"+src.Name+"”")
	}
	if len(names) == 0 {
		for _, src := range p.Verdict.Applied {
			names = append(names, "“"+src.Name+"”")
		}
	}
	if len(names) > 0 {
		row.Text = "Policy " + strings.Join(few(names, 3), ", ") + " grants it, without anybody who has to decide."
	}
	return row
}

// few are the first words of a list, and how many more there are.
func few(words []string, n int) []string {
	if len(words) <= n+1 {
		return words
	}
	return append(slices.Clone(words[:n]), ui.Number(int64(len(words)-n))+" more")
}

// stepsRow says who has to decide, and who is not asked.
func stepsRow(p marketplace.Preview) view.Row {
	waits := asked(p, func(c marketplace.OfferedField) bool { return c.Outcome == template.NeedsSteps })
	row := view.Row{Tone: ui.Amber, Icon: "hourglass", Title: "It needs " + ui.Count(p.Approvals, "person", "people")}
	if len(waits) > 0 {
		row.Title = fmt.Sprintf("%s %s %s", ui.Count(len(waits), "column", "columns"), plainNeeds(len(waits)), ui.Count(p.Approvals, "person", "people"))
		row.Text = strings.Join(few(waits, 4), ", ") + "."
	}
	if p.Stuck {
		row.Tone, row.Icon = ui.Red, "ban"
		row.Text = "Everybody who could decide has to do with whoever this is for, or has left. You can send it: it then waits until an administrator names an owner, or somebody of security, who can."
	}
	for _, st := range p.Steps {
		row.Steps = append(row.Steps, stepLines(st)...)
	}
	row.Barred, row.See = barredOf(p.Steps), flowLink(p)
	return row
}

// flowLink leads to how something sensitive flows in in clear text, where the owners of it are asked.
func flowLink(p marketplace.Preview) ui.Link {
	if !slices.ContainsFunc(p.Steps, func(st marketplace.StepView) bool { return st.By == "origin" }) {
		return ui.Link{}
	}
	for _, in := range p.Flow.Unmasked() {
		for _, c := range p.Offered {
			if c.ID == in.Column && c.Asked && !in.ByDeclaration {
				return ui.Link{Text: "See how " + strings.ToUpper(in.Class) + " flows into " + c.Path,
					Href: link.Lineage(string(c.Dataset), link.LineageQuery{Direction: "upstream", Columns: true})}
			}
		}
	}
	return ui.Link{}
}

func plainNeeds(n int) string {
	if n == 1 {
		return "needs"
	}
	return "need"
}

// stepLines are the sides of a step, each as a line of the chain.
func stepLines(st marketplace.StepView) []view.Step {
	var out []view.Step
	for _, p := range st.Parties {
		line := view.Step{Name: whoCan(st, p), Note: partyNote(st, p)}
		if p.Fallback != "" {
			line.Lines = append(line.Lines, p.Fallback)
		}
		if p.Nobody {
			line.Tone, line.Icon = ui.Red, "ban"
		}
		out = append(out, line)
	}
	return out
}

// whoCan names who can decide for a side: "Tomas Reyes or one of 2 more".
func whoCan(st marketplace.StepView, p marketplace.PartyView) string {
	if p.Nobody || len(p.Can) == 0 {
		return "Nobody can decide"
	}
	names := make([]string, len(p.Can))
	for i, w := range p.Can {
		names[i] = nameOr(w.Name)
		if w.For != "" {
			names[i] += " in place of " + w.For
		}
	}
	more := len(p.Can) + p.More - 1
	switch {
	case st.Mode == string(template.All) && len(p.Keys) > 1:
		return strings.Join(few(names, 3), ", ") + ", all of them"
	case st.Mode == string(template.AtLeast) && st.N > 1:
		return fmt.Sprintf("%d of %s", st.N, strings.Join(few(names, 3), ", "))
	case more == 1 && len(names) == 2:
		return names[0] + " or " + names[1]
	case more > 0:
		return names[0] + " or one of " + ui.Number(int64(more)) + " more"
	}
	return names[0]
}

// partyNote says what a side is, and why it is asked.
func partyNote(st marketplace.StepView, p marketplace.PartyView) string {
	var who []string
	for _, w := range p.Who {
		if len(p.Can) != 1 || w.ID != p.Can[0].ID {
			who = append(who, nameOr(w.Name))
		}
	}
	out := st.Name
	if len(who) > 0 {
		out += ", " + strings.Join(few(who, 2), ", ")
	}
	if len(st.Because) > 0 {
		out += ". " + ui.Capital(strings.Join(few(st.Because, 2), "; ")) + "."
	}
	return out
}

// barredOf are those who are not asked, each once, with the reason.
func barredOf(steps []marketplace.StepView) []string {
	var out []string
	for _, st := range steps {
		for _, p := range st.Parties {
			for _, b := range p.Barred {
				if !slices.Contains(out, b.Why) {
					out = append(out, b.Why)
				}
			}
		}
	}
	return out
}

// onlyRow offers to ask for those columns alone that come at once.
func onlyRow(p marketplace.Preview) (view.Row, bool) {
	now := asked(p, func(c marketplace.OfferedField) bool { return c.Outcome == template.AtOnce })
	if len(now) == 0 {
		return view.Row{}, false
	}
	return view.Row{Tone: ui.Green, Icon: "circle-check", Title: ui.Count(len(now), "column", "columns") + " would come at once alone",
		Text: strings.Join(few(now, 4), ", ") + ". They are decided together with the others, unless you ask for them alone.",
		Only: string(p.Target), Label: "Take only " + ui.Count(len(now), "column", "columns")}, true
}

// maskedWords say how a column comes that is masked.
var maskedWords = map[string]string{
	template.Partial: "in part", template.Generalise: "coarser than it is", template.Hash: "as a pseudonym", template.Redact: "blanked out",
}

// maskedRows say which columns come masked, and how.
func maskedRows(p marketplace.Preview) []view.Row {
	var out []view.Row
	for _, masking := range template.Maskings {
		names := asked(p, func(c marketplace.OfferedField) bool { return c.Masking == masking && c.Outcome != template.Impossible })
		if len(names) > 0 && maskedWords[masking] != "" {
			out = append(out, view.Row{Tone: ui.Water, Icon: "eye-off", Title: ui.Count(len(names), "column comes ", "columns come ") + maskedWords[masking],
				Text: strings.Join(few(names, 4), ", ") + "."})
		}
	}
	return out
}

// leftRows say which columns can't be had, by the reason.
func leftRows(p marketplace.Preview) []view.Row {
	names := map[string][]string{}
	var reasons []string
	for _, c := range p.Offered {
		if c.Outcome != template.Impossible || !slices.Contains(p.Left, c.ID) {
			continue
		}
		if names[c.Reason] == nil {
			reasons = append(reasons, c.Reason)
		}
		names[c.Reason] = append(names[c.Reason], c.Path)
	}
	var out []view.Row
	for _, why := range reasons {
		n := len(names[why])
		out = append(out, view.Row{Tone: ui.Red, Icon: "ban", Title: ui.Count(n, "column is", "columns are") + " not possible",
			Text: strings.Join(few(names[why], 4), ", ") + ": " + why})
	}
	return out
}
