package web

import (
	"context"
	"encoding/hex"
	"net/http"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"weir/audit"
	"weir/audit/verify"
	"weir/errs"
	view "weir/views/audit"
	"weir/views/ui"
)

// proofSuffix ends the address of an entry's proof as a file.
const proofSuffix = ".tlog-proof"

// auditEntry answers the page of one entry, or its proof as a file.
func (s *Site) auditEntry(w http.ResponseWriter, r *http.Request) error {
	text, file := strings.CutSuffix(r.PathValue("entry"), proofSuffix)
	seq, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seq < 1 {
		return errs.E(errs.NotFound, "There is no such entry.")
	}
	if file {
		return s.auditProof(w, r, seq)
	}
	page, err := s.entryPage(r.Context(), seq, r.URL.Query().Has("verify"))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.EntryPage(s.shell(r), page))
}

// auditProof sends the proof of an entry in C2SP's tlog-proof format.
func (s *Site) auditProof(w http.ResponseWriter, r *http.Request, seq int64) error {
	p, err := s.Log.Proof(r.Context(), seq)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+strconv.FormatInt(seq, 10)+proofSuffix+`"`)
	return writeText(w, http.StatusOK, p.Text())
}

// entryPage reads one entry with its payload and, once it is sealed, its proof, which is checked if asked for.
func (s *Site) entryPage(ctx context.Context, seq int64, check bool) (view.Entry, error) {
	e, err := s.Log.Entry(ctx, seq)
	if err != nil {
		return view.Entry{}, err
	}
	names, err := s.namesIn(ctx, []audit.Entry{e})
	if err != nil {
		return view.Entry{}, err
	}
	state, err := s.Log.State(ctx)
	if err != nil {
		return view.Entry{}, err
	}
	page := view.Entry{Row: s.auditRow(e, state.Sealed, names), Facts: s.entryFacts(e), Note: payloadNote(e)}
	for i, c := range e.Changes {
		if i == maxFields {
			page.Note = "The first " + strconv.Itoa(maxFields) + " of " + ui.Count(len(e.Changes), "change", "changes") + "; an export holds them all."
			break
		}
		page.Changes = append(page.Changes, view.Change{Asset: targetOf(c.Asset, names), Field: c.Field, Before: long(c.Before), After: long(c.After)})
	}
	return page, s.withProof(ctx, &page, state, check)
}

// withProof adds the leaf, and the proof where there is one.
func (s *Site) withProof(ctx context.Context, page *view.Entry, state audit.State, check bool) error {
	seq := page.Seq
	if seq > state.Sealed {
		leaf, err := s.Log.Leaf(ctx, seq)
		page.Leaf = string(leaf)
		return err
	}
	p, err := s.Log.Proof(ctx, seq)
	if err != nil {
		return err
	}
	page.Leaf = string(p.Leaf)
	proof := view.Proof{
		Index: strconv.FormatInt(p.Index, 10), Size: strconv.FormatInt(p.Checkpoint.Size, 10), LeafHash: hexOf(tlog.RecordHash(p.Leaf)),
		Root: hexOf(p.Checkpoint.Root), Checkpoint: p.Checkpoint.Text(),
	}
	for _, h := range p.Hashes {
		proof.Hashes = append(proof.Hashes, hexOf(h))
	}
	page.Proof = &proof
	if check {
		page.Checked, err = checkProof(p, state.Keys)
	}
	return err
}

func hexOf(h tlog.Hash) string { return hex.EncodeToString(h[:]) }

// entryFacts are what the leaf says beside who, what and when.
func (s *Site) entryFacts(e audit.Entry) []view.Fact {
	out := []view.Fact{
		{Name: "Number", Value: strconv.FormatInt(e.Seq, 10)},
		{Name: "When", When: s.when(e.At)},
		{Name: "Action", Value: e.Action, Code: true},
		{Name: "Decision", Value: string(e.Decision)},
		{Name: "Actor", Value: e.Actor, Code: true},
	}
	if e.Target != "" {
		out = append(out, view.Fact{Name: "Target", Value: string(e.Target), Code: true})
	}
	if e.Request != "" {
		out = append(out, view.Fact{Name: "Request", Value: e.Request, Code: true})
	}
	names := make([]string, 0, len(e.Facts))
	for name := range e.Facts {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		out = append(out, view.Fact{Name: name, Value: e.Facts[name], Code: true})
	}
	return out
}

func payloadNote(e audit.Entry) string {
	switch {
	case e.Erased:
		return "What changed was erased on request. The entry and its proof stay as they were."
	case len(e.Changes) == 0:
		return "This entry changed no asset."
	}
	return ""
}

// checkProof checks the proof of an entry as an auditor would: from its text alone, by a key of the log.
func checkProof(p audit.Proof, keys []audit.KeySpan) (*view.Check, error) {
	var result verify.Result
	var err error
	for _, k := range keys {
		if !k.Signs(p.Checkpoint.Size) {
			continue
		}
		if result, err = verify.Proof([]byte(p.Text()), nil, verify.Options{Key: k.VKey}); err != nil {
			return nil, errs.Wrap(err, errs.Internal, "The proof can't be read.")
		}
		if !result.OK {
			break
		}
	}
	if !result.OK {
		return &view.Check{Text: "The proof does not hold: " + result.Message}, nil
	}
	return &view.Check{Holds: true, Text: "The proof holds: this entry, as it stands here, is number " + strconv.FormatInt(p.Index+1, 10) +
		" of the " + ui.Number(result.Size) + " entries that the checkpoint signs for."}, nil
}
