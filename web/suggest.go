package web

import (
	"net/http"

	"weir/views/link"
)

// suggestRows is how many suggestions are offered.
const suggestRows = 8

// suggestion is one line below the search box as scripts and other programs read it.
type suggestion struct {
	Text  string `json:"text"`           // what the box would hold
	Title string `json:"title"`          // what to show
	Kind  string `json:"kind,omitempty"` // of an asset
	URL   string `json:"url"`            // the asset's page, or the search for the text
}

// suggest answers GET /search/suggest: what the text of the search box may become, as JSON.
func (s *Site) suggest(w http.ResponseWriter, r *http.Request) error {
	found, err := s.Catalog.Suggest(r.Context(), r.URL.Query().Get("q"), suggestRows)
	if err != nil {
		return err
	}
	out := make([]suggestion, len(found))
	for i, f := range found {
		out[i] = suggestion{Text: f.Query, Title: f.Title, URL: link.Search(f.Query)}
		if f.Asset != nil {
			out[i].Kind, out[i].URL = kindWord(*f.Asset), addressOf(*f.Asset)
		}
	}
	return writeJSON(w, http.StatusOK, out)
}
