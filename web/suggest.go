package web

import (
	"net/http"

	"weir/views/link"
	"weir/views/ui"
)

// suggestRows is how many suggestions are offered.
const suggestRows = 8

// suggestion is one of them as other programs read it.
type suggestion struct {
	Text  string `json:"text"`           // what the box would hold
	Title string `json:"title"`          // what to show
	Kind  string `json:"kind,omitempty"` // of an asset
	URL   string `json:"url"`            // the asset's page, or the search for the text
}

// suggest answers what the text of the search box may become: as options to the box itself, else as JSON.
func (s *Site) suggest(w http.ResponseWriter, r *http.Request) error {
	found, err := s.Catalog.Suggest(r.Context(), r.URL.Query().Get("q"), suggestRows)
	if err != nil {
		return err
	}
	out := make([]suggestion, len(found))
	options := make([]ui.Suggestion, len(found))
	for i, f := range found {
		out[i] = suggestion{Text: f.Query, Title: f.Title, URL: link.Search(f.Query)}
		options[i] = ui.Suggestion{Text: f.Query, Note: f.Title}
		if f.Asset != nil {
			out[i].Kind, out[i].URL = kindWord(*f.Asset), addressOf(*f.Asset)
			options[i].Note = f.Title + ", " + out[i].Kind
		}
	}
	if r.Header.Get("HX-Request") == "true" {
		return s.show(w, r, http.StatusOK, ui.Suggestions(options))
	}
	return writeJSON(w, http.StatusOK, out)
}
