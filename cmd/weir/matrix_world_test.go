package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"weir/authz"
	"weir/catalog"
	"weir/catalog/openlineage"
	"weir/graph"
	"weir/identity"
)

// canary stands in every text of what is closed: names, columns, owners, tags, code, errors. Who may not see what is closed
// must never be sent it.
const canary = "zxcanary"

// place is a dataset with what stands around it: a column, the job that makes it with a run that failed, a consumer, and
// another dataset beside it.
type place struct {
	name       string // of the dataset
	domain     string // id; "" for none
	visibility authz.Visibility
	inherited  bool // the visibility is said of the domain alone
	level      catalog.Classification
	dataset    graph.ID
	column     graph.ID
	transform  graph.ID
	run        graph.ID
	consumer   graph.ID
	twin       graph.ID
}

// world is a company that knows an asset of each visibility and somebody of each role.
type world struct {
	*running
	ctx    context.Context // of the operator
	places []place
	sales  string // id of the domain that is closed to others, and that of another
	other  string
	people []somebody
}

// somebody has a role somewhere, a session in a browser, and a token.
type somebody struct {
	name   string
	login  string
	role   string // "" for nobody
	where  string // id of a domain, authz.Everywhere, or "" where the role is everybody's
	id     graph.ID
	cookie string
	token  string
	scope  string // of a token that is good for less than its owner; it has no session then
}

// newWorld starts a server and fills it.
func newWorld(t *testing.T, cfg Config) *world {
	t.Helper()
	s := start(t, cfg, nil)
	w := &world{running: s, ctx: s.asOperator(t.Context())}
	w.places = []place{
		{name: "plain_list", visibility: authz.Open},
		{name: "inner_list", visibility: authz.InDomain, domain: "sales"},
		{name: canary + "_list", visibility: authz.Closed, domain: "sales"},
		{name: "guarded_list", visibility: authz.Open, level: catalog.Restricted, domain: "sales"},
		{name: canary + "_vault", visibility: authz.Closed, inherited: true, domain: canary + "_domain"},
	}
	for i := range w.places {
		w.fill(&w.places[i])
	}
	w.sales, w.other = w.domain("sales"), w.domain("other")
	for i := range w.places {
		if w.places[i].domain != "" {
			w.places[i].domain = string(catalog.DomainID(w.places[i].domain))
		}
	}
	w.mix()
	if err := catchUpWith(t, s); err != nil {
		t.Fatal(err)
	}
	return w
}

// fill reports a place and says what it is.
func (w *world) fill(p *place) {
	w.t.Helper()
	p.dataset, p.twin = catalog.DatasetID("db", p.name), catalog.DatasetID("db", p.name+"_twin")
	p.column = catalog.ColumnID(p.dataset, "col_"+p.name)
	p.transform, p.consumer = catalog.TransformID("jobs", "make_"+p.name), catalog.ConsumerID("boards", "show_"+p.name)
	uuid := fmt.Sprintf("0190a3c4-0000-7000-8000-%012x", len(p.name))
	p.run = catalog.RunID("jobs", "make_"+p.name, uuid)
	for _, text := range p.events(uuid) {
		e, err := openlineage.Parse([]byte(text))
		if err != nil {
			w.t.Fatal(err)
		}
		if err := w.Intake.Accept(w.ctx, authz.Operator.ID, e)[0]; err != nil {
			w.t.Fatal(err)
		}
	}
	visibility, level := string(p.visibility), string(p.level)
	if p.inherited {
		visibility = ""
	}
	words := "What " + p.name + " holds."
	tags, owners := []string{"tag_" + p.name}, []string{"team:owners_of_" + p.name}
	for _, id := range []graph.ID{p.dataset, p.twin, p.consumer} {
		in := catalog.DescribeInput{ID: id, Description: &words, Visibility: &visibility, Tags: &tags, Owners: &owners}
		if p.domain != "" {
			in.Domain = &p.domain
		}
		if p.level != "" {
			in.Classification = &level
		}
		w.must(w.Catalog.Describe(w.ctx, in))
	}
	if p.domain != "" {
		w.must(w.Catalog.Describe(w.ctx, catalog.DescribeInput{ID: p.transform, Domain: &p.domain, Description: &words}))
	}
	if closed := string(authz.Closed); p.inherited {
		w.must(w.Catalog.Describe(w.ctx, catalog.DescribeInput{ID: catalog.DomainID(p.domain), Description: &words, Visibility: &closed}))
	}
}

