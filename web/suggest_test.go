package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestSuggest(t *testing.T) {
	w := newCompany(t)
	a := w.get("/search/suggest?q=campaign")
	var found []struct{ Text, Title, Kind, URL string }
	if err := json.Unmarshal([]byte(a.body), &found); err != nil || len(found) == 0 {
		t.Fatalf("%v: %s", err, a.body)
	}
	for _, f := range found {
		if f.URL == "" || f.Text == "" || f.Kind != "" && w.get(f.URL).status != http.StatusOK {
			t.Errorf("%+v leads nowhere", f)
		}
	}
	options := w.send(http.MethodGet, "/search/suggest?q=dom", nil, func(r *http.Request) { r.Header.Set("HX-Request", "true") })
	if !strings.Contains(options.body, `<option value="domain:">`) || strings.Contains(options.body, "<html") {
		t.Errorf("the box gets %s", options.body)
	}
}

func TestSuggestionsInTheBrowser(t *testing.T) {
	ctx, heard := browser(t)
	_, server, _ := companySite(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/"), chromedp.SendKeys("input[name=q]", "campai"))
	holds(t, ctx, `document.querySelectorAll("#suggestions option").length > 1`)
	if texts := heard.take(); len(texts) > 0 {
		t.Errorf("the browser complains: %q", texts)
	}
}
