package gqlschema

import (
	"iter"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"

	"weir/audit"
	"weir/catalog"
	"weir/catalog/lineage"
	"weir/catalog/openlineage"
	"weir/demo"
	"weir/graph"
)

var (
	docQuery  = regexp.MustCompile("(?s)```graphql\n(.*?)```")
	docVector = regexp.MustCompile("(?m)^\\| `(\\w+)` \\| (`.+`) \\| `(\\w+)` \\|$")
	docPrefix = regexp.MustCompile("(?m)^\\| `(\\w+)` \\| [a-z]")
)

func apiDoc(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestDocumentedIDs(t *testing.T) {
	vectors := docVector.FindAllStringSubmatch(apiDoc(t), -1)
	if len(vectors) != 3 {
		t.Fatalf("%d test vectors", len(vectors))
	}
	for _, v := range vectors {
		parts := strings.Split(strings.ReplaceAll(v[2], "`", ""), ", ")
		if got := catalog.NewID(v[1], parts...); got != graph.ID(v[3]) {
			t.Errorf("%s of %q is %s, documented is %s", v[1], parts, got, v[3])
		}
	}
	var documented []string
	for _, p := range docPrefix.FindAllStringSubmatch(apiDoc(t), -1) {
		documented = append(documented, p[1])
	}
	for kind := range maps.Values(kinds) {
		if prefix := catalog.Schema().Kinds[kind].Prefix; !slices.Contains(documented, prefix) {
			t.Errorf("the prefix %q of %s is not documented", prefix, kind)
		}
	}
}

// halden is the sample company behind the door: its descriptions and the last run of each job.
func halden(t *testing.T) *world {
	t.Helper()
	w := newEmptyWorld(t, time.Now)
	next, stop := iter.Pull(demo.Events(time.Now()))
	defer stop()
	for range 10 {
		var all []catalog.Prepared
		for range 100 {
			raw, ok := next()
			if !ok {
				break
			}
			e, err := openlineage.Parse(raw)
			if err != nil {
				t.Fatal(err)
			}
			p, err := catalog.Prepare("loader", e)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, p)
		}
		if err := w.catalog.Apply(t.Context(), all); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := audit.Since(t.Context(), w.store, 0, graph.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	if err := lineage.NewPropagator(w.store).Follow(t.Context(), entries); err != nil {
		t.Fatal(err)
	}
	return w
}

// marketQueries are about ids that only a company with a marketplace has; they are held to the schema.
var marketQueries = []string{"FindProducts", "PreviewRequest", "Ask", "WaitingForMe", "LookAtItem", "Approve", "WhatIHave"}

func TestDocumentedQueries(t *testing.T) {
	staff := staffOf(t, halden(t))
	seal(t, staff.sealing(t))
	w := staff.as(staff.who(t, staff.ada.ID))
	answers := map[string]map[string]any{}
	for _, q := range docQuery.FindAllStringSubmatch(apiDoc(t), -1) {
		name := strings.Fields(strings.TrimLeft(q[1], " \n"))[1]
		name, _, _ = strings.Cut(name, "(")
		if slices.Contains(marketQueries, name) {
			if _, errs := gqlparser.LoadQueryWithRules(schema(), q[1], nil); len(errs) > 0 {
				t.Errorf("%s: %v", name, errs)
			}
			continue
		}
		if name == "Describe" { // of a dataset that the company hasn't got
			if r := w.post(q[1], nil); len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "NOT_FOUND" {
				t.Errorf("%s", r.body)
			}
			continue
		}
		if strings.HasPrefix(q[1], "subscription") {
			if _, node := w.listen(t, q[1], nil).item(); node["seq"] != 1.0 {
				t.Errorf("%s begins with %v", name, node)
			}
			continue
		}
		answers[name] = w.ask(q[1], map[string]any{"id": catalog.ConsumerID("mlflow", "churn/7")})
	}
	t.Run("upstream systems", func(t *testing.T) {
		systems := map[any]bool{}
		for _, n := range as[[]any](t, answers["UpstreamSystems"], "consumer", "lineage", "nodes") {
			if dig(t, n, "depth") != 0.0 {
				systems[dig(t, n, "node", "namespace")] = true
			}
		}
		if !systems["postgres://crm-db.halden.example:5432"] || !systems["postgres://shop-db.halden.example:5432"] {
			t.Errorf("systems are %v", systems)
		}
	})
	t.Run("impact", func(t *testing.T) {
		types := map[any]bool{}
		for _, n := range as[[]any](t, answers["Impact"], "dataset", "impact", "nodes") {
			types[dig(t, n, "node", "type")] = true
		}
		if !types["REPORT"] || !types["AGENT"] || !types["DASHBOARD"] {
			t.Errorf("only %v change", types)
		}
	})
	t.Run("customer data", func(t *testing.T) {
		inherited := 0
		for _, n := range as[[]any](t, answers["CustomerData"], "search", "nodes") {
			inherited += len(as[[]any](t, n, "inheritedClasses"))
		}
		if n := as[float64](t, answers["CustomerData"], "search", "totalCount"); n < 10 || inherited == 0 {
			t.Errorf("%v datasets, %d of them for what flowed in", n, inherited)
		}
	})
	t.Run("origin", func(t *testing.T) {
		o := dig(t, answers["Origin"], "dataset", "column", "origins")
		masked := 0
		for _, one := range as[[]any](t, o, "origins") {
			if at, ok := dig(t, one, "maskedAt").(float64); ok {
				masked++
				if kind := dig(t, one, "steps", int(at), "kind"); kind != "DERIVES_MASKED" {
					t.Errorf("step %v masks, and is %v", at, kind)
				}
			}
		}
		if masked == 0 || len(as[[]any](t, o, "transforms")) < 2 {
			t.Errorf("%v", o)
		}
	})
	t.Run("people", func(t *testing.T) {
		if dig(t, answers["Viewer"], "viewer", "can", "allowed") != true || dig(t, answers["People"], "users", "nodes", 0, "login") != "ada" {
			t.Errorf("%v %v", answers["Viewer"], answers["People"])
		}
		if !strings.HasPrefix(as[string](t, answers["CreateToken"], "createToken", "secret"), "weir_") || dig(t, answers["Policy"], "policy", "edits") != 1.0 {
			t.Error("no token, or no policy")
		}
	})
	t.Run("log", func(t *testing.T) {
		if dig(t, answers["AuditEntry"], "auditEntry", "proof", "index") != 0.0 || dig(t, answers["AuditLog"], "auditState", "trouble") != nil {
			t.Errorf("%v", answers["AuditLog"])
		}
		if dig(t, answers["ProvedChanges"], "changes", "nodes") != nil || len(as[[]any](t, answers["ProvedChanges"], "changes", "edges")) < 10 {
			t.Error("nothing is proved")
		}
	})
	if len(as[[]any](t, answers["Lineage"], "lineage", "nodes")) < 3 || dig(t, answers["Changes"], "changes", "nodes", 0, "seq") != 1.0 {
		t.Error("lineage or changes are not there")
	}
}
