package web

import (
	"encoding/csv"
	"net/http"
	"strings"
	"time"

	"weir/errs"
	"weir/marketplace"
	"weir/views/link"
)

// grantCSV answers all grants that the reader may take out as a file. That he did so stands in the audit log. Where that needs a
// second person he is led to propose it.
func (s *Site) grantCSV(w http.ResponseWriter, r *http.Request) error {
	in := marketplace.GrantList{View: marketplace.GrantsAll, State: r.URL.Query().Get("state")}
	act, err := s.Market.ExportOf(r.Context(), in.State)
	if err != nil {
		return err
	}
	if proposed, err := s.instead(w, r, act, link.Grants()); proposed || err != nil {
		return err
	}
	return sendGrants(w, func(each func(marketplace.GrantRow) error) error { return s.Market.ExportGrants(r.Context(), in, each) })
}

// sendGrants sends the grants that an export gives as a file (RFC 4180).
func sendGrants(w http.ResponseWriter, export func(each func(marketplace.GrantRow) error) error) error {
	out := &attachment{ResponseWriter: w, media: "text/csv; charset=utf-8", name: "grants.csv"}
	c := csv.NewWriter(out)
	c.UseCRLF = true
	head := []string{"grant", "what", "who has it", "holder", "asked by", "owner", "purpose", "access", "environment", "state", "since", "until", "ended"}
	if err := c.Write(head); err != nil {
		return errs.Wrap(err, errs.Internal, "The file can't be written.")
	}
	err := export(func(g marketplace.GrantRow) error { return c.Write(grantLine(g)) })
	if err != nil {
		if out.begun {
			panic(http.ErrAbortHandler) // a file that ends early must not look like a whole one
		}
		return err
	}
	c.Flush()
	if c.Error() != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}

func grantLine(g marketplace.GrantRow) []string {
	line := []string{
		string(g.ID), g.Title, g.HolderName, string(g.Holder), g.SenderName, g.OwnerName, g.Purpose, g.Access, g.Environment, string(g.State),
		timeCell(g.Since), timeCell(g.Until), timeCell(g.Ended),
	}
	for i, cell := range line {
		line[i] = harmless(strings.TrimSpace(cell))
	}
	return line
}

func timeCell(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}