// mix is a job that everybody sees and that reads what is closed, too: what it says of that must not be seen.
func (w *world) mix() {
	w.t.Helper()
	secret := canary + "_list"
	e, err := openlineage.Parse([]byte(strings.NewReplacer("SECRET", secret).Replace(`{"eventTime":"2026-03-03T22:01:35Z","producer":"https://example.com/client","eventType":"FAIL",
		"run":{"runId":"0190a3c4-0000-7000-8000-00000000ffff","facets":{"errorMessage":{"message":"no rows in SECRET","programmingLanguage":"sql"}}},
		"job":{"namespace":"jobs","name":"mix","facets":{"sql":{"query":"select col_SECRET from SECRET"},"documentation":{"description":"Joins two lists."}}},
		"inputs":[{"namespace":"db","name":"plain_list"},{"namespace":"db","name":"SECRET","facets":{"x":{"note":"SECRET"}}}],
		"outputs":[{"namespace":"db","name":"mixed_list","facets":{"schema":{"fields":[{"name":"mixed"}]},"columnLineage":{"fields":{"mixed":{"inputFields":[
			{"namespace":"db","name":"SECRET","field":"col_SECRET"},{"namespace":"db","name":"plain_list","field":"col_plain_list"}]}}}}}]}`)))
	w.must(err)
	w.must(w.Intake.Accept(w.ctx, authz.Operator.ID, e)[0])
	personal := []string{"pii"}
	w.must(w.Catalog.Describe(w.ctx, catalog.DescribeInput{ID: catalog.ColumnID(catalog.DatasetID("db", secret), "col_"+secret), Classes: &personal}))
}

// events are what clients report of a place.
func (p *place) events(uuid string) []string {
	head := `"eventTime":"2026-03-02T22:01:35Z","producer":"https://example.com/client"`
	data := func(name string) string {
		return fmt.Sprintf(`{"namespace":"db","name":%q,"facets":{"schema":{"fields":[{"name":%q,"type":"text","description":"A column of %s."}]}}}`,
			name, "col_"+name, name)
	}
	run := fmt.Sprintf(`"run":{"runId":%q,"facets":{"errorMessage":{"message":"it broke %s","programmingLanguage":"sql"}}}`, uuid, p.name)
	made := fmt.Sprintf(`{%s,"eventType":"FAIL",%s,"job":{"namespace":"jobs","name":"make_%s","facets":{"sql":{"query":"select * from %s"}}},"inputs":[%s],"outputs":[%s]}`,
		head, run, p.name, p.name, data(p.name+"_twin"), data(p.name))
	shown := fmt.Sprintf(`{%s,"job":{"namespace":"boards","name":"show_%s","facets":{"jobType":{"processingType":"BATCH","integration":"LOOKER","jobType":"DASHBOARD"}}},"inputs":[{"namespace":"db","name":%q}]}`,
		head, p.name, p.name)
	return []string{made, shown}
}

