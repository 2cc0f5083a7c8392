package gqlschema

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"weir/authz"
	"weir/catalog"
)

// canary is in everything about an asset that few may see.
const canary = "kanarek"

// hide makes a dataset with canaries in it, with lineage to what is open, and closes it.
func (w *world) hide(t *testing.T) {
	t.Helper()
	w.send(
		table("ops."+canary, catalog.Values{catalog.FieldDescription: {canary + " words"}}, canary+"_id"),
		job("feeds", "", []string{"ops." + canary}, []string{"ops.t01"}),
		job("drains", "", []string{"ops.t02"}, []string{"ops." + canary}),
	)
	id := ds("ops." + canary)
	r := w.as(admin).post(fmt.Sprintf(`mutation { describe(input: {id: %q, title: "The %s", visibility: CLOSED, tags: [%q]}) { asset { id ... on Dataset { visibility } } } }`, id, canary, canary), nil)
	if len(r.Errors) > 0 || dig(t, r.Data, "describe", "asset", "visibility") != "CLOSED" {
		t.Fatalf("%s", r.body)
	}
}

// What is closed is in no answer to whoever may not see it: neither name nor id, nor a difference to what is missing.
func TestNothingTellsOfWhatIsHidden(t *testing.T) {
	w := newGuardedWorld(t)
	w.hide(t)
	seal(t, w.sealing(t))
	id := ds("ops." + canary)
	queries := map[string]string{
		"node":    `{ node(id: "$id") { id } nodes(ids: ["$id"]) { id } }`,
		"dataset": `{ dataset(namespace: "postgres://db", name: "ops.$name") { id } }`,
		"lists":   `{ datasets(first: 50) { nodes { id name title tags { name } columns(first: 5) { nodes { name } } } } transforms { nodes { id name code } } runs { nodes { id } } }`,
		"labels":  `{ tags(first: 50) { nodes { name } } owners(first: 50) { nodes { name } } domains { nodes { name counts { datasets } } } }`,
		"search":  `{ search(query: "kan", first: 50) { totalCount nodes { __typename ... on Dataset { name } } facets { values { value count } } } }`,
		"neighbour": `{ dataset(namespace: "postgres://db", name: "ops.t01") { upstreamCount history { nodes { target changes { asset field before after } } }
			lineage(direction: UPSTREAM, depth: 9) { nodes { id hidden node { id ... on Asset { name } } } edges { from to } } } }`,
		"lineage": `{ lineage(id: "$id", direction: BOTH) { root } }`,
		"impact":  `{ impact(id: "` + string(ds("ops.t02")) + `") { totalCount nodes { id hidden node { id ... on Asset { name } } } } }`,
		"history": `{ history(id: "$id") { nodes { seq changes { after } } } }`,
		"changes": `{ changes(first: 20) { nodes { seq target changes { asset field before after } leaf payload { text } } } }`,
		"edit":    `mutation { describe(input: {id: "$id", title: "Mine"}) { asset { id } } }`,
		"close":   `mutation { closeLineage(from: "$id", to: "` + string(catalog.TransformID("airflow", "feeds")) + `") { from { id } } }`,
	}
	for name, query := range queries {
		mine := strings.NewReplacer("$id", string(id), "$name", canary).Replace(query)
		for who, p := range map[string]authz.Principal{
			"a member": member, "a token for the log": token(auditor, authz.ScopeAudit), "a steward elsewhere": {
				ID: "usr_s", Type: authz.Person, Roles: []authz.Held{{Role: authz.Steward, Domain: string(catalog.DomainID("customer"))}},
			},
		} {
			r := w.as(p).post(mine, nil)
			if who == "a token for the log" { // the leaf names its target by an opaque id
				if strings.Contains(r.body, canary) {
					t.Errorf("%s: %s gets %.600s", name, who, r.body)
				}
				continue
			}
			echo := strings.ReplaceAll(r.body, `"id":"`+string(id)+`"`, "")
			if strings.Contains(r.body, canary) || strings.Contains(echo, string(id)) {
				t.Errorf("%s: %s gets %.600s", name, who, r.body)
			}
			missing := strings.NewReplacer("$id", string(ds("ops.missing")), "$name", "missing").Replace(query)
			if mine == missing {
				continue
			}
			if m := w.as(p).post(missing, nil); m.body != r.body {
				t.Errorf("%s: %s can tell it from a missing one:\n%s\n%s", name, who, r.body, m.body)
			}
		}
		if !slices.Contains([]string{"dataset", "lists", "labels", "search", "changes", "history"}, name) {
			continue
		}
		if r := w.as(admin).post(mine, nil); !strings.Contains(r.body, canary) && !strings.Contains(r.body, string(id)) {
			t.Errorf("%s: the question doesn't find it for whoever may see it: %.300s", name, r.body)
		}
	}
}

// A stream leaves out what is hidden, too, and follows what becomes visible and hidden again.
func TestStreamTellsNothingOfWhatIsHidden(t *testing.T) {
	w := newGuardedWorld(t)
	w.hide(t)
	l := w.as(member).listen(t, `subscription { changes { cursor node { seq target changes { asset field before after } } } }`, nil)
	w.describe(t, "The last")
	for range 50 {
		_, node := l.item()
		if text := fmt.Sprint(node); strings.Contains(text, canary) || strings.Contains(text, string(ds("ops."+canary))) {
			t.Errorf("%s", text)
		} else if strings.Contains(text, "The last") {
			return
		}
	}
	t.Error("the last change did not come")
}
