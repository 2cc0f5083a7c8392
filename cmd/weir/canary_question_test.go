package main

import (
	"regexp"

	"weir/authz"
	"weir/graph"
	"weir/marketplace"
)

// rootField finds the field of the root that a question asks for.
var rootField = regexp.MustCompile(`(?m)^\s*(?:query[^{]*)?\{ (\w+)`)

// What is asked of each asset; $id is one that may be seen or not.
const (
	assetParts = `id namespace name title displayName description domain { id name } owners { id name displayName } tags { name } editVersion`
	classParts = `classes { name } inheritedClasses { class { name } column columnName from fromName }`
	askDataset = `... on Dataset { ` + assetParts + ` classification type upstreamCount downstreamCount columnCount columns(first: 50) { nodes { name description } } ` + classParts + ` }`
	askJob     = `... on Transform { ` + assetParts + ` code language repository upstreamCount downstreamCount lastRun { id error } }`
	askBoard   = `... on Consumer { ` + assetParts + ` purpose upstreamCount ` + classParts + ` }`
	askColumn  = `... on Column { name type description dataset { name } ` + classParts + ` }`
	askRun     = `... on Run { uuid error producer job { id displayName } inputs { dataset { name } version } outputs { dataset { name } } }`
	askEdges   = `edges { from to kind producer sources run via }`
)