// domain is the id of a domain, made if there is none.
func (w *world) domain(name string) string {
	w.t.Helper()
	id := catalog.DomainID(name)
	if found, err := w.Store.Nodes(w.ctx, id); err != nil || len(found) == 1 {
		w.must(err)
		return string(id)
	}
	title := name
	board := catalog.ConsumerID("boards", "of_"+name)
	e, err := openlineage.Parse([]byte(`{"eventTime":"2026-03-02T22:01:35Z","producer":"https://example.com/client","job":{"namespace":"boards","name":"of_` + name +
		`","facets":{"jobType":{"processingType":"BATCH","integration":"LOOKER","jobType":"DASHBOARD"}}}}`))
	w.must(err)
	w.must(w.Intake.Accept(w.ctx, authz.Operator.ID, e)[0])
	w.must(w.Catalog.Describe(w.ctx, catalog.DescribeInput{ID: board, Domain: &title}))
	return string(id)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// everybody makes somebody of each role that comes with the program, wherever it can be held: in the domain that matters,
// in another, and everywhere; and nobody.
func (w *world) everybody() []somebody {
	w.t.Helper()
	out := []somebody{{name: "nobody"}}
	for _, r := range authz.Builtin {
		places := []string{w.sales, w.other, authz.Everywhere}
		switch r.Name {
		case authz.Member:
			places = []string{""}
		case authz.Consumer:
			places = places[:2]
		case authz.Platform, authz.Admin:
			places = places[2:]
		}
		for _, where := range places {
			out = append(out, w.person(r.Name, where))
		}
	}
	return out
}

// tokens are tokens of an administrator, each good for one scope alone.
func (w *world) tokens() []somebody {
	w.t.Helper()
	admin := w.person(authz.Admin, authz.Everywhere)
	var out []somebody
	for _, s := range authz.Scopes {
		who := somebody{name: "token " + s.Name, role: authz.Admin, where: authz.Everywhere, id: admin.id, scope: s.Name}
		who.token = w.token(admin.id, s.Name)
		out = append(out, who)
	}
	return out
}

// person makes a person with a role, a session and a token that is good for all that he may do.
func (w *world) person(role, where string) somebody {
	w.t.Helper()
	login := fmt.Sprintf("p%d", len(w.people))
	u, err := w.Identity.CreateUser(w.ctx, identity.NewUser{Login: login, Name: "Person " + login, Password: password})
	w.must(err)
	if where != "" {
		w.must(w.Roles.GrantRole(w.ctx, authz.RoleChange{Subject: u.ID, Role: role, Domain: where}))
	}
	who := somebody{name: role, login: login, role: role, where: where, id: u.ID}
	switch where {
	case w.sales:
		who.name += " here"
	case w.other:
		who.name += " elsewhere"
	case authz.Everywhere:
		who.name += " everywhere"
	}
	who.token = w.token(u.ID, authz.ScopeAdmin)
	who.cookie = w.signIn(login)
	w.people = append(w.people, who)
	return who
}

// password is everybody's.
const password = "four words and a lamp"

// signIn begins a session and returns its cookie.
func (w *world) signIn(login string) string {
	w.t.Helper()
	a := w.browse(somebody{}, http.MethodPost, "/sign-in", url.Values{"login": {login}, "password": {password}})
	if a.status != http.StatusSeeOther {
		w.t.Fatalf("%s can't sign in: %d %.300s", login, a.status, a.body)
	}
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	return cookie
}

func (w *world) token(of graph.ID, scope string) string {
	w.t.Helper()
	_, text, err := w.Identity.CreateToken(w.ctx, identity.NewToken{Principal: of, Name: "for the matrix", Scopes: []string{scope}})
	w.must(err)
	return text
}

// unled doesn't follow redirections: where somebody is sent is part of the answer.
var unled = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// browse asks as a browser does, in the session of somebody. A form that isn't nil is sent.
func (w *world) browse(who somebody, method, path string, form url.Values) answer {
	w.t.Helper()
	header := http.Header{"Accept": {"text/html"}}
	if who.cookie != "" {
		header.Set("Cookie", who.cookie)
	}
	body := ""
	if form != nil {
		header.Set("Content-Type", "application/x-www-form-urlencoded")
		header.Set("Origin", w.URL())
		body = form.Encode()
	}
	return w.ask(method, path, body, header)
}

// call asks as a program does, with the token of somebody.
func (w *world) call(who somebody, method, path, body string) answer {
	w.t.Helper()
	header := http.Header{"Content-Type": {"application/json"}}
	if who.token != "" {
		header.Set("Authorization", "Bearer "+who.token)
	}
	return w.ask(method, path, body, header)
}

func (w *world) ask(method, path, body string, header http.Header) answer {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.URL()+path, strings.NewReader(body))
	w.must(err)
	req.Header = header
	resp, err := unled.Do(req)
	w.must(err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	w.must(err)
	return answer{resp.StatusCode, resp.Header, string(b)}
}
