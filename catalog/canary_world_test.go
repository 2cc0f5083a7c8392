package catalog_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/catalog"
	"weir/graph"
)

// canary stands in everything that only hidden assets say. Nobody types it.
const canary = "zcanary"

// aviary is a company in which some things are closed, each text of which holds the canary.
type aviary struct {
	*company
	closed, alias, open graph.ID // datasets
	column              graph.ID // of closed
	job, mixed, quiet   graph.ID // a closed job; an open one that reads closed and open data; an open one beside open data
	consumer, domain    graph.ID // closed
	run, mixedRun       graph.ID
	hidden              []graph.ID
}

func newAviary(c *company) *aviary {
	c.t.Helper()
	c.fill()
	a := &aviary{company: c, open: ds("crm.customers"), quiet: tf("load_customers"), mixed: tf("mixed")}
	a.closed, a.alias = catalog.DatasetID(canary+"://vault", canary+"_table"), catalog.DatasetID("file", canary+"/path")
	a.column = catalog.ColumnID(a.closed, canary+"_column")
	a.domain, a.job, a.consumer = catalog.DomainID(canary), tf(canary+"_job"), con(canary+"_board")
	a.run, a.mixedRun = catalog.RunID("airflow", canary+"_job", "r1"), catalog.RunID("airflow", "mixed", "r2")
	a.events()
	c.say(a.domain, catalog.DescribeInput{Title: ptr(canary + " title"), Description: ptr("about " + canary), Visibility: ptr("closed"), Owners: ptr([]string{canary + "-lord"})})
	c.say(a.column, catalog.DescribeInput{Description: ptr(canary + " of a column"), Tags: ptr([]string{canary + "-column-tag"}), Classes: ptr([]string{canary + "-class"})})
	c.say(a.consumer, catalog.DescribeInput{Title: ptr(canary + " board"), Purpose: ptr("for " + canary)})
	c.say(ds("ops.scratch"), catalog.DescribeInput{Domain: ptr(canary)})
	c.say(ds("ops.scratch"), catalog.DescribeInput{Domain: ptr("")}) // its history names the domain
	a.hidden = []graph.ID{
		a.closed, a.alias, a.column, a.job, a.consumer, a.domain, a.run, catalog.RunID("airflow", canary+"_job", "r2"),
		catalog.TagID(canary + "-tag"), catalog.TagID(canary + "-column-tag"), catalog.OwnerID(canary + "-owner"),
		catalog.OwnerID(canary + "-lord"), catalog.ClassID(canary + "-class"),
	}
	return a
}

func (a *aviary) events() {
	vault := catalog.DatasetFact{Namespace: canary + "://vault", Name: canary + "_table", Role: catalog.Input}
	facts := vault
	facts.Role, facts.Values = catalog.Subject, catalog.Values{
		catalog.FieldTitle: {canary + " table"}, catalog.FieldDescription: {"it holds " + canary}, catalog.FieldDomain: {canary},
		catalog.FieldOwners: {canary + "-owner"}, catalog.FieldTags: {canary + "-tag"}, catalog.FieldClassification: {"restricted"},
		catalog.FieldType: {strings.ToUpper(canary) + "_TYPE"}, catalog.FieldRetention: {canary + " years"}, catalog.FieldLifecycle: {canary},
	}
	facts.Columns = []catalog.ColumnFact{{Path: canary + "_column", Type: canary + "_int", Description: canary}}
	facts.Symlinks = []catalog.Symlink{{Namespace: "file", Name: canary + "/path", Type: "LOCATION"}}
	facts.Facets = []catalog.Facet{{Key: canary, Body: []byte(`{"say":"` + canary + `"}`)}}
	a.sendNamed(about(facts))
	customers := catalog.DatasetFact{Namespace: "postgres://db", Name: "crm.customers", Role: catalog.Output, Facets: []catalog.Facet{
		{Key: "columnLineage", Body: []byte(`{"fields":{"id":{"inputFields":[{"namespace":"` + canary + `://vault","name":"` + canary + `_table","field":"` + canary + `_column"}]}}}`)},
	}}
	customers.Derivations = []catalog.Derivation{{Column: "id", Namespace: canary + "://vault", Name: canary + "_table", From: canary + "_column", Masked: true}}
	addresses := catalog.DatasetFact{Namespace: "postgres://db", Name: "crm.addresses", Role: catalog.Input}
	facet := []catalog.Facet{{Key: "plan", Body: []byte(`{"say":"` + canary + `"}`)}}
	code := catalog.Values{catalog.FieldCode: {"select " + canary}, catalog.FieldDomain: {canary}, catalog.FieldDescription: {canary}}
	for i, job := range []*catalog.JobFact{
		{Namespace: "airflow", Name: canary + "_job", Values: code, Facets: facet},
		{Namespace: "airflow", Name: "mixed", Values: catalog.Values{catalog.FieldCode: {"select " + canary}}, Facets: facet},
	} {
		out := []catalog.DatasetFact{vault}
		if i == 1 {
			out = []catalog.DatasetFact{vault, addresses, customers}
		}
		for k, end := range []catalog.EventType{catalog.EventComplete, catalog.EventFail} {
			a.sendNamed(catalog.Event{At: noon.Add(time.Duration(k-20) * time.Minute), Job: job, Datasets: out, Run: &catalog.RunFact{
				UUID: fmt.Sprint("r", i+1), Type: end, Error: "no room for " + canary, Parent: &catalog.ParentFact{Namespace: "airflow", Name: canary + "_job", UUID: "r2"},
			}})
		}
	}
	a.sendNamed(catalog.Event{At: noon, Job: &catalog.JobFact{Namespace: "airflow", Name: "load_customers"}, Run: &catalog.RunFact{
		UUID: "r4", Type: catalog.EventComplete, Parent: &catalog.ParentFact{Namespace: "airflow", Name: canary + "_job", UUID: "r2"},
	}}) // an open job beside open data alone, whose event names what started it
	vault.Role = catalog.Input
	a.sendNamed(catalog.Event{At: noon, Job: &catalog.JobFact{Namespace: "airflow", Name: canary + "_board", Consumer: catalog.Report,
		Values: catalog.Values{catalog.FieldDomain: {canary}}}, Run: &catalog.RunFact{UUID: "r3", Type: catalog.EventComplete}, Datasets: []catalog.DatasetFact{vault}})
	mart := catalog.DatasetFact{Namespace: "postgres://db", Name: "mart.customer_360", Role: catalog.Input}
	a.sendNamed(catalog.Event{At: noon, Job: &catalog.JobFact{Namespace: "airflow", Name: canary + "_board", Consumer: catalog.Report,
		Values: catalog.Values{catalog.FieldDomain: {canary}}}, Run: &catalog.RunFact{UUID: "r3", Type: catalog.EventComplete}, Datasets: []catalog.DatasetFact{mart}})
}

