package catalog

import "weir/views/ui"

// RunState is how far a run has come: "running", "complete", "failed", "aborted" or another word of its source.
type RunState string

// RunRow is one run in a table.
type RunRow struct {
	Href  string
	State RunState
	// Job is left empty on the page of the job itself.
	Job     ui.Link
	Started ui.When
	// Took is the duration in words, empty while it runs.
	Took     string
	Attempts string
	Written  string
	// Error is the first line of what went wrong.
	Error string
	// Version is the version of the dataset that it made; may be empty.
	Version string
}

// RunTable is a page of runs.
type RunTable struct {
	Rows  []RunRow
	Pager ui.Pager
	// Show are the states to choose from.
	Show []ui.Option
	// Bars and Said draw the last runs, as on the overview.
	Bars []RunBar
	Said string
	// ShowJob adds the column of jobs.
	ShowJob bool
}

// Run is the page of one run.
type Run struct {
	ID    string
	Job   ui.Link
	State RunState
	// Title names the run by its job and start: "load_orders, 21 Nov 06:00".
	Title   string
	Started ui.When
	Ended   ui.When
	Took    string
	Facts   []Fact
	// Error is the message as it came, Stack more of it; both may be empty.
	Error   string
	Stack   string
	Inputs  []RunData
	Outputs []RunData
	Events  []RunEvent
	Facets  []Facet
	Back    []ui.Link
}

// RunData is a dataset that a run read or wrote.
type RunData struct {
	Name    ui.Link
	Level   ui.Level
	Version string
	Records string
	Size    string
	Failed  string
	Hidden  bool
}

// RunEvent is one thing that a source told about the run.
type RunEvent struct {
	What string
	When ui.When
	Note string
	Tone ui.Tone
	Icon string
}

type outcome struct {
	icon string
	word string
	tone ui.Tone
}

// outcome is the state as it is shown.
func (s RunState) outcome() outcome {
	switch s {
	case "complete":
		return outcome{"circle-check", "Complete", ui.Green}
	case "failed":
		return outcome{"circle-x", "Failed", ui.Red}
	case "aborted":
		return outcome{"circle-x", "Aborted", ui.Amber}
	case "running":
		return outcome{"play", "Running", ui.Water}
	}
	return outcome{"circle-dashed", ui.Capital(string(s)), ui.Grey}
}
