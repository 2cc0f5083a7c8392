package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"weir/authz"
	"weir/catalog"
	"weir/views/link"
)

// strangers are those who may not see what is closed.
func (w *world) strangers() []somebody {
	return []somebody{
		{name: "nobody"}, w.person(authz.Member, ""), w.person(authz.Consumer, w.sales), w.person(authz.Consumer, w.other),
		w.person(authz.Owner, w.other), w.person(authz.Approver, w.other), w.person(authz.Auditor, w.other),
	}
}

// crawlPages is how many pages a stranger looks at; the race detector makes each several times as slow.
func crawlPages() int {
	if raceEnabled {
		return 120
	}
	return 400
}

// What is closed is nowhere to be read for those who may not see it: in no page that a link leads to, no list, no answer
// of GraphQL, no error, and not in what the program logs meanwhile.
func TestCanary_ClosedAssetsLeaveNoTrace(t *testing.T) {
	if testing.Short() {
		t.Skip("crawls a server for several people; not in short runs")
	}
	for engine, cfg := range engines(t) {
		t.Run(engine, func(t *testing.T) {
			w := newWorld(t, cfg)
			strangers := w.strangers()
			if raceEnabled {
				strangers = strangers[2:4]
			}
			w.sureToBeFound()
			w.offerHidden()
			log := logged(t)
			for _, s := range strangers {
				n := w.crawl(s)
				n += w.questions(s)
				t.Logf("%s: %d answers", s.name, n)
			}
			if at := strings.Index(log.String(), canary); at >= 0 {
				t.Errorf("the log says: %.300s", log.String()[max(0, at-150):])
			}
		})
	}
}

// sureToBeFound makes sure that the search for what must not appear can find it at all.
func (w *world) sureToBeFound() {
	w.t.Helper()
	admin := w.person(authz.Admin, authz.Everywhere)
	p := w.closed()
	for _, path := range []string{link.Dataset(string(p.dataset), "x"), link.Transform(string(p.transform), "x"), link.Run(string(p.run)),
		link.Domains(), link.Search("list"), link.Transform(string(catalog.TransformID("jobs", "mix")), "x"), link.Suggest() + "?q=zx",
		link.LineageCSV(string(catalog.DatasetID("db", "mixed_list")), link.LineageQuery{Direction: "upstream"}), "/"} {
		if a := w.browse(admin, http.MethodGet, path, nil); a.status != http.StatusOK || !strings.Contains(a.body, canary) {
			w.t.Errorf("%s: %d without the canary, though an administrator sees it", path, a.status)
		}
	}
}

func (w *world) closed() place { return w.places[2] }

// notebook takes what is logged.
type notebook struct {
	mu sync.Mutex
	bytes.Buffer
}

func (n *notebook) Write(b []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.Buffer.Write(b)
}

func (n *notebook) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.Buffer.String()
}

// logged takes what the program logs until the test ends, all of it.
func logged(t *testing.T) *notebook {
	t.Helper()
	n, before := &notebook{}, slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(n, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(before) })
	return n
}

var linked = regexp.MustCompile(`(?:href|src|action|hx-get|data-[a-z-]*(?:url|href|src))="([^"]+)"`)

