package main

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/views/link"
)

const (
	asksFor  = `(input: {purpose: "analytics", why: "To count them.", access: MASKED, days: 30, items: [{target: $createProduct, terms: 1}]})`
	sentItem = `{ items { id } }`
	asksBack = `(input: {item: $submitRequest, verdict: ASK, reason: "What for?"})`
	approves = `(input: {item: $wanted, verdict: APPROVE, seen: $facts})`
	newBody  = `body: {title: "Deeds", applies: {products: [$createProduct]}, who: {people: true}, access: [METADATA], maxDays: 30}`
	inReview = `(input: {name: "Spring", scope: PRODUCT, target: $createProduct, due: $soon, outcome: REMIND})`
	roleAct  = `(act: {role: {subject: $asker, role: "auditor"}}, reason: "Audits")`
)

// marketDeeds is the story of a product: it is offered, asked for, decided on, had, looked through, and retired. asker has no
// role; second is another administrator.
var marketDeeds = []deed{
	{field: "createProduct", gives: `{ id }`, args: `(slug: "deeds", input: {title: "Deeds", summary: "Of entries", domain: $sales})`, action: "marketplace.product-create"},
	{field: "editProduct", gives: `{ id }`, args: `(id: $createProduct, input: {contact: "the desk"})`, action: "marketplace.product-edit", target: "createProduct", hidden: true},
	{field: "setProductParts", gives: `{ id }`, args: `(id: $createProduct, parts: [{dataset: $dataset}])`, action: "marketplace.product-edit", target: "createProduct", hidden: true, first: ownData},
	{field: "setProductTerms", gives: `{ id }`, args: `(id: $createProduct, text: "Be kind.")`, action: "marketplace.terms", target: "createProduct", hidden: true},
	{field: "publishProduct", gives: `{ id }`, args: `(id: $createProduct)`, action: "marketplace.product-publish", target: "createProduct", hidden: true},

	{field: "saveDraft", gives: `{ id }`, args: `(input: {items: [{target: $createProduct}]})`, by: "asker", own: true, silent: true},
	{field: "discardDraft", args: `(id: $saveDraft)`, by: "asker", hidden: true, silent: true},
	{field: "submitRequest", gives: sentItem, args: asksFor, action: "marketplace.submit", by: "asker", own: true},
	{field: "decide", gives: `{ id }`, args: asksBack, action: "marketplace.ask", target: "submitRequest", hidden: true},
	{field: "answerItem", gives: `{ id }`, args: `(item: $submitRequest, text: "For a report.")`, action: "marketplace.answer", target: "submitRequest", by: "asker", hidden: true},
	{field: "decideAll", gives: `{ item }`, args: `(input: [{item: $submitRequest, verdict: REJECT, reason: "Not now."}])`, action: "marketplace.reject", target: "submitRequest", own: true},
	{field: "submitRequest", name: "second try", gives: sentItem, args: asksFor, action: "marketplace.submit", by: "asker", own: true},
	{field: "withdrawItem", gives: `{ id }`, args: `(item: $unwanted)`, action: "marketplace.withdraw", target: "unwanted", by: "asker", hidden: true, first: kept("second try", "unwanted")},
	{field: "submitRequest", name: "wanted", gives: sentItem, args: asksFor, action: "marketplace.submit", by: "asker", own: true},
	{field: "decide", name: "approved", gives: `{ id }`, args: approves, action: "marketplace.approve", target: "wanted", hidden: true, first: findFacts},

	{field: "shortenGrant", gives: `{ id }`, args: `(input: {grant: $grant, reason: "Enough"}, until: $soon)`, action: "marketplace.grant-shorten", target: "grant", hidden: true, first: findGrant},
	{field: "finishTask", gives: `{ id }`, args: `(task: $task, note: "No such table", failed: true)`, action: "marketplace.task-done", target: "grant", hidden: true, first: findTask},
	{field: "retryGrant", gives: `{ id }`, args: `(input: {grant: $grant})`, action: "marketplace.enforce-retry", target: "grant", hidden: true},
	{field: "openCampaign", gives: `{ id }`, args: inReview, action: "marketplace.campaign-open"},
	{field: "answerReview", gives: `{ id }`, args: `(input: {review: $review, verdict: KEEP})`, action: "marketplace.review-keep", target: "grant", hidden: true, first: findReview},
	{field: "openCampaign", name: "autumn", gives: `{ id }`, args: inReview, action: "marketplace.campaign-open"},
	{field: "closeCampaign", gives: `{ id }`, args: `(id: $autumn)`, action: "marketplace.campaign-close", target: "autumn", hidden: true},
	{field: "handBackGrant", gives: `{ id }`, args: `(input: {grant: $grant})`, action: "marketplace.grant-hand-back", target: "grant", by: "asker", hidden: true},
	{field: "submitRequest", name: "wanted", gives: sentItem, args: asksFor, action: "marketplace.submit", by: "asker", own: true},
	{field: "decide", name: "approved", gives: `{ id }`, args: approves, action: "marketplace.approve", target: "wanted", hidden: true, first: findFacts},
	{field: "revokeGrant", gives: `{ id }`, args: `(input: {grant: $grant, reason: "Over"})`, action: "marketplace.grant-revoke", target: "grant", hidden: true, first: findGrant},

	{field: "saveTemplate", gives: `{ id }`, args: `(input: {name: "deeds", isNew: true, ` + newBody + `})`, action: "marketplace.template-save"},
	{field: "simulateTemplate", gives: `{ number }`, args: `(template: $saveTemplate, number: 1)`, action: "marketplace.template-simulate", target: "saveTemplate", by: "second"},
	{field: "confirmTemplate", gives: `{ id }`, args: `(input: {template: $saveTemplate, number: 1})`, action: "marketplace.template-confirm", target: "saveTemplate", by: "second"},
	{field: "saveTemplate", name: "again", gives: `{ id }`, args: `(input: {name: "deeds", reason: "No more"})`, action: "marketplace.template-retire", target: "saveTemplate"},
	{field: "refuseTemplate", gives: `{ id }`, args: `(input: {template: $saveTemplate, number: 2, note: "Still needed"})`, action: "marketplace.template-refuse", target: "saveTemplate", by: "second"},
	{field: "deprecateProduct", gives: `{ id }`, args: `(id: $createProduct, sunset: $soon)`, action: "marketplace.product-deprecate", target: "createProduct"},
	{field: "retireProduct", gives: `{ id }`, args: `(id: $createProduct)`, action: "marketplace.product-retire", target: "createProduct"},

	{field: "propose", gives: `{ id }`, args: roleAct, action: "marketplace.propose"},
	{field: "refuseProposal", gives: `{ id }`, args: `(id: $propose, note: "No")`, action: "marketplace.refuse", target: "propose", by: "second", hidden: true},
	{field: "propose", name: "retracted", gives: `{ id }`, args: roleAct, action: "marketplace.propose"},
	{field: "retractProposal", gives: `{ id }`, args: `(id: $retracted)`, action: "marketplace.retract", target: "retracted", hidden: true},
	{field: "propose", name: "good", gives: `{ id }`, args: roleAct, action: "marketplace.propose"},
	{field: "confirmProposal", gives: `{ id }`, args: `(id: $good, seen: $seen)`, action: "marketplace.confirm", target: "good", by: "second", hidden: true, more: true, first: findSeen},
	{field: "setActRule", gives: `{ act }`, args: `(act: DELETE, confirm: false, version: 0)`, action: "marketplace.act-rule", target: "deletion"},
	{field: "deleteDataset", args: `(id: $unread)`, action: "catalog.delete", target: "unread"},

	{field: "markRead", args: `(ids: [])`, own: true, silent: true},
	{field: "markAllRead", own: true, silent: true},
	{field: "setNotificationSettings", gives: `{ mail }`, args: `(mail: OFF, muted: [])`, action: "notify.settings", target: "self", own: true},
	{field: "addWebhook", gives: `{ webhook { id } }`, args: `(input: {name: "deeds", url: "https://127.0.0.1:1/x", format: STANDARD})`, action: "notify.webhook-add"},
	{field: "testWebhook", gives: `{ ok }`, args: `(id: $addWebhook)`, action: "notify.webhook-test", target: "addWebhook"},
	{field: "switchWebhook", args: `(id: $addWebhook, off: true)`, action: "notify.webhook-switch", target: "addWebhook"},
	{field: "removeWebhook", args: `(id: $addWebhook)`, action: "notify.webhook-remove", target: "addWebhook"},
}

