package web

import (
	"net/http"
	"strconv"

	"weir/audit"
	"weir/errs"
	view "weir/views/audit"
	"weir/views/link"
	"weir/views/ui"
)

// checkpointRows is the length of a page of checkpoints.
const checkpointRows = 30

// auditState says in words how far the log is sealed and anchored.
func (s *Site) auditState(st audit.State) view.State {
	number := func(n int64) string { return ui.Number(n) }
	out := view.State{Title: "Sealed up to entry " + number(st.Sealed), Tone: ui.Green}
	switch {
	case st.Trouble != nil:
		out.Title, out.Tone, out.Detail = "Sealing has stopped", ui.Red, errs.Shown(st.Trouble)
	case st.Sealed == 0:
		out.Title, out.Tone = "Nothing is sealed yet", ui.Amber
	case st.Sealed == st.Size:
		out.Title = "Every entry is sealed, 1 to " + number(st.Sealed)
	}
	out.Facts = append(out.Facts, view.Fact{Name: "Entries", Value: number(st.Size)})
	if st.Sealed > 0 {
		out.Facts = append(out.Facts, view.Fact{Name: "Last checkpoint", When: s.when(st.Checkpoint.At)})
	}
	if wait := st.Size - st.Sealed; wait > 0 {
		out.Facts = append(out.Facts, view.Fact{Name: "Waiting for a seal", Value: ui.Count(int(wait), "entry", "entries")})
	}
	out.Facts = append(out.Facts, s.anchorFact(st.Anchors))
	return out
}

// anchorFact is when a checkpoint left the building last. A line in the program's own log may stay in the house: nobody here
// knows where logs are kept.
func (s *Site) anchorFact(anchors []audit.AnchorState) view.Fact {
	last := view.Fact{Name: "Last anchored outside", Value: "never"}
	var newest audit.AnchorState
	for _, a := range anchors {
		if a.Name != (audit.AnchorLine{}).Name() && a.At.After(newest.At) {
			newest = a
		}
	}
	if !newest.At.IsZero() {
		last.When = s.when(newest.At)
	}
	return last
}

// auditCheckpoints answers the page of checkpoints and anchors.
func (s *Site) auditCheckpoints(w http.ResponseWriter, r *http.Request) error {
	ctx, after := r.Context(), r.URL.Query().Get("after")
	st, err := s.Log.State(ctx)
	if err != nil {
		return err
	}
	list, err := s.Log.Checkpoints(ctx, checkpointRows, after)
	if err != nil {
		return err
	}
	page := view.Checkpoints{State: s.auditState(st), Pager: pager(link.AuditCheckpoints(), after, list.Next, len(list.Checkpoints), "checkpoint")}
	for _, k := range st.Keys {
		if k.To == 0 {
			page.Key = k.VKey
		}
	}
	for _, c := range list.Checkpoints {
		page.Rows = append(page.Rows, view.CheckpointRow{Size: strconv.FormatInt(c.Size, 10), Root: hexOf(c.Root), When: s.when(c.At)})
	}
	for _, a := range st.Anchors {
		page.Anchors = append(page.Anchors, view.Anchor{Name: a.Name, Size: ui.Number(a.Size), When: s.when(a.At), Error: a.Error})
	}
	return s.show(w, r, http.StatusOK, view.CheckpointsPage(s.shell(r), page))
}

// auditCheckpoint sends the latest checkpoint as a signed note.
func (s *Site) auditCheckpoint(w http.ResponseWriter, r *http.Request) error {
	c, err := s.Log.Checkpoint(r.Context())
	if err != nil {
		return err
	}
	return writeText(w, http.StatusOK, c.Text())
}

// auditTile sends a tile of hashes or a bundle of entries, in C2SP's tlog-tiles format.
func (s *Site) auditTile(w http.ResponseWriter, r *http.Request) error {
	p, err := audit.ParseTilePath(r.PathValue("path"))
	if err != nil {
		return err
	}
	b, err := s.Log.Read(r.Context(), p)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, err = w.Write(b)
	return err
}
