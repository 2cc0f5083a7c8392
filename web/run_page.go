package web

import (
	"net/http"
	"strings"

	"weir/catalog"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// run answers the page of one run.
func (s *Site) run(w http.ResponseWriter, r *http.Request) error {
	v, err := s.Catalog.Run(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.RunPage(s.shell(r), s.runOf(v)))
}

func (s *Site) runOf(v catalog.RunView) view.Run {
	r, row := v.Run, s.runRow(catalog.RunItem{Run: v.Run, Job: v.Job}, true)
	page := view.Run{
		ID: r.UUID, Job: row.Job, State: row.State, Started: row.Started, Ended: s.when(r.Ended), Took: row.Took,
		Title: row.Job.Text, Facts: s.runFacts(v), Facets: facetsOf(v.Facets), Back: []ui.Link{row.Job},
	}
	if !r.First.IsZero() {
		page.Title += ", " + r.First.UTC().Format("2 Jan 15:04")
	}
	page.Error = firstLine(r.Error)
	if strings.TrimSpace(r.Error) != page.Error {
		page.Stack = r.Error
	}
	for _, d := range v.Inputs {
		page.Inputs = append(page.Inputs, runData(d))
	}
	for _, d := range v.Outputs {
		page.Outputs = append(page.Outputs, runData(d))
	}
	for _, e := range v.Events {
		page.Events = append(page.Events, s.runEvent(e))
	}
	return page
}

func runData(d catalog.RunData) view.RunData {
	out := view.RunData{
		Name: linkTo(assetOf(d.Dataset.ID, catalog.DatasetType.Kind, d.Dataset)), Level: levelOf(d.Dataset.Classification), Version: d.Version,
	}
	if d.Rows > 0 {
		out.Records = ui.Number(d.Rows)
	}
	if d.Bytes > 0 {
		out.Size = size(d.Bytes)
	}
	return out
}

// size words a number of bytes.
func size(n int64) string {
	units := []string{"bytes", "KB", "MB", "GB", "TB"}
	v, i := float64(n), 0
	for v >= 1000 && i < len(units)-1 {
		v /= 1000
		i++
	}
	return ui.Number(int64(v+0.5)) + " " + units[i]
}

var eventLooks = map[catalog.EventType]struct {
	what, icon string
	tone       ui.Tone
}{
	catalog.EventStart:    {"Started", "play", ui.Water},
	catalog.EventRunning:  {"Running", "rotate-cw", ui.Water},
	catalog.EventComplete: {"Completed", "circle-check", ui.Green},
	catalog.EventFail:     {"Failed", "circle-x", ui.Red},
	catalog.EventAbort:    {"Aborted", "circle-x", ui.Amber},
	catalog.EventOther:    {"Told more", "circle-dashed", ui.Grey},
}

func (s *Site) runEvent(e catalog.RawEvent) view.RunEvent {
	look, ok := eventLooks[e.Type]
	if !ok {
		look = eventLooks[catalog.EventOther]
	}
	return view.RunEvent{What: look.what, Icon: look.icon, Tone: look.tone, When: ui.When{At: e.At, Text: stamp(e.At)}}
}

func (s *Site) runFacts(v catalog.RunView) []view.Fact {
	r := v.Run
	var out []view.Fact
	add := func(name, value string) {
		if value != "" {
			out = append(out, fact(name, value))
		}
	}
	if !r.Started.IsZero() {
		add("Started", stamp(r.Started))
	}
	if !r.Ended.IsZero() {
		add("Ended", stamp(r.Ended))
	}
	if !r.NominalStart.IsZero() {
		add("Planned for", stamp(r.NominalStart))
	}
	add("Engine", r.Engine)
	if v.Producer != "" {
		add("Told by", sourceName(v.Producer))
	}
	if v.Parent != nil {
		out = append(out, view.Fact{Name: "Started by", Value: ui.Link{Text: jobLink(v.Parent.Job).Text, Href: link.Run(string(v.Parent.Run.ID))}})
	}
	for _, c := range v.Children[:min(len(v.Children), shownRuns)] {
		out = append(out, view.Fact{Name: "Started", Value: ui.Link{Text: jobLink(c.Job).Text, Href: link.Run(string(c.Run.ID))}, Note: string(c.Run.State)})
	}
	return out
}