// notDone are mutations that need what takes too long here to come about.
var notDone = map[string]string{"retryDelivery": "a delivery that has failed for good"}

// doers are those who do deeds, by the names that deeds have for them.
func (w *world) doers(admin somebody, made map[string]string) map[string]somebody {
	w.t.Helper()
	out := map[string]somebody{"": admin, "asker": w.person(authz.Member, ""), "second": w.person(authz.Admin, authz.Everywhere)}
	made["asker"], made["admin cookie"], made["second cookie"] = string(out["asker"].id), admin.cookie, out["second"].cookie
	made["admin login"] = admin.login
	made["soon"] = time.Now().Add(48 * time.Hour).UTC().Format(time.RFC3339)
	made["sales"], made["deletion"], made["unread"] = w.sales, "acr_delete", string(catalog.DatasetID("db", "mixed_list"))
	return out
}

// ownData says that the dataset belongs to the administrator, so that there is somebody to decide.
func ownData(w *world, made map[string]string) {
	w.t.Helper()
	query := `mutation { describe(input: {id: "` + made["dataset"] + `", owners: ["` + made["admin login"] + `"]}) { asset { id } } }`
	if answer := w.heard(made["admin cookie"], query); strings.Contains(answer, `"errors"`) {
		w.t.Fatalf("%.300s", answer)
	}
}

