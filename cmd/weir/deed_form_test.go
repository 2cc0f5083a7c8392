package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// formActions are the actions that entries of what is posted have; none where nothing of the store changes. Forms call the
// commands that mutations call, whose entries TestDeeds_EachWritesItsEntry demands.
var formActions = map[string]string{
	"POST /api/v1/lineage": "intake.apply", "POST /api/v1/lineage/batch": "intake.apply",
	"POST /datasets/{id}/close": "catalog.close", "POST /datasets/{id}/same": "catalog.same",
	"POST /datasets/{id}/edit": "catalog.describe", "POST /transforms/{id}/edit": "catalog.describe",
	"POST /consumers/{id}/edit": "catalog.describe", "POST /domains/{id}/edit": "catalog.describe",
	"POST /people/new": "identity.user-create", "POST /people/{id}/edit": "identity.user-edit",
	"POST /people/{id}/state":    "identity.user-disable identity.user-enable",
	"POST /people/{id}/password": "identity.password-set",
	"POST /people/{id}/roles":    "role.grant role.revoke", "POST /teams/{id}/roles": "role.grant role.revoke", "POST /accounts/{id}/roles": "role.grant role.revoke",
	"POST /teams/new": "identity.team-create", "POST /teams/{id}/edit": "identity.team-edit", "POST /teams/{id}/delete": "identity.team-delete",
	"POST /teams/{id}/members": "identity.member-add identity.member-remove",
	"POST /accounts/new":       "identity.account-create", "POST /accounts/{id}/edit": "identity.account-edit",
	"POST /accounts/{id}/state":         "identity.account-disable identity.account-enable",
	"POST /accounts/{id}/tokens":        "identity.token-create",
	"POST /accounts/{id}/tokens/revoke": "identity.token-revoke",
	"POST /policy/edit":                 "policy.edit",
	"POST /settings":                    "identity.user-edit", "POST /settings/password": "identity.password-change",
	"POST /settings/sessions/revoke": "identity.session-revoke",
	"POST /settings/tokens":          "identity.token-create", "POST /settings/tokens/revoke": "identity.token-revoke",
	"POST /settings/stand-ins": "identity.stand-in", "POST /settings/stand-ins/revoke": "identity.stand-in-end",
	"POST /sign-in": "identity.sign-in identity.sign-in-refused", "POST /sign-in/demo": "identity.sign-in", "POST /sign-in/again": "identity.sign-in",
	"POST /sign-out": "identity.sign-out", "POST /welcome": "identity.set-up",
	"POST /audit/export":  "audit.export",
	"POST /proposals/new": "marketplace.propose", "POST /proposals/{id}": "marketplace.confirm marketplace.refuse marketplace.retract",
	"POST /proposals/{id}/take": "marketplace.proposal-take", "POST /proposals/rules": "marketplace.act-rule", "POST /datasets/{id}/delete": "catalog.delete",
	"POST /inbox/{item}":             "marketplace.approve marketplace.approve-less marketplace.ask marketplace.reject",
	"POST /inbox/bulk":               "marketplace.approve marketplace.reject",
	"POST /inbox/{item}/break-glass": "marketplace.break-glass",
	"POST /settings/notifications":   "notify.settings", "POST /notifications/read": "", // having read something is an observation
	"POST /operation/webhooks": "notify.webhook-add", "POST /operation/webhooks/remove": "notify.webhook-remove",
	"POST /operation/webhooks/switch": "notify.webhook-switch", "POST /operation/webhooks/test": "notify.webhook-test",
	"POST /operation/deliveries/retry": "notify.retry",
	"POST /settings/theme":             "", "POST /settings/keys": "", // a cookie
	"POST /grants/{id}/revoke": "marketplace.grant-revoke", "POST /grants/{id}/shorten": "marketplace.grant-shorten",
	"POST /grants/{id}/hand-back": "marketplace.grant-hand-back", "POST /grants/{id}/retry": "marketplace.enforce-retry",
	"POST /tasks/{id}":    "marketplace.task-done",
	"POST /campaigns/new": "marketplace.campaign-open", "POST /campaigns/{id}/close": "marketplace.campaign-close",
	"POST /reviews/{id}": "marketplace.review-keep marketplace.review-shorten marketplace.review-revoke",
	"POST /products/new": "marketplace.product-create", "POST /products/{slug}/edit": "marketplace.product-edit",
	"POST /products/{slug}/data": "marketplace.product-edit", "POST /products/{slug}/terms": "marketplace.terms",
	"POST /products/{slug}/publish": "marketplace.product-publish", "POST /products/{slug}/deprecate": "marketplace.product-deprecate",
	"POST /products/{slug}/retire": "marketplace.product-retire",
	"POST /templates/new":          "marketplace.template-save", "POST /templates/{name}/edit": "marketplace.template-save",
	"POST /templates/{name}/end": "marketplace.template-retire", "POST /templates/{name}/simulate": "marketplace.template-simulate",
	"POST /templates/{name}/confirm": "marketplace.template-confirm", "POST /templates/{name}/refuse": "marketplace.template-refuse",
	"POST /requests": "marketplace.submit", "POST /requests/{id}/withdraw": "marketplace.withdraw", "POST /requests/{id}/answer": "marketplace.answer",
	"POST /requests/preview": "",                                    // it says what would come, and writes nothing
	"POST /requests/draft":   "", "POST /requests/{id}/discard": "", // a draft is nobody else's business
	"POST /playground": "", // what is asked there changes things through mutations
}

// A form that is not in the list fails, and so does a line whose action no package writes.
func TestForms_EachIsListedWithItsEntry(t *testing.T) {
	var posted []string
	for _, text := range textsIn(t, "../../web") {
		if strings.HasPrefix(text, "POST /") && !slices.Contains(posted, text) {
			posted = append(posted, text)
		}
	}
	if len(posted) < 30 {
		t.Fatalf("only %d forms were found", len(posted))
	}
	for _, route := range posted {
		if _, ok := formActions[route]; !ok {
			t.Errorf("%s: nothing says which entry it writes", route)
		}
	}
	written := textsIn(t, "../../catalog", "../../identity", "../../identity/session", "../../authz", "../../audit", "../../audit/ledger", "../../marketplace", "../../notify", "../../web")
	for route, actions := range formActions {
		if !slices.Contains(posted, route) {
			t.Errorf("%s: there is no such form", route)
		}
		for _, a := range strings.Fields(actions) {
			verdict, ok := strings.CutPrefix(a, "marketplace.")
			if ok && slices.Contains(written, verdict) {
				continue // decisions are named after what was said
			}
			if !slices.Contains(written, a) {
				t.Errorf("%s: nothing writes %s", route, a)
			}
		}
	}
}

// textsIn are the texts that stand in the program's files of some folders.
func textsIn(t *testing.T, folders ...string) []string {
	t.Helper()
	var out []string
	for _, folder := range folders {
		files, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
				continue
			}
			tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join(folder, f.Name()), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					if text, err := strconv.Unquote(lit.Value); err == nil {
						out = append(out, text)
					}
				}
				return true
			})
		}
	}
	return out
}
