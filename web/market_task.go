package web

import (
	"net/http"
	"strconv"

	"weir/graph"
	"weir/marketplace"
	view "weir/views/grant"
	"weir/views/link"
	"weir/views/ui"
)

// taskList answers what the reader is to do.
func (s *Site) taskList(w http.ResponseWriter, r *http.Request) error {
	return s.showTasks(w, r, http.StatusOK, func(*view.TaskList) {})
}

func (s *Site) showTasks(w http.ResponseWriter, r *http.Request, status int, change func(*view.TaskList)) error {
	q := r.URL.Query()
	in := marketplace.TaskList{Done: q.Get("state") == "done", After: q.Get("after"), Limit: grantRows}
	page, err := s.Market.Tasks(r.Context(), in)
	if err != nil {
		return err
	}
	p := view.TaskList{Done: in.Done}
	if p.Bar, err = s.grantBar(r, view.Tasks); err != nil {
		return err
	}
	for _, t := range page.Items {
		p.Rows = append(p.Rows, s.taskRow(t))
	}
	p.Pager = listPager(len(p.Rows), "task", in.After != "", page.Next, link.TaskPart(in.Done, ""), link.TaskPart(in.Done, page.Next))
	change(&p)
	return s.show(w, r, status, view.TaskPage(s.shell(r), p))
}

func (s *Site) taskRow(t marketplace.TaskRow) view.Task {
	out := view.Task{ID: string(t.ID), Version: strconv.FormatInt(t.Version, 10), Title: t.Title, Text: t.Text, Icon: "key-round", Note: t.Note}
	if t.HolderName != "" {
		out.Holder = ui.Owner{Name: t.HolderName, Kind: "person"}
	}
	if t.State == marketplace.TaskOpen && !t.Due.IsZero() {
		d := s.due(t.Due)
		out.Due = view.Until{When: d.When, Left: d.Left, Soon: d.Soon}
	}
	if t.State == marketplace.TaskDone {
		out.Done, out.When = partyOwner(t.DoneBy, t.DoneByName).Name, s.when(t.DoneAt)
	}
	switch t.Kind {
	case marketplace.TaskEnforce:
		out.Hand = true
		out.Grant = ui.Link{Text: "See the grant", Href: link.Grant(string(t.Grant))}
	case marketplace.TaskDerived:
		out.Icon, out.Subject = "git-compare", subjectLink(t)
	case marketplace.TaskReview:
		out.Icon = "list-filter"
		if t.State == marketplace.TaskOpen {
			out.Open = ui.Link{Text: "Look through", Href: link.Campaign(string(t.About), link.CampaignPart{})}
		}
	case marketplace.TaskUndecidable:
		out.Icon = "circle-alert"
		out.Open = ui.Link{Text: "See the request", Href: link.InboxItem(string(t.About), link.InboxPage{})}
	}
	return out
}

// subjectLink names the consumer that a task is about; what is hidden has no page.
func subjectLink(t marketplace.TaskRow) ui.Link {
	out := ui.Link{Text: t.Subject}
	if t.Subject == marketplace.HiddenName {
		out.Text = "Something that is hidden from you"
	} else if t.Subject != "" {
		out.Href = link.Consumer(string(t.About), t.Subject)
	}
	return out
}

// finishTask answers the form that says how a task went.
func (s *Site) finishTask(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	in := marketplace.TaskAnswer{Task: graph.ID(r.PathValue("id")), Note: r.PostForm.Get("note"), Failed: r.PostForm.Get("do") == "failed"}
	var err error
	if in.Version, err = versionOf(r); err != nil {
		return err
	}
	if err = s.Market.FinishTask(r.Context(), in); err == nil {
		return saved(w, r, link.Tasks())
	}
	t, err := troubleOf(err, labels{"note": "What you did"})
	if err != nil {
		return err
	}
	return s.showTasks(w, r, t.status, func(p *view.TaskList) {
		p.Refused = t.refused
		for i, row := range p.Rows {
			if row.ID == string(in.Task) {
				p.Rows[i].Typed, p.Rows[i].Wrong = in.Note, t.fields.Of("note")
			}
		}
	})
}