// kept keeps what was made under one name under another one, too.
func kept(name, as string) func(*world, map[string]string) {
	return func(_ *world, made map[string]string) { made[as] = made[name] }
}

// heard is what somebody with a cookie is answered.
func (w *world) heard(cookie, query string) string {
	w.t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	w.must(err)
	header := http.Header{"Content-Type": {"application/json"}, "Origin": {w.URL()}, "Cookie": {cookie}}
	return w.ask(http.MethodPost, link.GraphQL(), string(body), header).body
}

// looked keeps what a pattern finds in what an administrator is answered.
func (w *world) looked(made map[string]string, as, query, pattern string) {
	w.t.Helper()
	cookie := made["admin cookie"]
	if as == "seen" {
		cookie = made["second cookie"]
	}
	answer := w.heard(cookie, query)
	m := regexp.MustCompile(pattern).FindStringSubmatch(answer)
	if m == nil {
		w.t.Fatalf("%s is not in %.400s", as, answer)
	}
	made[as] = m[1]
}

var (
	grantedItem = regexp.MustCompile(`"grant":"(grt_\w+)"`)
	openItem    = regexp.MustCompile(`"facts":"(\w+)","mayDecide":true`)
)

// findGrant lets both administrators approve what is wanted, until it is granted.
func findGrant(w *world, made map[string]string) {
	w.t.Helper()
	look := `{ requestItem(id: "` + made["wanted"] + `") { grant detail { facts mayDecide whyNot steps { name met parties { met who { name } can { name } fallback } } } } }`
	answer := ""
	for range 3 {
		for _, cookie := range []string{made["second cookie"], made["admin cookie"]} {
			answer = w.heard(cookie, look)
			if m := grantedItem.FindStringSubmatch(answer); m != nil {
				made["grant"] = m[1]
				return
			}
			if m := openItem.FindStringSubmatch(answer); m != nil {
				w.heard(cookie, `mutation { decide(input: {item: "`+made["wanted"]+`", verdict: APPROVE, seen: "`+m[1]+`"}) { id } }`)
			}
		}
	}
	w.t.Fatalf("it isn't granted: %s", answer)
}

func findFacts(w *world, made map[string]string) {
	w.looked(made, "facts", `{ requestItem(id: "`+made["wanted"]+`") { detail { facts } } }`, `"facts":"(\w+)"`)
}

func findTask(w *world, made map[string]string) {
	w.looked(made, "task", `{ tasks { nodes { id kind } } }`, `"id":"(tsk_\w+)","kind":"ENFORCE"`)
}

func findReview(w *world, made map[string]string) {
	w.looked(made, "review", `{ campaign(id: "`+made["openCampaign"]+`") { reviews { nodes { id } } } }`, `"id":"(rev_\w+)"`)
}

func findSeen(w *world, made map[string]string) {
	w.looked(made, "seen", `{ proposal(id: "`+made["good"]+`") { detail { seen } } }`, `"seen":"(\w+)"`)
}
