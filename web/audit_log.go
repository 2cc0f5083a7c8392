package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
	view "weir/views/audit"
	"weir/views/link"
	"weir/views/ui"
)

// auditRows is the length of a page of the log.
const auditRows = 50

// auditPages are the log, its proofs, and the files that other programs verify it with.
func (s *Site) auditPages() []route {
	if s.Log == nil {
		return nil
	}
	read := may(authz.Audit, authz.View)
	return []route{
		{"GET /audit", read, s.page(s.auditLog)},
		{"GET /audit/entries/{entry}", read, s.page(s.auditEntry)},
		{"POST /audit/export", may(authz.Audit, authz.Export), s.api(s.auditExport)},
		{"GET /audit/checkpoints", read, s.page(s.auditCheckpoints)},
		{"GET /audit/checkpoint", read, s.api(s.auditCheckpoint)},
		{"GET /audit/tile/{path...}", read, s.api(s.auditTile)},
	}
}

// auditLog answers the list of entries under a filter.
func (s *Site) auditLog(w http.ResponseWriter, r *http.Request) error {
	q := auditQuery(r)
	page := view.Log{Filter: q, Actions: auditActions, Export: s.Policy.Can(r.Context(), authz.Audit, authz.Everywhere, authz.Export)}
	filter, err := s.auditFilter(r.Context(), q)
	if err != nil && !errs.Is(err, errs.Invalid) {
		return err
	}
	state, stateErr := s.Log.State(r.Context())
	if stateErr != nil {
		return stateErr
	}
	status := http.StatusOK
	if err != nil {
		page.Wrong, status = wrongText(err), http.StatusBadRequest
	} else if err := s.auditFound(r.Context(), &page, filter, q, state.Sealed); err != nil {
		return err
	}
	page.State = s.auditState(state)
	return s.show(w, r, status, view.LogPage(s.shell(r), page))
}

// auditFound fills the list with what the filter finds.
func (s *Site) auditFound(ctx context.Context, page *view.Log, filter audit.Filter, q link.AuditQuery, sealed int64) error {
	found, err := s.Log.Find(ctx, filter, auditRows, q.After)
	if err != nil {
		return err
	}
	names, err := s.namesIn(ctx, found.Entries)
	if err != nil {
		return err
	}
	for _, e := range found.Entries {
		page.Rows = append(page.Rows, s.auditRow(e, sealed, names))
	}
	first := q
	first.After = ""
	page.Pager = ui.Pager{Summary: ui.Count(len(page.Rows), "entry", "entries") + " shown"}
	if q.After != "" {
		page.Pager.First = first.URL()
	}
	if found.Next != "" {
		q.After = found.Next
		page.Pager.Next = q.URL()
	}
	return nil
}

func auditQuery(r *http.Request) link.AuditQuery {
	v := r.URL.Query()
	return link.AuditQuery{
		Actor: v.Get("actor"), Action: v.Get("action"), Asset: v.Get("asset"), From: v.Get("from"), To: v.Get("to"), After: v.Get("after"),
	}
}

// auditFilter reads the filter. A name of a person or account stands for its id.
func (s *Site) auditFilter(ctx context.Context, q link.AuditQuery) (audit.Filter, error) {
	f := audit.Filter{Action: q.Action, Asset: graph.ID(link.ID(q.Asset))}
	var err error
	if f.From, err = day("from", q.From); err != nil {
		return f, err
	}
	if f.To, err = day("to", q.To); err != nil {
		return f, err
	}
	if !f.To.IsZero() {
		f.To = f.To.AddDate(0, 0, 1)
	}
	f.Actor, err = s.actorID(ctx, q.Actor)
	return f, err
}

func day(field, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, errs.Bad(field, "is not a day. Write it as 2026-01-31.")
	}
	return t, nil
}

// actorID finds who is meant: an id as it is, or the one that a name belongs to.
func (s *Site) actorID(ctx context.Context, text string) (string, error) {
	if text == "" || text == authz.Operator.ID || s.Identity == nil {
		return text, nil
	}
	if names, err := s.Identity.Names(ctx, graph.ID(text)); err == nil && len(names) > 0 {
		return text, nil
	}
	found, err := s.Identity.Find(ctx, text, 2)
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", errs.Bad("actor", "is nobody's name or id.")
	case len(found) > 1:
		return "", errs.Badf("actor", "fits more than one: %s, %s. Write more of the name.", found[0].Name, found[1].Name)
	}
	return string(found[0].ID), nil
}

// namesIn are the names of those who acted and of what they acted on, in two calls.
func (s *Site) namesIn(ctx context.Context, entries []audit.Entry) (map[graph.ID]string, error) {
	var ids []graph.ID
	for _, e := range entries {
		ids = append(ids, graph.ID(e.Actor), e.Target)
		for _, c := range e.Changes[:min(len(e.Changes), maxFields)] {
			ids = append(ids, c.Asset)
		}
	}
	ids = slices.DeleteFunc(ids, func(id graph.ID) bool { return id == "" || id == graph.ID(authz.Operator.ID) })
	assets, err := s.Catalog.Assets(ctx, ids...)
	if err != nil {
		return nil, err
	}
	names := map[graph.ID]string{}
	if s.Identity != nil {
		if names, err = s.Identity.Names(ctx, ids...); err != nil {
			return nil, err
		}
	}
	for id, a := range assets {
		names[id] = a.Name()
	}
	return names, nil
}

// auditRow is an entry in one line.
func (s *Site) auditRow(e audit.Entry, sealed int64, names map[graph.ID]string) view.Row {
	row := view.Row{
		Seq: e.Seq, Number: strconv.FormatInt(e.Seq, 10), When: s.when(e.At), Actor: actorOf(e.Actor, names), What: actionWord(e),
		Target: targetOf(e.Target, names), Denied: e.Decision == audit.Denied, Sealed: e.Seq <= sealed,
	}
	if string(e.Target) == e.Actor {
		row.Target = ui.Link{} // he did it to himself: that is said already
	}
	return row
}

// actorOf is who acted, by name where that is known.
func actorOf(id string, names map[graph.ID]string) ui.Owner {
	o := ui.Owner{ID: id, Name: actorName(id), Kind: "person"}
	if name, ok := names[graph.ID(id)]; ok {
		o.Name = name
	}
	if id == "" {
		o.Name = "Somebody unknown"
	}
	if kindOf(id) == "acc" {
		o.Kind = "agent"
	}
	return o
}
