package web

import (
	"context"
	"net/http"
	"strconv"

	"weir/audit"
	"weir/authz"
	"weir/graph"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// activityRows is the length of a page of activity; each entry shows at most maxFields fields.
const (
	activityRows = 30
	maxFields    = 40
)

// datasetActivity answers the tab of what changed on a dataset.
func (s *Site) datasetActivity(w http.ResponseWriter, r *http.Request) error {
	v, ok, err := s.datasetHead(w, r)
	if !ok {
		return err
	}
	a := datasetAsset(v)
	list, err := s.activity(r.Context(), a.ID, link.DatasetTab(string(a.ID), a.Name(), link.Activity), r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	h, err := s.datasetHeader(r.Context(), v)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.ActivityPage(s.shell(r), h, datasetTabs(v, link.Activity), list))
}

// transformActivity answers the tab of what changed on a job.
func (s *Site) transformActivity(w http.ResponseWriter, r *http.Request) error {
	v, err := s.Catalog.Transform(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	a := transformAsset(v)
	list, err := s.activity(r.Context(), a.ID, link.TransformTab(string(a.ID), a.Name(), link.Activity), r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.ActivityPage(s.shell(r), s.header(r.Context(), a, v.Described), transformTabs(a, link.Activity), list))
}

// consumerActivity answers the tab of what changed on a consumer.
func (s *Site) consumerActivity(w http.ResponseWriter, r *http.Request) error {
	v, err := s.Catalog.Consumer(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	a := consumerAsset(v)
	id, name := string(a.ID), a.Name()
	list, err := s.activity(r.Context(), a.ID, link.ConsumerTab(id, name, link.Activity), r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.ActivityPage(s.shell(r), s.header(r.Context(), a, v.Described), view.ConsumerTabs(id, name, link.Activity), list))
}

// activity is the history of an asset from the log.
func (s *Site) activity(ctx context.Context, id graph.ID, address, after string) (view.ActivityList, error) {
	page, err := s.Catalog.History(ctx, id, activityRows, after)
	if err != nil {
		return view.ActivityList{}, err
	}
	out := view.ActivityList{Pager: pager(address, after, page.Next, len(page.Items), "change")}
	names, err := s.actorNames(ctx, page.Items)
	if err != nil {
		return view.ActivityList{}, err
	}
	for _, e := range page.Items {
		out.Entries = append(out.Entries, s.entry(e, names))
	}
	return out, nil
}

// actorNames are the names of those who acted, in one call.
func (s *Site) actorNames(ctx context.Context, entries []audit.Entry) (map[graph.ID]string, error) {
	if s.Identity == nil || len(entries) == 0 {
		return nil, nil
	}
	var ids []graph.ID
	for _, e := range entries {
		ids = append(ids, graph.ID(e.Actor))
	}
	return s.Identity.Names(ctx, ids...)
}

// actWords say what a person did to an asset; all else that changes one are events.
var actWords = map[string]string{
	describeAction: "described it", "catalog.close": "closed a step of its lineage", "catalog.same": "said what it is the same as, or is not",
}

func (s *Site) entry(e audit.Entry, names map[graph.ID]string) view.Entry {
	out := view.Entry{When: s.when(e.At), Sequence: strconv.FormatInt(e.Seq, 10), Icon: "git-compare", Tone: ui.Grey}
	out.Actor = actorOf(e.Actor, names)
	out.What = "told of " + ui.Count(len(e.Changes), "change", "changes") + " by events"
	if word, ok := actWords[e.Action]; ok {
		out.What, out.Icon, out.Tone = word, "pencil", ui.Water
	}
	if e.Erased {
		out.What += "; what changed was erased"
	}
	for i, c := range e.Changes {
		if i == maxFields {
			out.Changes = append(out.Changes, view.FieldChange{Field: "…", After: ui.Number(int64(len(e.Changes)-i)) + " more"})
			break
		}
		out.Changes = append(out.Changes, view.FieldChange{Field: c.Field, Before: long(c.Before), After: long(c.After)})
	}
	return out
}

// actorName is who acted, by name where that is known.
func actorName(id string) string {
	if id == authz.Operator.ID {
		return authz.Operator.Name
	}
	return id
}

// maxLong is how many characters of a value stand in a history.
const maxLong = 500

func long(text string) string {
	runes := []rune(text)
	if len(runes) <= maxLong {
		return text
	}
	return string(runes[:maxLong-1]) + "…"
}
