package web

import (
	"net/http"
	"slices"
	"time"

	"weir/catalog"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// The lengths of the strip of runs and of a page of the list.
const (
	maxBars = 30
	runRows = 50
)

// runState is the word of the views for a state of the catalog.
func runState(state catalog.RunState) view.RunState {
	if state == catalog.Completed {
		return "complete"
	}
	return view.RunState(state)
}

// fewBars is the number of runs below which a strip of them tells nothing.
const fewBars = 4

// bars draws runs from the oldest to the newest, and says the same in words.
func bars(items []catalog.RunItem) ([]view.RunBar, string) {
	if len(items) < fewBars {
		return nil, ""
	}
	items = slices.Clone(items)
	slices.Reverse(items)
	longest, failed := time.Duration(1), 0
	for _, it := range items {
		longest = max(longest, it.Run.Took())
	}
	out := make([]view.RunBar, len(items))
	for i, it := range items {
		bad := it.Run.State == catalog.Failed || it.Run.State == catalog.Aborted
		if bad {
			failed++
		}
		out[i] = view.RunBar{Height: float64(it.Run.Took()) / float64(longest), Failed: bad, Last: i == len(items)-1}
	}
	said := "Of the last " + ui.Count(len(items), "run", "runs") + " none failed."
	if failed > 0 {
		said = ui.Number(int64(failed)) + " of the last " + ui.Count(len(items), "run", "runs") + " failed."
	}
	return out, said
}

func (s *Site) runRow(it catalog.RunItem, showJob bool) view.RunRow {
	r := it.Run
	begin := r.Started
	if begin.IsZero() {
		begin = r.First
	}
	row := view.RunRow{Href: link.Run(string(r.ID)), State: runState(r.State), Started: s.when(begin), Error: firstLine(r.Error)}
	if showJob {
		row.Job = jobLink(it.Job)
	}
	if took := r.Took(); took > 0 {
		row.Took = ui.Duration(took)
	}
	if r.Rows > 0 {
		row.Written = ui.Number(r.Rows)
	}
	return row
}

func (s *Site) runRows(items []catalog.RunItem, showJob bool) []view.RunRow {
	out := make([]view.RunRow, len(items))
	for i, it := range items {
		out[i] = s.runRow(it, showJob)
	}
	return out
}

// datasetRuns answers the tab of runs of a dataset.
func (s *Site) datasetRuns(w http.ResponseWriter, r *http.Request) error {
	v, ok, err := s.datasetHead(w, r)
	if !ok {
		return err
	}
	after := r.URL.Query().Get("after")
	page, err := s.Catalog.Runs(r.Context(), catalog.RunList{Of: v.Dataset.ID, First: runRows, After: after})
	if err != nil {
		return err
	}
	address := link.DatasetTab(string(v.Dataset.ID), v.Dataset.Name, link.Runs)
	table := s.runTable(page, address, after, true)
	h, err := s.datasetHeader(r.Context(), v)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.RunsPage(s.shell(r), h, datasetTabs(v, link.Runs), table))
}

func (s *Site) runTable(page catalog.Page[catalog.RunItem], address, after string, showJob bool) view.RunTable {
	t := view.RunTable{Rows: s.runRows(page.Items, showJob), ShowJob: showJob, Pager: pager(address, after, page.Next, len(page.Items), "run")}
	if after == "" {
		t.Bars, t.Said = bars(page.Items[:min(len(page.Items), maxBars)])
	}
	return t
}
