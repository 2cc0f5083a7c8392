package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"weir/catalog"
	"weir/views/link"
)

// formOf is what a browser would send of the form that is posted to an address.
func formOf(t *testing.T, page *html.Node, action string) url.Values {
	t.Helper()
	forms := find(page, "form", "action", action)
	if len(forms) != 1 {
		t.Fatalf("%d forms for %s", len(forms), action)
	}
	out := url.Values{}
	for n := range forms[0].Descendants() {
		name := attr(n, "name")
		switch n.Data {
		case "input":
			kind := attr(n, "type")
			if kind != "checkbox" && kind != "radio" || has(n, "checked", "") {
				out.Add(name, attr(n, "value"))
			}
		case "textarea":
			if n.FirstChild != nil {
				out.Add(name, n.FirstChild.Data)
			} else {
				out.Add(name, "")
			}
		case "option":
			if has(n, "selected", "") {
				out.Add(attr(n.Parent, "name"), attr(n, "value"))
			}
		}
	}
	return out
}

func TestEditDataset(t *testing.T) {
	w := newCompany(t)
	edit := martURL + "/edit"
	form := formOf(t, w.ok(edit), edit)
	if form.Get("title") != "Customer 360" || form.Get("level") != "confidential" || form.Get("domain") == "" || form.Get("owner") == "" {
		t.Fatalf("the form holds %v", form)
	}

	saved := w.send(http.MethodPost, edit, form)
	if saved.status != http.StatusSeeOther || saved.header.Get("Location") != martURL+"?saved=1" {
		t.Fatalf("nothing changed: status %d to %s", saved.status, saved.header.Get("Location"))
	}
	if activity := textOf(w.ok(martURL + "/activity")); strings.Contains(activity, "described it") {
		t.Error("a form that changes nothing is written down as a change")
	}

	form.Set("title", "Customers, whole")
	form.Set("description", "All **customers**.\r\n\r\n<script>alert(1)</script>\r\n\r\n![x](https://elsewhere.example/x.png) [more](https://example.org/) [bad](javascript:alert(1))")
	form.Set("tags", "certified, from-tests")
	form.Set("level", "restricted")
	form["class"] = []string{"pci"}
	if a := w.send(http.MethodPost, edit, form); a.status != http.StatusSeeOther {
		t.Fatalf("status %d: %.300s", a.status, a.body)
	}
	page := w.ok(martURL + "?saved=1")
	text := textOf(page)
	for _, want := range []string{"Saved.", "Customers, whole", "All customers .", "from-tests", "Restricted", "PCI", "by Operator"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page doesn't say %q", want)
		}
	}
	if len(find(page, "img", "", "")) > 0 || strings.Contains(text, "alert(1)") && len(find(page, "script", "src", "")) == 0 {
		t.Error("the description brought markup along")
	}
	links := find(page, "a", "href", "https://example.org/")
	if len(links) != 1 || !strings.Contains(attr(links[0], "rel"), "nofollow") || !strings.Contains(attr(links[0], "rel"), "noopener") {
		t.Errorf("links in the description: %d", len(links))
	}
	if activity := textOf(w.ok(martURL + "/activity")); !strings.Contains(activity, "described it") || !strings.Contains(activity, "Customers, whole") {
		t.Error("the change is not in the activity")
	}
}

func TestEditComesBackWithWhatIsWrong(t *testing.T) {
	w := newCompany(t)
	edit := martURL + "/edit"
	form := formOf(t, w.ok(edit), edit)
	form.Set("title", strings.Repeat("long ", 100))
	form.Set("tags", strings.Repeat("x", 500))
	form.Set("description", "typed with care")
	a := w.send(http.MethodPost, edit, form)
	if a.status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", a.status)
	}
	page := parse(t, a.body)
	if got := formOf(t, page, edit); got.Get("description") != "typed with care" || !strings.HasPrefix(got.Get("title"), "long long") {
		t.Errorf("what was typed is lost: %.80v", got)
	}
	if len(find(page, "", "aria-invalid", "true")) != 2 || len(find(page, "", "role", "alert")) != 1 {
		t.Error("the page doesn't say which fields are wrong")
	}
	if got := heading(w.ok(martURL)); got != "Customer 360" {
		t.Errorf("half of it was saved: %q", got)
	}
}

func TestEditAfterSomebodyElse(t *testing.T) {
	w := newCompany(t)
	edit := martURL + "/edit"
	mine, theirs := formOf(t, w.ok(edit), edit), formOf(t, w.ok(edit), edit)
	theirs.Set("title", "Theirs")
	if a := w.send(http.MethodPost, edit, theirs); a.status != http.StatusSeeOther {
		t.Fatalf("status %d", a.status)
	}
	mine.Set("title", "Mine")
	a := w.send(http.MethodPost, edit, mine)
	if a.status != http.StatusConflict {
		t.Fatalf("status %d", a.status)
	}
	page := parse(t, a.body)
	text := textOf(page)
	again := formOf(t, page, edit)
	if !strings.Contains(text, "Somebody changed it while you were writing") || !strings.Contains(text, "Theirs") || again.Get("title") != "Mine" {
		t.Errorf("title %q: %.200s", again.Get("title"), text)
	}
	if a := w.send(http.MethodPost, edit, again); a.status != http.StatusSeeOther {
		t.Fatalf("saving again: status %d", a.status)
	}
	if got := heading(w.ok(martURL)); got != "Mine" {
		t.Errorf("headed %q", got)
	}
}

func TestEditJobAndConsumer(t *testing.T) {
	w := newCompany(t)
	for _, address := range []string{hrefs(w.ok("/search?kind=transform"), "/transforms/")[0], hrefs(w.ok("/search?kind=model"), "/consumers/")[0]} {
		form := formOf(t, w.ok(address+"/edit"), address+"/edit")
		form.Set("title", "Called by tests")
		if a := w.send(http.MethodPost, address+"/edit", form); a.status != http.StatusSeeOther {
			t.Fatalf("%s: status %d: %.300s", address, a.status, a.body)
		}
		if got := heading(w.ok(address)); got != "Called by tests" {
			t.Errorf("%s is headed %q", address, got)
		}
		form = formOf(t, w.ok(address+"/edit"), address+"/edit")
		form.Set("title", "")
		if a := w.send(http.MethodPost, address+"/edit", form); a.status != http.StatusSeeOther {
			t.Fatalf("%s: status %d", address, a.status)
		}
		if got := heading(w.ok(address)); got == "Called by tests" || got == "" {
			t.Errorf("%s is headed %q after its title was taken back", address, got)
		}
	}
}

func TestEditDomain(t *testing.T) {
	w := newCompany(t)
	domain := link.Domain(string(catalog.DomainID("care")), "care")
	form := formOf(t, w.ok(domain+"/edit"), domain+"/edit")
	if form.Has("domain") || form.Has("tags") || form.Has("level") {
		t.Errorf("a domain has no domain, tags or level: %v", form)
	}
	form.Set("title", "Customer care")
	form.Set("description", "Who answers when something is wrong.")
	form.Set("owner", form.Get("owner"))
	if a := w.send(http.MethodPost, domain+"/edit", form); a.status != http.StatusSeeOther {
		t.Fatalf("status %d: %.300s", a.status, a.body)
	}
	page := textOf(w.ok(domain))
	for _, want := range []string{"Customer care", "Who answers when something is wrong."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page doesn't say %q", want)
		}
	}
	if a := w.send(http.MethodPost, domain+"/edit", form); a.status != http.StatusConflict {
		t.Errorf("an old form: status %d", a.status)
	}
}