// canaryQuestions ask for every field of the root of queries.
var canaryQuestions = []string{
	`query($id: ID!) { node(id: $id) { id ` + askDataset + " " + askJob + " " + askBoard + " " + askColumn + " " + askRun + ` } }`,
	`query($id: ID!) { node(id: $id) { ... on Dataset { facets { key json by } } ... on Transform { facets { key json by } } ... on Consumer { facets { key json } } } }`,
	`query($id: ID!) { node(id: $id) { ... on Dataset { statements { field by } } ... on Transform { statements { field by } } } }`,
	`query($id: ID!) { node(id: $id) { ... on Dataset { runs { nodes { error job { id } } } } ... on Transform { runs { nodes { error } } } } }`,
	`query($id: ID!) { node(id: $id) { ... on Dataset { history { nodes { actor target changes { asset field before after } } } } ... on Transform { history { nodes { changes { field after } } } } } }`,
	`query($id: ID!) { node(id: $id) { ... on Dataset { aliases { name } } ... on Domain { description owners { name } counts { datasets transforms failing } datasets { nodes { name } } } } }`,
	`query($id: ID!) { nodes(ids: [$id]) { id ` + askDataset + " " + askJob + ` } }`,
	`{ dataset(namespace: "db", name: "mixed_list") { ` + assetParts + " " + classParts + ` columns { nodes { name inheritedClasses { columnName fromName } } } } }`,
	`{ transform(namespace: "jobs", name: "mix") { ` + assetParts + ` code lastRun { error } } }`,
	`{ consumer(namespace: "boards", name: "show_plain_list") { ` + assetParts + ` } }`,
	`{ datasets(first: 100) { nodes { ` + assetParts + ` } } }`,
	`{ datasets(first: 100, recent: true) { nodes { name } } }`,
	`{ datasets(first: 100, inferred: true) { nodes { name } } }`,
	`{ transforms(first: 100) { nodes { name code lastRun { error } } } }`,
	`{ transforms(first: 100, recent: true, state: FAILED) { nodes { name } } }`,
	`{ consumers(first: 100) { nodes { name } } }`,
	`{ runs(first: 100) { nodes { id error job { id displayName } } } }`,
	`{ runs(first: 100, state: FAILED) { nodes { error inputs { dataset { name } } } } }`,
	`{ domains(first: 100) { nodes { name title description owners { name } counts { datasets } } } }`,
	`{ tags(first: 100) { nodes { name } } }`,
	`{ owners(first: 100) { nodes { name displayName } } }`,
	`{ dataClasses(first: 100) { nodes { name } } }`,
	`{ search(query: "list", first: 100) { totalCount spelling notes nodes { id displayName description } facets { field values { value title } } edges { matches { field text } } } }`,
	`{ search(query: "list break select col", first: 100) { spelling notes nodes { displayName } edges { matches { text } } } }`,
	`{ search(query: "zxcanari", first: 100) { totalCount spelling nodes { displayName } } }`,
	`{ search(query: "is:failing class:pii", first: 100) { notes nodes { displayName } facets { values { value title } } } }`,
	`query($id: ID!) { lineage(id: $id, direction: BOTH, depth: 9) { root nodes { id hidden node { id ` + askDataset + " " + askJob + ` } } ` + askEdges + ` partialReason } }`,
	`query($id: ID!, $to: ID!) { lineagePath(from: $id, to: $to, maxPaths: 9) { from to paths { nodes { id hidden node { id ... on Asset { displayName } } } ` + askEdges + ` } } }`,
	`query($id: ID!) { columnLineage(column: $id, direction: BOTH, depth: 9, includeIndirect: true) { nodes { id hidden node { id ... on Column { name dataset { name } } } } ` + askEdges + ` } }`,
	`query($id: ID!) { columnOrigins(column: $id) { column origins { __typename } transforms { name code } partialReason } }`,
	`query($id: ID!) { impact(id: $id, first: 100) { totalCount totals { __typename } nodes { __typename } partialReason } }`,
	`query($id: ID!) { history(id: $id, first: 100) { nodes { actor action target changes { asset field before after } } } }`,
	`{ changes(first: 100) { nodes { actor action target changes { asset field before after } leaf payload { __typename } } } }`,
	`{ counts { datasets transforms consumers failing } }`,
	`{ auditEntries(first: 100) { nodes { __typename } } }`,
	`{ auditEntry(seq: 1) { __typename } }`,
	`{ auditState { __typename } }`,
	`{ viewer { id name roles { role domain } can(kind: ASSET, action: VIEW_CLOSED, domain: "*") { __typename } } }`,
	`{ users(first: 100) { nodes { id } } }`,
	`query($id: ID!) { user(id: $id) { id } }`,
	`{ teams(first: 100) { nodes { id } } }`,
	`query($id: ID!) { team(id: $id) { id } }`,
	`{ accounts(first: 100) { nodes { id } } }`,
	`query($id: ID!) { account(id: $id) { id } }`,
	`{ people(search: "z") { id } }`,
	`{ tokens { __typename } }`,
	`{ sessions { __typename } }`,
	`{ standIns { __typename } }`,
	`{ roles { __typename } }`,
	`{ policy { __typename } }`,

	`{ products(first: 100) { totalCount nodes { slug title summary contact domain { name } owner { name } parts { dataset { name } columns { name } } } facets { field value count } } }`,
	`{ products(text: "zxcanary", first: 100) { totalCount nodes { title } } }`,
	`{ product(slug: "zxcanary-product") { title terms { text } termsVersions { text } successor { title } } }`,
	`query($id: ID!) { productsWith(dataset: $id) { title summary } }`,
	`{ purposes { key title } }`,
	`{ templates(first: 100) { nodes { name title holds { words body { applies { products datasets domains } } } } } }`,
	`{ template(name: "baseline") { title holds { words } versions { text { words } } waiting { why } } }`,
	`query($id: ID!) { simulation(template: $id, number: 1) { flips { title reasons } } }`,
	`query($id: ID!) { requestPreview(input: {purpose: "analytics", why: "x", access: READ, days: 9, items: [{target: $id}]}) { title problem steps { name because parties { who { name } } } flow { things { name owners } inflows { class } coarse { class } } offered { path classes reason } verdict { refusals { message } } product { title } } }`,
	`{ requests(first: 100) { nodes { title waitsFor } } }`,
	`query($id: ID!) { requests(view: ABOUT, of: $id) { nodes { title } } }`,
	`query($id: ID!) { request(id: $id) { why items { title } } }`,
	`query($id: ID!) { requestItem(id: $id) { title detail { flow { things { name } } } } }`,
	`{ drafts(first: 100) { nodes { items { title } } } }`,
	`query($id: ID!) { draft(id: $id) { why items { target } } }`,
	`{ inbox(first: 100) { nodes { item { title } } } }`,
	`{ inboxCount { count answersDue } }`,
	`query($id: ID!) { replay(decision: $id) { facts differs item { title } } }`,
	`{ grants(first: 100) { nodes { title } } }`,
	`query($id: ID!) { grants(view: TARGET, of: $id, first: 100) { nodes { title } } }`,
	`query($id: ID!) { datasetGrants(dataset: $id, first: 100) { nodes { title } } }`,
	`query($id: ID!) { grant(id: $id) { title detail { parts { name columns } } } }`,
	`query($id: ID!) { renewal(grant: $id) { why items { target } } }`,
	`{ tasks(first: 100) { nodes { title text grantTitle subject } } }`,
	`query($id: ID!) { task(id: $id) { title } }`,
	`{ taskCount { count } }`,
	`{ campaigns(first: 100) { nodes { name targetName } } }`,
	`query($id: ID!) { campaign(id: $id) { name targetName reviews { nodes { grant { title } } } } }`,
	`{ proposals(view: MINE, first: 100) { nodes { title } } }`,
	`query($id: ID!) { proposal(id: $id) { title detail { lines } } }`,
	`{ proposalCount { count } }`,
	`query($id: ID!) { actEffect(act: {delete: {dataset: $id}}) { title lines } }`,
	`{ actRules { act confirm } }`,
	`{ notifications(first: 100) { nodes { title body link } } }`,
	`{ unreadNotifications }`,
	`{ notificationSettings { mail muted address } }`,
	`{ webhooks { name host } }`,
	`{ deliveries(first: 100) { nodes { why } } }`,
	`{ jobs { name error } }`,
}

// offerHidden makes a product that is closed, in a domain that is.
func (w *world) offerHidden() {
	w.t.Helper()
	hidden := w.places[4]
	domain, owner := graph.ID(hidden.domain), w.person(authz.Owner, hidden.domain).id
	title, summary, closed := "The "+canary+" product", "Made of "+canary, authz.Closed
	p, err := w.Market.CreateProduct(w.ctx, canary+"-product", marketplace.ProductEdit{
		Title: &title, Summary: &summary, Domain: &domain, Owner: &owner, Contact: &summary, Visibility: &closed,
	})
	w.must(err)
	_, err = w.Market.SetParts(w.ctx, p.ID, 0, []marketplace.Part{{Dataset: hidden.dataset}})
	w.must(err)
	_, err = w.Market.SetTerms(w.ctx, p.ID, 0, "The terms of "+canary)
	w.must(err)
	_, err = w.Market.Publish(w.ctx, p.ID, 0)
	w.must(err)
}