// sendNamed sends an event whose raw text names what it is about, as clients do.
func (a *aviary) sendNamed(e catalog.Event) {
	a.t.Helper()
	a.n++
	raw := map[string]any{"eventTime": e.At.Format(time.RFC3339Nano), "n": a.n}
	var data []map[string]string
	for _, d := range e.Datasets {
		data = append(data, map[string]string{"namespace": d.Namespace, "name": d.Name})
	}
	if e.Run != nil && e.Run.Parent != nil {
		data = append(data, map[string]string{"namespace": e.Run.Parent.Namespace, "name": e.Run.Parent.Name})
	}
	raw["inputs"] = data
	if e.Run != nil {
		raw["eventType"] = e.Run.Type
		raw["run"] = map[string]any{"facets": map[string]any{"spark": map[string]any{"parent": data}}}
	}
	b, err := json.Marshal(raw)
	if err != nil {
		a.t.Fatal(err)
	}
	e.Raw, e.Hash, e.How = b, sha256.Sum256(b), catalog.Observed
	e.Producer, e.Source = "https://example.com/spark/3.5", "https://example.com/spark"
	p, err := catalog.Prepare("loader", e)
	if err != nil {
		a.t.Fatal(err)
	}
	if err := a.Apply(a.t.Context(), []catalog.Prepared{p}); err != nil {
		a.t.Fatal(err)
	}
}

// tells returns the texts in an answer, at any depth, that hold the canary or an id of something hidden.
func (a *aviary) tells(answer any) []string {
	var out []string
	texts(reflect.ValueOf(answer), func(s string) {
		bad := strings.Contains(strings.ToLower(s), canary) || slices.ContainsFunc(a.hidden, func(id graph.ID) bool { return strings.Contains(s, string(id)) })
		if bad {
			out = append(out, s)
		}
	})
	return out
}

// texts calls do with every string and every byte slice in a value.
func texts(v reflect.Value, do func(string)) {
	switch v.Kind() {
	case reflect.String:
		do(v.String())
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			texts(v.Elem(), do)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				texts(v.Field(i), do)
			}
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			texts(k, do)
			texts(v.MapIndex(k), do)
		}
	case reflect.Slice, reflect.Array:
		if b, ok := v.Interface().([]byte); ok {
			do(string(b))
			return
		}
		for i := range v.Len() {
			texts(v.Index(i), do)
		}
	}
}

func TestTexts_FindsWhatStandsAnywhere(t *testing.T) {
	a := &aviary{hidden: []graph.ID{"ds_1"}}
	type deep struct {
		Body []byte
		Any  any
	}
	for name, v := range map[string]any{
		"bytes": deep{Body: []byte("a " + canary)}, "key": map[string]int{canary: 1}, "pointer": &deep{Any: []any{&[]string{"Z" + canary[1:]}}},
		"id": map[graph.ID]deep{"ds_1": {}}, "error": [1]string{fmt.Sprint(canary)},
	} {
		if len(a.tells(v)) != 1 {
			t.Errorf("%s: not found", name)
		}
	}
	if got := a.tells(deep{Body: []byte("nothing"), Any: graph.ID("ds_2")}); got != nil {
		t.Errorf("found %v", got)
	}
}
