package web

import (
	"bytes"
	"encoding/csv"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"weir/errs"
	"weir/graph"
	view "weir/views/lineage"
	"weir/views/link"
)

// lineageCSV answers the table of a picture as a file.
func (s *Site) lineageCSV(w http.ResponseWriter, r *http.Request) error {
	q, err := lineageQuery(r.URL.Query())
	if err != nil {
		return err
	}
	p, err := s.picture(r.Context(), graph.ID(r.URL.Query().Get("root")), q)
	if err != nil {
		return err
	}
	return writeRows(w, r, "lineage-"+link.Head(p.root().Name()), p.twin())
}

// impactCSV answers the whole list of what depends on something as a file.
func (s *Site) impactCSV(w http.ResponseWriter, r *http.Request) error {
	q, err := lineageQuery(r.URL.Query())
	if err != nil {
		return err
	}
	q.After = ""
	found, root, err := s.findImpact(r, q, impactFile)
	if err != nil {
		return err
	}
	return writeRows(w, r, "impact-"+link.Head(root.Name()), s.impactOf(found, root, q).Rows)
}

// writeRows sends rows as CSV (RFC 4180).
func writeRows(w http.ResponseWriter, r *http.Request, name string, rows []view.TwinRow) error {
	var out bytes.Buffer
	c := csv.NewWriter(&out)
	c.UseCRLF = true
	lines := [][]string{{"steps", "name", "kind", "domain", "classification", "classes", "owner", "through", "unconfirmed", "address"}}
	for _, row := range rows {
		lines = append(lines, csvLine(row))
	}
	if err := c.WriteAll(lines); err != nil {
		return errs.Wrap(err, errs.Internal, "")
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+name+`.csv"`) // a head holds letters, digits, ".", "_" and "-" only
	if _, err := w.Write(out.Bytes()); err != nil {
		slog.DebugContext(r.Context(), "the client went away", "error", err)
	}
	return nil
}

func csvLine(row view.TwinRow) []string {
	steps := strconv.Itoa(row.Steps)
	if row.Hidden {
		return []string{steps, "hidden", "", "", "", "", "", "", "", ""}
	}
	var classes []string
	for _, s := range row.Stamps {
		classes = append(classes, s.Class+" "+string(s.How))
	}
	line := []string{
		"", row.Name.Text, row.Kind, row.Domain.Text, string(row.Level), strings.Join(classes, "; "), row.Owner.Name, row.Through,
		strconv.FormatBool(row.Unconfirmed), row.Name.Href,
	}
	for i, cell := range line {
		line[i] = harmless(cell)
	}
	line[0] = steps // a number of ours, not a text of theirs
	return line
}

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]) {
		return "'" + cell
	}
	return cell
}