// crawl looks at the pages of everything that is closed, though nobody told a stranger of them, and at all that links lead
// to from there, and returns at how many.
func (w *world) crawl(s somebody) int {
	w.t.Helper()
	queue := []string{"/", link.Domains(), link.Search(""), link.Search("list"), link.Search("kind:dataset"), link.People(""), link.Teams(), link.Accounts(),
		link.Policy(), link.Audit(), "/metrics", "/healthz", "/readyz", link.Settings(link.Profile), link.Settings(link.Tokens), link.Playground(),
		link.SearchQuery{Text: "list", Sort: "name"}.URL(), link.Suggest() + "?q=li", link.Suggest() + "?q=z", link.Search("type:" + "text")}
	for _, p := range w.places {
		p.name = "x" // the head of an address is not looked at, and would come back
		for _, c := range w.addressesOf(p) {
			queue = append(queue, c)
		}
		queue = append(queue, link.DatasetEdit(string(p.dataset), "x"), link.TransformEdit(string(p.transform), "x"), link.ConsumerEdit(string(p.consumer), "x"),
			link.Path(string(p.dataset), string(catalog.DatasetID("db", "mixed_list"))))
		if p.domain != "" {
			queue = append(queue, link.Domain(p.domain, "x"), link.DomainEdit(p.domain, "x"))
		}
	}
	seen := map[string]bool{}
	for len(queue) > 0 && len(seen) < crawlPages() {
		path := queue[0]
		queue = queue[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		a := w.browse(s, http.MethodGet, path, nil)
		w.clean(s, path, a)
		queue = append(queue, w.linksIn(path, a)...)
	}
	return len(seen)
}

// clean demands that an answer holds nothing of what is closed, and is no accident.
func (w *world) clean(s somebody, what string, a answer) {
	w.t.Helper()
	if a.status >= http.StatusInternalServerError {
		w.t.Errorf("%s: %s: %d %.200s", s.name, what, a.status, a.body)
	}
	text := fmt.Sprint(a.header) + "\n" + a.body
	if at := strings.Index(strings.ToLower(text), canary); at >= 0 {
		w.t.Errorf("%s reads in %s: …%s…", s.name, what, text[max(0, at-200):min(len(text), at+100)])
	}
}

// linksIn are the addresses of this server that an answer leads to.
func (w *world) linksIn(path string, a answer) []string {
	base, err := url.Parse(w.URL() + path)
	w.must(err)
	found := []string{a.header.Get("Location")}
	if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		for _, m := range linked.FindAllStringSubmatch(a.body, -1) {
			found = append(found, html.UnescapeString(m[1]))
		}
	}
	var out []string
	for _, f := range found {
		to, err := base.Parse(f)
		if f == "" || err != nil || to.Host != base.Host || strings.HasPrefix(to.Path, "/static/") {
			continue
		}
		to.Fragment = ""
		if next := to.RequestURI(); !slices.Contains(out, next) {
			out = append(out, next)
		}
	}
	return out
}

// questions asks GraphQL all that it can be asked, of what is closed and of what stands beside it, and returns how many
// answers there were. Each field of the root of queries is among them.
func (w *world) questions(s somebody) int {
	w.t.Helper()
	n := 0
	asked := map[string]bool{}
	for _, q := range canaryQuestions {
		variables := w.variables()
		if !strings.Contains(q, "$id") {
			variables = variables[:1]
		}
		for _, variables := range variables {
			body, err := json.Marshal(map[string]any{"query": q, "variables": variables})
			w.must(err)
			a := w.call(s, http.MethodPost, link.GraphQL(), string(body))
			if strings.Contains(a.body, "GRAPHQL_VALIDATION_FAILED") || strings.Contains(a.body, "GRAPHQL_PARSE_FAILED") {
				w.t.Fatalf("%s: %.400s", q, a.body)
			}
			w.clean(s, q, a)
			n++
		}
		for _, m := range rootField.FindAllStringSubmatch(q, -1) {
			asked[m[1]] = true
		}
	}
	for _, field := range w.fieldsOf("Query") {
		if !asked[field] {
			w.t.Errorf("nothing asks for %s: what it tells strangers is not known", field)
		}
	}
	return n
}

// variables are the ids to ask about.
func (w *world) variables() []map[string]any {
	var out []map[string]any
	for _, p := range w.places {
		for _, id := range []any{p.dataset, p.transform, p.consumer, p.column, p.run, p.domain} {
			out = append(out, map[string]any{"id": id, "to": catalog.DatasetID("db", "mixed_list")})
		}
	}
	mixed := catalog.DatasetID("db", "mixed_list")
	for _, id := range []any{mixed, catalog.ColumnID(mixed, "mixed"), catalog.TransformID("jobs", "mix"),
		catalog.RunID("jobs", "mix", "0190a3c4-0000-7000-8000-00000000ffff"), catalog.DatasetID("db", "plain_list")} {
		out = append(out, map[string]any{"id": id, "to": mixed})
	}
	return out
}

// fieldsOf are the fields of a root, from the schema itself.
func (w *world) fieldsOf(root string) []string {
	w.t.Helper()
	data, codes, err := w.graphQL(w.people[len(w.people)-1], `query($root: String!) { __type(name: $root) { fields { name } } }`, map[string]any{"root": root})
	w.must(err)
	var typ struct{ Fields []struct{ Name string } }
	w.must(json.Unmarshal(data["__type"], &typ))
	if len(codes) > 0 || len(typ.Fields) < 10 {
		w.t.Fatalf("the schema can't be read: %v", codes)
	}
	var out []string
	for _, f := range typ.Fields {
		out = append(out, f.Name)
	}
	return out
}
